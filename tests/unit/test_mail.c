/* A mail's bytes. Sending: tests/system/test_mail.py, against a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mail/message.h"

static const struct mail_message plain = {
	.id = "0a-1@kattegat.example", .from = "kurser@example.org",
	.from_name = "Politikerakademiet", .to = "anna.b@example.dk",
	.subject = "Lokalet er frit", .body = "Hej\n\nLokalet er frit.\n",
	.at_s = INT64_C(1800522000),
};

/* The caller frees it. */
static char *
text_of(const struct mail_message *message)
{
	struct buf out = BUF_INIT;
	struct err err;

	assert_int_equal(mail_format(&out, message, &err), 0);
	return buf_take(&out);
}

static void
test_plain_mail_is_these_bytes(void **state)
{
	char *text = text_of(&plain);

	(void)state;
	assert_string_equal(text,
	    "From: Politikerakademiet\r\n"
	    " <kurser@example.org>\r\n"
	    "To: <anna.b@example.dk>\r\n"
	    "Subject: Lokalet er frit\r\n"
	    "Date: Thu, 21 Jan 2027 09:00:00 +0000\r\n"
	    "Message-ID: <0a-1@kattegat.example>\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "Hej\r\n\r\nLokalet er frit.\r\n");
	free(text);
}

static void
test_danish_is_encoded(void **state)
{
	struct mail_message message = plain;
	char *text;

	(void)state;
	message.from_name = "Akademi for Samskabelse, Århus";
	message.subject = "Øst udløber";
	message.body = "Åbn = luk \n.\n..to\nslut ";
	text = text_of(&message);
	assert_non_null(strstr(text, "From: =?utf-8?Q?Akademi_for_Samskabelse"
	    "=2C_=C3=85rhus?=\r\n <kurser@example.org>\r\n"));
	assert_non_null(strstr(text,
	    "Subject: =?utf-8?Q?=C3=98st_udl=C3=B8ber?=\r\n"));
	/* Blanks at an end, and dots at a beginning, do not stand by themselves. */
	assert_non_null(strstr(text, "\r\n\r\n=C3=85bn =3D luk=20\r\n=2E\r\n"
	    "=2E.to\r\nslut=20\r\n"));
	free(text);
}

static void
test_lines_stay_short_and_letters_whole(void **state)
{
	struct mail_message message = plain;
	char subject[401] = "", body[4001] = "", *text, *line, *stop;
	int i;

	(void)state;
	for (i = 0; i < 200; i++)
		strcat(subject, "ø");
	for (i = 0; i < 800; i++)
		strcat(body, i % 3 == 0 ? "æ" : ".a");
	message.subject = subject;
	message.body = body;
	text = text_of(&message);
	for (line = text; *line != '\0'; line = stop + 2) {
		stop = strstr(line, "\r\n");
		assert_non_null(stop);
		assert_true(stop - line <= 76);
		assert_true(*line != '.');
		/* A word that ends between =C3 and =B8 would end so. */
		assert_false(stop - line > 5 && memcmp(stop - 5, "=C3?=", 5) == 0);
	}
	assert_null(strchr(text, '\xc3'));
	free(text);
}

static void
test_what_breaks_out_of_a_header_is_refused(void **state)
{
	static const char *const lines[] = {
		"Hej\r\nBcc: <x@example.org>", "Hej\nX: y", "Hej\rX",
		"Hej\x7f", "Hej\xc2\x85", "\xff\xfe",
	};
	static const char *const addresses[] = {
		"", "a", "@example.org", "a@", "a@b@example.org", "a b@example.org",
		"a@example.org>\r\nDATA", "a\r\n@example.org", "<a@example.org>",
		"a@example.org,b@example.org", "\"a\"@example.org",
		"å@example.org", "a@eksempelø.dk",
	};
	struct mail_message message;
	struct buf out = BUF_INIT;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(lines); i++) {
		message = plain;
		message.subject = lines[i];
		assert_int_equal(mail_format(&out, &message, &err), -1);
		message = plain;
		message.from_name = lines[i];
		assert_int_equal(mail_format(&out, &message, &err), -1);
		/* Who reads the log does not learn it. */
		assert_null(strstr(err.text, "Hej"));
	}
	for (i = 0; i < ARRAY_LEN(addresses); i++) {
		assert_false(mail_address_ok(addresses[i]));
		message = plain;
		message.to = addresses[i];
		assert_int_equal(mail_format(&out, &message, &err), -1);
		message = plain;
		message.from = addresses[i];
		assert_int_equal(mail_format(&out, &message, &err), -1);
		message = plain;
		message.id = addresses[i];
		assert_int_equal(mail_format(&out, &message, &err), -1);
	}
	assert_null(out.data);
	assert_true(mail_address_ok("anna.b+x@sub.example-1.dk"));
}

static void
test_a_body_cannot_end_the_mail(void **state)
{
	struct mail_message message = plain;
	char *text;

	(void)state;
	message.body = "a\r\n.\r\nMAIL FROM:<x@example.org>\n.\n";
	text = text_of(&message);
	assert_null(strstr(text, "\n.\r\n"));
	assert_non_null(strstr(text, "a=0D\r\n=2E=0D\r\nMAIL FROM:"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_mail_is_these_bytes),
		cmocka_unit_test(test_danish_is_encoded),
		cmocka_unit_test(test_lines_stay_short_and_letters_whole),
		cmocka_unit_test(test_what_breaks_out_of_a_header_is_refused),
		cmocka_unit_test(test_a_body_cannot_end_the_mail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

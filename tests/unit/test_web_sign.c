/*
 * Unit tests of src/web: what the pages of signing in do without asking anybody, and
 * the QR code.
 */
#include "web_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "web/qr.h"

/* ---- pages ---- */

/* The request's answer; nobody was asked for it. */
static void
is_shown(struct http_request *request, int status, const char *part)
{
	serve(request, NULL);
	assert_int_equal(call.count, 0);
	assert_int_equal(request->status, status);
	is_page(request);
	has(request->head, "\r\nCache-Control: private, no-store\r\n");
	has(request->body, part);
	play_clear(request);
}

static struct http_request
sent(const char *path, const char *fields)
{
	static char body[900];
	struct http_request request = post(path);

	snprintf(body, sizeof(body), "csrf=%s&%s", csrf_of(COOKIE), fields);
	request.sent = body;
	return request;
}

static void
test_opening_a_link_asks_nobody(void **state)
{
	struct http_request request = get("/log-ind/" COOKIE);

	(void)state;
	is_shown(&request, 200, "<button class=\"button\" type=\"submit\">");
}

static void
test_a_link_or_an_invitation_of_another_form_is_none(void **state)
{
	static const char *const paths[] = {
		"/log-ind/kort", "/log-ind/AAAAAAAAAAAAAAAAAAAAAAAAAA",
		"/log-ind/" COOKIE "a", "/log-ind/invitation",
		"/log-ind/invitation/kort", "/log-ind/invitation/kort/kode",
	};
	struct http_request request;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(paths); i++) {
		request = get(paths[i]);
		is_shown(&request, 404, "virker ikke længere");
		request = sent(paths[i], "kode=123456");
		is_shown(&request, 404, "virker ikke længere");
	}
}

static void
test_a_page_says_what_its_query_says(void **state)
{
	static const struct {
		const char *query;
		bool sent, out;
	} cases[] = {
		{ NULL, false, false }, { "sendt=1", true, false },
		{ "ud=1", false, true }, { "x=2&ud=1", false, true },
		{ "sendt=0", false, false }, { "sendt", false, false },
		{ "sendt=11", false, false }, { "%", false, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct http_request request = get("/log-ind");

		request.query = cases[i].query;
		serve(&request, NULL);
		assert_int_equal(request.status, 200);
		(cases[i].sent ? has : has_not)(request.body,
		    "Se i din indbakke");
		(cases[i].out ? has : has_not)(request.body,
		    "Du er logget af.");
		play_clear(&request);
	}
}

static void
test_what_cannot_be_right_is_told_at_once(void **state)
{
	static const struct {
		const char *path, *fields, *part;
	} cases[] = {
		{ "/log-ind", "mail=", "Skriv en mailadresse" },
		{ "/log-ind", "mail=eva", "Skriv en mailadresse" },
		{ "/log-ind", "mail=@x", "Skriv en mailadresse" },
		{ "/log-ind", "mail=eva@", "Skriv en mailadresse" },
		{ "/log-ind", "x=y", "Skriv en mailadresse" },
		{ "/log-ind/personale", "mail=a@b&adgangskode=",
		    "Skriv din adgangskode" },
		{ "/log-ind/personale", "adgangskode=hemmelig+ting",
		    "Skriv en mailadresse" },
		{ "/log-ind/kode", "kode=+-+", "Skriv de seks cifre" },
		{ "/log-ind/invitation/" COOKIE "/kode", "kode=",
		    "Skriv de seks cifre" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct http_request request = sent(cases[i].path,
		    cases[i].fields);

		serve(&request, NULL);
		assert_int_equal(call.count, 0);
		assert_int_equal(request.status, 422);
		is_page(&request);
		has(request.body, "<title>Fejl: ");
		has(request.body, cases[i].part);
		has_not(request.body, "hemmelig");
		play_clear(&request);
	}
}

static void
test_a_password_or_code_that_is_too_long_is_not_hashed(void **state)
{
	char fields[800];
	struct http_request request;

	(void)state;
	snprintf(fields, sizeof(fields), "mail=a@b&adgangskode=%0121d", 0);
	request = sent("/log-ind/personale", fields);
	is_shown(&request, 422, "højst være på 120 tegn");
	snprintf(fields, sizeof(fields), "kode=%0101d", 0);
	request = sent("/log-ind/kode", fields);
	is_shown(&request, 422, "Skriv de seks cifre");
}

static void
test_a_wrong_codes_page_leads_back_to_the_invitation(void **state)
{
	struct http_request request = get("/log-ind/invitation/" COOKIE
	    "/kode");

	(void)state;
	serve(&request, NULL);
	assert_int_equal(request.status, 303);
	has(request.head, "\r\nLocation: /log-ind/invitation/" COOKIE "\r\n");
	play_clear(&request);
}

static void
test_without_a_cookie_there_is_no_second_step(void **state)
{
	struct http_request request = get("/log-ind/kode");

	(void)state;
	is_shown(&request, 410, "href=\"/log-ind/personale\"");
}

/* ---- the QR code ---- */

enum { SIDE_MOST = 80 };

/* Draws a path; every bar lies inside the square. */
static void
draw(bool dark[SIDE_MOST][SIDE_MOST], int side, const char *path)
{
	int x, y, width, back, used, i;

	memset(dark, 0, SIDE_MOST * sizeof(*dark));
	assert_true(side > 0 && side <= SIDE_MOST);
	for (; *path != '\0'; path += used) {
		assert_int_equal(sscanf(path, "M%d %dh%dv1h-%dz%n", &x, &y,
		    &width, &back, &used), 4);
		assert_int_equal(width, back);
		assert_true(x >= 4 && y >= 4 && width > 0);
		assert_true(x + width <= side - 4 && y < side - 4);
		for (i = 0; i < width; i++)
			dark[y][x + i] = true;
	}
}

/* The square by which a camera finds a corner (ISO 18004, 6.3.3). */
static void
has_finder(bool dark[SIDE_MOST][SIDE_MOST], int left, int top)
{
	int x, y, ring;

	for (y = 0; y < 7; y++) {
		for (x = 0; x < 7; x++) {
			ring = abs(x - 3) > abs(y - 3) ? abs(x - 3) :
			    abs(y - 3);
			assert_int_equal(dark[top + y][left + x], ring != 2);
		}
	}
}

static void
test_a_text_becomes_a_square_with_three_finders(void **state)
{
	static bool dark[SIDE_MOST][SIDE_MOST];
	char *path;
	int side = qr_path(&path, "otpauth://totp/Kattegat:a%40b.dk?secret="
	    "AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH&issuer=Kattegat");

	(void)state;
	assert_int_equal((side - 8 - 17) % 4, 0);
	draw(dark, side, path);
	has_finder(dark, 4, 4);
	has_finder(dark, side - 11, 4);
	has_finder(dark, 4, side - 11);
	free(path);
}

static void
test_a_text_that_does_not_fit_has_no_code(void **state)
{
	static char text[4000];
	char *path = text;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	assert_int_equal(qr_path(&path, text), 0);
	assert_null(path);
}

static int
quiet(void **state)
{
	(void)state;
	log_open("test_web_sign", LOG_LEVEL_ERROR);
	return 0;
}

static int
forget(void **state)
{
	(void)state;
	play_forget();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opening_a_link_asks_nobody),
		cmocka_unit_test(
		    test_a_link_or_an_invitation_of_another_form_is_none),
		cmocka_unit_test(test_a_page_says_what_its_query_says),
		cmocka_unit_test(test_what_cannot_be_right_is_told_at_once),
		cmocka_unit_test(
		    test_a_password_or_code_that_is_too_long_is_not_hashed),
		cmocka_unit_test(
		    test_a_wrong_codes_page_leads_back_to_the_invitation),
		cmocka_unit_test(test_without_a_cookie_there_is_no_second_step),
		cmocka_unit_test(
		    test_a_text_becomes_a_square_with_three_finders),
		cmocka_unit_test(test_a_text_that_does_not_fit_has_no_code),
	};

	return cmocka_run_group_tests(tests, quiet, forget);
}

#include "mail/message.h"

#include <string.h>
#include <time.h>

#include "base/text.h"

enum {
	LINE_MOST = 76,			/* RFC 2045 6.7, RFC 2047 2 */
	/* Of what an encoded word holds, without =?utf-8?Q? and ?=. */
	WORD_MOST = 75 - 12,
	HEX_LENGTH = 3,			/* "=C3" */
};

#define LETTERS	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"

static const char hex[] = "0123456789ABCDEF";

static bool
only(const char *text, const char *allowed)
{
	return *text != '\0' && text[strspn(text, allowed)] == '\0';
}

bool
mail_address_ok(const char *address)
{
	const char *at = strchr(address, '@');
	char name[MAIL_ADDRESS_MOST + 1];

	if (at == NULL || strlen(address) > MAIL_ADDRESS_MOST)
		return false;
	memcpy(name, address, (size_t)(at - address));
	name[at - address] = '\0';
	return only(name, LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~.") &&
	    only(at + 1, LETTERS DIGITS ".-");
}

/* One line of UTF-8 without control characters, DEL and C1 included. */
static bool
line_ok(const char *text)
{
	const unsigned char *at;

	if (!text_utf8_ok(text, strlen(text)))
		return false;
	for (at = (const unsigned char *)text; *at != '\0'; at++)
		if (*at < ' ' || *at == 0x7f ||
		    (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f))
			return false;
	return true;
}

/* Bytes of the letter that begins here, in UTF-8 that was looked at. */
static size_t
letter_length(const char *at)
{
	unsigned char first = (unsigned char)*at;

	return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static bool
plain_in_word(char c)
{
	return c != '\0' && strchr(LETTERS DIGITS "!*+-/", c) != NULL;
}

static void
add_hex(struct buf *out, char c)
{
	unsigned char byte = (unsigned char)c;
	char text[HEX_LENGTH] = { '=', hex[byte >> 4], hex[byte & 15] };

	buf_add(out, text, sizeof(text));
}

/*
 * RFC 2047: words of at most 75 letters, each on a line of its own from the second
 * on; no letter of several bytes is cut.
 */
static void
add_encoded(struct buf *out, const char *text)
{
	size_t used = 0, length, i, needs;

	buf_adds(out, "=?utf-8?Q?");
	for (; *text != '\0'; text += length) {
		length = letter_length(text);
		needs = plain_in_word(*text) || *text == ' ' ? 1 :
		    length * HEX_LENGTH;
		/* The first line has the field's name before it. */
		if (used + needs > WORD_MOST - (size_t)10) {
			buf_adds(out, "?=\r\n =?utf-8?Q?");
			used = 0;
		}
		used += needs;
		if (*text == ' ')
			buf_addc(out, '_');
		else if (plain_in_word(*text))
			buf_addc(out, *text);
		else
			for (i = 0; i < length; i++)
				add_hex(out, text[i]);
	}
	buf_adds(out, "?=");
}

/* As it is when that is safe, else encoded. */
static void
add_words(struct buf *out, const char *text)
{
	size_t length = strlen(text);

	if (length <= LINE_MOST - strlen("Subject: ") && length > 0 &&
	    only(text, LETTERS DIGITS " .-") && text[0] != ' ' &&
	    text[length - 1] != ' ')
		buf_adds(out, text);
	else
		add_encoded(out, text);
}

static void
add_date(struct buf *out, int64_t at_s)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t at = (time_t)at_s;
	struct tm tm;

	gmtime_r(&at, &tm);
	buf_addf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
	    days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static bool
plain_in_body(const char *at, size_t used)
{
	if (*at == ' ')
		return at[1] != '\n' && at[1] != '\0';
	if (*at == '.')
		return used > 0;
	return *at > ' ' && *at < 0x7f && *at != '=';
}

/* Quoted-printable (RFC 2045 6.7). */
static void
add_body(struct buf *out, const char *text)
{
	size_t used = 0, needs;

	for (; *text != '\0'; text++) {
		if (*text == '\n') {
			buf_adds(out, "\r\n");
			used = 0;
			continue;
		}
		needs = plain_in_body(text, used) ? 1 : HEX_LENGTH;
		/* A "=" at the end says that the line goes on. */
		if (used + needs > LINE_MOST - 1) {
			buf_adds(out, "=\r\n");
			used = 0;
			needs = plain_in_body(text, used) ? 1 : HEX_LENGTH;
		}
		if (needs == 1)
			buf_addc(out, *text);
		else
			add_hex(out, *text);
		used += needs;
	}
	if (used > 0)
		buf_adds(out, "\r\n");
}

static int
check(const struct mail_message *message, struct err *err)
{
	if (!mail_address_ok(message->from))
		return err_set(err, "the sender is not an address in ASCII");
	if (!mail_address_ok(message->to))
		return err_set(err, "the recipient is not an address in ASCII");
	if (!mail_address_ok(message->id))
		return err_set(err, "the Message-ID is not left@right in ASCII");
	if (message->from_name != NULL && !line_ok(message->from_name))
		return err_set(err, "the sender's name is not one clean line");
	if (!line_ok(message->subject))
		return err_set(err, "the subject is not one clean line");
	if (!text_utf8_ok(message->body, strlen(message->body)))
		return err_set(err, "the text is not UTF-8");
	return 0;
}

int
mail_format(struct buf *out, const struct mail_message *message, struct err *err)
{
	if (check(message, err) != 0)
		return -1;
	buf_adds(out, "From: ");
	if (message->from_name != NULL && message->from_name[0] != '\0') {
		add_words(out, message->from_name);
		/* A long name and a long address are two lines. */
		buf_adds(out, "\r\n ");
	}
	buf_addf(out, "<%s>\r\nTo: <%s>\r\nSubject: ", message->from,
	    message->to);
	add_words(out, message->subject);
	buf_adds(out, "\r\n");
	add_date(out, message->at_s);
	buf_addf(out, "Message-ID: <%s>\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n", message->id);
	add_body(out, message->body);
	return 0;
}

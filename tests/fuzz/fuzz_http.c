/*
 * fuzz_http.c - libFuzzer target: requests, conditions and dates.
 *
 * The first two bytes say where the others are split; the whole, the halves and
 * single bytes must come out alike. The same bytes are then read as fields.
 * Run by tests/fuzz/run.
 *
 * fuzz: lib/http/chars.c lib/http/cond.c lib/http/fields.c lib/http/framing.c
 * fuzz: lib/http/parser.c lib/http/target.c lib/base/buf.c lib/base/err.c
 * fuzz: lib/base/mem.c lib/base/text.c
 */
#include "http_run.h"

#include <stdlib.h>

#include "http/cond.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
split_makes_no_difference(const char *bytes, size_t length, size_t cut)
{
	struct buf whole = BUF_INIT, halves = BUF_INIT, single = BUF_INIT;

	http_run(&whole, bytes, length, length, length, true);
	http_run(&halves, bytes, length, cut, length, true);
	http_run(&single, bytes, length, 1, 1, true);
	if (whole.length != halves.length || whole.length != single.length ||
	    memcmp(whole.data, halves.data, whole.length) != 0 ||
	    memcmp(whole.data, single.data, whole.length) != 0)
		abort();
	buf_clear(&whole);
	buf_clear(&halves);
	buf_clear(&single);
}

static void
fields_are_read(const char *bytes, size_t length)
{
	char *text = xstrndup(bytes, length);
	char again[HTTP_DATE_SIZE];
	int64_t at_s, same_s;

	(void)http_accepts_gzip(text);
	(void)http_not_modified(text, text, "\"a\"", 1, 2);
	if (http_date_parse(&at_s, text, INT64_C(1800000000)) == 0) {
		http_date_format(again, at_s);
		if (http_date_parse(&same_s, again, 0) == -1 || same_s != at_s)
			abort();
	}
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data + 2;
	size_t length = size - 2;

	if (size < 3)
		return 0;
	split_makes_no_difference(bytes, length,
	    1 + (data[0] * 256u + data[1]) % length);
	fields_are_read(bytes, length);
	return 0;
}

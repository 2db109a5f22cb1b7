/* Unit tests of the parts of src/feed: addresses, snapshots, counts, memory. */
#include "feed_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "feed/cache.h"
#include "feed/fetches.h"
#include "feed/fragment.h"
#include "feed/key.h"
#include "feed/snapshot.h"
#include "feed/strangers.h"

static void
test_an_address_is_a_kind_and_what_of_it(void **state)
{
	static const struct {
		const char *path, *kind, *arg, *file;
	} rows[] = {
		{ "/f/alle.ics", "alle", "", "alle.ics" },
		{ "/f/saeson/kattegat-2030.ics", "saeson", "kattegat-2030",
		    "kattegat-2030.ics" },
		{ "/f/seminar/a.ics", "seminar", "a", "a.ics" },
		{ "/f/kontor/AAR.ics", "kontor", "AAR", "AAR.ics" },
		{ "/f/kontor/aar.ics", "kontor", "AAR", "AAR.ics" },
		{ "/f/hold/kat30-07.ics", "hold", "KAT30-07", "KAT30-07.ics" },
		{ "/s/KAT30-07.ics", "hold", "KAT30-07", "KAT30-07.ics" },
		{ "/f/lokale/2147483647.ics", "lokale", "2147483647",
		    "lokale-2147483647.ics" },
	};
	struct feed_key key;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		feed_key_parse(&key, rows[i].path);
		assert_string_equal(key.kind, rows[i].kind);
		assert_string_equal(key.arg, rows[i].arg);
		assert_string_equal(key.file, rows[i].file);
		assert_true(key.is_public);
	}
}

static void
test_any_other_address_is_a_link(void **state)
{
	static const char *const paths[] = {
		"/f/", "/f/.ics", "/f/alle", "/f/ALLE.ics", "/f/alle.ICS",
		"/f/saeson/.ics", "/f/saeson/-a.ics", "/f/saeson/a-.ics",
		"/f/saeson/a--b.ics", "/f/saeson/A.ics", "/f/saeson/a/b.ics",
		"/f/saeson/a.ics.ics", "/f/saeson/\xc3\xa6.ics",
		"/f/kontor/ABCDEFGHI.ics", "/f/hold/A_1.ics",
		"/f/lokale/0.ics", "/f/lokale/01.ics", "/f/lokale/1x.ics",
		"/f/lokale/2147483648.ics", "/f/lokale/99999999999.ics",
		"/f/lokale/-1.ics", "/f/hold/KAT30-07-KAT30-07-KAT30.ics",
		"/s/a/b.ics", "/f/short.ics",
		"/f/saeson/aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaa"
		"bbbbbbbbbbc.ics",
	};
	struct feed_key key;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(paths); i++) {
		feed_key_parse(&key, paths[i]);
		assert_string_equal(key.kind, "token");
		assert_int_equal(strlen(key.arg), 64);
		assert_false(key.is_public);
	}
}

static void
test_runs_may_be_had_as_files_beside_their_pages(void **state)
{
	(void)state;
	assert_true(feed_owns("/f/alle.ics"));
	assert_true(feed_owns("/f/"));
	assert_true(feed_owns("/s/KAT30-07.ics"));
	assert_false(feed_owns("/s/KAT30-07"));
	assert_false(feed_owns("/kalendere.ics"));
}

/* SHA-256 of "abcdefghijklmnopqrstuvwxyz", FIPS 180-2 test vectors. */
static void
test_a_link_is_known_by_its_hash_only(void **state)
{
	struct feed_key key;

	(void)state;
	feed_key_parse(&key, "/f/abcdefghijklmnopqrstuvwxyz.ics");
	assert_string_equal(key.arg, "71c480df93d6ae2f1efad1447c66c952"
	    "5e316218cf51fc8d9ed832f2daf18b73");
	assert_null(strstr(key.text, "abcdef"));
	assert_string_equal(key.file, "kalender.ics");
}

static void
test_a_snapshot_shows_what_was_committed_before_it(void **state)
{
	static const struct {
		const char *snapshot; uint64_t xid; bool shown;
	} rows[] = {
		{ "10:20:12,15", 9, true }, { "10:20:12,15", 10, true },
		{ "10:20:12,15", 12, false }, { "10:20:12,15", 15, false },
		{ "10:20:12,15", 19, true }, { "10:20:12,15", 20, false },
		{ "10:10:", 9, true }, { "10:10:", 10, false },
		{ "4294967296:4294967297:", 4294967296, true },
		{ "", 1, false }, { "10", 1, false }, { "10:20", 1, false },
		{ "10:20:x", 11, false }, { "10:20:12;13", 11, false },
		{ NULL, 1, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(feed_snapshot_shows(rows[i].snapshot,
		    rows[i].xid), rows[i].shown);
}

static void
test_a_transaction_id_is_a_decimal(void **state)
{
	uint64_t xid = 7;

	(void)state;
	assert_int_equal(feed_xid_parse(&xid, "18446744073709551616"), -1);
	assert_int_equal(feed_xid_parse(&xid, ""), -1);
	assert_int_equal(xid, 7);
	assert_int_equal(feed_xid_parse(&xid, "18446744073709551615"), 0);
	assert_true(xid == UINT64_MAX);
}

static void
test_strangers_are_counted_by_address_and_minute(void **state)
{
	static const unsigned char a[16] = { 1 }, b[16] = { 2 };
	struct feed_strangers *strangers = feed_strangers_new(2);

	(void)state;
	clock_set(0, 0);
	assert_false(feed_strangers_count(strangers, a));
	assert_false(feed_strangers_count(strangers, a));
	assert_true(feed_strangers_count(strangers, a));
	assert_false(feed_strangers_count(strangers, b));
	clock_set(0, 60000);
	assert_false(feed_strangers_count(strangers, a));
	clock_release();
	feed_strangers_free(strangers);
}

/* Who asks most is remembered longest when the table is full. */
static void
test_a_crowd_does_not_hide_a_busy_stranger(void **state)
{
	unsigned char address[16] = { 9, 9 };
	struct feed_strangers *strangers = feed_strangers_new(20);
	int i;

	(void)state;
	clock_set(0, 0);
	for (i = 0; i < 30; i++)
		feed_strangers_count(strangers, address);
	for (i = 1; i <= 100000; i++) {
		memcpy(address + 8, &i, sizeof(i));
		feed_strangers_count(strangers, address);
	}
	memset(address + 8, 0, 8);
	assert_true(feed_strangers_count(strangers, address));
	clock_release();
	feed_strangers_free(strangers);
}

static void
test_clients_are_told_apart_by_family(void **state)
{
	static const struct {
		const char *agent, *family;
	} rows[] = {
		{ "Google-Calendar-Importer", "google" },
		{ "macOS/15.1 (24B83) dataaccessd/1.0", "apple" },
		{ "iOS/18.1 (22B83) dataaccessd/1.0", "apple" },
		{ "Microsoft Office/16.0 (Windows NT 10.0; Outlook 16.0)",
		    "outlook" },
		{ "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
		    "Thunderbird/128.4.0", "thunderbird" },
		{ "ICSx5/2.2.3", "icsx5" },
		{ "Nextcloud Server", "nextcloud" },
		{ "HomeAssistant/2025.1", "homeassistant" },
		{ "vdirsyncer/0.19.0", "vdirsyncer" },
		{ "Mozilla/5.0 (X11) Firefox/128.0", "browser" },
		{ "something", "other" }, { NULL, "unknown" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(feed_client_family(rows[i].agent),
		    rows[i].family);
}

static void
test_many_fetches_are_one_statement_each_token_once(void **state)
{
	struct loop *loop = loop_new();
	struct feed_fetches *fetches = feed_fetches_new(loop, NULL);
	struct pg_reply done = { .status = PG_DONE };
	int i;

	(void)state;
	play_total = 0;
	for (i = 1; i <= 4097; i++) {
		feed_fetches_note(fetches, i, 1893499200, "curl/8");
		if (i < 4096)
			feed_fetches_note(fetches, i, 1893499229, "curl/8");
	}
	assert_int_equal(play_ncalls, 1);
	assert_non_null(strstr(play_calls[0].params[0], ",4096}"));
	play_answer(NULL, &done);
	feed_fetches_note(fetches, 4097, 1893499230, "ICSx5");
	feed_fetches_write(fetches);
	assert_string_equal(play_calls[0].params[0], "{4097}");
	assert_string_equal(play_calls[0].params[1], "{1893499260}");
	assert_string_equal(play_calls[0].params[2], "{icsx5}");
	play_answer(NULL, &done);
	feed_fetches_write(fetches);
	assert_int_equal(play_ncalls, 0);
	feed_fetches_free(fetches);
	loop_free(loop);
}

static void
count_fn(void *arg)
{
	++*(int *)arg;
}

static void
test_a_flush_is_done_when_every_write_was_answered(void **state)
{
	struct loop *loop = loop_new();
	struct feed_fetches *fetches = feed_fetches_new(loop, NULL);
	struct pg_reply done = { .status = PG_DONE };
	struct pg_reply away = { .status = PG_AWAY };
	int flushed = 0;

	(void)state;
	feed_fetches_flush(fetches, count_fn, &flushed);
	assert_int_equal(flushed, 1);
	feed_fetches_note(fetches, 3, 1893499200, "ICSx5");
	feed_fetches_write(fetches);
	feed_fetches_note(fetches, 4, 1893499200, "ICSx5");
	feed_fetches_flush(fetches, count_fn, &flushed);
	assert_int_equal(play_ncalls, 2);
	assert_string_equal(play_calls[1].params[0], "{4}");
	play_answer(NULL, &done);
	assert_int_equal(flushed, 1);
	play_answer(NULL, &away);
	assert_int_equal(flushed, 2);
	feed_fetches_free(fetches);
	loop_free(loop);
}

static void
test_nobody_is_told_of_a_write_after_the_end(void **state)
{
	struct loop *loop = loop_new();
	struct feed_fetches *fetches = feed_fetches_new(loop, NULL);
	struct pg_reply away = { .status = PG_AWAY };
	int flushed = 0;

	(void)state;
	feed_fetches_note(fetches, 3, 1893499200, "ICSx5");
	feed_fetches_flush(fetches, count_fn, &flushed);
	feed_fetches_free(fetches);
	play_answer(NULL, &away);
	assert_int_equal(flushed, 0);
	loop_free(loop);
}

static void
test_fragments_live_while_somebody_holds_them(void **state)
{
	enum { COUNT = 2000 };
	static struct feed_fragment *held[COUNT];
	struct feed_fragments *fragments = feed_fragments_new();
	int i;

	(void)state;
	for (i = 0; i < COUNT; i++)
		held[i] = feed_fragment_make(fragments, i, 1, "abc", 3);
	assert_ptr_equal(feed_fragment_find(fragments, 7, 1), held[7]);
	assert_null(feed_fragment_find(fragments, 7, 2));
	feed_fragment_ref(held[7]);
	for (i = 0; i < COUNT; i++)
		feed_fragment_unref(held[i]);
	assert_ptr_equal(feed_fragment_find(fragments, 7, 1), held[7]);
	assert_null(feed_fragment_find(fragments, 8, 1));
	feed_fragment_unref(held[7]);
	assert_null(feed_fragment_find(fragments, 7, 1));
	assert_int_equal(feed_fragments_bytes(fragments), 0);
	feed_fragments_free(fragments);
}

static struct feed_entry *
cached(struct feed_cache *cache, const char *path)
{
	enum { FILLER = 1000 };
	struct feed_body *body;
	struct feed_entry *entry;
	struct feed_key key;

	feed_key_parse(&key, path);
	entry = feed_cache_get(cache, &key);
	body = feed_body_new(&key);
	body->snapshot = xstrdup("");
	body->bytes[FEED_IDENTITY] = http_body_new(xcalloc(1, FILLER),
	    FILLER);
	feed_cache_put(cache, entry, body);
	feed_cache_trim(cache, entry);
	return entry;
}

static void
test_the_cache_forgets_who_was_asked_for_longest_ago(void **state)
{
	struct feed_fragments *fragments = feed_fragments_new();
	struct feed_cache *cache = feed_cache_new(fragments, 5000);

	(void)state;
	cached(cache, "/f/kontor/AA.ics");
	cached(cache, "/f/kontor/BB.ics");
	assert_non_null(feed_cache_find(cache, "kontor/AA"));
	cached(cache, "/f/kontor/CC.ics");
	cached(cache, "/f/kontor/DD.ics");
	assert_true(feed_cache_bytes(cache) <= 5000);
	assert_null(feed_cache_find(cache, "kontor/BB"));
	assert_non_null(feed_cache_find(cache, "kontor/AA"));
	assert_non_null(feed_cache_find(cache, "kontor/DD"));
	feed_cache_free(cache);
	feed_fragments_free(fragments);
}

static void
test_a_body_larger_than_the_cache_stays_until_the_next(void **state)
{
	struct feed_fragments *fragments = feed_fragments_new();
	struct feed_cache *cache = feed_cache_new(fragments, 10);

	(void)state;
	cached(cache, "/f/kontor/AA.ics");
	assert_non_null(feed_cache_find(cache, "kontor/AA"));
	cached(cache, "/f/kontor/BB.ics");
	assert_null(feed_cache_find(cache, "kontor/AA"));
	assert_non_null(feed_cache_find(cache, "kontor/BB"));
	feed_cache_free(cache);
	feed_fragments_free(fragments);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_address_is_a_kind_and_what_of_it),
		cmocka_unit_test(test_any_other_address_is_a_link),
		cmocka_unit_test(
		    test_runs_may_be_had_as_files_beside_their_pages),
		cmocka_unit_test(test_a_link_is_known_by_its_hash_only),
		cmocka_unit_test(
		    test_a_snapshot_shows_what_was_committed_before_it),
		cmocka_unit_test(test_a_transaction_id_is_a_decimal),
		cmocka_unit_test(
		    test_strangers_are_counted_by_address_and_minute),
		cmocka_unit_test(test_a_crowd_does_not_hide_a_busy_stranger),
		cmocka_unit_test(test_clients_are_told_apart_by_family),
		cmocka_unit_test(
		    test_many_fetches_are_one_statement_each_token_once),
		cmocka_unit_test(
		    test_a_flush_is_done_when_every_write_was_answered),
		cmocka_unit_test(test_nobody_is_told_of_a_write_after_the_end),
		cmocka_unit_test(test_fragments_live_while_somebody_holds_them),
		cmocka_unit_test(
		    test_the_cache_forgets_who_was_asked_for_longest_ago),
		cmocka_unit_test(
		    test_a_body_larger_than_the_cache_stays_until_the_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

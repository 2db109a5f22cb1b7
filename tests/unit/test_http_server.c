/*
 * Unit tests of lib/http/server: requests, answers, limits, the end.
 *
 * In clear; what only TLS can do wrong is in test_http_tls.c.
 */
#include "http_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* ---- requests and answers ---- */

static void
test_connection_is_kept_and_answers_carry_date_and_fields(void **state)
{
	struct peer peer;
	struct client *client;
	struct got got;
	int i;

	(void)state;
	peer_init(&peer);
	clock_set(784111777, 0);	/* the example of RFC 9110 5.6.7 */
	peer_serve(&peer);
	client = client_new(&peer);
	for (i = 0; i < 2; i++) {
		client_send(client, "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
		client_expect(client, &got, false);
		assert_int_equal(got.status, 200);
		assert_string_equal(got.body, "/hello");
		assert_true(got_line(&got,
		    "Date: Sun, 06 Nov 1994 08:49:37 GMT"));
		assert_true(got_line(&got, "Kattegat-Worker: 7"));
		assert_true(got_line(&got, "X-Extra: yes"));
		assert_false(got_line(&got, "Connection: close"));
		got_clear(&got);
	}
	assert_int_equal(http_server_counts(peer.server)->requests, 2);
	assert_int_equal(http_server_counts(peer.server)->accepted, 1);
	assert_int_equal(http_server_counts(peer.server)->answers[2], 2);
	client_free(client);
	peer_clear(&peer);
	clock_release();
}

static uint64_t
counted(const struct peer *peer, int kind, int status)
{
	return http_server_counts(peer->server)->kinds[kind][status -
	    HTTP_STATUS_LEAST];
}

static void
test_answers_are_counted_by_kind_and_status(void **state)
{
	struct peer peer;
	struct client *client;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	client = client_new(&peer);
	client_send(client, "GET /kind7 HTTP/1.1\r\nHost: h\r\n\r\n"
	    "GET /kind7 HTTP/1.1\r\nHost: h\r\n\r\n"
	    "GET /304 HTTP/1.1\r\nHost: h\r\n\r\n"
	    "GET /kind2 HTTP/1.1\r\nHost: h\r\n\r\n"
	    "GET /kind2 HTTP/9.1\r\nHost: h\r\n\r\n");
	client_expect_status(client, 200);
	client_expect_status(client, 200);
	client_expect_status(client, 304);
	client_expect_status(client, 200);
	client_expect_status(client, 505);
	assert_int_equal(counted(&peer, 7, 200), 2);
	assert_int_equal(counted(&peer, 2, 200), 1);
	/* The kind of the request before is not that of the next one. */
	assert_int_equal(counted(&peer, 0, 304), 1);
	assert_int_equal(counted(&peer, 0, 505), 1);
	assert_int_equal(counted(&peer, 0, 200), 0);
	client_free(client);
	peer_clear(&peer);
}

static void
test_requests_sent_ahead_are_answered_in_order(void **state)
{
	struct peer peer;
	struct client *client;
	struct buf all = BUF_INIT;
	struct got got;
	char path[16];
	int i;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	client = client_new(&peer);
	/* More than one turn takes. */
	for (i = 0; i < 100; i++)
		buf_addf(&all, "GET /%d HTTP/1.1\r\nHost: h\r\n\r\n", i);
	client_send_bytes(client, all.data, all.length);
	for (i = 0; i < 100; i++) {
		client_expect(client, &got, false);
		snprintf(path, sizeof(path), "/%d", i);
		assert_string_equal(got.body, path);
		got_clear(&got);
	}
	buf_clear(&all);
	client_free(client);
	peer_clear(&peer);
}

static void
test_head_and_304_have_no_body(void **state)
{
	struct peer peer;
	struct client *client;
	struct got got;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	client = client_new(&peer);
	client_send(client, "HEAD /big HTTP/1.1\r\nHost: h\r\n\r\n"
	    "GET /304 HTTP/1.1\r\nHost: h\r\n\r\n"
	    "GET /after HTTP/1.1\r\nHost: h\r\n\r\n");
	client_expect(client, &got, true);
	assert_int_equal(got.status, 200);
	assert_true(got_line(&got, "Content-Length: 1048576"));
	got_clear(&got);
	client_expect_status(client, 304);
	client_expect(client, &got, false);
	assert_string_equal(got.body, "/after");
	got_clear(&got);
	client_free(client);
	peer_clear(&peer);
}

static void
test_slow_reader_gets_a_large_body_whole_and_delays_nobody(void **state)
{
	struct peer peer;
	struct client *slow, *other;
	struct got got;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	slow = client_new(&peer);
	client_pause(slow, true);
	client_send(slow, "GET /big HTTP/1.1\r\nHost: h\r\n\r\n"
	    "GET /after HTTP/1.1\r\nHost: h\r\n\r\n");
	wait_for(&peer, peer.big->references == 2);
	other = client_new(&peer);
	client_send(other, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
	client_expect_status(other, 200);
	client_pause(slow, false);
	client_expect(slow, &got, false);
	assert_int_equal(got.length, PEER_BIG_SIZE);
	assert_memory_equal(got.body, peer.big->bytes, PEER_BIG_SIZE);
	got_clear(&got);
	client_expect(slow, &got, false);
	assert_string_equal(got.body, "/after");
	got_clear(&got);
	client_free(slow);
	client_free(other);
	peer_clear(&peer);
}

static void
test_bodies_come_by_length_and_chunked_however_they_are_cut(void **state)
{
	static const char both[] =
	    "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
	    "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
	    "\r\n3\r\nfar\r\n5\r\newell\r\n0\r\n\r\n";
	struct peer peer;
	struct client *client;
	struct got got;
	size_t i;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	client = client_new(&peer);
	for (i = 0; i < sizeof(both) - 1; i++) {
		client_send_bytes(client, both + i, 1);
		wait_for(&peer, client->out.length == 0);
		loop_turn(peer.loop, false);
	}
	client_expect(client, &got, false);
	assert_string_equal(got.body, "hello");
	got_clear(&got);
	client_expect(client, &got, false);
	assert_string_equal(got.body, "farewell");
	got_clear(&got);
	client_free(client);
	peer_clear(&peer);
}

static void
test_client_that_asks_for_leave_gets_100_then_the_answer(void **state)
{
	struct peer peer;
	struct client *client;
	struct got got;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	client = client_new(&peer);
	client_send(client, "POST /echo HTTP/1.1\r\nHost: h\r\n"
	    "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n");
	client_expect_status(client, 100);
	client_send(client, "body");
	client_expect(client, &got, false);
	assert_int_equal(got.status, 200);
	assert_string_equal(got.body, "body");
	got_clear(&got);
	client_free(client);
	peer_clear(&peer);
}

static void
test_client_that_wants_close_or_speaks_1_0_is_closed(void **state)
{
	static const char *const requests[] = {
		"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
		"GET / HTTP/1.0\r\nHost: h\r\n\r\n",
		"GET /close HTTP/1.1\r\nHost: h\r\n\r\n",
	};
	struct peer peer;
	struct client *client;
	struct got got;
	size_t i;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	for (i = 0; i < ARRAY_LEN(requests); i++) {
		client = client_new(&peer);
		client_send(client, requests[i]);
		client_expect(client, &got, false);
		assert_int_equal(got.status, 200);
		assert_true(got_line(&got, "Connection: close"));
		got_clear(&got);
		client_expect_end(client);
		client_free(client);
	}
	peer_clear(&peer);
}

/* ---- what clients do wrong ---- */

static void
expect_refusal(struct peer *peer, const char *request, int status)
{
	struct client *client = client_new(peer);
	struct got got;

	client_send(client, request);
	client_expect(client, &got, false);
	assert_int_equal(got.status, status);
	assert_true(got_line(&got, "Connection: close"));
	assert_true(got_line(&got, "Cache-Control: no-store"));
	assert_true(got_line(&got,
	    "Content-Type: text/plain; charset=utf-8"));
	assert_int_equal(got_line(&got, "Allow: GET, HEAD, POST, PUT, PATCH, "
	    "DELETE, OPTIONS"), status == 405);
	got_clear(&got);
	client_expect_end(client);
	client_free(client);
}

static void
test_bad_requests_are_answered_and_closed(void **state)
{
	static const char *const hosts[] = { "h", NULL };
	struct peer peer;
	char *long_line, *long_head;

	(void)state;
	long_line = xasprintf("GET /%0600d HTTP/1.1\r\nHost: h\r\n\r\n", 1);
	long_head = xasprintf("GET / HTTP/1.1\r\nHost: h\r\nX: %03000d\r\n\r\n",
	    1);
	peer_init(&peer);
	peer.hosts = hosts;
	peer_serve(&peer);
	expect_refusal(&peer, "GET / HTTP/1.1\r\n\r\n", 400);
	expect_refusal(&peer, "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", 405);
	expect_refusal(&peer, "POST / HTTP/1.1\r\nHost: h\r\n"
	    "Content-Length: 65537\r\n\r\n", 413);
	expect_refusal(&peer, long_line, 414);
	expect_refusal(&peer, "POST / HTTP/1.1\r\nHost: h\r\nExpect: gold\r\n"
	    "Content-Length: 1\r\n\r\n", 417);
	expect_refusal(&peer, "GET / HTTP/1.1\r\nHost: other\r\n\r\n", 421);
	expect_refusal(&peer, long_head, 431);
	expect_refusal(&peer, "GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505);
	assert_int_equal(http_server_counts(peer.server)->bad_requests, 8);
	assert_int_equal(http_server_counts(peer.server)->requests, 0);
	free(long_line);
	free(long_head);
	peer_clear(&peer);
}

/* The body must be this, in the handler's words. */
static void
expect_words(struct peer *peer, const char *request, bool is_head,
    const char *words)
{
	struct client *client = client_new(peer);
	struct got got;
	char *length = xasprintf("Content-Length: %zu", strlen(words));

	client_send(client, request);
	client_expect(client, &got, is_head);
	assert_string_equal(is_head ? words : got.body, words);
	assert_true(got_line(&got, length));
	assert_true(got_line(&got, "Content-Type: text/x-words"));
	assert_true(got_line(&got, "Cache-Control: private"));
	assert_true(got_line(&got, "Connection: close"));
	assert_true(got_line(&got, "Kattegat-Worker: 7"));
	assert_int_equal(got_line(&got, "Allow: GET, HEAD, POST, PUT, PATCH, "
	    "DELETE, OPTIONS"), got.status == 405);
	assert_null(strstr(got.head, "text/plain"));
	assert_null(strstr(got.head, "no-store"));
	got_clear(&got);
	client_expect_end(client);
	client_free(client);
	free(length);
}

#define LANGUAGE	"Host: h\r\nAccept-Language: da\r\n"

static void
test_handler_puts_what_is_refused_into_words(void **state)
{
	struct peer peer;
	char *long_line;

	(void)state;
	long_line = xasprintf("GET /words/%0600d HTTP/1.1\r\n", 1);
	peer_init(&peer);
	peer_serve(&peer);
	expect_words(&peer, "GET /words?q=%00 HTTP/1.1\r\n" LANGUAGE "\r\n",
	    false, "400 The target is no usable address. /words [da]");
	expect_words(&peer, "HEAD /words?q=%zz HTTP/1.1\r\n" LANGUAGE "\r\n",
	    true, "400 The target is no usable address. /words [da]");
	expect_words(&peer, "TRACE /words HTTP/1.1\r\n" LANGUAGE
	    "Accept-Language: en\r\n\r\n", false,
	    "405 This method is not allowed. /words [da, en]");
	expect_words(&peer, "POST /words HTTP/1.1\r\n" LANGUAGE
	    "Transfer-Encoding: chunked\r\n\r\n10001\r\n", false,
	    "413 The body is too large. /words [da]");
	/* The head was not read to its end, but this field was. */
	expect_words(&peer, "GET /words HTTP/1.1\r\n" LANGUAGE ": a\r\n\r\n",
	    false, "400 A field has no name. /words [da]");
	expect_refusal(&peer, "GET /word?%00 HTTP/1.1\r\nHost: h\r\n\r\n",
	    400);
	peer_clear(&peer);
	peer_init(&peer);
	peer.limits.request_line_bytes = 16;
	peer_serve(&peer);
	expect_words(&peer, long_line, false,
	    "414 The request line is too long. /words/0000000 [none]");
	free(long_line);
	peer_clear(&peer);
}

static void
test_what_does_not_come_in_time_is_told_in_words(void **state)
{
	struct peer peer;

	(void)state;
	peer_init(&peer);
	peer.limits.header_ms = 30;
	peer.limits.body_ms = 30;
	peer.limits.body_bytes_per_s = 1000000;
	peer_serve(&peer);
	expect_words(&peer, "GET /words/late HTTP/1.1\r\n" LANGUAGE, false,
	    "408 The request did not come in time. /words/late [da]");
	expect_words(&peer, "GET /words/late HTTP/1.1\r\nAccept-Language: d",
	    false, "408 The request did not come in time. /words/late [none]");
	expect_words(&peer, "GET /words/la", false,
	    "408 The request did not come in time. /words/la [none]");
	expect_words(&peer, "POST /words/late HTTP/1.1\r\n" LANGUAGE
	    "Content-Length: 2\r\n\r\na", false,
	    "408 The request did not come in time. /words/late [da]");
	peer_clear(&peer);
}

static void
test_client_still_sending_too_much_sees_why_it_is_refused(void **state)
{
	struct peer peer;
	struct client *client;
	char *bytes = xcalloc(1, PEER_BIG_SIZE);

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	client = client_new(&peer);
	client_pause(client, true);
	client_send(client, "POST /echo HTTP/1.1\r\nHost: h\r\n"
	    "Content-Length: 1048576\r\n\r\n");
	wait_for(&peer, http_server_counts(peer.server)->answers[4] == 1);
	client_send_bytes(client, bytes, PEER_BIG_SIZE);
	/* A reset would stop it here, and throw away what it has not read. */
	wait_for(&peer, client->out.length == 0 || client->broken);
	assert_false(client->broken);
	client_pause(client, false);
	client_expect_status(client, 413);
	client_expect_end(client);
	free(bytes);
	client_free(client);
	peer_clear(&peer);
}

/* ---- limits of time ---- */

static void
test_head_that_does_not_come_in_time_is_408(void **state)
{
	struct peer peer;

	(void)state;
	peer_init(&peer);
	peer.limits.header_ms = 30;
	peer_serve(&peer);
	expect_refusal(&peer, "GET / HTTP/1.1\r\nHo", 408);
	assert_int_equal(http_server_counts(peer.server)->timeouts, 1);
	peer_clear(&peer);
}

static void
test_body_slower_than_the_least_rate_is_408(void **state)
{
	struct peer peer;

	(void)state;
	peer_init(&peer);
	peer.limits.body_ms = 30;
	peer.limits.body_bytes_per_s = 1000 * 1000;
	peer_serve(&peer);
	expect_refusal(&peer, "POST /echo HTTP/1.1\r\nHost: h\r\n"
	    "Content-Length: 5\r\n\r\nhell", 408);
	peer_clear(&peer);
}

static void
test_body_above_the_least_rate_has_its_time(void **state)
{
	struct peer peer;
	struct client *client;
	int64_t until_ms;

	(void)state;
	peer_init(&peer);
	peer.limits.body_ms = 20;
	peer.limits.body_bytes_per_s = 1;	/* four bytes earn four seconds */
	peer_serve(&peer);
	client = client_new(&peer);
	client_send(client, "POST /echo HTTP/1.1\r\nHost: h\r\n"
	    "Content-Length: 5\r\n\r\nhell");
	until_ms = clock_mono_ms() + 60;
	while (clock_mono_ms() < until_ms)
		loop_turn(peer.loop, false);
	client_send(client, "o");
	client_expect_status(client, 200);
	client_free(client);
	peer_clear(&peer);
}

static void
test_idle_connection_is_closed_without_a_word(void **state)
{
	struct peer peer;
	struct client *client;

	(void)state;
	peer_init(&peer);
	peer.limits.idle_ms = 30;
	peer_serve(&peer);
	client = client_new(&peer);
	client_send(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	client_expect_status(client, 200);
	client_expect_end(client);
	client_free(client);
	peer_clear(&peer);
}

static void
test_client_that_takes_nothing_is_cut_off(void **state)
{
	struct peer peer;
	struct client *client;

	(void)state;
	peer_init(&peer);
	peer.limits.stalled_ms = 30;
	peer_serve(&peer);
	client = client_new(&peer);
	client_pause(client, true);
	client_send(client, "GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
	wait_for(&peer, peer.big->references == 2);
	wait_for(&peer, http_server_counts(peer.server)->connections == 0);
	assert_int_equal(peer.big->references, 1);
	assert_int_equal(http_server_counts(peer.server)->timeouts, 1);
	client_free(client);
	peer_clear(&peer);
}

/* ---- limits of number ---- */

static void
test_after_so_many_requests_the_connection_is_closed(void **state)
{
	struct peer peer;
	struct client *client;
	struct got got;

	(void)state;
	peer_init(&peer);
	peer.limits.requests_per_connection = 2;
	peer_serve(&peer);
	client = client_new(&peer);
	client_send(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	    "GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
	client_expect_status(client, 200);
	client_expect(client, &got, false);
	assert_true(got_line(&got, "Connection: close"));
	got_clear(&got);
	client_expect_end(client);
	client_free(client);
	peer_clear(&peer);
}

static void
test_beyond_the_limit_connections_wait_and_are_then_served(void **state)
{
	struct peer peer;
	struct client *first, *second;

	(void)state;
	peer_init(&peer);
	peer.limits.connections = 1;
	peer_serve(&peer);
	first = client_new(&peer);
	second = client_new(&peer);
	client_send(first, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	client_send(second, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	client_expect_status(first, 200);
	client_send(first, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	client_expect_status(first, 200);
	assert_int_equal(http_server_counts(peer.server)->accepted, 1);
	assert_int_equal(second->in.length, 0);
	client_free(first);
	client_expect_status(second, 200);
	client_free(second);
	peer_clear(&peer);
}

static void
test_one_address_has_only_so_many_connections(void **state)
{
	struct peer peer;
	struct client *first, *second, *third;

	(void)state;
	peer_init(&peer);
	peer.limits.connections_per_address = 1;
	peer_serve(&peer);
	first = client_new(&peer);
	client_send(first, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	client_expect_status(first, 200);
	second = client_new(&peer);
	client_expect_end(second);
	assert_int_equal(http_server_counts(peer.server)->refused, 1);
	client_free(first);
	wait_for(&peer, http_server_counts(peer.server)->connections == 0);
	third = client_new(&peer);
	client_send(third, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	client_expect_status(third, 200);
	client_free(second);
	client_free(third);
	peer_clear(&peer);
}

static void
test_without_descriptors_connections_wait_and_nothing_spins(void **state)
{
	struct rlimit old, none;
	struct peer peer;
	struct client *client;
	int64_t until_ms;
	int turns = 0, next;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	client = client_new(&peer);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	next = dup(0);
	close(next);
	none = (struct rlimit){ (rlim_t)next, old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	client_send(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	for (until_ms = clock_mono_ms() + 250; clock_mono_ms() < until_ms;
	    turns++)
		loop_turn(peer.loop, true);
	assert_in_range(turns, 1, 20);
	assert_int_equal(http_server_counts(peer.server)->accepted, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	client_expect_status(client, 200);
	client_free(client);
	peer_clear(&peer);
}

/* ---- answers that come later ---- */

static void
test_handler_may_answer_later_and_order_stays(void **state)
{
	struct peer peer;
	struct client *client;
	struct got got;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	client = client_new(&peer);
	client_send(client, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n"
	    "GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
	wait_for(&peer, peer.nwaiting == 1);
	assert_string_equal(http_request_path(peer.waiting[0]), "/wait");
	assert_string_equal(http_request_field(peer.waiting[0], "host"), "h");
	peer_answer(&peer, "later");
	/* The next request is handled by the loop, not from inside the answer. */
	assert_int_equal(http_server_counts(peer.server)->requests, 1);
	client_expect(client, &got, false);
	assert_string_equal(got.body, "later");
	got_clear(&got);
	client_expect(client, &got, false);
	assert_string_equal(got.body, "/next");
	got_clear(&got);
	client_free(client);
	peer_clear(&peer);
}

static void
test_handler_may_answer_another_connection_meanwhile(void **state)
{
	struct peer peer;
	struct client *waiting, *asking;
	struct got got;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	waiting = client_new(&peer);
	asking = client_new(&peer);
	client_send(waiting, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
	wait_for(&peer, peer.nwaiting == 1);
	/* The answer to /1 is gathered, not sent, when /too answers /wait. */
	client_send(asking, "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
	    "GET /too HTTP/1.1\r\nHost: h\r\n\r\n"
	    "GET /3 HTTP/1.1\r\nHost: h\r\n\r\n");
	client_expect(waiting, &got, false);
	assert_string_equal(got.body, "too");
	got_clear(&got);
	client_expect_status(asking, 200);
	client_expect_status(asking, 200);
	client_expect(asking, &got, false);
	assert_string_equal(got.body, "/3");
	got_clear(&got);
	client_free(waiting);
	client_free(asking);
	peer_clear(&peer);
}

static void
test_handler_learns_that_the_client_has_gone(void **state)
{
	struct peer peer;
	struct client *client;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	client = client_new(&peer);
	client_send(client, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
	wait_for(&peer, peer.nwaiting == 1);
	client_reset(client);
	wait_for(&peer, peer.ngone == 1);
	wait_for(&peer, http_server_counts(peer.server)->connections == 0);
	peer_clear(&peer);
}

static void
test_handler_learns_that_the_server_ends(void **state)
{
	struct peer peer;
	struct client *client;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	client = client_new(&peer);
	client_send(client, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
	wait_for(&peer, peer.nwaiting == 1);
	http_server_free(peer.server);
	peer.server = NULL;
	assert_int_equal(peer.ngone, 1);
	client_expect_end(client);
	client_free(client);
	peer_clear(&peer);
}

static void
test_client_that_closed_its_side_gets_its_answers(void **state)
{
	struct peer peer;
	struct client *client;
	struct got got;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	client = client_new(&peer);
	client_send(client, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n"
	    "GET /last HTTP/1.1\r\nHost: h\r\n\r\n");
	client_half_close(client);
	wait_for(&peer, peer.nwaiting == 1);
	loop_turn(peer.loop, false);
	peer_answer(&peer, "later");
	client_expect(client, &got, false);
	assert_string_equal(got.body, "later");
	got_clear(&got);
	client_expect(client, &got, false);
	assert_string_equal(got.body, "/last");
	got_clear(&got);
	client_expect_end(client);
	client_free(client);
	peer_clear(&peer);
}

static void
test_client_that_goes_during_a_large_answer_leaves_nothing(void **state)
{
	struct peer peer;
	struct client *client;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	client = client_new(&peer);
	client_pause(client, true);
	client_send(client, "GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
	wait_for(&peer, peer.big->references == 2);
	client_reset(client);
	wait_for(&peer, http_server_counts(peer.server)->connections == 0);
	assert_int_equal(peer.big->references, 1);
	peer_clear(&peer);
}

/* ---- the end ---- */

static void
count_drained(void *arg)
{
	struct peer *peer = arg;

	peer->ndrained++;
}

static void
test_drained_server_says_so_to_nobody_left(void **state)
{
	struct peer peer;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	http_server_drain(peer.server, count_drained, &peer);
	assert_int_equal(peer.ndrained, 0);	/* from the loop only */
	wait_for(&peer, peer.ndrained == 1);
	peer_clear(&peer);
}

static void
test_draining_closes_after_the_next_answer(void **state)
{
	struct peer peer;
	struct client *idle, *waiting, *late;
	struct got got;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	idle = client_new(&peer);
	waiting = client_new(&peer);
	client_send(idle, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	client_expect_status(idle, 200);
	client_send(waiting, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
	wait_for(&peer, peer.nwaiting == 1);
	http_server_drain(peer.server, count_drained, &peer);
	late = client_new(&peer);
	client_send(late, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");

	client_send(idle, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	client_expect(idle, &got, false);
	assert_true(got_line(&got, "Connection: close"));
	got_clear(&got);
	client_expect_end(idle);
	assert_int_equal(peer.ndrained, 0);
	peer_answer(&peer, "later");
	client_expect(waiting, &got, false);
	assert_true(got_line(&got, "Connection: close"));
	got_clear(&got);
	client_free(waiting);
	client_free(idle);
	wait_for(&peer, peer.ndrained == 1);
	assert_int_equal(late->in.length, 0);
	assert_int_equal(http_server_counts(peer.server)->accepted, 2);
	client_free(late);
	peer_clear(&peer);
}

static void
test_hurried_server_ends_idle_connections_and_waits_for_answers(void **state)
{
	struct peer peer;
	struct client *idle, *waiting;
	int64_t hurried_ms;

	(void)state;
	peer_init(&peer);
	peer_serve(&peer);
	idle = client_new(&peer);
	waiting = client_new(&peer);
	client_send(idle, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	client_expect_status(idle, 200);
	client_send(waiting, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
	wait_for(&peer, peer.nwaiting == 1);
	http_server_drain(peer.server, count_drained, &peer);
	hurried_ms = clock_mono_ms();
	http_server_hurry(peer.server);
	client_expect_end(idle);
	assert_true(clock_mono_ms() - hurried_ms < peer.limits.idle_ms / 2);
	peer_answer(&peer, "later");
	client_expect_status(waiting, 200);
	client_free(idle);
	client_free(waiting);
	wait_for(&peer, peer.ndrained == 1);
	peer_clear(&peer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_connection_is_kept_and_answers_carry_date_and_fields),
		cmocka_unit_test(test_answers_are_counted_by_kind_and_status),
		cmocka_unit_test(test_requests_sent_ahead_are_answered_in_order),
		cmocka_unit_test(test_head_and_304_have_no_body),
		cmocka_unit_test(
		    test_slow_reader_gets_a_large_body_whole_and_delays_nobody),
		cmocka_unit_test(
		    test_bodies_come_by_length_and_chunked_however_they_are_cut),
		cmocka_unit_test(
		    test_client_that_asks_for_leave_gets_100_then_the_answer),
		cmocka_unit_test(
		    test_client_that_wants_close_or_speaks_1_0_is_closed),
		cmocka_unit_test(test_bad_requests_are_answered_and_closed),
		cmocka_unit_test(test_handler_puts_what_is_refused_into_words),
		cmocka_unit_test(
		    test_what_does_not_come_in_time_is_told_in_words),
		cmocka_unit_test(
		    test_client_still_sending_too_much_sees_why_it_is_refused),
		cmocka_unit_test(test_head_that_does_not_come_in_time_is_408),
		cmocka_unit_test(test_body_slower_than_the_least_rate_is_408),
		cmocka_unit_test(test_body_above_the_least_rate_has_its_time),
		cmocka_unit_test(test_idle_connection_is_closed_without_a_word),
		cmocka_unit_test(test_client_that_takes_nothing_is_cut_off),
		cmocka_unit_test(
		    test_after_so_many_requests_the_connection_is_closed),
		cmocka_unit_test(
		    test_beyond_the_limit_connections_wait_and_are_then_served),
		cmocka_unit_test(test_one_address_has_only_so_many_connections),
		cmocka_unit_test(
		    test_without_descriptors_connections_wait_and_nothing_spins),
		cmocka_unit_test(test_handler_may_answer_later_and_order_stays),
		cmocka_unit_test(
		    test_handler_may_answer_another_connection_meanwhile),
		cmocka_unit_test(test_handler_learns_that_the_client_has_gone),
		cmocka_unit_test(test_handler_learns_that_the_server_ends),
		cmocka_unit_test(
		    test_client_that_closed_its_side_gets_its_answers),
		cmocka_unit_test(
		    test_client_that_goes_during_a_large_answer_leaves_nothing),
		cmocka_unit_test(test_drained_server_says_so_to_nobody_left),
		cmocka_unit_test(
		    test_hurried_server_ends_idle_connections_and_waits_for_answers),
		cmocka_unit_test(test_draining_closes_after_the_next_answer),
	};

	log_open("test_http_server", LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Unit tests of lib/http/server: requests, answers now and later, the end.
 *
 * In clear; what only TLS can do wrong is in test_http_tls.c, what clients do
 * wrong in test_http_limits.c.
 */
#include "http_peer.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

/* ---- requests and answers ---- */

static void
test_connection_is_kept_and_answers_carry_date_and_fields(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	struct got got;
	int i;

	clock_set(784111777, 0);	/* the example of RFC 9110 5.6.7 */
	peer_serve(peer);
	client = client_new(peer);
	for (i = 0; i < 2; i++) {
		client_send(client, PEER_GET("/hello"));
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
	assert_int_equal(http_server_counts(peer->server)->requests, 2);
	assert_int_equal(http_server_counts(peer->server)->accepted, 1);
	assert_int_equal(http_server_counts(peer->server)->answers[2], 2);
	client_free(client);
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
	struct peer *peer = *state;
	struct client *client;

	client = client_ask(peer, PEER_GET("/kind7") PEER_GET("/kind7")
	    PEER_GET("/304") PEER_GET("/kind2")
	    "GET /kind2 HTTP/9.1\r\nHost: h\r\n\r\n");
	client_expect_status(client, 200);
	client_expect_status(client, 200);
	client_expect_status(client, 304);
	client_expect_status(client, 200);
	client_expect_status(client, 505);
	assert_int_equal(counted(peer, 7, 200), 2);
	assert_int_equal(counted(peer, 2, 200), 1);
	/* The kind of the request before is not that of the next one. */
	assert_int_equal(counted(peer, 0, 304), 1);
	assert_int_equal(counted(peer, 0, 505), 1);
	assert_int_equal(counted(peer, 0, 200), 0);
	client_free(client);
}

static void
test_requests_sent_ahead_are_answered_in_order(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	struct buf all = BUF_INIT;
	struct got got;
	char path[16];
	int i;

	client = client_new(peer);
	/* More than one turn takes. */
	for (i = 0; i < 100; i++)
		buf_addf(&all, PEER_GET("/%d"), i);
	client_send_bytes(client, all.data, all.length);
	for (i = 0; i < 100; i++) {
		client_expect(client, &got, false);
		snprintf(path, sizeof(path), "/%d", i);
		assert_string_equal(got.body, path);
		got_clear(&got);
	}
	buf_clear(&all);
	client_free(client);
}

static void
test_head_and_304_have_no_body(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	struct got got;

	client = client_ask(peer, "HEAD /big HTTP/1.1\r\nHost: h\r\n\r\n"
	    PEER_GET("/304") PEER_GET("/after"));
	client_expect(client, &got, true);
	assert_int_equal(got.status, 200);
	assert_true(got_line(&got, "Content-Length: 1048576"));
	got_clear(&got);
	client_expect_status(client, 304);
	client_expect_body(client, "/after");
	client_free(client);
}

static void
test_slow_reader_gets_a_large_body_whole_and_delays_nobody(void **state)
{
	struct peer *peer = *state;
	struct client *slow, *other;
	struct got got;

	slow = client_new(peer);
	client_pause(slow, true);
	client_send(slow, PEER_GET("/big") PEER_GET("/after"));
	wait_for(peer, peer->big->references == 2);
	other = client_ask(peer, PEER_GET("/x"));
	client_expect_status(other, 200);
	client_pause(slow, false);
	client_expect(slow, &got, false);
	assert_int_equal(got.length, PEER_BIG_SIZE);
	assert_memory_equal(got.body, peer->big->bytes, PEER_BIG_SIZE);
	got_clear(&got);
	client_expect_body(slow, "/after");
	client_free(slow);
	client_free(other);
}

static void
test_bodies_come_by_length_and_chunked_however_they_are_cut(void **state)
{
	static const char both[] =
	    "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
	    "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
	    "\r\n3\r\nfar\r\n5\r\newell\r\n0\r\n\r\n";
	struct peer *peer = *state;
	struct client *client;
	size_t i;

	client = client_new(peer);
	for (i = 0; i < sizeof(both) - 1; i++) {
		client_send_bytes(client, both + i, 1);
		wait_for(peer, client->out.length == 0);
		loop_turn(peer->loop, false);
	}
	client_expect_body(client, "hello");
	client_expect_body(client, "farewell");
	client_free(client);
}

static void
test_client_that_asks_for_leave_gets_100_then_the_answer(void **state)
{
	struct peer *peer = *state;
	struct client *client;

	client = client_ask(peer, "POST /echo HTTP/1.1\r\nHost: h\r\n"
	    "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n");
	client_expect_status(client, 100);
	client_send(client, "body");
	client_expect_body(client, "body");
	client_free(client);
}

static void
test_client_that_wants_close_or_speaks_1_0_is_closed(void **state)
{
	static const char *const requests[] = {
		"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
		"GET / HTTP/1.0\r\nHost: h\r\n\r\n",
		PEER_GET("/close"),
	};
	struct peer *peer = *state;
	struct client *client;
	struct got got;
	size_t i;

	for (i = 0; i < ARRAY_LEN(requests); i++) {
		client = client_ask(peer, requests[i]);
		client_expect(client, &got, false);
		assert_int_equal(got.status, 200);
		assert_true(got_line(&got, "Connection: close"));
		got_clear(&got);
		client_expect_end(client);
		client_free(client);
	}
}

/* ---- answers that come later ---- */

static void
test_handler_may_answer_later_and_order_stays(void **state)
{
	struct peer *peer = *state;
	struct client *client;

	client = client_ask(peer, PEER_GET("/wait") PEER_GET("/next"));
	wait_for(peer, peer->nwaiting == 1);
	assert_string_equal(http_request_path(peer->waiting[0]), "/wait");
	assert_string_equal(http_request_field(peer->waiting[0], "host"), "h");
	peer_answer(peer, "later");
	/* The next is handled by the loop, not from inside the answer. */
	assert_int_equal(http_server_counts(peer->server)->requests, 1);
	client_expect_body(client, "later");
	client_expect_body(client, "/next");
	client_free(client);
}

static void
test_handler_may_answer_another_connection_meanwhile(void **state)
{
	struct peer *peer = *state;
	struct client *waiting, *asking;

	waiting = client_new(peer);
	asking = client_new(peer);
	client_send(waiting, PEER_GET("/wait"));
	wait_for(peer, peer->nwaiting == 1);
	/* The answer to /1 is gathered, not sent, when /too answers /wait. */
	client_send(asking, PEER_GET("/1") PEER_GET("/too") PEER_GET("/3"));
	client_expect_body(waiting, "too");
	client_expect_status(asking, 200);
	client_expect_status(asking, 200);
	client_expect_body(asking, "/3");
	client_free(waiting);
	client_free(asking);
}

static void
test_handler_learns_that_the_client_has_gone(void **state)
{
	struct peer *peer = *state;
	struct client *client;

	client = client_ask(peer, PEER_GET("/wait"));
	wait_for(peer, peer->nwaiting == 1);
	client_reset(client);
	wait_for(peer, peer->ngone == 1);
	wait_for(peer, http_server_counts(peer->server)->connections == 0);
}

static void
test_handler_learns_that_the_server_ends(void **state)
{
	struct peer *peer = *state;
	struct client *client;

	client = client_ask(peer, PEER_GET("/wait"));
	wait_for(peer, peer->nwaiting == 1);
	http_server_free(peer->server);
	peer->server = NULL;
	assert_int_equal(peer->ngone, 1);
	client_expect_end(client);
	client_free(client);
}

static void
test_client_that_closed_its_side_gets_its_answers(void **state)
{
	struct peer *peer = *state;
	struct client *client;

	client = client_ask(peer, PEER_GET("/wait") PEER_GET("/last"));
	client_half_close(client);
	wait_for(peer, peer->nwaiting == 1);
	loop_turn(peer->loop, false);
	peer_answer(peer, "later");
	client_expect_body(client, "later");
	client_expect_body(client, "/last");
	client_expect_end(client);
	client_free(client);
}

static void
test_client_that_goes_during_a_large_answer_leaves_nothing(void **state)
{
	struct peer *peer = *state;
	struct client *client;

	client = client_new(peer);
	client_pause(client, true);
	client_send(client, PEER_GET("/big"));
	wait_for(peer, peer->big->references == 2);
	client_reset(client);
	wait_for(peer, http_server_counts(peer->server)->connections == 0);
	assert_int_equal(peer->big->references, 1);
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
	struct peer *peer = *state;

	http_server_drain(peer->server, count_drained, peer);
	assert_int_equal(peer->ndrained, 0);	/* from the loop only */
	wait_for(peer, peer->ndrained == 1);
}

static void
test_draining_closes_after_the_next_answer(void **state)
{
	struct peer *peer = *state;
	struct client *idle, *waiting, *late;
	struct got got;

	idle = client_new(peer);
	waiting = client_new(peer);
	client_send(idle, PEER_GET("/"));
	client_expect_status(idle, 200);
	client_send(waiting, PEER_GET("/wait"));
	wait_for(peer, peer->nwaiting == 1);
	http_server_drain(peer->server, count_drained, peer);
	late = client_ask(peer, PEER_GET("/"));

	client_send(idle, PEER_GET("/"));
	client_expect(idle, &got, false);
	assert_true(got_line(&got, "Connection: close"));
	got_clear(&got);
	client_expect_end(idle);
	assert_int_equal(peer->ndrained, 0);
	peer_answer(peer, "later");
	client_expect(waiting, &got, false);
	assert_true(got_line(&got, "Connection: close"));
	got_clear(&got);
	client_free(waiting);
	client_free(idle);
	wait_for(peer, peer->ndrained == 1);
	assert_int_equal(late->in.length, 0);
	assert_int_equal(http_server_counts(peer->server)->accepted, 2);
	client_free(late);
}

static void
test_hurried_server_ends_idle_connections_and_waits_for_answers(void **state)
{
	struct peer *peer = *state;
	struct client *idle, *waiting;
	int64_t hurried_ms;

	idle = client_new(peer);
	waiting = client_new(peer);
	client_send(idle, PEER_GET("/"));
	client_expect_status(idle, 200);
	client_send(waiting, PEER_GET("/wait"));
	wait_for(peer, peer->nwaiting == 1);
	http_server_drain(peer->server, count_drained, peer);
	hurried_ms = clock_mono_ms();
	http_server_hurry(peer->server);
	client_expect_end(idle);
	assert_true(clock_mono_ms() - hurried_ms < peer->limits.idle_ms / 2);
	peer_answer(peer, "later");
	client_expect_status(waiting, 200);
	client_free(idle);
	client_free(waiting);
	wait_for(peer, peer->ndrained == 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIMITED(
		    test_connection_is_kept_and_answers_carry_date_and_fields),
		SERVED(test_answers_are_counted_by_kind_and_status),
		SERVED(test_requests_sent_ahead_are_answered_in_order),
		SERVED(test_head_and_304_have_no_body),
		SERVED(
		    test_slow_reader_gets_a_large_body_whole_and_delays_nobody),
		SERVED(
		    test_bodies_come_by_length_and_chunked_however_they_are_cut),
		SERVED(
		    test_client_that_asks_for_leave_gets_100_then_the_answer),
		SERVED(test_client_that_wants_close_or_speaks_1_0_is_closed),
		SERVED(test_handler_may_answer_later_and_order_stays),
		SERVED(test_handler_may_answer_another_connection_meanwhile),
		SERVED(test_handler_learns_that_the_client_has_gone),
		SERVED(test_handler_learns_that_the_server_ends),
		SERVED(test_client_that_closed_its_side_gets_its_answers),
		SERVED(
		    test_client_that_goes_during_a_large_answer_leaves_nothing),
		SERVED(test_drained_server_says_so_to_nobody_left),
		SERVED(
		    test_hurried_server_ends_idle_connections_and_waits_for_answers),
		SERVED(test_draining_closes_after_the_next_answer),
	};

	log_open("test_http_server", LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Unit tests of lib/http/server: bad requests, limits of time and of number.
 */
#include "http_peer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

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
	struct peer *peer = *state;
	char *long_line, *long_head;

	long_line = xasprintf(PEER_GET("/%0600d"), 1);
	long_head = xasprintf("GET / HTTP/1.1\r\nHost: h\r\nX: %03000d\r\n\r\n",
	    1);
	peer->hosts = hosts;
	peer_serve(peer);
	expect_refusal(peer, "GET / HTTP/1.1\r\n\r\n", 400);
	expect_refusal(peer, "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", 405);
	expect_refusal(peer, "POST / HTTP/1.1\r\nHost: h\r\n"
	    "Content-Length: 65537\r\n\r\n", 413);
	expect_refusal(peer, long_line, 414);
	expect_refusal(peer, "POST / HTTP/1.1\r\nHost: h\r\nExpect: gold\r\n"
	    "Content-Length: 1\r\n\r\n", 417);
	expect_refusal(peer, "GET / HTTP/1.1\r\nHost: other\r\n\r\n", 421);
	expect_refusal(peer, long_head, 431);
	expect_refusal(peer, "GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505);
	assert_int_equal(http_server_counts(peer->server)->bad_requests, 8);
	assert_int_equal(http_server_counts(peer->server)->requests, 0);
	free(long_line);
	free(long_head);
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
	struct peer *peer = *state;
	char *long_line;

	long_line = xasprintf("GET /words/%0600d HTTP/1.1\r\n", 1);
	expect_words(peer, "GET /words?q=%00 HTTP/1.1\r\n" LANGUAGE "\r\n",
	    false, "400 The target is no usable address. /words [da]");
	expect_words(peer, "HEAD /words?q=%zz HTTP/1.1\r\n" LANGUAGE "\r\n",
	    true, "400 The target is no usable address. /words [da]");
	expect_words(peer, "TRACE /words HTTP/1.1\r\n" LANGUAGE
	    "Accept-Language: en\r\n\r\n", false,
	    "405 This method is not allowed. /words [da, en]");
	expect_words(peer, "POST /words HTTP/1.1\r\n" LANGUAGE
	    "Transfer-Encoding: chunked\r\n\r\n10001\r\n", false,
	    "413 The body is too large. /words [da]");
	/* The head was not read to its end, but this field was. */
	expect_words(peer, "GET /words HTTP/1.1\r\n" LANGUAGE ": a\r\n\r\n",
	    false, "400 A field has no name. /words [da]");
	expect_refusal(peer, PEER_GET("/word?%00"), 400);
	peer_clear(peer);
	peer_init(peer);
	peer->limits.request_line_bytes = 16;
	peer_serve(peer);
	expect_words(peer, long_line, false,
	    "414 The request line is too long. /words/0000000 [none]");
	free(long_line);
}

static void
test_what_does_not_come_in_time_is_told_in_words(void **state)
{
	struct peer *peer = *state;

	peer->limits.header_ms = 30;
	peer->limits.body_ms = 30;
	peer->limits.body_bytes_per_s = 1000000;
	peer_serve(peer);
	expect_words(peer, "GET /words/late HTTP/1.1\r\n" LANGUAGE, false,
	    "408 The request did not come in time. /words/late [da]");
	expect_words(peer, "GET /words/late HTTP/1.1\r\nAccept-Language: d",
	    false, "408 The request did not come in time. /words/late [none]");
	expect_words(peer, "GET /words/la", false,
	    "408 The request did not come in time. /words/la [none]");
	expect_words(peer, "POST /words/late HTTP/1.1\r\n" LANGUAGE
	    "Content-Length: 2\r\n\r\na", false,
	    "408 The request did not come in time. /words/late [da]");
}

static void
test_client_still_sending_too_much_sees_why_it_is_refused(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	char *bytes = xcalloc(1, PEER_BIG_SIZE);

	client = client_new(peer);
	client_pause(client, true);
	client_send(client, "POST /echo HTTP/1.1\r\nHost: h\r\n"
	    "Content-Length: 1048576\r\n\r\n");
	wait_for(peer, http_server_counts(peer->server)->answers[4] == 1);
	client_send_bytes(client, bytes, PEER_BIG_SIZE);
	/* A reset would stop it here, and throw away what it has not read. */
	wait_for(peer, client->out.length == 0 || client->broken);
	assert_false(client->broken);
	client_pause(client, false);
	client_expect_status(client, 413);
	client_expect_end(client);
	free(bytes);
	client_free(client);
}

/* ---- limits of time ---- */

static void
test_head_that_does_not_come_in_time_is_408(void **state)
{
	struct peer *peer = *state;

	peer->limits.header_ms = 30;
	peer_serve(peer);
	expect_refusal(peer, "GET / HTTP/1.1\r\nHo", 408);
	assert_int_equal(http_server_counts(peer->server)->timeouts, 1);
}

static void
test_body_slower_than_the_least_rate_is_408(void **state)
{
	struct peer *peer = *state;

	peer->limits.body_ms = 30;
	peer->limits.body_bytes_per_s = 1000 * 1000;
	peer_serve(peer);
	expect_refusal(peer, "POST /echo HTTP/1.1\r\nHost: h\r\n"
	    "Content-Length: 5\r\n\r\nhell", 408);
}

static void
test_body_above_the_least_rate_has_its_time(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	int64_t until_ms;

	peer->limits.body_ms = 20;
	peer->limits.body_bytes_per_s = 1;	/* four bytes earn four seconds */
	peer_serve(peer);
	client = client_ask(peer, "POST /echo HTTP/1.1\r\nHost: h\r\n"
	    "Content-Length: 5\r\n\r\nhell");
	until_ms = clock_mono_ms() + 60;
	while (clock_mono_ms() < until_ms)
		loop_turn(peer->loop, false);
	client_send(client, "o");
	client_expect_status(client, 200);
	client_free(client);
}

static void
test_idle_connection_is_closed_without_a_word(void **state)
{
	struct peer *peer = *state;
	struct client *client;

	/* Long enough for it to ask, on a busy machine too. */
	peer->limits.idle_ms = 500;
	peer_serve(peer);
	client = client_ask(peer, PEER_GET("/"));
	client_expect_status(client, 200);
	client_expect_end(client);
	client_free(client);
}

static void
test_client_that_takes_nothing_is_cut_off(void **state)
{
	struct peer *peer = *state;
	struct client *client;

	peer->limits.stalled_ms = 30;
	peer_serve(peer);
	client = client_new(peer);
	client_pause(client, true);
	client_send(client, PEER_GET("/big"));
	wait_for(peer, peer->big->references == 2);
	wait_for(peer, http_server_counts(peer->server)->connections == 0);
	assert_int_equal(peer->big->references, 1);
	assert_int_equal(http_server_counts(peer->server)->timeouts, 1);
	client_free(client);
}

/* ---- limits of number ---- */

static void
test_after_so_many_requests_the_connection_is_closed(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	struct got got;

	peer->limits.requests_per_connection = 2;
	peer_serve(peer);
	client = client_ask(peer, PEER_GET("/") PEER_GET("/") PEER_GET("/"));
	client_expect_status(client, 200);
	client_expect(client, &got, false);
	assert_true(got_line(&got, "Connection: close"));
	got_clear(&got);
	client_expect_end(client);
	client_free(client);
}

static void
test_beyond_the_limit_connections_wait_and_are_then_served(void **state)
{
	struct peer *peer = *state;
	struct client *first, *second;

	peer->limits.connections = 1;
	peer_serve(peer);
	first = client_new(peer);
	second = client_new(peer);
	client_send(first, PEER_GET("/"));
	client_send(second, PEER_GET("/"));
	client_expect_status(first, 200);
	client_send(first, PEER_GET("/"));
	client_expect_status(first, 200);
	assert_int_equal(http_server_counts(peer->server)->accepted, 1);
	assert_int_equal(second->in.length, 0);
	client_free(first);
	client_expect_status(second, 200);
	client_free(second);
}

static void
test_one_address_has_only_so_many_connections(void **state)
{
	struct peer *peer = *state;
	struct client *first, *second, *third;

	peer->limits.connections_per_address = 1;
	peer_serve(peer);
	first = client_ask(peer, PEER_GET("/"));
	client_expect_status(first, 200);
	second = client_new(peer);
	client_expect_end(second);
	assert_int_equal(http_server_counts(peer->server)->refused, 1);
	client_free(first);
	wait_for(peer, http_server_counts(peer->server)->connections == 0);
	third = client_ask(peer, PEER_GET("/"));
	client_expect_status(third, 200);
	client_free(second);
	client_free(third);
}

static void
test_without_descriptors_connections_wait_and_nothing_spins(void **state)
{
	struct rlimit old, none;
	struct peer *peer = *state;
	struct client *client;
	int64_t until_ms;
	int turns = 0, next;

	client = client_new(peer);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	next = dup(0);
	close(next);
	none = (struct rlimit){ (rlim_t)next, old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	client_send(client, PEER_GET("/"));
	for (until_ms = clock_mono_ms() + 250; clock_mono_ms() < until_ms;
	    turns++)
		loop_turn(peer->loop, true);
	assert_in_range(turns, 1, 20);
	assert_int_equal(http_server_counts(peer->server)->accepted, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	client_expect_status(client, 200);
	client_free(client);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIMITED(test_bad_requests_are_answered_and_closed),
		SERVED(test_handler_puts_what_is_refused_into_words),
		LIMITED(test_what_does_not_come_in_time_is_told_in_words),
		SERVED(
		    test_client_still_sending_too_much_sees_why_it_is_refused),
		LIMITED(test_head_that_does_not_come_in_time_is_408),
		LIMITED(test_body_slower_than_the_least_rate_is_408),
		LIMITED(test_body_above_the_least_rate_has_its_time),
		LIMITED(test_idle_connection_is_closed_without_a_word),
		LIMITED(test_client_that_takes_nothing_is_cut_off),
		LIMITED(test_after_so_many_requests_the_connection_is_closed),
		LIMITED(
		    test_beyond_the_limit_connections_wait_and_are_then_served),
		LIMITED(test_one_address_has_only_so_many_connections),
		SERVED(
		    test_without_descriptors_connections_wait_and_nothing_spins),
	};

	log_open("test_http_limits", LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

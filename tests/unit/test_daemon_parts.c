/* The daemon's small parts: addresses, back-off, the day, answers in clear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <unistd.h>

#include "daemon/backoff.h"
#include "daemon/clear.h"
#include "daemon/daytime.h"
#include "daemon/listener.h"

/* The request that is answered, and the answer. */
static struct {
	enum http_method method;
	const char	*path, *query;
	int		 status;
	char		 fields[512];
} http;

enum http_method
http_request_method(const struct http_request *request)
{
	(void)request;
	return http.method;
}

const char *
http_request_path(const struct http_request *request)
{
	(void)request;
	return http.path;
}

const char *
http_request_query(const struct http_request *request)
{
	(void)request;
	return http.query;
}

void
http_answer_text(struct http_request *request, int status, const char *fields,
    const char *text)
{
	(void)request;
	assert_true(strlen(text) > 0);
	http.status = status;
	snprintf(http.fields, sizeof(http.fields), "%s", fields);
}

static void
ask_clear(enum http_method method, const char *path, const char *query)
{
	http.method = method;
	http.path = path;
	http.query = query;
	clear_request(NULL, "https://s.dk:8443");
}

static void
test_a_page_in_clear_is_redirected_to_the_same_address(void **state)
{
	(void)state;
	ask_clear(HTTP_GET, "/s/KAT27-01", "");
	assert_int_equal(http.status, 301);
	assert_string_equal(http.fields,
	    "Location: https://s.dk:8443/s/KAT27-01\r\n");
	ask_clear(HTTP_POST, "/", "a=b&c=%20");
	assert_int_equal(http.status, 308);
	assert_string_equal(http.fields,
	    "Location: https://s.dk:8443/?a=b&c=%20\r\n");
}

static void
test_a_redirect_carries_no_line_of_its_visitor(void **state)
{
	(void)state;
	ask_clear(HTTP_GET, "/a\r\nX: y?\xc3\xa5", "q\r\nZ: 1");
	assert_string_equal(http.fields, "Location: https://s.dk:8443"
	    "/a%0D%0AX:%20y%3F%C3%A5?q%0D%0AZ:%201\r\n");
}

static void
test_feed_and_api_in_clear_are_refused_and_not_redirected(void **state)
{
	(void)state;
	ask_clear(HTTP_GET, "/f/alle.ics", "");
	assert_int_equal(http.status, 403);
	assert_null(strstr(http.fields, "Location"));
	ask_clear(HTTP_POST, "/api/v1/bookings", "");
	assert_int_equal(http.status, 403);
	assert_null(strstr(http.fields, "Location"));
}

static void
assert_address(const char *text, const char *host, int port)
{
	struct sockaddr_storage address;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&address;
	struct sockaddr_in *in = (struct sockaddr_in *)&address;
	char found[INET6_ADDRSTRLEN];
	const char *at = text;
	socklen_t length;

	assert_int_equal(listener_address_parse(&address, &length, &at), 1);
	if (address.ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &in6->sin6_addr, found, sizeof(found));
		assert_int_equal(ntohs(in6->sin6_port), port);
	} else {
		inet_ntop(AF_INET, &in->sin_addr, found, sizeof(found));
		assert_int_equal(ntohs(in->sin_port), port);
	}
	assert_string_equal(found, host);
	assert_int_equal(listener_address_parse(&address, &length, &at), 0);
}

static void
test_addresses_of_both_families_are_read(void **state)
{
	(void)state;
	assert_address(" 192.0.2.1:443 ", "192.0.2.1", 443);
	assert_address("[2001:db8::1]:8443", "2001:db8::1", 8443);
	assert_address("[::]:1", "::", 1);
}

static void
test_what_is_no_address_with_a_port_is_refused(void **state)
{
	static const char *const wrong[] = {
		"443", ":443", "192.0.2.1", "192.0.2.1:", "192.0.2.1:0",
		"192.0.2.1:65536", "192.0.2.1:x", "2001:db8::1:443",
		"[192.0.2.1]:443", "[::]", "localhost:443", "[]:1", "[:1",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaa:1",
	};
	struct sockaddr_storage address;
	const char *at;
	socklen_t length;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		at = wrong[i];
		assert_int_equal(listener_address_parse(&address, &length, &at),
		    -1);
	}
}

static void
test_a_port_in_use_is_told_with_its_address(void **state)
{
	struct listeners first = LISTENERS_INIT, second = LISTENERS_INIT;
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	char text[64], *expected;
	struct err err;
	int fd;

	(void)state;
	/* A free port, by letting the kernel pick one. */
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
	getsockname(fd, (struct sockaddr *)&address, &length);
	close(fd);
	snprintf(text, sizeof(text), "127.0.0.1:%d", ntohs(address.sin_port));
	assert_int_equal(listeners_bind(&first, NULL, text, &err), 0);
	assert_int_equal(first.count, 1);
	assert_true(first.at[0].clear);
	assert_string_equal(first.at[0].name, text);
	assert_int_equal(listeners_bind(&second, text, NULL, &err), -1);
	expected = xasprintf("listen %s: Address already in use", text);
	assert_string_equal(err.text, expected);
	free(expected);
	listeners_close(&first);
}

static void
test_only_listening_sockets_are_adopted(void **state)
{
	struct listeners listeners = LISTENERS_INIT;
	int fds[2], fd;
	const char *const names[] = { "clear" };
	struct err err;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(listeners_adopt(&listeners, fds[0], 1, NULL, &err), -1);
	assert_int_equal(listeners.count, 0);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(listeners_adopt(&listeners, fd, 1, NULL, &err), -1);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(listeners_adopt(&listeners, fd, 1, names, &err), 0);
	assert_int_equal(listeners.count, 1);
	assert_true(listeners.at[0].clear);
	listeners_close(&listeners);
	close(fds[0]);
	close(fds[1]);
}

static void
test_who_lived_is_started_at_once_and_who_dies_young_waits(void **state)
{
	static const int64_t delays_ms[] = { 0, 100, 200, 400, 800, 1600, 3200,
		5000, 5000 };
	struct backoff backoff = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(delays_ms) / sizeof(delays_ms[0]); i++)
		assert_int_equal(backoff_died(&backoff, 10), delays_ms[i]);
	assert_int_equal(backoff_died(&backoff, BACKOFF_YOUNG_MS), 0);
	/* Killed every 2 s: never waits. */
	assert_int_equal(backoff_died(&backoff, 2000), 0);
}

static void
test_the_day_begins_at_three_local_time_all_year(void **state)
{
	(void)state;
	/* 2026-01-15 12:00 CET; 03:00 CET is 02:00 UTC. */
	assert_int_equal(daytime_next(DAYTIME_ZONE, 3, INT64_C(1768474800)),
	    INT64_C(1768528800));
	/* 2026-07-15 02:59:59 CEST, then at the very instant. */
	assert_int_equal(daytime_next(DAYTIME_ZONE, 3, INT64_C(1784077199)),
	    INT64_C(1784077200));
	assert_int_equal(daytime_next(DAYTIME_ZONE, 3, INT64_C(1784077200)),
	    INT64_C(1784077200) + 86400);
}

static void
test_the_day_begins_at_three_at_both_changes_of_the_clocks(void **state)
{
	(void)state;
	/* 2026-03-29: 01:00 UTC is 03:00 CEST; the day before it was 02:00. */
	assert_int_equal(daytime_next(DAYTIME_ZONE, 3, INT64_C(1774663200)),
	    INT64_C(1774746000));
	assert_int_equal(daytime_next(DAYTIME_ZONE, 3, INT64_C(1774746000)),
	    INT64_C(1774746000) + 86400);
	/* 2026-10-25: 02:00 UTC is 03:00 CET, 25 hours after the day before. */
	assert_int_equal(daytime_next(DAYTIME_ZONE, 3, INT64_C(1792803600)),
	    INT64_C(1792803600) + 25 * 3600);
}

static void
test_asking_for_the_day_leaves_the_time_zone_alone(void **state)
{
	time_t at = 1784077200;
	struct tm tm;

	(void)state;
	setenv("TZ", "Pacific/Auckland", 1);
	tzset();
	daytime_next(DAYTIME_ZONE, 3, at);
	assert_string_equal(getenv("TZ"), "Pacific/Auckland");
	localtime_r(&at, &tm);
	assert_int_equal(tm.tm_hour, 13);
	unsetenv("TZ");
	daytime_next(DAYTIME_ZONE, 3, at);
	assert_null(getenv("TZ"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_a_page_in_clear_is_redirected_to_the_same_address),
		cmocka_unit_test(test_a_redirect_carries_no_line_of_its_visitor),
		cmocka_unit_test(
		    test_feed_and_api_in_clear_are_refused_and_not_redirected),
		cmocka_unit_test(test_addresses_of_both_families_are_read),
		cmocka_unit_test(test_what_is_no_address_with_a_port_is_refused),
		cmocka_unit_test(test_a_port_in_use_is_told_with_its_address),
		cmocka_unit_test(test_only_listening_sockets_are_adopted),
		cmocka_unit_test(
		    test_who_lived_is_started_at_once_and_who_dies_young_waits),
		cmocka_unit_test(
		    test_the_day_begins_at_three_local_time_all_year),
		cmocka_unit_test(
		    test_the_day_begins_at_three_at_both_changes_of_the_clocks),
		cmocka_unit_test(
		    test_asking_for_the_day_leaves_the_time_zone_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

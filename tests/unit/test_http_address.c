/*
 * Unit tests of lib/http/address and network: who is counted with whom.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/mem.h"
#include "http/address.h"
#include "http/network.h"

static void
test_address_of_ipv6_is_its_network(void **state)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	unsigned char address[ADDRESS_SIZE];
	static const unsigned char mapped[ADDRESS_SIZE] = {
		[10] = 0xff, 0xff, 192, 0, 2, 1
	};
	static const unsigned char network[ADDRESS_SIZE] = {
		0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2
	};

	(void)state;
	memcpy(&v4.sin_addr, mapped + 12, 4);
	address_of(address, (struct sockaddr *)&v4);
	assert_memory_equal(address, mapped, ADDRESS_SIZE);
	memcpy(&v6.sin6_addr, mapped, ADDRESS_SIZE);
	address_of(address, (struct sockaddr *)&v6);
	assert_memory_equal(address, mapped, ADDRESS_SIZE);
	memcpy(&v6.sin6_addr, network, ADDRESS_SIZE);
	v6.sin6_addr.s6_addr[15] = 9;
	address_of(address, (struct sockaddr *)&v6);
	assert_memory_equal(address, network, ADDRESS_SIZE);
}

static void
test_addresses_are_counted_apart(void **state)
{
	struct address_book *book = address_book_new(2, 1, NULL);
	struct address_count *counts[300][2];
	unsigned char address[ADDRESS_SIZE] = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 300; i++) {
		address[0] = (unsigned char)i;
		address[1] = (unsigned char)(i / 256);
		counts[i][0] = address_enter(book, address);
		counts[i][1] = address_enter(book, address);
		assert_non_null(counts[i][1]);
		assert_null(address_enter(book, address));
	}
	for (i = 0; i < 300; i++) {
		address_leave(book, counts[i][0]);
		address_leave(book, counts[i][1]);
	}
	address_book_free(book);
}

static void
address_text(unsigned char out[ADDRESS_SIZE], const char *text)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		address_of(out, (const struct sockaddr *)&v4);
	else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
		address_of(out, (const struct sockaddr *)&v6);
	else
		fail_msg("%s: no address", text);
}

static void
test_networks_hold_their_addresses_and_no_others(void **state)
{
	static const struct {
		const char	*list, *address;
		bool		 held;
	} rows[] = {
		{ "192.0.2.7", "192.0.2.7", true },
		{ "192.0.2.7", "192.0.2.6", false },
		{ "192.0.2.0/25", "192.0.2.127", true },
		{ "192.0.2.0/25", "192.0.2.128", false },
		{ "192.0.2.0/25", "2001:db8::1", false },
		{ "10.0.0.0/8, 2001:db8::/47", "2001:db8:1::9", true },
		{ "10.0.0.0/8, 2001:db8::/47", "2001:db8:2::9", false },
		{ "2001:db8::1", "2001:db8::2", true },
		{ "0.0.0.0/0", "203.0.113.5", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ NULL, "192.0.2.7", false },
	};
	static const char *const wrong[] = {
		"192.0.2", "192.0.2.0/33", "192.0.2.0/-1", "2001:db8::/65",
		"192.0.2.7 example.com", "192.0.2.7/", "/8",
	};
	struct network_list list;
	unsigned char address[ADDRESS_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		address_text(address, rows[i].address);
		assert_int_equal(network_list_parse(&list, rows[i].list), 0);
		if (network_list_holds(&list, address) != rows[i].held)
			fail_msg("%s in %s", rows[i].address, rows[i].list);
		network_list_free(&list);
	}
	for (i = 0; i < ARRAY_LEN(wrong); i++) {
		if (network_list_parse(&list, wrong[i]) != -1)
			fail_msg("%s was taken", wrong[i]);
	}
}

static void
test_free_networks_may_have_any_number_of_connections(void **state)
{
	struct address_book *book = address_book_new(1, 1, "192.0.2.0/24");
	struct address_count *counts[3], *other;
	unsigned char address[ADDRESS_SIZE];
	int i;

	(void)state;
	address_text(address, "192.0.2.9");
	for (i = 0; i < 3; i++) {
		counts[i] = address_enter(book, address);
		assert_non_null(counts[i]);
	}
	address_text(address, "192.0.3.9");
	other = address_enter(book, address);
	assert_non_null(other);
	assert_null(address_enter(book, address));
	address_leave(book, other);
	for (i = 0; i < 3; i++)
		address_leave(book, counts[i]);
	address_book_free(book);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address_of_ipv6_is_its_network),
		cmocka_unit_test(test_addresses_are_counted_apart),
		cmocka_unit_test(test_networks_hold_their_addresses_and_no_others),
		cmocka_unit_test(
		    test_free_networks_may_have_any_number_of_connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * network.h - a list of networks, as people write them: "192.0.2.0/24 2001:db8::/48".
 *
 * Words are separated by blanks or commas; an address without a prefix length is
 * itself (IPv4) or its /64 (IPv6, since addresses are counted by their /64).
 *
 * Units:     prefix lengths in bits.
 * Ownership: the caller's list; network_list_free() frees what parsing made.
 * Errors:    -1 when a word is no network, or is longer than an IPv6 /64; the list
 *            is untouched then.
 */
#ifndef KG_HTTP_NETWORK_H
#define KG_HTTP_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

struct network_list {
	struct network	*networks;
	size_t		 count;
};

#define NETWORK_LIST_INIT	{ NULL, 0 }

/* NULL or "" is an empty list. */
must_check int network_list_parse(struct network_list *out, const char *text);
void network_list_free(struct network_list *list);
/* `address` as address_of() gives it. */
bool network_list_holds(const struct network_list *list,
    const unsigned char address[16]);

#endif

#include "http/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/text.h"
#include "http/address.h"

enum {
	WORD_SIZE = 64,
	IPV4_BITS = 32,
	IPV6_BITS = 64,		/* of a network; the rest is one customer's */
	MAPPED_BITS = 96,	/* before an IPv4 address that is mapped */
};

struct network {
	unsigned char	address[ADDRESS_SIZE];
	int		bits;
};

static bool
is_gap(char c)
{
	return c == ' ' || c == '\t' || c == ',';
}

/* Reads "ADDRESS" or "ADDRESS/BITS". */
static int
network_parse(struct network *out, char *word)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	char *slash = strchr(word, '/');
	int64_t bits;
	bool is_v4;

	if (slash != NULL)
		*slash = '\0';
	is_v4 = inet_pton(AF_INET, word, &v4.sin_addr) == 1;
	if (!is_v4 && inet_pton(AF_INET6, word, &v6.sin6_addr) != 1)
		return -1;
	bits = is_v4 ? IPV4_BITS : IPV6_BITS;
	if (slash != NULL && text_int(&bits, slash + 1, 0, bits) != 0)
		return -1;
	if (is_v4)
		address_of(out->address, (const struct sockaddr *)&v4);
	else
		address_of(out->address, (const struct sockaddr *)&v6);
	out->bits = (int)bits + (is_v4 ? MAPPED_BITS : 0);
	return 0;
}

int
network_list_parse(struct network_list *out, const char *text)
{
	struct network_list list = NETWORK_LIST_INIT;
	char word[WORD_SIZE];
	const char *at = text != NULL ? text : "";
	size_t length;

	for (;;) {
		while (is_gap(*at))
			at++;
		if (*at == '\0')
			break;
		for (length = 0; at[length] != '\0' && !is_gap(at[length]);
		    length++)
			;
		list.networks = xreallocarray(list.networks, list.count + 1,
		    sizeof(*list.networks));
		if (length >= sizeof(word))
			goto bad;
		memcpy(word, at, length);
		word[length] = '\0';
		if (network_parse(&list.networks[list.count], word) != 0)
			goto bad;
		list.count++;
		at += length;
	}
	*out = list;
	return 0;
bad:
	network_list_free(&list);
	return -1;
}

void
network_list_free(struct network_list *list)
{
	free(list->networks);
	list->networks = NULL;
	list->count = 0;
}

static bool
network_holds(const struct network *network, const unsigned char *address)
{
	size_t bytes = (size_t)network->bits / 8;
	int rest = network->bits % 8;
	unsigned char mask = (unsigned char)(0xff00u >> rest);

	return memcmp(network->address, address, bytes) == 0 &&
	    (rest == 0 ||
	    ((network->address[bytes] ^ address[bytes]) & mask) == 0);
}

bool
network_list_holds(const struct network_list *list,
    const unsigned char address[ADDRESS_SIZE])
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (network_holds(&list->networks[i], address))
			return true;
	}
	return false;
}

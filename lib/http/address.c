#include "http/address.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "base/hash.h"
#include "base/mem.h"
#include "http/network.h"

enum {
	IPV6_NETWORK = 8,	/* bytes of a /64 */
	IPV4_AT = 12,		/* where IPv4 stands in ::ffff:a.b.c.d */
	SLOTS_LEAST = 64,
	SEED_SIZE = 16,
};

struct address_count {
	struct address_count *next;
	unsigned char	 address[ADDRESS_SIZE];
	int64_t		 connections;
};

struct address_book {
	struct address_count **slots;
	size_t		 nslots;	/* a power of two */
	int64_t		 most;
	struct network_list free_networks;
	/* So that nobody can choose addresses that share a slot. */
	unsigned char	 seed[SEED_SIZE];
};

static const unsigned char ipv4_mapped[IPV4_AT] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff
};

void
address_of(unsigned char out[ADDRESS_SIZE], const struct sockaddr *from)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	memset(out, 0, ADDRESS_SIZE);
	if (from->sa_family == AF_INET) {
		memcpy(&v4, from, sizeof(v4));
		memcpy(out, ipv4_mapped, IPV4_AT);
		memcpy(out + IPV4_AT, &v4.sin_addr, sizeof(v4.sin_addr));
	} else if (from->sa_family == AF_INET6) {
		memcpy(&v6, from, sizeof(v6));
		memcpy(out, &v6.sin6_addr, ADDRESS_SIZE);
		if (memcmp(out, ipv4_mapped, IPV4_AT) != 0)
			memset(out + IPV6_NETWORK, 0,
			    ADDRESS_SIZE - IPV6_NETWORK);
	}
}

struct address_book *
address_book_new(int64_t most, int64_t expected, const char *free_networks)
{
	struct address_book *book = xcalloc(1, sizeof(*book));

	assert(most >= 1);
	/* The configuration's check has read it before. */
	if (network_list_parse(&book->free_networks, free_networks) != 0)
		assert(false);
	book->most = most;
	book->nslots = SLOTS_LEAST;
	while ((int64_t)book->nslots < expected)
		book->nslots *= 2;
	book->slots = xcalloc(book->nslots, sizeof(struct address_count *));
	/* Early in a boot it may fail; the addresses are then only unseeded. */
	if (getrandom(book->seed, sizeof(book->seed), GRND_NONBLOCK) < 0)
		memset(book->seed, 0, sizeof(book->seed));
	return book;
}

void
address_book_free(struct address_book *book)
{
	size_t i;

	if (book == NULL)
		return;
	for (i = 0; i < book->nslots; i++)
		assert(book->slots[i] == NULL);
	network_list_free(&book->free_networks);
	free(book->slots);
	free(book);
}

static struct address_count **
address_slot(const struct address_book *book, const unsigned char *address)
{
	unsigned char seeded[SEED_SIZE + ADDRESS_SIZE];

	memcpy(seeded, book->seed, SEED_SIZE);
	memcpy(seeded + SEED_SIZE, address, ADDRESS_SIZE);
	return &book->slots[hash_bytes(seeded, sizeof(seeded)) &
	    (book->nslots - 1)];
}

struct address_count *
address_enter(struct address_book *book,
    const unsigned char address[ADDRESS_SIZE])
{
	struct address_count **slot = address_slot(book, address);
	struct address_count *count = *slot;

	while (count != NULL &&
	    memcmp(count->address, address, ADDRESS_SIZE) != 0)
		count = count->next;
	if (count == NULL) {
		count = xcalloc(1, sizeof(*count));
		memcpy(count->address, address, ADDRESS_SIZE);
		count->next = *slot;
		*slot = count;
	}
	if (count->connections >= book->most &&
	    !network_list_holds(&book->free_networks, address))
		return NULL;
	count->connections++;
	return count;
}

void
address_leave(struct address_book *book, struct address_count *count)
{
	struct address_count **link;

	if (--count->connections > 0)
		return;
	link = address_slot(book, count->address);
	while (*link != count)
		link = &(*link)->next;
	*link = count->next;
	free(count);
}

/*
 * address.h - how many connections each address has.
 *
 * An address is 16 bytes: IPv4 mapped into IPv6, an IPv6 one cut to its /64,
 * since one customer has at least that much.
 *
 * Ownership: the book owns its counts; one is good from address_enter() to the
 *            address_leave() that goes with it.
 * Errors:    a full address is NULL and no error.
 */
#ifndef KG_HTTP_ADDRESS_H
#define KG_HTTP_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

enum { ADDRESS_SIZE = 16 };

struct address_book;
struct address_count;
struct sockaddr;

/* All zero when the socket has none (a Unix socket). */
void address_of(unsigned char out[ADDRESS_SIZE], const struct sockaddr *from);

/*
 * `most` connections of one address, `expected` of all (the table's size).
 * Addresses in `free_networks` (network.h; NULL: none) may have any number.
 */
struct address_book *address_book_new(int64_t most, int64_t expected,
    const char *free_networks);
/* Every count must have been left. */
void address_book_free(struct address_book *book);
/* One more connection; NULL when there are `most` already. */
struct address_count *address_enter(struct address_book *book,
    const unsigned char address[ADDRESS_SIZE]);
void address_leave(struct address_book *book, struct address_count *count);

#endif

/*
 * generations.h - which scopes have changed, seen by every process.
 *
 * A table of atomics in the shared page, indexed by a hash of the scope's text; a
 * collision only costs a rebuild. A writer that has committed (or heard of a
 * commit) bumps; a reader remembers a mark from before its query and asks later
 * whether any of its scopes was bumped after it.
 *
 * Units:   generations are Unix seconds where the clock allows: max(old + 1, now),
 *          where now is never before a second that any bump has seen.
 * Errors:  none. Context: any process; no locks.
 */
#ifndef KG_FEED_GENERATIONS_H
#define KG_FEED_GENERATIONS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GENERATION_SLOTS = 65536 };

struct generations {
	_Atomic uint64_t	ticket;		/* drawn before a slot is bumped */
	_Atomic uint64_t	changes;	/* counted after it was */
	_Atomic int64_t		second;		/* the latest a bump has seen */
	_Atomic int64_t		listening_until_ms;	/* monotonic; keeper only */
	struct generation {
		_Atomic uint64_t ticket;	/* of the last bump */
		_Atomic int64_t	 bumped_us;	/* monotonic; no later than it */
		_Atomic int64_t	 at;		/* the generation */
	} epoch, slot[GENERATION_SLOTS];
};

/* Once, in the parent, on zeroed memory: the epoch begins now. */
void generations_init(struct generations *generations);
/* Scopes separated by blanks; "*" is the epoch. */
void generations_bump(struct generations *generations, const char *scopes);
/* Taken before a query; what was bumped up to it is in the answer. */
uint64_t generations_mark(struct generations *generations);
uint32_t generations_slot(const char *scope, size_t length);
/* Whether any of the slots, or the epoch, was bumped after the mark. */
bool generations_moved(struct generations *generations, const uint32_t *slots,
    size_t nslots, uint64_t mark);
/*
 * The largest generation among them and the epoch; 0 while a bump is under way. Ask
 * generations_moved() afterwards whether it belongs to the body at hand, and tell
 * it to nobody before its second is over: another bump may still get it.
 */
int64_t generations_latest(struct generations *generations,
    const uint32_t *slots, size_t nslots);
/* Changes so far: equal means nothing at all was bumped in between. */
uint64_t generations_changes(struct generations *generations);
/*
 * When (monotonic, in microseconds) the first of the bumps that came after `mark`
 * and up to `upto` was made; 0 when there was none. Only the last bump of each slot
 * is known.
 */
int64_t generations_bumped_us(struct generations *generations,
    const uint32_t *slots, size_t nslots, uint64_t mark, uint64_t upto);

#endif

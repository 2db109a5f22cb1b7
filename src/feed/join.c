#include "feed/join.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "secret/secret.h"

enum {
	/* A block has at least so many bytes, at most so many and one event. */
	BLOCK_LEAST = 32 * 1024, BLOCK_MOST = 128 * 1024,
	/* How far apart, at random, events are that end a block. */
	BLOCK_SPREAD = 64 * 1024,
	PIECE_NS = 100, BLOCK_NS = 5000,
};

void
feed_join_init(struct feed_join *join, struct feed_body *body,
    const struct feed_body *before)
{
	memset(join, 0, sizeof(*join));
	join->body = body;
	join->before = before;
}

void
feed_join_clear(struct feed_join *join)
{
	buf_clear(&join->head);
	buf_clear(&join->tail);
	free(join->bytes);
	join->bytes = NULL;
}

/* ---- blocks ---- */

static struct feed_block *
block_add(struct feed_body *body)
{
	struct feed_block *block, *last;

	if ((body->nblocks & (body->nblocks - 1)) == 0)
		body->blocks = xreallocarray(body->blocks,
		    body->nblocks == 0 ? 1 : 2 * body->nblocks,
		    sizeof(*body->blocks));
	block = &body->blocks[body->nblocks++];
	memset(block, 0, sizeof(*block));
	if (body->nblocks > 1) {
		last = block - 1;
		block->at = last->at + last->length;
	}
	return block;
}

static void
hash_make(unsigned char out[FEED_HASH_BYTES], const struct buf *bytes)
{
	unsigned char hash[SECRET_SHA256_BYTES];

	secret_sha256(hash, bytes->data, bytes->length);
	memcpy(out, hash, FEED_HASH_BYTES);
}

/* The hash is as good as random: of all bytes, one in BLOCK_SPREAD ends a block. */
static bool
ends_block(const struct feed_block *block, const struct feed_fragment *last)
{
	uint32_t random = (uint32_t)last->hash[0] << 24 |
	    (uint32_t)last->hash[1] << 16 | (uint32_t)last->hash[2] << 8 |
	    last->hash[3];

	if (block->length < BLOCK_LEAST)
		return false;
	return block->length >= BLOCK_MOST || random <
	    (uint64_t)last->length * (UINT32_MAX / BLOCK_SPREAD);
}

/* Its hash is over its pieces' hashes and lengths. */
static void
block_fill(struct feed_block *block, struct feed_join *join)
{
	const struct feed_body *body = join->body;
	const struct feed_fragment *fragment;
	struct buf all = BUF_INIT;

	block->first = join->parted;
	do {
		fragment = body->fragments[join->parted++];
		block->count++;
		block->length += fragment->length;
		buf_add(&all, fragment->hash, FEED_HASH_BYTES);
		buf_add(&all, &fragment->length, sizeof(fragment->length));
	} while (join->parted < body->nfragments &&
	    !ends_block(block, fragment));
	hash_make(block->hash, &all);
	buf_clear(&all);
}

/* Mostly the one after the last that was found. */
static const struct feed_block *
same_find(struct feed_join *join, const struct feed_block *block)
{
	const struct feed_body *before = join->before;
	size_t i, place, nblocks = before == NULL ? 0 : before->nblocks;

	for (i = 0; i < nblocks; i++) {
		place = (join->place + i) % nblocks;
		if (memcmp(before->blocks[place].hash, block->hash,
		    FEED_HASH_BYTES) == 0) {
			join->place = place + 1;
			return &before->blocks[place];
		}
	}
	return NULL;
}

static void
etag_make(struct feed_body *body)
{
	struct buf all = BUF_INIT;
	unsigned char hash[FEED_HASH_BYTES];
	char hex[2 * FEED_HASH_BYTES + 1];
	size_t i;

	for (i = 0; i < body->nblocks; i++)
		buf_add(&all, body->blocks[i].hash, FEED_HASH_BYTES);
	hash_make(hash, &all);
	buf_clear(&all);
	text_hex(hex, hash, FEED_HASH_BYTES);
	snprintf(body->etag[FEED_IDENTITY], FEED_ETAG_SIZE, "\"%s\"", hex);
}

/* The head is the first block, the tail the last one; no event is in either. */
int64_t
feed_join_part(struct feed_join *join)
{
	struct feed_body *body = join->body;
	const struct feed_block *last = body->nblocks == 0 ? NULL :
	    &body->blocks[body->nblocks - 1];
	const struct buf *whole = NULL;
	struct feed_block *block;

	if (body->nblocks > 1 && join->parted == body->nfragments &&
	    last->count == 0) {
		etag_make(body);
		return 0;
	}
	if (body->nblocks == 0)
		whole = &join->head;
	else if (join->parted == body->nfragments)
		whole = &join->tail;
	block = block_add(body);
	if (whole != NULL) {
		block->first = join->parted;
		block->length = whole->length;
		hash_make(block->hash, whole);
	} else {
		block_fill(block, join);
	}
	block->same = same_find(join, block);
	return BLOCK_NS + (int64_t)block->count * PIECE_NS;
}

/* ---- bytes ---- */

static void
block_join(struct feed_join *join, const struct feed_block *block, bool first)
{
	const struct feed_body *body = join->body;
	const struct buf *whole = first ? &join->head : &join->tail;
	const struct feed_fragment *fragment;
	char *p = join->bytes + block->at;
	size_t i;

	if (block->count == 0)
		memcpy(p, whole->data, whole->length);
	for (i = block->first; i < block->first + block->count; i++) {
		fragment = body->fragments[i];
		memcpy(p, fragment->bytes, fragment->length);
		p += fragment->length;
	}
}

int64_t
feed_join_copy(struct feed_join *join)
{
	struct feed_body *body = join->body;
	struct feed_block *block = &body->blocks[body->nblocks - 1];
	size_t length = block->at + block->length;

	if (join->bytes == NULL)
		join->bytes = xmalloc(length);
	if (join->joined == body->nblocks) {
		body->bytes[FEED_IDENTITY] = http_body_new(join->bytes,
		    length);
		join->bytes = NULL;
		return 0;
	}
	block = &body->blocks[join->joined++];
	if (block->same != NULL) {
		memcpy(join->bytes + block->at,
		    join->before->bytes[FEED_IDENTITY]->bytes +
		    block->same->at, block->length);
		block->packed_at = block->same->packed_at;
		block->packed_length = block->same->packed_length;
		block->crc = block->same->crc;
		block->same = NULL;
	} else {
		block_join(join, block, join->joined == 1);
	}
	return BLOCK_NS + (int64_t)block->length;
}

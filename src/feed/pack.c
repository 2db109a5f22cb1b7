#include "feed/pack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"

enum {
	SHORT_BYTES = 256 * 1024,
	LEVEL = 6, RAW_WINDOW_BITS = -15, MEMORY_LEVEL = 8,
	BYTE_NS = 12, BLOCK_NS = 1000,
};

/* RFC 1952: deflate, no name, no time, no system. */
static const unsigned char member_head[] = {
	0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255,
};
/* RFC 1951: a last block, of nothing. */
static const unsigned char last_block[] = { 3, 0 };

struct feed_pack {
	struct feed_body	*body;
	struct http_body	*before;
	struct buf		 out;
	size_t			 next;		/* block */
	uint32_t		 crc;		/* of the blocks so far */
	bool			 open;
	z_stream		 stream;
};

/* What only a wrong call or a wrong library can make fail. */
static void
must(bool worked, const char *what)
{
	if (worked)
		return;
	log_error("feed: %s failed", what);
	abort();
}

static void *
stream_alloc(void *arg, unsigned int count, unsigned int size)
{
	(void)arg;
	return xcalloc(count, size);
}

static void
stream_free(void *arg, void *memory)
{
	(void)arg;
	free(memory);
}

struct feed_pack *
feed_pack_new(struct feed_body *body, struct http_body *before)
{
	struct feed_pack *pack = xcalloc(1, sizeof(*pack));

	pack->body = body;
	pack->before = before == NULL ? NULL : http_body_ref(before);
	return pack;
}

void
feed_pack_free(struct feed_pack *pack)
{
	if (pack == NULL)
		return;
	if (pack->open)
		deflateEnd(&pack->stream);
	http_body_unref(pack->before);
	buf_clear(&pack->out);
	free(pack);
}

/* The checksum tells apart what two versions of a library make of the same. */
static void
form_set(struct feed_body *body, char *bytes, size_t length)
{
	snprintf(body->etag[FEED_GZIP], FEED_ETAG_SIZE, "%.*s-%08" PRIx32 "\"",
	    2 * FEED_HASH_BYTES + 1, body->etag[FEED_IDENTITY],
	    libdeflate_crc32(0, bytes, length));
	body->bytes[FEED_GZIP] = http_body_new(xreallocarray(bytes, length,
	    1), length);
}

static void
pack_short(struct feed_body *body)
{
	const struct http_body *plain = body->bytes[FEED_IDENTITY];
	struct libdeflate_compressor *compressor;
	size_t i, most, length;
	char *bytes;

	compressor = libdeflate_alloc_compressor(LEVEL);
	must(compressor != NULL, "libdeflate_alloc_compressor");
	most = libdeflate_gzip_compress_bound(compressor, plain->length);
	bytes = xmalloc(most);
	length = libdeflate_gzip_compress(compressor, plain->bytes,
	    plain->length, bytes, most);
	libdeflate_free_compressor(compressor);
	must(length > 0, "libdeflate_gzip_compress");
	form_set(body, bytes, length);
	for (i = 0; i < body->nblocks; i++)
		body->blocks[i].packed_length = 0;
}

static void
stream_begin(struct feed_pack *pack)
{
	if (pack->open) {
		must(deflateReset(&pack->stream) == Z_OK, "deflateReset");
		return;
	}
	pack->stream.zalloc = stream_alloc;
	pack->stream.zfree = stream_free;
	must(deflateInit2(&pack->stream, LEVEL, Z_DEFLATED, RAW_WINDOW_BITS,
	    MEMORY_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK, "deflateInit2");
	pack->open = true;
}

/*
 * Begun anew for each block, ended by a full flush: on a byte, and nothing after it
 * refers to it. deflateBound() has no room for the flush's mark.
 */
static void
block_compress(struct feed_pack *pack, struct feed_block *block)
{
	char *from = pack->body->bytes[FEED_IDENTITY]->bytes + block->at;
	z_stream *stream = &pack->stream;
	size_t most;

	stream_begin(pack);
	most = deflateBound(stream, block->length) + 16;
	stream->next_in = (unsigned char *)from;
	stream->avail_in = (unsigned int)block->length;
	stream->next_out = (unsigned char *)buf_reserve(&pack->out, most);
	stream->avail_out = (unsigned int)most;
	must(deflate(stream, Z_FULL_FLUSH) == Z_OK && stream->avail_in == 0 &&
	    stream->avail_out > 0, "deflate");
	block->packed_length = most - stream->avail_out;
	pack->out.length += block->packed_length;
	pack->out.data[pack->out.length] = '\0';
	block->crc = libdeflate_crc32(0, from, block->length);
}

static void
number_add(struct buf *out, uint32_t number)
{
	int i;

	for (i = 0; i < 4; i++)
		buf_addc(out, (char)(number >> 8 * i & 0xff));
}

static int64_t
pack_block(struct feed_pack *pack)
{
	struct feed_block *block = &pack->body->blocks[pack->next++];
	size_t at;
	int64_t cost = BLOCK_NS;

	if (pack->out.length == 0)
		buf_add(&pack->out, member_head, sizeof(member_head));
	at = pack->out.length;
	if (pack->before != NULL && block->packed_length > 0) {
		buf_add(&pack->out, pack->before->bytes + block->packed_at,
		    block->packed_length);
		cost += (int64_t)block->packed_length;
	} else {
		block_compress(pack, block);
		cost += (int64_t)block->length * BYTE_NS;
	}
	block->packed_at = at;
	pack->crc = (uint32_t)crc32_combine(pack->crc, block->crc,
	    (z_off_t)block->length);
	return cost;
}

static void
pack_end(struct feed_pack *pack)
{
	struct feed_body *body = pack->body;
	size_t length;

	buf_add(&pack->out, last_block, sizeof(last_block));
	number_add(&pack->out, pack->crc);
	number_add(&pack->out, (uint32_t)body->bytes[FEED_IDENTITY]->length);
	length = pack->out.length;
	form_set(body, buf_take(&pack->out), length);
}

int64_t
feed_pack_step(struct feed_pack *pack)
{
	struct feed_body *body = pack->body;

	if (body->bytes[FEED_GZIP] != NULL)
		return 0;
	if (body->bytes[FEED_IDENTITY]->length <= SHORT_BYTES)
		pack_short(body);
	else if (pack->next < body->nblocks)
		return pack_block(pack);
	else
		pack_end(pack);
	return 0;
}

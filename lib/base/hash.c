#include "base/hash.h"

#include <string.h>

#define FNV_OFFSET	UINT64_C(14695981039346656037)
#define FNV_PRIME	UINT64_C(1099511628211)

uint64_t
hash_bytes(const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;
	uint64_t hash = FNV_OFFSET;
	size_t i;

	for (i = 0; i < length; i++)
		hash = (hash ^ byte[i]) * FNV_PRIME;
	return hash;
}

uint64_t
hash_text(const char *text)
{
	return hash_bytes(text, strlen(text));
}

/*
 * hash.h - FNV-1a, 64 bits: for tables, the same in every process.
 *
 * Not for secrets, and not against an opponent who picks the keys.
 * Source: the constants are those of the FNV reference (Fowler, Noll, Vo).
 */
#ifndef KG_BASE_HASH_H
#define KG_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *bytes, size_t length);
uint64_t hash_text(const char *text);

#endif

/*
 * histogram.h - durations, counted in fixed buckets.
 *
 * Adding is one search in a short table and two plain additions, so a hot path may
 * do it. Buckets are not cumulative here: who prints them sums them up.
 *
 * Units:     microseconds. A bucket ends with its bound, which belongs to it; the
 *            last bucket has no bound.
 * Ownership: the caller's storage, all zero at first.
 * Errors:    none; a duration below zero counts as zero.
 */
#ifndef KG_BASE_HISTOGRAM_H
#define KG_BASE_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 21 };

/* Rising. */
extern const int64_t histogram_bounds_us[HISTOGRAM_BUCKETS - 1];

struct histogram {
	uint64_t	bucket[HISTOGRAM_BUCKETS];
	uint64_t	sum_us;
};

void histogram_add(struct histogram *histogram, int64_t duration_us);

#endif

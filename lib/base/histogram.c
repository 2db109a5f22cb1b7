#include "base/histogram.h"

/* From a statement on the same machine to a feed that is asked for once an hour. */
const int64_t histogram_bounds_us[HISTOGRAM_BUCKETS - 1] = {
	100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000,
	500000, 1000000, 2500000, 5000000, 10000000, 30000000, 60000000,
	300000000, INT64_C(3600000000),
};

void
histogram_add(struct histogram *histogram, int64_t duration_us)
{
	int i = 0;

	if (duration_us < 0)
		duration_us = 0;
	while (i < HISTOGRAM_BUCKETS - 1 && duration_us > histogram_bounds_us[i])
		i++;
	histogram->bucket[i]++;
	histogram->sum_us += (uint64_t)duration_us;
}

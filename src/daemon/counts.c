#include "daemon/counts.h"

/* What has no place of its own in the row goes into the last one. */
static void
add_answers(uint64_t *out, const uint64_t kinds[HTTP_STATUSES])
{
	uint64_t all = 0, known = 0, count;
	int i;

	for (i = 0; i < HTTP_STATUSES; i++)
		all += kinds[i];
	for (i = 0; i < SHARED_STATUSES - 1; i++) {
		count = kinds[shared_statuses[i] - HTTP_STATUS_LEAST];
		out[i] += count;
		known += count;
	}
	out[SHARED_STATUSES - 1] += all - known;
}

static void
add_times(uint64_t out[SHARED_COUNTS], enum shared_time time,
    const struct histogram *histogram)
{
	uint64_t *row = out + shared_time_count(time);
	int i;

	for (i = 0; i < HISTOGRAM_BUCKETS; i++)
		row[i] += histogram->bucket[i];
	row[HISTOGRAM_BUCKETS] += histogram->sum_us;
}

void
counts_add_http(uint64_t out[SHARED_COUNTS], const struct http_counts *counts)
{
	int i;

	out[COUNT_CONNECTIONS] += (uint64_t)counts->connections;
	out[COUNT_ACCEPTED] += counts->accepted;
	out[COUNT_REFUSED] += counts->refused;
	out[COUNT_HANDSHAKES] += counts->handshakes;
	out[COUNT_HANDSHAKES_FULL] += counts->handshakes - counts->resumed;
	out[COUNT_RESUMED] += counts->resumed;
	out[COUNT_HANDSHAKE_FAILURES] += counts->handshake_failures;
	out[COUNT_REQUESTS] += counts->requests;
	out[COUNT_BAD_REQUESTS] += counts->bad_requests;
	out[COUNT_TIMEOUTS] += counts->timeouts;
	out[COUNT_BYTES_OUT] += counts->bytes_out;
	for (i = 1; i <= 5; i++)
		out[COUNT_ANSWERS_1XX + i - 1] += counts->answers[i];
	for (i = 0; i < ASKED_KINDS; i++)
		add_answers(out + shared_answer_count(i, 0), counts->kinds[i]);
}

void
counts_add_feed(uint64_t out[SHARED_COUNTS], const struct feed_counts *counts)
{
	out[COUNT_FEED_HITS] += counts->hits;
	out[COUNT_FEED_REBUILDS] += counts->rebuilds;
	out[COUNT_FEED_REBUILD_US] += counts->rebuild_us;
	out[COUNT_FEED_NOT_MODIFIED] += counts->not_modified;
	out[COUNT_FEED_AWAY] += counts->away;
	out[COUNT_FEED_UNKNOWN] += counts->unknown;
	out[COUNT_CACHE_BYTES] += counts->cache_bytes;
	add_times(out, TIME_FEED_REBUILD, &counts->rebuild_times);
	add_times(out, TIME_CHANGE_TO_SERVED, &counts->served_delays);
}

void
counts_add_pool(uint64_t out[SHARED_COUNTS],
    const struct pg_pool_counts *counts)
{
	out[COUNT_STATEMENTS] += counts->calls;
	out[COUNT_STATEMENTS_DONE] += counts->replies[PG_DONE];
	out[COUNT_STATEMENTS_REFUSED] += counts->replies[PG_REFUSED];
	out[COUNT_STATEMENTS_AWAY] += counts->replies[PG_AWAY] +
	    counts->replies[PG_UNSENT];
	out[COUNT_STATEMENTS_LATE] += counts->replies[PG_LATE];
	out[COUNT_STATEMENTS_BUSY] += counts->replies[PG_BUSY];
	out[COUNT_RECONNECTS] += counts->reconnects;
	out[COUNT_POOL_WAITING] += (uint64_t)counts->waiting;
	out[COUNT_POOL_UNDER_WAY] += (uint64_t)counts->under_way;
	add_times(out, TIME_POOL_WAIT, &counts->waits);
}

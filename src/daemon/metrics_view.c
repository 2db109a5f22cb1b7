#include "daemon/metrics_view.h"

#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* The parent needs microseconds to move counts. */
enum { LOOKS_MOST = 1000 };

static const char *const kind_words[ASKED_KINDS] = {
	[ASKED_OTHER] = "other",
	[ASKED_FEED_PUBLIC] = "feed_public",
	[ASKED_FEED_TOKEN] = "feed_token",
	[ASKED_PAGE] = "page",
	[ASKED_API] = "api",
};

/* ---- looking ---- */

static void
add_slot(struct metrics_view *view, struct shared_slot *slot, int64_t now_ms)
{
	struct metrics_process *process =
	    &view->process[atomic_load(&slot->number)];
	int64_t age_ms = now_ms - atomic_load(&slot->heartbeat_ms);
	int i;

	if (!process->lives || age_ms > process->heartbeat_age_ms)
		process->heartbeat_age_ms = age_ms > 0 ? age_ms : 0;
	process->lives = true;
	process->serving |= atomic_load(&slot->serving);
	process->database |= atomic_load(&slot->database);
	for (i = 0; i < SHARED_COUNTS; i++)
		process->count[i] += atomic_load(&slot->count[i]);
}

static void
look(struct metrics_view *view, struct shared *shared)
{
	int64_t now_ms = clock_mono_ms();
	struct shared_slot *slot;
	struct shared_past *past;
	int i, n;

	view->started_s = shared->started_s;
	view->listening = atomic_load(
	    &shared->generations.listening_until_ms) > now_ms;
	view->mails_waiting = atomic_load(&shared->mails_waiting);
	view->changes = generations_changes(&shared->generations);
	for (n = 0; n < SHARED_NUMBERS; n++) {
		past = &shared->past[n];
		view->process[n].starts = atomic_load(&past->starts);
		for (i = 0; i < SHARED_COUNTS; i++)
			view->process[n].count[i] =
			    atomic_load(&past->count[i]);
	}
	for (slot = shared->slot; slot < shared->slot + SHARED_SLOTS; slot++)
		if (atomic_load(&slot->kind) != SHARED_NONE)
			add_slot(view, slot, now_ms);
}

/* Again when the parent has moved counts meanwhile. */
struct metrics_view *
metrics_view_new(struct shared *shared)
{
	struct metrics_view *view = xmalloc(sizeof(*view));
	uint32_t moves;
	int looks;

	for (looks = 0; looks < LOOKS_MOST; looks++) {
		moves = atomic_load(&shared->moves);
		if (moves % 2 == 0) {
			memset(view, 0, sizeof(*view));
			look(view, shared);
			if (atomic_load(&shared->moves) == moves)
				return view;
		}
		sched_yield();
	}
	free(view);
	return NULL;
}

/* ---- writing ---- */

/* The labels that every sample of a process has, at the end. */
static void
add_process(struct buf *out, int number)
{
	buf_addf(out, "process=\"%s\",number=\"%d\"",
	    number == 0 ? "keeper" : "worker", number);
}

static const char *
suffix(const struct metric *metric)
{
	return metric->type == METRIC_COUNTER ? "_total" : "";
}

static void
add_sample(struct buf *out, const struct metric *metric, int number,
    uint64_t value)
{
	buf_addf(out, "%s%s{", metric->name, suffix(metric));
	add_process(out, number);
	buf_addf(out, "} %" PRIu64 "\n", value);
}

void
metrics_write_build(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	(void)view;
	buf_addf(out, "%s_info{version=\"%s\"} 1\n", metric->name, KG_VERSION);
}

void
metrics_write_start(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	buf_addf(out, "%s %" PRId64 "\n", metric->name, view->started_s);
}

void
metrics_write_listening(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	buf_addf(out, "%s %d\n", metric->name, view->listening);
}

void
metrics_write_mails_waiting(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	if (view->mails_waiting < 0)
		buf_addf(out, "%s NaN\n", metric->name);
	else
		buf_addf(out, "%s %" PRId64 "\n", metric->name,
		    view->mails_waiting);
}

void
metrics_write_changes(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	buf_addf(out, "%s_total %" PRIu64 "\n", metric->name, view->changes);
}

void
metrics_write_starts(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	int n;

	for (n = 0; n < SHARED_NUMBERS; n++)
		if (view->process[n].starts > 0)
			add_sample(out, metric, n, view->process[n].starts);
}

void
metrics_write_reconnects(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	int n;

	for (n = 0; n < SHARED_NUMBERS; n++)
		if (view->process[n].starts > 0)
			add_sample(out, metric, n,
			    view->process[n].count[COUNT_RECONNECTS]);
}

void
metrics_write_serving(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	int n;

	for (n = 0; n < SHARED_NUMBERS; n++)
		if (view->process[n].lives)
			add_sample(out, metric, n, view->process[n].serving);
}

void
metrics_write_database(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	int n;

	for (n = 0; n < SHARED_NUMBERS; n++)
		if (view->process[n].lives)
			add_sample(out, metric, n, view->process[n].database);
}

void
metrics_write_heartbeat(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	int64_t age_ms;
	int n;

	for (n = 0; n < SHARED_NUMBERS; n++) {
		if (!view->process[n].lives)
			continue;
		age_ms = view->process[n].heartbeat_age_ms;
		buf_addf(out, "%s{", metric->name);
		add_process(out, n);
		buf_addf(out, "} %" PRId64 ".%03d\n", age_ms / 1000,
		    (int)(age_ms % 1000));
	}
}

static void
write_part(struct buf *out, const struct metric *metric,
    const struct metric_part *part, int number, uint64_t value)
{
	buf_addf(out, "%s%s{", metric->name, suffix(metric));
	if (part->is != NULL)
		buf_addf(out, "%s=\"%s\",", metric->label, part->is);
	add_process(out, number);
	buf_addf(out, "} %" PRIu64 "\n", value);
}

void
metrics_write_parts(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	const struct metric_part *part;
	int n;

	for (n = 1; n < SHARED_NUMBERS; n++) {
		if (view->process[n].starts == 0)
			continue;
		for (part = metric->parts; part->count >= 0; part++)
			write_part(out, metric, part, n,
			    view->process[n].count[part->count]);
	}
}

/* Those whose first one must not be missed, so that a rate can be told at once. */
static bool
is_listed_always(int status)
{
	return status == 200 || status == 304 || status == 503;
}

static void
write_answer(struct buf *out, const struct metric *metric, int kind, int status,
    int number, uint64_t value)
{
	if (value == 0 && !is_listed_always(status))
		return;
	buf_addf(out, "%s%s{kind=\"%s\",code=\"", metric->name, suffix(metric),
	    kind_words[kind]);
	if (status != 0)
		buf_addf(out, "%d\",", status);
	else
		buf_adds(out, "other\",");
	add_process(out, number);
	buf_addf(out, "} %" PRIu64 "\n", value);
}

void
metrics_write_answers(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	int n, kind, nth;

	for (n = 1; n < SHARED_NUMBERS; n++) {
		if (view->process[n].starts == 0)
			continue;
		for (kind = 0; kind < ASKED_KINDS; kind++)
			for (nth = 0; nth < SHARED_STATUSES; nth++)
				write_answer(out, metric, kind,
				    shared_statuses[nth], n,
				    view->process[n].count[
				    shared_answer_count(kind, nth)]);
	}
}

/* "0.0025", "1.0": at least one digit behind the point, and no zero too many. */
static void
add_seconds(struct buf *out, uint64_t duration_us)
{
	char digits[7];
	size_t length = 6;

	snprintf(digits, sizeof(digits), "%06d", (int)(duration_us % 1000000));
	while (length > 1 && digits[length - 1] == '0')
		length--;
	buf_addf(out, "%" PRIu64 ".%.*s", duration_us / 1000000, (int)length,
	    digits);
}

static void
write_histogram(struct buf *out, const struct metric *metric, int number,
    const uint64_t *row)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < HISTOGRAM_BUCKETS; i++) {
		sum += row[i];
		buf_addf(out, "%s_bucket{", metric->name);
		add_process(out, number);
		buf_adds(out, ",le=\"");
		if (i < HISTOGRAM_BUCKETS - 1)
			add_seconds(out, (uint64_t)histogram_bounds_us[i]);
		else
			buf_adds(out, "+Inf");
		buf_addf(out, "\"} %" PRIu64 "\n", sum);
	}
	buf_addf(out, "%s_count{", metric->name);
	add_process(out, number);
	buf_addf(out, "} %" PRIu64 "\n%s_sum{", sum, metric->name);
	add_process(out, number);
	buf_adds(out, "} ");
	add_seconds(out, row[HISTOGRAM_BUCKETS]);
	buf_addc(out, '\n');
}

void
metrics_write_times(struct buf *out, const struct metric *metric,
    const struct metrics_view *view)
{
	int n, at = shared_time_count(metric->parts[0].count);

	for (n = 1; n < SHARED_NUMBERS; n++)
		if (view->process[n].starts > 0)
			write_histogram(out, metric, n,
			    &view->process[n].count[at]);
}

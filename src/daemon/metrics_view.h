/*
 * metrics_view.h - one look at the shared page, and how samples are written from it.
 * The insides of metrics.h.
 *
 * A number is a worker's; the keeper is number 0. During a reload two processes have
 * the same number, and are one in the view.
 */
#ifndef KG_DAEMON_METRICS_VIEW_H
#define KG_DAEMON_METRICS_VIEW_H

#include "daemon/metrics.h"

struct metrics_process {
	uint64_t	starts;		/* 0: there never was one */
	bool		lives, serving, database;
	int64_t		heartbeat_age_ms;	/* of the more silent one */
	uint64_t	count[SHARED_COUNTS];
};

struct metrics_view {
	int64_t			 started_s;
	bool			 listening;
	int64_t			 mails_waiting;
	uint64_t		 changes;
	struct metrics_process	 process[SHARED_NUMBERS];
};

/* Writers of samples; metric.write. */
void metrics_write_build(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);
void metrics_write_start(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);
void metrics_write_mails_waiting(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);
void metrics_write_listening(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);
void metrics_write_changes(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);
/* Of every process. */
void metrics_write_starts(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);
void metrics_write_reconnects(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);
/* Of every living process. */
void metrics_write_serving(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);
void metrics_write_database(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);
void metrics_write_heartbeat(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);
/* Of every worker: the parts; by kind and status; the histogram of parts[0]. */
void metrics_write_parts(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);
void metrics_write_answers(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);
void metrics_write_times(struct buf *out, const struct metric *metric,
    const struct metrics_view *view);

#endif

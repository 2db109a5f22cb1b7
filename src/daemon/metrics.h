/*
 * metrics.h - the state of the daemon in OpenMetrics text, from the shared page.
 *
 * One table names every metric with its type, unit and help; what is answered and
 * kattegat-metrics(5) are both led by it. Counts of a process that has ended stay in
 * the sums of its number, so that no counter goes down while the daemon runs. No
 * label holds anything a visitor or an operator has written.
 *
 * Ownership: a view is one piece of memory, freed with free().
 * Errors:    NULL when the parent was caught moving counts again and again.
 */
#ifndef KG_DAEMON_METRICS_H
#define KG_DAEMON_METRICS_H

#include <stdio.h>

#include "base/buf.h"
#include "daemon/shared.h"

enum metric_type {
	METRIC_INFO, METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM,
};

struct metrics_view;

/* A count as a sample, told apart by a label; `is` NULL: without one. */
struct metric_part {
	const char	*is;
	int		 count;
};

struct metric {
	const char		*name;		/* of the family; ends in the unit */
	enum metric_type	 type;
	const char		*unit;		/* "seconds", "bytes" or "" */
	const char		*labels;	/* their names, for people */
	const char		*help;		/* whole sentences */
	void			(*write)(struct buf *out,
				    const struct metric *metric,
				    const struct metrics_view *view);
	const char		*label;		/* of the parts */
	const struct metric_part *parts;	/* ended by a count below zero */
};

/* Ended by one without a name. */
extern const struct metric metrics_table[];

struct metrics_view *metrics_view_new(struct shared *shared);
/* The whole text, to its "# EOF". */
void metrics_format(struct buf *out, const struct metrics_view *view);
/* Every metric as a section of a manual page, in man(7). */
void metrics_print_man(FILE *out);

#endif

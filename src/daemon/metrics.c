#include <string.h>

#include "daemon/metrics_view.h"

#define PARTS(...)							\
	(const struct metric_part[]){ __VA_ARGS__, { NULL, -1 } }
#define TIMES(time)	PARTS({ NULL, time })

const struct metric metrics_table[] = {
	/* The daemon. */
	{ "kattegat_build", METRIC_INFO, "", "version",
	  "The version that runs.", metrics_write_build, NULL, NULL },
	{ "kattegat_start_time_seconds", METRIC_GAUGE, "seconds", "",
	  "When the daemon was started, in Unix time.", metrics_write_start,
	  NULL, NULL },
	{ "kattegat_listening", METRIC_GAUGE, "", "",
	  "1 while the keeper has lately heard its own word through the "
	  "database. At 0 every feed older than five seconds is built anew "
	  "before it is served.", metrics_write_listening, NULL, NULL },
	{ "kattegat_changes", METRIC_COUNTER, "", "",
	  "Scopes of feeds that were told to have changed.",
	  metrics_write_changes, NULL, NULL },

	{ "kattegat_mails_waiting", METRIC_GAUGE, "", "",
	  "Mails that wait to be sent: all of them without mail_server. "
	  "NaN until the keeper has counted.", metrics_write_mails_waiting,
	  NULL, NULL },

	/* Its processes. */
	{ "kattegat_process_starts", METRIC_COUNTER, "", "process, number",
	  "Processes of this number that were started: one, one more for each "
	  "reload, and one more for each that died.", metrics_write_starts,
	  NULL, NULL },
	{ "kattegat_process_serving", METRIC_GAUGE, "", "process, number",
	  "1 while the process serves, 0 while it begins or drains; no sample "
	  "while there is none.", metrics_write_serving, NULL, NULL },
	{ "kattegat_heartbeat_age_seconds", METRIC_GAUGE, "seconds",
	  "process, number",
	  "Time since the process last gave a sign of life. One comes each "
	  "second; after ten without one the process is replaced.",
	  metrics_write_heartbeat, NULL, NULL },

	/* What is asked. */
	{ "kattegat_requests", METRIC_COUNTER, "",
	  "kind, code, process, number",
	  "Requests that were answered. The kind is feed_public, feed_token, "
	  "page, api, or other: what could not be read, styles, and what came "
	  "without TLS. The code is the status, or other. A code is listed from "
	  "its first answer on; 200, 304 and 503 always are. The share of polls "
	  "that cost no body is that of 304.", metrics_write_answers, NULL,
	  NULL },
	{ "kattegat_bad_requests", METRIC_COUNTER, "", "process, number",
	  "Requests that were refused before anybody looked at what they ask "
	  "for.", metrics_write_parts, NULL, PARTS({ NULL, COUNT_BAD_REQUESTS }) },
	{ "kattegat_timeouts", METRIC_COUNTER, "", "process, number",
	  "Clients that were cut off because they were too slow or silent.",
	  metrics_write_parts, NULL, PARTS({ NULL, COUNT_TIMEOUTS }) },
	{ "kattegat_sent_bytes", METRIC_COUNTER, "bytes", "process, number",
	  "Bytes that were sent to clients, as they go out: with TLS around "
	  "them.", metrics_write_parts, NULL, PARTS({ NULL, COUNT_BYTES_OUT }) },
	{ "kattegat_connections", METRIC_GAUGE, "", "process, number",
	  "Connections that are open.", metrics_write_parts, NULL,
	  PARTS({ NULL, COUNT_CONNECTIONS }) },
	{ "kattegat_connections_accepted", METRIC_COUNTER, "",
	  "process, number", "Connections that were accepted.",
	  metrics_write_parts, NULL, PARTS({ NULL, COUNT_ACCEPTED }) },
	{ "kattegat_connections_refused", METRIC_COUNTER, "",
	  "process, number", "Connections that were closed at once, because "
	  "their address had as many as one may have.", metrics_write_parts,
	  NULL, PARTS({ NULL, COUNT_REFUSED }) },
	{ "kattegat_handshakes", METRIC_COUNTER, "", "kind, process, number",
	  "TLS handshakes that came to their end: full ones, and ones resumed "
	  "with a ticket.", metrics_write_parts, "kind",
	  PARTS({ "full", COUNT_HANDSHAKES_FULL },
	  { "resumed", COUNT_RESUMED }) },
	{ "kattegat_handshake_failures", METRIC_COUNTER, "", "process, number",
	  "TLS handshakes that failed.", metrics_write_parts, NULL,
	  PARTS({ NULL, COUNT_HANDSHAKE_FAILURES }) },

	/* The feeds. */
	{ "kattegat_feed_cache_hits", METRIC_COUNTER, "", "process, number",
	  "Feeds that were answered from memory, without a question to the "
	  "database.", metrics_write_parts, NULL,
	  PARTS({ NULL, COUNT_FEED_HITS }) },
	{ "kattegat_feed_cache_bytes", METRIC_GAUGE, "bytes",
	  "process, number", "Memory of finished feeds.", metrics_write_parts,
	  NULL, PARTS({ NULL, COUNT_CACHE_BYTES }) },
	{ "kattegat_feed_rebuild_seconds", METRIC_HISTOGRAM, "seconds",
	  "process, number",
	  "Time in which a feed was built: from its question to the database to "
	  "its finished body.", metrics_write_times, NULL,
	  TIMES(TIME_FEED_REBUILD) },
	{ "kattegat_feed_change_to_served_seconds", METRIC_HISTOGRAM, "seconds",
	  "process, number",
	  "Time from when the daemon learnt of a change to the first answer of "
	  "this worker that shows it. The wait for somebody to ask is part of "
	  "it.", metrics_write_times, NULL, TIMES(TIME_CHANGE_TO_SERVED) },
	{ "kattegat_feed_away", METRIC_COUNTER, "", "process, number",
	  "Feeds that could not be built because the database was away or too "
	  "slow: answered with the last copy, or 503 without one.",
	  metrics_write_parts, NULL, PARTS({ NULL, COUNT_FEED_AWAY }) },
	{ "kattegat_feed_unknown", METRIC_COUNTER, "", "process, number",
	  "Requests for feeds that do not exist.", metrics_write_parts, NULL,
	  PARTS({ NULL, COUNT_FEED_UNKNOWN }) },

	/* The database. */
	{ "kattegat_database_up", METRIC_GAUGE, "", "process, number",
	  "1 while the process has a connection to the database.",
	  metrics_write_database, NULL, NULL },
	{ "kattegat_database_reconnects", METRIC_COUNTER, "",
	  "process, number", "Connections to the database that were lost and "
	  "made anew.", metrics_write_reconnects, NULL, NULL },
	{ "kattegat_statements", METRIC_COUNTER, "", "outcome, process, number",
	  "Statements that have ended: done; refused by the database; away, when "
	  "there was no connection or it broke; late, when the limit passed; "
	  "busy, when too many waited.", metrics_write_parts, "outcome",
	  PARTS({ "done", COUNT_STATEMENTS_DONE },
	  { "refused", COUNT_STATEMENTS_REFUSED },
	  { "away", COUNT_STATEMENTS_AWAY }, { "late", COUNT_STATEMENTS_LATE },
	  { "busy", COUNT_STATEMENTS_BUSY }) },
	{ "kattegat_pool_statements", METRIC_GAUGE, "",
	  "state, process, number",
	  "Statements now: waiting for a connection, or under way on one.",
	  metrics_write_parts, "state",
	  PARTS({ "waiting", COUNT_POOL_WAITING },
	  { "under_way", COUNT_POOL_UNDER_WAY }) },
	{ "kattegat_pool_wait_seconds", METRIC_HISTOGRAM, "seconds",
	  "process, number",
	  "Time that statements have waited for a connection. One that never got "
	  "one is not among them.", metrics_write_times, NULL,
	  TIMES(TIME_POOL_WAIT) },

	{ NULL, METRIC_INFO, NULL, NULL, NULL, NULL, NULL, NULL },
};

static const struct {
	const char	*word;		/* of OpenMetrics */
	const char	*suffix;	/* of its samples */
} types[] = {
	[METRIC_INFO] = { "info", "_info" },
	[METRIC_COUNTER] = { "counter", "_total" },
	[METRIC_GAUGE] = { "gauge", "" },
	[METRIC_HISTOGRAM] = { "histogram", "" },
};

void
metrics_format(struct buf *out, const struct metrics_view *view)
{
	const struct metric *metric;

	for (metric = metrics_table; metric->name != NULL; metric++) {
		buf_addf(out, "# TYPE %s %s\n", metric->name,
		    types[metric->type].word);
		if (metric->unit[0] != '\0')
			buf_addf(out, "# UNIT %s %s\n", metric->name,
			    metric->unit);
		buf_addf(out, "# HELP %s %s\n", metric->name, metric->help);
		metric->write(out, metric, view);
	}
	buf_adds(out, "# EOF\n");
}

void
metrics_print_man(FILE *out)
{
	const struct metric *metric;

	for (metric = metrics_table; metric->name != NULL; metric++) {
		fprintf(out, ".TP\n.BR %s%s \" (%s", metric->name,
		    types[metric->type].suffix, types[metric->type].word);
		if (metric->unit[0] != '\0')
			fprintf(out, ", %s", metric->unit);
		fprintf(out, ")\"\n%s\n", metric->help);
		if (metric->labels[0] != '\0')
			fprintf(out, ".br\nLabels: %s.\n", metric->labels);
	}
}

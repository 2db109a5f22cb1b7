#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
compare_latency(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* A JSON string; control characters and bytes beyond ASCII become "?". */
static void
put_text(const char *text)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else
			putchar(*text >= ' ' && *text <= '~' ? *text : '?');
	}
	putchar('"');
}

static void
report_latency(const struct load *load)
{
	static const struct {
		const char	*name;
		double		 share;
	} parts[] = {
		{ "p50", 0.5 }, { "p90", 0.9 }, { "p99", 0.99 },
		{ "p999", 0.999 },
	};
	size_t n = (size_t)load->done, i, at;

	printf("\"latency_us\":{");
	if (n > 0 && load->latency_us != NULL) {
		qsort(load->latency_us, n, sizeof(*load->latency_us),
		    compare_latency);
		for (i = 0; i < ARRAY_LEN(parts); i++) {
			at = (size_t)(parts[i].share * (double)n);
			printf("\"%s\":%u,", parts[i].name,
			    load->latency_us[at < n ? at : n - 1]);
		}
		printf("\"max\":%u", load->latency_us[n - 1]);
	}
	printf("},");
}

static void
report_statuses(const struct load *load)
{
	const char *comma = "";
	int status;

	printf("\"status\":{");
	for (status = 0; status < LOAD_STATUSES; status++) {
		if (load->statuses[status] == 0)
			continue;
		printf("%s\"%d\":%lld", comma, status,
		    (long long)load->statuses[status]);
		comma = ",";
	}
	printf("},");
}

static void
report_seen(const struct load *load)
{
	const struct seen_body *seen;
	const char *comma = "";
	size_t i, k;

	printf("\"bodies\":[");
	for (i = 0; i < load->ntargets; i++) {
		for (k = 0; k < load->targets[i].nseen; k++) {
			seen = &load->targets[i].seen[k];
			printf("%s\n{\"path\":", comma);
			put_text(load->targets[i].path);
			printf(",\"etag\":");
			put_text(seen->etag);
			printf(",\"version\":");
			put_text(seen->version);
			printf(",\"sha256\":\"%s\",\"length\":%zu,"
			    "\"count\":%lld,\"first_sent_us\":%lld,"
			    "\"last_sent_us\":%lld}", seen->sha256,
			    seen->length, (long long)seen->count,
			    (long long)seen->first_sent_us,
			    (long long)seen->last_sent_us);
			comma = ",";
		}
	}
	printf("],");
}

static void
report_errors(const struct load *load)
{
	int64_t i;

	printf("\"errors\":%lld,\"error\":[", (long long)load->errors);
	for (i = 0; i < load->errors && i < LOAD_ERRORS_SHOWN; i++) {
		printf("%s\n", i > 0 ? "," : "");
		put_text(load->error[i]);
	}
	printf("]");
}

void
load_report(const struct load *load)
{
	double took_s = (double)(load->ended_us - load->began_us) / 1e6;
	int64_t done = load->counts ? load->done : 0;

	printf("{\"requests\":%lld,\"seconds\":%.6f,\"per_second\":%.1f,",
	    (long long)done, took_s,
	    took_s > 0 ? (double)done / took_s : 0.0);
	printf("\"connections\":%lld,\"handshakes\":%lld,\"resumed\":%lld,"
	    "\"closed_by_server\":%lld,",
	    (long long)load->options.connections,
	    (long long)load->handshakes, (long long)load->resumed,
	    (long long)load->closed_by_server);
	printf("\"tls\":\"%s\",\"cipher\":\"%s\",\"bytes\":%lld,", load->tls,
	    load->cipher, (long long)load->bytes);
	report_statuses(load);
	report_latency(load);
	if (load->options.changing)
		report_seen(load);
	report_errors(load);
	printf("}\n");
	fflush(stdout);
}

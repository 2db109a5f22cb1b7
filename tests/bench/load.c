#include "load.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/text.h"

static const char usage[] =
"Usage: load --connect 127.0.0.1:PORT [OPTION]... [PATH]...\n"
"\n"
"Asks an HTTPS server of this machine for pages, checks every answer, and says in\n"
"JSON how long it took. First every page is asked for once; each later answer\n"
"must have the same bytes. The code is 0, 1 after a wrong answer, 2 after a wrong\n"
"call.\n"
"\n"
"  --connect A:PORT   where the server is; only 127.0.0.0/8\n"
"  --host NAME        name of the server, in TLS and in Host; localhost\n"
"  --authority FILE   certificates that the server's must come from\n"
"  --urls FILE        more paths, one a line; behind a path may stand the SHA-256\n"
"                     that its body must have\n"
"  --connections N    at the same time; 1\n"
"  --requests N       in all; 0 only opens the connections\n"
"  --rate N           a second; otherwise the next follows upon the answer\n"
"  --limit SECONDS    for each phase; 60. What is not finished then is an error\n"
"  --new              each request on a new connection\n"
"  --resume           new connections resume the TLS session of the last one\n"
"  --tls 1.2|1.3      this version of TLS and no other\n"
"  --conditional      ask with the ETag of the first answer, expect 304\n"
"  --gzip             ask for gzip, and expect it\n"
"  --status N         expect this status\n"
"  --field 'NAME: V'  one more header field\n"
"  --changing         the pages may change: the same ETag must mean the same\n"
"                     bytes, and all bodies seen are listed\n"
"  --cold             only the first page is asked for before; the others are new\n"
"                     to the server\n"
"  --save DIR         keeps each body seen in DIR, named by its SHA-256\n"
"  --wait             says \"ready\" before the requests and waits for a line; one\n"
"                     more line, or the end of the input, ends them early; the\n"
"                     connections stay open until the input ends\n"
"  --help             this\n";

void
load_die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fprintf(stderr, "load: ");
	vfprintf(stderr, fmt, args);
	fprintf(stderr, "\n");
	va_end(args);
	exit(2);
}

/* ---- options ---- */

enum option_letter {
	OPT_CONNECT = 256, OPT_HOST, OPT_AUTHORITY, OPT_URLS, OPT_CONNECTIONS,
	OPT_REQUESTS, OPT_RATE, OPT_LIMIT, OPT_NEW, OPT_RESUME, OPT_TLS,
	OPT_CONDITIONAL, OPT_GZIP, OPT_STATUS, OPT_FIELD, OPT_CHANGING,
	OPT_COLD, OPT_SAVE, OPT_WAIT, OPT_HELP,
};

static const struct option option_table[] = {
	{ "connect", required_argument, NULL, OPT_CONNECT },
	{ "host", required_argument, NULL, OPT_HOST },
	{ "authority", required_argument, NULL, OPT_AUTHORITY },
	{ "urls", required_argument, NULL, OPT_URLS },
	{ "connections", required_argument, NULL, OPT_CONNECTIONS },
	{ "requests", required_argument, NULL, OPT_REQUESTS },
	{ "rate", required_argument, NULL, OPT_RATE },
	{ "limit", required_argument, NULL, OPT_LIMIT },
	{ "new", no_argument, NULL, OPT_NEW },
	{ "resume", no_argument, NULL, OPT_RESUME },
	{ "tls", required_argument, NULL, OPT_TLS },
	{ "conditional", no_argument, NULL, OPT_CONDITIONAL },
	{ "gzip", no_argument, NULL, OPT_GZIP },
	{ "status", required_argument, NULL, OPT_STATUS },
	{ "field", required_argument, NULL, OPT_FIELD },
	{ "changing", no_argument, NULL, OPT_CHANGING },
	{ "cold", no_argument, NULL, OPT_COLD },
	{ "save", required_argument, NULL, OPT_SAVE },
	{ "wait", no_argument, NULL, OPT_WAIT },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int64_t
number(const char *option, const char *value, int64_t least, int64_t most)
{
	int64_t n;

	if (text_int(&n, value, least, most) != 0)
		load_die("--%s %s: write a number from %lld to %lld", option,
		    value, (long long)least, (long long)most);
	return n;
}

static int
tls_version(const char *value)
{
	if (strcmp(value, "1.2") == 0)
		return TLS1_2_VERSION;
	if (strcmp(value, "1.3") == 0)
		return TLS1_3_VERSION;
	load_die("--tls %s: write 1.2 or 1.3", value);
}

static void
option_number(struct load_options *options, int letter, const char *value)
{
	if (letter == OPT_CONNECTIONS)
		options->connections = number("connections", value, 1, 50000);
	else if (letter == OPT_REQUESTS)
		options->requests = number("requests", value, 0, 100000000);
	else if (letter == OPT_RATE)
		options->rate = number("rate", value, 1, 1000000);
	else if (letter == OPT_LIMIT)
		options->limit_s = number("limit", value, 1, 86400);
	else if (letter == OPT_STATUS)
		options->status = (int)number("status", value, 200, 599);
	else
		options->tls = tls_version(value);
}

static void
option_take(struct load_options *options, int letter, const char *value)
{
	switch (letter) {
	case OPT_CONNECT:
		options->connect = value;
		break;
	case OPT_HOST:
		options->host = value;
		break;
	case OPT_AUTHORITY:
		options->authority = value;
		break;
	case OPT_URLS:
		options->urls = value;
		break;
	case OPT_FIELD:
		options->field = value;
		break;
	case OPT_SAVE:
		options->save = value;
		break;
	case OPT_NEW:
		options->fresh = true;
		break;
	case OPT_RESUME:
		options->resume = true;
		break;
	case OPT_CONDITIONAL:
		options->conditional = true;
		break;
	case OPT_GZIP:
		options->gzip = true;
		break;
	case OPT_CHANGING:
		options->changing = true;
		break;
	case OPT_COLD:
		options->cold = true;
		break;
	case OPT_WAIT:
		options->wait = true;
		break;
	default:
		option_number(options, letter, value);
		break;
	}
}

/* ---- pages ---- */

static void
target_add(struct load *load, const char *path, const char *sha256)
{
	struct target *target;

	if (path[0] != '/' || strpbrk(path, " \r\n") != NULL)
		load_die("%s: a path begins with / and has no blanks", path);
	load->targets = xreallocarray(load->targets, load->ntargets + 1,
	    sizeof(*load->targets));
	target = &load->targets[load->ntargets++];
	*target = (struct target){ .path = xstrdup(path),
	    .sha256 = xstrdup_null(sha256) };
	target_compose(target, &load->options, false);
}

static void
read_urls(struct load *load, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL, *text, *blank;
	size_t size = 0;

	if (file == NULL)
		load_die("%s: %s", path, strerror(errno));
	while (getline(&line, &size, file) > 0) {
		text = text_trim(line);
		if (*text == '\0' || *text == '#')
			continue;
		if ((blank = strchr(text, ' ')) != NULL)
			*blank++ = '\0';
		target_add(load, text, blank);
	}
	free(line);
	fclose(file);
}

/* ---- main ---- */

static void
allow_descriptors(int64_t connections)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		load_die("getrlimit: %s", strerror(errno));
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    limit.rlim_cur < (rlim_t)connections + 16)
		load_die("--connections %lld: this machine allows %llu open "
		    "files", (long long)connections,
		    (unsigned long long)limit.rlim_cur);
}

static void
parse_call(struct load *load, int argc, char **argv)
{
	struct load_options *options = &load->options;
	int letter;

	while ((letter = getopt_long(argc, argv, "", option_table, NULL)) !=
	    -1) {
		if (letter == OPT_HELP) {
			fputs(usage, stdout);
			exit(0);
		}
		if (letter == '?')
			exit(2);
		option_take(options, letter, optarg);
	}
	if (options->connect == NULL)
		load_die("--connect is missing; see load --help");
	if (options->urls != NULL)
		read_urls(load, options->urls);
	for (; optind < argc; optind++)
		target_add(load, argv[optind], NULL);
	if (load->ntargets == 0)
		load_die("no path is given; see load --help");
}

int
main(int argc, char **argv)
{
	static struct load load = {
		.options = { .host = "localhost", .connections = 1,
		    .limit_s = 60 },
	};
	int64_t i;
	char byte;

	signal(SIGPIPE, SIG_IGN);
	parse_call(&load, argc, argv);
	allow_descriptors(load.options.connections);
	conn_init(&load);
	load_run(&load);
	load_report(&load);
	if (load.options.wait) {
		while (read(STDIN_FILENO, &byte, 1) > 0)
			continue;
	}
	for (i = 0; i < load.options.connections; i++)
		conn_close(&load.conns[i]);
	return load.errors > 0;
}

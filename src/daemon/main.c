/* main.c - kattegatd: what the command line asks for. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "daemon/certificates.h"
#include "daemon/metrics.h"
#include "daemon/options.h"
#include "daemon/parent.h"
#include "daemon/privileges.h"
#include "ical/ical.h"

enum { EXIT_USAGE = 2 };

enum action {
	ACTION_RUN = 'r',
	ACTION_CHECK = 'k',
	ACTION_SAMPLE = 's',
	ACTION_MAN = 'm',
	ACTION_METRICS = 'M',
	ACTION_HELP = 'h',
	ACTION_VERSION = 'V',
};

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "check-config", no_argument, NULL, ACTION_CHECK },
	{ "print-sample", no_argument, NULL, ACTION_SAMPLE },
	{ "print-man", no_argument, NULL, ACTION_MAN },
	{ "print-metrics", no_argument, NULL, ACTION_METRICS },
	{ "help", no_argument, NULL, ACTION_HELP },
	{ "version", no_argument, NULL, ACTION_VERSION },
	{ NULL, 0, NULL, 0 },
};

static const char help[] =
    "Usage: kattegatd [OPTION]...\n"
    "Serves the seminars' calendars over https, in the foreground.\n"
    "\n"
    "  --config FILE    the configuration; without it " OPTIONS_DEFAULT_PATH
    "\n"
    "  --check-config   says what is wrong with it, and ends with 0 or 1\n"
    "  --print-sample   a sample of it: every option with its default\n"
    "  --print-man      the options as a section of a manual page\n"
    "  --print-metrics  the metrics as a section of a manual page\n"
    "  --help           this\n"
    "  --version        which version this is\n"
    "\n"
    "SIGHUP reads the configuration and the certificates anew, without a failed\n"
    "request; SIGTERM ends after the requests under way. See kattegatd(8).\n";

static const char sample_head[] =
    "# The configuration of kattegatd and kattegatctl; see kattegat.conf(5).\n"
    "# Every option stands here with its default. To change one, take the # away\n"
    "# before its name; then kattegatd --check-config, and kattegatctl reload.\n\n";

/* Everything a start would refuse, short of opening sockets. */
static int
check_config(const char *path, struct err *err)
{
	struct http_ticket_keys keys = { .current = 0 };
	struct daemon_conf conf;
	struct identity identity;
	struct http_tls *tls;
	int rc = -1;

	if (options_load(&conf, path, err) != 0)
		return -1;
	if (identity_find(&identity, conf.user, conf.group, err) != 0) {
		options_mistake(path, "user", err);
	} else if (certificates_read(&tls, &conf, path, &keys, err) == 0) {
		http_tls_free(tls);
		rc = 0;
	}
	options_clear(&conf);
	return rc;
}

/* The zone is loaded once, before the processes part. */
static int
run(const char *path)
{
	struct err err;

	if (ical_open(&err) != 0 || parent_run(path, &err) != 0) {
		log_error("%s", err.text);
		return EXIT_FAILURE;
	}
	ical_close();
	return EXIT_SUCCESS;
}

static int
act(enum action action, const char *path)
{
	struct err err;

	switch (action) {
	case ACTION_CHECK:
		if (check_config(path, &err) != 0) {
			fprintf(stderr, "%s\n", err.text);
			return EXIT_FAILURE;
		}
		printf("%s: right\n", path);
		break;
	case ACTION_SAMPLE:
		fputs(sample_head, stdout);
		conf_print_sample(options_table, stdout);
		break;
	case ACTION_MAN:
		conf_print_man(options_table, stdout);
		break;
	case ACTION_METRICS:
		metrics_print_man(stdout);
		break;
	case ACTION_HELP:
		fputs(help, stdout);
		break;
	case ACTION_VERSION:
		printf("kattegatd %s\n", KG_VERSION);
		break;
	case ACTION_RUN:
		return run(path);
	}
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	const char *path = OPTIONS_DEFAULT_PATH;
	enum action action = ACTION_RUN;
	int option;

	log_open("kattegatd", LOG_LEVEL_INFO);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'c')
			path = optarg;
		else if (option != '?')
			action = (enum action)option;
		else
			return EXIT_USAGE;
	}
	if (optind < argc) {
		fprintf(stderr, "kattegatd: %s: no such option; --help lists "
		    "them\n", argv[optind]);
		return EXIT_USAGE;
	}
	return act(action, path);
}

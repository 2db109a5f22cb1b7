/*
 * fuzz_conf.c - libFuzzer target: configuration files of kattegatd.
 *
 * A file that is taken has every number within its limits and is what it says it
 * is when it is asked again; one that is refused says why. What libpq thinks of the
 * database is played. Run by tests/fuzz/run.
 *
 * fuzz: src/daemon/options.c src/daemon/listener.c src/daemon/local.c
 * fuzz: lib/http/network.c lib/http/address.c lib/mail/message.c lib/base/conf.c
 * fuzz: lib/base/buf.c lib/base/err.c lib/base/mem.c lib/base/text.c
 * fuzz: lib/base/hash.c lib/base/log.c -DKG_SYSCONFDIR="/etc"
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/options.h"
#include "pg/pg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const char *
pg_dsn_problem(const char *dsn)
{
	return strchr(dsn, '=') == NULL ? "a word and its value" : NULL;
}

static void
conf_holds(const struct daemon_conf *conf)
{
	const struct conf_option *option;
	const char *at;

	for (option = options_table; option->name != NULL; option++) {
		at = (const char *)conf + option->offset;
		if (option->type == CONF_INT &&
		    (*(const int64_t *)at < option->least ||
		    *(const int64_t *)at > option->most))
			abort();
		if (option->type == CONF_PATH && *(char *const *)at != NULL &&
		    **(char *const *)at != '/')
			abort();
		if (option->type == CONF_CHECKED &&
		    *(char *const *)at != NULL &&
		    option->check(*(char *const *)at) != NULL)
			abort();
	}
	(void)options_log_level(conf);
	(void)options_mail_tls(conf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct daemon_conf conf, again;
	struct err err = { "" };
	char path[64];
	int fd = memfd_create("conf", 0);

	if (fd == -1 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (options_load(&conf, path, &err) == 0) {
		conf_holds(&conf);
		if (options_load(&again, path, &err) != 0 ||
		    conf_changed_fixed(&conf, &again, options_table) != NULL)
			abort();
		options_clear(&again);
		options_clear(&conf);
	} else if (*err.text == '\0') {
		abort();
	}
	close(fd);
	return 0;
}

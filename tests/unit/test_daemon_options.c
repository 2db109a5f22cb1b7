/* The configuration: its table, its messages, its sample, what follows from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "daemon/certificates.h"
#include "daemon/options.h"

static const char *tls_complaint;

/* Stands in for OpenSSL: complains when it is told to. */
int
http_tls_new(struct http_tls **out, const struct http_tls_files *files,
    struct http_ticket_keys *keys, struct err *err)
{
	(void)files;
	(void)keys;
	*out = NULL;
	return tls_complaint == NULL ? 0 : err_set(err, "%s", tls_complaint);
}

static char path[64];

static void
write_file(const char *text)
{
	FILE *file;

	snprintf(path, sizeof(path), "test_daemon_options.%d.conf",
	    (int)getpid());
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int
remove_file(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

/* The file is refused, and the message is FILE, then this. */
static void
assert_refused(const char *text, const char *message)
{
	char *expected;
	struct daemon_conf conf;
	struct err err;

	write_file(text);
	assert_int_equal(options_load(&conf, path, &err), -1);
	expected = xasprintf("%s%s", path, message);
	assert_string_equal(err.text, expected);
	free(expected);
}

static void
test_every_option_has_help_and_a_name_of_its_own(void **state)
{
	const struct conf_option *a, *b;

	(void)state;
	for (a = options_table; a->name != NULL; a++) {
		assert_true(strlen(a->help) > 20);
		assert_int_equal(a->help[strlen(a->help) - 1], '.');
		for (b = options_table; b < a; b++)
			assert_string_not_equal(a->name, b->name);
	}
}

static void
test_no_file_means_every_default(void **state)
{
	struct daemon_conf conf;
	struct err err;

	(void)state;
	assert_int_equal(options_load(&conf, NULL, &err), 0);
	assert_string_equal(conf.listen, "[::]:8443");
	assert_null(conf.listen_clear);
	assert_int_equal(conf.limits.connections, 20000);
	assert_int_equal(conf.limits.idle_ms, 60000);
	assert_false(conf.worker_header);
	options_clear(&conf);
}

static void
test_mail_needs_a_server_a_sender_and_tls_for_a_password(void **state)
{
	struct daemon_conf conf;
	struct err err;

	(void)state;
	write_file("mail_server = [2001:db8::1]:465\nmail_tls = smtps\n"
	    "mail_sender = kurser@example.org\nmail_user = a\n"
	    "mail_password_file = /x\n");
	assert_int_equal(options_load(&conf, path, &err), 0);
	assert_int_equal(options_mail_tls(&conf), MAIL_TLS_SMTPS);
	options_clear(&conf);
	assert_refused("mail_server = smtp.example.org:25\n", ":1: mail_server "
	    "without mail_sender: write whom mails come from");
	assert_refused("mail_user = a\nmail_password_file = /x\n"
	    "mail_tls = none\n", ":1: mail_user without TLS: mail_tls is "
	    "starttls or smtps when a password is sent");
	assert_refused("mail_user = a\n", ":1: mail_user without "
	    "mail_password_file: write both or none");
	assert_refused("mail_server = smtp.example.org\n", ":1: mail_server = "
	    "smtp.example.org: write the host and its port, as in "
	    "smtp.example.org:587");
	assert_refused("mail_sender = A <a@example.org>\n", ":1: mail_sender = "
	    "A <a@example.org>: write an address such as kurser@example.org");
	assert_refused("mail_tls = ssl\n", ":1: mail_tls = ssl: write starttls, "
	    "smtps or none");
}

static void
test_a_database_that_cannot_be_used_is_refused_and_not_repeated(void **state)
{
	(void)state;
	assert_refused("\ndatabase = host=db.example password=geheim\n",
	    ":2: database: write each host as an address or a socket's folder, "
	    "or add hostaddr=");
	assert_refused("database = hots=/tmp\n", ":1: database: write it as "
	    "host=/var/run/postgresql dbname=kattegat user=kattegat, in words "
	    "that libpq knows");
}

/* Takes the comment sign from every `#name = value`. */
static char *
sample_in_force(void)
{
	char *sample, *at;
	size_t size;
	FILE *file = open_memstream(&sample, &size);

	conf_print_sample(options_table, file);
	fclose(file);
	for (at = sample; at != NULL; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (at[0] == '#' && at[1] != ' ')
			at[0] = ' ';
	}
	return sample;
}

static void
test_the_sample_says_the_defaults(void **state)
{
	struct daemon_conf conf, defaults;
	struct conf_option fixed[128];
	char *sample = sample_in_force();
	struct err err;
	size_t n = 0;

	(void)state;
	write_file(sample);
	assert_int_equal(options_load(&conf, path, &err), 0);
	assert_int_equal(options_load(&defaults, NULL, &err), 0);
	/* The comparison looks at fixed options only: let all be fixed. */
	do {
		fixed[n] = options_table[n];
		fixed[n].reloadable = false;
		assert_true(fixed[n].name == NULL ||
		    conf_line(path, fixed[n].name) > 0);
	} while (fixed[n++].name != NULL);
	assert_null(conf_changed_fixed(&conf, &defaults, fixed));
	options_clear(&conf);
	options_clear(&defaults);
	free(sample);
}

static void
test_a_mistake_is_told_with_file_line_and_what_would_be_right(void **state)
{
	(void)state;
	assert_refused("# one\n\nworkers = many\n", ":3: workers = many: write "
	    "a whole number from 0 to 128, in processes");
	assert_refused("listen = 443\n", ":1: listen = 443: write addresses "
	    "with their ports, as in 192.0.2.1:443 or [2001:db8::1]:443 or "
	    "[::]:8443");
	assert_refused("\nbase_url = http://a.dk\n", ":2: base_url = "
	    "http://a.dk: write https:// and the host, with its port unless it "
	    "is 443, and nothing after it");
	assert_refused("log_level = loud\n", ":1: log_level = loud: write "
	    "error, warn, info or debug");
	assert_refused("worker_header = 1\n", ":1: worker_header = 1: write "
	    "yes or no");
	assert_refused("wrokers = 1\n", ":1: wrokers: no such option; "
	    "kattegat.conf(5) lists them");
	assert_refused("hosts = Example.DK\n", ":1: hosts = Example.DK: write "
	    "host names in lower case, separated by blanks");
}

static void
test_options_that_contradict_each_other_are_refused_with_a_line(void **state)
{
	(void)state;
	assert_refused("\ncertificate2 = /a\n", ":2: certificate2 without key2: "
	    "write both or none");
	assert_refused("key =\n", ":1: key is empty: give it a value, or leave "
	    "the line out for its default");
	assert_refused("\nrun_dir = /123456789/123456789/123456789/123456789/"
	    "123456789/123456789/123456789/123456789/123456789/1234567\n",
	    ":2: run_dir = /123456789/123456789/123456789/123456789/123456789/"
	    "123456789/123456789/123456789/123456789/1234567: too long for a "
	    "socket's path; 95 bytes at most");
}

static void
assert_certificate_refused(const char *complaint, const char *message)
{
	struct http_ticket_keys keys = { .current = 0 };
	struct daemon_conf conf;
	struct http_tls *tls;
	struct err err;
	char *expected = xasprintf("%s%s", path, message);

	tls_complaint = complaint;
	assert_int_equal(options_load(&conf, path, &err), 0);
	assert_int_equal(certificates_read(&tls, &conf, path, &keys, &err), -1);
	assert_string_equal(err.text, expected);
	options_clear(&conf);
	free(expected);
}

static void
test_a_bad_certificate_is_told_with_the_line_of_its_option(void **state)
{
	(void)state;
	write_file("certificate = /k/cert\nkey = /k/key\n\n"
	    "certificate2 = /k/key2\nkey2 = /k/key2.pem\n");
	assert_certificate_refused("/k/cert: no certificate in it",
	    ":1: certificate: /k/cert: no certificate in it");
	assert_certificate_refused("/k/key does not belong to it",
	    ":2: key: /k/key does not belong to it");
	assert_certificate_refused("/k/key2: expired",
	    ":4: certificate2: /k/key2: expired");
	assert_certificate_refused("/k/key2.pem: no key in it",
	    ":5: key2: /k/key2.pem: no key in it");
}

static void
test_limits_are_divided_among_workers_and_rounded_up(void **state)
{
	struct daemon_conf conf;
	struct http_limits limits;
	struct err err;

	(void)state;
	write_file("connections = 10\nconnections_per_address = 3\n"
	    "pool_connections = 2\n");
	assert_int_equal(options_load(&conf, path, &err), 0);
	limits = options_worker_limits(&conf, 4);
	assert_int_equal(limits.connections, 3);
	assert_int_equal(limits.connections_per_address, 1);
	assert_int_equal(options_descriptors(&conf, 4, 2),
	    2 * 3 + 2 + OPTIONS_DESCRIPTORS_MORE);
	options_fit(&limits, &conf, 2, 2 * 3 + 2 + OPTIONS_DESCRIPTORS_MORE);
	assert_int_equal(limits.connections, 3);
	options_fit(&limits, &conf, 2, 2 * 2 + 2 + OPTIONS_DESCRIPTORS_MORE);
	assert_int_equal(limits.connections, 2);
	options_fit(&limits, &conf, 2, 10);
	assert_int_equal(limits.connections, 1);
	options_clear(&conf);
}

static void
test_hosts_are_words(void **state)
{
	char text[] = "  a.dk\tb.dk ", blank[] = " ";
	const char **hosts = options_hosts(text);

	(void)state;
	assert_string_equal(hosts[0], "a.dk");
	assert_string_equal(hosts[1], "b.dk");
	assert_null(hosts[2]);
	free(hosts);
	assert_null(options_hosts(blank));
	assert_null(options_hosts(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_every_option_has_help_and_a_name_of_its_own),
		cmocka_unit_test(test_no_file_means_every_default),
		cmocka_unit_test(
		    test_mail_needs_a_server_a_sender_and_tls_for_a_password),
		cmocka_unit_test(
		    test_a_database_that_cannot_be_used_is_refused_and_not_repeated),
		cmocka_unit_test(test_the_sample_says_the_defaults),
		cmocka_unit_test(
		    test_a_mistake_is_told_with_file_line_and_what_would_be_right),
		cmocka_unit_test(
		    test_options_that_contradict_each_other_are_refused_with_a_line),
		cmocka_unit_test(
		    test_a_bad_certificate_is_told_with_the_line_of_its_option),
		cmocka_unit_test(
		    test_limits_are_divided_among_workers_and_rounded_up),
		cmocka_unit_test(test_hosts_are_words),
	};

	return cmocka_run_group_tests(tests, NULL, remove_file);
}

/* Unit tests of src/ctl: tables, the state of migrations, the control socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl/layout.h"
#include "ctl/migration.h"
#include "ctl/tell.h"

static void
assert_prints(const char *const *cells, size_t nrows, const char *expected)
{
	static const struct layout_column columns[] = { { "name", false },
		{ "seats", true } };
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	layout_print(out, columns, 2, cells, nrows, NULL);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void
test_columns_stand_under_each_other_in_any_script(void **state)
{
	const char *const cells[] = { "Hillerød", "9", "北海", "1234567", NULL,
		NULL };

	(void)state;
	assert_prints(cells, 3,
	    "name        seats\n"
	    "Hillerød        9\n"
	    "北海      1234567\n"
	    "-               -\n");
}

static void
test_combining_letters_take_no_room(void **state)
{
	(void)state;
	assert_int_equal(layout_width("e\xcc\x81"), 1);
	assert_int_equal(layout_width("Ærø"), 3);
	assert_int_equal(layout_width("\xff"), 1);
}

static void
test_letters_that_move_the_cursor_become_blanks(void **state)
{
	const char *const cells[] = { "a\033[2Jb\xc2\x9b", "1" };

	(void)state;
	assert_prints(cells, 1,
	    "name     seats\n"
	    "a [2Jb       1\n");
}

/* A table in so many columns. */
static void
assert_fits(size_t limit, const char *first, bool less, const char *expected)
{
	static const struct layout_column columns[] = { { "id", true },
		{ "office", false }, { "starts", false }, { "ends", false },
		{ "title", false } };
	static const char *const cells[] = {
		"7", "AAR", "2027-01-21 09:00", "2027-01-21 12:00",
		"Årsmøde e\xcc\x81 om 北海 og Kattegat",
		"12", "KBH", "2027-01-21 23:00", "2027-01-22 01:00", "Øre",
	};
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_int_equal(layout_print_within(out, columns, 5, cells, 2, first,
	    limit, false), less);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void
test_a_table_is_no_wider_than_the_terminal(void **state)
{
	(void)state;
	/* 0: no limit, nothing is changed */
	assert_fits(0, "id", false,
	    "id  office  starts            ends              title\n"
	    " 7  AAR     2027-01-21 09:00  2027-01-21 12:00  "
	    "Årsmøde e\xcc\x81 om 北海 og Kattegat\n"
	    "12  KBH     2027-01-21 23:00  2027-01-22 01:00  Øre\n");
	/* all of it fits: of the same day only the hour */
	assert_fits(80, "id", false,
	    "id  office  starts            ends              title\n"
	    " 7  AAR     2027-01-21 09:00  12:00             "
	    "Årsmøde e\xcc\x81 om 北海 og Kattegat\n"
	    "12  KBH     2027-01-21 23:00  2027-01-22 01:00  Øre\n");
	/* what is not wanted first goes first */
	assert_fits(70, "id,title,starts,ends", true,
	    "id  starts            ends              title\n"
	    " 7  2027-01-21 09:00  12:00             "
	    "Årsmøde e\xcc\x81 om 北海 og Kattegat\n"
	    "12  2027-01-21 23:00  2027-01-22 01:00  Øre\n");
	/* a letter that is two columns wide is not cut in two */
	assert_fits(57, "id,title,starts,ends", true,
	    "id  starts            ends              title\n"
	    " 7  2027-01-21 09:00  12:00             "
	    "Årsmøde e\xcc\x81 om 北…\n"
	    "12  2027-01-21 23:00  2027-01-22 01:00  Øre\n");
	assert_fits(40, "id,title,starts,ends", true,
	    "id  starts            title\n"
	    " 7  2027-01-21 09:00  Årsmøde e\xcc\x81 om 北海…\n"
	    "12  2027-01-21 23:00  Øre\n");
	assert_fits(6, "title,id", true,
	    "title\nÅrsmø…\nØre\n");
	assert_fits(1, "title", true, "…\n…\n…\n");
}

static void
test_without_ranks_the_left_columns_stay(void **state)
{
	(void)state;
	assert_fits(12, NULL, true, "id  office\n 7  AAR\n12  KBH\n");
}

static void
test_no_blanks_end_a_line(void **state)
{
	const char *const cells[] = { "abc", "" };

	(void)state;
	assert_prints(cells, 1, "name  seats\nabc\n");
}

static const struct sql_script scripts[] = {
	{ "0001_base", "SELECT 1;\n" },
	{ "0002_places", "SELECT 2;\n" },
	{ "0003_more", "SELECT 3;\n" },
	{ NULL, NULL },
};
/* sha256sum of "SELECT 1;\n" and "SELECT 2;\n". */
#define SUM_1	"b4e0497804e46e0a0b0b8c31975b0621" \
	"52d551bac49c3c2e80932567b4085dcd"
#define SUM_2	"a41109d24069b4822ddc5f367b25d484" \
	"dc7e839bff338ce7a3e5da641caacda0"

static void
test_a_migration_is_applied_when_its_text_is_the_same(void **state)
{
	struct migration_list list;
	struct err err;

	(void)state;
	migration_list_init(&list, scripts);
	migration_found(&list, 1, "0001_base", SUM_1, "2026-01-01");
	migration_list_settle(&list);
	assert_int_equal(list.items[0].state, MIGRATION_APPLIED);
	assert_int_equal(list.items[1].state, MIGRATION_PENDING);
	assert_int_equal(list.items[2].state, MIGRATION_PENDING);
	assert_int_equal(migration_check(&list, &err), 0);
	migration_list_clear(&list);
}

static void
test_an_edited_migration_is_named_with_both_checksums(void **state)
{
	struct migration_list list;
	struct err err;

	(void)state;
	migration_list_init(&list, scripts);
	migration_found(&list, 1, "0001_base", SUM_2, "2026-01-01");
	migration_list_settle(&list);
	assert_int_equal(migration_check(&list, &err), -1);
	assert_non_null(strstr(err.text, "0001_base"));
	assert_non_null(strstr(err.text, SUM_1));
	assert_non_null(strstr(err.text, SUM_2));
	migration_list_clear(&list);
}

static void
test_a_database_newer_than_the_program_is_left_alone(void **state)
{
	struct migration_list list;
	struct err err;

	(void)state;
	migration_list_init(&list, scripts);
	migration_found(&list, 4, "0004_future", SUM_1, "2026-01-01");
	migration_list_settle(&list);
	assert_int_equal(list.items[3].state, MIGRATION_UNKNOWN);
	assert_int_equal(migration_check(&list, &err), -1);
	migration_list_clear(&list);
}

static void
test_a_migration_put_between_applied_ones_is_refused(void **state)
{
	struct migration_list list;
	struct err err;

	(void)state;
	migration_list_init(&list, scripts);
	migration_found(&list, 2, "0002_places", SUM_2, "2026-01-01");
	migration_list_settle(&list);
	assert_int_equal(list.items[0].state, MIGRATION_SKIPPED);
	assert_int_equal(list.items[2].state, MIGRATION_PENDING);
	assert_int_equal(migration_check(&list, &err), -1);
	assert_non_null(strstr(err.text, "0001_base is not applied"));
	migration_list_clear(&list);
}

/* A daemon of one answer; without one it stays silent until its end. */
struct daemon {
	char		 folder[32], path[64];
	char		 heard[8192];
	const char	*answer;
	int		 fd;
	pthread_t	 thread;
};

static void *
daemon_main(void *arg)
{
	struct daemon *daemon = arg;
	size_t length = 0;
	ssize_t got;
	int fd = accept(daemon->fd, NULL, NULL);

	do {
		got = recv(fd, daemon->heard + length,
		    sizeof(daemon->heard) - 1 - length, 0);
		length += got > 0 ? (size_t)got : 0;
	} while (got > 0 && strchr(daemon->heard, '\n') == NULL);
	if (daemon->answer != NULL)
		send(fd, daemon->answer, strlen(daemon->answer), MSG_NOSIGNAL);
	else
		recv(fd, &got, sizeof(got), 0);		/* until it hangs up */
	close(fd);
	return NULL;
}

static void
daemon_start(struct daemon *daemon, const char *answer)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	memset(daemon, 0, sizeof(*daemon));
	daemon->answer = answer;
	strcpy(daemon->folder, "/tmp/test_ctl.XXXXXX");
	assert_non_null(mkdtemp(daemon->folder));
	snprintf(daemon->path, sizeof(daemon->path), "%s/control",
	    daemon->folder);
	daemon->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	strcpy(address.sun_path, daemon->path);
	assert_int_equal(bind(daemon->fd, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	assert_int_equal(listen(daemon->fd, 1), 0);
	assert_int_equal(pthread_create(&daemon->thread, NULL, daemon_main,
	    daemon), 0);
}

static void
daemon_end(struct daemon *daemon)
{
	pthread_join(daemon->thread, NULL);
	close(daemon->fd);
	unlink(daemon->path);
	rmdir(daemon->folder);
}

static void
test_seen_is_told_and_answered(void **state)
{
	struct daemon daemon;
	struct err err;

	(void)state;
	daemon_start(&daemon, "ok\n");
	assert_int_equal(tell_seen(daemon.path, "run:3 all", &err), 0);
	daemon_end(&daemon);
	assert_string_equal(daemon.heard, "seen run:3 all\n");
}

static void
test_scopes_that_just_fit_are_told_as_they_are(void **state)
{
	char scopes[TELL_LINE_MOST];
	struct daemon daemon;
	struct err err;

	(void)state;
	/* "seen " and the line's end leave 4090 bytes. */
	memset(scopes, 'a', sizeof(scopes));
	scopes[4090] = '\0';
	daemon_start(&daemon, "ok\n");
	assert_int_equal(tell_seen(daemon.path, scopes, &err), 0);
	daemon_end(&daemon);
	assert_int_equal(strlen(daemon.heard), TELL_LINE_MOST);
}

static void
test_one_byte_more_than_a_line_is_the_epoch(void **state)
{
	char scopes[TELL_LINE_MOST];
	struct daemon daemon;
	struct err err;

	(void)state;
	memset(scopes, 'a', sizeof(scopes));
	scopes[4091] = '\0';
	daemon_start(&daemon, "ok\n");
	assert_int_equal(tell_seen(daemon.path, scopes, &err), 0);
	daemon_end(&daemon);
	assert_string_equal(daemon.heard, "seen *\n");
}

static void
test_no_daemon_is_no_mistake(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(tell_seen("/nonexistent/control", "all", &err), 0);
}

static void
test_a_silent_daemon_is_a_mistake_after_its_limit(void **state)
{
	struct daemon daemon;
	struct err err;
	char *answer;

	(void)state;
	daemon_start(&daemon, NULL);
	assert_int_equal(tell(daemon.path, "status", 50, &answer, &err),
	    TELL_FAILED);
	daemon_end(&daemon);
	assert_non_null(strstr(err.text, "does not answer"));
}

static void
test_a_refusal_by_the_daemon_is_told(void **state)
{
	struct daemon daemon;
	struct err err;

	(void)state;
	daemon_start(&daemon, "refused because\n");
	assert_int_equal(tell_seen(daemon.path, "all", &err), -1);
	daemon_end(&daemon);
	assert_non_null(strstr(err.text, "refused because"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_columns_stand_under_each_other_in_any_script),
		cmocka_unit_test(test_combining_letters_take_no_room),
		cmocka_unit_test(
		    test_letters_that_move_the_cursor_become_blanks),
		cmocka_unit_test(test_a_table_is_no_wider_than_the_terminal),
		cmocka_unit_test(test_without_ranks_the_left_columns_stay),
		cmocka_unit_test(test_no_blanks_end_a_line),
		cmocka_unit_test(
		    test_a_migration_is_applied_when_its_text_is_the_same),
		cmocka_unit_test(
		    test_an_edited_migration_is_named_with_both_checksums),
		cmocka_unit_test(
		    test_a_database_newer_than_the_program_is_left_alone),
		cmocka_unit_test(
		    test_a_migration_put_between_applied_ones_is_refused),
		cmocka_unit_test(test_seen_is_told_and_answered),
		cmocka_unit_test(test_scopes_that_just_fit_are_told_as_they_are),
		cmocka_unit_test(test_one_byte_more_than_a_line_is_the_epoch),
		cmocka_unit_test(test_no_daemon_is_no_mistake),
		cmocka_unit_test(
		    test_a_silent_daemon_is_a_mistake_after_its_limit),
		cmocka_unit_test(test_a_refusal_by_the_daemon_is_told),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("ctl show", tests, NULL, NULL);
}

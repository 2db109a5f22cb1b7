/* The control socket: what a line asks, and whole talks over a real socket. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "daemon/control.h"

struct scene {
	char		 folder[32], path[64];
	struct loop	*loop;
	struct control	*control;
	char		*seen;
	int		 reloads, drained;
};

static void
scene_seen(const char *scopes, void *arg)
{
	struct scene *scene = arg;

	free(scene->seen);
	scene->seen = xstrdup(scopes);
}

static void
scene_status(struct buf *out, void *arg)
{
	(void)arg;
	buf_adds(out, "{\"a\":1}");
}

static void
scene_reload(void *arg)
{
	((struct scene *)arg)->reloads++;
}

static void
scene_drained(void *arg)
{
	((struct scene *)arg)->drained++;
}

static const struct control_hooks hooks = {
	scene_seen, scene_status, scene_reload,
};

static int
scene_begin(void **state)
{
	struct scene *scene = xcalloc(1, sizeof(*scene));
	struct err err;

	strcpy(scene->folder, "/tmp/control-XXXXXX");
	assert_non_null(mkdtemp(scene->folder));
	snprintf(scene->path, sizeof(scene->path), "%s/control", scene->folder);
	scene->loop = loop_new();
	assert_int_equal(control_open(&scene->control, scene->loop, scene->path,
	    &hooks, scene, &err), 0);
	assert_int_equal(control_serve(scene->control, &err), 0);
	*state = scene;
	return 0;
}

static int
scene_end(void **state)
{
	struct scene *scene = *state;

	control_free(scene->control);
	loop_free(scene->loop);
	unlink(scene->path);
	rmdir(scene->folder);
	free(scene->seen);
	free(scene);
	return 0;
}

static int
dial(struct scene *scene)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(address.sun_path, scene->path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	return fd;
}

static void
say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL),
	    (ssize_t)strlen(text));
}

/* Turns the loop until the whole answer and its end are here. */
static void
assert_answer(struct scene *scene, int fd, const char *expected)
{
	char answer[256];
	size_t length = 0;
	ssize_t got;

	for (;;) {
		got = recv(fd, answer + length, sizeof(answer) - 1 - length,
		    MSG_DONTWAIT);
		if (got > 0)
			length += (size_t)got;
		else if (got == 0)
			break;
		else if (errno == EAGAIN)
			loop_turn(scene->loop, true);
		else
			fail_msg("recv: %s", strerror(errno));
	}
	answer[length] = '\0';
	assert_string_equal(answer, expected);
	close(fd);
}

static void
test_lines_are_told_apart(void **state)
{
	const char *scopes = NULL;

	(void)state;
	assert_int_equal(control_line_parse("status", &scopes), CONTROL_STATUS);
	assert_int_equal(control_line_parse("reload", &scopes), CONTROL_RELOAD);
	assert_int_equal(control_line_parse("seen run:4 office:2", &scopes),
	    CONTROL_SEEN);
	assert_string_equal(scopes, "run:4 office:2");
	assert_int_equal(control_line_parse("seen  *", &scopes), CONTROL_SEEN);
	assert_string_equal(scopes, "*");
}

static void
test_what_is_no_request_is_wrong(void **state)
{
	static const char *const wrong[] = { "", "seen", "seen ", "seen  ",
		"status ", "Status", "seen a\tb", "seen a\r", "seenx" };
	const char *scopes = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(control_line_parse(wrong[i], &scopes),
		    CONTROL_WRONG);
}

static void
test_seen_is_answered_after_the_scopes_were_taken(void **state)
{
	struct scene *scene = *state;
	int fd = dial(scene);

	say(fd, "seen run:1 all\n");
	assert_answer(scene, fd, "ok\n");
	assert_string_equal(scene->seen, "run:1 all");
}

static void
test_status_is_one_line(void **state)
{
	struct scene *scene = *state;
	int fd = dial(scene);

	/* In pieces, as a stream may come. */
	say(fd, "sta");
	loop_turn(scene->loop, true);
	loop_turn(scene->loop, true);
	say(fd, "tus\n");
	assert_answer(scene, fd, "{\"a\":1}\n");
}

static void
test_a_reload_is_answered_when_it_is_over(void **state)
{
	struct scene *scene = *state;
	int one = dial(scene), two = dial(scene);
	char c;

	say(one, "reload\n");
	say(two, "reload\n");
	while (scene->reloads < 2)
		loop_turn(scene->loop, true);
	assert_int_equal(recv(one, &c, 1, MSG_DONTWAIT), -1);
	control_reloaded(scene->control, "refused x:1: wrong");
	assert_answer(scene, one, "refused x:1: wrong\n");
	assert_answer(scene, two, "refused x:1: wrong\n");
}

static void
test_nonsense_and_endless_lines_are_refused(void **state)
{
	struct scene *scene = *state;
	char line[CONTROL_LINE_MOST + 2];
	int fd = dial(scene);

	say(fd, "stop\n");
	assert_answer(scene, fd, "refused no such request: write seen SCOPES, "
	    "status or reload\n");
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	fd = dial(scene);
	say(fd, line);
	assert_answer(scene, fd, "refused longer than one line may be\n");
}

static void
test_more_clients_than_there_is_room_for_wait_their_turn(void **state)
{
	struct scene *scene = *state;
	int fds[40], i;

	for (i = 0; i < 40; i++)
		fds[i] = i < 32 ? dial(scene) : -1;
	/* All rooms are taken by those who say nothing yet. */
	for (i = 0; i < 64; i++)
		loop_turn(scene->loop, false);
	for (i = 32; i < 40; i++)
		fds[i] = dial(scene);
	for (i = 0; i < 40; i++)
		say(fds[i], "seen all\n");
	for (i = 0; i < 40; i++)
		assert_answer(scene, fds[i], "ok\n");
}

static void
test_a_successor_takes_the_name_and_nobody_is_lost(void **state)
{
	struct scene *scene = *state;
	struct control *next;
	struct stat st;
	struct err err;
	int early, late;

	early = dial(scene);		/* waits in the old one's queue */
	assert_int_equal(control_open(&next, scene->loop, scene->path, &hooks,
	    scene, &err), 0);
	assert_int_equal(control_serve(next, &err), 0);
	late = dial(scene);
	say(late, "seen late\n");
	control_drain(scene->control, scene_drained, scene);
	assert_int_equal(scene->drained, 0);
	assert_answer(scene, late, "ok\n");
	say(early, "seen early\n");
	assert_answer(scene, early, "ok\n");
	assert_string_equal(scene->seen, "early");
	assert_int_equal(scene->drained, 1);
	control_free(scene->control);
	scene->control = next;
	assert_int_equal(stat(scene->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
}

static void
test_a_path_that_is_too_long_is_refused(void **state)
{
	struct control *control;
	struct loop *loop = loop_new();
	char path[120];
	struct err err;

	(void)state;
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(control_open(&control, loop, path, &hooks, NULL, &err),
	    -1);
	assert_non_null(strstr(err.text, "longer than a socket's path may be"));
	loop_free(loop);
}

#define TALK(test)							\
	cmocka_unit_test_setup_teardown(test, scene_begin, scene_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_are_told_apart),
		cmocka_unit_test(test_what_is_no_request_is_wrong),
		TALK(test_seen_is_answered_after_the_scopes_were_taken),
		TALK(test_status_is_one_line),
		TALK(test_a_reload_is_answered_when_it_is_over),
		TALK(test_nonsense_and_endless_lines_are_refused),
		TALK(test_more_clients_than_there_is_room_for_wait_their_turn),
		TALK(test_a_successor_takes_the_name_and_nobody_is_lost),
		cmocka_unit_test(test_a_path_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

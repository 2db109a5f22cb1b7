/* Unit tests of lib/loop: events come once, in time, and never after their end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "loop/loop.h"
#include "loop/service.h"

/* A pair of sockets, and what an event on the near one said. */
struct scene {
	struct loop		*loop;
	struct loop_event	*event;
	int			 near, far;
	int			 count;
	unsigned int		 what;		/* of the last time */
	unsigned int		 again;		/* fn arms for this */
	bool			 free_in_fn;
	struct loop_event	*disarm;	/* in fn */
};

static void
note(enum loop_what what, void *arg)
{
	struct scene *scene = arg;

	scene->count++;
	scene->what = what;
	if (scene->disarm != NULL)
		loop_event_disarm(scene->disarm);
	if (scene->free_in_fn) {
		loop_event_free(scene->event);
		scene->event = NULL;
	} else if (scene->again != 0) {
		loop_fd_arm(scene->event, scene->again, -1);
	}
}

static int
scene_make(void **state)
{
	struct scene *scene = xcalloc(1, sizeof(*scene));
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
		return -1;
	scene->near = fds[0];
	scene->far = fds[1];
	scene->loop = loop_new();
	scene->event = loop_fd_new(scene->loop, scene->near, note, scene);
	*state = scene;
	return 0;
}

static int
scene_drop(void **state)
{
	struct scene *scene = *state;

	loop_event_free(scene->event);
	loop_free(scene->loop);
	close(scene->near);
	close(scene->far);
	free(scene);
	return 0;
}

static void
say(struct scene *scene)
{
	assert_int_equal(write(scene->far, "x", 1), 1);
}

static void
test_a_descriptor_is_heard_once_until_armed_again(void **state)
{
	struct scene *scene = *state;

	say(scene);
	loop_turn(scene->loop, false);
	assert_int_equal(scene->count, 0);
	loop_fd_arm(scene->event, LOOP_READ, -1);
	assert_true(loop_event_armed(scene->event));
	loop_run(scene->loop);
	assert_int_equal(scene->count, 1);
	assert_int_equal(scene->what, LOOP_READ);
	assert_false(loop_event_armed(scene->event));
	loop_turn(scene->loop, false);
	assert_int_equal(scene->count, 1);
	loop_fd_arm(scene->event, LOOP_READ, -1);
	loop_turn(scene->loop, false);
	assert_int_equal(scene->count, 2);
}

static void
test_an_event_armed_in_its_own_function_goes_on(void **state)
{
	struct scene *scene = *state;

	say(scene);
	scene->again = LOOP_READ;
	loop_fd_arm(scene->event, LOOP_READ, -1);
	loop_turn(scene->loop, false);
	loop_turn(scene->loop, false);
	assert_int_equal(scene->count, 2);
	assert_true(loop_event_armed(scene->event));
	scene->again = LOOP_WRITE;
	loop_turn(scene->loop, false);
	assert_int_equal(scene->what, LOOP_READ);
	loop_turn(scene->loop, false);
	assert_int_equal(scene->what, LOOP_WRITE);
	scene->again = 0;
	loop_run(scene->loop);
	assert_int_equal(scene->count, 5);
}

static void
test_reading_and_writing_come_together(void **state)
{
	struct scene *scene = *state;

	say(scene);
	loop_fd_arm(scene->event, LOOP_READ | LOOP_WRITE, -1);
	loop_run(scene->loop);
	assert_int_equal(scene->count, 1);
	assert_int_equal(scene->what, LOOP_READ | LOOP_WRITE);
}

static void
test_a_silent_descriptor_meets_its_limit(void **state)
{
	struct scene *scene = *state;

	loop_fd_arm(scene->event, LOOP_READ, 1);
	loop_run(scene->loop);
	assert_int_equal(scene->count, 1);
	assert_int_equal(scene->what, LOOP_TIMEOUT);
}

static void
timer_stop(enum loop_what what, void *arg)
{
	assert_int_equal(what, LOOP_TIMEOUT);
	loop_stop(arg);
}

static void
test_an_old_limit_does_not_outlive_its_arming(void **state)
{
	struct scene *scene = *state;
	struct loop_event *timer = loop_timer_new(scene->loop, timer_stop,
	    scene->loop);

	loop_fd_arm(scene->event, LOOP_READ, 1);
	loop_fd_arm(scene->event, LOOP_READ, -1);
	loop_timer_arm(timer, 30);
	loop_run(scene->loop);
	assert_int_equal(scene->count, 0);
	loop_event_free(timer);
}

static void
test_an_event_may_be_freed_in_its_own_function(void **state)
{
	struct scene *scene = *state;

	say(scene);
	scene->free_in_fn = true;
	loop_fd_arm(scene->event, LOOP_READ, -1);
	loop_run(scene->loop);
	assert_int_equal(scene->count, 1);
}

static void
test_what_is_ready_but_disarmed_is_not_called(void **state)
{
	struct scene *scene = *state, other = { 0 };

	other.loop = scene->loop;
	other.event = loop_fd_new(scene->loop, scene->far, note, &other);
	scene->disarm = other.event;
	other.disarm = scene->event;
	say(scene);
	assert_int_equal(write(scene->near, "x", 1), 1);
	loop_fd_arm(scene->event, LOOP_READ, -1);
	loop_fd_arm(other.event, LOOP_READ, -1);
	loop_run(scene->loop);
	assert_int_equal(scene->count + other.count, 1);
	loop_event_free(other.event);
}

struct order {
	char	said[8];
	size_t	length;
};

struct voice {
	struct order	*order;
	char		 letter;
};

static void
voice_fn(enum loop_what what, void *arg)
{
	struct voice *voice = arg;

	(void)what;
	voice->order->said[voice->order->length++] = voice->letter;
}

static void
test_timers_come_in_the_order_of_their_time(void **state)
{
	struct scene *scene = *state;
	struct order order = { "", 0 };
	struct voice voices[] = {
		{ &order, 'c' }, { &order, 'a' }, { &order, 'b' },
	};
	static const int64_t delays_ms[] = { 400, 0, 200 };
	struct loop_event *timers[3];
	size_t i;

	for (i = 0; i < 3; i++) {
		timers[i] = loop_timer_new(scene->loop, voice_fn, &voices[i]);
		loop_timer_arm(timers[i], 5000);
		loop_timer_arm(timers[i], delays_ms[i]);
	}
	loop_run(scene->loop);
	assert_string_equal(order.said, "abc");
	for (i = 0; i < 3; i++)
		loop_event_free(timers[i]);
}

static void
test_a_stop_before_the_run_is_not_lost(void **state)
{
	struct scene *scene = *state;

	say(scene);
	loop_fd_arm(scene->event, LOOP_READ, -1);
	loop_stop(scene->loop);
	loop_run(scene->loop);
	assert_int_equal(scene->count, 0);
	loop_run(scene->loop);
	assert_int_equal(scene->count, 1);
}

static void
test_a_signal_is_heard_each_time(void **state)
{
	struct scene *scene = *state;
	struct loop_event *event = loop_signal_new(scene->loop, SIGUSR1, note,
	    scene);
	int i;

	for (i = 1; i <= 2; i++) {
		raise(SIGUSR1);
		loop_turn(scene->loop, true);
		assert_int_equal(scene->count, i);
	}
	loop_event_free(event);
}

/* Whether the event comes in a child, which drops the parent's and exits. */
static int
child_try(struct scene *scene)
{
	loop_forked(scene->loop);
	loop_fd_arm(scene->event, LOOP_READ, -1);
	loop_turn(scene->loop, false);
	loop_event_free(scene->event);
	loop_free(scene->loop);
	return scene->count == 1 ? 0 : 1;
}

static void
test_a_child_s_loop_leaves_the_parent_s_alone(void **state)
{
	struct scene *scene = *state;
	int status = -1;
	pid_t pid;

	loop_fd_arm(scene->event, LOOP_READ, -1);
	say(scene);
	if ((pid = fork()) == 0)
		_exit(child_try(scene));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	loop_run(scene->loop);
	assert_int_equal(scene->count, 1);
}

/* A service manager's end of NOTIFY_SOCKET. */
static int
manager_open(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path),
	    "/tmp/kg-notify-%ld", (long)getpid());
	assert_true(fd >= 0);
	unlink(address.sun_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	return fd;
}

static void
manager_close(int fd)
{
	unlink(getenv("NOTIFY_SOCKET"));
	unsetenv("NOTIFY_SOCKET");
	close(fd);
}

static void
manager_heard(int fd, const char *words)
{
	char text[256];
	ssize_t length = read(fd, text, sizeof(text) - 1);

	assert_true(length > 0);
	text[length] = '\0';
	assert_string_equal(text, words);
}

static void
test_the_service_manager_is_told(void **state)
{
	int fd = manager_open();

	(void)state;
	service_ready();
	manager_heard(fd, "READY=1");
	clock_set(0, 1234);
	service_reloading();
	clock_release();
	manager_heard(fd, "RELOADING=1\nMONOTONIC_USEC=1234000");
	service_watchdog();
	manager_heard(fd, "WATCHDOG=1");
	service_stopping();
	manager_heard(fd, "STOPPING=1");
	manager_close(fd);
	service_ready();
}

static void
test_the_watchdog_counts_only_when_it_is_ours(void **state)
{
	char pid[32];

	(void)state;
	assert_int_equal(service_watchdog_ms(), 0);
	setenv("WATCHDOG_USEC", "30000000", 1);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(service_watchdog_ms(), 0);
	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	setenv("WATCHDOG_PID", pid, 1);
	assert_int_equal(service_watchdog_ms(), 30000);
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

/* In a child, since the descriptors must be 3 and 4. */
static int
child_takes_sockets(void)
{
	struct err err;
	char pid[32], **names;
	int first;

	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "2", 1);
	setenv("LISTEN_FDNAMES", "secure:clear", 1);
	if (dup2(0, 3) != 3 || dup2(0, 4) != 4)
		return 1;
	if (service_sockets(&first, &names, &err) != 2 || first != 3 ||
	    strcmp(names[0], "secure") != 0 || strcmp(names[1], "clear") != 0)
		return 2;
	service_sockets_free(names);
	return getenv("LISTEN_FDS") == NULL ? 0 : 3;
}

static void
test_passed_sockets_come_with_their_names_once(void **state)
{
	int status = -1;
	pid_t pid;

	(void)state;
	if ((pid = fork()) == 0)
		_exit(child_takes_sockets());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
test_without_systemd_no_socket_is_passed(void **state)
{
	struct err err;
	char **names;
	int first;

	(void)state;
	assert_int_equal(service_sockets(&first, &names, &err), 0);
	service_sockets_free(names);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, scene_make, \
			    scene_drop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_descriptor_is_heard_once_until_armed_again),
		TEST(test_an_event_armed_in_its_own_function_goes_on),
		TEST(test_reading_and_writing_come_together),
		TEST(test_a_silent_descriptor_meets_its_limit),
		TEST(test_an_old_limit_does_not_outlive_its_arming),
		TEST(test_an_event_may_be_freed_in_its_own_function),
		TEST(test_what_is_ready_but_disarmed_is_not_called),
		TEST(test_timers_come_in_the_order_of_their_time),
		TEST(test_a_stop_before_the_run_is_not_lost),
		TEST(test_a_signal_is_heard_each_time),
		TEST(test_a_child_s_loop_leaves_the_parent_s_alone),
		cmocka_unit_test(test_the_service_manager_is_told),
		cmocka_unit_test(test_the_watchdog_counts_only_when_it_is_ours),
		cmocka_unit_test(test_passed_sockets_come_with_their_names_once),
		cmocka_unit_test(test_without_systemd_no_socket_is_passed),
	};

	unsetenv("NOTIFY_SOCKET");
	unsetenv("LISTEN_FDS");
	alarm(120);	/* a loop that turns for ever is a failure too */
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * The real parent with workers and a keeper of the test: forked, killed, reloaded
 * and ended for real. A worker answers each connection with its pid; the keeper
 * writes its own into a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>

#include "base/clock.h"
#include "base/log.h"
#include "daemon/certificates.h"
#include "daemon/parent.h"
#include "daemon/process.h"

enum { LIMIT_MS = 60000, LISTEN_FD = 3, KEEPER_LINE = 8 };

/* Without TLS and a database. */
int
http_tls_new(struct http_tls **out, const struct http_tls_files *files,
    struct http_ticket_keys *keys, struct err *err)
{
	(void)files;
	(void)keys;
	(void)err;
	*out = NULL;
	return 0;
}

void
http_tls_free(struct http_tls *tls)
{
	(void)tls;
}

int
http_ticket_keys_rotate(struct http_ticket_keys *keys, struct err *err)
{
	(void)keys;
	(void)err;
	return 0;
}

/* A process of the test. */
struct fake {
	const struct process_task *task;
	struct process		*process;
	struct loop_event	*accept;
};

static void
fake_beat(void *arg)
{
	(void)arg;
}

static void
fake_accept(enum loop_what what, void *arg)
{
	struct fake *fake = arg;
	int listen_fd = fake->task->listeners->at[0].fd, fd;
	char pid[16];

	(void)what;
	fd = accept(listen_fd, NULL, NULL);
	if (fd >= 0) {
		snprintf(pid, sizeof(pid), "%d", (int)getpid());
		if (send(fd, pid, strlen(pid), MSG_NOSIGNAL) < 0)
			log_error("send: %s", strerror(errno));
		close(fd);
	}
	loop_fd_arm(fake->accept, LOOP_READ, -1);
}

static void
fake_word(const char *word, void *arg)
{
	struct fake *fake = arg;

	if (strcmp(word, "serve") == 0) {
		if (fake->accept != NULL)
			loop_fd_arm(fake->accept, LOOP_READ, -1);
		process_say(fake->process, "serving");
	} else if (strcmp(word, "drain") == 0 || strcmp(word, "stop") == 0) {
		loop_event_free(fake->accept);
		fake->accept = NULL;
		listeners_close(fake->task->listeners);
		process_say(fake->process, "draining");
		process_end(fake->process);
	}
}

static int
fake_run(const struct process_task *task, bool worker)
{
	static const struct process_hooks hooks = { fake_beat, fake_word };
	struct fake fake = { .task = task };

	fake.process = process_new(task, &hooks, &fake);
	if (worker)
		fake.accept = loop_fd_new(process_loop(fake.process),
		    task->listeners->at[0].fd, fake_accept, &fake);
	process_say(fake.process, "ready");
	process_run(fake.process);
	loop_event_free(fake.accept);
	process_free(fake.process);
	return 0;
}

int
worker_run(const struct process_task *task)
{
	if (task->conf->hosts != NULL && strcmp(task->conf->hosts, "dies") == 0)
		return 1;
	return fake_run(task, true);
}

/* A line for each life; the last one is whole when it can be read. */
int
keeper_run(const struct process_task *task)
{
	char *path = xasprintf("%s/keeper", task->conf->run_dir), line[16];
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	ssize_t written;

	snprintf(line, sizeof(line), "%7d\n", (int)getpid());
	written = write(fd, line, KEEPER_LINE);
	close(fd);
	free(path);
	return written == KEEPER_LINE ? fake_run(task, false) : 1;
}

/* The test's side: a folder, a service manager's socket, the daemon. */
struct scene {
	char			folder[32], conf[64], keeper[64];
	int			notify;
	struct sockaddr_in	address;
	pid_t			daemon;
};

static void
write_conf(struct scene *scene, const char *more)
{
	FILE *file = fopen(scene->conf, "w");

	assert_non_null(file);
	fprintf(file, "workers = 2\nuser = nobody\nrun_dir = %s/run\n"
	    "log_level = error\nconnections = 10\n%s", scene->folder, more);
	fclose(file);
}

static int
notify_open(struct scene *scene)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify",
	    scene->folder);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	assert_int_equal(chmod(address.sun_path, 0666), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	return fd;
}

static void __attribute__((noreturn))
daemon_live(struct scene *scene, int listen_fd)
{
	char pid[16];
	struct err err;

	assert_int_equal(dup2(listen_fd, LISTEN_FD), LISTEN_FD);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
	setenv("WATCHDOG_PID", pid, 1);
	setenv("WATCHDOG_USEC", "400000", 1);
	log_open("kattegatd", LOG_LEVEL_ERROR);
	if (parent_run(scene->conf, &err) != 0) {
		log_error("%s", err.text);
		_exit(1);
	}
	_exit(0);
}

static int
scene_begin(void **state)
{
	struct scene *scene = xcalloc(1, sizeof(*scene));
	socklen_t length = sizeof(scene->address);
	int fd;

	strcpy(scene->folder, "/tmp/parent-XXXXXX");
	assert_non_null(mkdtemp(scene->folder));
	assert_int_equal(chmod(scene->folder, 0755), 0);
	snprintf(scene->conf, sizeof(scene->conf), "%s/conf", scene->folder);
	snprintf(scene->keeper, sizeof(scene->keeper), "%s/run/keeper",
	    scene->folder);
	write_conf(scene, "");
	scene->notify = notify_open(scene);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	scene->address.sin_family = AF_INET;
	scene->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&scene->address, length),
	    0);
	assert_int_equal(listen(fd, 100), 0);
	getsockname(fd, (struct sockaddr *)&scene->address, &length);
	fflush(NULL);
	scene->daemon = fork();
	if (scene->daemon == 0)
		daemon_live(scene, fd);
	close(fd);
	*state = scene;
	return 0;
}

static int
scene_end(void **state)
{
	struct scene *scene = *state;
	char path[96];

	if (scene->daemon > 0) {
		kill(scene->daemon, SIGKILL);
		waitpid(scene->daemon, NULL, 0);
	}
	close(scene->notify);
	unlink(scene->conf);
	unlink(scene->keeper);
	snprintf(path, sizeof(path), "%s/run", scene->folder);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/notify", scene->folder);
	unlink(path);
	rmdir(scene->folder);
	free(scene);
	return 0;
}

/* Waits until the daemon has told this; forgets what it told before. */
static void
wait_told(struct scene *scene, const char *word)
{
	int64_t end_ms = clock_mono_ms() + LIMIT_MS;
	struct pollfd pollfd = { .fd = scene->notify, .events = POLLIN };
	char told[256];
	ssize_t length;

	while (clock_mono_ms() < end_ms) {
		if (poll(&pollfd, 1, 100) <= 0)
			continue;
		length = recv(scene->notify, told, sizeof(told) - 1, 0);
		assert_true(length > 0);
		told[length] = '\0';
		if (strncmp(told, word, strlen(word)) == 0)
			return;
	}
	fail_msg("never told %s", word);
}

/* The pid of the worker that answers now, or 0 when nobody does. */
static pid_t
ask(struct scene *scene)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct timeval limit = { .tv_sec = LIMIT_MS / 1000 };
	char answer[16];
	ssize_t got = -1;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&scene->address,
	    sizeof(scene->address)) == 0)
		got = recv(fd, answer, sizeof(answer) - 1, 0);
	close(fd);
	if (got <= 0)
		return 0;
	answer[got] = '\0';
	return (pid_t)atoi(answer);
}

/*
 * Asks until a worker other than these answers. Which one wakes first is the
 * kernel's choice: one that is stopped does not.
 */
static pid_t
ask_other(struct scene *scene, pid_t a, pid_t b)
{
	int64_t end_ms = clock_mono_ms() + LIMIT_MS;
	pid_t pid;

	if (a != 0)
		kill(a, SIGSTOP);
	do {
		pid = ask(scene);
	} while ((pid == 0 || pid == a || pid == b) &&
	    clock_mono_ms() < end_ms);
	if (a != 0)
		kill(a, SIGCONT);
	assert_true(pid != 0 && pid != a && pid != b);
	return pid;
}

/* How many keepers have begun, and who was the last. */
static int
keepers(struct scene *scene, pid_t *last)
{
	FILE *file = fopen(scene->keeper, "r");
	char line[KEEPER_LINE + 1];
	int n = 0;

	*last = 0;
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		*last = (pid_t)atoi(line);
		n++;
	}
	if (file != NULL)
		fclose(file);
	return n;
}

/* Whether the process ends, or has become nobody's, in time. */
static bool
ends_within(pid_t pid, int64_t limit_ms)
{
	int64_t end_ms = clock_mono_ms() + limit_ms;
	struct timespec pause = { .tv_nsec = 5000000 };

	while (clock_mono_ms() < end_ms) {
		if (kill(pid, 0) != 0 && errno == ESRCH)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

static void
test_ready_is_told_when_workers_answer(void **state)
{
	struct scene *scene = *state;
	pid_t one, two;

	wait_told(scene, "READY=1");
	one = ask(scene);
	assert_true(one > 0);
	two = ask_other(scene, one, 0);
	assert_true(two != scene->daemon && one != scene->daemon);
	wait_told(scene, "WATCHDOG=1");
	wait_told(scene, "WATCHDOG=1");
}

static void
test_a_killed_worker_is_replaced(void **state)
{
	struct scene *scene = *state;
	pid_t one, two;

	wait_told(scene, "READY=1");
	one = ask(scene);
	two = ask_other(scene, one, 0);
	/* Older than a second, so that it is no death in the cradle. */
	wait_told(scene, "WATCHDOG=1");
	kill(one, SIGKILL);
	ask_other(scene, two, one);
}

static void
test_a_killed_keeper_is_replaced(void **state)
{
	struct scene *scene = *state;
	int64_t end_ms = clock_mono_ms() + LIMIT_MS;
	pid_t before, last;

	wait_told(scene, "READY=1");
	assert_int_equal(keepers(scene, &before), 1);
	kill(before, SIGKILL);
	while (keepers(scene, &last) < 2 && clock_mono_ms() < end_ms)
		assert_true(ask(scene) > 0);
	assert_true(last != before);
}

static void
test_nobody_outlives_the_parent(void **state)
{
	struct scene *scene = *state;
	pid_t one, two, keeper;

	wait_told(scene, "READY=1");
	one = ask(scene);
	two = ask_other(scene, one, 0);
	keepers(scene, &keeper);
	/* One that hangs cannot be asked to end. */
	kill(two, SIGSTOP);
	kill(scene->daemon, SIGKILL);
	waitpid(scene->daemon, NULL, 0);
	scene->daemon = 0;
	assert_true(ends_within(one, LIMIT_MS));
	assert_true(ends_within(two, LIMIT_MS));
	assert_true(ends_within(keeper, LIMIT_MS));
	assert_int_equal(ask(scene), 0);
}

static void
test_a_reload_replaces_everybody_and_fails_no_connection(void **state)
{
	struct scene *scene = *state;
	pid_t one, two, pid;
	int news = 0;

	wait_told(scene, "READY=1");
	one = ask(scene);
	two = ask_other(scene, one, 0);
	kill(scene->daemon, SIGHUP);
	while (news < 20) {
		pid = ask(scene);
		assert_true(pid > 0);
		news += pid != one && pid != two;
	}
	wait_told(scene, "RELOADING=1");
	wait_told(scene, "READY=1");
	assert_true(ends_within(one, LIMIT_MS));
	assert_true(ends_within(two, LIMIT_MS));
}

static void
test_reloads_in_a_row_leave_two_workers_that_answer(void **state)
{
	struct scene *scene = *state;
	pid_t one, two, last;
	int i;

	wait_told(scene, "READY=1");
	for (i = 0; i < 5; i++) {
		/* A refused one in between: it must not take anybody's place. */
		write_conf(scene, i == 2 ? "hosts = dies\n" : "");
		kill(scene->daemon, SIGHUP);
		wait_told(scene, "RELOADING=1");
		wait_told(scene, "READY=1");
	}
	one = ask(scene);
	two = ask_other(scene, one, 0);
	assert_true(one > 0 && two > 0);
	/* None has begun that nobody asked for. */
	assert_true(keepers(scene, &last) <= 1 + 5);
}

static void
test_a_broken_file_leaves_everybody_in_place(void **state)
{
	struct scene *scene = *state;
	pid_t one, two, pid;
	int i;

	wait_told(scene, "READY=1");
	one = ask(scene);
	two = ask_other(scene, one, 0);
	write_conf(scene, "workers = many\n");
	kill(scene->daemon, SIGHUP);
	wait_told(scene, "RELOADING=1");
	wait_told(scene, "READY=1");
	for (i = 0; i < 20; i++) {
		pid = ask(scene);
		assert_true(pid == one || pid == two);
	}
}

static void
test_sigterm_ends_everybody_with_status_zero(void **state)
{
	struct scene *scene = *state;
	pid_t one;
	int status;

	wait_told(scene, "READY=1");
	one = ask(scene);
	kill(scene->daemon, SIGTERM);
	wait_told(scene, "STOPPING=1");
	assert_int_equal(waitpid(scene->daemon, &status, 0), scene->daemon);
	scene->daemon = 0;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(ends_within(one, 1000));
	assert_int_equal(ask(scene), 0);
}

#define LIVE(test)							\
	cmocka_unit_test_setup_teardown(test, scene_begin, scene_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(test_ready_is_told_when_workers_answer),
		LIVE(test_a_killed_worker_is_replaced),
		LIVE(test_a_killed_keeper_is_replaced),
		LIVE(test_nobody_outlives_the_parent),
		LIVE(test_a_reload_replaces_everybody_and_fails_no_connection),
		LIVE(test_reloads_in_a_row_leave_two_workers_that_answer),
		LIVE(test_a_broken_file_leaves_everybody_in_place),
		LIVE(test_sigterm_ends_everybody_with_status_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A reload, step by step: what the parent does with its crews, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "daemon/certificates.h"
#include "daemon/channel.h"
#include "daemon/parent.h"
#include "loop/service.h"

/* What the crews are like, and a diary of what was done to them. */
static bool living, ready, serving, drained;
static const char *tls_complaint;
static char diary[512];

static void
write_down(const char *what)
{
	size_t length = strlen(diary);

	snprintf(diary + length, sizeof(diary) - length, "%s%s",
	    length > 0 ? ", " : "", what);
}

/* The diary since the last look. */
static void
assert_done(const char *expected)
{
	assert_string_equal(diary, expected);
	diary[0] = '\0';
}

int
certificates_read(struct http_tls **out, const struct daemon_conf *conf,
    const char *path, struct http_ticket_keys *keys, struct err *err)
{
	(void)conf;
	(void)path;
	(void)keys;
	*out = NULL;
	return tls_complaint == NULL ? 0 : err_set(err, "%s", tls_complaint);
}

void
http_tls_free(struct http_tls *tls)
{
	(void)tls;
}

struct crew *
crew_new(struct parent *parent, const struct daemon_conf *conf,
    struct http_tls *tls, enum crew_state state)
{
	struct crew *crew = xcalloc(1, sizeof(*crew));

	(void)tls;
	crew->parent = parent;
	crew->conf = *conf;
	crew->state = state;
	crew->nchildren = 3;
	return crew;
}

void
crew_enter(struct crew *crew, enum crew_state state)
{
	crew->state = state;
	write_down(state == CREW_SERVING ? "new serves" :
	    state == CREW_DRAINING ? "old drains" : "ends");
}

void
crew_say(struct crew *crew, enum shared_kind kind, const char *word)
{
	(void)crew;
	write_down(kind == SHARED_KEEPER ? "keeper:" :
	    kind == SHARED_WORKER ? "workers:" : "all:");
	write_down(word);
}

void
crew_start_due(struct crew *crew)
{
	(void)crew;
	write_down("fork");
}

void
crew_serve_due(struct crew *crew)
{
	(void)crew;
}

void
crew_kill(struct crew *crew)
{
	(void)crew;
	write_down("kill");
}

bool
crew_all_living(const struct crew *crew)
{
	(void)crew;
	return living;
}

bool
crew_all_ready(const struct crew *crew)
{
	(void)crew;
	return ready;
}

bool
crew_all_serving(const struct crew *crew)
{
	(void)crew;
	return serving;
}

bool
crew_workers_drain(const struct crew *crew)
{
	(void)crew;
	return drained;
}

void
service_ready(void)
{
	write_down("READY");
}

void
service_reloading(void)
{
	write_down("RELOADING");
}

/* A parent that serves, one keeper of which asks; the other end hears. */
struct scene {
	struct parent	parent;
	struct shared	shared;
	struct child	keeper;
	int		ear;
	char		path[64];
};

static void
write_conf(struct scene *scene, const char *text)
{
	FILE *file = fopen(scene->path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int
scene_begin(void **state)
{
	struct scene *scene = xcalloc(1, sizeof(*scene));
	struct daemon_conf conf;
	struct err err;
	int fds[2];

	snprintf(scene->path, sizeof(scene->path), "test_daemon_reload.%d.conf",
	    (int)getpid());
	write_conf(scene, "workers = 2\n");
	assert_int_equal(options_load(&conf, scene->path, &err), 0);
	assert_int_equal(channel_pair(fds, &err), 0);
	scene->parent.conf_path = scene->path;
	scene->parent.shared = &scene->shared;
	scene->parent.current = crew_new(&scene->parent, &conf, NULL,
	    CREW_SERVING);
	scene->keeper.pid = 1;
	scene->keeper.fd = fds[0];
	scene->ear = fds[1];
	living = true;
	ready = serving = drained = false;
	tls_complaint = NULL;
	diary[0] = '\0';
	clock_set(1000, 0);
	log_open("test", LOG_LEVEL_ERROR);
	*state = scene;
	return 0;
}

static void
free_crew(struct crew *crew)
{
	if (crew != NULL)
		options_clear(&crew->conf);
	free(crew);
}

static int
scene_end(void **state)
{
	struct scene *scene = *state;

	free_crew(scene->parent.current);
	free_crew(scene->parent.next);
	free_crew(scene->parent.old);
	close(scene->keeper.fd);
	close(scene->ear);
	unlink(scene->path);
	free(scene);
	clock_release();
	return 0;
}

static void
assert_answered(struct scene *scene, const char *expected)
{
	char word[CHANNEL_WORD_SIZE];

	assert_int_equal(channel_hear(scene->ear, word), 1);
	assert_string_equal(word, expected);
}

static void
assert_silent(struct scene *scene)
{
	char word[CHANNEL_WORD_SIZE];

	assert_int_equal(channel_hear(scene->ear, word), 0);
}

static void
test_old_workers_drain_only_after_the_new_ones_accept(void **state)
{
	struct scene *scene = *state;
	struct parent *parent = &scene->parent;
	struct crew *before = parent->current;

	reload_begin(parent, &scene->keeper);
	assert_done("RELOADING, fork");
	reload_act(parent);
	assert_done("");
	ready = true;
	reload_act(parent);
	assert_done("new serves");
	assert_ptr_equal(parent->old, before);
	assert_ptr_not_equal(parent->current, before);
	reload_act(parent);
	assert_done("");
	serving = true;
	reload_act(parent);
	assert_done("old drains, workers:, drain");
	assert_silent(scene);
	reload_act(parent);
	assert_done("");
	drained = true;
	reload_act(parent);
	assert_done("READY, keeper:, drain");
	assert_answered(scene, "answer ok");
	assert_int_equal(parent->reload.state, RELOAD_NONE);
}

static void
test_a_mistake_in_the_file_changes_nothing(void **state)
{
	struct scene *scene = *state;
	struct parent *parent = &scene->parent;
	struct crew *before = parent->current;
	char *expected = xasprintf("answer refused %s:2: workers = x: write a "
	    "whole number from 0 to 128, in processes", scene->path);

	write_conf(scene, "\nworkers = x\n");
	reload_begin(parent, &scene->keeper);
	assert_done("RELOADING, READY");
	assert_answered(scene, expected);
	assert_ptr_equal(parent->current, before);
	assert_null(parent->next);
	assert_int_equal(parent->reload.state, RELOAD_NONE);
	free(expected);
}

static void
test_a_bad_certificate_changes_nothing(void **state)
{
	struct scene *scene = *state;

	tls_complaint = "x:1: certificate: /c: no certificate in it";
	reload_begin(&scene->parent, &scene->keeper);
	assert_done("RELOADING, READY");
	assert_answered(scene, "answer refused x:1: certificate: /c: no "
	    "certificate in it");
}

static void
test_an_option_that_takes_a_restart_is_refused_with_its_line(void **state)
{
	struct scene *scene = *state;
	char *expected = xasprintf("answer refused %s:2: run_dir: a change "
	    "takes a restart; put the old value back, or restart", scene->path);

	write_conf(scene, "workers = 2\nrun_dir = /other\n");
	reload_begin(&scene->parent, &scene->keeper);
	assert_answered(scene, expected);
	assert_null(scene->parent.next);
	free(expected);
}

static void
test_a_crew_that_is_not_ready_in_time_is_given_up(void **state)
{
	struct scene *scene = *state;
	struct parent *parent = &scene->parent;
	struct crew *before = parent->current;

	reload_begin(parent, &scene->keeper);
	clock_set(1000, PARENT_READY_LIMIT_MS);
	reload_act(parent);
	assert_silent(scene);
	diary[0] = '\0';
	clock_set(1000, PARENT_READY_LIMIT_MS + 1);
	reload_act(parent);
	assert_done("ends, kill, READY");
	assert_answered(scene, "answer refused the new workers got no answer "
	    "from the database within 10 s");
	assert_ptr_equal(parent->current, before);
	assert_int_equal(before->state, CREW_SERVING);
}

static void
test_a_crew_that_dies_is_given_up(void **state)
{
	struct scene *scene = *state;

	reload_begin(&scene->parent, &scene->keeper);
	living = false;
	reload_act(&scene->parent);
	assert_done("RELOADING, fork, ends, kill, READY");
	assert_answered(scene, "answer refused a new process ended at once; see "
	    "the lines above");
}

static void
test_a_third_crew_waits_until_the_oldest_has_ended(void **state)
{
	struct scene *scene = *state;
	struct parent *parent = &scene->parent;
	struct daemon_conf conf;
	struct err err;

	assert_int_equal(options_load(&conf, scene->path, &err), 0);
	parent->old = crew_new(parent, &conf, NULL, CREW_DRAINING);
	reload_begin(parent, &scene->keeper);
	assert_done("RELOADING, ends, all:, stop");
	reload_act(parent);
	assert_done("");
	assert_null(parent->next);
	free_crew(parent->old);
	parent->old = NULL;
	reload_act(parent);
	assert_done("fork");
	assert_non_null(parent->next);
}

static void
test_who_waits_for_a_reload_is_told_of_the_end_of_the_daemon(void **state)
{
	struct scene *scene = *state;

	reload_begin(&scene->parent, &scene->keeper);
	reload_give_up(&scene->parent);
	assert_answered(scene, "answer refused the daemon is ending");
	assert_int_equal(scene->parent.reload.state, RELOAD_NONE);
}

#define STEP(test)							\
	cmocka_unit_test_setup_teardown(test, scene_begin, scene_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STEP(test_old_workers_drain_only_after_the_new_ones_accept),
		STEP(test_a_mistake_in_the_file_changes_nothing),
		STEP(test_a_bad_certificate_changes_nothing),
		STEP(test_an_option_that_takes_a_restart_is_refused_with_its_line),
		STEP(test_a_crew_that_is_not_ready_in_time_is_given_up),
		STEP(test_a_crew_that_dies_is_given_up),
		STEP(test_a_third_crew_waits_until_the_oldest_has_ended),
		STEP(test_who_waits_for_a_reload_is_told_of_the_end_of_the_daemon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

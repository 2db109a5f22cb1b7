#include "daemon/process.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "daemon/channel.h"

enum { BEAT_MS = 1000 };

struct process {
	const struct process_task	*task;
	struct process_hooks		 hooks;
	void				*arg;
	struct loop			*loop;
	struct loop_event		*beat, *channel, *term;
};

void
process_tie(pid_t parent)
{
	/* The second look is for a parent that died before the first line. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(1);
}

static void
beat_fn(enum loop_what what, void *arg)
{
	struct process *process = arg;

	(void)what;
	/* Whoever sees the sign of life sees what was published before it. */
	process->hooks.beat(process->arg);
	atomic_store(&process->task->slot->heartbeat_ms, clock_mono_ms());
	loop_timer_arm(process->beat, BEAT_MS);
}

static void
channel_fn(enum loop_what what, void *arg)
{
	struct process *process = arg;
	char word[CHANNEL_WORD_SIZE];
	int rc;

	(void)what;
	while ((rc = channel_hear(process->task->channel, word)) > 0)
		process->hooks.word(word, process->arg);
	if (rc < 0)
		process->hooks.word("stop", process->arg);
	else
		loop_fd_arm(process->channel, LOOP_READ, -1);
}

static void
stop_fn(enum loop_what what, void *arg)
{
	struct process *process = arg;

	(void)what;
	process->hooks.word("stop", process->arg);
}

struct process *
process_new(const struct process_task *task, const struct process_hooks *hooks,
    void *arg)
{
	struct process *process = xcalloc(1, sizeof(*process));

	process->task = task;
	process->hooks = *hooks;
	process->arg = arg;
	process->loop = loop_new();
	process->beat = loop_timer_new(process->loop, beat_fn, process);
	process->channel = loop_fd_new(process->loop, task->channel, channel_fn,
	    process);
	process->term = loop_signal_new(process->loop, SIGTERM, stop_fn,
	    process);
	/* A terminal sends these to all of us; the parent decides. */
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	loop_timer_arm(process->beat, 0);
	loop_fd_arm(process->channel, LOOP_READ, -1);
	return process;
}

void
process_free(struct process *process)
{
	loop_event_free(process->beat);
	loop_event_free(process->channel);
	loop_event_free(process->term);
	loop_free(process->loop);
	free(process);
}

struct loop *
process_loop(struct process *process)
{
	return process->loop;
}

void
process_run(struct process *process)
{
	loop_run(process->loop);
}

void
process_end(struct process *process)
{
	loop_stop(process->loop);
}

void
process_say(struct process *process, const char *word)
{
	channel_say(process->task->channel, "%s", word);
}

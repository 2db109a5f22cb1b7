#include "loop/work.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"

struct item {
	work_run_fn	*run;
	work_done_fn	*done;
	void		*job;
	bool		 ran;
	struct item	*next;
};

/* First in, first out. */
struct queue {
	struct item	*first, **end;
};

struct work {
	/* Of the loop. */
	struct loop_event	*woken;
	int			 jobs_most, njobs;
	bool			 started;
	pthread_t		 thread;
	/* Of both. */
	int			 wake_fd;	/* counts finished jobs */
	pthread_mutex_t		 lock;
	pthread_cond_t		 more;
	struct queue		 waiting, finished;	/* under lock */
	bool			 end;			/* under lock */
};

static void
queue_put(struct queue *queue, struct item *item)
{
	item->next = NULL;
	*queue->end = item;
	queue->end = &item->next;
}

static struct item *
queue_take(struct queue *queue)
{
	struct item *item = queue->first;

	if (item == NULL)
		return NULL;
	queue->first = item->next;
	if (queue->first == NULL)
		queue->end = &queue->first;
	return item;
}

/* Errors of these would be mistakes here. */
static void
lock(struct work *work)
{
	if (pthread_mutex_lock(&work->lock) != 0)
		abort();
}

static void
unlock(struct work *work)
{
	if (pthread_mutex_unlock(&work->lock) != 0)
		abort();
}

/* The thread's next job; NULL: the end. */
static struct item *
next_item(struct work *work)
{
	struct item *item = NULL;

	lock(work);
	while (!work->end && (item = queue_take(&work->waiting)) == NULL)
		pthread_cond_wait(&work->more, &work->lock);
	unlock(work);
	return item;
}

static void *
work_main(void *arg)
{
	struct work *work = arg;
	struct item *item;
	const uint64_t one = 1;

	while ((item = next_item(work)) != NULL) {
		item->run(item->job);
		item->ran = true;
		lock(work);
		queue_put(&work->finished, item);
		unlock(work);
		/* Can only fail when the counter is full: then it is awake. */
		if (write(work->wake_fd, &one, sizeof(one)) < 0)
			continue;
	}
	return NULL;
}

static void
hand_back(struct work *work, struct item *item)
{
	work->njobs--;
	item->done(item->job, item->ran);
	free(item);
}

static void
woken(enum loop_what what, void *arg)
{
	struct work *work = arg;
	struct item *item;
	uint64_t count;

	(void)what;
	if (read(work->wake_fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
		log_error("the background thread cannot be heard: %s",
		    strerror(errno));
	for (;;) {
		lock(work);
		item = queue_take(&work->finished);
		unlock(work);
		if (item == NULL)
			break;
		hand_back(work, item);
	}
	if (work->njobs > 0)
		loop_fd_arm(work->woken, LOOP_READ, -1);
}

struct work *
work_new(struct loop *loop, int jobs_most)
{
	struct work *work = xcalloc(1, sizeof(*work));

	work->jobs_most = jobs_most;
	work->waiting.end = &work->waiting.first;
	work->finished.end = &work->finished.first;
	work->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (work->wake_fd < 0 || pthread_mutex_init(&work->lock, NULL) != 0 ||
	    pthread_cond_init(&work->more, NULL) != 0) {
		log_error("no means to talk with a background thread");
		abort();
	}
	work->woken = loop_fd_new(loop, work->wake_fd, woken, work);
	return work;
}

/* Signals are the loop's: the thread takes none. */
must_check static bool
start(struct work *work)
{
	sigset_t every, before;
	int rc;

	if (work->started)
		return true;
	sigfillset(&every);
	pthread_sigmask(SIG_SETMASK, &every, &before);
	rc = pthread_create(&work->thread, NULL, work_main, work);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc != 0) {
		log_error("no background thread: %s", strerror(rc));
		return false;
	}
	work->started = true;
	return true;
}

bool
work_has_room(const struct work *work)
{
	return work->njobs < work->jobs_most;
}

bool
work_put(struct work *work, work_run_fn *run, work_done_fn *done, void *job)
{
	struct item *item;

	if (!work_has_room(work) || !start(work))
		return false;
	item = xcalloc(1, sizeof(*item));
	item->run = run;
	item->done = done;
	item->job = job;
	work->njobs++;
	lock(work);
	queue_put(&work->waiting, item);
	pthread_cond_signal(&work->more);
	unlock(work);
	loop_fd_arm(work->woken, LOOP_READ, -1);
	return true;
}

void
work_free(struct work *work)
{
	struct item *item;

	if (work == NULL)
		return;
	lock(work);
	work->end = true;
	pthread_cond_signal(&work->more);
	unlock(work);
	if (work->started)
		pthread_join(work->thread, NULL);
	while ((item = queue_take(&work->finished)) != NULL)
		hand_back(work, item);
	while ((item = queue_take(&work->waiting)) != NULL)
		hand_back(work, item);
	assert(work->njobs == 0);
	loop_event_free(work->woken);
	pthread_cond_destroy(&work->more);
	pthread_mutex_destroy(&work->lock);
	close(work->wake_fd);
	free(work);
}

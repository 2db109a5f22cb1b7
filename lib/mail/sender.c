#include "mail/sender.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

enum {
	REPLY_MOST = 8192,		/* of a server that never stops talking */
	PROBLEM_SIZE = 160,
	CODE_DIGITS = 3,
};

/* A mail on its way, by what was said last and is not yet answered. */
enum step {
	STEP_CONNECT,			/* libcurl is at it */
	STEP_FROM, STEP_TO, STEP_DATA, STEP_TEXT,
};

static const struct {
	const char	*name;		/* for the problem */
	const char	*code;		/* begins the answer that is good */
} steps[] = {
	[STEP_CONNECT] = { "connection", "" },
	[STEP_FROM] = { "sender", "2" },
	[STEP_TO] = { "recipient", "2" },
	[STEP_DATA] = { "data", "354" },
	[STEP_TEXT] = { "text", "2" },
};

/* A socket that libcurl waits for. */
struct watch {
	struct mail_sender	*sender;
	struct watch		*next;
	struct loop_event	*event;
	curl_socket_t		 fd;
	unsigned int		 what;		/* enum loop_what */
};

struct delivery {
	struct mail_sender	*sender;
	struct delivery		*next;
	CURL			*easy;
	struct loop_event	*io, *limit;
	enum step		 step;
	char			*from, *to;
	struct buf		 text;
	struct buf		 out, in;	/* one command, one answer */
	mail_sent_fn		*fn;
	void			*arg;
};

struct mail_sender {
	struct loop		*loop;
	CURLM			*multi;
	struct loop_event	*timer;
	struct watch		*watches;
	struct delivery		*deliveries;
	char			*url, *authority, *user, *password;
	enum mail_tls		 tls;
	int64_t			 limit_ms;
};

static void look_for_connected(struct mail_sender *sender);
static void step_enter(struct delivery *delivery, enum step step);

/* ---- libcurl's sockets and its one timer, on our loop ---- */

static struct watch *
watch_find(const struct mail_sender *sender, curl_socket_t fd)
{
	struct watch *watch;

	for (watch = sender->watches; watch != NULL; watch = watch->next)
		if (watch->fd == fd)
			return watch;
	return NULL;
}

static void
watch_free(struct watch *watch)
{
	struct watch **at = &watch->sender->watches;

	while (*at != watch)
		at = &(*at)->next;
	*at = watch->next;
	loop_event_free(watch->event);
	free(watch);
}

static void
watch_fn(enum loop_what what, void *arg)
{
	struct watch *watch = arg;
	struct mail_sender *sender = watch->sender;
	curl_socket_t fd = watch->fd;
	int mask = 0, nrunning;

	if ((what & LOOP_READ) != 0)
		mask |= CURL_CSELECT_IN;
	if ((what & LOOP_WRITE) != 0)
		mask |= CURL_CSELECT_OUT;
	curl_multi_socket_action(sender->multi, fd, mask, &nrunning);
	/* It may be gone, or be another by now. */
	watch = watch_find(sender, fd);
	if (watch != NULL && !loop_event_armed(watch->event))
		loop_fd_arm(watch->event, watch->what, -1);
	look_for_connected(sender);
}

static int
socket_fn(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused)
{
	struct mail_sender *sender = arg;
	struct watch *watch = watch_find(sender, fd);

	(void)easy;
	(void)unused;
	if (what == CURL_POLL_REMOVE) {
		if (watch != NULL)
			watch_free(watch);
		return 0;
	}
	if (watch == NULL) {
		watch = xcalloc(1, sizeof(*watch));
		watch->sender = sender;
		watch->fd = fd;
		watch->event = loop_fd_new(sender->loop, fd, watch_fn, watch);
		watch->next = sender->watches;
		sender->watches = watch;
	}
	watch->what = ((what & CURL_POLL_IN) != 0 ? LOOP_READ : 0) |
	    ((what & CURL_POLL_OUT) != 0 ? LOOP_WRITE : 0);
	loop_event_disarm(watch->event);
	loop_fd_arm(watch->event, watch->what, -1);
	return 0;
}

static int
timer_fn(CURLM *multi, long delay_ms, void *arg)
{
	struct mail_sender *sender = arg;

	(void)multi;
	if (delay_ms < 0)
		loop_event_disarm(sender->timer);
	else
		loop_timer_arm(sender->timer, delay_ms);
	return 0;
}

static void
timeout_fn(enum loop_what what, void *arg)
{
	struct mail_sender *sender = arg;
	int nrunning;

	(void)what;
	curl_multi_socket_action(sender->multi, CURL_SOCKET_TIMEOUT, 0,
	    &nrunning);
	look_for_connected(sender);
}

/* ---- a mail: mail_send -> connected -> step_enter -> io_fn ... -> end ---- */

static void
delivery_free(struct delivery *delivery)
{
	struct delivery **at = &delivery->sender->deliveries;

	while (*at != delivery)
		at = &(*at)->next;
	*at = delivery->next;
	loop_event_free(delivery->io);
	loop_event_free(delivery->limit);
	/* Its connection is closed at once, without a farewell that waits. */
	curl_multi_remove_handle(delivery->sender->multi, delivery->easy);
	curl_easy_cleanup(delivery->easy);
	buf_clear(&delivery->text);
	buf_clear(&delivery->out);
	buf_clear(&delivery->in);
	free(delivery->from);
	free(delivery->to);
	free(delivery);
}

static void
end(struct delivery *delivery, const char *problem)
{
	mail_sent_fn *fn = delivery->fn;
	void *arg = delivery->arg;

	delivery_free(delivery);
	fn(problem, arg);
}

static void
end_at_step(struct delivery *delivery, const char *why)
{
	char problem[PROBLEM_SIZE];

	snprintf(problem, sizeof(problem), "%s: %s",
	    steps[delivery->step].name, why);
	end(delivery, problem);
}

static void
limit_fn(enum loop_what what, void *arg)
{
	(void)what;
	end_at_step(arg, "no answer in time");
}

/* What is left to be said; false when the mail has ended over it. */
static bool
say(struct delivery *delivery)
{
	CURLcode rc = CURLE_OK;
	size_t n;

	while (delivery->out.length > 0) {
		rc = curl_easy_send(delivery->easy, delivery->out.data,
		    delivery->out.length, &n);
		if (rc != CURLE_OK)
			break;
		buf_drop(&delivery->out, n);
	}
	if (rc == CURLE_OK || rc == CURLE_AGAIN)
		return true;
	end_at_step(delivery, curl_easy_strerror(rc));
	return false;
}

/* "250-..." goes on, "250 ..." is the last line. NULL: not all is here yet. */
static const char *
last_line(const struct buf *in)
{
	const char *line = in->data, *stop;

	while (line != NULL && (stop = strstr(line, "\n")) != NULL) {
		if (strspn(line, "0123456789") >= CODE_DIGITS &&
		    line[CODE_DIGITS] != '-')
			return line;
		line = stop + 1;
	}
	return NULL;
}

/* The whole answer to a step has come. */
static void
answered(struct delivery *delivery, const char *line)
{
	const char *good = steps[delivery->step].code;
	char why[64];
	size_t n;

	if (strncmp(line, good, strlen(good)) != 0) {
		snprintf(why, sizeof(why), "the server answers %.3s", line);
		end_at_step(delivery, why);
	} else if (delivery->step == STEP_TEXT) {
		/* A goodbye that nobody waits for. */
		(void)!curl_easy_send(delivery->easy, "QUIT\r\n", 6, &n);
		end(delivery, NULL);
	} else {
		step_enter(delivery, delivery->step + 1);
	}
}

/* Reads until all of the answer is here or nothing comes. */
static void
hear(struct delivery *delivery)
{
	const char *line;
	CURLcode rc;
	char *into;
	size_t n;

	for (;;) {
		into = buf_reserve(&delivery->in, 1024);
		rc = curl_easy_recv(delivery->easy, into, 1024, &n);
		if (rc == CURLE_AGAIN)
			break;
		if (rc != CURLE_OK || n == 0) {
			end_at_step(delivery, rc == CURLE_OK ?
			    "the server hangs up" : curl_easy_strerror(rc));
			return;
		}
		delivery->in.length += n;
		delivery->in.data[delivery->in.length] = '\0';
		if ((line = last_line(&delivery->in)) != NULL) {
			answered(delivery, line);
			return;
		}
		if (delivery->in.length > REPLY_MOST ||
		    memchr(into, '\0', n) != NULL) {
			end_at_step(delivery, "the answer is not SMTP");
			return;
		}
	}
	loop_fd_arm(delivery->io, LOOP_READ |
	    (delivery->out.length > 0 ? LOOP_WRITE : 0), -1);
}

static void
io_fn(enum loop_what what, void *arg)
{
	struct delivery *delivery = arg;

	(void)what;
	if (say(delivery))
		hear(delivery);
}

static void
step_enter(struct delivery *delivery, enum step step)
{
	delivery->step = step;
	buf_reset(&delivery->in);
	switch (step) {
	case STEP_FROM:
		buf_addf(&delivery->out, "MAIL FROM:<%s>\r\n", delivery->from);
		break;
	case STEP_TO:
		buf_addf(&delivery->out, "RCPT TO:<%s>\r\n", delivery->to);
		break;
	case STEP_DATA:
		buf_adds(&delivery->out, "DATA\r\n");
		break;
	case STEP_TEXT:
		buf_add(&delivery->out, delivery->text.data,
		    delivery->text.length);
		buf_adds(&delivery->out, ".\r\n");
		break;
	case STEP_CONNECT:
		break;
	}
	/* From the loop, so that steps do not pile up on the stack. */
	loop_fd_arm(delivery->io, LOOP_READ | LOOP_WRITE, -1);
}

static void
connected(struct delivery *delivery, CURLcode rc)
{
	curl_socket_t fd = CURL_SOCKET_BAD;
	char why[PROBLEM_SIZE];
	long code = 0;

	if (rc != CURLE_OK) {
		curl_easy_getinfo(delivery->easy, CURLINFO_RESPONSE_CODE, &code);
		snprintf(why, sizeof(why), "%s (%ld)", curl_easy_strerror(rc),
		    code);
		end_at_step(delivery, why);
		return;
	}
	curl_easy_getinfo(delivery->easy, CURLINFO_ACTIVESOCKET, &fd);
	if (fd == CURL_SOCKET_BAD) {
		end_at_step(delivery, "the server hangs up");
		return;
	}
	delivery->io = loop_fd_new(delivery->sender->loop, fd, io_fn, delivery);
	step_enter(delivery, STEP_FROM);
}

static void
look_for_connected(struct mail_sender *sender)
{
	struct delivery *delivery;
	CURLMsg *message;
	char *private;
	int nleft;

	while ((message = curl_multi_info_read(sender->multi, &nleft)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
		    &private);
		delivery = (struct delivery *)(void *)private;
		connected(delivery, message->data.result);
	}
}

static void
easy_set(struct delivery *delivery)
{
	const struct mail_sender *sender = delivery->sender;
	CURL *easy = delivery->easy;

	curl_easy_setopt(easy, CURLOPT_URL, sender->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(easy, CURLOPT_PRIVATE, delivery);
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* Nobody waits for a look-up that is no longer wanted. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (sender->tls == MAIL_TLS_STARTTLS)
		curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	if (sender->authority != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, sender->authority);
	if (sender->user != NULL) {
		curl_easy_setopt(easy, CURLOPT_USERNAME, sender->user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD, sender->password);
	}
}

void
mail_send(struct mail_sender *sender, const char *from, const char *to,
    const struct buf *text, mail_sent_fn *fn, void *arg)
{
	struct delivery *delivery = xcalloc(1, sizeof(*delivery));

	delivery->sender = sender;
	delivery->next = sender->deliveries;
	sender->deliveries = delivery;
	delivery->from = xstrdup(from);
	delivery->to = xstrdup(to);
	delivery->fn = fn;
	delivery->arg = arg;
	buf_add(&delivery->text, text->data, text->length);
	delivery->limit = loop_timer_new(sender->loop, limit_fn, delivery);
	loop_timer_arm(delivery->limit, sender->limit_ms);
	delivery->easy = curl_easy_init();
	assert(delivery->easy != NULL);
	easy_set(delivery);
	/* Its timer begins the work, so nothing is answered before we return. */
	if (curl_multi_add_handle(sender->multi, delivery->easy) != CURLM_OK)
		loop_timer_arm(delivery->limit, 0);
}

int
mail_sender_open(struct mail_sender **out, struct loop *loop,
    const struct mail_sender_options *options, struct err *err)
{
	struct mail_sender *sender;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, "libcurl does not start");
	sender = xcalloc(1, sizeof(*sender));
	sender->loop = loop;
	sender->tls = options->tls;
	sender->limit_ms = options->limit_ms;
	sender->url = xasprintf("%s://%s",
	    options->tls == MAIL_TLS_SMTPS ? "smtps" : "smtp", options->server);
	sender->authority = xstrdup_null(options->authority);
	sender->user = xstrdup_null(options->user);
	sender->password = xstrdup_null(options->password);
	sender->timer = loop_timer_new(loop, timeout_fn, sender);
	sender->multi = curl_multi_init();
	assert(sender->multi != NULL);
	curl_multi_setopt(sender->multi, CURLMOPT_SOCKETFUNCTION, socket_fn);
	curl_multi_setopt(sender->multi, CURLMOPT_SOCKETDATA, sender);
	curl_multi_setopt(sender->multi, CURLMOPT_TIMERFUNCTION, timer_fn);
	curl_multi_setopt(sender->multi, CURLMOPT_TIMERDATA, sender);
	*out = sender;
	return 0;
}

void
mail_sender_close(struct mail_sender *sender)
{
	if (sender == NULL)
		return;
	while (sender->deliveries != NULL)
		delivery_free(sender->deliveries);
	curl_multi_cleanup(sender->multi);
	while (sender->watches != NULL)
		watch_free(sender->watches);
	loop_event_free(sender->timer);
	free(sender->url);
	free(sender->authority);
	free(sender->user);
	if (sender->password != NULL)
		explicit_bzero(sender->password, strlen(sender->password));
	free(sender->password);
	free(sender);
	curl_global_cleanup();
}

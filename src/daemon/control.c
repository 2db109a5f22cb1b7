#include "daemon/control.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

enum {
	CLIENTS_MOST = 32,
	CLIENT_LIMIT_MS = 10000,
	ACCEPT_PAUSE_MS = 200,		/* after EMFILE */
};

enum client_state {
	CLIENT_READING,		/* its line is not complete */
	CLIENT_WAITING,		/* for the end of a reload, which always comes */
	CLIENT_WRITING,		/* its answer is on the way; then it is closed */
};

struct client {
	struct client		*next;
	struct control		*control;
	enum client_state	 state;
	int			 fd;
	struct loop_event	*event;
	struct buf		 in, out;
};

struct control {
	struct loop		*loop;
	struct control_hooks	 hooks;
	void			*arg;
	char			*path, *path_new;
	int			 fd;
	struct loop_event	*event, *pause;
	struct client		*clients;
	int			 nclients;
	void			(*done)(void *arg);	/* set by a drain */
	void			*done_arg;
};

static void client_fn(enum loop_what what, void *arg);

/* Blank-separated words like "run:KK-2027-01", or "*". */
static bool
scopes_ok(const char *scopes)
{
	const char *at;

	for (at = scopes; *at != '\0'; at++) {
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			return false;
	}
	return at != scopes;
}

enum control_ask
control_line_parse(const char *line, const char **scopes)
{
	if (strcmp(line, "status") == 0)
		return CONTROL_STATUS;
	if (strcmp(line, "reload") == 0)
		return CONTROL_RELOAD;
	if (!text_starts(line, "seen "))
		return CONTROL_WRONG;
	line += strlen("seen ");
	line += strspn(line, " ");
	if (!scopes_ok(line))
		return CONTROL_WRONG;
	*scopes = line;
	return CONTROL_SEEN;
}

static int
socket_make(const char *path, struct err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return err_set(err, "%s: longer than a socket's path may be",
		    path);
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	unlink(path);		/* what a killed keeper has left */
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    chmod(path, 0660) != 0 || listen(fd, CLIENTS_MOST) != 0) {
		err_set(err, "%s: %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

static void
client_free(struct client *client)
{
	struct control *control = client->control;
	struct client **at;

	for (at = &control->clients; *at != client; at = &(*at)->next)
		;
	*at = client->next;
	control->nclients--;
	loop_event_free(client->event);
	close(client->fd);
	buf_clear(&client->in);
	buf_clear(&client->out);
	free(client);
}

/* A client has left: room for the next, or the end of a drain. */
static void
client_end(struct client *client)
{
	struct control *control = client->control;

	client_free(client);
	if (control->done == NULL)
		loop_fd_arm(control->event, LOOP_READ, -1);
	else if (control->nclients == 0)
		control->done(control->done_arg);
}

static void
client_write(struct client *client)
{
	ssize_t sent;

	client->state = CLIENT_WRITING;
	while (client->out.length > 0) {
		sent = send(client->fd, client->out.data, client->out.length,
		    MSG_NOSIGNAL);
		if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			loop_fd_arm(client->event, LOOP_WRITE,
			    CLIENT_LIMIT_MS);
			return;
		}
		if (sent < 0 && errno != EINTR)
			break;
		if (sent > 0)
			buf_drop(&client->out, (size_t)sent);
	}
	client_end(client);
}

static void
client_answer(struct client *client, const char *answer)
{
	buf_addf(&client->out, "%s\n", answer);
	client_write(client);
}

static void
client_ask(struct client *client, const char *line)
{
	struct control *control = client->control;
	const char *scopes;

	switch (control_line_parse(line, &scopes)) {
	case CONTROL_SEEN:
		control->hooks.seen(scopes, control->arg);
		client_answer(client, "ok");
		break;
	case CONTROL_STATUS:
		control->hooks.status(&client->out, control->arg);
		buf_addc(&client->out, '\n');
		client_write(client);
		break;
	case CONTROL_RELOAD:
		client->state = CLIENT_WAITING;
		control->hooks.reload(control->arg);
		break;
	case CONTROL_WRONG:
		client_answer(client, "refused no such request: write seen "
		    "SCOPES, status or reload");
		break;
	}
}

static void
client_read(struct client *client)
{
	char bytes[1024], *end;
	ssize_t got;

	while ((got = recv(client->fd, bytes, sizeof(bytes), 0)) > 0) {
		buf_add(&client->in, bytes, (size_t)got);
		if (client->in.length > CONTROL_LINE_MOST) {
			client_answer(client, "refused longer than one line may "
			    "be");
			return;
		}
		end = memchr(client->in.data, '\n', client->in.length);
		if (end != NULL) {
			*end = '\0';
			client_ask(client, client->in.data);
			return;
		}
	}
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		loop_fd_arm(client->event, LOOP_READ, CLIENT_LIMIT_MS);
	else
		client_end(client);
}

static void
client_fn(enum loop_what what, void *arg)
{
	struct client *client = arg;

	if (what & LOOP_TIMEOUT)
		client_end(client);
	else if (client->state == CLIENT_READING)
		client_read(client);
	else
		client_write(client);
}

static void
client_new(struct control *control, int fd)
{
	struct client *client = xcalloc(1, sizeof(*client));

	client->control = control;
	client->fd = fd;
	client->state = CLIENT_READING;
	client->event = loop_fd_new(control->loop, fd, client_fn, client);
	client->next = control->clients;
	control->clients = client;
	control->nclients++;
	loop_fd_arm(client->event, LOOP_READ, CLIENT_LIMIT_MS);
}

/* Whether all that waited was taken, and not only as many as we have room for. */
static bool
accept_waiting(struct control *control)
{
	int fd;

	while (control->nclients < CLIENTS_MOST) {
		fd = accept4(control->fd, NULL, NULL,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0)
			client_new(control, fd);
		else if (errno != EINTR && errno != ECONNABORTED)
			return errno == EAGAIN || errno == EWOULDBLOCK;
	}
	return false;
}

static void
accept_fn(enum loop_what what, void *arg)
{
	struct control *control = arg;

	(void)what;
	if (accept_waiting(control))
		loop_fd_arm(control->event, LOOP_READ, -1);
	else if (control->nclients < CLIENTS_MOST)
		loop_timer_arm(control->pause, ACCEPT_PAUSE_MS);
	/* Else the next client that leaves arms it again. */
}

int
control_open(struct control **out, struct loop *loop, const char *path,
    const struct control_hooks *hooks, void *arg, struct err *err)
{
	struct control *control = xcalloc(1, sizeof(*control));

	control->loop = loop;
	control->hooks = *hooks;
	control->arg = arg;
	control->path = xstrdup(path);
	control->path_new = xasprintf("%s.new", path);
	if ((control->fd = socket_make(control->path_new, err)) < 0) {
		control_free(control);
		return -1;
	}
	control->event = loop_fd_new(loop, control->fd, accept_fn, control);
	control->pause = loop_timer_new(loop, accept_fn, control);
	*out = control;
	return 0;
}

void
control_free(struct control *control)
{
	if (control == NULL)
		return;
	while (control->clients != NULL)
		client_free(control->clients);
	loop_event_free(control->event);
	loop_event_free(control->pause);
	if (control->fd >= 0)
		close(control->fd);
	free(control->path);
	free(control->path_new);
	free(control);
}

int
control_serve(struct control *control, struct err *err)
{
	if (rename(control->path_new, control->path) != 0)
		return err_set(err, "%s: %s", control->path, strerror(errno));
	loop_fd_arm(control->event, LOOP_READ, -1);
	return 0;
}

void
control_reloaded(struct control *control, const char *answer)
{
	struct client *client, *next;

	for (client = control->clients; client != NULL; client = next) {
		next = client->next;
		if (client->state == CLIENT_WAITING)
			client_answer(client, answer);
	}
}

void
control_drain(struct control *control, void (*done)(void *arg), void *arg)
{
	/* Who came before the new keeper's socket took the name is here. */
	accept_waiting(control);
	loop_event_disarm(control->event);
	loop_event_disarm(control->pause);
	control->done = done;
	control->done_arg = arg;
	if (control->nclients == 0)
		done(arg);
}

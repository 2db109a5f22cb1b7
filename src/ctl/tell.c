#include "ctl/tell.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

enum { ANSWER_BYTES_MOST = 1024 * 1024 };

/* An open socket, or -1 with *result and err. */
static int
tell_connect(const char *path, enum tell_result *result, struct err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	*result = TELL_FAILED;
	if (strlen(path) >= sizeof(address.sun_path))
		return err_set(err, "%s: longer than a socket's path may be",
		    path);
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(err, "socket: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	if (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR)
		*result = TELL_NOBODY;
	err_set(err, "%s: %s", path, strerror(errno));
	close(fd);
	return -1;
}

/* 1 when the socket is ready, 0 when the limit has passed. */
static int
wait_for(int fd, short events, int64_t until_ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };
	int64_t left_ms = until_ms - clock_mono_ms();
	int rc;

	do {
		rc = poll(&poll_fd, 1, left_ms > 0 ? (int)left_ms : 0);
	} while (rc < 0 && errno == EINTR);
	return rc > 0;
}

static int
send_line(int fd, const char *line, int64_t until_ms, struct err *err)
{
	struct buf buf = BUF_INIT;
	ssize_t sent;
	int rc = -1;

	buf_addf(&buf, "%s\n", line);
	while (buf.length > 0) {
		sent = send(fd, buf.data, buf.length, MSG_NOSIGNAL);
		if (sent > 0)
			buf_drop(&buf, (size_t)sent);
		else if (errno != EAGAIN && errno != EINTR) {
			err_set(err, "%s", strerror(errno));
			goto out;
		} else if (!wait_for(fd, POLLOUT, until_ms)) {
			err_set(err, "it takes nothing");
			goto out;
		}
	}
	rc = 0;
out:
	buf_clear(&buf);
	return rc;
}

/* Reads until the line ends. */
static int
read_line(int fd, char **out, int64_t until_ms, struct err *err)
{
	struct buf buf = BUF_INIT;
	char bytes[4096], *end = NULL;
	ssize_t got;

	while (end == NULL && buf.length < ANSWER_BYTES_MOST) {
		got = recv(fd, bytes, sizeof(bytes), 0);
		if (got > 0) {
			buf_add(&buf, bytes, (size_t)got);
			end = memchr(buf.data, '\n', buf.length);
		} else if (got == 0) {
			err_set(err, "it hung up before its answer was whole");
			break;
		} else if (errno != EAGAIN && errno != EINTR) {
			err_set(err, "%s", strerror(errno));
			break;
		} else if (!wait_for(fd, POLLIN, until_ms)) {
			err_set(err, "it does not answer");
			break;
		}
	}
	if (end != NULL)
		*out = xstrndup(buf.data, (size_t)(end - buf.data));
	buf_clear(&buf);
	return end != NULL ? 0 : -1;
}

enum tell_result
tell(const char *path, const char *line, int limit_ms, char **answer,
    struct err *err)
{
	int64_t until_ms = clock_mono_ms() + limit_ms;
	enum tell_result result;
	int fd;

	if ((fd = tell_connect(path, &result, err)) < 0)
		return result;
	err_set(err, "the answer is too long");
	if (send_line(fd, line, until_ms, err) == 0 &&
	    read_line(fd, answer, until_ms, err) == 0)
		result = TELL_ANSWERED;
	else
		err_prefix(err, "%s", path);
	close(fd);
	return result;
}

int
tell_seen(const char *path, const char *scopes, struct err *err)
{
	char *line = xasprintf("seen %s", scopes), *answer = NULL;
	enum tell_result result;
	int rc = 0;

	if (strlen(line) + 1 > TELL_LINE_MOST) {
		free(line);
		line = xstrdup("seen *");
	}
	result = tell(path, line, TELL_SEEN_LIMIT_MS, &answer, err);
	if (result == TELL_FAILED)
		rc = -1;
	if (result == TELL_ANSWERED && strcmp(answer, "ok") != 0)
		rc = err_set(err, "%s: %s", path, answer);
	free(answer);
	free(line);
	return rc;
}

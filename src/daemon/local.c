#include "daemon/local.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LOCAL_BACKLOG = 16 };

union local_address {
	struct sockaddr		sa;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
	struct sockaddr_un	un;
	struct sockaddr_storage	storage;
};

static bool
is_loopback(const union local_address *address)
{
	if (address->sa.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&address->in6.sin6_addr);
	return ntohl(address->in.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* 0, or -1 when it is neither. */
static int
address_parse(union local_address *out, socklen_t *length, const char *text)
{
	struct sockaddr_storage more;
	socklen_t more_length;

	memset(out, 0, sizeof(*out));
	if (text[0] == '/') {
		if (strlen(text) >= sizeof(out->un.sun_path))
			return -1;
		out->un.sun_family = AF_UNIX;
		memcpy(out->un.sun_path, text, strlen(text));
		*length = sizeof(out->un);
		return 0;
	}
	if (listener_address_parse(&out->storage, length, &text) != 1 ||
	    listener_address_parse(&more, &more_length, &text) != 0)
		return -1;
	return is_loopback(out) ? 0 : -1;
}

const char *
local_problem(const char *address)
{
	union local_address parsed;
	socklen_t length;

	return address_parse(&parsed, &length, address) == 0 ? NULL :
	    "write one address of this machine with its port, as in "
	    "127.0.0.1:9120 or [::1]:9120, or the path of a Unix socket of 107 "
	    "bytes at most, as in /run/kattegat/metrics";
}

/* What a daemon has left that is no more: a socket that refuses. */
static void
remove_stale(const union local_address *address, socklen_t length)
{
	struct stat info;
	int fd;

	if (lstat(address->un.sun_path, &info) != 0 || !S_ISSOCK(info.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (connect(fd, &address->sa, length) != 0 && errno == ECONNREFUSED)
		unlink(address->un.sun_path);
	close(fd);
}

static int
socket_bind(int fd, const union local_address *address, socklen_t length)
{
	int on = 1;

	if (address->sa.sa_family == AF_UNIX) {
		remove_stale(address, length);
		if (bind(fd, &address->sa, length) != 0 ||
		    chmod(address->un.sun_path, 0660) != 0)
			return -1;
	} else if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on,
	    sizeof(on)) != 0 || bind(fd, &address->sa, length) != 0) {
		return -1;
	}
	return listen(fd, LOCAL_BACKLOG);
}

int
local_open(struct listeners *listeners, const char *address, struct err *err)
{
	struct listener *listener = &listeners->at[0];
	union local_address parsed;
	socklen_t length;
	int fd;

	if (address_parse(&parsed, &length, address) != 0)
		return err_set(err, "%s: %s", address, local_problem(address));
	fd = socket(parsed.sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(err, "%s: %s", address, strerror(errno));
	if (socket_bind(fd, &parsed, length) != 0) {
		err_set(err, "%s: %s", address, strerror(errno));
		close(fd);
		return -1;
	}
	listener->fd = fd;
	listener->clear = true;
	snprintf(listener->name, sizeof(listener->name), "%s", address);
	listeners->count = 1;
	return 0;
}

#include "daemon/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* More wait than one burst of calendar clients at the full hour brings. */
enum { LISTENER_BACKLOG = 4096, ADDRESS_SIZE = 64 };

union any_address {
	struct sockaddr		sa;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
	struct sockaddr_storage	storage;
};

static bool
is_gap(char c)
{
	return c == ' ' || c == '\t' || c == ',';
}

static int
fill_address(union any_address *any, socklen_t *length, char *host,
    uint16_t port)
{
	size_t end = strlen(host);

	memset(any, 0, sizeof(*any));
	if (host[0] == '[' && host[end - 1] == ']') {
		host[end - 1] = '\0';
		any->in6.sin6_family = AF_INET6;
		any->in6.sin6_port = htons(port);
		*length = sizeof(any->in6);
		return inet_pton(AF_INET6, host + 1, &any->in6.sin6_addr);
	}
	any->in.sin_family = AF_INET;
	any->in.sin_port = htons(port);
	*length = sizeof(any->in);
	return inet_pton(AF_INET, host, &any->in.sin_addr);
}

int
listener_address_parse(struct sockaddr_storage *out, socklen_t *length,
    const char **text)
{
	union any_address any;
	char word[ADDRESS_SIZE], *colon;
	const char *at = *text;
	int64_t port;
	size_t n;

	while (is_gap(*at))
		at++;
	if (*at == '\0')
		return 0;
	for (n = 0; at[n] != '\0' && !is_gap(at[n]); n++)
		;
	if (n >= sizeof(word))
		return -1;
	memcpy(word, at, n);
	word[n] = '\0';
	if ((colon = strrchr(word, ':')) == NULL || colon == word)
		return -1;
	*colon = '\0';
	if (text_int(&port, colon + 1, 1, 65535) != 0 ||
	    fill_address(&any, length, word, (uint16_t)port) != 1)
		return -1;
	*out = any.storage;
	*text = at + n;
	return 1;
}

static void
format_address(char out[LISTENER_NAME_SIZE], const union any_address *any)
{
	char host[INET6_ADDRSTRLEN] = "?";

	if (any->sa.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &any->in6.sin6_addr, host, sizeof(host));
		snprintf(out, LISTENER_NAME_SIZE, "[%s]:%u", host,
		    (unsigned int)ntohs(any->in6.sin6_port));
	} else {
		inet_ntop(AF_INET, &any->in.sin_addr, host, sizeof(host));
		snprintf(out, LISTENER_NAME_SIZE, "%s:%u", host,
		    (unsigned int)ntohs(any->in.sin_port));
	}
}

/* [::] means both families; every other IPv6 address is only itself. */
static int
set_options(int fd, const union any_address *any)
{
	int on = 1, v6only;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0)
		return -1;
	if (any->sa.sa_family != AF_INET6)
		return 0;
	v6only = !IN6_IS_ADDR_UNSPECIFIED(&any->in6.sin6_addr);
	return setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only,
	    sizeof(v6only));
}

/* A kernel without IPv6 has no [::]; 0.0.0.0 is what is left of it. */
static bool
fall_back(union any_address *any, socklen_t *length)
{
	in_port_t port = any->in6.sin6_port;

	if ((errno != EAFNOSUPPORT && errno != EADDRNOTAVAIL) ||
	    any->sa.sa_family != AF_INET6 ||
	    !IN6_IS_ADDR_UNSPECIFIED(&any->in6.sin6_addr))
		return false;
	memset(any, 0, sizeof(*any));
	any->in.sin_family = AF_INET;
	any->in.sin_port = port;
	*length = sizeof(any->in);
	return true;
}

static int
open_socket(const union any_address *any, socklen_t length)
{
	int fd, saved;

	fd = socket(any->sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (set_options(fd, any) == 0 && bind(fd, &any->sa, length) == 0 &&
	    listen(fd, LISTENER_BACKLOG) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static int
bind_list(struct listeners *listeners, const char *list, bool clear,
    struct err *err)
{
	union any_address any;
	struct listener *listener;
	socklen_t length;
	int rc;

	while ((rc = listener_address_parse(&any.storage, &length, &list)) > 0) {
		if (listeners->count == LISTENERS_MOST)
			return err_set(err, "more than %d addresses to listen on",
			    LISTENERS_MOST);
		listener = &listeners->at[listeners->count];
		listener->clear = clear;
		listener->fd = open_socket(&any, length);
		if (listener->fd < 0 && fall_back(&any, &length))
			listener->fd = open_socket(&any, length);
		format_address(listener->name, &any);
		if (listener->fd < 0)
			return err_set(err, "%s %s: %s",
			    clear ? "listen_clear" : "listen", listener->name,
			    strerror(errno));
		listeners->count++;
	}
	return rc == 0 ? 0 : err_set(err, "%s: not an address and a port", list);
}

int
listeners_bind(struct listeners *listeners, const char *secure,
    const char *clear, struct err *err)
{
	if ((secure == NULL || bind_list(listeners, secure, false, err) == 0) &&
	    (clear == NULL || bind_list(listeners, clear, true, err) == 0))
		return 0;
	listeners_close(listeners);
	return -1;
}

/* Only a listening stream socket will do. */
static int
adopt_one(struct listener *listener, int fd, struct err *err)
{
	union any_address any = { .storage = { 0 } };
	socklen_t length = sizeof(any), size = sizeof(int);
	int listening = 0, flags;

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 ||
	    !listening || getsockname(fd, &any.sa, &length) != 0 ||
	    (any.sa.sa_family != AF_INET && any.sa.sa_family != AF_INET6))
		return err_set(err, "descriptor %d from systemd is not a "
		    "listening TCP socket: write ListenStream=PORT in "
		    "kattegatd.socket", fd);
	if ((flags = fcntl(fd, F_GETFL)) < 0 ||
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		return err_set(err, "descriptor %d from systemd: %s", fd,
		    strerror(errno));
	listener->fd = fd;
	format_address(listener->name, &any);
	return 0;
}

int
listeners_adopt(struct listeners *listeners, int first, int count,
    const char *const *names, struct err *err)
{
	struct listener *listener;
	int i;

	if (count > LISTENERS_MOST)
		return err_set(err, "%d sockets from systemd: %d at most", count,
		    LISTENERS_MOST);
	for (i = 0; i < count; i++) {
		listener = &listeners->at[listeners->count];
		if (adopt_one(listener, first + i, err) != 0)
			return -1;
		listener->clear = names != NULL && names[i] != NULL &&
		    strcmp(names[i], "clear") == 0;
		listeners->count++;
	}
	listeners->from_systemd = true;
	return 0;
}

void
listeners_close(struct listeners *listeners)
{
	while (listeners->count > 0)
		close(listeners->at[--listeners->count].fd);
}

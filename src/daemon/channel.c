#include "daemon/channel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int
channel_pair(int fds[2], struct err *err)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0, fds) != 0)
		return err_set(err, "socketpair: %s", strerror(errno));
	return 0;
}

void
channel_say(int fd, const char *fmt, ...)
{
	char word[CHANNEL_WORD_SIZE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(word, sizeof(word), fmt, args);
	va_end(args);
	if (send(fd, word, strlen(word), MSG_NOSIGNAL) < 0)
		return;
}

int
channel_hear(int fd, char word[CHANNEL_WORD_SIZE])
{
	ssize_t length;

	do {
		length = recv(fd, word, CHANNEL_WORD_SIZE - 1, 0);
	} while (length < 0 && errno == EINTR);
	if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (length <= 0)
		return -1;
	word[length] = '\0';
	return 1;
}

/*
 * channel.h - words between the parent and one of its processes.
 *
 * A pair of Unix sockets that keep messages apart; one word is one message.
 *
 *   to the parent    ready      the database has answered
 *                    serving    `serve` is done
 *                    draining   `drain` is begun: nothing new is accepted
 *                    reload     (keeper) somebody asks for a reload
 *   from the parent  serve      begin to accept
 *                    drain      accept nothing new, end when all is done
 *                    stop       the same, within drain_limit_ms
 *                    answer ... (keeper) what became of the reload
 *
 * Ownership: descriptors are the caller's. They close on exec, never block.
 * Errors:    a word that cannot be sent is lost: the other side is dead or
 *            hangs, and the heartbeat takes care of it.
 */
#ifndef KG_DAEMON_CHANNEL_H
#define KG_DAEMON_CHANNEL_H

#include <stddef.h>

#include "base/err.h"

enum { CHANNEL_WORD_SIZE = 1200 };	/* "answer refused " and an err's text */

must_check int channel_pair(int fds[2], struct err *err);
void channel_say(int fd, const char *fmt, ...) printf_like(2, 3);
/* 1 with a word, 0 when there is none now, -1 when the other side is gone. */
int channel_hear(int fd, char word[CHANNEL_WORD_SIZE]);

#endif

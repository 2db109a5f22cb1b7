#include "base/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
	char		name[32];
	enum log_level	most;
	bool		journal;
} log_state = { "kattegat", LOG_LEVEL_INFO, false };

static const struct {
	const char	*word;
	enum log_level	 level;
} levels[] = {
	{ "error", LOG_LEVEL_ERROR },
	{ "warn", LOG_LEVEL_WARN },
	{ "info", LOG_LEVEL_INFO },
	{ "debug", LOG_LEVEL_DEBUG },
};

void
log_open(const char *name, enum log_level most)
{
	log_state.journal = getenv("JOURNAL_STREAM") != NULL;
	log_name(name);
	log_most(most);
}

void
log_name(const char *name)
{
	snprintf(log_state.name, sizeof(log_state.name), "%s", name);
}

void
log_most(enum log_level most)
{
	log_state.most = most;
}

int
log_level_parse(enum log_level *out, const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(levels); i++) {
		if (strcmp(levels[i].word, word) == 0) {
			*out = levels[i].level;
			return 0;
		}
	}
	return -1;
}

static const char *
level_word(enum log_level level)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(levels); i++) {
		if (levels[i].level == level)
			return levels[i].word;
	}
	return "info";
}

/* Where the line begins; the rest of `line` is for the text. */
static int
line_head(char *line, size_t size, enum log_level level)
{
	char stamp[32];
	struct tm tm;
	time_t now;

	if (log_state.journal)
		return snprintf(line, size, "<%d>%s: ", (int)level, log_state.name);
	now = time(NULL);
	localtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M:%S", &tm);
	return snprintf(line, size, "%s %-5s %s: ", stamp, level_word(level),
	    log_state.name);
}

/* One write(2) a line, so that lines of several processes never mix. */
static void
log_line(enum log_level level, const char *fmt, va_list args)
{
	char line[2048];
	size_t length, i, text;

	if (level > log_state.most)
		return;
	text = (size_t)line_head(line, sizeof(line), level);
	vsnprintf(line + text, sizeof(line) - text - 1, fmt, args);
	length = strlen(line);
	for (i = text; i < length; i++) {
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = ' ';
	}
	line[length++] = '\n';
	if (write(STDERR_FILENO, line, length) < 0)
		return;		/* nobody is left to tell */
}

#define LOG_FUNCTION(name, level)				\
void								\
name(const char *fmt, ...)					\
{								\
	va_list args;						\
								\
	va_start(args, fmt);					\
	log_line(level, fmt, args);				\
	va_end(args);						\
}

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warn, LOG_LEVEL_WARN)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)

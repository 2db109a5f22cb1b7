#include "base/conf.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { CONF_OPTIONS_MAX = 128, CONF_LINE_MAX = 4096 };

/* What is being read: for messages, and to see a name that comes twice. */
struct reading {
	const struct conf_option	*table;
	const char			*path;
	int				 line;
	int				 seen_line[CONF_OPTIONS_MAX];
};

static bool
is_text(const struct conf_option *option)
{
	return option->type == CONF_TEXT || option->type == CONF_PATH ||
	    option->type == CONF_CHECKED;
}

static void *
value_at(void *conf, const struct conf_option *option)
{
	return (char *)conf + option->offset;
}

static const void *
value_of(const void *conf, const struct conf_option *option)
{
	return (const char *)conf + option->offset;
}

static const char *
text_of(const void *conf, const struct conf_option *option)
{
	return *(char *const *)value_of(conf, option);
}

static int
set_int(int64_t *out, const struct conf_option *option, const char *text,
    struct err *err)
{
	if (text_int(out, text, option->least, option->most) == 0)
		return 0;
	return err_set(err, "%s = %s: write a whole number from %" PRId64
	    " to %" PRId64 "%s%s", option->name, text, option->least,
	    option->most, option->unit[0] != '\0' ? ", in " : "", option->unit);
}

static int
set_bool(bool *out, const struct conf_option *option, const char *text,
    struct err *err)
{
	if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
		return err_set(err, "%s = %s: write yes or no", option->name,
		    text);
	*out = text[0] == 'y';
	return 0;
}

static int
set_text(char **out, const struct conf_option *option, const char *text,
    struct err *err)
{
	const char *right = NULL;

	if (option->type == CONF_PATH && text[0] != '\0' && text[0] != '/')
		right = "write a path that begins with /";
	else if (option->check != NULL && text[0] != '\0')
		right = option->check(text);
	if (right != NULL)
		return err_set(err, "%s = %s: %s", option->name, text, right);
	free(*out);
	*out = text[0] != '\0' ? xstrdup(text) : NULL;
	return 0;
}

static int
set_value(void *conf, const struct conf_option *option, const char *text,
    struct err *err)
{
	switch (option->type) {
	case CONF_INT:
		return set_int(value_at(conf, option), option, text, err);
	case CONF_BOOL:
		return set_bool(value_at(conf, option), option, text, err);
	case CONF_TEXT:
	case CONF_PATH:
	case CONF_CHECKED:
		break;
	}
	return set_text(value_at(conf, option), option, text, err);
}

static int
set_defaults(void *conf, const struct conf_option *table, struct err *err)
{
	const struct conf_option *option;

	for (option = table; option->name != NULL; option++) {
		if (is_text(option))
			*(char **)value_at(conf, option) = NULL;
	}
	for (option = table; option->name != NULL; option++) {
		if (set_value(conf, option, option->preset, err) != 0)
			return err_prefix(err, "built-in default");
	}
	return 0;
}

/* Cuts `name = value` in two, in place. False for a blank line or a comment. */
static bool
split_line(char *line, char **name, char **value)
{
	char *equals;

	line = text_trim(line);
	if (line[0] == '\0' || line[0] == '#')
		return false;
	*name = line;
	*value = NULL;
	if ((equals = strchr(line, '=')) != NULL) {
		*equals = '\0';
		*name = text_trim(line);
		*value = text_trim(equals + 1);
	}
	return true;
}

static int
read_line(void *conf, struct reading *reading, char *line, struct err *err)
{
	const struct conf_option *option;
	char *name, *value;

	if (!split_line(line, &name, &value))
		return 0;
	if (value == NULL)
		return err_set(err, "no '=' in it: write name = value");
	for (option = reading->table; option->name != NULL; option++) {
		if (strcmp(option->name, name) == 0)
			break;
	}
	if (option->name == NULL)
		return err_set(err, "%s: no such option; kattegat.conf(5) lists "
		    "them", name);
	if (reading->seen_line[option - reading->table] != 0)
		return err_set(err, "%s stands in line %d already: remove one",
		    name, reading->seen_line[option - reading->table]);
	reading->seen_line[option - reading->table] = reading->line;
	return set_value(conf, option, value, err);
}

static int
read_file(void *conf, struct reading *reading, FILE *file, struct err *err)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	int rc = -1;

	while ((length = getline(&line, &size, file)) >= 0) {
		reading->line++;
		if (length > CONF_LINE_MAX)
			err_set(err, "longer than %d bytes", CONF_LINE_MAX);
		else if (memchr(line, '\0', (size_t)length) != NULL)
			err_set(err, "a zero byte in it: remove it");
		else if (!text_utf8_ok(line, (size_t)length))
			err_set(err, "not UTF-8: save the file as UTF-8");
		else if (read_line(conf, reading, line, err) == 0)
			continue;
		err_prefix(err, "%s:%d", reading->path, reading->line);
		goto out;
	}
	if (ferror(file)) {
		err_set(err, "%s: %s", reading->path, strerror(errno));
		goto out;
	}
	rc = 0;
out:
	free(line);
	return rc;
}

int
conf_line(const char *path, const char *name)
{
	char *line = NULL, *found, *value;
	size_t size = 0;
	FILE *file;
	int number = 0;

	if (path == NULL || (file = fopen(path, "re")) == NULL)
		return 0;
	while (getline(&line, &size, file) >= 0) {
		number++;
		if (split_line(line, &found, &value) &&
		    strcmp(found, name) == 0)
			goto out;
	}
	number = 0;
out:
	free(line);
	fclose(file);
	return number;
}

int
conf_load(void *out, const struct conf_option *table, const char *path,
    struct err *err)
{
	struct reading reading = { table, path, 0, { 0 } };
	FILE *file = NULL;
	int rc = -1;

	if (set_defaults(out, table, err) != 0)
		goto out;
	if (path != NULL && (file = fopen(path, "re")) == NULL) {
		err_set(err, "%s: %s", path, strerror(errno));
		goto out;
	}
	if (file != NULL && read_file(out, &reading, file, err) != 0)
		goto out;
	rc = 0;
out:
	if (file != NULL)
		fclose(file);
	if (rc != 0)
		conf_clear(out, table);
	return rc;
}

static bool
same_value(const void *a, const void *b, const struct conf_option *option)
{
	const char *text_a, *text_b;

	if (option->type == CONF_INT)
		return *(const int64_t *)value_of(a, option) ==
		    *(const int64_t *)value_of(b, option);
	if (option->type == CONF_BOOL)
		return *(const bool *)value_of(a, option) ==
		    *(const bool *)value_of(b, option);
	text_a = text_of(a, option);
	text_b = text_of(b, option);
	if (text_a == NULL || text_b == NULL)
		return text_a == text_b;
	return strcmp(text_a, text_b) == 0;
}

const char *
conf_changed_fixed(const void *a, const void *b,
    const struct conf_option *table)
{
	const struct conf_option *option;

	for (option = table; option->name != NULL; option++) {
		if (!option->reloadable && !same_value(a, b, option))
			return option->name;
	}
	return NULL;
}

void
conf_clear(void *conf, const struct conf_option *table)
{
	const struct conf_option *option;

	for (option = table; option->name != NULL; option++) {
		if (is_text(option)) {
			free(*(char **)value_at(conf, option));
			*(char **)value_at(conf, option) = NULL;
		}
	}
}

/* A comment of lines of 80 at most, cut at blanks. */
static void
print_comment(const char *text, FILE *out)
{
	size_t column = 0, length;

	while (*text != '\0') {
		length = strcspn(text, " ");
		if (column > 0 && column + 1 + length > 80) {
			fputc('\n', out);
			column = 0;
		}
		column += (size_t)fprintf(out, "%s%.*s", column > 0 ? " " : "# ",
		    (int)length, text);
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

void
conf_print_sample(const struct conf_option *table, FILE *out)
{
	const struct conf_option *option;
	char *help;

	for (option = table; option->name != NULL; option++) {
		help = xasprintf("%s%s%s%s", option->help,
		    option->unit[0] != '\0' ? " In " : "", option->unit,
		    option->unit[0] != '\0' ? "." : "");
		print_comment(help, out);
		free(help);
		fprintf(out, "#%s =%s%s\n\n", option->name,
		    option->preset[0] != '\0' ? " " : "", option->preset);
	}
}

static const char *
type_words(const struct conf_option *option)
{
	switch (option->type) {
	case CONF_INT:
		return "a whole number";
	case CONF_BOOL:
		return "yes or no";
	case CONF_PATH:
		return "an absolute path";
	case CONF_TEXT:
	case CONF_CHECKED:
		break;
	}
	return "text";
}

/* Text as man(7) takes it: '-' a real one, no line a request by accident. */
static void
print_roff(const char *text, FILE *out)
{
	const char *at;

	for (at = text; *at != '\0'; at++) {
		if ((*at == '.' || *at == '\'') && (at == text || at[-1] == '\n'))
			fputs("\\&", out);
		if (*at == '-')
			fputs("\\-", out);
		else if (*at == '\\')
			fputs("\\e", out);
		else
			fputc(*at, out);
	}
}

void
conf_print_man(const struct conf_option *table, FILE *out)
{
	const struct conf_option *option;

	for (option = table; option->name != NULL; option++) {
		fprintf(out, ".TP\n.B %s\n", option->name);
		print_roff(option->help, out);
		fprintf(out, "\n.br\nIs %s", type_words(option));
		if (option->type == CONF_INT)
			fprintf(out, " from %" PRId64 " to %" PRId64,
			    option->least, option->most);
		if (option->unit[0] != '\0')
			fprintf(out, ", in %s", option->unit);
		fputs("; default: ", out);
		print_roff(option->preset[0] != '\0' ? option->preset : "none",
		    out);
		fprintf(out, "; %s.\n", option->reloadable ?
		    "can be changed by a reload" :
		    "a change takes a restart");
	}
}

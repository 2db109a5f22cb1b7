#include "gen/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

int
gen_file_read(struct buf *out, const char *path, struct err *err)
{
	FILE *file;
	size_t got;
	int rc = -1;

	if ((file = fopen(path, "re")) == NULL)
		return err_set(err, "%s: %s", path, strerror(errno));
	do {
		got = fread(buf_reserve(out, 8192), 1, 8192, file);
		out->length += got;
	} while (got > 0);
	buf_adds(out, "");
	if (ferror(file))
		err_set(err, "%s: cannot be read", path);
	else if (strlen(out->data) != out->length ||
	    !text_utf8_ok(out->data, out->length))
		err_set(err, "%s:1: not UTF-8 text; save it as UTF-8", path);
	else
		rc = 0;
	fclose(file);
	return rc;
}

int
gen_file_write(const struct buf *made, const char *path, struct err *err)
{
	FILE *file;
	size_t put;

	if ((file = fopen(path, "we")) == NULL)
		return err_set(err, "%s: %s", path, strerror(errno));
	put = fwrite(made->data, 1, made->length, file);
	if (fclose(file) != 0 || put != made->length)
		return err_set(err, "%s: cannot be written", path);
	return 0;
}

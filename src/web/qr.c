#include "web/qr.h"

#include <stddef.h>

#include <qrencode.h>

#include "base/buf.h"

enum { QUIET = 4 };

/* Dark modules side by side are one bar. */
static void
row_add(struct buf *path, const unsigned char *row, int width, int y)
{
	int x = 0, from;

	while (x < width) {
		if ((row[x] & 1) == 0) {
			x++;
			continue;
		}
		from = x;
		while (x < width && (row[x] & 1) != 0)
			x++;
		buf_addf(path, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET,
		    x - from, x - from);
	}
}

int
qr_path(char **path, const char *text)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8,
	    1);
	struct buf made = BUF_INIT;
	int y, side;

	*path = NULL;
	if (code == NULL)
		return 0;
	for (y = 0; y < code->width; y++)
		row_add(&made, code->data + y * code->width, code->width, y);
	side = code->width + 2 * QUIET;
	*path = buf_take(&made);
	QRcode_free(code);
	return side;
}

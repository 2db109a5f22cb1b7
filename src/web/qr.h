/*
 * qr.h - a QR code as the path of an SVG.
 *
 * Units:     modules; the quiet zone of four around the code is part of the side.
 * Ownership: the path is the caller's, who wipes it when the text was a secret.
 * Errors:    a text that does not fit gives side 0 and no path.
 */
#ifndef KG_WEB_QR_H
#define KG_WEB_QR_H

/* The side of the square; *path is then the `d` of its dark modules, else NULL. */
int qr_path(char **path, const char *text);

#endif

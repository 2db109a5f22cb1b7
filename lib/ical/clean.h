/*
 * clean.h - makes any bytes fit to stand in a calendar; the room's own.
 *
 * Bad UTF-8 becomes U+FFFD, one for each byte. Control characters (C0, DEL, C1)
 * and byte order marks go, a tab becomes a blank; CR LF, CR, LF, U+2028 and
 * U+2029 become one newline, which the caller's escaping must write as "\n".
 *
 * Ownership: what is returned is the caller's, for free().
 * Errors:    none; NULL when there is no text or nothing is left of it.
 */
#ifndef KG_ICAL_CLEAN_H
#define KG_ICAL_CLEAN_H

char *clean_text(const char *text);
/* Newlines become blanks. */
char *clean_line(const char *text);
/* A line without comma and semicolon; blanks around and in a row go. */
char *clean_name(const char *text);
/* A line that may stand in a quoted parameter: no '"', no '^' (RFC 6868). */
char *clean_parameter(const char *text);
/*
 * What may stand in a URI: control bytes go, other bytes that may not be there
 * are escaped; a '%' is left as it is.
 */
char *clean_uri(const char *text);
/* Letters only (a CSS name), or NULL. */
char *clean_colour(const char *text);
/* A plain decimal number of degrees in [-most, most], or NULL. */
char *clean_degrees(const char *text, int most);

#endif

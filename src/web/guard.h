/*
 * guard.h - what a form must be before a page gets to see it.
 *
 * In this order: it was sent by a page of ours (Origin is exactly base_url, or the
 * browser says none; Sec-Fetch-Site is not cross-site), it is a form, it can be
 * read, and its csrf belongs to the visitor's cookie.
 *
 * Errors:    what is refused is answered: 403, 415, 400, 403. Nothing was saved, and
 *            the pages say so. Whose form of another cookie was one to sign in, and who
 *            has the cookie that came of it, is led on: they clicked twice.
 */
#ifndef KG_WEB_GUARD_H
#define KG_WEB_GUARD_H

#include <stdbool.h>

struct visit;

/* True: visit->form holds the form. False: the visit has been or will be ended. */
bool guard_passes(struct visit *visit);

#endif

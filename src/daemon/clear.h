/*
 * clear.h - what is answered to who comes without TLS.
 *
 * A page is redirected to the same address under base_url. A feed is refused with
 * a sentence: a redirect would carry its token over the net once more, each time
 * the calendar asks. So is the API, whose programs would never be told.
 *
 * Errors:  none.
 * Context: a worker's loop; the request is answered when it returns.
 */
#ifndef KG_DAEMON_CLEAR_H
#define KG_DAEMON_CLEAR_H

#include "http/server.h"

void clear_request(struct http_request *request, const char *base_url);

#endif

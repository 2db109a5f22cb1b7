/*
 * routes.c - the table of all pages.
 *
 * The first that fits is taken: what has fixed segments stands before {}.
 */
#include "web/visit.h"

const struct web_route web_routes[] = {
	{ "/", 0, page_feeds_visit, NULL },
	{ "/kalendere", 0, page_feeds_visit, NULL },
	{ "/s/{run_no}", 0, page_run_visit, NULL },
	{ .path = NULL }
};

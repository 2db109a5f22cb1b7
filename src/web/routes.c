/*
 * routes.c - the table of all pages.
 *
 * The first that fits is taken: what has fixed segments stands before {}.
 */
#include "web/account.h"

const struct web_route web_routes[] = {
	{ "/", 0, page_feeds_visit, NULL },
	{ "/kalendere", 0, page_feeds_visit, NULL },
	{ "/s/{run_no}", 0, page_run_visit, NULL },
	{ "/konto", WEB_SESSION, page_account_visit, NULL },
	{ "/konto/log-af", WEB_SESSION, NULL, page_sign_in_end_post },
	{ "/konto/log-af-andre", WEB_SESSION, NULL, page_others_end_post },
	{ "/konto/noegle", WEB_SESSION, NULL, page_token_post },
	{ "/konto/noegle-sluk", WEB_SESSION, NULL, page_token_end_post },
	{ "/konto/noedkoder", WEB_SESSION, NULL, page_codes_post },
	{ "/konto/bekraeft", WEB_SESSION, page_confirm_visit,
	    page_confirm_post },
	{ "/konto/adgangskode", WEB_SESSION, page_password_visit,
	    page_password_post },
	{ .path = NULL }
};

/*
 * routes.c - the table of all pages.
 *
 * The first that fits is taken: what has fixed segments stands before {}.
 */
#include "web/account.h"

const struct web_route web_routes[] = {
	{ "/", 0, page_feeds_visit, NULL },
	{ "/kalendere", 0, page_feeds_visit, NULL },
	{ "/favicon.ico", 0, visit_icon, NULL },
	{ "/log-ind", WEB_SESSION, page_sign_in_visit, page_sign_in_sent },
	{ "/log-ind/personale", WEB_SESSION | WEB_STAFF | WEB_BEGINS,
	    page_staff_visit, page_staff_sent },
	{ "/log-ind/kode", WEB_SESSION | WEB_STAFF | WEB_BEGINS,
	    page_code_visit, page_code_sent },
	{ "/log-ind/invitation/{token}", WEB_SESSION | WEB_STAFF | WEB_SECRET,
	    page_invitation_visit, page_invitation_sent },
	{ "/log-ind/invitation/{token}/kode", WEB_SESSION | WEB_STAFF |
	    WEB_SECRET, page_invitation_code_visit, page_invitation_code_sent },
	{ "/log-ind/{token}", WEB_SESSION | WEB_SECRET | WEB_BEGINS,
	    page_link_visit, page_link_sent },
	{ "/log-ud", WEB_SESSION, NULL, page_sign_out_sent },
	{ "/s/{run_no}", 0, page_run_visit, NULL },
	{ "/konto", WEB_SESSION | WEB_BACK, page_account_visit, NULL },
	{ "/konto/log-af", WEB_SESSION, NULL, page_sign_in_end_post },
	{ "/konto/log-af-andre", WEB_SESSION, NULL, page_others_end_post },
	{ "/konto/noegle", WEB_SESSION, NULL, page_token_post },
	{ "/konto/noegle-sluk", WEB_SESSION, NULL, page_token_end_post },
	{ "/konto/noedkoder", WEB_SESSION, NULL, page_codes_post },
	{ "/konto/bekraeft", WEB_SESSION | WEB_STAFF, page_confirm_visit,
	    page_confirm_post },
	{ "/konto/adgangskode", WEB_SESSION | WEB_STAFF | WEB_BACK,
	    page_password_visit, page_password_post },
	{ .path = NULL }
};

/*
 * account.h - the pages of the own account, and what they have in common.
 *
 * Inside the room only. Each page takes a fresh visit and ends it.
 *
 *	page_account.c	/konto and what is ended or made there
 *	page_confirm.c	/konto/bekraeft, /konto/adgangskode
 */
#ifndef KG_WEB_ACCOUNT_H
#define KG_WEB_ACCOUNT_H

#include "web/visit.h"

/*
 * What the database refused: KG403 leads to /konto/bekraeft, and from there to where
 * `next` says (a word of page_confirm.c, or NULL); all else as visit_refused().
 */
void account_refused(struct visit *visit,
    const struct store_api_answer *answer, const char *next);

void page_account_visit(struct visit *visit);
void page_sign_in_end_post(struct visit *visit);
void page_others_end_post(struct visit *visit);
void page_token_post(struct visit *visit);
void page_token_end_post(struct visit *visit);
void page_codes_post(struct visit *visit);

void page_confirm_visit(struct visit *visit);
void page_confirm_post(struct visit *visit);
void page_password_visit(struct visit *visit);
void page_password_post(struct visit *visit);

#endif

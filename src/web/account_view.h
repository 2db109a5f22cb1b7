/*
 * account_view.h - what the templates of the own account are given.
 *
 * Ownership: views borrow everything; they live while their template runs.
 */
#ifndef KG_WEB_ACCOUNT_VIEW_H
#define KG_WEB_ACCOUNT_VIEW_H

#include "web/read.h"
#include "web/view.h"

struct view_sign_in {
	long long			 id;
	struct read_client		 client;
	struct store_pages_moment	 begun, seen;
	bool				 current, by_recovery;
};

struct view_api_token {
	long long			 id;
	const char			*name, *office;
	view_words_fn			*role;
	bool				 used, expires;
	struct store_pages_moment	 used_at, last_day;
};

struct view_account {
	struct view_frame		 frame;
	const char			*name, *mail;
	view_words_fn			*role;
	const char			*office, *municipality;	/* names, or NULL */
	view_words_fn			*done;	/* what has just been done; or NULL */
	const char			*new_token;	/* shown once; or NULL */
	/* Of those with a password. */
	bool				 has_password, password_dated;
	struct store_pages_moment	 password_set;
	long				 recovery_codes;
	struct view_api_token		*tokens;
	size_t				 ntokens;
	struct view_sign_in		*sign_ins, *latest;
	size_t				 nsign_ins, nlatest;
	/* navn, sidste-dag */
	struct view_form		 form;
};

/* One form and nothing else. */
struct view_account_form {
	struct view_frame	 frame;
	struct view_form	 form;
	const char		*next;		/* the field `til`; or NULL */
	const char		*login;		/* whose password; NULL: not known */
};

struct view_codes {
	struct view_frame	 frame;
	const char		**codes;
	size_t			 ncodes;
};

void page_account(struct out *out, const struct view_account *view);
void page_confirm(struct out *out, const struct view_account_form *view);
void page_password(struct out *out, const struct view_account_form *view);
/* The form of a new token alone. */
void page_token(struct out *out, const struct view_account_form *view);
void page_codes(struct out *out, const struct view_codes *view);

view_words_fn words_signed_out, words_signed_out_others, words_token_ended;
view_words_fn words_token_again, words_codes_again;
view_words_fn words_password_changed, words_confirmed;
view_words_fn words_proof_wrong, words_name_missing, words_name_long, words_day_unread;
view_words_fn words_token_refused, words_password_missing, words_code_missing;
view_words_fn words_password_short, words_password_long, words_password_weak;

view_words_fn words_role_coordinator, words_role_planner, words_role_admin;
view_words_fn words_role_auditor, words_role_councillor, words_role_secretary;
view_words_fn words_role_teacher;
void part_client(struct out *out, const struct read_client *client);
void part_moment(struct out *out, const struct store_pages_moment *moment);
void part_sign_in(struct out *out, const struct view_account *view,
    const struct view_sign_in *sign_in);
void part_api_tokens(struct out *out, const struct view_account *view);
void part_api_token(struct out *out, const struct view_account *view,
    const struct view_api_token *token);
void part_token_form(struct out *out, const struct view_form *form);
void part_security(struct out *out, const struct view_account *view);

#endif

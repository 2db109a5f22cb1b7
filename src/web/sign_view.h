/*
 * sign_view.h - what the templates of signing in are given; more of view.h.
 *
 * Ownership: views borrow everything; they live while their template runs.
 */
#ifndef KG_WEB_SIGN_VIEW_H
#define KG_WEB_SIGN_VIEW_H

#include "web/view.h"

/* A session is over, and one is led back after signing in. */
struct view_over {
	view_words_fn	*words;		/* NULL: nothing of that kind */
	bool		 typed;		/* what was typed is kept */
	const char	*back;		/* back_query() with ? */
};

struct view_link_wish {
	struct view_frame	frame;
	struct view_form	form;		/* mail */
	bool			sent;		/* a link is on its way */
	bool			out;		/* somebody has signed out */
	const struct view_over	*over;
};

struct view_staff {
	struct view_frame	frame;
	const struct view_over	*over;
	struct view_form	form;		/* mail, password */
};

struct view_code {
	struct view_frame	 frame;
	struct view_form	 form;		/* code */
	const char		*mail;		/* NULL: not known now */
	const char		*back, *more;	/* back_query() with ? and & */
	bool			 recovery;	/* one of the ten */
};

struct view_link {
	struct view_frame	frame;
	struct view_form	form;		/* nothing but a button */
};

struct view_invitation {
	struct view_frame	 frame;
	struct view_form	 form;		/* password */
	const char		*name, *mail;
};

struct view_authenticator {
	struct view_frame	 frame;
	struct view_form	 form;		/* code */
	const char		*token;		/* of the invitation */
	const char		*secret;	/* NULL: it was shown before */
	const char		*qr_path;	/* NULL: it does not fit */
	int			 qr_side;
};

enum { VIEW_RECOVERY_CODES_MOST = 10 };

struct view_recovery {
	struct view_frame	 frame;
	const char		*codes[VIEW_RECOVERY_CODES_MOST];
	size_t			 ncodes;
};

void page_sign_in(struct out *out, const struct view_link_wish *view);
void page_staff(struct out *out, const struct view_staff *view);
void page_code(struct out *out, const struct view_code *view);
void page_link(struct out *out, const struct view_link *view);
void page_invitation(struct out *out, const struct view_invitation *view);
void page_authenticator(struct out *out, const struct view_authenticator *view);
void page_recovery(struct out *out, const struct view_recovery *view);

void part_over(struct out *out, const struct view_over *over);

view_error_fn page_code_over;		/* 410: there is no first step */
view_error_fn page_link_over, page_invitation_over;	/* 410, 404 */

view_words_fn words_mail, words_staff_wrong, words_code_wrong;
view_words_fn words_digits_missing, words_recovery_missing;
view_words_fn words_over_idle, words_over_idle_short, words_over_day;
view_words_fn words_over_role, words_over_password, words_over_signed_out;
view_words_fn words_over_revoked, words_over_other, words_over_nobody;
view_words_fn words_recovery_wrong, words_secret_old, words_many_links;

#endif

/*
 * view.h - what the templates are given, and the templates as functions.
 *
 * A template decides nothing: what needs thought is a field here, filled by the
 * page's file. Words are no fields: what a visitor reads stands in a template, and
 * a field that chooses among words holds the template's function.
 *
 * Ownership: views borrow everything; they live while their template runs.
 */
#ifndef KG_WEB_VIEW_H
#define KG_WEB_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "page/out.h"
#include "store/pages.h"

/* From visit_frame(). */
struct view_frame {
	const char	*style_path;
	bool		 staff;		/* the dark head with a yellow mark */
	const char	*person;	/* their name; NULL: nobody is signed in */
	const char	*csrf;		/* for "Log af" */
	/* What the database said, as sentences; NULL: nothing that can be told. */
	const char	*told, *hint;
};

/* ---- forms ---- */

/* A template of some words; the number is the field's or form's own. */
typedef void view_words_fn(struct out *out, long number);

enum view_input {
	VIEW_INPUT_TEXT,
	VIEW_INPUT_MAIL,		/* also what one signs in with */
	VIEW_INPUT_PASSWORD,		/* the one somebody has */
	VIEW_INPUT_NEW_PASSWORD,
	VIEW_INPUT_CODE,		/* six digits from an app */
	VIEW_INPUT_RECOVERY,		/* a recovery code; letters too */
	VIEW_INPUT_ANY_CODE,		/* either */
};

struct view_field {
	const char	*name;		/* its id too */
	const char	*value;		/* what was typed; NULL: nothing */
	view_words_fn	*mistake;	/* NULL: nothing is wrong with it */
	long		 number;	/* for the mistake's words */
};

enum { VIEW_FORM_FIELDS_MOST = 8, VIEW_ONCE_BYTES = 27 };

/* From visit_form(); zero bytes are a form without a mistake. */
struct view_form {
	const char		*csrf;
	char			 once[VIEW_ONCE_BYTES];	/* visit_form_once() */
	struct view_field	 fields[VIEW_FORM_FIELDS_MOST];
	size_t			 nfields;
	view_words_fn		*refusal;	/* of the whole; NULL: none */
	long			 number;	/* for the refusal's words */
	const char		*told, *hint;	/* instead of the words; or NULL */
};

/* Adds a field; `value` may be NULL. A password is never shown again: NULL. */
struct view_field *view_form_add(struct view_form *form, const char *name,
    const char *value);
/* How many fields hold a mistake. */
size_t view_form_mistakes(const struct view_form *form);

/*
 * A page with a form is:
 *	part_top_begin, part_mistake_mark, its title, part_top_end, <h1>,
 *	part_mistakes, part_form_begin, part_field..., a button, </form>, part_foot
 */

/* In the title: "Fejl: " when there is a mistake or a refusal. */
void part_mistake_mark(struct out *out, const struct view_form *form);
/* What was refused, above the form: role="alert", links to the fields. */
void part_mistakes(struct out *out, const struct view_form *form);
/* <form method="post"> with its hidden csrf; action NULL: the page's own address. */
void part_form_begin(struct out *out, const struct view_form *form,
    const char *action);
/* Label, hint (NULL: none), mistake, input. */
void part_field(struct out *out, const struct view_field *field,
    enum view_input input, const char *label, const char *hint);
/* A hidden field, so that sending the same form twice does it once. */
void part_once(struct out *out, const struct view_form *form);
/* Whose password a form asks for, for what keeps passwords; NULL: nobody's. */
void part_login(struct out *out, const char *login);
void part_words(struct out *out, view_words_fn *words, long number);
void part_refusal(struct out *out, const struct view_form *form);
void part_told(struct out *out, const struct view_frame *frame);
void part_input_kind(struct out *out, enum view_input input);
void part_described(struct out *out, const struct view_field *field,
    const char *hint);
/* "5 sekunder", "2 minutter": rounded up. */
void part_wait(struct out *out, long seconds);

/* ---- pages ---- */

struct view_feed {
	const char	*title;
	const char	*path;
	const char	*https, *webcal;	/* what stands before the path */
};

enum view_feeds_kind {
	VIEW_FEEDS_COUNTRY, VIEW_FEEDS_SEASONS, VIEW_FEEDS_SEMINARS,
	VIEW_FEEDS_OFFICES, VIEW_FEEDS_RUNS, VIEW_FEEDS_ROOMS,
	VIEW_FEEDS_OTHERS, VIEW_FEEDS_KINDS,
};

struct view_feeds_group {
	enum view_feeds_kind	 kind;
	struct view_feed	*feeds;
	size_t			 nfeeds;	/* none: it is not shown */
};

struct view_feeds {
	struct view_frame	frame;
	struct view_feeds_group	groups[VIEW_FEEDS_KINDS];
	bool			none;		/* not one feed at all */
};

struct view_session {
	const struct store_pages_session	*session;
	char	starts[20], ends[20];		/* for machines: 2030-01-19T09:30 */
	char	from[8], until[8];		/* for people: 09.30, 9.30 */
	bool	one_day;			/* it ends on its first day */
};

struct view_run {
	struct view_frame		 frame;
	const struct store_pages_run	*run;
	const struct view_session	*sessions;
	size_t				 nsessions;
	struct view_feed		 feed;
};

void page_feeds(struct out *out, const struct view_feeds *view);
void page_run(struct out *out, const struct view_run *view);

/* ---- refusals ---- */

typedef void view_error_fn(struct out *out, const struct view_frame *frame);

view_error_fn page_not_found;
view_error_fn page_only_read;		/* 405: it takes no form */
view_error_fn page_only_sent;		/* 405: it takes nothing but a form */
view_error_fn page_foreign;		/* 403: the form stood on another page */
view_error_fn page_stale;		/* 403: the form's csrf is not the cookie's */
view_error_fn page_no_form;		/* 415, 400 */
view_error_fn page_no_access;		/* 403: not this role or office */
view_error_fn page_away;		/* 503 */
view_error_fn page_not_saved;		/* 503 to a form that did not get through */
view_error_fn page_unknown;		/* 503 to a form that may have got through */
view_error_fn page_refused;		/* 404, 409, 422: what was wanted cannot be */
view_error_fn page_fault;		/* 500 */
/* What the server refuses before there is a visit. */
view_error_fn page_unreadable;		/* 400 and what browsers do not do */
view_error_fn page_too_slow;		/* 408 */
view_error_fn page_too_large;		/* 413 */
view_error_fn page_too_long;		/* 414 */
view_error_fn page_head_too_large;	/* 431: mostly cookies */
void page_too_many(struct out *out, const struct view_frame *frame,
    long wait_s);
/* The same above a form that was sent. */
view_words_fn words_too_many, words_not_saved, words_unknown;

/* ---- parts ---- */

void part_top_begin(struct out *out);
void part_top_end(struct out *out, const struct view_frame *frame);
void part_foot(struct out *out);
void part_feeds_heading(struct out *out, enum view_feeds_kind kind);
void part_session(struct out *out, const struct view_session *view);
void part_feed_links(struct out *out, const struct view_feed *feed);
void part_delays(struct out *out);
/* "21. januar 2027" */
void part_date(struct out *out, const struct store_pages_moment *moment);
/* "Torsdag", as it begins a line */
void part_weekday(struct out *out, const struct store_pages_moment *moment);

void style_kattegat(struct out *out);
void icon_kattegat(struct out *out);

#endif

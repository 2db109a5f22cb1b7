/*
 * page_view.h - what the pages about problems are given: templates/problems.tmpl.
 *
 * Ownership: views borrow everything; they live while their template runs.
 */
#ifndef KG_API_PAGE_VIEW_H
#define KG_API_PAGE_VIEW_H

#include "page/out.h"

struct view_problem {
	const char	*style_path;		/* or NULL */
	char		*type;			/* its whole address */
	const char	*name;
	int		 status;
	const char	*title, *detail;	/* English */
	const char	*title_da, *detail_da;
};

struct view_problems {
	const char		*style_path;	/* or NULL */
	const char		*openapi;	/* address of the document */
	struct view_problem	*at;
	size_t			 count;
};

void page_problem(struct out *out, const struct view_problem *problem);
void page_problems(struct out *out, const struct view_problems *view);
/* What stands around both pages. */
void part_problems_begin(struct out *out, const char *title,
    const char *style_path);
void part_problems_end(struct out *out);
void part_problem(struct out *out, const struct view_problem *problem);

#endif

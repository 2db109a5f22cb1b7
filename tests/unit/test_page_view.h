/* test_page_view.h - what the template of test_page.c shows. */
#ifndef KG_TEST_PAGE_VIEW_H
#define KG_TEST_PAGE_VIEW_H

#include <stddef.h>

#include "page/out.h"

struct list_item {
	const char	*name;
	const char	*slug;
	int		 seats;		/* -1: none are sold */
};

struct list_view {
	const char		*title;
	const char		*markup;
	const struct list_item	*items;
	size_t			 nitems;
};

void page_list(struct out *out, const struct list_view *view);
void part_seats(struct out *out, int seats);

#endif

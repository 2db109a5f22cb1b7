#include "web/view.h"

#include <assert.h>
#include <ctype.h>

#include "page/moment.h"

struct view_field *
view_form_add(struct view_form *form, const char *name, const char *value)
{
	struct view_field *field = &form->fields[form->nfields];

	assert(form->nfields < VIEW_FORM_FIELDS_MOST);
	form->nfields++;
	*field = (struct view_field){ .name = name, .value = value };
	return field;
}

size_t
view_form_mistakes(const struct view_form *form)
{
	size_t i, count = 0;

	for (i = 0; i < form->nfields; i++)
		count += form->fields[i].mistake != NULL;
	return count;
}

void
part_words(struct out *out, view_words_fn *words, long number)
{
	words(out, number);
}

static struct page_moment
day_of(const struct store_pages_moment *moment)
{
	return (struct page_moment){ .year = moment->year,
	    .month = moment->month, .day = moment->day };
}

void
part_date(struct out *out, const struct store_pages_moment *moment)
{
	struct page_moment day = day_of(moment);

	buf_addf(&out->buf, "%d. %s %d", day.day,
	    page_moment_month(&day, true), day.year);
}

/* No weekday of ours begins with a letter beyond ASCII. */
void
part_weekday(struct out *out, const struct store_pages_moment *moment)
{
	struct page_moment day = day_of(moment);
	const char *name = page_moment_weekday(&day, true);

	buf_addf(&out->buf, "%c%s", toupper((unsigned char)*name), name + 1);
}

#include "web/view.h"

#include <assert.h>

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

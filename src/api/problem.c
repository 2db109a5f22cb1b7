#include "api/problem.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "page/sentence.h"
#include "store/api.h"
#include "words/words.h"

static const struct api_problem_text problems[API_PROBLEMS] = {
#define API_PROBLEM(id, status, name, title, title_da, detail, detail_da) \
	[API_PROBLEM_##id] = { status, name, { title, title_da },	\
	    { detail, detail_da } },
#include "api/problems.def"
};

static const struct {
	const char	*code, *text[2];
} faults[API_FAULTS] = {
#define API_FAULT(id, code, text, text_da) \
	[API_FAULT_##id] = { code, { text, text_da } },
#include "api/problems.def"
};

static const struct {
	const char		*sqlstate;	/* or its first two letters */
	enum api_problem	 problem;
} states[] = {
#define API_STATE(sqlstate, id) { sqlstate, API_PROBLEM_##id },
#include "api/problems.def"
};

static const struct page_sentence reasons[] = {
#define API_REASON(english, danish) { false, english, danish },
#define API_REASON_WORD(english, danish) { true, english, danish },
#include "api/reasons.def"
};

const struct api_problem_text *
api_problem_text(enum api_problem problem)
{
	return &problems[problem];
}

char *
api_problem_type(const char *base_url, enum api_problem problem)
{
	return xasprintf("%s/api/problems/%s", base_url,
	    problems[problem].name);
}

enum api_problem
api_problem_named(const char *name)
{
	enum api_problem problem = 0;

	while (problem < API_PROBLEMS &&
	    strcmp(problems[problem].name, name) != 0)
		problem++;
	return problem;
}

enum api_problem
api_problem_of_state(const char *sqlstate)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(states); i++)
		if (text_starts(sqlstate, states[i].sqlstate))
			return states[i].problem;
	return store_api_passes(sqlstate) ? API_PROBLEM_BUSY :
	    API_PROBLEM_FAULT;
}

char *
api_reason_told(bool in_danish, const char *english)
{
	char *danish = in_danish ? page_sentence_danish(reasons,
	    ARRAY_LEN(reasons), english) : NULL;

	return danish == NULL ? xstrdup(english) : danish;
}

static void
set_text(struct json_value *object, const char *name, const char *text)
{
	json_value_set(object, name, json_value_text(text));
}

/* A member of the details never replaces one of the document's own. */
static void
detail_joins(const char *name, const struct json_value *value, void *arg)
{
	struct json_value *document = arg;

	if (json_value_find(document, name) == NULL)
		json_value_set(document, name, json_value_share(value));
}

/* The database's own sentence names the thing, so it goes before the problem's. */
char *
api_problem_document(const struct api_problem_wish *wish)
{
	const struct api_problem_text *text = &problems[wish->problem];
	struct json_value *document = json_value_object();
	char *type = api_problem_type(wish->base_url, wish->problem);
	char *message = words_told(wish->in_danish, wish->message);
	char *hint = words_told(wish->in_danish, wish->hint);
	char *out;

	set_text(document, "type", type);
	set_text(document, "title", text->title[wish->in_danish]);
	json_value_set(document, "status", json_value_int(text->status));
	set_text(document, "detail", message != NULL ? message :
	    text->detail[wish->in_danish]);
	if (wish->instance != NULL)
		set_text(document, "instance", wish->instance);
	if (message != NULL)
		set_text(document, "message", message);
	if (hint != NULL)
		set_text(document, "hint", hint);
	json_value_each(wish->details, detail_joins, document);
	out = json_value_format(document, false);
	json_value_free(document);
	json_value_free(wish->details);
	free(message);
	free(hint);
	free(type);
	return out;
}

/* The sentence with each {} filled in. */
static char *
filled(const char *text, const char *const fill[2])
{
	struct buf out = BUF_INIT;
	const char *gap;
	size_t n = 0;

	while ((gap = strstr(text, "{}")) != NULL && n < 2) {
		buf_add(&out, text, (size_t)(gap - text));
		buf_adds(&out, fill[n++]);
		text = gap + strlen("{}");
	}
	buf_adds(&out, text);
	return buf_take(&out);
}

void
api_fault_add(struct json_value *list, bool in_danish, enum api_fault fault,
    const char *where, const char *name, const char *const fill[2])
{
	struct json_value *one = json_value_object();
	char *sentence = filled(faults[fault].text[in_danish], fill);

	set_text(one, "in", where);
	set_text(one, "name", name);
	set_text(one, "code", faults[fault].code);
	set_text(one, "sentence", sentence);
	json_value_add(list, one);
	free(sentence);
}

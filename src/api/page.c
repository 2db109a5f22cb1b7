/*
 * page.c - what stands at the types of problems: short pages, Danish and English.
 *
 * RFC 9457 3.1.1 wants a type to lead to words for people.
 *
 *	/api/problems		all of them
 *	/api/problems/NAME	one
 */
#include <stdlib.h>
#include <string.h>

#include "api/answer.h"
#include "api/call.h"
#include "api/page_view.h"
#include "base/mem.h"
#include "base/text.h"

static const char place[] = "/api/problems";

bool
api_page_owns(const char *path)
{
	return text_starts(path, place) && (path[strlen(place)] == '/' ||
	    path[strlen(place)] == '\0');
}

static void
page_send(struct api_call *call, struct out *out)
{
	size_t length = out->buf.length;
	struct api_answer answer = {
		.status = 200, .type = "text/html; charset=utf-8",
		.body = http_body_new(buf_take(&out->buf), length),
		.caching = "Cache-Control: public, max-age=3600\r\n",
		.more = "Content-Language: da, en\r\n",
	};

	api_call_end(call, &answer);
	http_body_unref(answer.body);
}

/* The caller frees its type. */
static struct view_problem
view_of(const struct api *api, enum api_problem problem)
{
	const struct api_problem_text *text = api_problem_text(problem);

	return (struct view_problem){
		.style_path = api->style_path,
		.type = api_problem_type(api->base_url, problem),
		.name = text->name, .status = text->status,
		.title = text->title[false], .detail = text->detail[false],
		.title_da = text->title[true], .detail_da = text->detail[true],
	};
}

static void
page_of_one(struct api_call *call, enum api_problem problem)
{
	struct view_problem view = view_of(call->api, problem);
	struct out out = OUT_INIT;

	page_problem(&out, &view);
	free(view.type);
	page_send(call, &out);
}

static void
page_of_all(struct api_call *call)
{
	struct view_problem problems[API_PROBLEMS];
	char *openapi = xasprintf("%s/api/v1/openapi.json",
	    call->api->base_url);
	const struct view_problems view = {
		.style_path = call->api->style_path, .openapi = openapi,
		.at = problems, .count = API_PROBLEMS,
	};
	struct out out = OUT_INIT;
	size_t i;

	for (i = 0; i < API_PROBLEMS; i++)
		problems[i] = view_of(call->api, (enum api_problem)i);
	page_problems(&out, &view);
	for (i = 0; i < API_PROBLEMS; i++)
		free(problems[i].type);
	free(openapi);
	page_send(call, &out);
}

void
api_page_begin(struct api_call *call)
{
	const char *name = http_request_path(call->request) + strlen(place);
	enum api_problem problem;

	if (*name == '\0') {
		page_of_all(call);
		return;
	}
	problem = api_problem_named(name + 1);
	if (problem == API_PROBLEMS)
		api_call_problem(call, API_PROBLEM_NO_SUCH_ADDRESS, NULL);
	else
		page_of_one(call, problem);
}

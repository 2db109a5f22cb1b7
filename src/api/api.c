#include "api/api.h"

#include <stdlib.h>
#include <string.h>

#include "api/call.h"
#include "base/mem.h"
#include "base/text.h"
#include "feed/strangers.h"

static const char place[] = "/api";

struct api *
api_new(struct loop *loop, struct pg_pool *pool,
    struct generations *generations, const struct api_options *options)
{
	struct api *api = xcalloc(1, sizeof(*api));

	api->loop = loop;
	api->pool = pool;
	api->generations = generations;
	api->strangers = feed_strangers_new(options->unknown_per_minute);
	api->sign = options->sign;
	api->base_url = xstrdup(options->base_url);
	api->style_path = xstrdup_null(options->style_path);
	api->limit_ms = options->limit_ms;
	return api;
}

void
api_free(struct api *api)
{
	if (api == NULL)
		return;
	while (api->calls != NULL) {
		http_request_set_note(api->calls->request, NULL);
		api_call_detach(api->calls);
	}
	http_body_unref(api->openapi);
	feed_strangers_free(api->strangers);
	free(api->base_url);
	free(api->style_path);
	free(api);
}

bool
api_owns(const char *path)
{
	return text_starts(path, place) &&
	    (path[strlen(place)] == '/' || path[strlen(place)] == '\0');
}

void
api_request(struct api *api, struct http_request *request)
{
	api_call_begin(api, request);
}

void
api_gone(struct api *api, struct http_request *request)
{
	struct api_call *call = http_request_note(request);

	(void)api;
	if (call != NULL)
		api_call_detach(call);
}

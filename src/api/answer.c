#include "api/answer.h"

/* On everything. No Access-Control-*: the API is not for other sites' pages. */
static const char all_fields[] =
    "X-Content-Type-Options: nosniff\r\n"
    "Strict-Transport-Security: max-age=31536000\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'self'; "
    "frame-ancestors 'none'\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Referrer-Policy: no-referrer\r\n";

static const char no_store[] = "Cache-Control: private, no-store\r\n";

static void
field_add(struct buf *head, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_adds(head, name);
	buf_adds(head, value);
	buf_add(head, "\r\n", 2);
}

void
api_answer_fields(struct buf *head, const char *caching)
{
	buf_adds(head, caching == NULL ? no_store : caching);
	buf_add(head, all_fields, sizeof(all_fields) - 1);
}

void
api_answer_language(struct buf *head, bool in_danish)
{
	buf_addf(head, "Content-Language: %s\r\nVary: Accept-Language\r\n",
	    in_danish ? "da" : "en");
}

void
api_answer_send(struct http_request *request, const struct api_answer *answer)
{
	struct http_answer out = { .status = answer->status };
	struct buf head = BUF_INIT;

	buf_reserve(&head, 1024);
	buf_addf(&head, "HTTP/1.1 %d %s\r\n", answer->status,
	    http_reason(answer->status));
	if (answer->body != NULL) {
		field_add(&head, "Content-Type: ", answer->type);
		buf_addf(&head, "Content-Length: %zu\r\n",
		    answer->body->length);
		out.body = answer->body;
	} else if (answer->status != 204 && answer->status != 304) {
		buf_adds(&head, "Content-Length: 0\r\n");
	}
	api_answer_fields(&head, answer->caching);
	field_add(&head, "Kattegat-Version: ", answer->version);
	field_add(&head, "ETag: ", answer->etag);
	field_add(&head, "Location: ", answer->location);
	if (answer->more != NULL)
		buf_adds(&head, answer->more);
	out.head = head.data;
	out.head_length = head.length;
	http_answer(request, &out);
	buf_clear(&head);
}

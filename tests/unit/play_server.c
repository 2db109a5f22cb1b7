/*
 * play_server.c - see play_server.h.
 */
#include "play_server.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum http_method
http_request_method(const struct http_request *request)
{
	return request->method;
}

const char *
http_request_path(const struct http_request *request)
{
	return request->path;
}

const char *
http_request_query(const struct http_request *request)
{
	return request->query == NULL ? "" : request->query;
}

const char *
http_request_field(struct http_request *request, const char *name)
{
	int i;

	for (i = 0; i < PLAY_FIELDS && request->fields[i].name != NULL; i++)
		if (strcmp(request->fields[i].name, name) == 0)
			return request->fields[i].value;
	return NULL;
}

const char *
http_request_body(const struct http_request *request, size_t *length)
{
	*length = request->sent == NULL ? 0 : strlen(request->sent);
	return request->sent == NULL ? "" : request->sent;
}

const unsigned char *
http_request_address(const struct http_request *request)
{
	return request->address;
}

void
http_request_set_note(struct http_request *request, void *note)
{
	request->note = note;
}

void *
http_request_note(const struct http_request *request)
{
	return request->note;
}

void
http_request_set_kind(struct http_request *request, int kind)
{
	request->kind = kind;
}

const char *
http_reason(int status)
{
	return status == 200 ? "OK" : "Other";
}

struct http_body *
http_body_new(char *bytes, size_t length)
{
	struct http_body *body = xcalloc(1, sizeof(*body));

	body->bytes = bytes;
	body->length = length;
	body->references = 1;
	return body;
}

struct http_body *
http_body_ref(struct http_body *body)
{
	body->references++;
	return body;
}

void
http_body_unref(struct http_body *body)
{
	if (body == NULL || --body->references > 0)
		return;
	free(body->bytes);
	free(body);
}

void
http_answer(struct http_request *request, const struct http_answer *answer)
{
	request->answers++;
	assert_int_equal(request->answers, 1);
	assert_true(answer->head_length >= 4);
	assert_memory_equal(answer->head + answer->head_length - 2, "\r\n", 2);
	assert_memory_not_equal(answer->head + answer->head_length - 4,
	    "\r\n", 2);
	request->status = answer->status;
	request->head = xasprintf("%.*s%s", (int)answer->head_length,
	    answer->head, answer->extra == NULL ? "" : answer->extra);
	if (answer->body == NULL)
		return;
	request->length = answer->body->length;
	request->body = xmalloc(request->length + 1);
	memcpy(request->body, answer->body->bytes, request->length);
	request->body[request->length] = '\0';
}

void
http_answer_text(struct http_request *request, int status, const char *fields,
    const char *text)
{
	request->answers++;
	assert_int_equal(request->answers, 1);
	request->status = status;
	request->head = xasprintf("HTTP/1.1 %d \r\n%s", status, fields);
	request->body = xstrdup(text);
	request->length = strlen(text);
}

void
play_field(struct http_request *request, const char *name,
    const char *value)
{
	int i = 0;

	while (request->fields[i].name != NULL &&
	    strcmp(request->fields[i].name, name) != 0) {
		i++;
		assert_true(i < PLAY_FIELDS);
	}
	request->fields[i].name = name;
	request->fields[i].value = value;
}

void
play_clear(struct http_request *request)
{
	free(request->head);
	free(request->body);
	request->head = request->body = NULL;
	request->answers = 0;
}

void
has(const char *text, const char *part)
{
	if (text == NULL || strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", part,
		    text == NULL ? "" : text);
}

void
has_not(const char *text, const char *part)
{
	if (text != NULL && strstr(text, part) != NULL)
		fail_msg("\"%s\" is in \"%s\"", part, text);
}

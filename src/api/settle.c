#include "api/call.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/answer.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "feed/strangers.h"
#include "http/cond.h"
#include "words/words.h"

enum { RETRY_AWAY_S = 2, RETRY_STRANGER_S = 60 };

/* ---- problems ---- */

/* A path as it may stand in a URI. */
static char *
instance_of(const char *path)
{
	static const char hex[] = "0123456789ABCDEF";
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~/:@!$&'()*+,;=";
	struct buf out = BUF_INIT;

	for (; *path != '\0'; path++) {
		if (strchr(plain, *path) != NULL) {
			buf_addc(&out, *path);
			continue;
		}
		buf_addc(&out, '%');
		buf_addc(&out, hex[(unsigned char)*path >> 4]);
		buf_addc(&out, hex[(unsigned char)*path & 15]);
	}
	return buf_take(&out);
}

struct said {
	const char		*message, *hint;	/* the database's, or NULL */
	const char		*version;		/* Kattegat-Version, or NULL */
	const char		*more;			/* whole field lines, or NULL */
};

static void
problem_send(struct api_call *call, enum api_problem problem,
    struct json_value *details, const struct said *said)
{
	int64_t retry_s = json_value_get_int(json_value_find(details,
	    "retry_after"), 0);
	char *instance = instance_of(http_request_path(call->request));
	struct api_problem_wish wish = {
		.problem = problem, .in_danish = call->in_danish,
		.base_url = call->api->base_url, .instance = instance,
		.message = said->message, .hint = said->hint,
		.details = details,
	};
	char *document = api_problem_document(&wish);
	struct api_answer answer = {
		.status = api_problem_text(problem)->status,
		.type = API_PROBLEM_TYPE,
		.version = said->version,
	};
	struct buf more = BUF_INIT;

	api_answer_language(&more, call->in_danish);
	buf_adds(&more, said->more == NULL ? "" : said->more);
	if (retry_s > 0)
		buf_addf(&more, "Retry-After: %" PRId64 "\r\n", retry_s);
	answer.more = more.data;
	answer.body = http_body_new(document, strlen(document));
	api_call_end(call, &answer);
	http_body_unref(answer.body);
	buf_clear(&more);
	free(instance);
}

static struct json_value *
retry_after(int64_t seconds)
{
	struct json_value *details = json_value_object();

	json_value_set(details, "retry_after", json_value_int(seconds));
	return details;
}

void
api_call_problem(struct api_call *call, enum api_problem problem,
    struct json_value *details)
{
	struct said said = { NULL, NULL, NULL, NULL };

	if (api_problem_text(problem)->status == 401)
		said.more = call->signed_in ? "WWW-Authenticate: Bearer "
		    "realm=\"kattegat\", error=\"invalid_token\"\r\n" :
		    "WWW-Authenticate: Bearer realm=\"kattegat\"\r\n";
	problem_send(call, problem, details, &said);
}

void
api_call_wait(struct api_call *call, enum api_problem problem, int64_t seconds)
{
	api_call_problem(call, problem, retry_after(seconds));
}

void
api_call_not_allowed(struct api_call *call, const char *allow)
{
	const struct said said = { .more = allow };

	problem_send(call, API_PROBLEM_METHOD, NULL, &said);
}

/* ---- what the database said ---- */

static bool
is_ours(const char *sqlstate)
{
	return text_starts(sqlstate, "KG");
}

/*
 * A date of a series may have a `problem` in words: put into the reader's in place.
 * What there is no Danish of is left out.
 */
static void
series_told(const struct api_call *call, const struct json_value *whole)
{
	const struct json_value *items = json_value_find(whole, "items");
	struct json_value *item;
	char *told;
	size_t i;

	for (i = 0; i < json_value_count(items); i++) {
		item = json_value_share(json_value_at(items, i));
		if (json_value_get_text(json_value_find(item, "problem")) !=
		    NULL) {
			told = words_told(call->in_danish, json_value_get_text(
			    json_value_find(item, "problem")));
			json_value_set(item, "problem", told == NULL ?
			    json_value_null() : json_value_text(told));
			free(told);
		}
		json_value_free(item);
	}
}

/* A name that the database finds wrong, as the check would have said it. */
static void
name_refused(struct json_value *list, const char *name, const char *sentence)
{
	struct json_value *one = json_value_object();

	json_value_set(one, "name", json_value_text(name));
	json_value_set(one, "code", json_value_text("refused"));
	json_value_set(one, "sentence", json_value_text(sentence));
	json_value_add(list, one);
}

static struct json_value *
names_refused(const struct api_call *call, const struct json_value *names,
    const struct store_api_answer *answer)
{
	char *told = words_told(call->in_danish, answer->message);
	const char *sentence = told != NULL ? told : api_problem_text(
	    api_problem_of_state(answer->sqlstate))->detail[call->in_danish];
	struct json_value *list = json_value_array();
	const char *name;
	size_t i;

	for (i = 0; i < json_value_count(names); i++) {
		name = json_value_get_text(json_value_at(names, i));
		if (name != NULL)
			name_refused(list, name, sentence);
	}
	free(told);
	return list;
}

/* The DETAIL of our own errors is a JSON object; other text is not for clients. */
static struct json_value *
details_of(const struct api_call *call, const struct store_api_answer *answer)
{
	struct json_value *details = NULL;
	const struct json_value *names;
	struct err err;

	if (!is_ours(answer->sqlstate) || *answer->detail != '{' ||
	    json_value_parse(&details, answer->detail, strlen(answer->detail),
	    &err) != 0)
		return NULL;
	series_told(call, details);
	names = json_value_find(details, "fields");
	if (json_value_get_text(json_value_at(names, 0)) != NULL)
		json_value_set(details, "fields", names_refused(call, names,
		    answer));
	return details;
}

/*
 * A fault of ours or of the schema is said here; what a statement complains of may
 * quote what somebody wrote, so only complaints about the schema are repeated.
 */
static void
note_fault(const struct api_call *call, const struct store_api_answer *answer)
{
	static const char *const harmless[] = { "42", "P0", "XX", "58" };
	const char *message = "";
	size_t i;

	for (i = 0; i < ARRAY_LEN(harmless); i++)
		if (text_starts(answer->sqlstate, harmless[i]))
			message = answer->message;
	log_error("api: %s: refused by the database: %s %s, answered 500",
	    call->route->name, answer->sqlstate, message);
}

/* Who guesses is stopped; a token that was good once is no guess. */
static void
settle_stranger(struct api_call *call, struct json_value *details)
{
	bool once_valid = json_value_get_bool(json_value_find(details,
	    "once_valid"), false);

	json_value_free(details);
	if (!once_valid && feed_strangers_count(call->api->strangers,
	    http_request_address(call->request)))
		api_call_problem(call, API_PROBLEM_TOO_MANY,
		    retry_after(RETRY_STRANGER_S));
	else
		api_call_problem(call, API_PROBLEM_NOT_SIGNED_IN, NULL);
}

static void
settle_refused(struct api_call *call, const struct store_api_answer *answer)
{
	enum api_problem problem = api_problem_of_state(answer->sqlstate);
	struct json_value *details = details_of(call, answer);
	struct said said = { NULL, NULL, NULL, NULL };

	switch (problem) {
	case API_PROBLEM_NOT_SIGNED_IN:
		settle_stranger(call, details);
		return;
	case API_PROBLEM_BUSY:
		json_value_free(details);
		api_call_problem(call, problem, retry_after(RETRY_AWAY_S));
		return;
	case API_PROBLEM_FAULT:
		note_fault(call, answer);
		break;
	default:
		break;
	}
	if (is_ours(answer->sqlstate)) {
		said.message = answer->message;
		said.hint = answer->hint;
	}
	problem_send(call, problem, details, &said);
}

static bool
is_unchanged(const struct api_call *call,
    const struct store_api_answer *answer)
{
	return !call->writes && answer->status == 200 &&
	    answer->etag != NULL && http_not_modified(
	    http_request_field(call->request, "if-none-match"), NULL,
	    answer->etag, 0, 0);
}

/* The body in the reader's language: a series' preview has sentences as well. */
static char *
body_told(const struct api_call *call, const struct store_api_answer *said)
{
	struct json_value *whole = NULL;
	struct err err;
	char *bytes;

	if (strstr(said->body, "\"problem\": \"") != NULL &&
	    json_value_parse(&whole, said->body, said->body_length,
	    &err) == 0) {
		series_told(call, whole);
		bytes = json_value_format(whole, false);
		json_value_free(whole);
		return bytes;
	}
	bytes = xmalloc(said->body_length + 1);
	memcpy(bytes, said->body, said->body_length + 1);
	return bytes;
}

static void
settle_done(struct api_call *call, const struct store_api_answer *said)
{
	struct api_answer answer = {
		.status = said->status, .etag = said->etag,
		.location = said->location,
		.version = call->writes && said->xid != NULL ? said->xid :
		    said->snapshot,
	};
	char *bytes;

	if (is_unchanged(call, said)) {
		answer.status = 304;
	} else if (said->body != NULL && said->status != 204) {
		bytes = body_told(call, said);
		answer.body = http_body_new(bytes, strlen(bytes));
		answer.type = "application/json";
	}
	api_call_end(call, &answer);
	http_body_unref(answer.body);
}

/* Said once, not at every request: there may be thousands until it is back. */
static void
note_away(struct api *api, const struct store_api_answer *answer)
{
	bool away = answer->result != STORE_API_DONE &&
	    answer->result != STORE_API_REFUSED;

	if (away && !api->away)
		log_warn("api: no answer from the database, requests are 503 "
		    "until it is back");
	if (!away && api->away)
		log_info("api: the database answers again");
	api->away = away;
}

void
api_call_settle(struct api_call *call, const struct store_api_answer *answer)
{
	note_away(call->api, answer);
	switch (answer->result) {
	case STORE_API_DONE:
		settle_done(call, answer);
		break;
	case STORE_API_REFUSED:
		settle_refused(call, answer);
		break;
	case STORE_API_UNKNOWN:
		api_call_problem(call, call->writes ?
		    API_PROBLEM_OUTCOME_UNKNOWN : API_PROBLEM_AWAY,
		    retry_after(RETRY_AWAY_S));
		break;
	case STORE_API_UNSENT:
		api_call_problem(call, API_PROBLEM_AWAY,
		    retry_after(RETRY_AWAY_S));
		break;
	case STORE_API_BUSY:
		api_call_problem(call, API_PROBLEM_BUSY,
		    retry_after(RETRY_AWAY_S));
		break;
	}
}

/* ---- other answers ---- */

void
api_call_file(struct api_call *call, struct http_body *body,
    const char *etag, const char *caching)
{
	struct api_answer answer = {
		.status = 200, .type = "application/json", .body = body,
		.etag = etag, .caching = caching,
	};

	if (http_not_modified(http_request_field(call->request,
	    "if-none-match"), NULL, etag, 0, 0)) {
		answer.status = 304;
		answer.body = NULL;
	}
	api_call_end(call, &answer);
}

void
api_call_nothing(struct api_call *call, const char *fields)
{
	const struct api_answer answer = { .status = 204, .more = fields };

	api_call_end(call, &answer);
}

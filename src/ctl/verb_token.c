#include "ctl/verb.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/queries.h"
#include "secret/secret.h"

static void
show(const struct work *work, const struct pg_reply *reply, const char *url)
{
	struct json_value *object;

	if (!work->json) {
		work_show_written(work, reply, 0);
		printf("%s\nThis address is shown this once; whoever has it can "
		    "read the feed.\n", url);
		return;
	}
	object = work_written_json(reply, 0);
	json_value_set(object, "url", json_value_text(url));
	work_print_json(object);
	json_value_free(object);
}

/* Only the hash leaves this function, and the address on stdout. */
static int
create(struct work *work, const char *base_url, const char *token)
{
	char hash[2 + 2 * SECRET_SHA256_BYTES + 1] = "\\x";
	const char *const params[] = { work->why, work_value(work, "person"),
	    hash, work_value(work, "name"), work_value(work, "cancelled") };
	struct pg_reply *reply;
	char *url;
	int exit_code;

	secret_sha256_hex(hash + 2, token, strlen(token));
	exit_code = work_call(work, &query_ctl_token_create, params, &reply);
	if (exit_code != WORK_DONE)
		return exit_code;
	work_seen(work, work_text(reply, 0, "scopes"));
	url = xasprintf("%s/f/%s.ics", base_url, token);
	show(work, reply, url);
	explicit_bzero(url, strlen(url));
	free(url);
	pg_reply_free(reply);
	return WORK_DONE;
}

int
verb_token_create(struct work *work)
{
	char token[SECRET_TOKEN_LENGTH + 1];
	const char *base_url;
	struct err err;
	int exit_code;

	if ((exit_code = work_base_url(work, &base_url)) != WORK_DONE ||
	    (exit_code = work_find_control(work)) != WORK_DONE ||
	    (exit_code = work_connect(work)) != WORK_DONE)
		return exit_code;
	if (secret_token(token, &err) != 0)
		return work_fail(work, WORK_AWAY, err.text, "");
	exit_code = create(work, base_url, token);
	explicit_bzero(token, sizeof(token));
	return exit_code;
}

/*
 * Secrets that are made here and shown once: invitations and API tokens. Only the
 * hash goes to the database.
 */
#include "ctl/verb.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/queries.h"
#include "secret/secret.h"

struct secret {
	char	token[SECRET_TOKEN_LENGTH + 1];
	char	hash[2 + 2 * SECRET_SHA256_BYTES + 1];	/* \x... */
};

static int
make(const struct work *work, struct secret *secret)
{
	struct err err;

	if (secret_token(secret->token, &err) != 0)
		return work_fail(work, WORK_AWAY, err.text, "");
	memcpy(secret->hash, "\\x", 2);
	secret_sha256_hex(secret->hash + 2, secret->token,
	    strlen(secret->token));
	return WORK_DONE;
}

/* What was written, then the secret and what to know of it. */
static void
show(const struct work *work, const struct pg_reply *reply, const char *member,
    const char *secret, const char *sentence)
{
	int mailed = pg_reply_column(reply, "mailed");
	struct json_value *object;

	if (!work->json) {
		work_show_written(work, reply, 0);
		printf("%s\n%s\n", secret, sentence);
		if (mailed >= 0 && pg_reply_bool(reply, 0, mailed))
			puts("A mail with it waits to be sent.");
		return;
	}
	object = work_written_json(reply, 0);
	json_value_set(object, member, json_value_text(secret));
	if (mailed >= 0)
		json_value_set(object, "mailed",
		    json_value_bool(pg_reply_bool(reply, 0, mailed)));
	work_print_json(object);
	json_value_free(object);
}

/* One statement with the hash among its parameters. */
static int
write_secret(struct work *work, const struct pg_statement *statement,
    const char *const *params, struct pg_reply **out)
{
	int exit_code;

	if ((exit_code = work_find_control(work)) != WORK_DONE ||
	    (exit_code = work_connect(work)) != WORK_DONE ||
	    (exit_code = work_call(work, statement, params, out)) != WORK_DONE)
		return exit_code;
	work_seen(work, work_text(*out, 0, "scopes"));
	return WORK_DONE;
}

int
verb_account_invite(struct work *work)
{
	struct secret secret;
	const char *const params[] = { work->why, work_value(work, "person"),
	    work_value(work, "name"), work_value(work, "mail"),
	    work_value(work, "role"), work_value(work, "office"), secret.hash,
	    work_value(work, "hours"),
	    work_value(work, "no-mail") == NULL ? secret.token : NULL };
	const char *base_url;
	struct pg_reply *reply;
	char *url;
	int exit_code;

	if ((exit_code = work_base_url(work, &base_url)) != WORK_DONE ||
	    (exit_code = make(work, &secret)) != WORK_DONE)
		return exit_code;
	exit_code = write_secret(work, &query_ctl_account_invite, params, &reply);
	if (exit_code == WORK_DONE) {
		url = xasprintf("%s/log-ind/invitation/%s", base_url,
		    secret.token);
		show(work, reply, "url", url, "This link is shown this once; "
		    "whoever has it becomes the owner of the account.");
		explicit_bzero(url, strlen(url));
		free(url);
		pg_reply_free(reply);
	}
	explicit_bzero(&secret, sizeof(secret));
	return exit_code;
}

int
verb_account_token(struct work *work)
{
	struct secret secret;
	const char *const params[] = { work->why, work_value(work, "person"),
	    secret.hash, work_value(work, "name"), work_value(work, "role"),
	    work_value(work, "office"), work_value(work, "until") };
	struct pg_reply *reply;
	int exit_code;

	if ((exit_code = make(work, &secret)) != WORK_DONE)
		return exit_code;
	exit_code = write_secret(work, &query_ctl_api_token_create, params,
	    &reply);
	if (exit_code == WORK_DONE) {
		show(work, reply, "token", secret.token, "This token is shown "
		    "this once; whoever has it can use the API as its owner.");
		pg_reply_free(reply);
	}
	explicit_bzero(&secret, sizeof(secret));
	return exit_code;
}

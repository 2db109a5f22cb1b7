/*
 * Unit tests of src/sign: what is asked, in which order, and how it ends.
 *
 * The database is played by this file: a question waits until the test says what
 * was answered. The thread that hashes is the real one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "feed/generations.h"
#include "secret/secret.h"
#include "secret/totp.h"
#include "sign/sign.h"

/* yescrypt of cost 1, made by crypt(3) from "hemmelig". */
#define HASH "$y$j75$n34PoBLMgFrQVl4Rn34Po/$" \
	"0iZEyBs1wLoODlgEbGi6L1PTnzFFWHau0qyv0XnK2//"
/* "12345678901234567890", the secret of RFC 6238's appendix B. */
#define TOTP_HEX "3132333435363738393031323334353637383930"
#define NOW_S "1234567890"
#define CODE "005924"
#define STEP 41152263

#define TASK "{\"wait_s\": 0, \"now\": " NOW_S ", \"person_id\": 7, " \
	"\"password_hash\": \"" HASH "\", \"totp_secret\": \"" TOTP_HEX "\", " \
	"\"totp_last_step\": 0}"

/* ---- the database, played ---- */

static struct question {
	char			*route, *bearer_hex;	/* route NULL: none waits */
	struct json_value	*input;
	store_api_fn		*fn;
	void			*arg;
} question;

void
store_api_call(struct pg_pool *pool, const struct store_api_wish *wish,
    int64_t limit_ms, store_api_fn *fn, void *arg)
{
	struct err err;

	(void)pool;
	assert_null(question.route);
	assert_int_equal(limit_ms, 1500);
	question.route = xstrdup(wish->route);
	question.bearer_hex = xstrdup_null(wish->bearer_hex);
	assert_int_equal(json_value_parse(&question.input, wish->input,
	    strlen(wish->input), &err), 0);
	question.fn = fn;
	question.arg = arg;
}

static struct question
question_take(void)
{
	struct question taken = question;

	memset(&question, 0, sizeof(question));
	assert_non_null(taken.route);
	free(taken.route);
	free(taken.bearer_hex);
	json_value_free(taken.input);
	return taken;
}

static void
say(const char *body)
{
	const struct store_api_answer answer = {
		.result = STORE_API_DONE, .status = 200, .body = body,
		.body_length = strlen(body), .scopes = "",
	};
	struct question asked = question_take();

	asked.fn(&answer, asked.arg);
}

static void
refuse(const char *sqlstate)
{
	const struct store_api_answer answer = {
		.result = STORE_API_REFUSED, .sqlstate = sqlstate,
		.message = "no", .detail = "", .hint = "",
	};
	struct question asked = question_take();

	asked.fn(&answer, asked.arg);
}

static const char *
asked_text(const char *name)
{
	return json_value_get_text(json_value_find(question.input, name));
}

/* ---- who asks, played ---- */

static struct {
	int			 ends;
	enum sign_result	 result;
	int64_t			 retry_s;
	char			 sqlstate[6];
	char			*body, *cookie;
} ended;
static bool anybody_waits;

static bool
waits(void *arg)
{
	(void)arg;
	return anybody_waits;
}

static void
end(const struct sign_end *its, void *arg)
{
	(void)arg;
	ended.ends++;
	ended.result = its->result;
	ended.retry_s = its->retry_s;
	if (its->result == SIGN_SAID && its->answer->sqlstate != NULL)
		snprintf(ended.sqlstate, sizeof(ended.sqlstate), "%s",
		    its->answer->sqlstate);
	free(ended.body);
	ended.body = its->body == NULL ? NULL :
	    json_value_format(its->body, false);
	free(ended.cookie);
	ended.cookie = xstrdup_null(its->cookie);
}

static struct loop *loop;
static struct generations *generations;
static struct sign *sign;

static int
setup(void **state)
{
	static const struct sign_options options = {
		.limit_ms = 1500, .free_failures = 5,
	};

	(void)state;
	loop = loop_new();
	generations = xcalloc(1, sizeof(*generations));
	generations_init(generations);
	sign = sign_new(loop, NULL, generations, &options);
	anybody_waits = true;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	sign_free(sign);
	loop_free(loop);
	free(generations);
	free(ended.body);
	free(ended.cookie);
	memset(&ended, 0, sizeof(ended));
	return 0;
}

static void
begin(enum sign_step step, bool by_cookie, const char *password,
    const char *code)
{
	static const unsigned char address[16] = { 0xfe, [15] = 1 };
	const struct sign_wish wish = {
		.step = step, .address = address, .mail = "a@b.example",
		.password = password, .code = code, .client = "Firefox",
		.by_cookie = by_cookie,
		.bearer_hex = "0123456789abcdef0123456789abcdef"
		    "0123456789abcdef0123456789abcdef",
	};

	sign_begin(sign, &wish, waits, end, NULL);
}

static void
begin_token(enum sign_step step, const char *token)
{
	static const unsigned char address[16] = { 0xfe, [15] = 2 };
	const struct sign_wish wish = {
		.step = step, .address = address, .token = token,
		.password = "et langt ord", .code = "1",
	};

	sign_begin(sign, &wish, waits, end, NULL);
}

static void
assert_asked(const char *route)
{
	assert_non_null(question.route);
	assert_string_equal(question.route, route);
}

static void
assert_ended(enum sign_result result)
{
	assert_null(question.route);
	assert_int_equal(ended.ends, 1);
	assert_int_equal(ended.result, result);
}

/* ---- signing in ---- */

static void
test_password_and_code_make_a_session_with_a_token(void **state)
{
	char hash[STORE_API_HASH_HEX + 1];
	struct json_value *body;
	const char *token;
	char *stored;
	struct err err;

	(void)state;
	begin(SIGN_IN, false, "hemmelig", CODE);
	assert_asked("sign_in_begin");
	assert_string_equal(asked_text("mail"), "a@b.example");
	assert_string_equal(asked_text("address"),
	    "fe000000000000000000000000000001");
	say(TASK);
	loop_run(loop);
	assert_asked("sign_in_finish");
	assert_int_equal(json_value_get_int(json_value_find(question.input,
	    "step"), 0), STEP);
	assert_string_equal(asked_text("password_hash"), HASH);
	assert_non_null(asked_text("new_password_hash"));
	assert_string_equal(asked_text("client"), "Firefox");
	stored = xstrdup(asked_text("token_hash"));
	say("{\"signed_in\": true}");
	assert_ended(SIGN_DONE);
	assert_null(ended.cookie);
	assert_int_equal(json_value_parse(&body, ended.body,
	    strlen(ended.body), &err), 0);
	token = json_value_get_text(json_value_find(body, "token"));
	secret_sha256_hex(hash, token, strlen(token));
	assert_string_equal(stored, hash);
	json_value_free(body);
	free(stored);
}

/* The cookie's value is no bearer token, so it must not be stored as one. */
static void
test_a_cookie_stands_under_its_own_hash_and_in_no_body(void **state)
{
	char hash[STORE_API_HASH_HEX + 1];
	char *stored;

	(void)state;
	begin(SIGN_IN, true, "hemmelig", CODE);
	say(TASK);
	loop_run(loop);
	stored = xstrdup(asked_text("token_hash"));
	say("{\"signed_in\": true}");
	assert_ended(SIGN_DONE);
	assert_non_null(ended.cookie);
	assert_null(strstr(ended.body, ended.cookie));
	sign_cookie_hex(hash, ended.cookie);
	assert_string_equal(stored, hash);
	secret_sha256_hex(hash, ended.cookie, strlen(ended.cookie));
	assert_string_not_equal(stored, hash);
	free(stored);
}

static void
test_whatever_is_wrong_ends_alike_and_starts_nothing(void **state)
{
	static const char *const tasks[] = { TASK, TASK,
		"{\"wait_s\": 0, \"now\": " NOW_S "}" };
	static const char *const passwords[] = { "forkert", "hemmelig",
		"hemmelig" };
	static const char *const codes[] = { CODE, "005925", CODE };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(tasks); i++) {
		ended.ends = 0;
		begin(SIGN_IN, false, passwords[i], codes[i]);
		say(tasks[i]);
		loop_run(loop);
		assert_ended(SIGN_WRONG);
	}
}

static void
test_what_the_database_does_not_prove_is_wrong(void **state)
{
	(void)state;
	begin(SIGN_IN, true, "hemmelig", CODE);
	say(TASK);
	loop_run(loop);
	say("{\"signed_in\": false}");
	assert_ended(SIGN_WRONG);
	assert_null(ended.cookie);
}

static void
test_a_recovery_code_goes_as_a_hash(void **state)
{
	char hash[STORE_API_HASH_HEX + 1];

	(void)state;
	begin(SIGN_IN_AGAIN, false, "hemmelig", "ABCD-efgh-ijkl-mnop");
	assert_asked("sign_in_again_begin");
	assert_non_null(question.bearer_hex);
	say(TASK);
	loop_run(loop);
	assert_asked("sign_in_again_finish");
	secret_sha256_hex(hash, "abcdefghijklmnop", 16);
	assert_string_equal(asked_text("recovery_hash"), hash);
	say("{\"signed_in\": true}");
	assert_ended(SIGN_DONE);
	assert_null(strstr(ended.body, "token"));
}

static void
test_who_has_to_wait_hears_it_before_anything_is_checked(void **state)
{
	(void)state;
	begin(SIGN_IN, false, "hemmelig", CODE);
	say("{\"wait_s\": 4, \"now\": " NOW_S "}");
	assert_ended(SIGN_TOO_MANY);
	assert_int_equal(ended.retry_s, 4);
}

/* ---- in halves ---- */

static void
test_the_first_half_is_the_password_alone(void **state)
{
	char hash[STORE_API_HASH_HEX + 1];
	char *stored;

	(void)state;
	begin(SIGN_IN_PASSWORD, true, "hemmelig", NULL);
	say(TASK);
	loop_run(loop);
	assert_asked("sign_in_start");
	assert_null(asked_text("token_hash"));
	stored = xstrdup(asked_text("start_hash"));
	say("{\"started\": true}");
	assert_ended(SIGN_DONE);
	sign_cookie_hex(hash, ended.cookie);
	assert_string_equal(stored, hash);
	free(stored);
}

static void
test_the_second_half_is_the_code_and_uses_the_first_up(void **state)
{
	(void)state;
	begin(SIGN_IN_CODE, true, NULL, "005 924");
	assert_asked("sign_in_code_begin");
	assert_string_equal(asked_text("start_hash"), question.bearer_hex);
	say(TASK);
	assert_asked("sign_in_finish");
	assert_string_equal(asked_text("start_hash"), question.bearer_hex);
	assert_string_not_equal(asked_text("start_hash"),
	    asked_text("token_hash"));
	say("{\"signed_in\": true}");
	assert_ended(SIGN_DONE);
	ended.ends = 0;
	begin(SIGN_IN_CODE, true, NULL, "005925");
	say(TASK);
	assert_ended(SIGN_WRONG);
}

/* ---- invitations ---- */

static void
test_a_look_at_an_invitation_shows_no_secret(void **state)
{
	(void)state;
	begin_token(SIGN_INVITATION_LOOK, "abc");
	say("{\"now\": 1, \"name\": \"Bo\", \"mail\": \"b@c.example\", "
	    "\"totp_secret\": \"" TOTP_HEX "\"}");
	assert_ended(SIGN_DONE);
	assert_string_equal(ended.body,
	    "{\"name\":\"Bo\",\"mail\":\"b@c.example\"}");
}

static void
test_an_invitation_gets_a_secret_and_then_recovery_codes(void **state)
{
	char code[TOTP_DIGITS + 1];
	char *task;

	(void)state;
	begin_token(SIGN_INVITATION_ACCEPT, "abc");
	say("{\"now\": 1, \"name\": \"Bo\", \"mail\": \"b@c.example\"}");
	loop_run(loop);
	assert_asked("invitation_set");
	assert_int_equal(strlen(asked_text("totp_secret")),
	    2 * TOTP_SECRET_BYTES);
	say("{\"set\": true}");
	assert_ended(SIGN_DONE);
	assert_non_null(strstr(ended.body, "otpauth://totp/"));
	assert_null(strstr(ended.body, "\"set\""));

	ended.ends = 0;
	totp_code(code, "12345678901234567890", TOTP_SECRET_BYTES, 1);
	begin_token(SIGN_INVITATION_CONFIRM, "abc");
	assert_asked("invitation_code_begin");
	task = xasprintf("{\"now\": 30, \"totp_secret\": \"%s\"}", TOTP_HEX);
	say(task);
	free(task);
	assert_ended(SIGN_WRONG);
}

static void
test_an_unknown_invitation_is_counted_as_a_guess(void **state)
{
	(void)state;
	begin_token(SIGN_INVITATION_LOOK, "abc");
	refuse("KG004");
	assert_asked("sign_in_guess");
	assert_non_null(asked_text("address"));
	say("{\"wait_s\": 0}");
	assert_ended(SIGN_SAID);
	assert_string_equal(ended.sqlstate, "KG004");

	ended.ends = 0;
	begin_token(SIGN_BY_LINK, "abc");
	refuse("KG004");
	say("{\"wait_s\": 7}");
	assert_ended(SIGN_TOO_MANY);
	assert_int_equal(ended.retry_s, 7);

	/* The guess itself is not counted once more. */
	ended.ends = 0;
	begin_token(SIGN_INVITATION_LOOK, "abc");
	refuse("KG004");
	refuse("KG004");
	assert_ended(SIGN_SAID);
}

/* ---- nobody waits ---- */

static void
test_who_has_gone_begins_nothing(void **state)
{
	(void)state;
	begin_token(SIGN_INVITATION_ACCEPT, "abc");
	anybody_waits = false;
	say("{\"now\": 1, \"name\": \"Bo\", \"mail\": \"b@c.example\"}");
	assert_ended(SIGN_GONE);
}

/* It was counted when it began. */
static void
test_a_right_attempt_is_no_failure_when_nobody_waits(void **state)
{
	static const enum sign_step asked[] = { SIGN_IN, SIGN_IN_AGAIN,
		SIGN_IN_PASSWORD, SIGN_IN_CODE };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(asked); i++) {
		ended.ends = 0;
		anybody_waits = true;
		begin(asked[i], true, "hemmelig", CODE);
		anybody_waits = false;
		say(TASK);
		loop_run(loop);
		assert_asked("sign_in_gone");
		assert_string_equal(asked_text("password_hash"), HASH);
		assert_non_null(asked_text("address"));
		assert_null(asked_text("token_hash"));
		say("{}");
		assert_ended(SIGN_GONE);
	}
}

static void
test_a_wrong_attempt_stays_one_when_nobody_waits(void **state)
{
	(void)state;
	begin(SIGN_IN, false, "forkert", CODE);
	say(TASK);
	anybody_waits = false;
	loop_run(loop);
	assert_ended(SIGN_WRONG);
}

/* ---- too early, because of what may be under way ---- */

#define SOON "{\"wait_s\": 1, \"soon\": true, \"now\": " NOW_S "}"

static void
test_who_comes_while_another_is_under_way_asks_again(void **state)
{
	(void)state;
	begin(SIGN_IN_PASSWORD, true, "hemmelig", NULL);
	say(SOON);
	assert_int_equal(ended.ends, 0);
	loop_run(loop);
	assert_asked("sign_in_begin");
	assert_string_equal(asked_text("mail"), "a@b.example");
	say(TASK);
	loop_run(loop);
	assert_asked("sign_in_start");
	say("{\"started\": true}");
	assert_ended(SIGN_DONE);
}

static void
test_nobody_asks_again_for_ever(void **state)
{
	int times = 0;

	(void)state;
	begin(SIGN_IN_CODE, true, NULL, CODE);
	while (ended.ends == 0 && times++ < 100) {
		say(SOON);
		loop_run(loop);
	}
	assert_ended(SIGN_TOO_MANY);
	assert_in_range(times, 2, 20);
}

static void
test_more_than_can_ask_again_are_told_to_wait(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 100 && ended.ends == 0; i++) {
		begin(SIGN_IN, true, "hemmelig", CODE);
		say(SOON);
	}
	assert_ended(SIGN_TOO_MANY);
	assert_in_range(i, 2, 99);
	sign_free(sign);
	sign = NULL;
	assert_int_equal(ended.ends, i);
	assert_int_equal(ended.result, SIGN_GONE);
}

static void
test_who_has_gone_does_not_ask_again(void **state)
{
	(void)state;
	begin(SIGN_IN, true, "hemmelig", CODE);
	say(SOON);
	anybody_waits = false;
	loop_run(loop);
	assert_ended(SIGN_GONE);
}

/* ---- the same form again ---- */

static void
begin_form(enum sign_step step, const char *cookie, const char *code)
{
	static const unsigned char address[16] = { 0xfe, [15] = 3 };
	const struct sign_wish wish = {
		.step = step, .address = address, .cookie = cookie,
		.code = code, .by_cookie = true, .token = "abc",
		.bearer_hex = "00",
	};

	ended.ends = 0;
	sign_begin(sign, &wish, waits, end, NULL);
}

static void
test_a_form_is_known_by_its_cookie_and_its_fields(void **state)
{
	static const struct {
		enum sign_step	 step;
		const char	*cookie, *code;
	} forms[] = {
		{ SIGN_IN_CODE, "c", CODE }, { SIGN_IN_CODE, "d", CODE },
		{ SIGN_IN_CODE, "c", "1" },
		{ SIGN_INVITATION_CONFIRM, "c", CODE },
		{ SIGN_IN_CODE, "c", CODE },
	};
	char *hashes[ARRAY_LEN(forms)];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(forms); i++) {
		begin_form(forms[i].step, forms[i].cookie, forms[i].code);
		hashes[i] = xstrdup(asked_text("form_hash"));
		say("{\"wait_s\": 9}");
	}
	for (i = 1; i < 4; i++)
		assert_string_not_equal(hashes[i], hashes[0]);
	assert_string_equal(hashes[4], hashes[0]);
	for (i = 0; i < ARRAY_LEN(forms); i++)
		free(hashes[i]);
}

#define AGAIN "{\"wait_s\": 0, \"again\": true}"

static void
test_a_code_sent_again_renews_what_it_began(void **state)
{
	char hash[STORE_API_HASH_HEX + 1];

	(void)state;
	begin_form(SIGN_IN_CODE, "c", CODE);
	say(AGAIN);
	assert_asked("sign_in_renew");
	assert_non_null(asked_text("form_hash"));
	snprintf(hash, sizeof(hash), "%s", asked_text("token_hash"));
	say("{\"signed_in\": false}");
	assert_ended(SIGN_WRONG);
	begin_form(SIGN_IN_CODE, "c", CODE);
	say(AGAIN);
	assert_string_not_equal(asked_text("token_hash"), hash);
	say("{\"signed_in\": true}");
	assert_ended(SIGN_DONE);
	assert_non_null(ended.cookie);
}

static void
test_a_first_code_sent_again_shows_the_same_recovery_codes(void **state)
{
	char code[TOTP_DIGITS + 1];
	char *shown, *task;

	(void)state;
	totp_code(code, "12345678901234567890", TOTP_SECRET_BYTES, 1);
	task = xasprintf("{\"now\": 30, \"totp_secret\": \"%s\"}", TOTP_HEX);
	begin_form(SIGN_INVITATION_CONFIRM, "c", code);
	say(task);
	free(task);
	assert_asked("invitation_finish");
	assert_int_equal(json_value_count(json_value_find(question.input,
	    "recovery_hashes")), 10);
	say("{\"confirmed\": true}");
	assert_ended(SIGN_DONE);
	shown = xstrdup(ended.body);
	assert_non_null(strstr(shown, "-"));
	begin_form(SIGN_INVITATION_CONFIRM, "c", code);
	say(AGAIN);
	assert_ended(SIGN_DONE);
	assert_string_equal(ended.body, shown);
	begin_form(SIGN_INVITATION_CONFIRM, "d", code);
	say(AGAIN);
	assert_string_not_equal(ended.body, shown);
	free(shown);
}

static void
test_the_end_of_the_house_ends_what_is_under_way_once(void **state)
{
	(void)state;
	begin(SIGN_IN, false, "hemmelig", CODE);
	say(TASK);
	sign_free(sign);
	sign = NULL;
	assert_ended(SIGN_GONE);
}

static void
test_an_answer_after_the_end_of_the_house_ends_it_too(void **state)
{
	(void)state;
	begin(SIGN_IN, false, "hemmelig", CODE);
	sign_free(sign);
	sign = NULL;
	assert_int_equal(ended.ends, 0);
	say(TASK);
	assert_ended(SIGN_GONE);
}

static void
test_a_full_queue_is_told_at_once(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 8; i++) {
		begin(SIGN_IN, false, "forkert", CODE);
		say(TASK);
	}
	ended.ends = 0;
	begin(SIGN_IN, false, "forkert", CODE);
	assert_ended(SIGN_BUSY);
	assert_true(ended.retry_s > 0);
	loop_run(loop);
	assert_int_equal(ended.ends, 9);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_password_and_code_make_a_session_with_a_token),
		TEST(test_a_cookie_stands_under_its_own_hash_and_in_no_body),
		TEST(test_whatever_is_wrong_ends_alike_and_starts_nothing),
		TEST(test_what_the_database_does_not_prove_is_wrong),
		TEST(test_a_recovery_code_goes_as_a_hash),
		TEST(test_who_has_to_wait_hears_it_before_anything_is_checked),
		TEST(test_the_first_half_is_the_password_alone),
		TEST(test_the_second_half_is_the_code_and_uses_the_first_up),
		TEST(test_a_look_at_an_invitation_shows_no_secret),
		TEST(test_an_invitation_gets_a_secret_and_then_recovery_codes),
		TEST(test_an_unknown_invitation_is_counted_as_a_guess),
		TEST(test_who_has_gone_begins_nothing),
		TEST(test_a_right_attempt_is_no_failure_when_nobody_waits),
		TEST(test_a_wrong_attempt_stays_one_when_nobody_waits),
		TEST(test_who_comes_while_another_is_under_way_asks_again),
		TEST(test_nobody_asks_again_for_ever),
		TEST(test_more_than_can_ask_again_are_told_to_wait),
		TEST(test_who_has_gone_does_not_ask_again),
		TEST(test_a_form_is_known_by_its_cookie_and_its_fields),
		TEST(test_a_code_sent_again_renews_what_it_began),
		TEST(test_a_first_code_sent_again_shows_the_same_recovery_codes),
		TEST(test_the_end_of_the_house_ends_what_is_under_way_once),
		TEST(test_an_answer_after_the_end_of_the_house_ends_it_too),
		TEST(test_a_full_queue_is_told_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

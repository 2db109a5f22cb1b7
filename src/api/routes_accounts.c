/*
 * routes_accounts.c - signing in, accounts of staff, tokens of programs.
 */
#include "api/sign_in.h"
#include "api/table.h"
#include "sign/sign.h"

static const struct api_field sign_in[] = {
	FIELD_TEXT(BODY, "mail", API_NEEDED, 200, NULL),
	FIELD_SECRET(BODY, "password", API_NEEDED, SIGN_PASSWORD_MOST, NULL),
	FIELD_SECRET(BODY, "code", API_NEEDED, 40,
	    "of the authenticator, or a recovery code"),
	FIELDS_END
};

static const struct api_field sign_in_again[] = {
	FIELD_SECRET(BODY, "password", API_NEEDED, SIGN_PASSWORD_MOST, NULL),
	FIELD_SECRET(BODY, "code", API_NEEDED, 40,
	    "of the authenticator, or a recovery code"),
	FIELDS_END
};

static const struct api_field password_change[] = {
	{ "password", API_BODY, API_SECRET, API_NEEDED, SIGN_PASSWORD_LEAST,
	    SIGN_PASSWORD_MOST, NULL, NULL, "the new one: 12 characters at least", 0 },
	FIELDS_END
};

static const struct api_field mail_link_send[] = {
	FIELD_TEXT(BODY, "mail", API_NEEDED, 200, NULL),
	FIELDS_END
};

static const struct api_field mail_link_use[] = {
	FIELD_SECRET(BODY, "token", API_NEEDED, 100, "of the link"),
	FIELDS_END
};

static const struct api_field sign_in_revoke[] = {
	FIELD_ID(PATH, "sign_in_id", API_NEEDED, NULL),
	FIELDS_END
};

static const struct api_field accounts_list[] = {
	FIELD_WORD(QUERY, "role", 0, api_words_role, NULL),
	FIELD_OFFICE(QUERY, 0),
	FIELD_TEXT(QUERY, "q", 0, 100, "part of the name"),
	FIELDS_PAGE,
	FIELDS_END
};

static const struct api_field account_invite[] = {
	FIELD_TEXT(BODY, "name", API_NEEDED, 200, NULL),
	FIELD_TEXT(BODY, "mail", API_NEEDED, 200, NULL),
	FIELD_WORD(BODY, "role", API_NEEDED, api_words_role, NULL),
	FIELD_OFFICE(BODY, API_NULL),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field account_get[] = {
	FIELD_ID(PATH, "account_id", API_NEEDED, NULL),
	FIELDS_END
};

static const struct api_field account_change[] = {
	FIELD_ID(PATH, "account_id", API_NEEDED, NULL),
	FIELD_WORD(BODY, "role", 0, api_words_role, NULL),
	FIELD_OFFICE(BODY, API_NULL),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field account_word[] = {
	FIELD_ID(PATH, "account_id", API_NEEDED, NULL),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field invitation_accept[] = {
	FIELD_SECRET(BODY, "token", API_NEEDED, 100, "of the invitation"),
	{ "password", API_BODY, API_SECRET, API_NEEDED, SIGN_PASSWORD_LEAST,
	    SIGN_PASSWORD_MOST, NULL, NULL, "12 characters at least", 0 },
	FIELDS_END
};

static const struct api_field invitation_confirm[] = {
	FIELD_SECRET(BODY, "token", API_NEEDED, 100, "of the invitation"),
	FIELD_SECRET(BODY, "code", API_NEEDED, 40, "of the authenticator"),
	FIELDS_END
};

static const struct api_field api_token_create[] = {
	FIELD_TEXT(BODY, "name", API_NEEDED, 200, "what it is for"),
	FIELD_WORD(BODY, "role", 0, api_words_role, "the own, or a lesser one"),
	FIELD_OFFICE(BODY, API_NULL),
	FIELD_PLAIN(BODY, "expires_on", DATE, API_NULL, "its last day"),
	FIELD_WHY(BODY),
	FIELDS_END
};

static const struct api_field api_token_revoke[] = {
	FIELD_ID(PATH, "api_token_id", API_NEEDED, NULL),
	FIELD_WHY(QUERY),
	FIELDS_END
};

enum { WRITES = API_IF_MATCH | API_KEYED | API_CONFLICT | API_VERSIONED };

const struct api_route api_routes_accounts[] = {
	{ "me", HTTP_GET, "/me", 0, 200, NULL, &api_object_me,
	    "Who is signed in", NULL },
	{ "own_account", HTTP_GET, "/account", 0, 200, NULL,
	    &api_object_own_account, "The own account", NULL },
	{ "sign_in", HTTP_POST, "/sign-in", API_PUBLIC | API_GIVES_SECRET,
	    201, sign_in, &api_object_signed_in, "Signs in",
	    sign_in_visit },
	{ "sign_in_again", HTTP_POST, "/sign-in/again", API_CONFLICT, 200,
	    sign_in_again, &api_object_confirmed,
	    "Password and code again, before accounts are changed",
	    sign_in_visit },
	{ "password_change", HTTP_POST, "/account/password", API_CONFLICT, 204,
	    password_change, NULL, "Another password for oneself; "
	    "all other sessions end, API tokens live on",
	    sign_in_visit },
	{ "mail_link_send", HTTP_POST, "/sign-in/links", API_PUBLIC, 202,
	    mail_link_send, &api_object_mail_link,
	    "A link by mail, for those without an account", sign_in_visit },
	{ "mail_link_use", HTTP_POST, "/sign-in/by-link", API_PUBLIC |
	    API_GIVES_SECRET, 201, mail_link_use, &api_object_signed_in,
	    "Signs in with a link, which is then used up", sign_in_visit },
	{ "sign_out", HTTP_POST, "/sign-out", API_KEYED | API_CONFLICT, 204,
	    NULL, NULL, "Ends the session", NULL },
	{ "sign_ins_list", HTTP_GET, "/sign-ins", API_LIST, 200, NULL,
	    &api_object_sign_in, "The own sessions", NULL },
	{ "sign_in_revoke", HTTP_DELETE, "/sign-ins/{sign_in_id}", 0, 204,
	    sign_in_revoke, NULL,
	    "Ends one of the own sessions; an admin, others too", NULL },
	{ "sign_ins_end_others", HTTP_DELETE, "/sign-ins", API_CONFLICT, 204,
	    NULL, NULL, "Ends all own sessions but the one that asks", NULL },
	{ "recovery_renew", HTTP_POST, "/account/recovery-codes", API_KEYED |
	    API_CONFLICT | API_GIVES_SECRET, 200, NULL,
	    &api_object_recovery_new, "Ten new recovery codes; the old ones "
	    "are no longer good", NULL },
	{ "accounts_list", HTTP_GET, "/accounts", API_LIST, 200,
	    accounts_list, &api_object_account, "Accounts, by name", NULL },
	{ "account_invite", HTTP_POST, "/accounts", API_KEYED | API_CONFLICT |
	    API_VERSIONED, 201, account_invite,
	    &api_object_invited, "Invites somebody, by mail", NULL },
	{ "account_get", HTTP_GET, "/accounts/{account_id}", API_VERSIONED,
	    200, account_get, &api_object_account, "One account", NULL },
	{ "account_change", HTTP_PATCH, "/accounts/{account_id}",
	    API_IF_MATCH | API_CONFLICT | API_VERSIONED, 200,
	    account_change, &api_object_account,
	    "Another role or office", NULL },
	{ "account_lock", HTTP_POST, "/accounts/{account_id}/lock", WRITES,
	    200, account_word, &api_object_account,
	    "Nobody signs in with it any more", NULL },
	{ "account_unlock", HTTP_POST, "/accounts/{account_id}/unlock",
	    WRITES, 200, account_word, &api_object_account,
	    "Takes a lock away", NULL },
	{ "invitation_accept", HTTP_POST, "/invitations/accept", API_PUBLIC |
	    API_CONFLICT | API_GIVES_SECRET, 200, invitation_accept,
	    &api_object_totp, "Sets the password", sign_in_visit },
	{ "invitation_confirm", HTTP_POST, "/invitations/confirm",
	    API_PUBLIC | API_CONFLICT | API_GIVES_SECRET, 200,
	    invitation_confirm, &api_object_recovery,
	    "Sets the authenticator", sign_in_visit },
	{ "api_tokens_list", HTTP_GET, "/api-tokens", API_LIST, 200, NULL,
	    &api_object_api_token, "The own tokens of programs", NULL },
	{ "api_token_create", HTTP_POST, "/api-tokens", API_KEYED |
	    API_CONFLICT | API_GIVES_SECRET, 201, api_token_create,
	    &api_object_api_token_new, "A token for a program", NULL },
	{ "api_token_revoke", HTTP_DELETE, "/api-tokens/{api_token_id}",
	    0, 204, api_token_revoke, NULL, "Ends a token", NULL },
	{ .name = NULL }
};

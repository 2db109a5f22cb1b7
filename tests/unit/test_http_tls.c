/*
 * Unit tests of lib/http/tls: versions, tickets, ALPN, certificates, the end.
 */
#include "http_peer.h"
#include "tls_files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

/* ---- a server and clients ---- */

static struct http_ticket_keys ticket_keys;
static SSL_SESSION *session;	/* the last ticket a client got */
static int nsessions;

static int
keep_session(SSL *ssl, SSL_SESSION *given)
{
	(void)ssl;
	SSL_SESSION_free(session);
	session = given;
	nsessions++;
	return 1;
}

static SSL_CTX *
client_context(int version)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	SSL_CTX_set_min_proto_version(context, version);
	SSL_CTX_set_max_proto_version(context, version);
	/* So that it may offer what our server must refuse. */
	SSL_CTX_set_security_level(context, 0);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT |
	    SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(context, keep_session);
	return context;
}

static void
rotate(void)
{
	struct err err;

	assert_int_equal(http_ticket_keys_rotate(&ticket_keys, &err), 0);
}

static int
serve(void **state)
{
	const struct http_tls_files files = { tls_paths[FILE_CHAIN],
	    tls_paths[FILE_EC_KEY], tls_paths[FILE_RSA],
	    tls_paths[FILE_RSA_KEY] };
	struct peer *peer;
	struct err err;

	memset(&ticket_keys, 0, sizeof(ticket_keys));
	rotate();
	peer_make(state);
	peer = *state;
	assert_int_equal(http_tls_new(&peer->tls, &files, &ticket_keys, &err),
	    0);
	peer_serve(peer);
	session = NULL;
	nsessions = 0;
	return 0;
}

static int
serve_end(void **state)
{
	SSL_SESSION_free(session);
	session = NULL;
	return peer_drop(state);
}

#define SECURE(test)	cmocka_unit_test_setup_teardown(test, serve, \
			    serve_end)

/* Asks for a path, which is what the answer says. */
static void
get(struct client *client, const char *path)
{
	char *request = xasprintf(PEER_GET("%s"), path);

	client_send(client, request);
	client_expect_body(client, path);
	free(request);
}

/* ---- handshakes ---- */

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

static void
test_tls_1_2_and_1_3_are_spoken_and_nothing_older(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context;
	size_t i;

	for (i = 0; i < ARRAY_LEN(versions); i++) {
		context = client_context(versions[i]);
		client = client_new_tls(peer, context, NULL);
		assert_int_equal(SSL_version(client->ssl), versions[i]);
		get(client, "/secure");
		get(client, "/again");
		client_free(client);
		SSL_CTX_free(context);
	}
	context = client_context(TLS1_1_VERSION);
	client = client_new_tls(peer, context, NULL);
	assert_true(client->broken);
	assert_int_equal(client->ssl_reason, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
	client_free(client);
	SSL_CTX_free(context);
	assert_int_equal(http_server_counts(peer->server)->handshakes, 2);
	assert_int_equal(http_server_counts(peer->server)->handshake_failures, 1);
}

static void
test_only_forward_secret_aead_ciphers_are_spoken(void **state)
{
	static const char *const refused[] = {
		"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256",
		"ECDHE-RSA-AES128-SHA",
	};
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context;
	size_t i;

	for (i = 0; i < ARRAY_LEN(refused); i++) {
		context = client_context(TLS1_2_VERSION);
		assert_int_equal(SSL_CTX_set_cipher_list(context, refused[i]),
		    1);
		client = client_new_tls(peer, context, NULL);
		assert_true(client->broken);
		client_free(client);
		SSL_CTX_free(context);
	}
}

static void
test_certificate_is_of_the_kind_the_client_can_use(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context = client_context(TLS1_3_VERSION);

	client = client_new_tls(peer, context, NULL);
	assert_int_equal(EVP_PKEY_get_base_id(X509_get0_pubkey(
	    SSL_get0_peer_certificate(client->ssl))), EVP_PKEY_EC);
	assert_int_equal(sk_X509_num(SSL_get_peer_cert_chain(client->ssl)), 2);
	client_free(client);
	SSL_CTX_set1_sigalgs_list(context, "rsa_pss_rsae_sha256");
	client = client_new_tls(peer, context, NULL);
	assert_int_equal(EVP_PKEY_get_base_id(X509_get0_pubkey(
	    SSL_get0_peer_certificate(client->ssl))), EVP_PKEY_RSA);
	client_free(client);
	SSL_CTX_free(context);
}

static void
test_server_prefers_its_ciphers_but_the_clients_chacha(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context = client_context(TLS1_3_VERSION);

	SSL_CTX_set_ciphersuites(context,
	    "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256");
	client = client_new_tls(peer, context, NULL);
	assert_string_equal(SSL_get_cipher_name(client->ssl),
	    "TLS_AES_128_GCM_SHA256");
	client_free(client);
	SSL_CTX_set_ciphersuites(context,
	    "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256");
	client = client_new_tls(peer, context, NULL);
	assert_string_equal(SSL_get_cipher_name(client->ssl),
	    "TLS_CHACHA20_POLY1305_SHA256");
	client_free(client);
	SSL_CTX_free(context);
}

static void
test_x25519_is_preferred_and_other_groups_refused(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context = client_context(TLS1_2_VERSION);

	SSL_CTX_set1_groups_list(context, "P-384:P-256:X25519");
	client = client_new_tls(peer, context, NULL);
	assert_int_equal(SSL_get_negotiated_group(client->ssl), NID_X25519);
	client_free(client);
	SSL_CTX_set1_groups_list(context, "P-521:X448");
	client = client_new_tls(peer, context, NULL);
	assert_true(client->broken);
	client_free(client);
	SSL_CTX_free(context);
}

static void
test_alpn_answers_http_1_1_and_refuses_what_it_does_not_know(void **state)
{
	static const unsigned char known[] = "\2h2\10http/1.1";
	static const unsigned char unknown[] = "\2h2\10http/1.0";
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context = client_context(TLS1_3_VERSION);
	const unsigned char *chosen;
	unsigned int length;

	SSL_CTX_set_alpn_protos(context, known, sizeof(known) - 1);
	client = client_new_tls(peer, context, NULL);
	SSL_get0_alpn_selected(client->ssl, &chosen, &length);
	assert_int_equal(length, 8);
	assert_memory_equal(chosen, "http/1.1", 8);
	client_free(client);
	SSL_CTX_set_alpn_protos(context, unknown, sizeof(unknown) - 1);
	client = client_new_tls(peer, context, NULL);
	assert_true(client->broken);
	assert_int_equal(client->ssl_reason, SSL_AD_REASON_OFFSET +
	    SSL_AD_NO_APPLICATION_PROTOCOL);
	client_free(client);
	SSL_CTX_free(context);
}

static void
test_client_cannot_renegotiate(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context = client_context(TLS1_2_VERSION);

	client = client_new_tls(peer, context, NULL);
	get(client, "/");
	assert_int_equal(SSL_renegotiate(client->ssl), 1);
	(void)SSL_do_handshake(client->ssl);
	wait_for(peer, client->broken);
	assert_int_equal(client->ssl_reason, SSL_R_NO_RENEGOTIATION);
	client_free(client);
	SSL_CTX_free(context);
}

static void
test_handshake_that_does_not_come_in_time_is_ended(void **state)
{
	struct peer *peer = *state;
	struct client *client;

	http_server_free(peer->server);
	close(peer->listen_fd);
	peer->limits.handshake_ms = 30;
	peer_serve(peer);
	client = client_new(peer);
	client_send_bytes(client, "\26\3\1", 3);
	client_expect_end(client);
	assert_int_equal(http_server_counts(peer->server)->timeouts, 1);
	client_free(client);
}

/* ---- tickets ---- */

/* OpenSSL throws a session away that ends without a close_notify. */
static void
leave(struct client *client)
{
	SSL_set_shutdown(client->ssl, SSL_SENT_SHUTDOWN);
	client_free(client);
}

/* Whether a connection with the last ticket is resumed; it leaves a new one. */
static bool
resumes(struct peer *peer, SSL_CTX *context)
{
	SSL_SESSION *ticket = session;
	struct client *client;
	bool reused;

	assert_non_null(ticket);
	SSL_SESSION_up_ref(ticket);
	client = client_new_tls(peer, context, ticket);
	assert_false(client->broken);
	get(client, "/");
	reused = SSL_session_reused(client->ssl);
	/* In TLS 1.2 the renewed ticket of a resumed session calls nobody. */
	if (reused && SSL_version(client->ssl) == TLS1_2_VERSION)
		keep_session(client->ssl, SSL_get1_session(client->ssl));
	leave(client);
	SSL_SESSION_free(ticket);
	return reused;
}

/* A first connection, then others with its ticket while the keys change. */
static void
resume_until_the_key_is_old(struct peer *peer, int version)
{
	SSL_CTX *context = client_context(version);
	struct client *client = client_new_tls(peer, context, NULL);
	int n;

	get(client, "/");
	assert_int_equal(nsessions, 1);
	assert_false(SSL_session_reused(client->ssl));
	leave(client);
	assert_true(resumes(peer, context));

	/* The previous key is still good, and its ticket is replaced. */
	for (n = 0; n < 2; n++) {
		rotate();
		assert_true(resumes(peer, context));
	}
	assert_int_equal(http_server_counts(peer->server)->resumed, 3);

	/* The one before it is not. */
	for (n = 0; n < 2; n++)
		rotate();
	assert_false(resumes(peer, context));
	SSL_CTX_free(context);
}

static void
test_one_ticket_is_given_and_resumes_until_its_key_is_old(void **state)
{
	resume_until_the_key_is_old(*state, TLS1_2_VERSION);
	serve_end(state);
	serve(state);
	resume_until_the_key_is_old(*state, TLS1_3_VERSION);
}

/* ---- bytes ---- */

static void
test_large_body_comes_whole_to_a_slow_reader(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context = client_context(TLS1_3_VERSION);
	struct got got;

	client = client_new_tls(peer, context, NULL);
	client_pause(client, true);
	client_send(client, PEER_GET("/big") PEER_GET("/after"));
	wait_for(peer, peer->big->references == 2);
	client_pause(client, false);
	client_expect(client, &got, false);
	assert_int_equal(got.length, PEER_BIG_SIZE);
	assert_memory_equal(got.body, peer->big->bytes, PEER_BIG_SIZE);
	got_clear(&got);
	client_expect_status(client, 200);
	client_free(client);
	SSL_CTX_free(context);
}

static void
test_answers_beyond_one_send_wait_for_a_slow_reader(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context = client_context(TLS1_3_VERSION);
	struct got got;
	int i;

	client = client_new_tls(peer, context, NULL);
	client_pause(client, true);
	for (i = 0; i < 30; i++)
		client_send(client, PEER_GET("/medium"));
	/* It goes on with none while answers wait. */
	wait_for(peer, http_server_counts(peer->server)->bytes_out > 32 * 1024);
	assert_in_range(http_server_counts(peer->server)->requests, 4, 16);
	client_pause(client, false);
	for (i = 0; i < 30; i++) {
		client_expect(client, &got, false);
		assert_int_equal(got.length, PEER_MEDIUM_SIZE);
		assert_memory_equal(got.body, peer->big->bytes,
		    PEER_MEDIUM_SIZE);
		got_clear(&got);
	}
	client_free(client);
	SSL_CTX_free(context);
}

static void
test_small_answer_is_one_record(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context = client_context(TLS1_3_VERSION);

	client = client_new_tls(peer, context, NULL);
	get(client, "/");	/* the ticket is read */
	client_pause(client, true);
	client_send(client, PEER_GET("/x"));
	wait_for(peer, http_server_counts(peer->server)->requests == 2);
	buf_reserve(&client->in, 4096);
	wait_for(peer, SSL_peek(client->ssl, client->in.data, 4096) > 0);
	/* What is behind the first record would still be unread. */
	assert_non_null(strstr(client->in.data, "\r\n\r\n/x"));
	client_free(client);
	SSL_CTX_free(context);
}

static void
test_connection_ends_with_close_notify(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context = client_context(TLS1_3_VERSION);

	client = client_new_tls(peer, context, NULL);
	get(client, "/close");
	client_expect_end(client);
	assert_true(client->close_notify);
	client_free(client);
	SSL_CTX_free(context);
}

static void
test_client_that_says_close_notify_still_gets_its_answer(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context = client_context(TLS1_3_VERSION);

	client = client_new_tls(peer, context, NULL);
	client_send(client, PEER_GET("/wait"));
	wait_for(peer, peer->nwaiting == 1);
	(void)SSL_shutdown(client->ssl);
	loop_turn(peer->loop, true);
	peer_answer(peer, "later");
	client_expect_body(client, "later");
	client_expect_end(client);
	client_free(client);
	SSL_CTX_free(context);
}

/* It costs a send, and a reset in return, to say goodbye to nobody. */
static void
test_client_that_has_closed_gets_no_farewell(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context = client_context(TLS1_3_VERSION);

	client = client_new_tls(peer, context, NULL);
	get(client, "/x");
	(void)SSL_shutdown(client->ssl);
	client_half_close(client);
	wait_for(peer, client->eof || client->broken);
	assert_false(client->close_notify);
	client_free(client);
	SSL_CTX_free(context);
}

static void
test_handler_learns_of_a_client_that_vanishes(void **state)
{
	struct peer *peer = *state;
	struct client *client;
	SSL_CTX *context = client_context(TLS1_3_VERSION);

	client = client_new_tls(peer, context, NULL);
	client_send(client, PEER_GET("/wait"));
	wait_for(peer, peer->nwaiting == 1);
	client_free(client);	/* its end comes without a close_notify */
	wait_for(peer, peer->ngone == 1);
	wait_for(peer, http_server_counts(peer->server)->connections == 0);
	SSL_CTX_free(context);
}

/* ---- files that are wrong ---- */

static void
expect_wrong(enum file certificate, enum file key, int certificate2, int key2,
    enum file named, const char *words)
{
	const struct http_tls_files files = { tls_paths[certificate],
	    tls_paths[key],
	    certificate2 < 0 ? NULL : tls_paths[certificate2],
	    key2 < 0 ? "" : tls_paths[key2] };
	struct http_tls *tls = NULL;
	struct err err;

	assert_int_equal(http_tls_new(&tls, &files, &ticket_keys, &err), -1);
	assert_null(tls);
	if (!text_starts(err.text, tls_paths[named]) ||
	    strstr(err.text, words) == NULL)
		fail_msg("it says: %s", err.text);
}

static void
test_wrong_files_are_named_with_what_would_be_right(void **state)
{
	(void)state;
	expect_wrong(FILE_MISSING, FILE_EC_KEY, -1, -1, FILE_MISSING,
	    "No such file or directory; it must be a file with the");
	expect_wrong(FILE_EC, FILE_MISSING, -1, -1, FILE_MISSING,
	    "No such file or directory; it must be the key");
	expect_wrong(FILE_EC_KEY, FILE_EC_KEY, -1, -1, FILE_EC_KEY,
	    "holds no certificate in PEM");
	expect_wrong(FILE_EC, FILE_EC, -1, -1, FILE_EC,
	    "holds no private key in PEM");
	expect_wrong(FILE_EC, FILE_OTHER_KEY, -1, -1, FILE_OTHER_KEY,
	    "is not the key of the certificate");
	expect_wrong(FILE_EC, FILE_LOCKED_KEY, -1, -1, FILE_LOCKED_KEY,
	    "protected by a passphrase");
	expect_wrong(FILE_TURNED, FILE_EC_KEY, -1, -1, FILE_TURNED,
	    "own certificate is number 2; it must stand first");
	expect_wrong(FILE_DAMAGED, FILE_EC_KEY, -1, -1, FILE_DAMAGED,
	    "certificate number 2 is damaged");
	expect_wrong(FILE_EC, FILE_EC_KEY, FILE_RSA, -1, FILE_RSA,
	    "name its file in key2");
	expect_wrong(FILE_EC, FILE_EC_KEY, FILE_RSA, FILE_EC_KEY, FILE_EC_KEY,
	    "is not the key of the certificate");
	expect_wrong(FILE_EC, FILE_EC_KEY, FILE_EC, FILE_EC_KEY, FILE_EC,
	    "is of the same kind (EC)");
}

static void
test_certificate_out_of_date_is_used_all_the_same(void **state)
{
	const struct http_tls_files files = { tls_paths[FILE_EXPIRED],
	    tls_paths[FILE_EC_KEY], NULL, NULL };
	struct http_tls *tls = NULL;
	struct err err;

	(void)state;
	assert_int_equal(http_tls_new(&tls, &files, &ticket_keys, &err), 0);
	http_tls_free(tls);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SECURE(test_tls_1_2_and_1_3_are_spoken_and_nothing_older),
		SECURE(test_only_forward_secret_aead_ciphers_are_spoken),
		SECURE(test_certificate_is_of_the_kind_the_client_can_use),
		SECURE(test_server_prefers_its_ciphers_but_the_clients_chacha),
		SECURE(test_x25519_is_preferred_and_other_groups_refused),
		SECURE(
		    test_alpn_answers_http_1_1_and_refuses_what_it_does_not_know),
		SECURE(test_client_cannot_renegotiate),
		SECURE(test_handshake_that_does_not_come_in_time_is_ended),
		SECURE(
		    test_one_ticket_is_given_and_resumes_until_its_key_is_old),
		SECURE(test_large_body_comes_whole_to_a_slow_reader),
		SECURE(test_answers_beyond_one_send_wait_for_a_slow_reader),
		SECURE(test_small_answer_is_one_record),
		SECURE(test_connection_ends_with_close_notify),
		SECURE(
		    test_client_that_says_close_notify_still_gets_its_answer),
		SECURE(test_client_that_has_closed_gets_no_farewell),
		SECURE(test_handler_learns_of_a_client_that_vanishes),
		cmocka_unit_test(
		    test_wrong_files_are_named_with_what_would_be_right),
		cmocka_unit_test(
		    test_certificate_out_of_date_is_used_all_the_same),
	};

	/* The expired certificate's warning is expected, not news. */
	log_open("test_http_tls", LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, tls_files_make, tls_files_remove);
}

#include "http/ticket.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

/* What OpenSSL's callback says: 0 no ticket, 1 go on, 2 go on and renew. */
enum { TICKET_ERROR = -1, TICKET_NONE = 0, TICKET_GOOD = 1, TICKET_RENEW = 2 };

int
http_ticket_keys_rotate(struct http_ticket_keys *keys, struct err *err)
{
	uint32_t next = atomic_load_explicit(&keys->current,
	    memory_order_relaxed) + 1;
	struct http_ticket_key *slot = &keys->slot[next % HTTP_TICKET_SLOTS];

	/* Of the three slots, nobody reads this one: it is the oldest. */
	if (RAND_bytes(slot->name, sizeof(slot->name)) != 1 ||
	    RAND_priv_bytes(slot->aes, sizeof(slot->aes)) != 1 ||
	    RAND_priv_bytes(slot->hmac, sizeof(slot->hmac)) != 1) {
		return err_set(err, "no randomness for the keys of session "
		    "tickets; the old ones stay");
	}
	atomic_store_explicit(&keys->current, next, memory_order_release);
	return 0;
}

static const struct http_ticket_key *
ticket_key(const struct http_ticket_keys *keys, uint32_t number)
{
	return number == 0 ? NULL : &keys->slot[number % HTTP_TICKET_SLOTS];
}

/* The key that has this name, and what to say; NULL when it is none of ours. */
static const struct http_ticket_key *
ticket_find(const struct http_ticket_keys *keys, const unsigned char *name,
    int *say)
{
	uint32_t current = atomic_load_explicit(&keys->current,
	    memory_order_acquire);
	const struct http_ticket_key *key = ticket_key(keys, current);

	*say = TICKET_GOOD;
	if (key != NULL && memcmp(key->name, name, sizeof(key->name)) == 0)
		return key;
	*say = TICKET_RENEW;
	key = current > 1 ? ticket_key(keys, current - 1) : NULL;
	if (key != NULL && memcmp(key->name, name, sizeof(key->name)) == 0)
		return key;
	*say = TICKET_NONE;
	return NULL;
}

static bool
ticket_mac(EVP_MAC_CTX *mac, const struct http_ticket_key *key)
{
	char digest[] = "SHA256";
	unsigned char secret[sizeof(key->hmac)];
	OSSL_PARAM params[3];
	bool ok;

	memcpy(secret, key->hmac, sizeof(secret));
	params[0] = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY,
	    secret, sizeof(secret));
	params[1] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
	    digest, 0);
	params[2] = OSSL_PARAM_construct_end();
	ok = EVP_MAC_CTX_set_params(mac, params) == 1;
	OPENSSL_cleanse(secret, sizeof(secret));
	return ok;
}

static int
ticket_seal(const struct ticket *ticket, unsigned char *name, unsigned char *iv,
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac)
{
	const struct http_ticket_key *key = ticket_key(ticket->keys,
	    atomic_load_explicit(&ticket->keys->current, memory_order_acquire));

	if (key == NULL)
		return TICKET_NONE;
	memcpy(name, key->name, sizeof(key->name));
	if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(ticket->cipher)) != 1 ||
	    EVP_EncryptInit_ex2(cipher, ticket->cipher, key->aes, iv, NULL) !=
	    1 || !ticket_mac(mac, key))
		return TICKET_ERROR;
	return TICKET_GOOD;
}

static int
ticket_callback(SSL *ssl, unsigned char *name, unsigned char *iv,
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int seal)
{
	const struct ticket *ticket = SSL_CTX_get_app_data(
	    SSL_get_SSL_CTX(ssl));
	const struct http_ticket_key *key;
	int say;

	if (seal)
		return ticket_seal(ticket, name, iv, cipher, mac);
	if ((key = ticket_find(ticket->keys, name, &say)) == NULL)
		return TICKET_NONE;
	if (EVP_DecryptInit_ex2(cipher, ticket->cipher, key->aes, iv, NULL) !=
	    1 || !ticket_mac(mac, key))
		return TICKET_ERROR;
	/*
	 * Clients of TLS 1.3 use a ticket once (RFC 8446 C.4) and would pay a
	 * full handshake for every second poll without a new one.
	 */
	return SSL_version(ssl) >= TLS1_3_VERSION ? TICKET_RENEW : say;
}

int
ticket_init(struct ticket *ticket, SSL_CTX *context,
    const struct http_ticket_keys *keys, struct err *err)
{
	ticket->keys = keys;
	ticket->cipher = NULL;
	if (keys == NULL) {
		SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
		(void)SSL_CTX_set_num_tickets(context, 0);
		return 0;
	}
	ticket->cipher = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
	if (ticket->cipher == NULL)
		return err_set(err, "this OpenSSL has no AES-256-CBC");
	SSL_CTX_set_app_data(context, ticket);
	SSL_CTX_set_tlsext_ticket_key_evp_cb(context, ticket_callback);
	/* The second ticket of OpenSSL's default costs 20 us for nobody. */
	if (SSL_CTX_set_num_tickets(context, 1) != 1) {
		ticket_clear(ticket);
		return err_set(err, "session tickets cannot be set up");
	}
	return 0;
}

void
ticket_clear(struct ticket *ticket)
{
	EVP_CIPHER_free(ticket->cipher);
	ticket->cipher = NULL;
}

/*
 * tls_files.h - for tests: keys and certificates, right and wrong ones.
 *
 * They are made anew in a folder of their own under /tmp, which goes away with
 * tls_files_remove().
 */
#ifndef KG_TEST_TLS_FILES_H
#define KG_TEST_TLS_FILES_H

enum file {
	FILE_EC_KEY, FILE_EC,		/* a key and its certificate */
	FILE_RSA_KEY, FILE_RSA,
	FILE_OTHER_KEY,			/* of no certificate here */
	FILE_LOCKED_KEY,		/* FILE_EC_KEY under a passphrase */
	FILE_EXPIRED,			/* FILE_EC, until yesterday */
	FILE_TURNED, FILE_CHAIN,	/* the issuer first; as it should be */
	FILE_DAMAGED,			/* the second certificate in it */
	FILE_MISSING,
	FILES,
};

extern char *tls_paths[FILES];

/* cmocka's setup and teardown of a group. */
int tls_files_make(void **state);
int tls_files_remove(void **state);

#endif

noinst_LIBRARIES += lib/secret/libsecret.a
lib_secret_libsecret_a_SOURCES = \
	lib/secret/password.c lib/secret/password.h \
	lib/secret/secret.c lib/secret/secret.h \
	lib/secret/totp.c lib/secret/totp.h
lib_secret_libsecret_a_CPPFLAGS = $(AM_CPPFLAGS) $(SSL_CFLAGS) $(CRYPT_CFLAGS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_secret
TESTS += tests/unit/test_secret
tests_unit_test_secret_SOURCES = tests/unit/test_secret.c
tests_unit_test_secret_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_secret_LDADD = lib/secret/libsecret.a lib/base/libbase.a \
	$(SSL_LIBS) $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_password
TESTS += tests/unit/test_password
tests_unit_test_password_SOURCES = tests/unit/test_password.c
tests_unit_test_password_CFLAGS = $(UNIT_CFLAGS) $(CRYPT_CFLAGS)
tests_unit_test_password_LDADD = lib/secret/libsecret.a lib/base/libbase.a \
	$(CRYPT_LIBS) $(SSL_LIBS) $(UNIT_LIBS)
endif

noinst_LIBRARIES += lib/secret/libsecret.a
lib_secret_libsecret_a_SOURCES = lib/secret/secret.c lib/secret/secret.h
lib_secret_libsecret_a_CPPFLAGS = $(AM_CPPFLAGS) $(SSL_CFLAGS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_secret
TESTS += tests/unit/test_secret
tests_unit_test_secret_SOURCES = tests/unit/test_secret.c
tests_unit_test_secret_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_secret_LDADD = lib/secret/libsecret.a lib/base/libbase.a \
	$(SSL_LIBS) $(UNIT_LIBS)
endif

noinst_LIBRARIES += src/sign/libsign.a
src_sign_libsign_a_SOURCES = \
	src/sign/change.c \
	src/sign/code.c src/sign/code.h \
	src/sign/desk.c src/sign/desk.h \
	src/sign/flow.c src/sign/flow.h \
	src/sign/invitation.c \
	src/sign/sign.h \
	src/sign/sign_in.c \
	src/sign/weak.c src/sign/weak.h

if HAVE_CMOCKA
SIGN_TESTS = tests/unit/test_sign tests/unit/test_sign_flow
check_PROGRAMS += $(SIGN_TESTS)
TESTS += $(SIGN_TESTS)
SIGN_UNIT_LIBS = src/sign/libsign.a src/feed/libfeed.a src/store/libstore.a \
	lib/json/libjson.a lib/secret/libsecret.a lib/http/libhttp.a \
	lib/pg/libpg.a $(LOOP_LIBS) lib/base/libbase.a $(SSL_LIBS) \
	$(CRYPT_LIBS) $(JANSSON_LIBS) $(PG_LIBS) $(UNIT_LIBS)

tests_unit_test_sign_SOURCES = tests/unit/test_sign.c
tests_unit_test_sign_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_sign_LDADD = $(SIGN_UNIT_LIBS)

tests_unit_test_sign_flow_SOURCES = tests/unit/test_sign_flow.c
tests_unit_test_sign_flow_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_sign_flow_LDADD = $(SIGN_UNIT_LIBS)
endif

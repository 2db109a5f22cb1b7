noinst_LIBRARIES += src/api/libapi.a
src_api_libapi_a_SOURCES = \
	src/api/answer.c src/api/answer.h \
	src/api/api.c src/api/api.h \
	src/api/call.c src/api/call.h \
	src/api/check.c src/api/check.h \
	src/api/head.c src/api/head.h \
	src/api/input.c src/api/input.h \
	src/api/objects.c \
	src/api/openapi.c src/api/openapi.h \
	src/api/page.c src/api/page_view.h \
	src/api/problem.c src/api/problem.h \
	src/api/problems.def src/api/reasons.def \
	src/api/refused.c \
	src/api/route.h src/api/routes.c \
	src/api/routes_accounts.c \
	src/api/routes_bookings.c \
	src/api/routes_journal.c \
	src/api/routes_places.c \
	src/api/routes_runs.c \
	src/api/schema.c src/api/schema.h \
	src/api/settle.c \
	src/api/sign_in.c src/api/sign_in.h \
	src/api/table.h
nodist_src_api_libapi_a_SOURCES = src/api/templates/problems.c
src/api/templates/problems.c: lib/gen/tmpl2c$(EXEEXT)
CLEANFILES += src/api/templates/problems.c
EXTRA_DIST += src/api/templates/problems.tmpl

EXTRA_DIST += tests/fuzz/fuzz_api.c tests/fuzz/fuzz_api.dict

# What a program with the API links before feed and store.
API_LIBS = src/api/libapi.a src/sign/libsign.a src/words/libwords.a \
	lib/json/libjson.a lib/page/libpage.a

if HAVE_CMOCKA
API_TESTS = tests/unit/test_api tests/unit/test_api_input \
	tests/unit/test_api_parts tests/unit/test_api_refused
check_PROGRAMS += $(API_TESTS)
TESTS += $(API_TESTS)
API_UNIT_LIBS = $(API_LIBS) src/feed/libfeed.a src/store/libstore.a \
	lib/secret/libsecret.a lib/http/libhttp.a lib/pg/libpg.a $(LOOP_LIBS) \
	lib/base/libbase.a $(SSL_LIBS) $(CRYPT_LIBS) $(JANSSON_LIBS) \
	$(UNIT_LIBS)

api_play_sources = tests/unit/api_play.c tests/unit/api_play.h \
	tests/unit/play_pool.c tests/unit/play_pool.h \
	tests/unit/play_server.c tests/unit/play_server.h
api_play_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit

tests_unit_test_api_SOURCES = tests/unit/test_api.c $(api_play_sources)
tests_unit_test_api_CPPFLAGS = $(api_play_cppflags)
tests_unit_test_api_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_api_LDADD = $(API_UNIT_LIBS)

tests_unit_test_api_input_SOURCES = tests/unit/test_api_input.c
tests_unit_test_api_input_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_api_input_LDADD = $(API_UNIT_LIBS) $(PG_LIBS)

tests_unit_test_api_parts_SOURCES = tests/unit/test_api_parts.c
tests_unit_test_api_parts_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_api_parts_LDADD = $(API_UNIT_LIBS) $(PG_LIBS)

tests_unit_test_api_refused_SOURCES = tests/unit/test_api_refused.c \
	$(api_play_sources)
tests_unit_test_api_refused_CPPFLAGS = $(api_play_cppflags)
tests_unit_test_api_refused_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_api_refused_LDADD = $(API_UNIT_LIBS)
endif

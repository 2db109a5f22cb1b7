noinst_LIBRARIES += lib/http/libhttp.a
lib_http_libhttp_a_SOURCES = \
	lib/http/address.c lib/http/address.h \
	lib/http/answer.c \
	lib/http/body.c \
	lib/http/certificate.c lib/http/certificate.h \
	lib/http/chars.c lib/http/chars.h \
	lib/http/cond.c lib/http/cond.h \
	lib/http/conn.c lib/http/conn.h \
	lib/http/cookie.c lib/http/cookie.h \
	lib/http/fields.c lib/http/fields.h \
	lib/http/form.c lib/http/form.h \
	lib/http/framing.c lib/http/framing.h \
	lib/http/input.c \
	lib/http/network.c lib/http/network.h \
	lib/http/parser.c lib/http/parser.h \
	lib/http/reason.c \
	lib/http/request.c \
	lib/http/server.c lib/http/server.h \
	lib/http/session.h \
	lib/http/target.c lib/http/target.h \
	lib/http/ticket.c lib/http/ticket.h \
	lib/http/tls.c lib/http/tls.h \
	lib/http/wire.c lib/http/wire.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_http_parser tests/unit/test_http_cond
TESTS += tests/unit/test_http_parser tests/unit/test_http_cond
tests_unit_test_http_parser_SOURCES = tests/unit/test_http_parser.c \
	tests/unit/http_run.h
tests_unit_test_http_parser_CPPFLAGS = $(AM_CPPFLAGS) \
	-I$(top_srcdir)/tests/unit
tests_unit_test_http_parser_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_http_parser_LDADD = lib/http/libhttp.a lib/base/libbase.a \
	$(UNIT_LIBS)
tests_unit_test_http_cond_SOURCES = tests/unit/test_http_cond.c
tests_unit_test_http_cond_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_http_cond_LDADD = lib/http/libhttp.a lib/base/libbase.a \
	$(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_http_address tests/unit/test_http_chars
TESTS += tests/unit/test_http_address tests/unit/test_http_chars
tests_unit_test_http_address_SOURCES = tests/unit/test_http_address.c
tests_unit_test_http_address_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_http_address_LDADD = lib/http/libhttp.a lib/base/libbase.a \
	$(UNIT_LIBS)
tests_unit_test_http_chars_SOURCES = tests/unit/test_http_chars.c
tests_unit_test_http_chars_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_http_chars_LDADD = lib/http/libhttp.a lib/base/libbase.a \
	$(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_http_form
TESTS += tests/unit/test_http_form
tests_unit_test_http_form_SOURCES = tests/unit/test_http_form.c
tests_unit_test_http_form_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_http_form_LDADD = lib/http/libhttp.a lib/base/libbase.a \
	$(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_http_server tests/unit/test_http_limits \
	tests/unit/test_http_tls
TESTS += tests/unit/test_http_server tests/unit/test_http_limits \
	tests/unit/test_http_tls
http_peer_sources = tests/unit/http_peer.c tests/unit/http_peer.h
http_peer_libs = lib/http/libhttp.a lib/loop/libloop.a lib/base/libbase.a \
	$(SSL_LIBS) $(EVENT_LIBS) $(UNIT_LIBS)
http_peer_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_test_http_server_SOURCES = tests/unit/test_http_server.c \
	$(http_peer_sources)
tests_unit_test_http_server_CPPFLAGS = $(http_peer_cppflags)
tests_unit_test_http_server_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_http_server_LDADD = $(http_peer_libs)
tests_unit_test_http_limits_SOURCES = tests/unit/test_http_limits.c \
	$(http_peer_sources)
tests_unit_test_http_limits_CPPFLAGS = $(http_peer_cppflags)
tests_unit_test_http_limits_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_http_limits_LDADD = $(http_peer_libs)
tests_unit_test_http_tls_SOURCES = tests/unit/test_http_tls.c \
	tests/unit/tls_files.c tests/unit/tls_files.h \
	$(http_peer_sources)
tests_unit_test_http_tls_CPPFLAGS = $(http_peer_cppflags)
tests_unit_test_http_tls_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_http_tls_LDADD = $(http_peer_libs)
endif
EXTRA_DIST += tests/fuzz/run \
	tests/fuzz/fuzz_cookie.c tests/fuzz/fuzz_cookie.dict \
	tests/fuzz/fuzz_form.c tests/fuzz/fuzz_form.dict \
	tests/fuzz/fuzz_http.c tests/fuzz/fuzz_http.dict \
	tests/fuzz/fuzz_target.c tests/fuzz/fuzz_target.dict

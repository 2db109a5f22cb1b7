# src/daemon

# Everything but main.c, so that tests can link it.
noinst_LIBRARIES += src/daemon/libdaemon.a
src_daemon_libdaemon_a_SOURCES = \
	src/daemon/backoff.c src/daemon/backoff.h \
	src/daemon/certificates.c src/daemon/certificates.h \
	src/daemon/channel.c src/daemon/channel.h \
	src/daemon/clear.c src/daemon/clear.h \
	src/daemon/control.c src/daemon/control.h \
	src/daemon/counts.c src/daemon/counts.h \
	src/daemon/crew.c src/daemon/crew.h \
	src/daemon/daytime.c src/daemon/daytime.h \
	src/daemon/due.c src/daemon/due.h \
	src/daemon/keeper.c \
	src/daemon/listener.c src/daemon/listener.h \
	src/daemon/local.c src/daemon/local.h \
	src/daemon/metrics.c src/daemon/metrics.h \
	src/daemon/metrics_view.c src/daemon/metrics_view.h \
	src/daemon/options.c src/daemon/options.h \
	src/daemon/parent.c src/daemon/parent.h \
	src/daemon/privileges.c src/daemon/privileges.h \
	src/daemon/process.c src/daemon/process.h \
	src/daemon/reload.c src/daemon/reload.h \
	src/daemon/scrape.c src/daemon/scrape.h \
	src/daemon/shared.c src/daemon/shared.h \
	src/daemon/status.c src/daemon/status.h \
	src/daemon/worker.c
$(src_daemon_libdaemon_a_OBJECTS): src/store/queries.h

sbin_PROGRAMS += src/daemon/kattegatd
src_daemon_kattegatd_SOURCES = src/daemon/main.c
src_daemon_kattegatd_LDADD = src/daemon/libdaemon.a src/web/libweb.a \
	$(API_LIBS) $(JOBS_LIBS) \
	src/feed/libfeed.a src/store/libstore.a lib/page/libpage.a \
	lib/ical/libical.a lib/secret/libsecret.a lib/http/libhttp.a \
	$(PG_LIBS) $(LOOP_LIBS) lib/base/libbase.a $(ICAL_LIBS) \
	$(PACK_LIBS) $(CURL_LIBS) $(SSL_LIBS) $(CRYPT_LIBS) $(JANSSON_LIBS) \
	$(QRENCODE_LIBS)

if HAVE_CMOCKA
DAEMON_TESTS = tests/unit/test_daemon_control tests/unit/test_daemon_keeper \
	tests/unit/test_daemon_metrics \
	tests/unit/test_daemon_options tests/unit/test_daemon_parent \
	tests/unit/test_daemon_parts \
	tests/unit/test_daemon_reload tests/unit/test_daemon_status
check_PROGRAMS += $(DAEMON_TESTS)
TESTS += $(DAEMON_TESTS)

tests_unit_test_daemon_control_SOURCES = tests/unit/test_daemon_control.c
tests_unit_test_daemon_control_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_daemon_control_LDADD = src/daemon/libdaemon.a \
	lib/http/libhttp.a lib/mail/libmail.a $(PG_LIBS) $(LOOP_LIBS) lib/base/libbase.a $(UNIT_LIBS)

tests_unit_test_daemon_keeper_SOURCES = tests/unit/test_daemon_keeper.c
tests_unit_test_daemon_keeper_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_daemon_keeper_LDADD = src/daemon/libdaemon.a \
	$(JOBS_LIBS) \
	src/feed/libfeed.a src/store/libstore.a lib/secret/libsecret.a \
	lib/http/libhttp.a $(PG_LIBS) $(LOOP_LIBS) lib/base/libbase.a \
	$(CURL_LIBS) $(SSL_LIBS) $(UNIT_LIBS)

tests_unit_test_daemon_metrics_SOURCES = tests/unit/test_daemon_metrics.c
tests_unit_test_daemon_metrics_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_daemon_metrics_LDADD = src/daemon/libdaemon.a \
	lib/http/libhttp.a lib/mail/libmail.a src/feed/libfeed.a lib/base/libbase.a $(UNIT_LIBS)

tests_unit_test_daemon_options_SOURCES = tests/unit/test_daemon_options.c
tests_unit_test_daemon_options_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_daemon_options_LDADD = src/daemon/libdaemon.a \
	lib/http/libhttp.a lib/mail/libmail.a $(PG_LIBS) lib/base/libbase.a $(UNIT_LIBS)

tests_unit_test_daemon_parent_SOURCES = tests/unit/test_daemon_parent.c
tests_unit_test_daemon_parent_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_daemon_parent_LDADD = src/daemon/libdaemon.a \
	lib/http/libhttp.a lib/mail/libmail.a src/feed/libfeed.a $(PG_LIBS) $(LOOP_LIBS) \
	lib/base/libbase.a $(UNIT_LIBS)

tests_unit_test_daemon_parts_SOURCES = tests/unit/test_daemon_parts.c
tests_unit_test_daemon_parts_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_daemon_parts_LDADD = src/daemon/libdaemon.a \
	lib/http/libhttp.a lib/mail/libmail.a $(PG_LIBS) lib/base/libbase.a $(UNIT_LIBS)

tests_unit_test_daemon_reload_SOURCES = tests/unit/test_daemon_reload.c
tests_unit_test_daemon_reload_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_daemon_reload_LDADD = src/daemon/libdaemon.a \
	lib/http/libhttp.a lib/mail/libmail.a $(PG_LIBS) lib/base/libbase.a $(UNIT_LIBS)

tests_unit_test_daemon_status_SOURCES = tests/unit/test_daemon_status.c
tests_unit_test_daemon_status_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_daemon_status_LDADD = src/daemon/libdaemon.a \
	lib/http/libhttp.a lib/mail/libmail.a src/feed/libfeed.a lib/json/libjson.a $(PG_LIBS) \
	lib/base/libbase.a $(JANSSON_LIBS) $(UNIT_LIBS)
endif
EXTRA_DIST += tests/fuzz/fuzz_conf.c tests/fuzz/fuzz_conf.dict

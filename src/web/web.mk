WEB_GENERATED = src/web/templates/account.c src/web/templates/code.c \
	src/web/templates/confirm.c \
	src/web/templates/errors.c src/web/templates/feeds.c \
	src/web/templates/form.c src/web/templates/frame.c \
	src/web/templates/invitation.c src/web/templates/link.c \
	src/web/templates/run.c \
	src/web/templates/sign_in.c src/web/templates/staff.c \
	src/web/templates/style.c

noinst_LIBRARIES += src/web/libweb.a
src_web_libweb_a_SOURCES = \
	src/web/account.h src/web/account_view.h \
	src/web/ask.c \
	src/web/back.c src/web/back.h \
	src/web/guard.c src/web/guard.h \
	src/web/page_code.c \
	src/web/page_feeds.c \
	src/web/page_account.c src/web/page_confirm.c \
	src/web/page_invitation.c \
	src/web/page_link.c \
	src/web/page_run.c \
	src/web/page_sign_in.c \
	src/web/page_staff.c \
	src/web/prove.c \
	src/web/read.c src/web/read.h \
	src/web/qr.c src/web/qr.h \
	src/web/routes.c \
	src/web/session.c \
	src/web/sign_view.h \
	src/web/view.c src/web/view.h \
	src/web/visit.c src/web/visit.h \
	src/web/web.c src/web/web.h
src_web_libweb_a_CPPFLAGS = $(AM_CPPFLAGS) $(QRENCODE_CFLAGS)
nodist_src_web_libweb_a_SOURCES = $(WEB_GENERATED)
$(WEB_GENERATED): lib/gen/tmpl2c$(EXEEXT)
CLEANFILES += $(WEB_GENERATED)
EXTRA_DIST += \
	src/web/templates/account.tmpl \
	src/web/templates/confirm.tmpl \
	src/web/templates/code.tmpl \
	src/web/templates/errors.tmpl \
	src/web/templates/feeds.tmpl \
	src/web/templates/form.tmpl \
	src/web/templates/frame.tmpl \
	src/web/templates/invitation.tmpl \
	src/web/templates/link.tmpl \
	src/web/templates/run.tmpl \
	src/web/templates/sign_in.tmpl \
	src/web/templates/staff.tmpl \
	src/web/templates/style.tmpl

if HAVE_CMOCKA
WEB_TESTS = tests/unit/test_web tests/unit/test_web_ask \
	tests/unit/test_web_form tests/unit/test_web_guard \
	tests/unit/test_web_read tests/unit/test_web_sign
check_PROGRAMS += $(WEB_TESTS)
TESTS += $(WEB_TESTS)
web_play_sources = tests/unit/web_play.c tests/unit/web_play.h \
	tests/unit/play_pool.c tests/unit/play_pool.h \
	tests/unit/play_server.c tests/unit/play_server.h
web_play_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
WEB_UNIT_LIBS = src/web/libweb.a src/words/libwords.a src/sign/libsign.a src/feed/libfeed.a \
	src/store/libstore.a lib/page/libpage.a lib/json/libjson.a \
	lib/secret/libsecret.a lib/http/libhttp.a $(LOOP_LIBS) \
	lib/base/libbase.a $(SSL_LIBS) $(CRYPT_LIBS) $(JANSSON_LIBS) \
	$(QRENCODE_LIBS) $(UNIT_LIBS)

tests_unit_test_web_SOURCES = tests/unit/test_web.c $(web_play_sources)
tests_unit_test_web_CPPFLAGS = $(web_play_cppflags)
tests_unit_test_web_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_web_LDADD = $(WEB_UNIT_LIBS)

tests_unit_test_web_ask_SOURCES = tests/unit/test_web_ask.c \
	$(web_play_sources)
tests_unit_test_web_ask_CPPFLAGS = $(web_play_cppflags)
tests_unit_test_web_ask_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_web_ask_LDADD = $(WEB_UNIT_LIBS)

tests_unit_test_web_form_SOURCES = tests/unit/test_web_form.c \
	$(web_play_sources)
tests_unit_test_web_form_CPPFLAGS = $(web_play_cppflags)
tests_unit_test_web_form_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_web_form_LDADD = $(WEB_UNIT_LIBS)

tests_unit_test_web_guard_SOURCES = tests/unit/test_web_guard.c \
	$(web_play_sources)
tests_unit_test_web_guard_CPPFLAGS = $(web_play_cppflags)
tests_unit_test_web_guard_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_web_guard_LDADD = $(WEB_UNIT_LIBS)

tests_unit_test_web_sign_SOURCES = tests/unit/test_web_sign.c \
	$(web_play_sources)
tests_unit_test_web_sign_CPPFLAGS = $(web_play_cppflags)
tests_unit_test_web_sign_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_web_sign_LDADD = $(WEB_UNIT_LIBS)

tests_unit_test_web_read_SOURCES = tests/unit/test_web_read.c
tests_unit_test_web_read_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_web_read_LDADD = src/web/libweb.a lib/base/libbase.a \
	$(UNIT_LIBS)
endif

WEB_GENERATED = src/web/templates/errors.c src/web/templates/feeds.c \
	src/web/templates/frame.c src/web/templates/run.c \
	src/web/templates/style.c

noinst_LIBRARIES += src/web/libweb.a
src_web_libweb_a_SOURCES = \
	src/web/page_feeds.c \
	src/web/page_run.c \
	src/web/view.h \
	src/web/visit.c src/web/visit.h \
	src/web/web.c src/web/web.h
nodist_src_web_libweb_a_SOURCES = $(WEB_GENERATED)
$(WEB_GENERATED): lib/gen/tmpl2c$(EXEEXT)
CLEANFILES += $(WEB_GENERATED)
EXTRA_DIST += \
	src/web/templates/errors.tmpl \
	src/web/templates/feeds.tmpl \
	src/web/templates/frame.tmpl \
	src/web/templates/run.tmpl \
	src/web/templates/style.tmpl

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_web
TESTS += tests/unit/test_web
tests_unit_test_web_SOURCES = tests/unit/test_web.c
tests_unit_test_web_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_web_LDADD = src/web/libweb.a src/store/libstore.a \
	lib/page/libpage.a lib/base/libbase.a $(UNIT_LIBS)
endif

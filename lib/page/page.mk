noinst_LIBRARIES += lib/page/libpage.a
lib_page_libpage_a_SOURCES = lib/page/moment.c lib/page/moment.h \
	lib/page/out.c lib/page/out.h \
	lib/page/sentence.c lib/page/sentence.h

if HAVE_CMOCKA
PAGE_TESTS = tests/unit/test_page tests/unit/test_page_moment
check_PROGRAMS += $(PAGE_TESTS)
TESTS += $(PAGE_TESTS)
tests_unit_test_page_SOURCES = tests/unit/test_page.c \
	tests/unit/test_page_view.h
nodist_tests_unit_test_page_SOURCES = tests/unit/test_page_list.c
tests_unit_test_page_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_page_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_page_LDADD = lib/page/libpage.a lib/base/libbase.a \
	$(UNIT_LIBS)
tests_unit_test_page_moment_SOURCES = tests/unit/test_page_moment.c
tests_unit_test_page_moment_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_page_moment_LDADD = lib/page/libpage.a lib/base/libbase.a \
	$(UNIT_LIBS)
tests/unit/test_page_list.c: lib/gen/tmpl2c$(EXEEXT)
CLEANFILES += tests/unit/test_page_list.c
endif
EXTRA_DIST += tests/unit/test_page_list.tmpl

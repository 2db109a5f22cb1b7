noinst_LIBRARIES += lib/page/libpage.a
lib_page_libpage_a_SOURCES = lib/page/out.c lib/page/out.h \
	lib/page/sentence.c lib/page/sentence.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_page
TESTS += tests/unit/test_page
tests_unit_test_page_SOURCES = tests/unit/test_page.c \
	tests/unit/test_page_view.h
nodist_tests_unit_test_page_SOURCES = tests/unit/test_page_list.c
tests_unit_test_page_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_page_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_page_LDADD = lib/page/libpage.a lib/base/libbase.a \
	$(UNIT_LIBS)
tests/unit/test_page_list.c: lib/gen/tmpl2c$(EXEEXT)
CLEANFILES += tests/unit/test_page_list.c
endif
EXTRA_DIST += tests/unit/test_page_list.tmpl

noinst_LIBRARIES += lib/ical/libical.a
lib_ical_libical_a_SOURCES = \
	lib/ical/clean.c lib/ical/clean.h \
	lib/ical/ical.c lib/ical/ical.h
lib_ical_libical_a_CFLAGS = $(AM_CFLAGS) $(ICAL_CFLAGS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_ical
TESTS += tests/unit/test_ical
tests_unit_test_ical_SOURCES = tests/unit/test_ical.c
tests_unit_test_ical_CFLAGS = $(UNIT_CFLAGS) $(ICAL_CFLAGS)
tests_unit_test_ical_LDADD = lib/ical/libical.a lib/base/libbase.a \
	$(ICAL_LIBS) $(UNIT_LIBS)
endif

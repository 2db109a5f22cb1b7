noinst_LIBRARIES += lib/loop/libloop.a
lib_loop_libloop_a_SOURCES = \
	lib/loop/loop.c lib/loop/loop.h \
	lib/loop/service.c lib/loop/service.h \
	lib/loop/work.c lib/loop/work.h
lib_loop_libloop_a_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS) $(SYSTEMD_CFLAGS)

# What a program with a loop links.
LOOP_LIBS = lib/loop/libloop.a $(EVENT_LIBS) $(SYSTEMD_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_loop
TESTS += tests/unit/test_loop
tests_unit_test_loop_SOURCES = tests/unit/test_loop.c
tests_unit_test_loop_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_loop_LDADD = $(LOOP_LIBS) lib/base/libbase.a $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_work
TESTS += tests/unit/test_work
tests_unit_test_work_SOURCES = tests/unit/test_work.c
tests_unit_test_work_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_work_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=pthread_join
tests_unit_test_work_LDADD = $(LOOP_LIBS) lib/base/libbase.a $(UNIT_LIBS)
endif

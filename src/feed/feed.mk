noinst_LIBRARIES += src/feed/libfeed.a
src_feed_libfeed_a_SOURCES = \
	src/feed/generations.c src/feed/generations.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_feed_generations
TESTS += tests/unit/test_feed_generations
tests_unit_test_feed_generations_SOURCES = tests/unit/test_feed_generations.c
tests_unit_test_feed_generations_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_feed_generations_LDADD = src/feed/libfeed.a \
	lib/base/libbase.a $(UNIT_LIBS)
endif

noinst_LIBRARIES += src/feed/libfeed.a
src_feed_libfeed_a_SOURCES = \
	src/feed/answer.c \
	src/feed/body.c src/feed/body.h \
	src/feed/build.c src/feed/build.h \
	src/feed/cache.c src/feed/cache.h \
	src/feed/feed.c src/feed/feed.h \
	src/feed/fetches.c src/feed/fetches.h \
	src/feed/flight.c \
	src/feed/fragment.c src/feed/fragment.h \
	src/feed/generations.c src/feed/generations.h \
	src/feed/house.h \
	src/feed/join.c src/feed/join.h \
	src/feed/key.c src/feed/key.h \
	src/feed/pack.c src/feed/pack.h \
	src/feed/snapshot.c src/feed/snapshot.h \
	src/feed/strangers.c src/feed/strangers.h
src_feed_libfeed_a_CPPFLAGS = $(AM_CPPFLAGS) $(DEFLATE_CFLAGS) $(ZLIB_CFLAGS)

# What a program with feeds links for their gzip form.
PACK_LIBS = $(DEFLATE_LIBS) $(ZLIB_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_feed_generations
TESTS += tests/unit/test_feed_generations
tests_unit_test_feed_generations_SOURCES = tests/unit/test_feed_generations.c
tests_unit_test_feed_generations_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_feed_generations_LDADD = src/feed/libfeed.a \
	lib/base/libbase.a $(UNIT_LIBS)

feed_play_sources = tests/unit/feed_play.c tests/unit/feed_play.h \
	tests/unit/play_server.c tests/unit/play_server.h
FEED_UNIT_LIBS = src/feed/libfeed.a src/store/libstore.a \
	lib/http/libhttp.a lib/ical/libical.a lib/secret/libsecret.a \
	$(LOOP_LIBS) lib/base/libbase.a $(PACK_LIBS) $(ICAL_LIBS) \
	$(SSL_LIBS) $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_feed
TESTS += tests/unit/test_feed
tests_unit_test_feed_SOURCES = tests/unit/test_feed.c \
	$(feed_play_sources)
tests_unit_test_feed_CFLAGS = $(UNIT_CFLAGS) $(DEFLATE_CFLAGS)
tests_unit_test_feed_LDADD = $(FEED_UNIT_LIBS)

check_PROGRAMS += tests/unit/test_feed_states
TESTS += tests/unit/test_feed_states
tests_unit_test_feed_states_SOURCES = tests/unit/test_feed_states.c \
	$(feed_play_sources)
tests_unit_test_feed_states_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_feed_states_LDADD = $(FEED_UNIT_LIBS)

check_PROGRAMS += tests/unit/test_feed_long
TESTS += tests/unit/test_feed_long
tests_unit_test_feed_long_SOURCES = tests/unit/test_feed_long.c \
	$(feed_play_sources)
tests_unit_test_feed_long_CFLAGS = $(UNIT_CFLAGS) $(DEFLATE_CFLAGS) \
	$(ZLIB_CFLAGS)
tests_unit_test_feed_long_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=ical_event -Wl,--wrap=deflate
tests_unit_test_feed_long_LDADD = $(FEED_UNIT_LIBS)

check_PROGRAMS += tests/unit/test_feed_poll
TESTS += tests/unit/test_feed_poll
tests_unit_test_feed_poll_SOURCES = tests/unit/test_feed_poll.c \
	$(feed_play_sources)
tests_unit_test_feed_poll_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_feed_poll_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc \
	-Wl,--wrap=strdup -Wl,--wrap=http_answer
tests_unit_test_feed_poll_LDADD = $(FEED_UNIT_LIBS)

check_PROGRAMS += tests/unit/test_feed_parts
TESTS += tests/unit/test_feed_parts
tests_unit_test_feed_parts_SOURCES = tests/unit/test_feed_parts.c \
	$(feed_play_sources)
tests_unit_test_feed_parts_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_feed_parts_LDADD = $(FEED_UNIT_LIBS)
endif

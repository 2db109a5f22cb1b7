noinst_LIBRARIES += src/words/libwords.a
src_words_libwords_a_SOURCES = src/words/words.c src/words/words.h \
	src/words/sentences.def

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_words
TESTS += tests/unit/test_words
tests_unit_test_words_SOURCES = tests/unit/test_words.c
tests_unit_test_words_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_words_LDADD = src/words/libwords.a lib/page/libpage.a \
	lib/base/libbase.a $(UNIT_LIBS)
endif

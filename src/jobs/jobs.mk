noinst_LIBRARIES += src/jobs/libjobs.a
src_jobs_libjobs_a_SOURCES = \
	src/jobs/jobs.c src/jobs/jobs.h \
	src/jobs/post.c src/jobs/post.h

# What a program with due work links before store.
JOBS_LIBS = src/jobs/libjobs.a lib/mail/libmail.a


if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_jobs
TESTS += tests/unit/test_jobs
tests_unit_test_jobs_SOURCES = tests/unit/test_jobs.c
tests_unit_test_jobs_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_jobs_LDADD = src/jobs/libjobs.a lib/mail/libmail.a \
	$(LOOP_LIBS) lib/base/libbase.a $(CURL_LIBS) $(UNIT_LIBS)
endif

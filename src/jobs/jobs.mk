noinst_LIBRARIES += src/jobs/libjobs.a
src_jobs_libjobs_a_SOURCES = \
	src/jobs/jobs.c src/jobs/jobs.h \
	src/jobs/post.c src/jobs/post.h

# What a program with due work links before store.
JOBS_LIBS = src/jobs/libjobs.a lib/mail/libmail.a


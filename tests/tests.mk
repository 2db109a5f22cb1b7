# tests
TESTS += tests/lint/layers
EXTRA_DIST += tests/system \
	tests/lint/all.py tests/lint/grants.py tests/lint/layers tests/lint/layers.py \
	tests/lint/pages.py tests/lint/queries.py tests/lint/scripts.py \
	tests/lint/sentences.py \
	tests/lint/sizes.py tests/lint/texts.py tests/lint/tree.py

AM_DISTCHECK_CONFIGURE_FLAGS = --enable-strict

# Folders are taken along as they are; what Python leaves in them is not.

dist-hook:
	find "$(distdir)" -name __pycache__ -exec rm -rf {} +

# The load client of the benchmarks; contrib/bench makes it.
EXTRA_PROGRAMS = tests/bench/load
tests_bench_load_SOURCES = tests/bench/load.c tests/bench/load.h \
	tests/bench/load_answer.c tests/bench/load_conn.c \
	tests/bench/load_report.c tests/bench/load_run.c
tests_bench_load_LDADD = lib/base/libbase.a $(SSL_LIBS)
CLEANFILES += tests/bench/load
EXTRA_DIST += tests/bench/smoke \
	tests/bench/bench.py tests/bench/booking.py tests/bench/change.py \
	tests/bench/data.py \
	tests/bench/measure.py tests/bench/poll.py tests/bench/row.py \
	tests/bench/scale.py tests/bench/servers.py

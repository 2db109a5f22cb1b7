# tests
TESTS += tests/lint/layers
EXTRA_DIST += tests/lint tests/sql tests/system

# The load client of the benchmarks; contrib/bench makes it.
EXTRA_PROGRAMS = tests/bench/load
tests_bench_load_SOURCES = tests/bench/load.c tests/bench/load.h \
	tests/bench/load_answer.c tests/bench/load_conn.c \
	tests/bench/load_report.c tests/bench/load_run.c
tests_bench_load_LDADD = lib/base/libbase.a $(SSL_LIBS)
CLEANFILES += tests/bench/load

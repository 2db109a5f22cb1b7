noinst_LIBRARIES += lib/pg/libpg.a
lib_pg_libpg_a_SOURCES = \
	lib/pg/conn.c lib/pg/conn.h \
	lib/pg/link.c lib/pg/link.h \
	lib/pg/listen.c lib/pg/listen.h \
	lib/pg/params.c lib/pg/params.h \
	lib/pg/pg.c lib/pg/pg.h \
	lib/pg/pool.c lib/pg/pool.h \
	lib/pg/reply.h
lib_pg_libpg_a_CPPFLAGS = $(AM_CPPFLAGS) $(PQ_CFLAGS)

# What a program with a database links; LOOP_LIBS after it.
PG_LIBS = lib/pg/libpg.a $(PQ_LIBS)

if HAVE_CMOCKA
pg_play_sources = tests/unit/pg_play.c tests/unit/pg_play.h
pg_play_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
pg_play_ldadd = $(PG_LIBS) $(LOOP_LIBS) lib/base/libbase.a $(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_pg tests/unit/test_pg_link \
	tests/unit/test_pg_pool
TESTS += tests/unit/test_pg tests/unit/test_pg_link \
	tests/unit/test_pg_pool
tests_unit_test_pg_SOURCES = tests/unit/test_pg.c $(pg_play_sources)
tests_unit_test_pg_CPPFLAGS = $(pg_play_cppflags)
tests_unit_test_pg_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_pg_LDADD = $(pg_play_ldadd)
tests_unit_test_pg_link_SOURCES = tests/unit/test_pg_link.c $(pg_play_sources)
tests_unit_test_pg_link_CPPFLAGS = $(pg_play_cppflags)
tests_unit_test_pg_link_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_pg_link_LDADD = $(pg_play_ldadd)
tests_unit_test_pg_pool_SOURCES = tests/unit/test_pg_pool.c $(pg_play_sources)
tests_unit_test_pg_pool_CPPFLAGS = $(pg_play_cppflags)
tests_unit_test_pg_pool_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_pg_pool_LDADD = $(pg_play_ldadd)
endif

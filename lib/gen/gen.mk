# lib/gen

gen_file = lib/gen/file.c lib/gen/file.h

# Templates: NAME.tmpl becomes NAME.c beside its place in the build folder. Who
# lists NAME.c as a source adds `NAME.c: lib/gen/tmpl2c$(EXEEXT)`, and both files
# to CLEANFILES and EXTRA_DIST.
noinst_PROGRAMS += lib/gen/tmpl2c
lib_gen_tmpl2c_SOURCES = lib/gen/tmpl2c.c \
	lib/gen/ctext.c lib/gen/ctext.h $(gen_file)
lib_gen_tmpl2c_LDADD = lib/base/libbase.a

# SQL: its rules stand in db/db.mk, beside the lists of files.
noinst_PROGRAMS += lib/gen/sql2c
lib_gen_sql2c_SOURCES = lib/gen/sql2c.c $(gen_file)
lib_gen_sql2c_LDADD = lib/base/libbase.a

SUFFIXES += .tmpl
.tmpl.c:
	$(AM_V_GEN)$(MKDIR_P) $(@D) && lib/gen/tmpl2c$(EXEEXT) $@ $<

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_tmpl
TESTS += tests/unit/test_tmpl
tests_unit_test_tmpl_SOURCES = tests/unit/test_tmpl.c
tests_unit_test_tmpl_CFLAGS = $(UNIT_CFLAGS) \
	-DTMPL2C='"lib/gen/tmpl2c$(EXEEXT)"'
tests_unit_test_tmpl_LDADD = lib/base/libbase.a $(UNIT_LIBS)
EXTRA_tests_unit_test_tmpl_DEPENDENCIES = lib/gen/tmpl2c$(EXEEXT)

check_PROGRAMS += tests/unit/test_sql2c
TESTS += tests/unit/test_sql2c
tests_unit_test_sql2c_SOURCES = tests/unit/test_sql2c.c
tests_unit_test_sql2c_CFLAGS = $(UNIT_CFLAGS) \
	-DSQL2C='"lib/gen/sql2c$(EXEEXT)"'
tests_unit_test_sql2c_LDADD = lib/base/libbase.a $(UNIT_LIBS)
EXTRA_tests_unit_test_sql2c_DEPENDENCIES = lib/gen/sql2c$(EXEEXT)
endif

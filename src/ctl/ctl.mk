# Everything but main.c, so that tests can link it.
noinst_LIBRARIES += src/ctl/libctl.a
src_ctl_libctl_a_SOURCES = \
	src/ctl/about.c src/ctl/about.h \
	src/ctl/ask.c src/ctl/ask.h \
	src/ctl/command.c src/ctl/command.h \
	src/ctl/command_find.c src/ctl/command_fields.h \
	src/ctl/completion.c src/ctl/completion.h \
	src/ctl/field.c src/ctl/field.h \
	src/ctl/filter.c src/ctl/filter.h \
	src/ctl/fit.c src/ctl/fit.h \
	src/ctl/help.c src/ctl/help.h \
	src/ctl/layout.c src/ctl/layout.h \
	src/ctl/line.c src/ctl/line.h \
	src/ctl/migration.c src/ctl/migration.h \
	src/ctl/refusal.c src/ctl/refusal.h \
	src/ctl/retry.c src/ctl/retry.h \
	src/ctl/rows.c src/ctl/rows.h \
	src/ctl/sheet.c src/ctl/sheet.h \
	src/ctl/suggest.c src/ctl/suggest.h \
	src/ctl/tell.c src/ctl/tell.h \
	src/ctl/verb.h \
	src/ctl/verb_account.c \
	src/ctl/verb_daemon.c \
	src/ctl/verb_db.c \
	src/ctl/verb_journal.c \
	src/ctl/verb_load.c \
	src/ctl/verb_route.c \
	src/ctl/verb_scale.c \
	src/ctl/verb_show.c \
	src/ctl/verb_token.c \
	src/ctl/view.c src/ctl/view.h \
	src/ctl/when.c src/ctl/when.h \
	src/ctl/work.c src/ctl/work.h
nodist_src_ctl_libctl_a_SOURCES = src/ctl/queries.c src/ctl/scripts.c
src_ctl_libctl_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)/src
$(src_ctl_libctl_a_OBJECTS): src/ctl/queries.h src/ctl/scripts.h

CTL_LIBS = src/ctl/libctl.a src/daemon/libdaemon.a lib/pg/libpg.a \
	lib/secret/libsecret.a lib/http/libhttp.a lib/mail/libmail.a \
	lib/json/libjson.a $(LOOP_LIBS) \
	lib/base/libbase.a $(PQ_LIBS) $(JANSSON_LIBS) $(SSL_LIBS) -lcsv

bin_PROGRAMS += src/ctl/kattegatctl
src_ctl_kattegatctl_SOURCES = src/ctl/main.c
src_ctl_kattegatctl_LDADD = $(CTL_LIBS)

# The program prints its part of its page itself, so the two cannot differ.
nodist_man_MANS += src/ctl/kattegatctl.8
EXTRA_DIST += src/ctl/kattegatctl.8.in
CLEANFILES += src/ctl/kattegatctl.8
src/ctl/kattegatctl.8: src/ctl/kattegatctl.8.in Makefile src/ctl/kattegatctl$(EXEEXT)
	$(AM_V_GEN)src/ctl/kattegatctl$(EXEEXT) --print man >$@.commands && \
	$(SED) -e '/^@COMMANDS@$$/{' -e 'r $@.commands' -e 'd' -e '}' \
		-e 's,[@]VERSION[@],$(PACKAGE_VERSION),' \
		-e 's,[@]sysconfdir[@],$(sysconfdir),' \
		-e 's,[@]pkgdatadir[@],$(pkgdatadir),' \
		-e 's,[@]datadir[@],$(datadir),' \
		$(srcdir)/src/ctl/kattegatctl.8.in >$@.part && \
	rm -f $@.commands && mv $@.part $@

# So does it for the shells; bash-completion(7) looks for the program's own name.
completiondir = $(datadir)/bash-completion/completions
nodist_completion_DATA = src/ctl/completion/kattegatctl
CLEANFILES += src/ctl/completion/kattegatctl
src/ctl/completion/kattegatctl: src/ctl/kattegatctl$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	src/ctl/kattegatctl$(EXEEXT) --print completion >$@.part && \
	mv $@.part $@

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_ctl_line tests/unit/test_ctl_sheet \
	tests/unit/test_ctl_show tests/unit/test_ctl_view
TESTS += tests/unit/test_ctl_line tests/unit/test_ctl_sheet \
	tests/unit/test_ctl_show tests/unit/test_ctl_view

tests_unit_test_ctl_line_SOURCES = tests/unit/test_ctl_line.c
tests_unit_test_ctl_line_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)/src
tests_unit_test_ctl_line_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_ctl_line_LDADD = $(CTL_LIBS) $(UNIT_LIBS)
$(tests_unit_test_ctl_line_OBJECTS): src/ctl/queries.h

tests_unit_test_ctl_sheet_SOURCES = tests/unit/test_ctl_sheet.c
tests_unit_test_ctl_sheet_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_ctl_sheet_LDADD = $(CTL_LIBS) $(UNIT_LIBS)

tests_unit_test_ctl_view_SOURCES = tests/unit/test_ctl_view.c
tests_unit_test_ctl_view_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_ctl_view_LDADD = $(CTL_LIBS) $(UNIT_LIBS)

tests_unit_test_ctl_show_SOURCES = tests/unit/test_ctl_show.c
tests_unit_test_ctl_show_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)/src
tests_unit_test_ctl_show_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_ctl_show_LDADD = $(CTL_LIBS) $(UNIT_LIBS)
$(tests_unit_test_ctl_show_OBJECTS): src/ctl/scripts.h
endif
EXTRA_DIST += tests/fuzz/fuzz_sheet.c tests/fuzz/fuzz_sheet.dict

# Everything but main.c, so that tests can link it.
noinst_LIBRARIES += src/ctl/libctl.a
src_ctl_libctl_a_SOURCES = \
	src/ctl/command.c src/ctl/command.h \
	src/ctl/field.c src/ctl/field.h \
	src/ctl/help.c src/ctl/help.h \
	src/ctl/layout.c src/ctl/layout.h \
	src/ctl/line.c src/ctl/line.h \
	src/ctl/migration.c src/ctl/migration.h \
	src/ctl/rows.c src/ctl/rows.h \
	src/ctl/sheet.c src/ctl/sheet.h \
	src/ctl/tell.c src/ctl/tell.h \
	src/ctl/verb.h \
	src/ctl/verb_daemon.c \
	src/ctl/verb_db.c \
	src/ctl/verb_load.c \
	src/ctl/verb_show.c \
	src/ctl/verb_token.c \
	src/ctl/when.c src/ctl/when.h \
	src/ctl/work.c src/ctl/work.h
nodist_src_ctl_libctl_a_SOURCES = src/ctl/queries.c src/ctl/scripts.c
src_ctl_libctl_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)/src
$(src_ctl_libctl_a_OBJECTS): src/ctl/queries.h src/ctl/scripts.h

# src/daemon

# Everything but main.c, so that tests can link it.
noinst_LIBRARIES += src/daemon/libdaemon.a
src_daemon_libdaemon_a_SOURCES = \
	src/daemon/backoff.c src/daemon/backoff.h \
	src/daemon/certificates.c src/daemon/certificates.h \
	src/daemon/channel.c src/daemon/channel.h \
	src/daemon/clear.c src/daemon/clear.h \
	src/daemon/control.c src/daemon/control.h \
	src/daemon/crew.c src/daemon/crew.h \
	src/daemon/daytime.c src/daemon/daytime.h \
	src/daemon/keeper.c \
	src/daemon/listener.c src/daemon/listener.h \
	src/daemon/options.c src/daemon/options.h \
	src/daemon/parent.c src/daemon/parent.h \
	src/daemon/privileges.c src/daemon/privileges.h \
	src/daemon/process.c src/daemon/process.h \
	src/daemon/reload.c src/daemon/reload.h \
	src/daemon/shared.c src/daemon/shared.h \
	src/daemon/status.c src/daemon/status.h \
	src/daemon/worker.c
$(src_daemon_libdaemon_a_OBJECTS): src/store/queries.h

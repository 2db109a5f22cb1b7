/*
 * service.h - what the service manager is told and hands over (systemd).
 *
 * The only user of libsystemd. Outside of systemd every call does nothing.
 *
 * Units:   milliseconds.
 * Errors:  a manager that does not listen is no error: nothing depends on it.
 * Context: the main process only; its children inherit NOTIFY_SOCKET but are not
 *          believed by the manager.
 */
#ifndef KG_LOOP_SERVICE_H
#define KG_LOOP_SERVICE_H

#include <stdint.h>

#include "base/err.h"

/* Serving, at first and again after a reload. */
void service_ready(void);
void service_reloading(void);
void service_stopping(void);
/* How often service_watchdog() must be called at least; 0: nobody looks. */
int64_t service_watchdog_ms(void);
void service_watchdog(void);

/*
 * Sockets that were opened for us: how many, the first descriptor, and their
 * names (FileDescriptorName=), a list that service_sockets_free() frees. 0 when
 * there are none. Asked once: the environment forgets them.
 */
must_check int service_sockets(int *first, char ***names, struct err *err);
void service_sockets_free(char **names);

#endif

#include "loop/service.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "base/clock.h"

void
service_ready(void)
{
	sd_notify(0, "READY=1");
}

void
service_reloading(void)
{
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, clock_mono_us());
}

void
service_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

int64_t
service_watchdog_ms(void)
{
	uint64_t every_us;

	if (sd_watchdog_enabled(0, &every_us) <= 0)
		return 0;
	return (int64_t)(every_us / 1000);
}

void
service_watchdog(void)
{
	sd_notify(0, "WATCHDOG=1");
}

int
service_sockets(int *first, char ***names, struct err *err)
{
	int count;

	*names = NULL;
	count = sd_listen_fds_with_names(1, names);
	if (count < 0)
		return err_set(err, "sockets from systemd: %s",
		    strerror(-count));
	*first = SD_LISTEN_FDS_START;
	return count;
}

void
service_sockets_free(char **names)
{
	size_t i;

	for (i = 0; names != NULL && names[i] != NULL; i++)
		free(names[i]);
	free(names);
}

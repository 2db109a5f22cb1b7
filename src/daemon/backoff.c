#include "daemon/backoff.h"

int64_t
backoff_died(struct backoff *backoff, int64_t lived_ms)
{
	int64_t delay_ms;

	if (lived_ms >= BACKOFF_YOUNG_MS)
		backoff->next_ms = 0;
	delay_ms = backoff->next_ms;
	if (delay_ms == 0)
		backoff->next_ms = BACKOFF_FIRST_MS;
	else if (delay_ms < BACKOFF_MOST_MS / 2)
		backoff->next_ms = 2 * delay_ms;
	else
		backoff->next_ms = BACKOFF_MOST_MS;
	return delay_ms;
}

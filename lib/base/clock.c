#include "base/clock.h"

#include <stdbool.h>
#include <time.h>

static struct {
	bool	set;
	int64_t	real_s;
	int64_t	mono_ms;
} fake;

int64_t
clock_real_s(void)
{
	struct timespec now;

	if (fake.set)
		return fake.real_s;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

int64_t
clock_mono_us(void)
{
	struct timespec now;

	if (fake.set)
		return fake.mono_ms * 1000;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
clock_mono_ms(void)
{
	return clock_mono_us() / 1000;
}

void
clock_set(int64_t real_s, int64_t mono_ms)
{
	fake.set = true;
	fake.real_s = real_s;
	fake.mono_ms = mono_ms;
}

void
clock_release(void)
{
	fake.set = false;
}

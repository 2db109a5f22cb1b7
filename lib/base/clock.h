/*
 * clock.h - the only place where the program reads a clock.
 *
 * Units:   as the names say. `mono` never jumps and counts from an unknown start:
 *          use it for limits and ages. `real` is Unix time (UTC).
 * Context: any; tests set the clock with clock_set() and let it go with
 *          clock_release().
 */
#ifndef KG_BASE_CLOCK_H
#define KG_BASE_CLOCK_H

#include <stdint.h>

int64_t clock_real_s(void);
int64_t clock_mono_ms(void);
int64_t clock_mono_us(void);

void clock_set(int64_t real_s, int64_t mono_ms);
void clock_release(void);

#endif

/*
 * filter.h - whether what a listing is to be of is there at all: an empty table
 * must not be the answer to a name that was mistyped.
 *
 * Errors: an exit code of work.h, with everything said already.
 */
#ifndef KG_CTL_FILTER_H
#define KG_CTL_FILTER_H

#include "ctl/work.h"

/* The options of the command; connected already. */
must_check int filter_check(struct work *work);

#endif

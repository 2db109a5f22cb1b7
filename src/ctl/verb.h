/*
 * verb.h - the commands that are more than one statement.
 *
 * Errors: each gives an exit code of work.h, with everything said already.
 */
#ifndef KG_CTL_VERB_H
#define KG_CTL_VERB_H

#include "ctl/work.h"

/* verb_db.c */
int verb_db_init(struct work *work);
int verb_db_upgrade(struct work *work);
int verb_db_status(struct work *work);
int verb_db_retime(struct work *work);

/* verb_load.c */
int verb_registry_load(struct work *work);
int verb_season_import(struct work *work);
int verb_demo_load(struct work *work);
/* Loads the demo data and tells nobody but the daemon; connects for that. */
must_check int load_demo(struct work *work, struct pg_reply **out);

/* verb_scale.c */
int verb_demo_scale(struct work *work);

/* verb_show.c */
int verb_run_show(struct work *work);

/* verb_route.c: one route of the API each, see ask.h */
int verb_offices(struct work *work);
int verb_seminars(struct work *work);
int verb_room_free(struct work *work);
/* A table of bookings; after a change what came of it. */
int verb_bookings(struct work *work);
/* A change that its sentence says. */
int verb_write(struct work *work);
int verb_booking_show(struct work *work);
int verb_block(struct work *work);
int verb_series_create(struct work *work);
int verb_series_change(struct work *work);
int verb_series_preview(struct work *work);

/* verb_journal.c */
int verb_journal(struct work *work);
int verb_journal_verify(struct work *work);

/* verb_account.c */
int verb_account_invite(struct work *work);
int verb_account_token(struct work *work);

/* verb_token.c */
int verb_token_create(struct work *work);

/* verb_daemon.c */
int verb_reload(struct work *work);
int verb_status(struct work *work);

#endif

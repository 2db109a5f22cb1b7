# Who adds an SQL or data file adds its line here; nothing else knows the list.

# db/queries/ROOM/NAME.sql -> query_ROOM_NAME, declared in "store/queries.h"
# (feed, web, keeper, api) or "ctl/queries.h" (ctl).
DB_QUERIES_FEED =
DB_QUERIES_FEED += db/queries/feed/fetched.sql
DB_QUERIES_FEED += db/queries/feed/list.sql
DB_QUERIES_FEED += db/queries/feed/load.sql

DB_QUERIES_API =
DB_QUERIES_API += db/queries/api/call.sql

DB_QUERIES_WEB =
DB_QUERIES_WEB += db/queries/web/run.sql

DB_QUERIES_KEEPER =
DB_QUERIES_KEEPER += db/queries/keeper/beat.sql
DB_QUERIES_KEEPER += db/queries/keeper/ready.sql


DB_QUERIES_JOBS =
DB_QUERIES_JOBS += db/queries/jobs/accounts_clean.sql
DB_QUERIES_JOBS += db/queries/jobs/answers_clean.sql
DB_QUERIES_JOBS += db/queries/jobs/holds_expire.sql
DB_QUERIES_JOBS += db/queries/jobs/holds_warn.sql
DB_QUERIES_JOBS += db/queries/jobs/journal_seal.sql
DB_QUERIES_JOBS += db/queries/jobs/mail_end.sql
DB_QUERIES_JOBS += db/queries/jobs/mails_claim.sql
DB_QUERIES_JOBS += db/queries/jobs/mails_clean.sql
DB_QUERIES_JOBS += db/queries/jobs/mails_give_up.sql
DB_QUERIES_JOBS += db/queries/jobs/mails_waiting.sql

DB_QUERIES_CTL =
DB_QUERIES_CTL += db/queries/ctl/account_invite.sql
DB_QUERIES_CTL += db/queries/ctl/account_list.sql
DB_QUERIES_CTL += db/queries/ctl/account_lock.sql
DB_QUERIES_CTL += db/queries/ctl/account_role.sql
DB_QUERIES_CTL += db/queries/ctl/account_unlock.sql
DB_QUERIES_CTL += db/queries/ctl/api_token_create.sql
DB_QUERIES_CTL += db/queries/ctl/api_token_list.sql
DB_QUERIES_CTL += db/queries/ctl/api_token_revoke.sql
DB_QUERIES_CTL += db/queries/ctl/booking_list.sql
DB_QUERIES_CTL += db/queries/ctl/demo_load.sql
DB_QUERIES_CTL += db/queries/ctl/filters.sql
DB_QUERIES_CTL += db/queries/ctl/journal_verify.sql
DB_QUERIES_CTL += db/queries/ctl/mail_list.sql
DB_QUERIES_CTL += db/queries/ctl/migration_add.sql
DB_QUERIES_CTL += db/queries/ctl/migration_list.sql
DB_QUERIES_CTL += db/queries/ctl/migration_state.sql
DB_QUERIES_CTL += db/queries/ctl/operator.sql
DB_QUERIES_CTL += db/queries/ctl/person_add.sql
DB_QUERIES_CTL += db/queries/ctl/person_list.sql
DB_QUERIES_CTL += db/queries/ctl/registry_load.sql
DB_QUERIES_CTL += db/queries/ctl/retime.sql
DB_QUERIES_CTL += db/queries/ctl/room_add.sql
DB_QUERIES_CTL += db/queries/ctl/room_list.sql
DB_QUERIES_CTL += db/queries/ctl/run_cancel.sql
DB_QUERIES_CTL += db/queries/ctl/run_list.sql
DB_QUERIES_CTL += db/queries/ctl/run_restore.sql
DB_QUERIES_CTL += db/queries/ctl/run_show.sql
DB_QUERIES_CTL += db/queries/ctl/scale_again.sql
DB_QUERIES_CTL += db/queries/ctl/scale_begin.sql
DB_QUERIES_CTL += db/queries/ctl/scale_check.sql
DB_QUERIES_CTL += db/queries/ctl/scale_end.sql
DB_QUERIES_CTL += db/queries/ctl/scale_part.sql
DB_QUERIES_CTL += db/queries/ctl/season_import.sql
DB_QUERIES_CTL += db/queries/ctl/season_list.sql
DB_QUERIES_CTL += db/queries/ctl/session_cancel.sql
DB_QUERIES_CTL += db/queries/ctl/session_list.sql
DB_QUERIES_CTL += db/queries/ctl/session_move.sql
DB_QUERIES_CTL += db/queries/ctl/session_restore.sql
DB_QUERIES_CTL += db/queries/ctl/session_teacher.sql
DB_QUERIES_CTL += db/queries/ctl/token_create.sql
DB_QUERIES_CTL += db/queries/ctl/token_list.sql
DB_QUERIES_CTL += db/queries/ctl/token_revoke.sql
DB_QUERIES_CTL += db/queries/ctl/venue_add.sql
DB_QUERIES_CTL += db/queries/ctl/venue_change.sql
DB_QUERIES_CTL += db/queries/ctl/venue_list.sql

# Run in the order of their names.
DB_SCHEMA =
DB_SCHEMA += db/schema/0001_base.sql
DB_SCHEMA += db/schema/0002_places.sql
DB_SCHEMA += db/schema/0003_catalogue.sql
DB_SCHEMA += db/schema/0004_calendar.sql
DB_SCHEMA += db/schema/0005_people.sql
DB_SCHEMA += db/schema/0006_journal.sql
DB_SCHEMA += db/schema/0007_written.sql
DB_SCHEMA += db/schema/0008_bookings.sql
DB_SCHEMA += db/schema/0009_journal_seal.sql
DB_SCHEMA += db/schema/0010_accounts.sql
DB_SCHEMA += db/schema/0011_outbox.sql
DB_SCHEMA += db/schema/0012_mail_links.sql
DB_SCHEMA += db/schema/0013_sign_in.sql
DB_SCHEMA += db/schema/0014_lists.sql
DB_SCHEMA += db/schema/0015_series.sql
DB_SCHEMA += db/schema/0016_setups.sql
DB_SCHEMA += db/schema/0017_operator.sql
DB_SCHEMA += db/schema/0018_undo.sql
DB_SCHEMA += db/schema/0019_journal_room.sql
DB_SCHEMA += db/schema/0020_seen.sql
DB_SCHEMA += db/schema/0021_seal_form.sql
DB_SCHEMA += db/schema/0022_mail.sql
DB_SCHEMA += db/schema/0023_tokens.sql
DB_SCHEMA += db/schema/0024_sign_in_form.sql
DB_SCHEMA += db/schema/0025_default_setup.sql

DB_FUNCTIONS =
DB_FUNCTIONS += db/functions/00_clear.sql
DB_FUNCTIONS += db/functions/10_time.sql
DB_FUNCTIONS += db/functions/11_scopes.sql
DB_FUNCTIONS += db/functions/12_may.sql
DB_FUNCTIONS += db/functions/13_write.sql
DB_FUNCTIONS += db/functions/20_rows.sql
DB_FUNCTIONS += db/functions/21_sessions.sql
DB_FUNCTIONS += db/functions/22_rules.sql
DB_FUNCTIONS += db/functions/23_room_rules.sql
DB_FUNCTIONS += db/functions/30_places.sql
DB_FUNCTIONS += db/functions/31_catalogue.sql
DB_FUNCTIONS += db/functions/40_locks.sql
DB_FUNCTIONS += db/functions/41_runs.sql
DB_FUNCTIONS += db/functions/42_bookings.sql
DB_FUNCTIONS += db/functions/42_run_write.sql
DB_FUNCTIONS += db/functions/43_conflicts.sql
DB_FUNCTIONS += db/functions/43_instead.sql
DB_FUNCTIONS += db/functions/43_rooms.sql
DB_FUNCTIONS += db/functions/44_block_outs.sql
DB_FUNCTIONS += db/functions/44_bookings.sql
DB_FUNCTIONS += db/functions/44_holds.sql
DB_FUNCTIONS += db/functions/44_series.sql
DB_FUNCTIONS += db/functions/45_journal.sql
DB_FUNCTIONS += db/functions/45_undo.sql
DB_FUNCTIONS += db/functions/46_accounts.sql
DB_FUNCTIONS += db/functions/46_api_tokens.sql
DB_FUNCTIONS += db/functions/46_mails.sql
DB_FUNCTIONS += db/functions/47_jobs.sql
DB_FUNCTIONS += db/functions/50_feed.sql
DB_FUNCTIONS += db/functions/51_public.sql
DB_FUNCTIONS += db/functions/60_text.sql
DB_FUNCTIONS += db/functions/61_season.sql
DB_FUNCTIONS += db/functions/62_registry.sql
DB_FUNCTIONS += db/functions/63_demo.sql
DB_FUNCTIONS += db/functions/70_retime.sql
DB_FUNCTIONS += db/functions/80_api.sql
DB_FUNCTIONS += db/functions/81_api_places.sql
DB_FUNCTIONS += db/functions/81_scale.sql
DB_FUNCTIONS += db/functions/82_api_bookings.sql
DB_FUNCTIONS += db/functions/82_api_series.sql
DB_FUNCTIONS += db/functions/83_api_runs.sql
DB_FUNCTIONS += db/functions/84_api_journal.sql
DB_FUNCTIONS += db/functions/85_api_accounts.sql
DB_FUNCTIONS += db/functions/86_api_sign_in.sql
DB_FUNCTIONS += db/functions/87_api_mail_links.sql
DB_FUNCTIONS += db/functions/88_api_own_account.sql
DB_FUNCTIONS += db/functions/90_operator.sql
DB_FUNCTIONS += db/functions/95_grants.sql

# Installed below pkgdatadir, for kattegatctl.
DB_REGISTRY =
DB_REGISTRY += db/registry/SOURCES
DB_REGISTRY += db/registry/elections.csv
DB_REGISTRY += db/registry/holidays.csv
DB_REGISTRY += db/registry/municipalities.csv
DB_REGISTRY += db/registry/offices.csv

DB_DEMO =
DB_DEMO += db/demo/SOURCES
DB_DEMO += db/demo/kattegat-programme-model.csv
DB_DEMO += db/demo/kattegat-season-model.csv

registrydir = $(pkgdatadir)/registry
dist_registry_DATA = $(DB_REGISTRY)
demodir = $(pkgdatadir)/demo
dist_demo_DATA = $(DB_DEMO)

DB_QUERIES_STORE = $(DB_QUERIES_API) $(DB_QUERIES_FEED) $(DB_QUERIES_WEB) \
	$(DB_QUERIES_KEEPER) $(DB_QUERIES_JOBS)
DB_SCRIPT_FILES = db/init.sql $(DB_SCHEMA) $(DB_FUNCTIONS)
EXTRA_DIST += $(DB_QUERIES_STORE) $(DB_QUERIES_CTL) $(DB_SCRIPT_FILES)

# sql2c writes both files, the header last; should only the header have been
# lost, the code is made again.
src/store/queries.c: $(DB_QUERIES_STORE) db/db.mk lib/gen/sql2c$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && lib/gen/sql2c$(EXEEXT) queries \
		$@ $(@D)/queries.h KG_STORE_QUERIES_H \
		$(addprefix $(srcdir)/,$(DB_QUERIES_STORE))
src/store/queries.h: src/store/queries.c
	@test -f $@ || { rm -f $(@:.h=.c) && $(MAKE) $(AM_MAKEFLAGS) $(@:.h=.c); }

src/ctl/queries.c: $(DB_QUERIES_CTL) db/db.mk lib/gen/sql2c$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && lib/gen/sql2c$(EXEEXT) queries \
		$@ $(@D)/queries.h KG_CTL_QUERIES_H \
		$(addprefix $(srcdir)/,$(DB_QUERIES_CTL))
src/ctl/queries.h: src/ctl/queries.c
	@test -f $@ || { rm -f $(@:.h=.c) && $(MAKE) $(AM_MAKEFLAGS) $(@:.h=.c); }

src/ctl/scripts.c: $(DB_SCRIPT_FILES) db/db.mk lib/gen/sql2c$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && lib/gen/sql2c$(EXEEXT) scripts \
		$@ $(@D)/scripts.h $(addprefix $(srcdir)/,$(DB_SCRIPT_FILES))
src/ctl/scripts.h: src/ctl/scripts.c
	@test -f $@ || { rm -f $(@:.h=.c) && $(MAKE) $(AM_MAKEFLAGS) $(@:.h=.c); }

DB_GENERATED = src/store/queries.c src/store/queries.h \
	src/ctl/queries.c src/ctl/queries.h \
	src/ctl/scripts.c src/ctl/scripts.h
BUILT_SOURCES += src/store/queries.h src/ctl/queries.h src/ctl/scripts.h
CLEANFILES += $(DB_GENERATED)

-- What the daemon and kattegatctl may do: read what feeds and pages show, and change
-- things through functions. Nobody but the owner moves the clock.
SET LOCAL ROLE kattegat_owner;

REVOKE ALL ON ALL TABLES IN SCHEMA kg FROM PUBLIC, kattegat;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA kg FROM PUBLIC, kattegat;
REVOKE ALL ON ALL ROUTINES IN SCHEMA kg FROM PUBLIC, kattegat;

GRANT SELECT ON kg.migration, kg.clock, kg.zone, kg.site, kg.region,
	kg.municipality, kg.municipality_region, kg.council_seats, kg.election,
	kg.holiday, kg.office, kg.venue, kg.room, kg.room_setup, kg.seminar,
	kg.seminar_tag, kg.season, kg.period, kg.run, kg.session, kg.agenda_item,
	kg.booking, kg.series, kg.permission, kg.session_teacher, kg.journal,
	kg.journal_seal
	TO kattegat;
-- no mail address, no phone number, no hash of a token
GRANT SELECT (id, name, role, office_id, municipality, erased_at, version, changed_at,
	changed_by) ON kg.person TO kattegat;
GRANT SELECT (id, person_id, name, show_cancelled, created_at, revoked_at, erased,
	last_fetch_at, last_client, version, changed_at, changed_by)
	ON kg.feed_token TO kattegat;

-- Questions that queries ask.
GRANT EXECUTE ON FUNCTION kg.now(), kg.span, kg.span_text, kg.local_instants,
	kg.local_problem, kg.may, kg.scopes, kg.day_in_danish,
	kg.run_get, kg.run_version, kg.session_get, kg.missing, kg.rooms_free TO kattegat;
GRANT EXECUTE ON FUNCTION kg.feed_load, kg.feed_fetched, kg.feed_list, kg.web_run
	TO kattegat;

-- The JSON API: every route.
GRANT EXECUTE ON FUNCTION kg.api TO kattegat;
-- The same for kattegatctl.
GRANT EXECUTE ON FUNCTION kg.operator_call, kg.operator_mails TO kattegat;

-- Changes.
GRANT EXECUTE ON FUNCTION kg.venue_add, kg.venue_change, kg.room_add,
	kg.room_change, kg.room_setup_put, kg.room_setup_remove,
	kg.person_add, kg.token_create, kg.token_revoke, kg.seminar_add,
	kg.run_create, kg.run_change, kg.run_move, kg.run_cancel, kg.run_restore,
	kg.session_create, kg.session_change, kg.session_move,
	kg.session_cancel, kg.session_restore, kg.session_teacher_set,
	kg.booking_create, kg.booking_change, kg.booking_move, kg.booking_cancel,
	kg.booking_restore, kg.booking_confirm, kg.block_out_create,
	kg.series_create, kg.series_change, kg.series_cancel, kg.holds_due_warning(),
	kg.holds_expire(), kg.season_import, kg.registry_load,
	kg.demo_load TO kattegat;

-- Accounts: no table of theirs can be read.
GRANT EXECUTE ON FUNCTION kg.account_invite, kg.account_role, kg.account_lock,
	kg.account_unlock, kg.api_token_create, kg.api_token_revoke,
	kg.account_list, kg.api_token_list TO kattegat;

-- Due work of the keeper, and the mails on their way.
GRANT EXECUTE ON FUNCTION kg.job_holds_expire, kg.job_holds_warn,
	kg.job_answers_clean, kg.job_accounts_clean, kg.job_mails_clean,
	kg.job_mails_give_up, kg.mails_waiting, kg.mails_claim, kg.mail_end,
	kg.account_invitation_mail TO kattegat;

-- The journal's seals, the keeper's and the auditor's.
GRANT EXECUTE ON FUNCTION kg.journal_seal(int), kg.journal_verify(), kg.journal_undo TO kattegat;

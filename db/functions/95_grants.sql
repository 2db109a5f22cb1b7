-- Who may do what. Nobody but the owner writes a table or moves the clock.
--
-- tests/lint/grants.py reads from db/queries what the statements of each role need, and
-- complains about anything that is more.
SET LOCAL ROLE kattegat_owner;

GRANT USAGE ON SCHEMA kg TO kattegat, kattegat_operator;
REVOKE ALL ON ALL TABLES IN SCHEMA kg FROM PUBLIC, kattegat, kattegat_operator;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA kg FROM PUBLIC, kattegat, kattegat_operator;
REVOKE ALL ON ALL ROUTINES IN SCHEMA kg FROM PUBLIC, kattegat, kattegat_operator;

-- ---- the daemon ----

-- Whether it may go on; feeds and pages; and whoever has signed in, by one door.
GRANT EXECUTE ON FUNCTION kg.now(), kg.feed_load, kg.feed_fetched, kg.feed_list,
	kg.web_run, kg.api TO kattegat;
-- Due work of the keeper, and the mails on their way.
GRANT EXECUTE ON FUNCTION kg.job_holds_expire, kg.job_holds_warn,
	kg.job_answers_clean, kg.job_accounts_clean, kg.job_mails_clean,
	kg.job_mails_give_up, kg.mails_waiting, kg.mails_claim, kg.mail_end,
	kg.journal_seal(int) TO kattegat;
-- whether there is anything to seal
GRANT SELECT (id) ON kg.journal TO kattegat;
GRANT SELECT (last_id) ON kg.journal_seal TO kattegat;

-- ---- the operator ----

-- What is listed: no mail address, no phone number, no hash of a token.
GRANT SELECT ON kg.migration, kg.office, kg.venue, kg.room, kg.room_setup,
	kg.seminar, kg.season, kg.period, kg.run, kg.session, kg.session_teacher,
	kg.booking TO kattegat_operator;
GRANT SELECT (id, name, role, office_id, municipality, erased_at, version)
	ON kg.person TO kattegat_operator;
GRANT SELECT (id, person_id, name, show_cancelled, created_at, revoked_at,
	last_fetch_at, last_client, version) ON kg.feed_token TO kattegat_operator;
-- kg.run_get, which refuses by kg.missing, runs as who calls it
GRANT EXECUTE ON FUNCTION kg.now(), kg.run_version, kg.run_get, kg.missing, kg.room_holds,
	kg.account_list, kg.api_token_list, kg.operator_mails, kg.journal_verify()
	TO kattegat_operator;

-- Every route of the API, and what has no route.
GRANT EXECUTE ON FUNCTION kg.operator_call, kg.venue_add, kg.venue_change,
	kg.room_add, kg.person_add, kg.token_create, kg.token_revoke, kg.run_cancel,
	kg.run_restore, kg.session_move, kg.session_cancel, kg.session_restore,
	kg.session_teacher_set, kg.season_import, kg.registry_load, kg.demo_load,
	kg.account_invite, kg.account_invitation_mail, kg.account_role,
	kg.account_lock, kg.account_unlock, kg.api_token_create, kg.api_token_revoke
	TO kattegat_operator;

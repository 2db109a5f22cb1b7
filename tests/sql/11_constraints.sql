-- Every domain and constraint refuses what it is there for.
SELECT throws_ok(format('SELECT %L::kg.line', bad), '23514', NULL,
	'a line is no ' || why)
FROM (VALUES ('', 'nothing'), (' a', 'text with a blank before it'),
	('a ', 'text with a blank after it'), (E'a\nb', 'two lines'),
	(E'a\rb', 'carriage return'), (E'a\u0085b', 'C1 control'),
	(E'a\u2028b', 'line separator'), (E'a\tb', 'tab'),
	(E'e\u0301', 'decomposed letter'), (repeat('x', 201), 'page')) AS t (bad, why);
SELECT lives_ok($$SELECT 'Æbleø 🎈 ''; DROP <script>'::kg.line$$,
	'a line is any clean text');
SELECT throws_ok(format('SELECT %L::kg.prose', bad), '23514', NULL,
	'prose is no ' || why)
FROM (VALUES (E'a\rb', 'carriage return'), (E'a\u0007', 'bell'),
	(E'e\u0301', 'decomposed letter'), (repeat('x', 10001), 'book')) AS t (bad, why);
SELECT lives_ok($$SELECT E'a\nb'::kg.prose$$, 'prose has lines');
SELECT throws_ok(format('SELECT %L::kg.slug', bad), '23514', NULL,
	format('"%s" is no slug', left(bad, 10)))
FROM unnest(array['', 'A', 'a b', 'æ', '-a', 'a--b', 'a-', repeat('a', 61)]) AS bad;
SELECT throws_ok(format('SELECT %L::kg.mail', bad), '23514', NULL,
	format('%s is no mail address', to_json(left(bad, 10))))
FROM unnest(array['', 'a', 'a@', '@b.dk', 'a b@c.dk', 'a@b@c.dk', 'a@b;c',
	E'a@b\n', 'søren@x.dk', E'a\u0001@b.dk', 'a(b@c.dk', 'a@b_c.dk']) AS bad;
SELECT is('a!#$%&''*+-/=?^_`{|}~.0Z@a-1.dk'::kg.mail::text,
	'a!#$%&''*+-/=?^_`{|}~.0Z@a-1.dk', 'what lib/mail takes is one');
SELECT throws_ok('SELECT 90.1::kg.latitude', '23514', NULL, 'latitude ends at 90');
SELECT throws_ok('SELECT -180.1::kg.longitude', '23514', NULL,
	'longitude ends at 180');

INSERT INTO kg.region (code, name, valid) VALUES ('1', 'Region', '[2007-01-01,)');
INSERT INTO kg.municipality (code, name, official_name, seat_town)
VALUES ('0101', 'By', 'By Kommune', 'By');
INSERT INTO kg.municipality_region (municipality, region_id, valid)
VALUES ('0101', 1, '[2007-01-01, 2027-01-01)');
INSERT INTO kg.council_seats (municipality, term, seats)
VALUES ('0101', '[2026-01-01, 2030-01-01)', 25);
INSERT INTO kg.election (code, held_on, constituting, term)
VALUES ('KV25', '2025-11-18', '[2025-12-01, 2025-12-16)',
	'[2026-01-01, 2030-01-01)');
INSERT INTO kg.holiday (day, name, kind) VALUES ('2030-01-01', 'Nytår', 'public');
INSERT INTO kg.booking (room_id, kind, title, starts_local, ends_local, setup_min,
	clear_min) VALUES (1, 'internal', 'Møde', '2030-05-02 09:00',
	'2030-05-02 13:00', 0, 30);
INSERT INTO kg.session_teacher (session_id, person_id, status)
VALUES (1, 3, 'accepted');
INSERT INTO kg.feed_token (person_id, hash, name)
VALUES (3, sha256('1'), 'min telefon');

INSERT INTO kg.season (slug, title, seminar_id) VALUES ('anden', 'Anden', 1);

-- One statement each: its SQLSTATE, the constraint that refuses, what it is for.
CREATE TABLE refusal (state text, name text, statement text);
INSERT INTO refusal VALUES
('23514', 'municipality_code_check', $$UPDATE kg.municipality SET code = '12'$$),
('23505', 'municipality_name_key', $$INSERT INTO kg.municipality (code, name,
	official_name, seat_town) VALUES ('0102', 'By', 'By', 'By')$$),
('23P01', 'municipality_in_one_region', $$INSERT INTO kg.municipality_region
	(municipality, region_id, valid) VALUES ('0101', 1, '[2026-12-31,)')$$),
('23514', 'municipality_region_valid_check', $$UPDATE kg.municipality_region
	SET valid = 'empty'$$),
('23P01', 'council_has_one_size_a_term', $$INSERT INTO kg.council_seats
	(municipality, term, seats) VALUES ('0101', '[2029-12-31, 2034-01-01)', 25)$$),
('23514', 'council_seats_seats_check', $$UPDATE kg.council_seats SET seats = 0$$),
('23514', 'council_seats_term_check', $$UPDATE kg.council_seats
	SET term = 'empty'$$),
('23P01', 'terms_never_overlap', $$INSERT INTO kg.election (code, held_on,
	constituting, term) VALUES ('KV29', '2029-11-20', '[2029-12-01,2029-12-16)',
	'[2029-12-31, 2034-01-01)')$$),
('23514', 'election_check', $$UPDATE kg.election SET held_on = '2026-01-01'$$),
('23514', 'election_code_check', $$UPDATE kg.election SET code = 'X'$$),
('23514', 'election_seats_check', $$UPDATE kg.election SET seats = 0$$),
('23505', 'holiday_day_name_key', $$INSERT INTO kg.holiday (day, name, kind)
	VALUES ('2030-01-01', 'Nytår', 'closed')$$),
('23514', 'holiday_kind_check', $$UPDATE kg.holiday SET kind = 'x'$$),
('23505', 'office_code_key', $$UPDATE kg.office SET code = 'AAR' WHERE id = 2$$),
('23514', 'office_code_check', $$UPDATE kg.office SET code = 'a' WHERE id = 2$$),
('23505', 'office_name_key', $$UPDATE kg.office SET name = 'Aarhus'
	WHERE id = 2$$),
('23514', 'office_postcode_check', $$UPDATE kg.office SET postcode = '80'$$),
('23505', 'venue_name_once_an_office', $$UPDATE kg.venue SET name = 'Huset'
	WHERE id = 2$$),
('23514', 'venue_on_the_map_or_not', $$UPDATE kg.venue SET lat = 56
	WHERE id = 1$$),
('23505', 'office_has_one_own_venue', $$UPDATE kg.venue SET own = true
	WHERE id = 2$$),
('23514', 'venue_postcode_check', $$UPDATE kg.venue SET postcode = '800'$$),
('23505', 'room_name_once_a_venue', $$UPDATE kg.room SET name = 'Øst'
	WHERE id = 2$$),
('23514', 'room_parts_check', $$UPDATE kg.room SET parts = '{}' WHERE id = 5$$),
('23514', 'room_parts_check', $$UPDATE kg.room SET parts = '{[20,)}'
	WHERE id = 5$$),
('23514', 'room_setup_capacity_check', $$UPDATE kg.room_setup
	SET capacity = 0$$),
('23514', 'room_setup_setup_check', $$UPDATE kg.room_setup SET setup = 'x'$$),
('23514', 'room_setup_setup_min_check', $$UPDATE kg.room_setup
	SET setup_min = 1441$$),
('23514', 'room_setup_clear_min_check', $$UPDATE kg.room_setup
	SET clear_min = -1$$),
('23505', 'seminar_slug_key', $$UPDATE kg.seminar SET slug = 'kursus'
	WHERE id = 2$$),
('23514', 'seminar_kind_check', $$UPDATE kg.seminar SET kind = 'x'$$),
('23514', 'seminar_colour_check', $$UPDATE kg.seminar SET colour = '#fff'$$),
('23514', 'seminar_tag_tag_check', $$UPDATE kg.seminar_tag SET tag = 'a,b'$$),
('23505', 'season_slug_key', $$INSERT INTO kg.season (slug, title, seminar_id)
	VALUES ('saeson', 'To', 1)$$),
('23514', 'period_runs_forward', $$UPDATE kg.period
	SET ends_on = '2030-01-09'$$),
('23505', 'period_season_id_no_key', $$INSERT INTO kg.period (season_id, no,
	starts_on, ends_on) VALUES (1, 1, '2030-02-01', '2030-02-02')$$),
('23505', 'run_no_once', $$UPDATE kg.run SET run_no = 'R-1' WHERE id = 2$$),
('23514', 'run_run_no_check', $$UPDATE kg.run SET run_no = 'r-1'
	WHERE id = 2$$),
('23514', 'run_capacity_check', $$UPDATE kg.run SET capacity = 0,
	min_participants = 0$$),
('23503', 'run_in_a_period_of_its_season', $$UPDATE kg.run SET season_id = 2
	WHERE id = 1$$),
('23514', 'run_minimum_fits', $$UPDATE kg.run SET min_participants = 26
	WHERE id = 1$$),
('23514', 'run_cancelled_knows_when_and_from', $$INSERT INTO kg.run (run_no,
	seminar_id, office_id, venue_id, capacity, status)
	VALUES ('R-3', 1, 1, 1, 5, 'cancelled')$$),
('23505', 'session_no_once_a_run', $$UPDATE kg.session SET no = 2
	WHERE id = 1$$),
('23505', 'session_uid_key', $$INSERT INTO kg.session (uid, run_id, no, venue_id,
	starts_local, ends_local) SELECT uid, 1, 8, 1, '2030-01-10 13:00',
	'2030-01-10 14:00' FROM kg.session WHERE id = 1$$),
('23514', 'session_ends_after_it_starts', $$UPDATE kg.session
	SET ends_local = starts_local WHERE id = 1$$),
('23514', 'session_status_check', $$UPDATE kg.session SET status = 'x'
	WHERE id = 1$$),
('23514', 'session_online_url_check', $$UPDATE kg.session
	SET online_url = E'https://a\r\nX:y' WHERE id = 1$$),
('23505', 'agenda_item_no_once_a_session', $$UPDATE kg.agenda_item SET no = 1$$),
('23514', 'agenda_item_runs_forward', $$UPDATE kg.agenda_item
	SET ends_min = starts_min$$),
('23514', 'booking_ends_after_it_starts', $$UPDATE kg.booking
	SET ends_local = starts_local$$),
('23514', 'booking_of_a_session_names_it', $$UPDATE kg.booking
	SET kind = 'session'$$),
('23514', 'booking_held_has_an_end', $$UPDATE kg.booking
	SET status = 'held'$$),
('23514', 'booking_kind_check', $$UPDATE kg.booking SET kind = 'x'$$),
('23514', 'booking_setup_min_check', $$UPDATE kg.booking SET setup_min = -1$$),
('23514', 'booking_clear_min_check', $$UPDATE kg.booking
	SET clear_min = 1441$$),
('23514', 'booking_head_count_check', $$UPDATE kg.booking SET head_count = 0$$),
('23514', 'booking_fits_its_room', $$UPDATE kg.booking
	SET room_setup = 'islands', head_count = 26$$),
('23514', 'booking_series_own_check', $$UPDATE kg.booking
	SET series_own = '{colour}'$$),
('23514', 'booking_setup_has_its_capacity', $$UPDATE kg.booking
	SET setup_capacity = 25 WHERE room_setup IS NULL$$),
('23514', 'booking_status_before_cancel_check', $$UPDATE kg.booking
	SET status = 'cancelled', status_before_cancel = 'expired'$$),
('23503', 'booking_has_the_atoms_of_its_room', $$UPDATE kg.booking
	SET parts = '{[7,8)}'$$),
('23514', 'coordinator_has_an_office', $$UPDATE kg.person SET office_id = NULL
	WHERE id = 1$$),
('23514', 'person_role_check', $$UPDATE kg.person SET role = 'x'$$),
('23514', 'person_phone_check', $$UPDATE kg.person SET phone = 'ring'$$),
('23505', 'session_teacher_session_id_person_id_key', $$INSERT INTO
	kg.session_teacher (session_id, person_id) VALUES (1, 3)$$),
('23514', 'session_teacher_status_check', $$UPDATE kg.session_teacher
	SET status = 'x'$$),
('23514', 'feed_token_hash_check', $$UPDATE kg.feed_token SET hash = 'x'$$),
('23505', 'feed_token_hash_key', $$INSERT INTO kg.feed_token (person_id, hash,
	name) VALUES (1, sha256('1'), 'to')$$),
('23514', 'feed_token_show_cancelled_check', $$UPDATE kg.feed_token
	SET show_cancelled = 'x'$$),
('23514', 'site_domain_check', $$UPDATE kg.site SET domain = 'x'$$),
('23505', 'site_pkey', $$INSERT INTO kg.site DEFAULT VALUES$$);

SELECT throws_matching(statement, '"' || name || '"', name || ' refuses')
FROM refusal ORDER BY name;

-- What the rules before them would mend or refuse: without those.
ALTER TABLE kg.session DISABLE TRIGGER m_rules;
ALTER TABLE kg.booking DISABLE TRIGGER m_rules;
SELECT throws_matching($$UPDATE kg.session SET starts_local = '2030-03-31 02:00',
	ends_local = '2030-03-31 03:00' WHERE id = 1$$, '"session_takes_time"',
	'a session takes time, not only by the wall clock');
SELECT throws_matching($$UPDATE kg.session SET status = 'cancelled'
	WHERE id = 1$$, '"session_cancelled_knows_when"',
	'a cancelled session knows since when');
SELECT throws_matching($$UPDATE kg.session SET cancelled_with_run = true
	WHERE id = 1$$, '"session_cancelled_knows_when"',
	'what is not cancelled does not come back with its run');
SELECT throws_matching($$UPDATE kg.booking SET starts_local = '2030-03-31 02:00',
	ends_local = '2030-03-31 03:00', clear_min = 0$$, '"booking_takes_time"',
	'a booking takes time, not only by the wall clock');
SELECT throws_matching($$UPDATE kg.booking SET status_before_cancel = 'held'$$,
	'"booking_rests_only_when_cancelled"', 'only a cancelled booking rests');
SELECT throws_matching($$UPDATE kg.session SET zone = 'Atlantis' WHERE id = 4$$,
	'zone', 'a zone that is not known is refused by the table too');
SELECT throws_matching($$UPDATE kg.booking SET catering_due = '2030-01-01'$$,
	'"booking_catering_due_of_days"', 'no catering deadline without its days');
ALTER TABLE kg.session ENABLE TRIGGER m_rules;
ALTER TABLE kg.booking ENABLE TRIGGER m_rules;

-- No constraint is left out here: those that are known by name, and not made by the
-- kinds of columns.
SELECT is(array(SELECT conname::text FROM pg_constraint
	WHERE connamespace = 'kg'::regnamespace AND contype IN ('c', 'x')
		AND conrelid <> 0 AND conrelid <> 'refusal'::regclass
	EXCEPT SELECT name FROM refusal
	EXCEPT SELECT unnest(array[
		-- above, without the rules
		'session_takes_time', 'session_cancelled_knows_when',
		'booking_takes_time', 'booking_rests_only_when_cancelled',
		'booking_catering_due_of_days',
		-- in 30_bookings.sql and 31_teachers.sql
		'room_taken_once', 'teacher_in_one_place',
		-- in 10_time.sql and, of one row only, above
		'clock_only_row_check', 'site_only_row_check',
		-- numbers in their bounds
		'election_kattegat_participants_check', 'election_newly_elected_check',
		'period_no_check', 'session_no_check', 'session_sequence_check',
		'agenda_item_no_check', 'agenda_item_starts_min_check',
		'agenda_item_format_check', 'booking_sequence_check',
		'booking_status_check', 'run_status_check', 'journal_action_check',
		'feed_token_last_client_check', 'room_setup_min_check',
		'room_clear_min_check', 'room_equipment_check', 'series_kind_check',
		'booking_catering_count_check', 'booking_catering_days_check',
		'booking_catering_diets_check', 'api_route_name_check',
		'idempotency_key_check', 'idempotency_status_check',
		-- in 46_accounts.sql
		'account_login_check', 'account_totp_secret_check',
		'account_confirmed_has_secrets', 'recovery_code_hash_check',
		'invitation_hash_check', 'invitation_totp_secret_check',
		'invitation_ended_by_check', 'invitation_ends_for_a_reason',
		'invitation_ended_forgets', 'sign_in_hash_check',
		'sign_in_client_check', 'sign_in_ended_by_check',
		'sign_in_ends_for_a_reason', 'api_token_hash_check',
		'api_token_role_check', 'api_token_coordinator_has_an_office',
		'sign_in_try_login_hash_check', 'sign_in_try_failures_check',
		'mail_link_hash_check',
		-- in 86_sign_in.sql
		'sign_in_start_hash_check', 'sign_in_start_password_sha256_check',
		'sign_in_start_client_check', 'sign_in_form_hash_check', 'secretary_has_a_municipality',
		'municipality_is_of_a_council',
		'journal_mark_only_row_check', 'journal_seal_id_check',
		'journal_seal_last_id_check', 'journal_seal_before_check',
		'journal_seal_hash_check', 'journal_seal_hashes_each_row',
		'journal_seal_form_check',
		-- in 47_jobs.sql
		'outbox_kind_check', 'outbox_problem_check', 'outbox_ended_as_check',
		'outbox_is_for_one', 'outbox_ends_as_something', 'outbox_ended_forgets'])
	ORDER BY 1), '{}', 'every constraint has its test');
SELECT throws_ok(statement, '23514', NULL, statement)
FROM (VALUES ('UPDATE kg.period SET no = 0'), ('UPDATE kg.session SET no = 1000'),
	('UPDATE kg.agenda_item SET no = 0'),
	('UPDATE kg.agenda_item SET starts_min = -1'),
	('UPDATE kg.agenda_item SET format = ''A b'''),
	('UPDATE kg.run SET status = ''x'''),
	('UPDATE kg.booking SET status = ''x'''),
	('UPDATE kg.election SET newly_elected = -1'),
	('UPDATE kg.election SET kattegat_participants = -1'),
	('UPDATE kg.feed_token SET last_client = repeat(''x'', 41)'),
	('UPDATE kg.room SET setup_min = -1'), ('UPDATE kg.room SET clear_min = 1441'),
	('UPDATE kg.room SET equipment = array_fill(''a''::kg.slug, ''{51}'')'),
	('UPDATE kg.room SET equipment = ''{Stor skærm}'''),
	('INSERT INTO kg.series (office_id, title, kind, rule)
		VALUES (1, ''x'', ''x'', ''{}'')'),
	('UPDATE kg.booking SET catering_count = -1'),
	('UPDATE kg.booking SET catering_days = 61'),
	('UPDATE kg.booking SET catering_diets = ''[]'''),
	('INSERT INTO kg.api_route (name) VALUES (''A b'')'),
	('INSERT INTO kg.idempotency (actor_id, key, route, request_hash, status,
		created_at) VALUES (1, '''', ''me'', ''x'', 200, now())'),
	('INSERT INTO kg.idempotency (actor_id, key, route, request_hash, status,
		created_at) VALUES (1, ''k'', ''me'', ''x'', 409, now())'),
	('INSERT INTO kg.journal_mark VALUES (false, 1, ''1'')')
) AS t (statement);
SELECT throws_matching(format('INSERT INTO kg.journal_seal VALUES (%s)', seal),
	format('"journal_seal_%s"', name), name)
FROM (VALUES
	('0, 1, ''{1}'', ''{x}'', sha256(''''), sha256(''''), now(), 2', 'id_check'),
	('1, 0, ''{1}'', ''{x}'', sha256(''''), sha256(''''), now(), 2', 'last_id_check'),
	('1, 1, ''{1}'', ''{x}'', ''x'', sha256(''''), now(), 2', 'before_check'),
	('1, 1, ''{1}'', ''{x}'', sha256(''''), ''x'', now(), 2', 'hash_check'),
	('1, 1, ''{1}'', ''{x}'', sha256(''''), sha256(''''), now(), 3', 'form_check'),
	('1, 1, ''{1}'', ''{x,y}'', sha256(''''), sha256(''''), now(), 2',
		'hashes_each_row'),
	('1, 1, ''{}'', ''{}'', sha256(''''), sha256(''''), now(), 2', 'hashes_each_row')
) AS t (seal, name);
SELECT * FROM finish();

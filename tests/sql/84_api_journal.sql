-- Undo, and the journal through the API: what is taken back, what stands in the way,
-- and who reads what.
\ir api.sql
-- the fixture numbers its atoms by hand
SELECT setval('kg.room_atom', 100) \g /dev/null
-- Undoes the transaction of the last entry with this reason.
CREATE FUNCTION entry(because text) RETURNS bigint LANGUAGE sql AS $$
	SELECT max(id) FROM kg.journal WHERE why = because
$$;
CREATE FUNCTION undo(who int, because text, again text DEFAULT 'fortrudt')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('journal_undo', who, jsonb_build_object('journal_id', entry(because),
		'why', again))
$$;
CREATE FUNCTION later(answer jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', l ->> 'object', l ->> 'object_id', l ->> 'action',
		'by ' || (l ->> 'person_id'), l ->> 'columns'), '; ' ORDER BY n)
	FROM jsonb_array_elements(answer #> '{detail,later}') WITH ORDINALITY AS u (l, n)
$$;

-- a move, taken back
SELECT kg.session_move(1, 'flyt', 'R-1', 1, NULL, '2030-01-10 15:00', NULL, NULL, 1)
	\g /dev/null
SELECT undo(1, 'flyt') AS back \gset
SELECT is((:'back')::jsonb -> 'status', '200', 'a move is taken back');
SELECT is(format('%s %s', starts_local, ends_local), '2030-01-10 13:00:00 2030-01-10 21:30:00',
	'to the hours before') FROM kg.session WHERE id = 1;
SELECT is(marks(1), 'sequence 2 version 3', 'SEQUENCE and version go up, not back');
SELECT is(status, 'cancelled', 'and the room that it took is given back')
	FROM kg.booking WHERE session_id = 1;
SELECT is((SELECT jsonb_agg(i -> 'object') FROM jsonb_array_elements(
	(:'back')::jsonb #> '{body,items}') AS i), '["booking", "session", "booking"]',
	'the answer has what was written');
SELECT is(jsonb_array_length((:'back')::jsonb #> '{body,undone}'), 2,
	'and what was undone');
SELECT is((SELECT array_agg(DISTINCT format('%s %s', actor_id, why)) FROM kg.journal
	WHERE id IN (SELECT (i ->> 'id')::bigint FROM jsonb_array_elements(
	(:'back')::jsonb #> '{body,items}') AS i)), '{1 fortrudt}', 'by whom and why');
SELECT is((:'back')::jsonb ->> 'scopes',
	'all office:1 person:1 room:1 room:3 run:1 season:1 seminar:1',
	'and the feeds are told');
SELECT is(undo(1, 'flyt') ->> 'state', 'KG006', 'not twice');
SELECT is(undo(1, 'fortrudt', 'alligevel') -> 'status', '200', 'an undo can be undone');
SELECT is(format('%s %s', s.starts_local, b.status), '2030-01-10 15:00:00 confirmed',
	'then it is as the move had it') FROM kg.session s
	JOIN kg.booking b ON b.session_id = s.id WHERE s.id = 1;

-- a move that somebody else has since built upon
SELECT kg.session_move(1, 'ny dag', 'R-1', 1, NULL, '2030-01-09 13:00', NULL, NULL, NULL)
	\g /dev/null
SELECT kg.booking_move(2, 'større', 1, NULL, 3, NULL, NULL, '') \g /dev/null
SELECT undo(1, 'ny dag') AS built \gset
SELECT is(later((:'built')::jsonb), 'booking 1 update by 2 ["parts", '
	'"room_id"]', 'another room was chosen for that day');
SELECT is(undo(2, 'større') -> 'status', '200', 'that goes first');
SELECT is(undo(1, 'ny dag') -> 'status', '200', 'then the day');
SELECT is(format('%s %s %s', s.starts_local, b.starts_local, b.room_id),
	'2030-01-10 15:00:00 2030-01-10 15:00:00 1', 'and all is as it was chosen')
	FROM kg.session s JOIN kg.booking b ON b.session_id = s.id WHERE s.id = 1;
SELECT kg.session_move(1, 'ny dag 2', 'R-1', 1, NULL, '2030-01-09 13:00', NULL, NULL,
	NULL) \g /dev/null
SELECT kg.session_move(2, 'senere', 'R-1', 1, NULL, '2030-01-09 14:00', NULL, NULL, NULL)
	\g /dev/null
SELECT undo(1, 'ny dag 2') AS built \gset
SELECT is((:'built')::jsonb ->> 'state', 'KG006', 'built upon by another: refused');
SELECT is(later((:'built')::jsonb), 'session 1 update by 2 ["ends_local", '
	'"starts_local"]; booking 1 update by 2 ["ends_local", "starts_local"]',
	'with what was built, who and which columns');
SELECT is((:'built')::jsonb #> '{detail,later,0}' ?& array['journal_id', 'at', 'why'],
	true, 'and the entry, when and why');
SELECT is(starts_local, '2030-01-09 14:00', 'and it stays') FROM kg.session WHERE id = 1;
SELECT version AS version FROM kg.run WHERE id = 1 \gset
SELECT is(undo(2, 'senere') -> 'status', '200', 'the later one goes first');
SELECT is(version, :version + 1, 'who holds the run''s version hears of it')
	FROM kg.run WHERE id = 1;
SELECT is(undo(1, 'ny dag 2') -> 'status', '200', 'then the earlier');
SELECT is(starts_local, '2030-01-10 15:00', 'and all is as before')
	FROM kg.session WHERE id = 1;
SELECT kg.session_move(1, 'ny dag 3', 'R-1', 2, NULL, '2030-01-15 09:00', NULL, NULL,
	NULL) \g /dev/null
SELECT kg.booking_create(2, 'lokale dertil', 2, NULL, NULL, 0, 0, 'session', 2, '', NULL,
	NULL, NULL) \g /dev/null
SELECT is(later(undo(1, 'ny dag 3')), 'booking 2 insert by 2 []',
	'a room that was booked for the new time stands in the way');
SELECT kg.booking_cancel(2, 'ikke alligevel', 2, NULL) \g /dev/null
SELECT kg.session_teacher_set(2, 'svar', 'R-1', 2, 3, 'accepted') \g /dev/null
SELECT is(later(undo(1, 'ny dag 3')), 'session_teacher 1 insert by 2 []',
	'and a teacher who said yes to it');
SELECT kg.session_teacher_set(2, 'nej', 'R-1', 2, 3, 'declined') \g /dev/null
SELECT kg.session_change(2, 'navn', 'R-1', 2, NULL, '{"title": "anden dag"}') \g /dev/null
SELECT is(undo(1, 'ny dag 3') -> 'status', '200', 'but not another title');
SELECT is(format('%s %s', title, starts_local), 'anden dag 2030-01-11 07:00:00',
	'which stays') FROM kg.session WHERE id = 2;

-- taken now
SELECT kg.booking_create(1, 'møde', 2, '2030-06-03 09:00', '2030-06-03 10:00', 0, 0,
	'internal', NULL, '', NULL, 'Møde', NULL) \g /dev/null
SELECT kg.booking_move(1, 'flyt møde', 3, NULL, NULL, '2030-06-03 13:00', NULL, NULL)
	\g /dev/null
SELECT kg.booking_create(2, 'andet møde', 3, '2030-06-03 09:30', '2030-06-03 10:00', 0,
	0, 'internal', NULL, '', NULL, 'Andet møde', NULL) \g /dev/null
SELECT undo(1, 'flyt møde') AS taken \gset
SELECT is((:'taken')::jsonb ->> 'state', 'KG007', 'a room that is taken now');
SELECT is((:'taken')::jsonb #>> '{detail,conflicts,0,title}', 'Andet møde',
	'is told with who has it');
SELECT is(jsonb_array_length((:'taken')::jsonb #> '{detail,alternatives}') > 0, true,
	'and what would do');
SELECT is(starts_local, '2030-06-03 13:00', 'and nothing moves')
	FROM kg.booking WHERE id = 3;
SELECT is(undo(1, 'møde') ->> 'state', 'KG006', 'nor is a booking unmade that moved');
SELECT is(undo(2, 'andet møde') -> 'status', '200', 'a booking is undone');
SELECT is(status, 'cancelled', 'by cancelling it: calendars know it')
	FROM kg.booking WHERE id = 4;
SELECT is(undo(1, 'flyt møde') -> 'status', '200', 'then the move can be');
SELECT kg.booking_cancel(1, 'aflys møde', 3, NULL) \g /dev/null
SELECT is(undo(1, 'aflys møde') -> 'status', '200', 'a cancellation is undone');
SELECT is(status, 'confirmed', 'and the room is taken again') FROM kg.booking WHERE id = 3;
SELECT kg.session_teacher_set(1, 'ja', 'R-1', 3, 7, 'accepted') \g /dev/null
SELECT kg.session_teacher_set(1, 'nej tak', 'R-1', 3, 7, 'declined') \g /dev/null
SELECT kg.session_move(2, 'samme tid', 'R-2', 1, NULL, '2030-01-12 08:00', NULL, NULL,
	NULL) \g /dev/null
SELECT kg.session_teacher_set(2, 'ja der', 'R-2', 1, 7, 'accepted') \g /dev/null
SELECT undo(1, 'nej tak') AS taken \gset
SELECT is((:'taken')::jsonb ->> 'state', 'KG007', 'a teacher who teaches elsewhere now');
SELECT is((:'taken')::jsonb #>> '{detail,conflicts,0,run_no}', 'R-2', 'and where');
SELECT call('booking_create', 1, '{"room_id": 1, "title": "Hold", "setup": "",
	"starts_local": "2030-06-04T09:00", "ends_local": "2030-06-04T10:00",
	"why": "hold"}'::jsonb || jsonb_build_object('expires_local',
	to_char(kg.now() + '2 days', 'YYYY-MM-DD"T12:00"'))) \g /dev/null
UPDATE kg.clock SET shift = '3 days';
SELECT kg.booking_create(1, 'efter hold', 1, '2030-06-04 09:00', '2030-06-04 10:00', 0,
	0, 'internal', NULL, '', NULL, 'Efter', NULL) \g /dev/null
SELECT is((SELECT array_agg(action ORDER BY id) FROM kg.journal
	WHERE why = 'efter hold'), '{update,insert}', 'a booking lets a due hold run out');
SELECT is(undo(1, 'efter hold') -> 'status', '200', 'it is undone');
SELECT is(status, 'expired', 'and the hold is not alive again')
	FROM kg.booking WHERE title = 'Hold';
SELECT call('booking_create', 1, '{"room_id": 1, "title": "Hold 2", "setup": "",
	"starts_local": "2030-06-05T09:00", "ends_local": "2030-06-05T10:00",
	"expires_local": "2029-12-01T09:00"}') \g /dev/null
BEGIN;
SELECT kg.write_begin(NULL, 'udløb') \g /dev/null
UPDATE kg.booking SET status = 'expired' WHERE title = 'Hold 2';
COMMIT;
SELECT is(call('journal_undo', 2, jsonb_build_object('journal_id', min(id))) ->> 'state',
	'KG006', 'that it ran out is no change of anybody''s')
	FROM kg.journal WHERE why = 'udløb';
UPDATE kg.clock SET shift = '0';

-- a whole run
SELECT kg.run_cancel(1, 'aflyst', 'R-1', NULL) \g /dev/null
SELECT is(undo(1, 'aflyst') -> 'status', '200', 'a cancelled run is held after all');
SELECT is(array_agg(status), '{confirmed,confirmed,confirmed}', 'with its days')
	FROM kg.session WHERE run_id = 1;
SELECT is(format('%s %s', status, status_before_cancel), 'open ', 'as it was')
	FROM kg.run WHERE id = 1;
SELECT version AS version FROM kg.run WHERE id = 1 \gset
SELECT kg.run_move(1, 'en uge senere', 'R-1', NULL, '2030-01-17', 2) \g /dev/null
SELECT is(undo(1, 'en uge senere') -> 'status', '200', 'a run that moved moves back');
SELECT is((SELECT array_agg(format('%s %s', venue_id, starts_local::date) ORDER BY no)
	FROM kg.session WHERE run_id = 1), '{1 2030-01-10,1 2030-01-11,1 2030-01-12}',
	'all its days');
SELECT is(status, 'confirmed', 'with the room that it had given up')
	FROM kg.booking WHERE id = 1;
SELECT is(version, :version + 2, 'and the run is at a new version')
	FROM kg.run WHERE id = 1;
CREATE FUNCTION a_run(number text, state text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT call('run_create', 2, jsonb_build_object('run_no', number, 'status', state,
		'seminar', 'kursus', 'office', 'AAR', 'why', number, 'sessions',
		'[{"starts_local": "2030-08-01T09:00", "ends_local": "2030-08-01T12:00",
		"room_id": 1, "setup": "", "agenda": [{"starts_local": "2030-08-01T09:00",
		"ends_local": "2030-08-01T10:00", "title": "Start"}]}]'::jsonb))
$$;
SELECT a_run('UDK-1', 'planned') \g /dev/null
SELECT is(undo(2, 'UDK-1') -> 'status', '200', 'a run nobody has seen is undone');
SELECT is((SELECT count(*) FROM kg.run WHERE run_no = 'UDK-1')
	+ (SELECT count(*) FROM kg.session WHERE starts_local > '2030-08-01'), 0::bigint,
	'and is gone with all it had');
SELECT is(undo(2, 'fortrudt', 'igen') -> 'status', '200', 'undone again');
SELECT is(call('run_get', 2, '{"run_no": "UDK-1"}') #>> '{body,sessions,0,agenda,0,title}',
	'Start', 'it is back with its programme');
SELECT is(call('run_get', 2, '{"run_no": "UDK-1"}') #>> '{body,sessions,0,rooms,0,name}',
	'Øst', 'and its room');
SELECT kg.run_cancel(2, 'plads', 'UDK-1', NULL) \g /dev/null
SELECT a_run('AAB-1', 'open') \g /dev/null
SELECT uid AS uid FROM kg.session s JOIN kg.run r ON r.id = s.run_id
	WHERE run_no = 'AAB-1' \gset
SELECT is(undo(2, 'AAB-1') -> 'status', '200', 'a run that was published is undone');
SELECT is((SELECT format('%s %s %s %s', r.status, s.status, s.sequence, s.uid)
	FROM kg.run r JOIN kg.session s ON s.run_id = r.id WHERE run_no = 'AAB-1'),
	'cancelled cancelled 1 ' || :'uid', 'by calling it off: its UID is for ever');
SELECT is((SELECT count(*) FROM kg.agenda_item WHERE title = 'Start'), 2::bigint,
	'its programme is still told');
SELECT is(undo(2, 'fortrudt', 'dog') -> 'status', '200', 'and that undone');
SELECT is(call('run_get', 2, '{"run_no": "AAB-1"}') #>> '{body,sessions,0,status}',
	'confirmed', 'it is held');
SELECT is(call('session_create', 1, '{"run_no": "AAB-1", "starts_local":
	"2030-08-02T09:00", "ends_local": "2030-08-02T12:00", "why": "dag mere"}') -> 'status',
	'201', 'somebody adds a day');
SELECT is(later(undo(2, 'AAB-1')), 'session ' || max(id) || ' insert by 1 []',
	'then it is not undone') FROM kg.session;

-- a season and a series, in one go
CREATE FUNCTION season(slug text, state text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('kg.actor', '2', true), set_config('kg.why', slug, true);
	INSERT INTO kg.season (slug, title, seminar_id) VALUES (slug, 'S', 1);
	INSERT INTO kg.period (season_id, no, starts_on, ends_on)
	SELECT id, 1, '2031-01-01', '2031-01-02' FROM kg.season s WHERE s.slug = season.slug;
	INSERT INTO kg.run (run_no, seminar_id, season_id, period_id, office_id, venue_id,
		capacity, status)
	SELECT upper(season.slug) || '-' || n, 1, s.id, p.id, 1 + n % 2, 1, 25, state
	FROM kg.season s JOIN kg.period p ON p.season_id = s.id, generate_series(1, 36) AS n
	WHERE s.slug = season.slug;
	INSERT INTO kg.session (run_id, no, venue_id, starts_local, ends_local)
	SELECT r.id, n, 1, '2031-01-01 09:00', '2031-01-01 12:00'
	FROM kg.run r JOIN kg.season s ON s.id = r.season_id, generate_series(1, 3) AS n
	WHERE s.slug = season.slug;
	INSERT INTO kg.agenda_item (session_id, no, starts_min, ends_min, title)
	SELECT x.id, n, n * 10, n * 10 + 10, 'x'
	FROM kg.session x JOIN kg.run r ON r.id = x.run_id
		JOIN kg.season s ON s.id = r.season_id, generate_series(1, 5) AS n
	WHERE s.slug = season.slug;
END
$$;
SELECT season('ny', 'planned');
SELECT clock_timestamp() AS began \gset
SELECT is(jsonb_array_length(undo(2, 'ny') #> '{body,undone}'), 2 + 36 * (1 + 3 + 15),
	'a season is undone in one go');
SELECT ok(clock_timestamp() - (:'began')::timestamptz < '30 s', 'in a moment');
SELECT is((SELECT count(*) FROM kg.season WHERE slug = 'ny')
	+ (SELECT count(*) FROM kg.run WHERE run_no LIKE 'NY-%')
	+ (SELECT count(*) FROM kg.period WHERE starts_on = '2031-01-01'), 0::bigint,
	'and nothing of it is left');
SELECT season('aaben', 'open');
SELECT is(undo(1, 'aaben') ->> 'state', 'KG001', 'by nobody who could not make it');
SELECT is(undo(2, 'aaben') -> 'status', '200', 'a season that was published too');
SELECT is((SELECT array_agg(DISTINCT r.status || ' ' || s.status) FROM kg.run r
	JOIN kg.session s ON s.run_id = r.id WHERE run_no LIKE 'AABEN-%'),
	'{cancelled cancelled}', 'by calling all of it off');
SELECT is((SELECT count(*) FROM kg.season WHERE slug = 'aaben'), 1::bigint,
	'the season stays for them');
SELECT season('tre', 'planned');
SELECT call('run_create', 2, '{"run_no": "MERE-1", "seminar": "kursus", "office": "AAR",
	"season": "tre", "period": 1}') \g /dev/null
SELECT is(later(undo(2, 'tre')), 'run ' || max(id) || ' insert by 2 []',
	'a run that was added to season and period is in the way, and told once')
	FROM kg.run;
SELECT call('series_create', 1, '{"room_id": 2, "title": "Hver tirsdag", "starts": "09:00",
	"ends": "10:00", "from": "2030-09-03", "until": "2030-09-24", "setup": "",
	"why": "serie"}') \g /dev/null
SELECT is(undo(1, 'serie') -> 'status', '200', 'a series is undone');
SELECT is(array_agg(DISTINCT status || count), '{cancelled4}', 'with all its dates')
FROM (SELECT status, count(*) FROM kg.booking WHERE series_id IS NOT NULL GROUP BY 1) AS t;
SELECT is(undo(1, 'fortrudt', 'serie igen') -> 'status', '200', 'and that');
SELECT kg.booking_cancel(2, 'ikke den', max(id), NULL)
	FROM kg.booking WHERE series_id IS NOT NULL \g /dev/null
SELECT is(undo(1, 'serie') ->> 'state', 'KG006', 'not when one of them was cancelled since');

-- programme, places, catalogue
SELECT kg.session_change(1, 'program', 'R-1', 1, NULL, '{"agenda": []}') \g /dev/null
SELECT is(undo(1, 'program') -> 'status', '200', 'a programme that was taken away');
SELECT is(array_agg(title::text ORDER BY no), '{Frokost,Velkomst}', 'is back')
	FROM kg.agenda_item WHERE session_id = 1;
SELECT kg.venue_change(2, 'skilt', 2, NULL, 'Kroen', '', NULL, NULL, NULL, NULL)
	\g /dev/null
SELECT call('seminar_change', 2, '{"slug": "kursus", "tags": ["velfærd", "økonomi"],
	"why": "mærke"}', version) FROM kg.seminar WHERE id = 1 \g /dev/null
SELECT is(undo(2, 'mærke') -> 'status', '200', 'a tag of a seminar that is held');
SELECT is(array_agg(tag::text), '{velfærd}', 'is taken off it')
	FROM kg.seminar_tag WHERE seminar_id = 1;
SELECT is(undo(1, 'skilt') ->> 'state', 'KG001',
	'who may not change a venue does not undo its change');
SELECT is(undo(2, 'skilt') -> 'status', '200', 'who may, does');
SELECT is(name || ' ' || street, 'Hotellet Vej 2', 'its name and street are back')
	FROM kg.venue WHERE id = 2;
SELECT kg.venue_add(2, 'nyt hus', 'AAR', 'Nyt', NULL, NULL, 'Ry', NULL, NULL, NULL)
	\g /dev/null
SELECT kg.room_add(2, 'nyt lokale', max(id), 'Lokale', NULL, NULL, NULL, '[]')
	FROM kg.venue \g /dev/null
SELECT is(later(undo(2, 'nyt hus')), 'room ' || max(id) || ' insert by 2 []',
	'a house with a room is not undone') FROM kg.room;
SELECT is(undo(2, 'nyt lokale') -> 'status', '200', 'first the room');
SELECT is(undo(2, 'nyt hus') -> 'status', '200', 'then the house');
SELECT is(count(*), 0::bigint, 'which is gone') FROM kg.venue WHERE name = 'Nyt';
SELECT call('room_setup_put', 2, '{"room_id": 2, "setup": "circle", "capacity": 12,
	"why": "kreds"}') \g /dev/null
SELECT kg.booking_create(1, 'i kreds', 2, '2030-10-03 09:00', '2030-10-03 10:00', 0, 0,
	'internal', NULL, 'circle', 10, 'Kreds', NULL) \g /dev/null
SELECT call('room_setup_put', 2, '{"room_id": 2, "setup": "circle", "capacity": 14,
	"why": "større kreds"}') \g /dev/null
SELECT is(later(undo(2, 'kreds')), 'room_setup 2:circle update by 2 ["capacity"]',
	'a set-up that was changed since');
SELECT is(undo(2, 'større kreds') -> 'status', '200', 'that change is undone');
SELECT undo(2, 'kreds') AS used \gset
SELECT is((:'used')::jsonb ->> 'state', 'KG006', 'a set-up that is used stays');
SELECT is((:'used')::jsonb #>> '{detail,rule}', 'booking_in_a_setup_of_its_room',
	'and the rule is told');

-- what never is
SELECT kg.person_add(2, 'ny person', 'Navn', NULL, NULL, 'teacher', NULL) \g /dev/null
SELECT kg.token_create(2, 'link', 3, sha256('link'), 'telefon', 'mark') \g /dev/null
SELECT kg.token_revoke(2, 'væk', max(id), NULL) FROM kg.feed_token \g /dev/null
SELECT kg.account_lock(NULL, 'låst', 1, NULL) WHERE EXISTS (SELECT FROM kg.account)
	\g /dev/null
SELECT is(undo(2, because) ->> 'state', 'KG006', because || ' is not undone')
FROM unnest(array['ny person', 'link', 'væk']) AS because;
SELECT is(call('journal_undo', 2, '{"journal_id": 999999}') ->> 'state', 'KG004',
	'an entry that is none');
SELECT kg.booking_create(6, 'hos K', 4, '2030-10-03 09:00', '2030-10-03 10:00', 0, 0,
	'internal', NULL, '', NULL, 'Hos K', NULL) \g /dev/null
SELECT is(undo(who, 'hos K') ->> 'state', 'KG001', format('person %s may not', who))
FROM unnest(array[1, 3, 4, 5]) AS who;
SELECT is(undo(6, 'hos K') -> 'status', '200', 'the office''s own may');
SELECT ok((kg.journal_undo(NULL, 'ved maskinen', entry('fortrudt'))).changed,
	'and so may the operator');

-- the journal, read
CREATE FUNCTION seen(who int, input jsonb, field text DEFAULT 'why') RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(i ->> field, ',' ORDER BY n)
	FROM jsonb_array_elements(call('journal_list', who, input) #> '{body,items}')
		WITH ORDINALITY AS u (i, n)
$$;
SELECT is(seen(1, '{"object": "venue", "object_id": "2"}'), 'fortrudt,skilt,direct',
	'what was done to a thing, the latest first');
SELECT is(seen(2, '{"object": "venue", "object_id": "2"}', 'person'),
	'Planlægger,Planlægger', 'and by whom');
SELECT is(seen(5, '{"object": "venue", "object_id": "2"}', 'person'), NULL,
	'an auditor sees no name');
SELECT is(seen(5, '{"object": "venue", "object_id": "2"}', 'person_id'), '2,2',
	'but a number');
SELECT is(seen(6, '{"object": "venue"}', 'office'), 'AAR,AAR,AAR,AAR,KBH,AAR,AAR',
	'places are read by all');
SELECT is(seen(6, '{"object": "booking"}'), 'ved maskinen,fortrudt,hos K',
	'a coordinator reads the own office''s calendar');
SELECT is(seen(1, '{"object": "booking", "office": "KBH"}'), NULL, 'and no other');
SELECT is(seen(2, '{"object": "booking", "office": "KBH"}'),
	'ved maskinen,fortrudt,hos K', 'a planner every');
SELECT is(seen(5, '{"object": "booking", "office": "KBH"}'),
	'ved maskinen,fortrudt,hos K', 'an auditor too');
SELECT is(seen(4, '{"object": "booking"}'), NULL, 'an admin none');
SELECT is(seen(who, '{"object": "person"}') IS NOT NULL, yes,
	format('person %s reads of people: %s', who, yes))
FROM (VALUES (1, false), (2, false), (4, true), (5, true)) AS t (who, yes);
SELECT is(seen(2, '{"person": 6}'), 'fortrudt,hos K', 'what somebody did');
SELECT is(seen(2, '{"from": "2020-01-01", "to": "2020-12-31"}'), NULL, 'of a year');
SELECT is(seen(2, jsonb_build_object('object', 'venue', 'from', (now()
	AT TIME ZONE 'Europe/Copenhagen')::date, 'to', (now()
	AT TIME ZONE 'Europe/Copenhagen')::date, 'limit', 1)), 'fortrudt', 'of today');
SELECT is(seen(2, '{"object_id": "2"}'), NULL, 'a number alone is none');
SELECT is(call('journal_list', 2, '{"object_id": "2"}') ->> 'state', 'KG005',
	'and refused');
SELECT is(seen(1, jsonb_build_object('object', 'venue', 'object_id', '2', 'limit', 2,
	'cursor', call('journal_list', 1,
	'{"object": "venue", "object_id": "2", "limit": 2}') #>> '{body,next}')), 'direct',
	'page by page');
SELECT is(call('journal_list', 3) ->> 'state', 'KG001', 'teachers read nothing');
SELECT kg.journal_seal(100000) \g /dev/null
SELECT is((SELECT array_agg(result) FROM kg.journal_verify()), '{sealed,unsealed}',
	'and after all of it the seals hold');
-- what belongs together: a room is chosen for a time
CREATE TABLE a_meeting AS SELECT (kg.booking_create(1, 'møde i øst', 2,
	'2030-05-06 09:00', '2030-05-06 10:00', 0, 0, 'internal', NULL, '', NULL, 'Sted',
	NULL)).object_id::int AS id;
CREATE FUNCTION where_is() RETURNS text LANGUAGE sql AS $$
	SELECT format('%s %s', room_id, to_char(starts_local, 'HH24:MI'))
	FROM kg.booking JOIN a_meeting USING (id)
$$;
SELECT kg.booking_move(1, 'til vest', id, NULL, 1, NULL, NULL, '') FROM a_meeting
	\g /dev/null
SELECT kg.booking_move(2, 'til 11', id, NULL, NULL, '2030-05-06 11:00', NULL, NULL)
	FROM a_meeting \g /dev/null
SELECT undo(1, 'til vest') AS built \gset
SELECT is((:'built')::jsonb ->> 'state', 'KG006', 'a move upon which a move was built stays');
SELECT is((SELECT array_agg(l ->> 'person' || ' ' || (l ->> 'why') || ' '
	|| (l ->> 'columns')) FROM jsonb_array_elements((:'built')::jsonb
	#> '{detail,later}') AS l), array['Planlægger til 11 ["ends_local", "starts_local"]'],
	'who moved it since is told by name, with when and what');
SELECT is(where_is(), '1 11:00', 'and nothing moves');
SELECT kg.booking_change(2, 'navn', id, NULL, '{"title": "Andet navn"}') FROM a_meeting
	\g /dev/null
SELECT is(undo(2, 'til 11') -> 'status', '200', 'a name is in no move''s way');
SELECT is(undo(1, 'til vest') -> 'status', '200', 'what was taken back is in nobody''s way');
SELECT is(where_is(), '2 09:00', 'so that all is where it was');
SELECT kg.booking_move(1, 'til vest 2', id, NULL, 1, NULL, NULL, '') FROM a_meeting
	\g /dev/null
SELECT kg.booking_change(2, 'flere', id, NULL, '{"setup_min": 30}') FROM a_meeting
	\g /dev/null
SELECT is(later(undo(1, 'til vest 2')) LIKE 'booking % by 2 ["setup_min"]', true,
	'nor when its set-up was reckoned for the new room');
SELECT is(undo(2, 'flere') -> 'status', '200', 'back');
SELECT kg.booking_cancel(2, 'væk igen', id, NULL) FROM a_meeting \g /dev/null
SELECT is(later(undo(1, 'til vest 2')) LIKE 'booking % by 2 ["status"]', true,
	'nor when it was cancelled where it was');
SELECT kg.booking_restore(2, 'dog', id, NULL) FROM a_meeting \g /dev/null
SELECT kg.booking_change(1, 'mad', id, NULL, '{"catering_count": 10, "catering_days": 5}')
	FROM a_meeting \g /dev/null
SELECT kg.booking_change(2, 'mere mad', id, NULL, '{"catering_days": 7}') FROM a_meeting
	\g /dev/null
SELECT is(undo(1, 'til vest 2') -> 'status', '200', 'the kitchen is another thing');
SELECT is(later(undo(1, 'mad')) LIKE 'booking % by 2 ["catering_days"]', true,
	'but its number and its day are one');
SELECT kg.venue_change(2, 'gade', 1, NULL, NULL, 'Nygade 1', NULL, NULL, NULL, NULL)
	\g /dev/null
SELECT kg.venue_change(4, 'by', 1, NULL, NULL, NULL, '8001', 'Aarhus N', NULL, NULL)
	\g /dev/null
SELECT is(later(undo(2, 'gade')), 'venue 1 update by 4 ["postcode", "town"]',
	'a street belongs to its town');
SELECT is(undo(2, 'by') -> 'status', '200', 'first the town');
SELECT is(undo(2, 'gade') -> 'status', '200', 'then the street');


-- the list by object and by the wall clock
SELECT is(call('journal_list', 2, '{"object": "nosuch"}') ->> 'message',
	'the journal has no object "nosuch"', 'what is not journaled is not looked for');
SELECT is(call('journal_list', 2, '{"object": "nosuch"}') ->> 'hint' ~
	'one of: account, .*booking, .*series, .*venue', true, 'and what is, is named');
UPDATE kg.clock SET shift = '2031-07-01 22:30'::timestamp AT TIME ZONE 'UTC' - now();
SELECT kg.booking_create(NULL, 'ved midnat', 5, '2032-01-05 09:00', '2032-01-05 10:00', 0,
	0, 'internal', NULL, '', NULL, 'Nat', NULL) \g /dev/null
UPDATE kg.clock SET shift = '0';
CREATE FUNCTION found(since text, until text) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM jsonb_array_elements(call('journal_list', 2,
		jsonb_strip_nulls(jsonb_build_object('object', 'booking', 'from', since, 'to',
		until))) #> '{body,items}') AS i WHERE i ->> 'why' = 'ved midnat'
$$;
SELECT is(found(since, until), n::bigint, concat_ws(' ', since, until))
FROM (VALUES ('2031-07-02', NULL, 1), ('2031-07-01', '2031-07-01', 0),
	('2031-07-02T00:30', NULL, 1), ('2031-07-02T00:31', NULL, 0),
	(NULL, '2031-07-02T00:29', 0), ('2031-07-02', '2031-07-02T00:30', 1),
	('2031-07-02T00:00', '2031-07-02', 1)) AS t (since, until, n);
SELECT is(call('journal_list', 2, '{"object": "booking", "from": "2031-07-02"}')
	#>> '{body,items,0,at_local}', '2031-07-02T00:30', 'an entry tells its local time');
SELECT is(call('journal_list', 2, input::jsonb) ->> 'state', state, input)
FROM (VALUES ('{"from": "2031-07-02T10:00", "to": "2031-07-02T09:00"}', 'KG005'),
	('{"from": "2031-03-30T02:30"}', 'KG002'), ('{"to": "i går"}', 'KG005')
	) AS t (input, state);
SELECT * FROM finish();

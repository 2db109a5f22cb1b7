-- Whatever a session shows touches it; and nothing else does.
CREATE TABLE touched (what text, expected text, got text);
-- expected: of sessions 1 2 3 4, what is raised: s sequence and version, v version,
-- - nothing
CREATE PROCEDURE change(what text, statement text, expected text)
LANGUAGE plpgsql AS $$
DECLARE
	was kg.session[];
	got text;
BEGIN
	was := array(SELECT s FROM kg.session s ORDER BY id);
	EXECUTE statement;
	COMMIT;
	SELECT string_agg(CASE WHEN s.sequence > w.sequence THEN 's'
		WHEN s.version > w.version THEN 'v' ELSE '-' END, '' ORDER BY s.id)
	INTO got FROM kg.session s JOIN unnest(was) AS w USING (id);
	IF EXISTS (SELECT FROM kg.session s JOIN unnest(was) AS w USING (id)
		WHERE (s.version > w.version) <> (s.changed_at > w.changed_at)
			OR s.uid <> w.uid OR s.version > w.version + 1) THEN
		got := got || ' wrongly';
	END IF;
	INSERT INTO touched VALUES (what, expected, got);
END
$$;

CALL change('a venue''s name', $$UPDATE kg.venue SET name = 'Hus' WHERE id = 1$$,
	'sss-');
CALL change('a venue''s street', $$UPDATE kg.venue SET street = 'Gade 2'
	WHERE id = 1$$, 'sss-');
CALL change('a venue''s postcode', $$UPDATE kg.venue SET postcode = NULL
	WHERE id = 1$$, 'sss-');
CALL change('a venue''s town', $$UPDATE kg.venue SET town = 'Risskov'
	WHERE id = 1$$, 'sss-');
CALL change('a venue''s place on the map', $$UPDATE kg.venue SET lat = 56.1,
	lon = 10.2 WHERE id = 1$$, 'vvv-');
CALL change('a venue that nobody uses', $$UPDATE kg.venue SET name = 'Kroen'
	WHERE id = 2$$, '----');
CALL change('an office''s name', $$UPDATE kg.office SET name = 'Østjylland'
	WHERE id = 1$$, 'vvv-');
CALL change('an office''s mail', $$UPDATE kg.office SET mail = 'a@example.org'
	WHERE id = 1$$, 'vvv-');
CALL change('the last office''s mail: now all have an organizer', $$UPDATE
	kg.office SET mail = 'k@example.org' WHERE id = 2$$, 'vvvv');
SELECT is((organizer, version), (true, 2), 'the site knows') FROM kg.site;
CALL change('a new office without mail: no more', $$INSERT INTO kg.office (code,
	name, town) VALUES ('ODE', 'Odense', 'Odense')$$, 'vvvv');
CALL change('one office less', $$DELETE FROM kg.office WHERE code = 'ODE'$$,
	'vvvv');
CALL change('a seminar''s title', $$UPDATE kg.seminar SET title = 'Nyt'
	WHERE id = 1$$, 'vvv-');
CALL change('a seminar''s new tag', $$INSERT INTO kg.seminar_tag
	(seminar_id, tag) VALUES (2, 'ny')$$, '---v');
CALL change('a seminar''s tag, gone', $$DELETE FROM kg.seminar_tag
	WHERE seminar_id = 1$$, 'vvv-');
CALL change('a run''s title', $$UPDATE kg.run SET title = 'Nyt' WHERE id = 1$$,
	'vvv-');
CALL change('a season''s title', $$UPDATE kg.season SET title = 'Ny'$$, '----');
CALL change('an agenda item', $$UPDATE kg.agenda_item SET title = 'Kaffe'
	WHERE no = 2$$, 'v---');
CALL change('a new agenda item', $$INSERT INTO kg.agenda_item (session_id, no,
	starts_min, ends_min, title) VALUES (2, 1, 0, 60, 'Morgenmad')$$, '-v--');
CALL change('an agenda item that moves', $$UPDATE kg.agenda_item
	SET session_id = 3 WHERE session_id = 2$$, '-vv-');
CALL change('an agenda item, gone', $$DELETE FROM kg.agenda_item
	WHERE session_id = 3$$, '--v-');
CALL change('a room for a session', $$INSERT INTO kg.booking (room_id, kind,
	session_id, title, starts_local, ends_local, setup_min, clear_min)
	VALUES (1, 'session', 1, 'x', '2030-01-10 13:00', '2030-01-10 21:30', 0,
	0)$$, 's---');
CALL change('more minutes of setting up', $$UPDATE kg.booking
	SET setup_min = 30$$, '----');
CALL change('another room', $$UPDATE kg.booking SET room_id = 2$$, 's---');
CALL change('the room''s name', $$UPDATE kg.room SET name = 'Vesten'
	WHERE id = 2$$, 's---');
CALL change('the room''s entrance', $$UPDATE kg.room SET step_free = true
	WHERE id = 2$$, 'v---');
CALL change('a room that nobody uses', $$UPDATE kg.room SET name = 'Østen'
	WHERE id = 1$$, '----');
CALL change('the venue of a room', $$UPDATE kg.venue SET name = 'Huset'
	WHERE id = 1$$, 'sss-');
CALL change('a cancelled session keeps its room', $$UPDATE kg.session
	SET status = 'cancelled' WHERE id = 1$$, 's---');
CALL change('and its name', $$UPDATE kg.room SET name = 'Vest' WHERE id = 2$$,
	's---');
CALL change('and comes back to it', $$UPDATE kg.session SET status = 'confirmed'
	WHERE id = 1$$, 's---');
CALL change('the room is given up', $$UPDATE kg.booking
	SET status = 'cancelled'$$, 's---');
CALL change('the room is gone', $$DELETE FROM kg.booking$$, '----');
CALL change('a room of another office', $$INSERT INTO kg.booking (room_id, kind,
	session_id, title, starts_local, ends_local, setup_min, clear_min)
	VALUES (4, 'session', 4, 'x', '2030-02-01 09:00', '2030-02-01 16:00', 0,
	0)$$, '---s');
CALL change('that house''s name', $$UPDATE kg.venue SET name = 'Nabogården'
	WHERE id = 3$$, '---s');
CALL change('a meeting in the room', $$INSERT INTO kg.booking (room_id, kind,
	title, starts_local, ends_local, setup_min, clear_min) VALUES (1,
	'internal', 'x', '2030-01-10 13:00', '2030-01-10 21:30', 0, 0)$$, '----');
CALL change('a teacher', $$INSERT INTO kg.session_teacher (session_id, person_id)
	VALUES (1, 3)$$, '----');
CALL change('a person''s name', $$UPDATE kg.person SET name = 'N'
	WHERE id = 3$$, '----');
SELECT is(got, expected, what) FROM touched;
SELECT * FROM finish();

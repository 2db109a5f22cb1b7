-- What every test starts from: two offices, a house with a hall that divides in two,
-- a hotel, people of each role, two runs. Ids are those of the order here.
BEGIN;
INSERT INTO kg.office (code, name, town, postcode)
VALUES ('AAR', 'Aarhus', 'Aarhus', '8000'), ('KBH', 'København', 'Herlev', '2730');
INSERT INTO kg.venue (office_id, name, street, postcode, town, own)
VALUES (1, 'Huset', 'Gade 1', '8000', 'Aarhus', true),
	(1, 'Hotellet', 'Vej 2', '8800', 'Viborg', false),
	(2, 'Nabohuset', 'Allé 3', '2730', 'Herlev', true);
INSERT INTO kg.room (venue_id, name, parts)
VALUES (1, 'Øst', '{[1,2)}'), (1, 'Vest', '{[2,3)}'), (1, 'Salen', '{[1,3)}'),
	(3, 'Nabolokalet', '{[10,11)}'), (2, 'Hotellokalet', '{[20,21)}');
INSERT INTO kg.room_setup (room_id, setup, capacity, setup_min, clear_min)
VALUES (1, 'islands', 25, 60, 30), (1, 'theatre', 40, 0, 0),
	(2, 'islands', 20, 60, 30);
INSERT INTO kg.seminar (slug, title) VALUES ('kursus', 'Kursus'), ('andet', 'Andet');
INSERT INTO kg.seminar_tag (seminar_id, tag) VALUES (1, 'velfærd');
INSERT INTO kg.season (slug, title, seminar_id) VALUES ('saeson', 'Sæson', 1);
INSERT INTO kg.period (season_id, no, starts_on, ends_on)
VALUES (1, 1, '2030-01-10', '2030-01-12');
INSERT INTO kg.person (name, mail, role, office_id)
VALUES ('Koordinator A', 'a@example.org', 'coordinator', 1),
	('Planlægger', 'p@example.org', 'planner', NULL),
	('Underviser T', 't@example.org', 'teacher', NULL),
	('Administrator', NULL, 'admin', NULL), ('Revisor', NULL, 'auditor', NULL),
	('Koordinator K', NULL, 'coordinator', 2),
	('Underviser U', 'u@example.org', 'teacher', NULL);
INSERT INTO kg.run (run_no, seminar_id, season_id, period_id, office_id, venue_id,
	capacity, min_participants, status)
VALUES ('R-1', 1, 1, 1, 1, 1, 25, 14, 'open'),
	('R-2', 2, NULL, NULL, 2, 3, 20, 0, 'open');
INSERT INTO kg.session (run_id, no, title, venue_id, starts_local, ends_local)
VALUES (1, 1, 'dag 1 af 3', 1, '2030-01-10 13:00', '2030-01-10 21:30'),
	(1, 2, 'dag 2 af 3', 1, '2030-01-11 07:00', '2030-01-11 22:00'),
	(1, 3, 'dag 3 af 3', 1, '2030-01-12 07:00', '2030-01-12 13:00'),
	(2, 1, NULL, 3, '2030-02-01 09:00', '2030-02-01 16:00');
INSERT INTO kg.agenda_item (session_id, no, starts_min, ends_min, title)
VALUES (1, 1, 0, 60, 'Frokost'), (1, 2, 60, 90, 'Velkomst');
COMMIT;

-- What marks a session, to be compared before and after.
CREATE FUNCTION marks(session_id int) RETURNS text LANGUAGE sql AS $$
	SELECT format('sequence %s version %s', sequence, version)
	FROM kg.session WHERE id = $1
$$;
CREATE FUNCTION all_marks() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(sequence || '/' || version, ' ' ORDER BY id)
	FROM kg.session
$$;
-- One number of one statement's rows.
CREATE FUNCTION rows_of(statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE statement;
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
END
$$;
SELECT no_plan();

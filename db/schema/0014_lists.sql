-- Lists that go by indexes: bookings and sessions by their start, entries of the
-- journal by office and person, the latest first.
SET LOCAL ROLE kattegat_owner;

-- What runs in a week began in it, or at most a day before; or it is one of the few
-- that take longer. Of those there is an index by their end.
CREATE INDEX booking_long ON kg.booking (ends_local)
	WHERE ends_local - starts_local > interval '1 day';
CREATE INDEX session_starts ON kg.session (starts_local, id);
CREATE INDEX session_long ON kg.session (ends_local)
	WHERE ends_local - starts_local > interval '1 day';
DROP INDEX kg.booking_room;
CREATE INDEX booking_room ON kg.booking (room_id, starts_local, id);

-- Whose business an entry was when it was written; NULL: no office's. A way to find
-- it and no part of what the seal is over: it follows from the row.
ALTER TABLE kg.journal ADD COLUMN office_id int;

-- What is there already, as the functions of the release before tell it. A new
-- database has neither these nor entries.
DO $$
BEGIN
	IF to_regprocedure('kg.journal_office(kg.journal)') IS NOT NULL THEN
		ALTER TABLE kg.journal DISABLE TRIGGER a_stays;
		EXECUTE 'UPDATE kg.journal j SET office_id = kg.journal_office(j)
			WHERE j.object IN (''office'', ''run'', ''venue'', ''series'',
				''session'', ''agenda_item'', ''session_teacher'',
				''room'', ''room_setup'', ''booking'')';
		ALTER TABLE kg.journal ENABLE TRIGGER a_stays;
	END IF;
END
$$;

DROP INDEX kg.journal_at;
CREATE INDEX journal_at ON kg.journal (at, id);
CREATE INDEX journal_office ON kg.journal (office_id, at, id)
	WHERE office_id IS NOT NULL;
DROP INDEX kg.journal_actor;
CREATE INDEX journal_actor ON kg.journal (actor_id, at, id)
	WHERE actor_id IS NOT NULL;
-- What all staff read, and what only those read who manage people: rare among the
-- calendar's entries. kg.journal_found() asks in the same words.
CREATE INDEX journal_open ON kg.journal (at, id) WHERE object IN ('seminar',
	'seminar_tag', 'season', 'period', 'venue', 'room', 'room_setup', 'office',
	'region', 'municipality', 'municipality_region', 'council_seats', 'election',
	'holiday', 'site');
CREATE INDEX journal_people ON kg.journal (at, id) WHERE object NOT IN ('seminar',
	'seminar_tag', 'season', 'period', 'venue', 'room', 'room_setup', 'office',
	'region', 'municipality', 'municipality_region', 'council_seats', 'election',
	'holiday', 'site', 'run', 'session', 'agenda_item', 'session_teacher',
	'booking', 'series');

-- A booking of a series that somebody changed by itself follows the series no longer,
-- in what was changed: place (room, times, set-up), heads, title, notes, catering; and
-- status, when it was cancelled by itself.
--
-- A function of 0012's time has a booking as the default of a parameter, and a table
-- gets no column while a function stores a row of it.
DROP FUNCTION IF EXISTS kg.setup_must(kg.room, text, int, kg.booking);
ALTER TABLE kg.booking
	ADD COLUMN series_own text[] NOT NULL DEFAULT '{}'
		CHECK (series_own <@ '{place,heads,title,notes,catering,status}');

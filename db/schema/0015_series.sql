-- A booking of a series that somebody changed by itself follows the series no longer,
-- in what was changed: place (room, times, set-up), heads, title, notes, catering; and
-- status, when it was cancelled by itself.
ALTER TABLE kg.booking
	ADD COLUMN series_own text[] NOT NULL DEFAULT '{}'
		CHECK (series_own <@ '{place,heads,title,notes,catering,status}');

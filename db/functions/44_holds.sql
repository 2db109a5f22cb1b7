-- Holds: bookings with an end, which expire unless somebody confirms them.
SET LOCAL ROLE kattegat_owner;

-- Those that end within 48 hours and were not warned about: marks them and tells.
CREATE OR REPLACE FUNCTION kg.holds_due_warning()
RETURNS TABLE (booking_id int, title text, room text, venue text, office_id int,
	starts_local timestamp, ends_local timestamp, zone text, expires_at timestamptz,
	changed_by int)
LANGUAGE sql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
	WITH due AS (
		UPDATE kg.booking b SET warned_at = kg.now()
		WHERE b.status = 'held' AND b.warned_at IS NULL
			AND b.expires_at > kg.now()
			AND b.expires_at <= kg.now() + interval '48 hours'
		RETURNING b.*)
	SELECT d.id, d.title, r.name, v.name, v.office_id, d.starts_local,
		d.ends_local, d.zone, d.expires_at, d.changed_by
	FROM due d JOIN kg.room r ON r.id = d.room_id
		JOIN kg.venue v ON v.id = r.venue_id
	ORDER BY d.expires_at, d.id
$$;

-- Expires those that are due, as whoever comes to their room next would. Returns how
-- many, and the scopes.
CREATE OR REPLACE FUNCTION kg.holds_expire(OUT expired int, OUT scopes text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	atoms int4multirange := (SELECT range_agg(b.parts) FROM kg.booking b
		WHERE b.status = 'held' AND b.expires_at <= kg.now());
BEGIN
	expired := 0;
	IF atoms IS NOT NULL THEN
		PERFORM kg.write_begin(NULL, 'the hold has run out'),
			kg.lock_atoms(atoms);
		UPDATE kg.booking SET status = 'expired'
		WHERE status = 'held' AND expires_at <= kg.now() AND parts && atoms;
		GET DIAGNOSTICS expired = ROW_COUNT;
	END IF;
	scopes := kg.scopes();
END
$$;

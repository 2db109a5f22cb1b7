-- After a change of the zone rules: local times are the truth, so the instants of
-- what is still ahead are made again.
SET LOCAL ROLE kattegat_owner;

-- Rows whose instants are no longer those of their local times, as they would be;
-- rests: it takes its time from nobody.
CREATE OR REPLACE FUNCTION kg.retime_rows()
RETURNS TABLE (object text, id int, was tsrange, would tsrange, zone text,
	problem text)
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT t.object, t.id, t.during, t.would, t.zone,
		coalesce(kg.local_problem(t.starts_local, t.zone),
			kg.local_problem(t.ends_local, t.zone))
	FROM (SELECT 'session' AS object, s.id, s.during, s.zone, s.starts_local,
			s.ends_local,
			kg.span(s.starts_local, s.ends_local, s.zone) AS would
		FROM kg.session s
		UNION ALL SELECT 'booking', b.id, b.during, b.zone, b.starts_local,
			b.ends_local, kg.span(b.starts_local, b.ends_local, b.zone,
				b.setup_min, b.clear_min)
		FROM kg.booking b) AS t
	WHERE t.would <> t.during
		AND upper(t.during) > kg.now() AT TIME ZONE 'UTC'
$$;

-- What would be in the way, were those rows moved: each with the other's id.
CREATE OR REPLACE FUNCTION kg.retime_collisions(sessions int[], bookings int[])
RETURNS TABLE (object text, id int, problem text)
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	WITH taken AS (
		SELECT b.id, b.parts, CASE WHEN b.id = ANY (bookings)
			THEN kg.span(b.starts_local, b.ends_local, b.zone, b.setup_min,
				b.clear_min)
			ELSE b.during END AS during
		FROM kg.booking b WHERE b.status NOT IN ('cancelled', 'expired')
			AND upper(b.during) > kg.now() AT TIME ZONE 'UTC' - interval '2 days'
	), promised AS (
		SELECT t.person_id, s.id, CASE WHEN s.id = ANY (sessions)
			THEN kg.span(s.starts_local, s.ends_local, s.zone)
			ELSE s.during END AS during
		FROM kg.session_teacher t JOIN kg.session s ON s.id = t.session_id
		WHERE t.status = 'accepted' AND s.status = 'confirmed'
			AND upper(s.during) > kg.now() AT TIME ZONE 'UTC' - interval '2 days'
	)
	SELECT 'booking', b.id, format('would meet booking %s', min(o.id))
	FROM taken b JOIN taken o ON o.id <> b.id AND o.parts && b.parts
		AND o.during && b.during
	WHERE b.id = ANY (bookings) GROUP BY b.id
	UNION ALL SELECT 'session', p.id, format(
		'person %s would have to teach session %s too', min(p.person_id),
		min(o.id))
	FROM promised p JOIN promised o ON o.person_id = p.person_id
		AND o.id <> p.id AND o.during && p.during
	WHERE p.id = ANY (sessions) GROUP BY p.id
$$;

-- Rewrites the rows that can be, and lists all: what moves, and what stays as it was
-- because something is in its way.
CREATE OR REPLACE FUNCTION kg.retime(actor int, why text, dry_run bool)
RETURNS TABLE (object text, object_id text, problem text, scopes text, xid xid8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	sessions int[];
	bookings int[];
	stuck record;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.may_must(actor, 'registry', NULL);
	INSERT INTO kg.zone SELECT name FROM pg_timezone_names
		ON CONFLICT DO NOTHING;
	SELECT array_agg(r.id) FILTER (WHERE r.object = 'session'),
		array_agg(r.id) FILTER (WHERE r.object = 'booking')
	INTO sessions, bookings FROM kg.retime_rows() AS r WHERE r.problem IS NULL;
	RETURN QUERY SELECT r.object, r.id::text, r.problem, NULL::text, NULL::xid8
		FROM kg.retime_rows() AS r WHERE r.problem IS NOT NULL
		ORDER BY r.object, r.id;
	-- what stays may be in the way of others: until nothing is
	LOOP
		SELECT array_agg(c.id) FILTER (WHERE c.object = 'session') AS sessions,
			array_agg(c.id) FILTER (WHERE c.object = 'booking') AS bookings,
			array_agg(ROW(c.object, c.id, c.problem)::text) AS said
		INTO stuck FROM kg.retime_collisions(sessions, bookings) AS c;
		EXIT WHEN stuck.said IS NULL;
		RETURN QUERY SELECT c.object, c.id::text, c.problem, NULL::text,
			NULL::xid8
			FROM kg.retime_collisions(sessions, bookings) AS c
			ORDER BY c.object, c.id;
		sessions := array(SELECT unnest(sessions)
			EXCEPT SELECT unnest(stuck.sessions));
		bookings := array(SELECT unnest(bookings)
			EXCEPT SELECT unnest(stuck.bookings));
	END LOOP;
	IF NOT dry_run THEN
		PERFORM kg.collisions_wait();
		UPDATE kg.booking SET zone = zone WHERE id = ANY (bookings);
		UPDATE kg.session SET zone = zone WHERE id = ANY (sessions);
		PERFORM kg.collisions_judge();
	END IF;
	RETURN QUERY SELECT t.object, t.id::text,
		CASE WHEN dry_run THEN 'would be made again' ELSE 'made again' END,
		kg.scopes(), pg_current_xact_id_if_assigned()
	FROM (SELECT 'booking' AS object, unnest(bookings) AS id
		UNION ALL SELECT 'session', unnest(sessions)) AS t
	ORDER BY t.object, t.id;
END
$$;

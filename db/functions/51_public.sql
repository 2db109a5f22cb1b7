-- What the public pages show: the list of feeds, and a run.
SET LOCAL ROLE kattegat_owner;

-- Every public feed, in the order to be shown; of runs those that are still ahead
-- or have just been.
CREATE FUNCTION kg.feed_list()
RETURNS TABLE (kind text, title text, path text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT f.kind, f.title, f.path FROM (
		SELECT 1 AS part, 'alle' AS kind, 'Alle seminarer' AS title,
			'/f/alle.ics' AS path, 0 AS place, '' AS word
		UNION ALL
		SELECT 2, 'saeson', z.title, '/f/saeson/' || z.slug || '.ics', -z.id, ''
		FROM kg.season z
		UNION ALL
		SELECT 3, 'seminar', m.title, '/f/seminar/' || m.slug || '.ics', 0,
			m.title
		FROM kg.seminar m
		UNION ALL
		SELECT 4, 'kontor', o.name, '/f/kontor/' || o.code || '.ics', 0, o.name
		FROM kg.office o
		UNION ALL
		SELECT 5, 'hold', r.run_no || ' ' || coalesce(r.title, m.title),
			'/f/hold/' || r.run_no || '.ics', 0, r.run_no
		FROM (SELECT DISTINCT s.run_id FROM kg.session s
			WHERE upper(s.during) > kg.feed_days_ago(0) AT TIME ZONE 'UTC') s
		CROSS JOIN LATERAL (SELECT * FROM kg.run r
			WHERE r.id = s.run_id OFFSET 0) r
		JOIN kg.seminar m ON m.id = r.seminar_id
		WHERE r.published_at IS NOT NULL
		UNION ALL
		SELECT 6, 'lokale', room.name || ' – ' || v.name,
			'/f/lokale/' || room.id || '.ics', 0, v.name || room.name
		FROM kg.room room JOIN kg.venue v ON v.id = room.venue_id
		WHERE room.retired_at IS NULL
	) f
	ORDER BY f.part, f.place, f.word, f.path;
END
$$;

-- One published run and its sessions; the number in either case. In plpgsql, which
-- keeps the plan: that of such a function in SQL is made for each call.
CREATE FUNCTION kg.web_run(number text)
RETURNS TABLE (
	run_no text, title text, office text, place text, status text, demo bool,
	feed_path text, session_no int, session_title text, session_place text,
	starts text, ends text, cancelled bool)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT r.run_no, coalesce(r.title, m.title)::text, o.name::text,
		kg.feed_place(NULL, v.name, v.street, v.postcode, v.town),
		r.status, m.demo OR coalesce(z.demo, false),
		'/f/hold/' || r.run_no || '.ics', s.no, s.title::text,
		kg.feed_place(rooms.rooms, sv.name, sv.street, sv.postcode,
			sv.town),
		to_char(s.starts_local, 'YYYYMMDD"T"HH24MISS'),
		to_char(s.ends_local, 'YYYYMMDD"T"HH24MISS'),
		s.status = 'cancelled' OR r.status = 'cancelled'
	FROM kg.run r
	JOIN kg.seminar m ON m.id = r.seminar_id
	JOIN kg.office o ON o.id = r.office_id
	JOIN kg.venue v ON v.id = r.venue_id
	LEFT JOIN kg.season z ON z.id = r.season_id
	LEFT JOIN kg.session s ON s.run_id = r.id
	LEFT JOIN kg.venue sv ON sv.id = s.venue_id
	CROSS JOIN LATERAL kg.feed_rooms(s.id) rooms
	WHERE r.run_no = upper($1) AND r.published_at IS NOT NULL
	ORDER BY lower(s.during), s.no;
END
$$;

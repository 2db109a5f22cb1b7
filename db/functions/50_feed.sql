-- What the feeds hold: which sessions, in which words. Read-only but for
-- kg.feed_fetched().
--
-- An event is known by (id, version): id >> 32 is how it is shown, the rest the row.
--   0 a session                     1 the same, cancelled, said in its title only
--   2 a session as its teacher's    3 the same, cancelled, said in its title only
--   4 a booking, busy and no more   5 the notice that a link was closed
--   6 a booking that is no session's, busy and where
-- version is the sum of the versions of the rows it is made of that do not raise each
-- other's: it rises with each of them.
SET LOCAL ROLE kattegat_owner;

-- The local day of which windows are counted: it begins at 02.55, so that it has
-- begun when the daemon rebuilds all feeds at 03.00.
CREATE OR REPLACE FUNCTION kg.feed_today()
RETURNS date LANGUAGE sql STABLE AS $$
	SELECT ((kg.now() AT TIME ZONE 'Europe/Copenhagen')
		- interval '2 hours 55 minutes')::date
$$;

CREATE OR REPLACE FUNCTION kg.feed_days_ago(days int)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
	SELECT (kg.feed_today() - days)::timestamp AT TIME ZONE 'Europe/Copenhagen'
$$;

-- Whether a feed shows a session: never one that the public has not seen yet, and a
-- cancelled one for 90 days.
CREATE OR REPLACE FUNCTION kg.feed_shows(
	published_at timestamptz, session_cancelled_at timestamptz,
	run_cancelled_at timestamptz, since timestamptz, show_cancelled text)
RETURNS bool LANGUAGE sql IMMUTABLE AS $$
	SELECT published_at IS NOT NULL
		AND (coalesce(session_cancelled_at, run_cancelled_at) IS NULL
			OR (coalesce(session_cancelled_at, run_cancelled_at) >= since
				AND show_cancelled <> 'hide'))
$$;

CREATE OR REPLACE FUNCTION kg.feed_event_id(shown_as int, row_id int)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
	SELECT (shown_as::bigint << 32) | row_id::bigint
$$;

-- A calendar's name: some clients cut it at a comma or a semicolon.
CREATE OR REPLACE FUNCTION kg.feed_name(words text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT regexp_replace(words, '\s*[,;]\s*', ' – ', 'g')
$$;

-- "Room, Venue, Street 1, 5000 Odense C", missing parts left out; a venue that is
-- only known by its town names it once. STABLE, as concat_ws() is: so it is woven into
-- the query, and not called for each event.
CREATE OR REPLACE FUNCTION kg.feed_place(
	rooms text, venue text, street text, postcode text, town text)
RETURNS text LANGUAGE sql STABLE AS $$
	SELECT concat_ws(', ', rooms, CASE WHEN venue <> town THEN venue END, street,
		concat_ws(' ', postcode, town))
$$;

-- The functions from here to kg.feed_programme() are for the right side of a join:
-- each is woven into the query that names it. OFFSET 0 makes that look up row by row,
-- by index: no plan reads a whole table for a long feed, or before there are
-- statistics, and a feed costs what it holds.
CREATE FUNCTION kg.feed_run(run_id int)
RETURNS TABLE (status text, published_at timestamptz, cancelled_at timestamptz)
LANGUAGE sql STABLE AS $$
	SELECT r.status, r.published_at, r.cancelled_at
	FROM kg.run r WHERE r.id = $1 OFFSET 0
$$;

CREATE FUNCTION kg.feed_run_sessions(run_id int)
RETURNS TABLE (id int, version int, status text, cancelled_at timestamptz)
LANGUAGE sql STABLE AS $$
	SELECT s.id, s.version, s.status, s.cancelled_at
	FROM kg.session s WHERE s.run_id = $1 OFFSET 0
$$;

CREATE FUNCTION kg.feed_rooms(session_id int)
RETURNS TABLE (rooms text)
LANGUAGE sql STABLE AS $$
	SELECT string_agg(DISTINCT m.name::text, ' og ')
	FROM kg.booking b JOIN kg.room m ON m.id = b.room_id
	WHERE b.session_id = $1
		AND (b.status IN ('held', 'confirmed')
			OR b.status_before_cancel IS NOT NULL)
$$;

CREATE FUNCTION kg.feed_programme(session_id int, starts_local timestamp)
RETURNS TABLE (programme text)
LANGUAGE sql STABLE AS $$
	SELECT E'Program:\n' || string_agg(
		to_char($2 + a.starts_min * interval '1 minute', 'HH24.MI')
		|| '–'
		|| to_char($2 + a.ends_min * interval '1 minute', 'HH24.MI')
		|| ' ' || a.title, E'\n' ORDER BY a.no)
	FROM kg.agenda_item a
	WHERE a.session_id = $1
$$;

-- Which feed a secret link means; no row when there is no such link.
CREATE FUNCTION kg.feed_find_token(hash bytea)
RETURNS TABLE (
	state text, held_by text, held_id int, windowed bool, name text,
	description text, path text, colour text, scopes text, token_id int,
	show_cancelled text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
	token record;
BEGIN
	SELECT t.id, t.person_id, t.show_cancelled AS shown, t.revoked_at,
		t.erased OR p.erased_at IS NOT NULL AS erased, p.role, p.office_id,
		o.name AS office INTO token
		FROM kg.feed_token t JOIN kg.person p ON p.id = t.person_id
		LEFT JOIN kg.office o ON o.id = p.office_id
		WHERE t.hash = $1;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	state := 'live';
	windowed := true;
	colour := 'steelblue';
	token_id := token.id;
	show_cancelled := token.shown;
	scopes := 'token:' || token.id || ' person:' || token.person_id;
	IF token.erased OR token.revoked_at < kg.feed_days_ago(30) THEN
		state := 'gone';
	ELSIF token.revoked_at IS NOT NULL THEN
		state := 'revoked';
		held_by := 'token';
		held_id := token.id;
		name := 'Lukket kalenderlink';
		description := 'Linket er lukket.';
	ELSIF token.role = 'teacher' THEN
		held_by := 'teacher';
		held_id := token.person_id;
		name := 'Min undervisning';
		description := 'De mødegange, du underviser på. '
			|| 'Forespørgsler er foreløbige, til du svarer.';
	ELSIF token.role = 'coordinator' THEN
		held_by := 'office';
		held_id := token.office_id;
		name := kg.feed_name('Kontor ' || token.office);
		description := 'Kontorets hold, og hvornår lokalerne ellers er optaget.';
		scopes := scopes || ' office:' || token.office_id;
	ELSE
		held_by := 'all';
		name := 'Alle kontorers hold';
		description := 'Alle hold i hele huset.';
		scopes := scopes || ' all';
	END IF;
	RETURN NEXT;
END
$$;

-- Which feed an address means; no row when there is no such feed.
--   held_by  what kg.feed_held() goes by: all, season, seminar, office, run, room,
--            teacher, token (of a closed link)
CREATE FUNCTION kg.feed_find(kind text, arg text)
RETURNS TABLE (
	state text, held_by text, held_id int, windowed bool, name text,
	description text, path text, colour text, scopes text, token_id int,
	show_cancelled text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
	CASE kind
	WHEN 'alle' THEN
		RETURN QUERY SELECT 'live', 'all', 0, true, 'Alle seminarer',
			'Alle hold, som er åbne for offentligheden.', '/f/alle.ics',
			'steelblue', 'all', NULL::int, 'mark';
	WHEN 'saeson' THEN
		RETURN QUERY SELECT 'live', 'season', z.id, false,
			kg.feed_name(z.title), 'Alle hold i sæsonen ' || z.title || '.'
				|| CASE WHEN z.demo THEN ' Demodata.' ELSE '' END,
			'/f/saeson/' || z.slug || '.ics', m.colour,
			'season:' || z.id || ' seminar:' || m.id, NULL::int, 'mark'
			FROM kg.season z JOIN kg.seminar m ON m.id = z.seminar_id
			WHERE z.slug = arg;
	WHEN 'seminar' THEN
		RETURN QUERY SELECT 'live', 'seminar', m.id, false,
			kg.feed_name(m.title), 'Alle hold af ' || m.title || '.'
				|| CASE WHEN m.demo THEN ' Demodata.' ELSE '' END,
			'/f/seminar/' || m.slug || '.ics', m.colour,
			'seminar:' || m.id, NULL::int, 'mark'
			FROM kg.seminar m WHERE m.slug = arg;
	WHEN 'kontor' THEN
		RETURN QUERY SELECT 'live', 'office', o.id, true,
			kg.feed_name('Kontor ' || o.name),
			'Alle hold, som kontoret ' || o.name || ' afholder, og hvornår dets '
				|| 'lokaler ellers er optaget.',
			'/f/kontor/' || o.code || '.ics', 'steelblue',
			'office:' || o.id, NULL::int, 'mark'
			FROM kg.office o WHERE o.code = arg;
	WHEN 'hold' THEN
		RETURN QUERY SELECT 'live', 'run', r.id, false,
			kg.feed_name(r.run_no || ' ' || coalesce(r.title, m.title)),
			'Holdet ' || r.run_no || '.' || CASE WHEN m.demo
				OR z.demo THEN ' Demodata.' ELSE '' END,
			'/f/hold/' || r.run_no || '.ics', m.colour,
			'run:' || r.id || ' seminar:' || m.id, NULL::int, 'mark'
			FROM kg.run r JOIN kg.seminar m ON m.id = r.seminar_id
			LEFT JOIN kg.season z ON z.id = r.season_id
			WHERE r.run_no = arg AND r.published_at IS NOT NULL;
	WHEN 'lokale' THEN
		-- A hall is taken when its half is: other rooms' scopes count too.
		RETURN QUERY SELECT 'live', 'room', r.id, true,
			kg.feed_name(r.name || ' – ' || v.name),
			'Hvornår lokalet er optaget, med opstilling og oprydning.',
			'/f/lokale/' || r.id || '.ics', 'steelblue',
			'office:' || v.office_id
				|| (SELECT string_agg(' room:' || other.id, ''
					ORDER BY other.id) FROM kg.room other
					WHERE other.parts && r.parts),
			NULL::int, 'mark'
			FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
			WHERE r.id = arg::int;
	WHEN 'token' THEN
		RETURN QUERY SELECT * FROM kg.feed_find_token(decode(arg, 'hex'));
	ELSE
		RETURN;
	END CASE;
END
$$;

-- The events of a feed, each found by an index. run_id tells which scopes move it.
CREATE FUNCTION kg.feed_held(
	held_by text, held_id int, windowed bool, show_cancelled text)
RETURNS TABLE (event_id bigint, version int, run_id int)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
	since CONSTANT timestamptz := kg.feed_days_ago(90);
	since_utc CONSTANT timestamp := CASE WHEN windowed
		THEN since AT TIME ZONE 'UTC' ELSE '-infinity' END;
	site_version CONSTANT int := (SELECT site.version FROM kg.site);
	as_text CONSTANT int := (show_cancelled = 'text')::int;
BEGIN
	CASE held_by
	WHEN 'all' THEN
		RETURN QUERY SELECT
			kg.feed_event_id(CASE WHEN s.status = 'cancelled'
				OR r.status = 'cancelled' THEN as_text ELSE 0 END, s.id),
			s.version + site_version, s.run_id
			FROM kg.session s CROSS JOIN LATERAL kg.feed_run(s.run_id) r
			WHERE upper(s.during) > since_utc
				AND kg.feed_shows(r.published_at, s.cancelled_at,
					r.cancelled_at, since, show_cancelled);
	WHEN 'season' THEN
		RETURN QUERY SELECT kg.feed_event_id(0, s.id),
			s.version + site_version, r.id
			FROM kg.run r CROSS JOIN LATERAL kg.feed_run_sessions(r.id) s
			WHERE r.season_id = held_id
				AND kg.feed_shows(r.published_at, s.cancelled_at,
					r.cancelled_at, since, show_cancelled);
	WHEN 'seminar' THEN
		RETURN QUERY SELECT kg.feed_event_id(0, s.id),
			s.version + site_version, r.id
			FROM kg.run r CROSS JOIN LATERAL kg.feed_run_sessions(r.id) s
			WHERE r.seminar_id = held_id
				AND kg.feed_shows(r.published_at, s.cancelled_at,
					r.cancelled_at, since, show_cancelled);
	WHEN 'office' THEN
		RETURN QUERY SELECT
			kg.feed_event_id(CASE WHEN s.status = 'cancelled'
				OR r.status = 'cancelled' THEN as_text ELSE 0 END, s.id),
			s.version + site_version, s.run_id
			FROM kg.session s CROSS JOIN LATERAL kg.feed_run(s.run_id) r
			WHERE s.office_id = held_id AND upper(s.during) > since_utc
				AND kg.feed_shows(r.published_at, s.cancelled_at,
					r.cancelled_at, since, show_cancelled);
		-- each once, though a hall's takes its halves as well
		RETURN QUERY SELECT kg.feed_event_id(6, b.id),
			b.version + m.version + v.version + o.version + site_version,
			NULL::int
			FROM kg.office o JOIN kg.venue v ON v.office_id = o.id
			JOIN kg.room m ON m.venue_id = v.id
			CROSS JOIN LATERAL (SELECT * FROM kg.booking b
				WHERE b.parts && m.parts AND b.room_id = m.id
					AND b.session_id IS NULL
					AND b.during && tsrange(since_utc, NULL)
					AND b.status NOT IN ('cancelled', 'expired') OFFSET 0) b
			WHERE o.id = held_id;
	WHEN 'run' THEN
		RETURN QUERY SELECT kg.feed_event_id(0, s.id),
			s.version + site_version, r.id
			FROM kg.run r CROSS JOIN LATERAL kg.feed_run_sessions(r.id) s
			WHERE r.id = held_id
				AND kg.feed_shows(r.published_at, s.cancelled_at,
					r.cancelled_at, since, show_cancelled);
	WHEN 'teacher' THEN
		RETURN QUERY SELECT
			kg.feed_event_id(2 + CASE WHEN s.status = 'cancelled'
				OR r.status = 'cancelled' THEN as_text ELSE 0 END, t.id),
			s.version + t.version + site_version, s.run_id
			FROM kg.session_teacher t
			CROSS JOIN LATERAL (SELECT * FROM kg.session s
				WHERE s.id = t.session_id OFFSET 0) s
			CROSS JOIN LATERAL kg.feed_run(s.run_id) r
			WHERE t.person_id = held_id AND t.status <> 'declined'
				AND upper(s.during) > since_utc
				AND kg.feed_shows(r.published_at, s.cancelled_at,
					r.cancelled_at, since, show_cancelled);
	WHEN 'room' THEN
		RETURN QUERY SELECT kg.feed_event_id(4, b.id), b.version, NULL::int
			FROM kg.room m JOIN kg.booking b ON b.parts && m.parts
			WHERE m.id = held_id
				AND b.during && tsrange(since_utc, NULL)
				AND b.status NOT IN ('cancelled', 'expired');
	WHEN 'token' THEN
		RETURN QUERY SELECT kg.feed_event_id(5, t.id), t.version, NULL::int
			FROM kg.feed_token t WHERE t.id = held_id;
	END CASE;
END
$$;

-- An event in words. Only functions name this type, and all of them are gone when
-- this file runs.
DROP TYPE IF EXISTS kg.feed_event;
CREATE TYPE kg.feed_event AS (
	event_id bigint, uid text, starts text, ends text, zone text, status text,
	summary text, location text, description text, path text, categories text,
	lat text, lon text, place_title text, organizer_mail text,
	organizer_name text, conference_url text, colour text, sequence int,
	created_s bigint, changed_s bigint, transparent bool);

-- Sessions in words, in the order of their ids.
CREATE FUNCTION kg.feed_sessions(event_ids bigint[])
RETURNS SETOF kg.feed_event
LANGUAGE sql STABLE AS $$
	SELECT e.id, s.uid, to_char(s.starts_local, 'YYYYMMDD"T"HH24MISS'),
		to_char(s.ends_local, 'YYYYMMDD"T"HH24MISS'), s.zone,
		CASE WHEN off.off THEN
				CASE WHEN e.id >> 32 IN (1, 3)
					THEN 'confirmed' ELSE 'cancelled' END
			WHEN t.status = 'asked' THEN 'tentative'
			ELSE 'confirmed' END,
		CASE WHEN off.off THEN 'AFLYST: ' ELSE '' END
			|| CASE WHEN t.status = 'asked' THEN 'Forespørgsel: ' ELSE '' END
			|| coalesce(r.title, m.title) || coalesce(', ' || s.title, ''),
		kg.feed_place(rooms.rooms, v.name, v.street, v.postcode, v.town),
		concat_ws(E'\n\n', nullif(s.last_change, ''), programme.programme,
			nullif(m.description, ''),
			'Hold: ' || r.run_no || E'\nArrangør: ' || o.name,
			CASE WHEN m.demo OR z.demo
				THEN 'Demodata: afholdes ikke i virkeligheden.' END),
		'/s/' || r.run_no,
		(SELECT string_agg(g.tag, ',' ORDER BY g.tag) FROM kg.seminar_tag g
			WHERE g.seminar_id = m.id),
		v.lat::text, v.lon::text, CASE WHEN v.lat IS NOT NULL THEN v.name END,
		CASE WHEN site.organizer THEN o.mail END,
		CASE WHEN site.organizer THEN o.name END,
		s.online_url, m.colour, s.sequence,
		floor(extract(epoch FROM s.created_at))::bigint,
		floor(extract(epoch FROM
			greatest(s.changed_at, t.changed_at)))::bigint,
		off.off
	FROM (SELECT u.id FROM unnest(event_ids) u(id) ORDER BY u.id) e
	LEFT JOIN LATERAL (SELECT * FROM kg.session_teacher t
		WHERE e.id >> 32 IN (2, 3) AND t.id = (e.id & 4294967295)::int
		OFFSET 0) t ON true
	CROSS JOIN LATERAL (SELECT * FROM kg.session s
		WHERE s.id = coalesce(t.session_id, (e.id & 4294967295)::int)
		OFFSET 0) s
	CROSS JOIN LATERAL (SELECT * FROM kg.run r WHERE r.id = s.run_id OFFSET 0) r
	CROSS JOIN LATERAL kg.feed_rooms(s.id) rooms
	CROSS JOIN LATERAL kg.feed_programme(s.id, s.starts_local) programme
	JOIN kg.seminar m ON m.id = r.seminar_id
	JOIN kg.office o ON o.id = r.office_id
	JOIN kg.venue v ON v.id = s.venue_id
	LEFT JOIN kg.season z ON z.id = r.season_id
	CROSS JOIN kg.site
	CROSS JOIN LATERAL (SELECT s.status = 'cancelled'
		OR r.status = 'cancelled' AS off) off
	ORDER BY e.id
$$;

-- Bookings in the order of their ids. Outsiders see when the room is taken, from set-up
-- to clearing, in an office's feed which, and nothing else.
CREATE FUNCTION kg.feed_busy(event_ids bigint[])
RETURNS SETOF kg.feed_event
LANGUAGE sql STABLE AS $$
	SELECT e.id, b.uid,
		to_char(lower(b.during) AT TIME ZONE 'UTC' AT TIME ZONE b.zone,
			'YYYYMMDD"T"HH24MISS'),
		to_char(upper(b.during) AT TIME ZONE 'UTC' AT TIME ZONE b.zone,
			'YYYYMMDD"T"HH24MISS'),
		b.zone, CASE b.status WHEN 'held' THEN 'tentative' ELSE 'confirmed' END,
		'Optaget', CASE WHEN w.placed THEN kg.feed_place(m.name, v.name, v.street,
			v.postcode, v.town) END,
		NULL, NULL, NULL, NULL, NULL, NULL,
		CASE WHEN w.placed AND site.organizer THEN o.mail END,
		CASE WHEN w.placed AND site.organizer THEN o.name END,
		NULL, NULL, b.sequence,
		floor(extract(epoch FROM b.created_at))::bigint,
		floor(extract(epoch FROM CASE WHEN w.placed THEN greatest(b.changed_at,
			m.changed_at, v.changed_at) ELSE b.changed_at END))::bigint,
		false
	FROM unnest(event_ids) e(id)
		JOIN kg.booking b ON b.id = (e.id & 4294967295)::int
		JOIN kg.room m ON m.id = b.room_id
		JOIN kg.venue v ON v.id = m.venue_id
		JOIN kg.office o ON o.id = v.office_id
		CROSS JOIN kg.site
		CROSS JOIN LATERAL (SELECT e.id >> 32 = 6 AS placed) w
	ORDER BY e.id
$$;

-- Events in words, in the order of their ids.
CREATE FUNCTION kg.feed_events(held_by text, event_ids bigint[])
RETURNS SETOF kg.feed_event LANGUAGE plpgsql STABLE AS $$
DECLARE
	closed kg.feed_event;
BEGIN
	CASE held_by
	WHEN 'room' THEN
		RETURN QUERY SELECT * FROM kg.feed_busy(event_ids);
	WHEN 'token' THEN
		closed.summary := 'Kalenderlinket er lukket';
		closed.description := 'Dette kalenderlink er lukket og viser ikke '
			|| 'flere aftaler. Slet abonnementet i din kalender, og brug '
			|| 'dit nye link.';
		closed.zone := 'Europe/Copenhagen';
		closed.status := 'confirmed';
		closed.sequence := 0;
		closed.transparent := true;
		SELECT event_ids[1],
			md5('closed ' || encode(t.hash, 'hex'))::uuid::text
				|| '@' || site.domain,
			to_char(t.day, 'YYYYMMDD'), to_char(t.day + 1, 'YYYYMMDD'),
			t.at_s, t.at_s
			INTO closed.event_id, closed.uid, closed.starts, closed.ends,
				closed.created_s, closed.changed_s
			FROM (SELECT link.hash, floor(extract(epoch
					FROM link.revoked_at))::bigint AS at_s,
				(link.revoked_at AT TIME ZONE 'Europe/Copenhagen')::date
					AS day
				FROM kg.feed_token link
				WHERE link.id = (event_ids[1] & 4294967295)::int) t
			CROSS JOIN kg.site;
		RETURN NEXT closed;
	WHEN 'office' THEN
		RETURN QUERY SELECT * FROM kg.feed_sessions(array(SELECT e
			FROM unnest(event_ids) AS e WHERE e >> 32 <> 6));
		RETURN QUERY SELECT * FROM kg.feed_busy(array(SELECT e
			FROM unnest(event_ids) AS e WHERE e >> 32 = 6));
	ELSE
		RETURN QUERY SELECT * FROM kg.feed_sessions(event_ids);
	END CASE;
END
$$;

-- A feed as it is now: one row for the feed, then one for each of its events that
-- the caller does not have in this version. `layout` lists all of them, in the
-- order of the feed: "id version,id version". The order is that of the ids, so
-- that nothing else moves when a session does.
CREATE FUNCTION kg.feed_load(
	kind text, arg text, known_ids bigint[], known_versions int[])
RETURNS TABLE (
	state text, snapshot text, scopes text, name text, feed_description text,
	feed_path text, feed_colour text, show_cancelled text, token_id int,
	publish bool, layout text,
	event_id bigint, uid text, starts text, ends text, zone text, status text,
	summary text, location text, description text, path text, categories text,
	lat text, lon text, place_title text, organizer_mail text,
	organizer_name text, conference_url text, colour text, sequence int,
	created_s bigint, changed_s bigint, transparent bool)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	feed record;
	fresh bigint[];
	runs text;
BEGIN
	snapshot := pg_current_snapshot()::text;
	SELECT * INTO feed FROM kg.feed_find(kind, arg);
	state := coalesce(feed.state, 'unknown');
	scopes := feed.scopes;
	token_id := feed.token_id;
	IF state IN ('unknown', 'gone') THEN
		RETURN NEXT;
		RETURN;
	END IF;
	WITH held AS MATERIALIZED (
		SELECT h.* FROM kg.feed_held(feed.held_by, feed.held_id,
			feed.windowed, feed.show_cancelled) h
	)
	SELECT (SELECT string_agg(h.event_id || ' ' || h.version, ','
			ORDER BY h.event_id) FROM held h),
		(SELECT string_agg('run:' || d.run_id, ' ' ORDER BY d.run_id)
			FROM (SELECT DISTINCT h.run_id FROM held h
				WHERE h.run_id IS NOT NULL) d),
		(SELECT array_agg(h.event_id) FROM held h WHERE NOT EXISTS (
			SELECT FROM unnest(known_ids, known_versions) k(id, version)
			WHERE k.id = h.event_id AND k.version = h.version))
		INTO layout, runs, fresh;
	scopes := concat_ws(' ', feed.scopes, runs);
	name := feed.name;
	feed_description := feed.description;
	feed_path := feed.path;
	feed_colour := feed.colour;
	show_cancelled := feed.show_cancelled;
	publish := feed.held_by NOT IN ('room', 'token')
		AND (SELECT site.organizer FROM kg.site);
	RETURN NEXT;
	IF fresh IS NOT NULL THEN
		RETURN QUERY SELECT NULL::text, NULL::text, NULL::text, NULL::text,
			NULL::text, NULL::text, NULL::text, NULL::text, NULL::int,
			NULL::bool, NULL::text, e.*
			FROM kg.feed_events(feed.held_by, fresh) e;
	END IF;
END
$$;

-- Notes the last fetch of token feeds: no version, no journal, no NOTIFY. Rows are
-- locked in order, since every worker writes once a minute.
CREATE OR REPLACE FUNCTION kg.feed_fetched(
	token_ids int[], at_s bigint[], clients text[])
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
	WITH fetched AS (
		SELECT f.id, max(f.at_s) AS at_s,
			(array_agg(f.client ORDER BY f.at_s DESC))[1] AS client
		FROM unnest($1, $2, $3) f(id, at_s, client)
		GROUP BY f.id
	), locked AS MATERIALIZED (
		SELECT t.id FROM kg.feed_token t
		WHERE t.id IN (SELECT f.id FROM fetched f)
		ORDER BY t.id FOR UPDATE
	)
	UPDATE kg.feed_token t
	SET last_fetch_at = to_timestamp(f.at_s), last_client = f.client
	FROM fetched f, locked l
	WHERE l.id = t.id AND f.id = t.id
		AND (t.last_fetch_at IS NULL OR t.last_fetch_at <= to_timestamp(f.at_s))
$$;

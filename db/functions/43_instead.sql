-- What would do instead of a wish that cannot be had: each of these, asked for as it is
-- offered, would be taken. A wish is one or several rows of kg.booking, as they were
-- asked for: what was left out is NULL, but for the times; a set-up of '' is none.
SET LOCAL ROLE kattegat_owner;

-- The wish in a room, with what was left out; NULL when the room does not hold it. Of
-- one room that is wished for no set-up in particular the smallest that holds the heads
-- will do; of several all are set up by their default, for one name fits not all.
CREATE OR REPLACE FUNCTION kg.wish_in(wish kg.booking, room kg.room, several bool)
RETURNS kg.booking LANGUAGE plpgsql STABLE AS $$
DECLARE
	asked text := wish.room_setup;
	u kg.room_setup;
BEGIN
	wish.room_id := room.id;
	wish.parts := room.parts;
	wish.room_setup := nullif(coalesce(asked, room.default_setup), '');
	wish.setup_capacity := kg.room_holds(room.id, wish.room_setup);
	IF asked IS NULL AND NOT several AND wish.head_count IS NOT NULL
		AND (wish.room_setup IS NULL OR wish.head_count > wish.setup_capacity) THEN
		SELECT x.setup, x.capacity INTO wish.room_setup, wish.setup_capacity
		FROM kg.room_setup x
		WHERE x.room_id = room.id AND x.capacity >= wish.head_count
		ORDER BY x.capacity, x.setup LIMIT 1;
	END IF;
	IF wish.setup_capacity IS NULL
			AND coalesce(wish.room_setup, wish.head_count::text) IS NOT NULL
		OR wish.head_count > wish.setup_capacity THEN
		RETURN NULL;
	END IF;
	SELECT * INTO u FROM kg.room_setup x
	WHERE x.room_id = room.id AND x.setup = wish.room_setup;
	-- a booking keeps its minutes or takes the room's: either is to be had
	IF wish.id IS NOT NULL THEN
		wish.setup_min := greatest(wish.setup_min,
			coalesce(u.setup_min, room.setup_min));
		wish.clear_min := greatest(wish.clear_min,
			coalesce(u.clear_min, room.clear_min));
	END IF;
	wish.setup_min := coalesce(wish.setup_min, u.setup_min, room.setup_min);
	wish.clear_min := coalesce(wish.clear_min, u.clear_min, room.clear_min);
	RETURN wish;
END
$$;

-- Of a wish in a room. but: bookings that do not count. A hold that is due is none.
CREATE OR REPLACE FUNCTION kg.is_free(wish kg.booking, but int[]) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
DECLARE
	now timestamptz := kg.now();
BEGIN
	RETURN NOT EXISTS (SELECT FROM kg.booking b
		WHERE b.parts && wish.parts AND b.status NOT IN ('cancelled', 'expired')
			AND b.during && kg.span(wish.starts_local, wish.ends_local,
				wish.zone, wish.setup_min, wish.clear_min)
			AND (b.status = 'confirmed' OR b.expires_at > now)
			AND (b.id = ANY (but)) IS NOT TRUE);
END
$$;

-- Other rooms for one wish, the best first: in a venue; with NULL in the own houses
-- elsewhere, the same office's first. What stands in the wished room (its equipment,
-- no step, the loop) goes before the number of empty seats; else they are ranked as
-- kg.rooms_free() says. apart: atoms that are to be had besides.
CREATE OR REPLACE FUNCTION kg.rooms_instead(wish kg.booking, several bool,
	its_venue int, apart int4multirange, but int[], most int)
RETURNS SETOF kg.booking LANGUAGE plpgsql STABLE AS $$
DECLARE
	old kg.room;
	home kg.venue;
BEGIN
	SELECT * INTO old FROM kg.room r WHERE r.id = wish.room_id;
	SELECT * INTO home FROM kg.venue v WHERE v.id = old.venue_id;
	RETURN QUERY
	SELECT w.* FROM kg.venue v JOIN kg.room r ON r.venue_id = v.id
		CROSS JOIN LATERAL kg.wish_in(wish, r, several) AS w
	WHERE r.retired_at IS NULL AND r.id <> wish.room_id AND NOT r.parts && apart
		AND CASE WHEN its_venue IS NULL THEN v.own AND v.id <> home.id
			ELSE v.id = its_venue END
		AND w.room_id IS NOT NULL AND kg.is_free(w, but)
	ORDER BY v.office_id <> home.office_id,
		(r.equipment @> old.equipment AND r.step_free >= old.step_free
			AND r.hearing_loop >= old.hearing_loop) IS NOT TRUE,
		w.setup_capacity - coalesce(wish.head_count, 0), kg.atoms_of(r.parts),
		r.name, r.id
	LIMIT most;
END
$$;

-- Rooms of a venue that share no wall, one for each of these wishes; or NULL.
CREATE OR REPLACE FUNCTION kg.rooms_for(wishes kg.booking[], its_venue int,
	apart int4multirange, but int[])
RETURNS int[] LANGUAGE plpgsql STABLE AS $$
DECLARE
	rooms int[] := '{}';
	wish kg.booking;
	one kg.booking;
BEGIN
	FOREACH wish IN ARRAY wishes LOOP
		SELECT * INTO one FROM kg.rooms_instead(wish, true, its_venue, apart, but, 1);
		IF NOT FOUND THEN
			RETURN NULL;
		END IF;
		rooms := rooms || one.room_id;
		apart := apart + one.parts;
	END LOOP;
	RETURN rooms;
END
$$;

-- What stands in these rooms, and how one gets and hears there.
CREATE OR REPLACE FUNCTION kg.rooms_have(rooms int[]) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
	SELECT e FROM kg.room r CROSS JOIN unnest(r.equipment::text[]
		|| CASE WHEN r.step_free THEN '{step-free}' ELSE '{}' END::text[]
		|| CASE WHEN r.hearing_loop THEN '{hearing-loop}' ELSE '{}' END::text[]) AS e
	WHERE r.id = ANY (rooms)
$$;

-- One thing that would do. of: the wish in the room that is another, or would be
-- free; rooms: all that are to be asked for, instead of the wished ones. A set-up of
-- null: each room's default.
CREATE OR REPLACE FUNCTION kg.alternative_json(reason text, of kg.booking, rooms int[],
	wished int[])
RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('reason', $1, 'room', r.name, 'room_id', r.id,
		'room_ids', $3, 'venue', v.name, 'office', o.code,
		'starts_local', kg.api_local(($2).starts_local),
		'ends_local', kg.api_local(($2).ends_local),
		'starts_at', kg.api_instant(($2).starts_local AT TIME ZONE ($2).zone),
		'ends_at', kg.api_instant(($2).ends_local AT TIME ZONE ($2).zone),
		'setup', nullif(($2).room_setup, ''),
		'capacity', kg.room_holds(r.id, nullif(($2).room_setup, '')),
		'missing', (SELECT coalesce(jsonb_agg(m ORDER BY m), '[]')
			FROM (SELECT kg.rooms_have($4) EXCEPT SELECT kg.rooms_have($3))
				AS u (m)),
		'may_book', kg.may(coalesce(kg.actor(), (kg.api_me()).person_id),
			'calendar', o.id))
	FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
		JOIN kg.office o ON o.id = v.office_id
	WHERE r.id = ($2).room_id
$$;

-- Other times at which all these rooms are free (the wishes are filled in): on that day
-- between 7 and 22 by quarters of an hour, the nearest (the earlier of two); and the
-- next of 21 days at the same hours, never a weekend or a holiday for a working day.
-- None that is past for who asks ahead.
CREATE OR REPLACE FUNCTION kg.times_instead(wishes kg.booking[], but int[])
RETURNS TABLE (reason text, starts_local timestamp)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	first kg.booking := wishes[1];
	w kg.booking;
	length interval := first.ends_local - first.starts_local;
	day timestamp := date_trunc('day', first.starts_local);
	now timestamptz := kg.now();
	since timestamp := least(first.starts_local, now AT TIME ZONE first.zone);
	taken tsmultirange;
	starts timestamp[];
	ends timestamp[];
BEGIN
	starts := array(SELECT t FROM generate_series(day + interval '7 hours',
			day + interval '22 hours' - length, interval '15 minutes') AS t
		WHERE length < interval '15 hours' AND t >= since);
	ends := array(SELECT t FROM generate_series(first.starts_local
			+ interval '1 day', first.starts_local + interval '21 days',
			interval '1 day') AS t
		WHERE (extract(isodow FROM day) > 5 OR extract(isodow FROM t) < 6)
			AND kg.local_instants(t, first.zone) = 1
			AND kg.local_instants(t + length, first.zone) = 1
			AND (kg.is_working_day(t::date)
				OR NOT kg.is_working_day(first.starts_local::date)));
	FOREACH w IN ARRAY wishes LOOP
		SELECT coalesce(range_agg(b.during), '{}') INTO taken FROM kg.booking b
		WHERE b.parts && w.parts AND b.status NOT IN ('cancelled', 'expired')
			AND b.during && tsrange(day - interval '3 days',
				day + interval '25 days' + length)
			AND (b.status = 'confirmed' OR b.expires_at > now)
			AND (b.id = ANY (but)) IS NOT TRUE;
		starts := array(SELECT t FROM unnest(starts) AS t
			WHERE NOT taken && kg.span(t, t + length, w.zone, w.setup_min,
				w.clear_min));
		ends := array(SELECT t FROM unnest(ends) AS t
			WHERE NOT taken && kg.span(t, t + length, w.zone, w.setup_min,
				w.clear_min));
	END LOOP;
	RETURN QUERY
	(SELECT 'time', t FROM unnest(starts) AS t
	ORDER BY abs(extract(epoch FROM t - first.starts_local)), t LIMIT 1)
	UNION ALL (SELECT 'day', t FROM unnest(ends) AS t ORDER BY t LIMIT 1);
END
$$;

-- Up to three things that would do, ranked: another room here at the same time, the
-- nearest time in the same room, another day, another office. Of several rooms each of
-- them is for all. A session stays in its venue and at its time: for it, other rooms
-- only, each for all sessions that were to be in those that are taken.
CREATE OR REPLACE FUNCTION kg.alternatives(wishes kg.booking[], but int[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	several bool := cardinality(wishes) > 1;
	of_session bool := wishes[1].kind = 'session';
	wished int[] := array(SELECT DISTINCT u.room_id FROM unnest(wishes) AS u);
	its kg.room;
	home kg.venue;
	w kg.booking;
	filled kg.booking[] := '{}';
	bad kg.booking[] := '{}';
	stay int[] := '{}';
	apart int4multirange := '{}';
	rooms int[];
	other int;
	found_so_far jsonb := '[]';
	too_small bool := false;
BEGIN
	IF several AND (cardinality(wishes) > 50 OR wishes[1].series_id IS NOT NULL
		OR NOT of_session AND (SELECT count(DISTINCT (x.starts_local, x.ends_local))
			> 1 FROM unnest(wishes) AS x)) THEN
		RETURN '[]';
	END IF;
	FOREACH w IN ARRAY wishes LOOP
		SELECT * INTO its FROM kg.room r WHERE r.id = w.room_id;
		bad := bad || w;
		w := kg.wish_in(w, its, true);
		too_small := too_small OR w.room_id IS NULL;
		CONTINUE WHEN w.room_id IS NULL;
		filled := filled || w;
		CONTINUE WHEN NOT kg.is_free(w, but);
		bad := bad[:cardinality(bad) - 1];
		stay := stay || w.room_id;
		apart := apart + w.parts;
	END LOOP;
	IF bad = '{}' THEN
		RETURN '[]';
	ELSIF cardinality(bad) > 1 AND (SELECT count(DISTINCT u.session_id) > 1
		FROM unnest(wishes) AS u) THEN
		RETURN kg.sessions_instead(wishes, array(SELECT u.room_id
			FROM unnest(bad) AS u));
	END IF;
	SELECT v.* INTO home FROM kg.venue v JOIN kg.room r ON r.venue_id = v.id
	WHERE r.id = bad[1].room_id;
	IF several AND (cardinality(bad) > 1 OR NOT of_session) THEN
		rooms := kg.rooms_for(bad, home.id, apart, but);
		IF rooms IS NOT NULL THEN
			w := bad[1];
			w.room_id := rooms[1];
			found_so_far := jsonb_build_array(kg.alternative_json('room', w,
				array(SELECT r FROM unnest(stay || rooms) AS r ORDER BY 1),
				wished));
		END IF;
	ELSE
		found_so_far := (SELECT coalesce(jsonb_agg(kg.alternative_json('room', x,
				array[x.room_id], array[bad[1].room_id])), '[]')
			FROM kg.rooms_instead(bad[1], false, home.id, apart, but,
				CASE WHEN of_session THEN 3 ELSE 1 END) AS x);
	END IF;
	IF of_session THEN
		RETURN found_so_far;
	END IF;
	IF NOT too_small THEN
		w := filled[1];
		IF several THEN
			-- what was asked for all; a room's own default is for that room
			w.room_setup := wishes[1].room_setup;
		END IF;
		found_so_far := found_so_far || (SELECT coalesce(jsonb_agg(
				kg.alternative_json(t.reason, kg.wish_at(w, t.starts_local),
				array(SELECT x.room_id FROM unnest(filled) AS x ORDER BY 1),
				wished)), '[]') FROM kg.times_instead(filled, but) AS t);
	END IF;
	IF NOT several THEN
		RETURN found_so_far || (SELECT coalesce(jsonb_agg(kg.alternative_json(CASE
				WHEN v.office_id = home.office_id THEN 'room' ELSE 'office' END,
				x, array[x.room_id], wished)), '[]')
			FROM kg.rooms_instead(bad[1], false, NULL, '{}', but,
				3 - jsonb_array_length(found_so_far)) AS x
				JOIN kg.room r ON r.id = x.room_id
				JOIN kg.venue v ON v.id = r.venue_id);
	END IF;
	FOR other IN SELECT v.id FROM kg.venue v WHERE v.own AND v.id <> home.id
		ORDER BY v.office_id <> home.office_id, v.id
	LOOP
		EXIT WHEN jsonb_array_length(found_so_far) >= 3;
		rooms := kg.rooms_for(wishes, other, '{}', but);
		CONTINUE WHEN rooms IS NULL;
		w := wishes[1];
		w.room_id := rooms[1];
		found_so_far := found_so_far || kg.alternative_json(CASE (SELECT v.office_id
				FROM kg.venue v WHERE v.id = other) WHEN home.office_id
				THEN 'room' ELSE 'office' END, w, rooms, wished);
	END LOOP;
	RETURN found_so_far;
END
$$;

-- Other rooms of the house, each for all of these wishes, one after the other, the best
-- first; ranked as those for one. The first wish is told in it. A wish that is filled in
-- keeps its minutes or takes the room's: either is to be had. Looks at each room's
-- bookings once, however many the wishes are. apart: atoms that are not to be had.
CREATE OR REPLACE FUNCTION kg.rooms_for_each(wishes kg.booking[], apart int4multirange,
	but int[], most int)
RETURNS SETOF kg.booking LANGUAGE plpgsql STABLE AS $$
DECLARE
	old kg.room;
	wished int[] := array(SELECT DISTINCT u.room_id FROM unnest(wishes) AS u);
	now timestamptz := kg.now();
BEGIN
	SELECT * INTO old FROM kg.room r WHERE r.id = wishes[1].room_id;
	RETURN QUERY
	WITH wish AS MATERIALIZED (SELECT u.starts_local, u.ends_local, u.zone,
			u.ordinality::int AS n, jsonb_build_array(u.room_setup,
				u.head_count, u.setup_min, u.clear_min) AS shape
		FROM unnest(wishes) WITH ORDINALITY AS u),
	shape AS (SELECT w.shape, min(w.n) AS n FROM wish w GROUP BY w.shape),
	fit AS MATERIALIZED (SELECT r.id, s.shape, s.n, f AS f,
			greatest((f).setup_min, coalesce(u.setup_min, r.setup_min)) AS before,
			greatest((f).clear_min, coalesce(u.clear_min, r.clear_min)) AS after
		FROM kg.room r CROSS JOIN shape s
			CROSS JOIN LATERAL kg.wish_in(wishes[s.n], r,
				(SELECT count(*) > 1 FROM shape)) AS f
			LEFT JOIN kg.room_setup u ON u.room_id = r.id
				AND u.setup = (f).room_setup
		WHERE r.venue_id = old.venue_id AND r.retired_at IS NULL
			AND r.id <> ALL (wished) AND NOT r.parts && apart),
	need AS MATERIALIZED (SELECT fit.id, range_agg(d) AS spans,
			sum(upper(d) - lower(d)) AS length
		FROM fit JOIN wish w ON w.shape = fit.shape
			CROSS JOIN LATERAL kg.span(w.starts_local, w.ends_local, w.zone,
				fit.before, fit.after) AS d
		WHERE fit.id NOT IN (SELECT x.id FROM fit x WHERE (x.f).room_id IS NULL)
		GROUP BY fit.id)
	SELECT (fit.f).* FROM need JOIN fit ON fit.id = need.id AND fit.n = 1
		JOIN kg.room r ON r.id = need.id
	-- those that meet each other need more than one room
	WHERE need.length = (SELECT sum(upper(d) - lower(d)) FROM unnest(need.spans) AS d)
		AND NOT EXISTS (SELECT FROM kg.booking b
			WHERE b.parts && r.parts AND b.during && range_merge(need.spans)
				AND b.during && need.spans
				AND b.status NOT IN ('cancelled', 'expired')
				AND (b.status = 'confirmed' OR b.expires_at > now)
				AND (b.id = ANY (but)) IS NOT TRUE)
	ORDER BY (r.equipment @> old.equipment AND r.step_free >= old.step_free
			AND r.hearing_loop >= old.hearing_loop) IS NOT TRUE,
		(fit.f).setup_capacity - coalesce((fit.f).head_count, 0),
		kg.atoms_of(r.parts), r.name, r.id
	LIMIT most;
END
$$;

-- Up to three rooms, each for all sessions that were to be in rooms which are taken,
-- with the numbers of those sessions. A set-up of null: each as it was.
CREATE OR REPLACE FUNCTION kg.sessions_instead(wishes kg.booking[], taken int[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	w kg.booking;
	bad kg.booking[] := '{}';
	but int[] := '{}';
	apart int4multirange := '{}';
	their jsonb;
BEGIN
	FOREACH w IN ARRAY wishes LOOP
		IF w.id IS NOT NULL THEN
			w.room_setup := coalesce(w.room_setup, '');
		END IF;
		IF w.room_id = ANY (taken) THEN
			bad := bad || w;
			but := but || w.id;
		ELSIF w.id IS NULL THEN
			-- no row yet that would be in the way
			apart := apart + (SELECT r.parts FROM kg.room r WHERE r.id = w.room_id);
		END IF;
	END LOOP;
	their := (SELECT jsonb_build_object('sessions', jsonb_agg(DISTINCT s.no))
			|| CASE WHEN count(DISTINCT coalesce(u.room_setup, '-')) > 1
				THEN '{"setup": null}' ELSE '{}' END::jsonb
		FROM unnest(bad) AS u JOIN kg.session s ON s.id = u.session_id);
	RETURN (SELECT coalesce(jsonb_agg(kg.alternative_json('room', x,
			array[x.room_id], taken) || their), '[]')
		FROM kg.rooms_for_each(bad, apart, but, 3) AS x);
END
$$;

-- By how much later or earlier on each day the room of these wishes, which are at the
-- same hours, is free for all of them: the least, by quarters of an hour between 7 and
-- 22. The clocks change by night, so that to move the hours is to move the instants.
CREATE OR REPLACE FUNCTION kg.shift_for_each(wishes kg.booking[], but int[])
RETURNS interval LANGUAGE plpgsql STABLE AS $$
DECLARE
	first kg.booking := wishes[1];
	day timestamp := date_trunc('day', first.starts_local);
	now timestamptz := kg.now();
	spans tsrange[] := array(SELECT kg.span(u.starts_local, u.ends_local, u.zone,
		u.setup_min, u.clear_min) FROM unnest(wishes) AS u);
BEGIN
	RETURN (
	WITH taken AS MATERIALIZED (SELECT coalesce(range_agg(b.during), '{}') AS during
		FROM kg.room r JOIN kg.booking b ON b.parts && r.parts
		WHERE r.id = first.room_id AND b.status NOT IN ('cancelled', 'expired')
			AND b.during && (SELECT tsrange(min(lower(d)) - interval '1 day',
				max(upper(d)) + interval '1 day') FROM unnest(spans) AS d)
			AND (b.status = 'confirmed' OR b.expires_at > now)
			AND (b.id = ANY (but)) IS NOT TRUE)
	SELECT t.by FROM taken, (SELECT g.at - first.starts_local AS by
			FROM generate_series(day + interval '7 hours', day + interval '22 hours'
				- (first.ends_local - first.starts_local),
				interval '15 minutes') AS g (at)
			WHERE g.at >= least(first.starts_local, now AT TIME ZONE first.zone)
			ORDER BY abs(extract(epoch FROM g.at - first.starts_local)), g.at
			-- sorted first: one that is free ends the search
			OFFSET 0) AS t
	WHERE NOT EXISTS (SELECT FROM unnest(spans) AS d
		WHERE taken.during && tsrange(lower(d) + t.by, upper(d) + t.by))
	LIMIT 1);
END
$$;

-- What would do instead of a series, all of it; taken: rooms in which it meets
-- something. Other rooms, and the nearest hours of the same one. The wishes are filled
-- in; dates that have a room or hours of their own keep them.
CREATE OR REPLACE FUNCTION kg.series_instead(wishes kg.booking[], taken int[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	but int[] := array(SELECT u.id FROM unnest(wishes) AS u WHERE u.id IS NOT NULL);
	w kg.booking;
	mine kg.booking[] := '{}';
	shift interval;
	found_so_far jsonb;
BEGIN
	IF cardinality(taken) <> 1 THEN
		RETURN '[]';
	END IF;
	FOREACH w IN ARRAY wishes LOOP
		CONTINUE WHEN w.room_id <> taken[1];
		w.room_setup := coalesce(w.room_setup, '');
		mine := mine || w;
	END LOOP;
	found_so_far := (SELECT coalesce(jsonb_agg(kg.alternative_json('room', x,
			array[x.room_id], taken)), '[]')
		FROM kg.rooms_for_each(mine, '{}', but, 2) AS x);
	IF cardinality(mine) < cardinality(wishes)
		OR (SELECT count(DISTINCT (u.starts_local::time, u.ends_local::time)) > 1
			FROM unnest(wishes) AS u) THEN
		RETURN found_so_far;
	END IF;
	w := mine[1];
	shift := kg.shift_for_each(mine, but);
	RETURN CASE WHEN shift IS NULL THEN found_so_far ELSE found_so_far
		|| kg.alternative_json('time', kg.wish_at(w, w.starts_local + shift),
			taken, taken) END;
END
$$;

-- Wishes with the times that they leave to their sessions.
CREATE OR REPLACE FUNCTION kg.wishes_timed(wishes kg.booking[]) RETURNS kg.booking[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
	w kg.booking;
	s kg.session;
	timed kg.booking[] := '{}';
BEGIN
	FOREACH w IN ARRAY wishes LOOP
		SELECT * INTO s FROM kg.session x WHERE x.id = w.session_id;
		w.starts_local := coalesce(w.starts_local, s.starts_local);
		w.ends_local := coalesce(w.ends_local, s.ends_local);
		w.zone := coalesce(s.zone, w.zone, 'Europe/Copenhagen');
		timed := timed || w;
	END LOOP;
	RETURN timed;
END
$$;

-- Raises KG005 when rooms that are wished for at the same time share walls.
CREATE OR REPLACE FUNCTION kg.rooms_apart_must(rooms int[]) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF cardinality(rooms) < 2 THEN
		RETURN;
	END IF;
	PERFORM kg.refuse('KG005', format('the rooms %s and %s share walls: one wish '
			'cannot have both', a.name, b.name), 'the larger one, or its parts',
		'{"fields": ["room_ids"]}')
	FROM kg.room a JOIN kg.room b ON a.parts && b.parts AND a.id < b.id
	WHERE a.id = ANY (rooms) AND b.id = ANY (rooms)
	ORDER BY a.id, b.id LIMIT 1;
END
$$;

CREATE OR REPLACE FUNCTION kg.wish_at(wish kg.booking, starts timestamp)
RETURNS kg.booking LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	wish.ends_local := wish.ends_local + (starts - wish.starts_local);
	wish.starts_local := starts;
	RETURN wish;
END
$$;

-- The same of a booking as it stands, or of a wish that is filled in already.
CREATE OR REPLACE FUNCTION kg.alternatives(b kg.booking, but int[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	b.room_setup := coalesce(b.room_setup, '');
	RETURN kg.alternatives(array[b], but);
END
$$;

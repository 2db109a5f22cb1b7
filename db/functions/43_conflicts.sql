-- What is in the way, and what would do instead: the machine-readable half of a
-- refusal. It shows no more than the asker may see; what others booked is "optaget".
SET LOCAL ROLE kattegat_owner;

-- The offices whose bookings a person sees in full; NULL (the operator): all.
CREATE OR REPLACE FUNCTION kg.offices_seen(actor_id int) RETURNS int[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
	p kg.person;
	own int;
BEGIN
	SELECT * INTO p FROM kg.person x WHERE x.id = actor_id AND x.erased_at IS NULL;
	own := coalesce((kg.api_me()).office_id, p.office_id);
	IF p.role = 'auditor' OR kg.may(actor_id, 'calendar', NULL) THEN
		RETURN array(SELECT o.id FROM kg.office o);
	ELSIF kg.may(actor_id, 'calendar', own) THEN
		RETURN array[own];
	END IF;
	RETURN '{}';
END
$$;

-- Is nothing in the way of these atoms in that time? Holds that are due are not.
CREATE OR REPLACE FUNCTION kg.is_free(parts int4multirange, during tsrange,
	but int[] DEFAULT '{}')
RETURNS bool LANGUAGE sql STABLE AS $$
	SELECT NOT EXISTS (SELECT FROM kg.booking b
		WHERE b.parts && $1 AND b.during && $2
			AND b.status NOT IN ('cancelled', 'expired')
			AND (b.status = 'confirmed' OR b.expires_at > kg.now())
			AND b.id <> ALL ($3))
$$;

-- One booking that is in the way, as who sees these offices may know it.
CREATE OR REPLACE FUNCTION kg.conflict_json(b kg.booking, seen int[]) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT jsonb_build_object('booking_id', b.id, 'busy', NOT sees,
			'title', CASE WHEN sees THEN b.title ELSE 'optaget' END,
			'kind', CASE WHEN sees THEN b.kind END,
			'room', r.name, 'room_id', r.id,
			'from', kg.api_local(lower(b.during) AT TIME ZONE 'UTC'
				AT TIME ZONE b.zone),
			'to', kg.api_local(upper(b.during) AT TIME ZONE 'UTC'
				AT TIME ZONE b.zone),
			'setup', CASE WHEN sees THEN b.room_setup END,
			'setup_min', b.setup_min, 'clear_min', b.clear_min)
		FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
			LEFT JOIN kg.session s ON s.id = b.session_id
			LEFT JOIN kg.run u ON u.id = s.run_id
			CROSS JOIN LATERAL (SELECT v.office_id = ANY (seen)
				OR u.office_id IS NOT NULL AND u.office_id = ANY (seen)) AS w (sees)
		WHERE r.id = b.room_id);
END
$$;

-- Everything in the way of these bookings, by time; at most 50.
CREATE OR REPLACE FUNCTION kg.conflicts_of(bookings int[], seen int[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT coalesce(jsonb_agg(kg.conflict_json(hit, seen)
			ORDER BY lower(hit.during), hit.id), '[]')
		FROM (SELECT hit.* FROM kg.booking hit
			WHERE hit.status NOT IN ('cancelled', 'expired')
				AND EXISTS (SELECT FROM kg.booking b
					WHERE b.id = ANY (bookings) AND b.parts && hit.parts
						AND b.during && hit.during AND b.id <> hit.id
						AND b.status NOT IN ('cancelled', 'expired'))
			ORDER BY lower(hit.during), hit.id LIMIT 50) AS hit);
END
$$;

-- The same of times that nobody has booked yet.
CREATE OR REPLACE FUNCTION kg.conflicts_in(parts int4multirange, during tsrange,
	seen int[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT coalesce(jsonb_agg(kg.conflict_json(hit, seen)
			ORDER BY lower(hit.during), hit.id), '[]')
		FROM (SELECT hit.* FROM kg.booking hit
			WHERE hit.parts && $1 AND hit.during && $2
				AND hit.status NOT IN ('cancelled', 'expired')
				AND (hit.status = 'confirmed' OR hit.expires_at > kg.now())
			ORDER BY lower(hit.during), hit.id LIMIT 50) AS hit);
END
$$;

-- How many atoms: a room that divides counts more than a plain one.
CREATE OR REPLACE FUNCTION kg.atoms_of(parts int4multirange) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
	SELECT sum(upper(r) - lower(r))::int FROM unnest(parts) AS r
$$;

-- Rooms that hold so many in that set-up and are free then, the best first. As in
-- kg.rooms_free(), which says how they are ranked. but: bookings that do not count.
CREATE OR REPLACE FUNCTION kg.rooms_that_fit(wish kg.booking, but int[],
	most int DEFAULT 3)
RETURNS TABLE (room_id int, here bool, same_office bool, setup text, capacity int,
	rank int)
LANGUAGE sql STABLE AS $$
	SELECT t.id, t.here, t.same_office, t.setup, t.capacity, t.rank::int FROM (
		SELECT r.id, r.venue_id = mine.venue_id AS here,
			v.office_id = its.office_id AS same_office, u.setup, u.capacity,
			row_number() OVER (PARTITION BY r.venue_id = mine.venue_id,
					v.office_id = its.office_id
				ORDER BY u.capacity - coalesce(wish.head_count, 0),
					kg.atoms_of(r.parts), r.name, r.id) AS rank
		FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
			JOIN kg.room mine ON mine.id = wish.room_id
			JOIN kg.venue its ON its.id = mine.venue_id
			LEFT JOIN kg.room_setup u ON u.room_id = r.id
				AND u.setup = coalesce(wish.room_setup, r.default_setup)
		WHERE r.retired_at IS NULL AND r.id <> mine.id
			AND (wish.room_setup IS NULL AND wish.head_count IS NULL
				OR u.capacity >= coalesce(wish.head_count, 1))
			AND (r.venue_id = mine.venue_id OR v.own)
			AND kg.is_free(r.parts, kg.span(wish.starts_local,
				wish.ends_local, wish.zone,
				coalesce(greatest(wish.setup_min, u.setup_min), 0),
				coalesce(greatest(wish.clear_min, u.clear_min), 0)), but)
	) AS t WHERE t.rank <= most
$$;

-- Other times for the same room: on that day between 7 and 22 by quarters of an hour,
-- the nearest (the earlier of two); else the next of 21 days at the same hours, and
-- never a weekend or a holiday for a working day.
CREATE OR REPLACE FUNCTION kg.times_that_fit(wish kg.booking, but int[])
RETURNS TABLE (reason text, starts_local timestamp)
LANGUAGE sql STABLE AS $$
	(SELECT 'time', t
	FROM kg.room r CROSS JOIN generate_series(wish.starts_local::date + time '07:00',
		wish.starts_local::date + time '22:00'
			- (wish.ends_local - wish.starts_local), interval '15 minutes') AS t
	WHERE r.id = wish.room_id
		AND wish.ends_local - wish.starts_local < interval '15 hours'
		AND kg.is_free(r.parts, kg.span(t, t + (wish.ends_local
			- wish.starts_local), wish.zone, wish.setup_min, wish.clear_min), but)
	ORDER BY abs(extract(epoch FROM t - wish.starts_local)), t LIMIT 1)
	UNION ALL
	(SELECT 'day', t
	FROM kg.room r CROSS JOIN generate_series(wish.starts_local + interval '1 day',
		wish.starts_local + interval '21 days', interval '1 day') AS t
	WHERE r.id = wish.room_id
		AND (NOT kg.is_working_day(wish.starts_local::date)
			OR kg.is_working_day(t::date))
		AND kg.is_free(r.parts, kg.span(t, t + (wish.ends_local
			- wish.starts_local), wish.zone, wish.setup_min, wish.clear_min), but)
		AND kg.local_instants(t, wish.zone) = 1
		AND kg.local_instants(t + (wish.ends_local - wish.starts_local),
			wish.zone) = 1
	ORDER BY t LIMIT 1)
$$;

-- Up to three things that would do, ranked: another room here at the same time, the
-- nearest time in the same room, another day, another office. A session stays in its
-- venue and at its time: for it, other rooms only.
CREATE OR REPLACE FUNCTION kg.alternatives(wish kg.booking, but int[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('reason', a.reason,
			'room', r.name, 'room_id', r.id, 'venue', v.name, 'office', o.code,
			'starts_local', kg.api_local(a.starts),
			'ends_local', kg.api_local(a.starts
				+ (wish.ends_local - wish.starts_local)),
			'setup', a.setup, 'capacity', a.capacity) ORDER BY a.place), '[]')
		FROM (
			SELECT * FROM (
				SELECT CASE WHEN f.here THEN f.rank ELSE 10 + f.rank END AS place,
					CASE WHEN f.same_office THEN 'room' ELSE 'office' END
						AS reason,
					f.room_id, wish.starts_local AS starts, f.setup, f.capacity
				FROM kg.rooms_that_fit(wish, but) AS f
				WHERE CASE WHEN wish.kind = 'session' THEN f.here
					ELSE f.rank = 1 END
				UNION ALL
				SELECT CASE t.reason WHEN 'time' THEN 4 ELSE 5 END, t.reason,
					wish.room_id, t.starts_local, wish.room_setup,
					wish.setup_capacity
				FROM kg.times_that_fit(wish, but) AS t
				WHERE wish.kind <> 'session'
					AND coalesce(wish.head_count <= wish.setup_capacity, true)
			) AS every ORDER BY place LIMIT 3) AS a
			JOIN kg.room r ON r.id = a.room_id
			JOIN kg.venue v ON v.id = r.venue_id
			JOIN kg.office o ON o.id = v.office_id);
END
$$;

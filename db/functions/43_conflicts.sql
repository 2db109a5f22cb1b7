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

-- How many atoms: a room that divides counts more than a plain one.
CREATE OR REPLACE FUNCTION kg.atoms_of(parts int4multirange) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
	SELECT sum(upper(r) - lower(r))::int FROM unnest(parts) AS r
$$;

-- One thing that would do.
CREATE OR REPLACE FUNCTION kg.alternative_json(reason text, room_id int,
	starts_local timestamp, ends_local timestamp, setup text, capacity int)
RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('reason', $1, 'room', r.name, 'room_id', r.id,
		'venue', v.name, 'office', o.code,
		'starts_local', kg.api_local($3), 'ends_local', kg.api_local($4),
		'setup', $5, 'capacity', $6)
	FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
		JOIN kg.office o ON o.id = v.office_id
	WHERE r.id = $2
$$;

-- Rooms that hold so many in that set-up and are free then, the best first: here (in
-- the same house), or in the own houses elsewhere, the same office's first. Else they
-- are ranked as kg.rooms_free() says. but: bookings that do not count.
CREATE OR REPLACE FUNCTION kg.rooms_instead(wish kg.booking, here bool, but int[],
	most int)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	its_venue kg.venue;
	now timestamptz := kg.now();
BEGIN
	SELECT v.* INTO its_venue FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
	WHERE r.id = wish.room_id;
	RETURN (SELECT coalesce(jsonb_agg(kg.alternative_json(CASE
			WHEN f.office_id = its_venue.office_id THEN 'room' ELSE 'office' END,
			f.id, wish.starts_local, wish.ends_local, f.setup, f.capacity)), '[]')
		FROM (SELECT r.id, v.office_id, u.setup, u.capacity
			FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
				LEFT JOIN kg.room_setup u ON u.room_id = r.id
					AND u.setup = coalesce(wish.room_setup, r.default_setup)
			WHERE r.retired_at IS NULL AND r.id <> wish.room_id
				AND CASE WHEN here THEN v.id = its_venue.id
					ELSE v.id <> its_venue.id AND v.own END
				AND (wish.room_setup IS NULL AND wish.head_count IS NULL
					OR u.capacity >= coalesce(wish.head_count, 1))
				AND NOT EXISTS (SELECT FROM kg.booking b
					WHERE b.parts && r.parts
						AND b.status NOT IN ('cancelled', 'expired')
						AND b.during && kg.span(wish.starts_local,
							wish.ends_local, wish.zone,
							coalesce(greatest(wish.setup_min, u.setup_min), 0),
							coalesce(greatest(wish.clear_min, u.clear_min), 0))
						AND (b.status = 'confirmed' OR b.expires_at > now)
						AND (b.id = ANY (but)) IS NOT TRUE)
			ORDER BY v.office_id <> its_venue.office_id,
				u.capacity - coalesce(wish.head_count, 0),
				kg.atoms_of(r.parts), r.name, r.id
			LIMIT most) AS f);
END
$$;

-- Other times for the same room: on that day between 7 and 22 by quarters of an hour,
-- the nearest (the earlier of two); and the next of 21 days at the same hours, never a
-- weekend or a holiday for a working day.
CREATE OR REPLACE FUNCTION kg.times_instead(wish kg.booking, but int[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	length interval := wish.ends_local - wish.starts_local;
	day timestamp := date_trunc('day', wish.starts_local);
	now timestamptz := kg.now();
	taken tsmultirange;
	found_time timestamp;
	found_day timestamp;
BEGIN
	SELECT coalesce(range_agg(b.during), '{}') INTO taken
	FROM kg.room r JOIN kg.booking b ON b.parts && r.parts
		AND b.status NOT IN ('cancelled', 'expired')
		AND b.during && tsrange(day - interval '3 days', day + interval '25 days'
			+ length)
		AND (b.status = 'confirmed' OR b.expires_at > now)
	WHERE r.id = wish.room_id AND (b.id = ANY (but)) IS NOT TRUE;
	IF length < interval '15 hours' THEN
		found_time := (SELECT t FROM generate_series(day + interval '7 hours',
				day + interval '22 hours' - length, interval '15 minutes') AS t
			WHERE NOT taken && kg.span(t, t + length, wish.zone, wish.setup_min,
				wish.clear_min)
			ORDER BY abs(extract(epoch FROM t - wish.starts_local)), t LIMIT 1);
	END IF;
	found_day := (SELECT t FROM generate_series(wish.starts_local + interval '1 day',
			wish.starts_local + interval '21 days', interval '1 day') AS t
		WHERE NOT taken && kg.span(t, t + length, wish.zone, wish.setup_min,
				wish.clear_min)
			AND (extract(isodow FROM day) > 5 OR extract(isodow FROM t) < 6)
			AND kg.local_instants(t, wish.zone) = 1
			AND kg.local_instants(t + length, wish.zone) = 1
			AND (kg.is_working_day(t::date)
				OR NOT kg.is_working_day(wish.starts_local::date))
		ORDER BY t LIMIT 1);
	RETURN (SELECT coalesce(jsonb_agg(kg.alternative_json(x.reason, wish.room_id,
			x.t, x.t + length, wish.room_setup, wish.setup_capacity)
			ORDER BY x.reason DESC), '[]')
		FROM (VALUES ('time', found_time), ('day', found_day)) AS x (reason, t)
		WHERE x.t IS NOT NULL);
END
$$;

-- Up to three things that would do, ranked: another room here at the same time, the
-- nearest time in the same room, another day, another office. A session stays in its
-- venue and at its time: for it, other rooms only.
CREATE OR REPLACE FUNCTION kg.alternatives(wish kg.booking, but int[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	found_so_far jsonb;
BEGIN
	IF wish.kind = 'session' THEN
		RETURN kg.rooms_instead(wish, true, but, 3);
	END IF;
	found_so_far := kg.rooms_instead(wish, true, but, 1);
	IF (wish.head_count > wish.setup_capacity) IS NOT TRUE THEN
		found_so_far := found_so_far || kg.times_instead(wish, but);
	END IF;
	RETURN found_so_far || kg.rooms_instead(wish, false, but,
		3 - jsonb_array_length(found_so_far));
END
$$;

-- What is in the way, and what would do instead: the machine-readable half of a
-- refusal. It shows no more than the asker may see; what others booked is "optaget".
SET LOCAL ROLE kattegat_owner;

-- The offices whose bookings a person sees in full; NULL (the operator): all.
CREATE OR REPLACE FUNCTION kg.offices_seen(actor_id int) RETURNS int[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
	p kg.person;
	me kg.actor := kg.api_me();
	own int;
BEGIN
	SELECT * INTO p FROM kg.person x WHERE x.id = actor_id AND x.erased_at IS NULL;
	own := coalesce(me.office_id, p.office_id);
	IF coalesce(me.role, p.role) = 'auditor' OR kg.may(actor_id, 'calendar', NULL) THEN
		RETURN array(SELECT o.id FROM kg.office o
			WHERE me.api_token_id IS NULL OR me.office_id IS NULL
				OR o.id = me.office_id);
	ELSIF kg.may(actor_id, 'calendar', own) THEN
		RETURN array[own];
	END IF;
	RETURN '{}';
END
$$;

-- A person's name, as who asks may know it; NULL: the operator, or to an auditor.
CREATE OR REPLACE FUNCTION kg.person_told(person_id int) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	RETURN (SELECT p.name FROM kg.person p
		WHERE p.id = $1 AND NOT kg.api_pseudonyms());
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
			'from_at', kg.api_instant(lower(b.during) AT TIME ZONE 'UTC'),
			'to_at', kg.api_instant(upper(b.during) AT TIME ZONE 'UTC'),
			'setup', CASE WHEN sees THEN b.room_setup END,
			'setup_min', b.setup_min, 'clear_min', b.clear_min,
			'changed_by', CASE WHEN sees THEN kg.person_told(b.changed_by) END,
			'changed_at', kg.api_instant(b.changed_at))
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

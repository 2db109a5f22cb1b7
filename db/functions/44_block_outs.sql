-- Block-outs and closing days: bookings of kind block_out, of rooms or a whole house.
SET LOCAL ROLE kattegat_owner;

-- Rooms that share no wall with each other and have all the atoms of these, so that to
-- block them is to block all. One room is itself; of more the smallest come first, so
-- that each half of a hall is blocked, and blocked around, by itself.
CREATE OR REPLACE FUNCTION kg.rooms_apart(rooms int[]) RETURNS int[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
	every int4multirange := (SELECT range_agg(x.parts) FROM kg.room x
		WHERE x.id = ANY (rooms));
	chosen int[] := rooms;
	covered int4multirange;
	r kg.room;
BEGIN
	IF cardinality(rooms) < 2 THEN
		RETURN rooms;
	END IF;
	-- where the halves are no rooms of their own, the largest first
	FOR sign IN 0 .. 1 LOOP
		EXIT WHEN covered = every;
		chosen := '{}';
		covered := '{}';
		FOR r IN SELECT * FROM kg.room x
			WHERE x.parts <@ every AND x.retired_at IS NULL
			ORDER BY (1 - 2 * sign) * kg.atoms_of(x.parts), x.id
		LOOP
			IF NOT r.parts && covered THEN
				chosen := chosen || r.id;
				covered := covered + r.parts;
			END IF;
		END LOOP;
	END LOOP;
	RETURN chosen;
END
$$;

-- The rooms in the office's own house.
CREATE OR REPLACE FUNCTION kg.rooms_of_office(office text) RETURNS int[]
LANGUAGE sql STABLE AS $$
	SELECT array(SELECT r.id FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id
		WHERE v.office_id = (kg.office_get($1)).id AND v.own
			AND r.retired_at IS NULL ORDER BY 1)
$$;

-- The stretches of a time in which a room is free, on the wall clock.
CREATE OR REPLACE FUNCTION kg.free_stretches(parts int4multirange, during tsrange,
	zone text)
RETURNS TABLE (starts_local timestamp, ends_local timestamp)
LANGUAGE sql STABLE AS $$
	SELECT w.starts, w.ends
	FROM unnest(tsmultirange(during) - coalesce((SELECT range_agg(b.during)
			FROM kg.booking b
			WHERE b.parts && $1 AND b.during && $2
				AND b.status NOT IN ('cancelled', 'expired')), '{}')) AS s
		CROSS JOIN LATERAL (SELECT
			kg.local_clear(lower(s) AT TIME ZONE 'UTC' AT TIME ZONE $3, $3, 1)
				AS starts,
			kg.local_clear(upper(s) AT TIME ZONE 'UTC' AT TIME ZONE $3, $3, -1)
				AS ends) AS w
	WHERE w.starts < w.ends
	ORDER BY 1
$$;

-- Blocks rooms (ids), or the rooms of an office's own house. Over a taken time it
-- raises KG007 with the list; with `around` it takes the free stretches only. Nothing
-- that is booked is ever touched. The rows are one series, of kind block_out or
-- closing_day, so that they can be cancelled together.
CREATE OR REPLACE FUNCTION kg.block_out_create(actor int, why text, office text,
	room_ids int[], starts_local timestamp, ends_local timestamp, title text,
	notes text, around bool, series_kind text)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	rooms int[] := kg.rooms_apart(coalesce(room_ids, kg.rooms_of_office(office)));
	offices int[];
	its_zone text := 'Europe/Copenhagen';
	wish kg.booking;
	wishes kg.booking[];
	hits jsonb;
	new_id int;
BEGIN
	PERFORM kg.room_get(r) FROM unnest(room_ids) AS r;
	PERFORM kg.write_begin(actor, why), kg.rooms_may_must(actor, rooms);
	SELECT array_agg(DISTINCT v.office_id) INTO offices
	FROM kg.room r JOIN kg.venue v ON v.id = r.venue_id WHERE r.id = ANY (rooms);
	IF cardinality(offices) IS DISTINCT FROM 1 THEN
		PERFORM kg.refuse('KG005', 'the rooms of one office are blocked in one go',
			'room_ids of one office, or an office that has rooms',
			'{"fields": ["office", "room_ids"]}');
	END IF;
	IF (block_out_create.starts_local < block_out_create.ends_local) IS NOT TRUE
	THEN
		PERFORM kg.refuse('KG005', 'a block-out ends after it starts',
			'a later end', '{"fields": ["starts_local", "ends_local"]}');
	END IF;
	PERFORM kg.dates_must(block_out_create.starts_local,
			block_out_create.ends_local),
		kg.local_check(block_out_create.starts_local, its_zone),
		kg.local_check(block_out_create.ends_local, its_zone),
		kg.lock_rooms(NULL, (SELECT range_agg(r.parts) FROM kg.room r
			WHERE r.id = ANY (rooms)));
	hits := kg.conflicts_in((SELECT range_agg(r.parts) FROM kg.room r
			WHERE r.id = ANY (rooms)), kg.span(block_out_create.starts_local,
			block_out_create.ends_local, its_zone), kg.offices_seen(actor));
	INSERT INTO kg.series AS s (office_id, title, kind, rule)
	VALUES (offices[1], kg.line_must(block_out_create.title, 'the title', 'title'),
		series_kind, jsonb_build_object('office', office, 'room_ids', room_ids,
		'starts_local', kg.api_local(block_out_create.starts_local),
		'ends_local', kg.api_local(block_out_create.ends_local),
		'around', coalesce(around, false)))
	RETURNING s.id INTO new_id;
	wish.kind := 'block_out';
	wish.title := kg.line_must(block_out_create.title, 'the title');
	wish.notes := kg.prose_of(block_out_create.notes, 'the notes');
	wish.room_setup := '';
	wish.setup_min := 0;
	wish.clear_min := 0;
	wish.series_id := new_id;
	FOR wish.room_id, wish.starts_local, wish.ends_local IN
		SELECT r.id, f.starts_local, f.ends_local
		FROM kg.room r CROSS JOIN kg.free_stretches(r.parts,
			kg.span(block_out_create.starts_local, block_out_create.ends_local,
				its_zone), its_zone) AS f
		WHERE r.id = ANY (rooms) ORDER BY r.id, f.starts_local
	LOOP
		wishes := wishes || wish;
	END LOOP;
	IF hits <> '[]' AND (around IS NOT TRUE OR wishes IS NULL) THEN
		PERFORM kg.refuse('KG007', CASE jsonb_array_length(hits)
				WHEN 1 THEN 'a booking is in the way'
				ELSE format('%s bookings are in the way',
					jsonb_array_length(hits)) END,
			CASE WHEN around THEN 'nothing is free then: move them, or choose '
					'another time'
				ELSE 'move them, or block around them' END,
			jsonb_build_object('conflicts', hits, 'alternatives', '[]'::jsonb));
	END IF;
	PERFORM kg.bookings_write(actor, wishes);
	RETURN kg.write_end(true, 'series', new_id::text, 1);
END
$$;

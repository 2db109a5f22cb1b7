-- Places and people: venues, rooms, persons, feed tokens.
SET LOCAL ROLE kattegat_owner;

-- The row of an office by its code. Raises KG004.
CREATE OR REPLACE FUNCTION kg.office_get(code text) RETURNS kg.office
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	found_office kg.office;
BEGIN
	SELECT o.* INTO found_office FROM kg.office o WHERE o.code = office_get.code;
	IF NOT FOUND THEN
		PERFORM kg.missing(format('office "%s"', code), 'one of: '
			|| (SELECT string_agg(o.code, ', ' ORDER BY o.code) FROM kg.office o));
	END IF;
	RETURN found_office;
END
$$;

-- Raises KG004.
CREATE OR REPLACE FUNCTION kg.venue_get(venue_id int) RETURNS kg.venue
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	v kg.venue;
BEGIN
	SELECT * INTO v FROM kg.venue x WHERE x.id = venue_id;
	IF NOT FOUND THEN
		PERFORM kg.missing('venue ' || venue_id);
	END IF;
	RETURN v;
END
$$;

-- Where on the map, or nowhere. Raises KG005.
CREATE OR REPLACE FUNCTION kg.map_must(lat numeric, lon numeric) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = kg, pg_temp AS $$
BEGIN
	IF (lat IS NULL) <> (lon IS NULL) OR abs(lat) > 90 OR abs(lon) > 180 THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = format('%s, %s is no place on the map',
				coalesce(lat::text, '-'), coalesce(lon::text, '-')),
			HINT = 'latitude -90 to 90 and longitude -180 to 180, or neither';
	END IF;
END
$$;

-- Can a mail go there? The rule is that of kg.mail, and of lib/mail.
CREATE OR REPLACE FUNCTION kg.mail_ok(value text) RETURNS bool
LANGUAGE plpgsql IMMUTABLE SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM value::kg.mail;
	RETURN true;
EXCEPTION WHEN check_violation THEN
	RETURN false;
END
$$;

-- A mail address; '' is NULL. Raises KG005.
CREATE OR REPLACE FUNCTION kg.mail_of(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = kg, pg_temp AS $$
BEGIN
	IF value <> '' AND NOT kg.mail_ok(value) THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = format('the mail address cannot be "%s"',
				left(value, 80)),
			HINT = 'an address such as name@example.org, in the letters a-z';
	END IF;
	RETURN nullif(value, '');
END
$$;

-- An office, made (office_id NULL) or changed by the members that patch names: name,
-- street, postcode, town, lat, lon, mail; '' clears what may be missing.
CREATE OR REPLACE FUNCTION kg.office_patched(o kg.office, patch jsonb) RETURNS kg.office
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
BEGIN
	o.name := CASE WHEN patch ? 'name'
		THEN kg.line_must(patch ->> 'name', 'the office''s name') ELSE o.name END;
	o.town := CASE WHEN patch ? 'town'
		THEN kg.line_must(patch ->> 'town', 'the town') ELSE o.town END;
	o.street := CASE WHEN patch ? 'street'
		THEN kg.line_of(patch ->> 'street', 'the street') ELSE o.street END;
	o.postcode := CASE WHEN patch ? 'postcode' THEN kg.match_must(
		nullif(patch ->> 'postcode', ''), '^\d{4}$', 'the postcode',
		'four digits') ELSE o.postcode END;
	o.lat := CASE WHEN patch ? 'lat' THEN (patch ->> 'lat')::numeric ELSE o.lat END;
	o.lon := CASE WHEN patch ? 'lon' THEN (patch ->> 'lon')::numeric ELSE o.lon END;
	o.mail := CASE WHEN patch ? 'mail' THEN kg.mail_of(patch ->> 'mail')
		ELSE o.mail END;
	PERFORM kg.map_must(o.lat, o.lon);
	RETURN o;
END
$$;

-- wish: code, name, town; street, postcode, lat, lon, mail.
CREATE OR REPLACE FUNCTION kg.office_add(actor int, why text, wish jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	o kg.office;
	new_id int;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.may_must(actor, 'places', NULL);
	o := kg.office_patched(o, '{"name": null, "town": null}' || wish);
	o.code := kg.match_must(coalesce(wish ->> 'code', ''), '^[A-Z]{2,8}$', 'the code',
		'two to eight capital letters, such as AAR');
	INSERT INTO kg.office AS x (code, name, street, postcode, town, lat, lon, mail)
	VALUES (o.code, o.name, o.street, o.postcode, o.town, o.lat, o.lon, o.mail)
	ON CONFLICT DO NOTHING RETURNING x.id INTO new_id;
	IF new_id IS NULL THEN
		PERFORM kg.wrong_state(format('there is an office %s or "%s" already',
			o.code, o.name), 'change that one, or choose another code and name');
	END IF;
	RETURN kg.write_end(true, 'office', new_id::text, 1);
END
$$;

CREATE OR REPLACE FUNCTION kg.office_change(actor int, why text, code text,
	expected_version int, patch jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	o kg.office := kg.office_get(office_change.code);
	changed bool;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.may_must(actor, 'places', o.id);
	SELECT * INTO o FROM kg.office x WHERE x.id = o.id FOR NO KEY UPDATE;
	PERFORM kg.version_must('office ' || o.code, o.version, expected_version,
		'office', o.id);
	o := kg.office_patched(o, patch);
	BEGIN
		UPDATE kg.office x SET name = o.name, street = o.street,
			postcode = o.postcode, town = o.town, lat = o.lat, lon = o.lon,
			mail = o.mail
		WHERE x.id = o.id;
		changed := FOUND;
	EXCEPTION WHEN unique_violation THEN
		PERFORM kg.wrong_state(format('there is an office %s or "%s" already',
			o.code, o.name), 'choose another name');
	END;
	RETURN kg.write_end(changed, 'office', o.id::text,
		(SELECT x.version FROM kg.office x WHERE x.id = o.id));
END
$$;

CREATE OR REPLACE FUNCTION kg.venue_add(actor int, why text, office text, name text,
	street text, postcode text, town text, lat numeric, lon numeric, own bool)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	its_office kg.office := kg.office_get(venue_add.office);
	new_id int;
BEGIN
	PERFORM kg.write_begin(actor, why),
		kg.may_must(actor, 'places', its_office.id), kg.map_must(lat, lon);
	INSERT INTO kg.venue (office_id, name, street, postcode, town, lat, lon, own)
	VALUES (its_office.id, kg.line_must(venue_add.name, 'the venue''s name'),
		kg.line_of(venue_add.street, 'the street'),
		kg.match_must(nullif(venue_add.postcode, ''), '^\d{4}$',
			'the postcode', 'four digits'),
		kg.line_must(venue_add.town, 'the town'), venue_add.lat, venue_add.lon,
		coalesce(venue_add.own, false))
	ON CONFLICT DO NOTHING RETURNING id INTO new_id;
	IF new_id IS NULL THEN
		PERFORM kg.wrong_state(
			format('office %s has a venue "%s"%s already', its_office.code,
				venue_add.name, CASE WHEN venue_add.own
					THEN ' or a house of its own' ELSE '' END),
			'change that one, or choose another name');
	END IF;
	RETURN kg.write_end(true, 'venue', new_id::text, 1);
END
$$;

-- NULL keeps; '' clears street and postcode, NaN the place on the map.
CREATE OR REPLACE FUNCTION kg.venue_change(actor int, why text, venue_id int,
	expected_version int, name text, street text, postcode text, town text,
	lat numeric, lon numeric)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v kg.venue;
	changed bool;
BEGIN
	PERFORM kg.write_begin(actor, why);
	SELECT * INTO v FROM kg.venue WHERE id = venue_change.venue_id
		FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM kg.missing('venue ' || venue_change.venue_id);
	END IF;
	PERFORM kg.may_must(actor, 'places', v.office_id),
		kg.version_must('venue ' || v.id, v.version, expected_version,
			'venue', v.id),
		kg.map_must(nullif(coalesce(venue_change.lat, v.lat), 'NaN'),
			nullif(coalesce(venue_change.lon, v.lon), 'NaN'));
	BEGIN
		UPDATE kg.venue SET
			name = coalesce(kg.line_of(venue_change.name, 'the venue''s name'),
				v.name),
			street = CASE WHEN venue_change.street IS NULL THEN v.street
				ELSE kg.line_of(venue_change.street, 'the street') END,
			postcode = CASE WHEN venue_change.postcode IS NULL THEN v.postcode
				ELSE kg.match_must(nullif(venue_change.postcode, ''),
					'^\d{4}$', 'the postcode', 'four digits') END,
			town = coalesce(kg.line_of(venue_change.town, 'the town'), v.town),
			lat = nullif(coalesce(venue_change.lat, v.lat), 'NaN'),
			lon = nullif(coalesce(venue_change.lon, v.lon), 'NaN')
		WHERE id = v.id RETURNING version INTO v.version;
		changed := FOUND;
	EXCEPTION WHEN unique_violation THEN
		PERFORM kg.wrong_state(format('the office has a venue "%s" already',
			venue_change.name), 'choose another name');
	END;
	RETURN kg.write_end(changed, 'venue', v.id::text,
		(SELECT version FROM kg.venue WHERE id = v.id));
END
$$;

-- halves: the rooms that this one is made of; NULL: a room by itself.
CREATE OR REPLACE FUNCTION kg.room_add(actor int, why text, venue_id int, name text,
	halves int[], step_free bool, hearing_loop bool, setups jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	r kg.room;
	new_id int;
	one jsonb;
BEGIN
	PERFORM kg.write_begin(actor, why);
	PERFORM kg.may_must(actor, 'places',
		(kg.venue_get(room_add.venue_id)).office_id);
	r.venue_id := room_add.venue_id;
	INSERT INTO kg.room (venue_id, name, parts, step_free, hearing_loop)
	VALUES (room_add.venue_id, kg.line_must(room_add.name, 'the room''s name'),
		kg.parts_of(r, coalesce(halves, '{}')),
		coalesce(room_add.step_free, false),
		coalesce(room_add.hearing_loop, false))
	ON CONFLICT DO NOTHING RETURNING id INTO new_id;
	IF new_id IS NULL THEN
		PERFORM kg.wrong_state(format('the venue has a room "%s" already',
			room_add.name), 'choose another name');
	END IF;
	FOR one IN SELECT * FROM jsonb_array_elements(setups) LOOP
		PERFORM kg.match_must(coalesce(one ->> 'setup', ''),
				'^(theatre|classroom|horseshoe|islands|circle)$', 'a set-up',
				'theatre, classroom, horseshoe, islands or circle'),
			kg.match_must(coalesce(one ->> 'capacity', ''), '^[1-9]\d{0,4}$',
				'a capacity', 'a whole number above 0'),
			kg.match_must(one ->> m, '^(\d{1,3}|1[0-3]\d\d|14[0-3]\d|1440)$',
				'the minutes of ' || m, '0 to 1440')
			FROM unnest(array['setup_min', 'clear_min']) AS m;
		INSERT INTO kg.room_setup (room_id, setup, capacity, setup_min, clear_min)
		VALUES (new_id, one ->> 'setup', (one ->> 'capacity')::int,
			coalesce((one ->> 'setup_min')::int, 0),
			coalesce((one ->> 'clear_min')::int, 0))
		ON CONFLICT DO NOTHING;
		IF NOT FOUND THEN
			RAISE EXCEPTION USING ERRCODE = 'KG005',
				MESSAGE = format('the set-up %s stands twice', one ->> 'setup'),
				HINT = 'one capacity for each set-up';
		END IF;
	END LOOP;
	RETURN kg.write_end(true, 'room', new_id::text, 1);
END
$$;

-- Members of a council may have a municipality, secretaries must. Raises KG004, KG005.
CREATE OR REPLACE FUNCTION kg.person_municipality_must(role text, municipality text)
RETURNS void LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	IF nullif(municipality, '') IS NULL THEN
		IF role = 'secretary' THEN
			PERFORM kg.refuse('KG005', 'a secretary has a municipality',
				'name the municipality by its code, as 0751');
		END IF;
		RETURN;
	END IF;
	IF role NOT IN ('councillor', 'secretary') THEN
		PERFORM kg.refuse('KG005', format('a %s has no municipality', role),
			'councillors and secretaries have');
	END IF;
	PERFORM FROM kg.municipality m WHERE m.code = $2;
	IF NOT FOUND THEN
		PERFORM kg.missing(format('municipality "%s"', left(municipality, 20)),
			'its code has four digits, as 0751');
	END IF;
END
$$;

-- municipality: its code, for whom a council has sent.
CREATE OR REPLACE FUNCTION kg.person_add(actor int, why text, name text, mail text,
	phone text, role text, office text, municipality text DEFAULT NULL)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	its_office kg.office;
	new_id int;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.may_must(actor, 'people', NULL);
	IF nullif(person_add.office, '') IS NOT NULL THEN
		its_office := kg.office_get(person_add.office);
	ELSIF person_add.role = 'coordinator' THEN
		RAISE EXCEPTION USING ERRCODE = 'KG005',
			MESSAGE = 'a coordinator has an office', HINT = 'name the office';
	END IF;
	PERFORM kg.person_municipality_must(person_add.role, person_add.municipality);
	INSERT INTO kg.person (name, mail, phone, role, office_id, municipality)
	VALUES (kg.line_must(person_add.name, 'the name'),
		kg.mail_of(person_add.mail),
		kg.match_must(nullif(person_add.phone, ''), '^\+?[0-9 ]{4,20}$',
			'the phone number', 'digits and blanks, with + before a country'),
		kg.match_must(coalesce(person_add.role, ''),
			'^(teacher|councillor|secretary|coordinator|planner|admin|auditor)$',
			'the role', 'teacher, councillor, secretary, coordinator, planner,'
			' admin or auditor'),
		its_office.id, nullif(person_add.municipality, ''))
	RETURNING id INTO new_id;
	RETURN kg.write_end(true, 'person', new_id::text, 1);
END
$$;

-- Of others: who may change people. Of oneself: everyone.
CREATE OR REPLACE FUNCTION kg.token_create(actor int, why text, person_id int,
	hash bytea, name text, show_cancelled text)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	new_id int;
BEGIN
	PERFORM kg.write_begin(actor, why);
	IF actor IS DISTINCT FROM token_create.person_id THEN
		PERFORM kg.may_must(actor, 'people', NULL);
	END IF;
	PERFORM FROM kg.person p
	WHERE p.id = token_create.person_id AND p.erased_at IS NULL;
	IF NOT FOUND THEN
		PERFORM kg.missing('person ' || token_create.person_id);
	END IF;
	INSERT INTO kg.feed_token (person_id, hash, name, show_cancelled)
	VALUES (token_create.person_id, token_create.hash,
		kg.line_must(token_create.name, 'the token''s name'),
		kg.match_must(coalesce(token_create.show_cancelled, 'mark'),
			'^(mark|text|hide)$', 'show-cancelled', 'mark, text or hide'))
	RETURNING id INTO new_id;
	RETURN kg.write_end(true, 'feed_token', new_id::text, 1);
END
$$;

CREATE OR REPLACE FUNCTION kg.token_revoke(actor int, why text, token_id int,
	expected_version int)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	t kg.feed_token;
	changed bool;
BEGIN
	PERFORM kg.write_begin(actor, why);
	SELECT * INTO t FROM kg.feed_token WHERE id = token_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM kg.missing('token ' || token_id);
	END IF;
	IF actor IS DISTINCT FROM t.person_id THEN
		PERFORM kg.may_must(actor, 'people', NULL);
	END IF;
	PERFORM kg.version_must('token ' || t.id, t.version, expected_version);
	UPDATE kg.feed_token SET revoked_at = coalesce(revoked_at, kg.now())
	WHERE id = t.id RETURNING version INTO t.version;
	changed := FOUND;
	RETURN kg.write_end(changed, 'feed_token', t.id::text,
		(SELECT version FROM kg.feed_token WHERE id = t.id));
END
$$;

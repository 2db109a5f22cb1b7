-- The catalogue: seminars.
SET LOCAL ROLE kattegat_owner;

-- What is said of a seminar, clean. Raises KG005.
CREATE OR REPLACE FUNCTION kg.seminar_wished(m kg.seminar) RETURNS kg.seminar
LANGUAGE plpgsql IMMUTABLE SET search_path = kg, pg_temp AS $$
BEGIN
	m.title := kg.line_must(m.title, 'the title');
	m.kind := kg.match_must(coalesce(m.kind, 'course'),
		'^(course|theme_day|education|conference|network|annual_meeting|'
		'24h_seminar|advisory|webinar)$', 'the kind',
		'course, theme_day, education, conference, network, annual_meeting, '
		'24h_seminar, advisory or webinar');
	m.description := kg.prose_of(m.description, 'the description');
	m.colour := kg.match_must(coalesce(m.colour, 'steelblue'),
		'^[a-z]{3,30}$', 'the colour', 'a CSS name such as steelblue');
	RETURN m;
END
$$;

-- Each tag once. Raises KG005.
CREATE OR REPLACE FUNCTION kg.tags_of(tags text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = kg, pg_temp AS $$
	SELECT array(SELECT DISTINCT kg.match_must(kg.line_must(t, 'a tag'), '^[^,;]+$',
		'a tag', 'no comma, no semicolon') FROM unnest(tags) AS t ORDER BY 1)
$$;

-- The same again changes nothing; another with that slug is refused.
CREATE OR REPLACE FUNCTION kg.seminar_add(actor int, why text, slug text,
	title text, kind text, description text, colour text, demo bool, tags text[])
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	wish kg.seminar;
	have kg.seminar;
	new_tags text[] := kg.tags_of(tags);
BEGIN
	PERFORM kg.write_begin(actor, why), kg.may_must(actor, 'catalogue', NULL);
	wish.slug := kg.match_must(kg.line_must(seminar_add.slug, 'the slug'),
		'^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$', 'the slug',
		'lower-case letters and digits with single hyphens, at most 60');
	wish.title := kg.line_of(seminar_add.title, 'the title');
	wish.kind := seminar_add.kind;
	wish.description := kg.prose_of(seminar_add.description, 'the description');
	wish.colour := seminar_add.colour;
	wish := kg.seminar_wished(wish);
	wish.demo := coalesce(seminar_add.demo, false);
	INSERT INTO kg.seminar (slug, title, kind, description, colour, demo)
	VALUES (wish.slug, wish.title, wish.kind, wish.description, wish.colour,
		wish.demo)
	ON CONFLICT (slug) DO NOTHING RETURNING id INTO wish.id;
	IF FOUND THEN
		INSERT INTO kg.seminar_tag (seminar_id, tag)
			SELECT wish.id, t FROM unnest(new_tags) AS t;
		RETURN kg.write_end(true, 'seminar', wish.id::text, 1);
	END IF;
	SELECT * INTO have FROM kg.seminar s WHERE s.slug = wish.slug;
	IF (wish.title, wish.kind, wish.description, wish.colour, wish.demo, new_tags)
		IS DISTINCT FROM (have.title, have.kind, have.description, have.colour,
		have.demo, array(SELECT t.tag::text FROM kg.seminar_tag t
			WHERE t.seminar_id = have.id ORDER BY 1)) THEN
		PERFORM kg.wrong_state(format('there is another seminar "%s"', wish.slug),
			'choose another slug');
	END IF;
	RETURN kg.write_end(false, 'seminar', have.id::text, have.version);
END
$$;

-- patch: title, kind, description, colour, tags (all of them); what it does not name
-- stays. Every session of its runs shows it.
CREATE OR REPLACE FUNCTION kg.seminar_change(actor int, why text, slug text,
	expected_version int, patch jsonb)
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
DECLARE
	m kg.seminar;
	new_tags text[];
	retagged bool := false;
	changed bool;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.may_must(actor, 'catalogue', NULL);
	SELECT * INTO m FROM kg.seminar x WHERE x.slug = seminar_change.slug
	FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM kg.missing(format('seminar "%s"', slug));
	END IF;
	PERFORM kg.version_must('seminar ' || m.slug, m.version, expected_version,
		'seminar', m.id);
	IF patch ? 'title' THEN
		m.title := kg.line_must(patch ->> 'title', 'the title', 'title');
	END IF;
	m.kind := coalesce(patch ->> 'kind', m.kind);
	m.colour := coalesce(patch ->> 'colour', m.colour);
	IF patch ? 'description' THEN
		m.description := kg.prose_of(patch ->> 'description', 'the description');
	END IF;
	m := kg.seminar_wished(m);
	IF jsonb_typeof(patch -> 'tags') = 'array' THEN
		new_tags := kg.tags_of(array(SELECT jsonb_array_elements_text(patch -> 'tags')));
		DELETE FROM kg.seminar_tag t
		WHERE t.seminar_id = m.id AND t.tag <> ALL (new_tags);
		retagged := FOUND;
		INSERT INTO kg.seminar_tag (seminar_id, tag)
		SELECT m.id, t FROM unnest(new_tags) AS t ON CONFLICT DO NOTHING;
		retagged := retagged OR FOUND;
	END IF;
	UPDATE kg.seminar x SET title = m.title, kind = m.kind,
		description = m.description, colour = m.colour,
		version = x.version + retagged::int
	WHERE x.id = m.id;
	changed := FOUND;
	RETURN kg.write_end(changed, 'seminar', m.id::text,
		(SELECT x.version FROM kg.seminar x WHERE x.id = m.id));
END
$$;

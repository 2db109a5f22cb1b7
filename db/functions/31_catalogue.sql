-- The catalogue: seminars.
SET LOCAL ROLE kattegat_owner;

-- The same again changes nothing; another with that slug is refused.
CREATE OR REPLACE FUNCTION kg.seminar_add(actor int, why text, slug text,
	title text, kind text, description text, colour text, demo bool, tags text[])
RETURNS kg.written LANGUAGE plpgsql SECURITY DEFINER
SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	wish kg.seminar;
	have kg.seminar;
	new_tags text[] := array(SELECT DISTINCT kg.match_must(
		kg.line_must(t, 'a tag'), '^[^,;]+$', 'a tag', 'no comma, no semicolon')
		FROM unnest(tags) AS t ORDER BY 1);
BEGIN
	PERFORM kg.write_begin(actor, why), kg.may_must(actor, 'catalogue', NULL);
	wish.slug := kg.match_must(kg.line_must(seminar_add.slug, 'the slug'),
		'^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$', 'the slug',
		'lower-case letters and digits with single hyphens, at most 60');
	wish.title := kg.line_must(seminar_add.title, 'the title');
	wish.kind := kg.match_must(coalesce(seminar_add.kind, 'course'),
		'^(course|theme_day|education|conference|network|annual_meeting|'
		'24h_seminar|advisory|webinar)$', 'the kind',
		'course, theme_day, education, conference, network, annual_meeting, '
		'24h_seminar, advisory or webinar');
	wish.description := kg.prose_of(seminar_add.description, 'the description');
	wish.colour := kg.match_must(coalesce(seminar_add.colour, 'steelblue'),
		'^[a-z]{3,30}$', 'the colour', 'a CSS name such as steelblue');
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

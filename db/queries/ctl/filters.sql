-- Which filters of a listing name something that is not there.
--
-- $1 office   text  code, or NULL; so with the others
-- $2 venue    int   id
-- $3 room     int   id
-- $4 run      text  number
-- $5 season   text  slug
-- $6 seminar  text  slug
-- $7 series   int   id; of a series, a block-out or a closing day
-- $8 person   int   id
--
-- Returns: one row for each that is not there: its name and value, and what
--          there is instead, where that is few.
SELECT f.name, f.value, CASE f.name
	WHEN 'office' THEN (SELECT string_agg(o.code, ', ' ORDER BY o.code)
		FROM kg.office o) END AS instead
FROM (VALUES
	('office', $1::text, EXISTS (SELECT FROM kg.office WHERE code = $1)),
	('venue', $2::text, EXISTS (SELECT FROM kg.venue WHERE id = $2::int)),
	('room', $3::text, EXISTS (SELECT FROM kg.room WHERE id = $3::int)),
	('run', $4::text, EXISTS (SELECT FROM kg.run WHERE run_no = $4)),
	('season', $5::text, EXISTS (SELECT FROM kg.season WHERE slug = $5)),
	('seminar', $6::text, EXISTS (SELECT FROM kg.seminar WHERE slug = $6)),
	('series', $7::text,
		EXISTS (SELECT FROM kg.booking WHERE series_id = $7::int)),
	('person', $8::text, EXISTS (SELECT FROM kg.person WHERE id = $8::int)))
	AS f(name, value, known)
WHERE f.value IS NOT NULL AND NOT f.known

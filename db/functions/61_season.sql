-- A season from a file: every row is checked, and either all are written or none.
SET LOCAL ROLE kattegat_owner;

-- A programme's blocks; the bad lines stand in bad.
CREATE OR REPLACE FUNCTION kg.programme_read(rows jsonb,
	OUT blocks kg.programme_block[], OUT bad kg.bad_row[])
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	one record;
	b kg.programme_block;
	wrong kg.bad_row;
BEGIN
	FOR one IN SELECT * FROM kg.file_rows(rows) LOOP
		b := ROW(one.line, kg.text_int(one.cell ->> 'day'),
			kg.text_time(one.cell ->> 'start'),
			kg.text_time(one.cell ->> 'end'),
			kg.text_line(one.cell ->> 'title_da'),
			kg.text_line(one.cell ->> 'title_en'),
			nullif(one.cell ->> 'format', ''))::kg.programme_block;
		wrong := kg.bad_row_of('programme', one.line, array[
			CASE WHEN coalesce(b.day, 0) NOT BETWEEN 1 AND 99 THEN
				format('day cannot be "%s"|a day is a number from 1',
					one.cell ->> 'day') END,
			CASE WHEN b.starts IS NULL THEN
				format('start cannot be "%s"|a start such as 13:00',
					one.cell ->> 'start') END,
			CASE WHEN b.ends IS NULL OR b.ends <= b.starts THEN
				format('end cannot be "%s"|an end such as 14:30, after the start',
					one.cell ->> 'end') END,
			CASE WHEN b.title IS NULL THEN
				'title_da is no clean line|a title of 1 to 200 characters' END,
			CASE WHEN b.title_en IS NULL AND one.cell ->> 'title_en' <> '' THEN
				'title_en is no clean line|a title of 1 to 200 characters' END,
			CASE WHEN b.format !~ '^[a-z_]{1,30}$' THEN
				format('format cannot be "%s"|a word such as plenary', b.format) END]);
		IF wrong IS NOT NULL THEN
			bad := bad || wrong;
		ELSE
			blocks := blocks || b;
		END IF;
	END LOOP;
	IF blocks IS NULL AND bad IS NULL THEN
		bad := array[ROW('programme', 1, 'the programme is empty',
			'one block a line')::kg.bad_row];
	END IF;
END
$$;

-- The sessions that a run has with a programme: one a day. The first start and the
-- last end are the run's, the hours between the programme's.
CREATE OR REPLACE FUNCTION kg.season_days(
	wish kg.run_wish, blocks kg.programme_block[])
RETURNS TABLE (day int, days int, starts_local timestamp, ends_local timestamp,
	first_block time, last_block time)
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT d, n,
		CASE WHEN d = 1 THEN wish.starts_local
			ELSE wish.starts_local::date + d - 1 + min(b.starts) END,
		CASE WHEN d = n THEN wish.ends_local
			ELSE wish.starts_local::date + d - 1 + max(b.ends) END,
		min(b.starts), max(b.ends)
	FROM (SELECT wish.ends_local::date - wish.starts_local::date + 1 AS n) AS t
		CROSS JOIN generate_series(1, n) AS d
		LEFT JOIN unnest(blocks) AS b ON b.day = d
	GROUP BY d, n
$$;

-- What is wrong with the days of a run.
CREATE OR REPLACE FUNCTION kg.season_days_wrong(
	wish kg.run_wish, blocks kg.programme_block[])
RETURNS text LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT CASE
		WHEN d.first_block IS NULL THEN format('the programme has no day %s|'
			'a run of as many days as the programme', d.day)
		WHEN d.starts_local::time > d.first_block THEN format(
			'day %s starts at %s, after its programme|%s or earlier', d.day,
			to_char(d.starts_local, 'HH24:MI'), to_char(d.first_block, 'HH24:MI'))
		WHEN d.ends_local::time < d.last_block THEN format(
			'day %s ends at %s, before its programme|%s or later', d.day,
			to_char(d.ends_local, 'HH24:MI'), to_char(d.last_block, 'HH24:MI'))
		ELSE coalesce(kg.local_problem(d.starts_local, wish.zone),
			kg.local_problem(d.ends_local, wish.zone)) || '|another hour'
		END
	FROM kg.season_days(wish, blocks) AS d
	ORDER BY 1 NULLS LAST LIMIT 1
$$;

-- How an existing run differs from the row that would make it. NULL: it was made
-- from this very row.
CREATE OR REPLACE FUNCTION kg.season_differs(season text, wish kg.run_wish)
RETURNS text LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT coalesce(concat_ws(', ',
		CASE WHEN z.slug IS DISTINCT FROM season THEN
			'the season ' || coalesce(z.slug, '(none)') END,
		CASE WHEN p.no <> wish.period THEN 'the period ' || p.no END,
		CASE WHEN r.office_id <> wish.office_id THEN
			'the office ' || o.code END,
		CASE WHEN v.name <> wish.town THEN 'the place ' || v.name END,
		CASE WHEN t.starts <> wish.starts_local THEN
			'the start ' || to_char(t.starts, 'YYYY-MM-DD"T"HH24:MI') END,
		CASE WHEN t.ends <> wish.ends_local THEN
			'the end ' || to_char(t.ends, 'YYYY-MM-DD"T"HH24:MI') END,
		CASE WHEN r.capacity <> wish.capacity THEN
			'the capacity ' || r.capacity END,
		CASE WHEN r.min_participants <> wish.min_participants THEN
			'the minimum ' || r.min_participants END), '')
	FROM kg.run r JOIN kg.office o ON o.id = r.office_id
		JOIN kg.venue v ON v.id = r.venue_id
		LEFT JOIN kg.season z ON z.id = r.season_id
		LEFT JOIN kg.period p ON p.id = r.period_id
		CROSS JOIN LATERAL (SELECT min(s.starts_local) AS starts,
			max(s.ends_local) AS ends
			FROM kg.session s WHERE s.run_id = r.id) AS t
	WHERE r.run_no = wish.run_no AND r.import_hash IS DISTINCT FROM wish.hash
$$;

-- The runs of a season file; the bad lines stand in bad.
CREATE OR REPLACE FUNCTION kg.season_read(season text, rows jsonb,
	blocks kg.programme_block[], OUT wishes kg.run_wish[], OUT bad kg.bad_row[])
LANGUAGE plpgsql STABLE SET search_path = kg, pg_temp AS $$
DECLARE
	one record;
	w kg.run_wish;
	wrong kg.bad_row;
	seen text[] := '{}';
	differs text;
	-- the programme without its line numbers
	programme text := (SELECT jsonb_agg(to_jsonb(b) - 'line'
		ORDER BY b.day, b.starts, b.line) FROM unnest(blocks) AS b);
BEGIN
	FOR one IN SELECT * FROM kg.file_rows(rows) LOOP
		w := ROW(one.line, one.cell ->> 'run_no',
			kg.text_int(one.cell ->> 'period'),
			(SELECT o.id FROM kg.office o WHERE o.code = one.cell ->> 'office'),
			kg.text_line(one.cell ->> 'host_town'),
			kg.text_local(one.cell ->> 'start_local'),
			kg.text_local(one.cell ->> 'end_local'),
			coalesce(nullif(one.cell ->> 'tz', ''), 'Europe/Copenhagen'),
			kg.text_int(one.cell ->> 'capacity'),
			kg.text_int(one.cell ->> 'min_participants'), NULL)::kg.run_wish;
		wrong := kg.bad_row_of('season', one.line, array[
			CASE WHEN coalesce(w.run_no, '') !~ '^[A-Z0-9]+(-[A-Z0-9]+)*$'
				OR length(w.run_no) NOT BETWEEN 2 AND 20 THEN
				format('run_no cannot be "%s"|a number such as KAT22-01', w.run_no) END,
			CASE WHEN w.run_no = ANY (seen) THEN
				format('run_no %s stands twice|each number once', w.run_no) END,
			CASE WHEN coalesce(w.period, 0) NOT BETWEEN 1 AND 99 THEN
				format('period cannot be "%s"|a number from 1 to 99',
					one.cell ->> 'period') END,
			CASE WHEN w.office_id IS NULL THEN
				format('office cannot be "%s"|one of %s', one.cell ->> 'office',
					coalesce((SELECT string_agg(o.code, ', ' ORDER BY o.code)
						FROM kg.office o), 'the offices, once loaded')) END,
			CASE WHEN w.town IS NULL THEN
				format('host_town cannot be "%s"|the name of a town',
					left(one.cell ->> 'host_town', 80)) END,
			CASE WHEN w.starts_local IS NULL THEN
				format('start_local cannot be "%s"|a time such as 2022-01-20T13:00',
					one.cell ->> 'start_local') END,
			CASE WHEN w.ends_local IS NULL OR w.ends_local <= w.starts_local
				OR w.ends_local > w.starts_local + interval '60 days' THEN
				format('end_local cannot be "%s"|a time such as 2022-01-22T13:00, '
					'after the start', one.cell ->> 'end_local') END,
			CASE WHEN NOT EXISTS (SELECT FROM kg.zone z
				WHERE z.name = w.zone) THEN
				format('tz cannot be "%s"|a zone such as Europe/Copenhagen', w.zone) END,
			CASE WHEN coalesce(w.capacity, 0) NOT BETWEEN 1 AND 10000 THEN
				format('capacity cannot be "%s"|a number from 1 to 10000',
					one.cell ->> 'capacity') END,
			CASE WHEN coalesce(w.min_participants, -1)
				NOT BETWEEN 0 AND w.capacity THEN
				format('min_participants cannot be "%s"|a number from 0 to the capacity',
					one.cell ->> 'min_participants') END]);
		seen := seen || w.run_no;
		IF wrong IS NULL THEN
			w.hash := sha256(convert_to(jsonb_build_array(season, w.run_no,
				w.period, w.office_id, w.town, w.starts_local, w.ends_local,
				w.zone, w.capacity, w.min_participants, programme)::text,
				'UTF8'));
			differs := kg.season_differs(season, w);
			wrong := kg.bad_row_of('season', one.line, array[
				kg.season_days_wrong(w, blocks),
				CASE WHEN differs IS NOT NULL THEN
					format('run %s exists with %s|change it with kattegatctl '
						'run and session, or leave the line out', w.run_no,
						coalesce(nullif(differs, ''), 'another programme'))
					END]);
		END IF;
		IF wrong IS NOT NULL THEN
			bad := bad || wrong;
		ELSE
			wishes := wishes || w;
		END IF;
	END LOOP;
	IF wishes IS NULL AND bad IS NULL THEN
		bad := array[ROW('season', 1, 'the season is empty',
			'one run a line')::kg.bad_row];
	END IF;
END
$$;

-- Writes the runs that are not there yet, with venues, periods, sessions and their
-- programme. Returns how many.
CREATE OR REPLACE FUNCTION kg.season_write(
	season_id int, wishes kg.run_wish[], blocks kg.programme_block[])
RETURNS int LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	new_runs int[];
BEGIN
	wishes := array(SELECT w FROM unnest(wishes) AS w WHERE NOT EXISTS (
		SELECT FROM kg.run r WHERE r.run_no = w.run_no) ORDER BY w.line);
	INSERT INTO kg.venue (office_id, name, town)
		SELECT w.office_id, w.town, w.town FROM unnest(wishes) AS w
		GROUP BY 1, 2 ORDER BY min(w.line)
		ON CONFLICT DO NOTHING;
	INSERT INTO kg.period AS p (season_id, no, starts_on, ends_on)
		SELECT season_write.season_id, w.period, min(w.starts_local)::date,
			max(w.ends_local)::date
		FROM unnest(wishes) AS w GROUP BY w.period ORDER BY w.period
		ON CONFLICT (season_id, no) DO UPDATE SET
			starts_on = least(p.starts_on, excluded.starts_on),
			ends_on = greatest(p.ends_on, excluded.ends_on);
	WITH made AS (
		INSERT INTO kg.run (run_no, seminar_id, season_id, period_id, office_id,
			venue_id, capacity, min_participants, status, import_hash)
		SELECT w.run_no, z.seminar_id, z.id, p.id, w.office_id, v.id, w.capacity,
			w.min_participants, 'open', w.hash
		FROM unnest(wishes) AS w
			JOIN kg.season z ON z.id = season_write.season_id
			JOIN kg.period p ON p.season_id = z.id AND p.no = w.period
			JOIN kg.venue v ON v.office_id = w.office_id AND v.name = w.town
		ORDER BY w.line
		RETURNING id
	)
	SELECT array_agg(id) INTO new_runs FROM made;
	INSERT INTO kg.session (run_id, no, title, venue_id, starts_local, ends_local,
		zone)
		SELECT r.id, d.day,
			CASE WHEN d.days > 1 THEN format('dag %s af %s', d.day, d.days) END,
			r.venue_id, d.starts_local, d.ends_local, w.zone
		FROM unnest(wishes) AS w
			JOIN kg.run r ON r.run_no = w.run_no
			CROSS JOIN LATERAL kg.season_days(w, blocks) AS d
		ORDER BY w.line, d.day;
	INSERT INTO kg.agenda_item (session_id, no, starts_min, ends_min, title,
		title_en, format)
		SELECT s.id, row_number() OVER (PARTITION BY s.id
				ORDER BY b.starts, b.line),
			extract(epoch FROM b.starts - s.starts_local::time) / 60,
			extract(epoch FROM b.ends - s.starts_local::time) / 60,
			b.title, b.title_en, b.format
		FROM kg.session s JOIN unnest(blocks) AS b ON b.day = s.no
		WHERE s.run_id = ANY (new_runs)
		ORDER BY s.id, b.starts, b.line;
	RETURN coalesce(cardinality(new_runs), 0);
END
$$;

-- The seminar's and the season's row, made when missing.
CREATE OR REPLACE FUNCTION kg.season_get(season text, season_title text,
	seminar text, seminar_title text, description text, demo bool)
RETURNS kg.season LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	slug_is CONSTANT text := '^[a-z0-9]+(-[a-z0-9]+)*$';
	slug_hint CONSTANT text := 'lower-case letters and digits with single hyphens';
	z kg.season;
	m kg.seminar;
BEGIN
	PERFORM kg.match_must(kg.line_must(season_get.season, 'the season'), slug_is,
			'the season', slug_hint),
		kg.match_must(kg.line_must(season_get.seminar, 'the seminar'), slug_is,
			'the seminar', slug_hint);
	INSERT INTO kg.seminar (slug, title, kind, description, demo)
	VALUES (season_get.seminar, seminar_title, 'course', season_get.description,
		season_get.demo)
	ON CONFLICT (slug) DO NOTHING;
	SELECT * INTO m FROM kg.seminar WHERE slug = season_get.seminar;
	INSERT INTO kg.season AS old (slug, title, seminar_id, demo)
	VALUES (season_get.season, coalesce(kg.line_of(season_title, 'the season''s title'),
		initcap(replace(season_get.season, '-', ' '))), m.id, season_get.demo)
	ON CONFLICT (slug) DO UPDATE
		SET title = coalesce(kg.line_of(season_title, 'the season''s title'),
			old.title);
	SELECT * INTO z FROM kg.season WHERE slug = season_get.season;
	IF z.seminar_id <> m.id THEN
		PERFORM kg.wrong_state(format('the season %s belongs to another seminar '
			'than %s', season_get.season, season_get.seminar), 'its seminar is '
			|| (SELECT slug FROM kg.seminar WHERE id = z.seminar_id));
	END IF;
	RETURN z;
END
$$;

-- Answers `refused` rows, and nothing is written; or one `done` row.
CREATE OR REPLACE FUNCTION kg.season_import(actor int, why text, season text,
	season_title text, seminar text, rows jsonb, programme jsonb)
RETURNS TABLE (result text, source text, line int, message text, hint text,
	runs_added int, runs_unchanged int, scopes text, xid xid8)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
#variable_conflict use_column
DECLARE
	p record;
	r record;
	done kg.written;
	z kg.season;
	total int;
BEGIN
	PERFORM kg.write_begin(actor, why), kg.may_must(actor, 'catalogue', NULL);
	SELECT * INTO p FROM kg.programme_read(programme);
	SELECT * INTO r FROM kg.season_read(season_import.season, rows, p.blocks);
	IF p.bad IS NOT NULL OR r.bad IS NOT NULL THEN
		-- of a bad programme the runs' days say nothing
		RETURN QUERY SELECT 'refused', b.source, b.line, b.message, b.hint,
			NULL::int, NULL::int, NULL::text, NULL::xid8
		FROM unnest(coalesce(p.bad, r.bad)) AS b ORDER BY b.source, b.line;
		RETURN;
	END IF;
	z := kg.season_get(season_import.season, season_title, season_import.seminar,
		'Kattegat Kommune', NULL, false);
	total := kg.season_write(z.id, r.wishes, p.blocks);
	done := kg.write_end(pg_current_xact_id_if_assigned() IS NOT NULL, 'season',
		z.id::text, z.version);
	RETURN QUERY SELECT 'done', 'season', NULL::int, NULL::text, NULL::text, total,
		cardinality(r.wishes) - total, done.scopes, done.xid;
END
$$;

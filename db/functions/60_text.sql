-- Reads what stands in a file's columns: NULL for what is no such thing.
SET LOCAL ROLE kattegat_owner;

CREATE OR REPLACE FUNCTION kg.text_int(value text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN value ~ '^-?\d{1,9}$' THEN value::int END
$$;

CREATE OR REPLACE FUNCTION kg.text_number(value text) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN value ~ '^-?\d{1,9}(\.\d{1,9})?$' THEN value::numeric END
$$;

CREATE OR REPLACE FUNCTION kg.text_date(value text) RETURNS date
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN CASE WHEN value ~ '^\d{4}-\d\d-\d\d$' THEN
		make_date(left(value, 4)::int, substr(value, 6, 2)::int,
			right(value, 2)::int) END;
EXCEPTION WHEN datetime_field_overflow THEN
	RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION kg.text_time(value text) RETURNS time
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN value ~ '^([01]\d|2[0-3]):[0-5]\d$' THEN
		make_time(left(value, 2)::int, right(value, 2)::int, 0) END
$$;

-- 2027-01-14T13:00, the wall clock at the place.
CREATE OR REPLACE FUNCTION kg.text_local(value text) RETURNS timestamp
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN value ~ '^[^T]{10}T[^T]{5}$' THEN
		kg.text_date(left(value, 10)) + kg.text_time(right(value, 5)) END
$$;

-- From a day to a day, both of it.
CREATE OR REPLACE FUNCTION kg.text_days(first text, last text) RETURNS daterange
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN kg.text_date(first) <= kg.text_date(last) THEN
		daterange(kg.text_date(first), kg.text_date(last), '[]') END
$$;

-- A clean line that is there; what kg.line wants, without an exception.
CREATE OR REPLACE FUNCTION kg.text_line(value text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT clean FROM (SELECT btrim(normalize(value, NFC)) AS clean) AS t
	WHERE length(clean) BETWEEN 1 AND 200
		AND clean !~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029]'
$$;

-- The rows of a file with the number of their line.
CREATE OR REPLACE FUNCTION kg.file_rows(rows jsonb)
RETURNS TABLE (line int, cell jsonb) LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce((value ->> 'line')::int, n::int + 1), value
	FROM jsonb_array_elements(coalesce(rows, '[]'))
		WITH ORDINALITY AS u (value, n)
$$;

-- One bad row of those things that are wrong; NULL when nothing is. wrong: NULL, or
-- "what is wrong|what would be right".
CREATE OR REPLACE FUNCTION kg.bad_row_of(source text, line int, wrong text[])
RETURNS kg.bad_row LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN count(w) > 0 THEN ROW(source, line,
		string_agg(regexp_replace(w, '\|[^|]*$', ''), '; ' ORDER BY n),
		string_agg(substring(w FROM '[^|]*$'), '; ' ORDER BY n))::kg.bad_row END
	FROM unnest(wrong) WITH ORDINALITY AS u (w, n)
$$;

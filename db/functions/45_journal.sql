-- The journal's seals: who changes, removes or slips in a row that is sealed is found
-- out, and the row is named.
--
-- A row is final when no transaction can add one before it any more. Ids are drawn
-- before they are written, so an older one may still be under way while a younger one
-- is there. kg.journal_seal() therefore notes the youngest id that is drawn and its
-- own transaction number; once all transactions before that number have ended, every
-- row up to that id is there, and what is not will never be.
SET LOCAL ROLE kattegat_owner;

-- One row as text, always the same: what its hash is of. The personal half is in it by
-- its salted hash only. form 1 is that of seals older than form 2 (journal_seal.form):
-- without the office, which decides who reads the row.
CREATE OR REPLACE FUNCTION kg.journal_text(j kg.journal, form int) RETURNS text
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT (jsonb_build_array(j.id,
		to_char(j.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		j.xid::text, j.actor_id, j.actor, j.why, j.action, j.object, j.object_id,
		j.before, j.after, encode(j.personal_hash, 'hex'))
		|| CASE WHEN form > 1 THEN jsonb_build_array(j.office_id) ELSE '[]' END
		)::text
$$;

CREATE OR REPLACE FUNCTION kg.journal_hash(j kg.journal, form int) RETURNS bytea
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT sha256(convert_to(kg.journal_text(j, form), 'UTF8'))
$$;

-- The hash of a seal: over its number, its end, its time, its rows and their hashes,
-- the seal before, and, from the second on, its form.
CREATE OR REPLACE FUNCTION kg.seal_hash(s kg.journal_seal) RETURNS bytea
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT sha256(s.before || int4send(s.id) || int8send(s.last_id)
		|| convert_to(to_char(s.sealed_at AT TIME ZONE 'UTC',
			'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'UTF8')
		|| (SELECT string_agg(int8send(u.id) || u.hash, '' ORDER BY u.n)
			FROM unnest(s.ids, s.hashes) WITH ORDINALITY AS u (id, hash, n))
		|| CASE WHEN s.form > 1 THEN int4send(s.form) ELSE '' END)
$$;

-- Up to which id the journal is final; NULL: not known yet, ask again later. Raises
-- KG006 in a transaction that has written: the id must be read before the number is
-- drawn, or a transaction between the two could still add a row.
CREATE OR REPLACE FUNCTION kg.journal_final() RETURNS bigint
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	drawn bigint;
	mark kg.journal_mark;
BEGIN
	IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
		PERFORM kg.wrong_state('this transaction has written already',
			'seal in a transaction of its own');
	END IF;
	SELECT last_value INTO drawn FROM kg.journal_id_seq;
	SELECT * INTO mark FROM kg.journal_mark;
	-- a number of the future comes with a dump, whose rows are all there
	IF pg_snapshot_xmin(pg_current_snapshot()) < mark.xid
		AND mark.xid <= pg_current_xact_id() THEN
		RETURN NULL;
	END IF;
	INSERT INTO kg.journal_mark AS m (last_id, xid)
	VALUES (drawn, pg_current_xact_id())
	ON CONFLICT (only_row) DO UPDATE SET last_id = excluded.last_id,
		xid = excluded.xid;
	-- with nobody else under way the new mark is good at once
	RETURN CASE WHEN pg_snapshot_xmin(pg_current_snapshot())
		>= pg_current_xact_id() THEN drawn ELSE mark.last_id END;
END
$$;

-- Seals what is final, `most` rows at most: the keeper's work. Returns how many rows
-- it sealed; as many as it might: there is more. 0 also while another node seals.
CREATE OR REPLACE FUNCTION kg.journal_seal(most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	final bigint;
	one kg.journal_seal;
BEGIN
	IF NOT pg_try_advisory_xact_lock(5, 0) THEN
		RETURN 0;
	END IF;
	final := kg.journal_final();
	SELECT * INTO one FROM kg.journal_seal s ORDER BY s.id DESC LIMIT 1;
	one.before := coalesce(one.hash, decode(repeat('00', 32), 'hex'));
	one.id := coalesce(one.id, 0) + 1;
	one.form := 2;
	SELECT array_agg(j.id ORDER BY j.id),
		array_agg(kg.journal_hash(j, one.form) ORDER BY j.id), max(j.id)
	INTO one.ids, one.hashes, one.last_id
	FROM (SELECT * FROM kg.journal x
		WHERE x.id > coalesce(one.last_id, 0) AND x.id <= final
		ORDER BY x.id LIMIT most) AS j;
	IF one.ids IS NULL THEN
		RETURN 0;
	END IF;
	one.sealed_at := clock_timestamp();
	one.hash := kg.seal_hash(one);
	INSERT INTO kg.journal_seal SELECT one.*;
	RETURN cardinality(one.ids);
END
$$;

CREATE TRIGGER a_stays BEFORE UPDATE OR DELETE ON kg.journal_seal
	FOR EACH ROW EXECUTE FUNCTION kg.journal_stays();

-- What is wrong with the rows of one seal, the first of them.
CREATE OR REPLACE FUNCTION kg.seal_problem(s kg.journal_seal, after_id bigint)
RETURNS TABLE (journal_id bigint, message text)
LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT coalesce(u.id, j.id), CASE
		WHEN j.id IS NULL THEN 'the row is gone'
		WHEN u.id IS NULL THEN 'the row was not there when it was sealed'
		WHEN kg.journal_hash(j, s.form) <> u.hash THEN 'the row was changed'
		ELSE 'its personal half was changed' END
	FROM unnest(s.ids, s.hashes) AS u (id, hash)
		FULL JOIN (SELECT x FROM kg.journal x
			WHERE x.id > after_id AND x.id <= s.last_id) AS h (j)
			ON (h.j).id = u.id
		CROSS JOIN LATERAL (SELECT (h.j).*) AS j
		LEFT JOIN kg.journal_personal p ON p.journal_id = j.id
	WHERE j.id IS NULL OR u.id IS NULL OR kg.journal_hash(h.j, s.form) <> u.hash
		-- one that is gone was erased
		OR p.journal_id IS NOT NULL AND j.personal_hash IS DISTINCT FROM
			sha256(p.salt || convert_to(p.data::text, 'UTF8'))
	ORDER BY 1 LIMIT 1
$$;

-- Checks every seal. result 'bad': the first bad row or seal, and no seal after it is
-- looked at; 'sealed': up to which row everything is right, with the last good seal's
-- hash (whoever writes that down elsewhere notices a journal that was cut off);
-- 'unsealed': the rows since then, whom no seal guards yet.
CREATE OR REPLACE FUNCTION kg.journal_verify()
RETURNS TABLE (result text, seal int, journal_id bigint, row_count bigint,
	message text, hash text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	s kg.journal_seal;
	good kg.journal_seal;
	bad_id bigint;
	problem text;
	rows_good bigint := 0;
BEGIN
	good.id := 0;
	good.last_id := 0;
	good.hash := decode(repeat('00', 32), 'hex');
	FOR s IN SELECT * FROM kg.journal_seal x ORDER BY x.id LOOP
		SELECT p.journal_id, p.message INTO bad_id, problem
		FROM kg.seal_problem(s, good.last_id) AS p;
		problem := CASE
			WHEN s.id <> good.id + 1 THEN
				format('seal %s is gone', good.id + 1)
			WHEN s.before <> good.hash THEN
				'the seal does not follow the one before'
			WHEN kg.seal_hash(s) <> s.hash THEN 'the seal was changed'
			ELSE problem END;
		IF problem IS NOT NULL THEN
			RETURN QUERY SELECT 'bad', s.id, bad_id, NULL::bigint, problem,
				NULL;
			EXIT;
		END IF;
		good := s;
		rows_good := rows_good + cardinality(s.ids);
	END LOOP;
	RETURN QUERY SELECT 'sealed', nullif(good.id, 0), nullif(good.last_id, 0),
		rows_good, NULL, CASE WHEN good.id > 0 THEN encode(good.hash, 'hex') END;
	RETURN QUERY SELECT 'unsealed', NULL::int, min(j.id), count(*), NULL, NULL
		FROM kg.journal j
		WHERE j.id > coalesce((SELECT max(x.last_id) FROM kg.journal_seal x), 0);
END
$$;

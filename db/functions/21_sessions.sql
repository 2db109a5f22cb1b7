-- Sessions and bookings: UID, SEQUENCE, version; what moves with a session, and what
-- touches it.
SET LOCAL ROLE kattegat_owner;

-- Was this row's stamp set in this transaction? The time guards against a dump that
-- was restored where the same transaction number comes up again.
CREATE OR REPLACE FUNCTION kg.stamped_now(stamp xid8, changed_at timestamptz)
RETURNS bool LANGUAGE sql STABLE AS $$
	SELECT stamp IS NOT DISTINCT FROM pg_catalog.pg_current_xact_id_if_assigned()
		AND changed_at >= pg_catalog.now()
$$;

CREATE OR REPLACE FUNCTION kg.uid_new() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	RETURN (SELECT gen_random_uuid() || '@' || domain FROM kg.site);
END
$$;

CREATE OR REPLACE FUNCTION kg.uid_stays(uid text) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'KG006',
		MESSAGE = format('the UID %s is for ever', uid),
		HINT = 'calendars know the event by it: make a new one instead';
END
$$;

-- "24. november 2026": calendars show what changed last, in Danish.
CREATE OR REPLACE FUNCTION kg.day_in_danish(at timestamptz, zone text)
RETURNS text LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT format('%s. %s %s', extract(day FROM at_local),
		(array['januar', 'februar', 'marts', 'april', 'maj', 'juni', 'juli',
			'august', 'september', 'oktober', 'november', 'december']
		)[extract(month FROM at_local)::int], extract(year FROM at_local))
	FROM (SELECT at AT TIME ZONE zone AS at_local) AS t
$$;

-- Raises KG006 for a run that is over.
CREATE OR REPLACE FUNCTION kg.run_not_over_must(run_id int) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.wrong_state(format('run %s is completed', r.run_no),
		'what has been held stays as it was')
	FROM kg.run r WHERE r.id = $1 AND r.status = 'completed';
END
$$;

CREATE OR REPLACE FUNCTION kg.session_rules() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	xact xid8 := pg_current_xact_id();
	made text[] := array['version', 'changed_at', 'changed_by', 'changed_xid',
		'sequence', 'sequence_xid', 'during'];
	is_new bool := TG_OP = 'INSERT';
	moved bool;
	placed bool;
	stated bool;
	news text;
BEGIN
	IF is_new THEN
		NEW.uid := coalesce(NEW.uid, kg.uid_new());
		NEW.office_id := (SELECT r.office_id FROM kg.run r
			WHERE r.id = NEW.run_id);
	ELSIF NEW.uid <> OLD.uid THEN
		PERFORM kg.uid_stays(OLD.uid);
	END IF;
	moved := NOT is_new AND (NEW.starts_local, NEW.ends_local, NEW.zone)
		IS DISTINCT FROM (OLD.starts_local, OLD.ends_local, OLD.zone);
	placed := NOT is_new AND (NEW.venue_id, NEW.online_url)
		IS DISTINCT FROM (OLD.venue_id, OLD.online_url);
	stated := NOT is_new AND NEW.status <> OLD.status;
	IF is_new OR moved THEN
		PERFORM kg.local_check(NEW.starts_local, NEW.zone),
			kg.local_check(NEW.ends_local, NEW.zone);
	END IF;
	-- one that is added comes with its run where runs are read in
	IF moved OR placed OR stated THEN
		PERFORM kg.run_not_over_must(NEW.run_id);
	END IF;
	IF NEW.status = 'cancelled' THEN
		NEW.cancelled_at := coalesce(NEW.cancelled_at, kg.now());
	ELSE
		NEW.cancelled_at := NULL;
		NEW.cancelled_with_run := false;
		IF (is_new OR stated) AND EXISTS (SELECT FROM kg.run r
			WHERE r.id = NEW.run_id AND r.status = 'cancelled') THEN
			PERFORM kg.wrong_state('a session of a cancelled run is cancelled',
				'restore the run');
		END IF;
	END IF;
	NEW.changed_by := kg.actor();
	NEW.changed_at := clock_timestamp();
	IF is_new THEN
		NEW.version := 1;
		NEW.changed_xid := xact;
		NEW.sequence_xid := xact;
		RETURN NEW;
	END IF;
	news := CASE
		WHEN stated AND NEW.status = 'cancelled' THEN 'aflyst'
		WHEN stated THEN 'gennemføres alligevel'
		WHEN moved AND placed THEN 'ny tid og nyt sted'
		WHEN moved THEN 'ny tid'
		WHEN placed THEN 'nyt sted'
		END;
	IF news IS NOT NULL
		AND NEW.last_change IS NOT DISTINCT FROM OLD.last_change THEN
		NEW.last_change := kg.day_in_danish(kg.now(), NEW.zone) || ': ' || news;
	END IF;
	-- a higher sequence asks for one more, as kg.touch() does; never a lower one
	IF (news IS NOT NULL OR NEW.sequence > OLD.sequence)
		AND NOT kg.stamped_now(OLD.sequence_xid, OLD.changed_at) THEN
		NEW.sequence := OLD.sequence + 1;
		NEW.sequence_xid := xact;
	ELSE
		NEW.sequence := OLD.sequence;
		NEW.sequence_xid := OLD.sequence_xid;
	END IF;
	IF to_jsonb(NEW) - made = to_jsonb(OLD) - made
		AND NEW.sequence = OLD.sequence
		AND NEW.changed_xid IS NOT DISTINCT FROM OLD.changed_xid
		AND NEW.version = OLD.version
		AND kg.span(NEW.starts_local, NEW.ends_local, NEW.zone) = OLD.during THEN
		RETURN NULL;
	END IF;
	NEW.version := OLD.version
		+ (NOT kg.stamped_now(OLD.changed_xid, OLD.changed_at))::int;
	NEW.changed_xid := xact;
	NEW.changed_at := greatest(NEW.changed_at, OLD.changed_at);
	RETURN NEW;
END
$$;

CREATE TRIGGER m_rules BEFORE INSERT OR UPDATE ON kg.session
	FOR EACH ROW EXECUTE FUNCTION kg.session_rules();

-- Says that sessions show something that changed: new version and changed_at, and a
-- new SEQUENCE where it was the place. Locked in the order of their ids, since two
-- such changes may meet.
CREATE OR REPLACE FUNCTION kg.touch(sessions int[], place bool) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM FROM kg.session s WHERE s.id = ANY (sessions)
		ORDER BY s.id FOR NO KEY UPDATE;
	UPDATE kg.session s SET changed_xid = pg_current_xact_id(),
		sequence = s.sequence + place::int
	WHERE s.id = ANY (sessions) AND NOT kg.stamped_now(
		CASE WHEN place THEN s.sequence_xid ELSE s.changed_xid END, s.changed_at);
END
$$;

-- Bookings move and rest with their sessions; so does what teachers promised. One
-- statement for all, so that days which move by one do not meet themselves.
CREATE OR REPLACE FUNCTION kg.session_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	UPDATE kg.booking b SET
		starts_local = b.starts_local + (n.starts_local - o.starts_local),
		-- one that ends later goes on doing so, but never before its session;
		-- one for a part of it stays as long as it is
		ends_local = CASE WHEN b.ends_local = o.ends_local THEN n.ends_local
			WHEN b.ends_local < o.ends_local
				THEN b.ends_local + (n.starts_local - o.starts_local)
			ELSE greatest(n.ends_local,
				b.ends_local + (n.starts_local - o.starts_local)) END,
		zone = n.zone,
		status = CASE
			WHEN n.status = o.status THEN b.status
			WHEN n.status = 'cancelled' AND b.status IN ('held', 'confirmed')
				THEN 'cancelled'
			WHEN n.status = 'cancelled' THEN b.status
			WHEN b.status_before_cancel = 'held'
				AND b.expires_at <= kg.now() THEN 'expired'
			ELSE coalesce(b.status_before_cancel, b.status) END,
		status_before_cancel = CASE
			WHEN n.status = o.status THEN b.status_before_cancel
			WHEN n.status = 'cancelled' AND b.status IN ('held', 'confirmed')
				THEN b.status END
	FROM was o JOIN is_now n ON n.id = o.id
	WHERE b.session_id = n.id
		AND (n.starts_local, n.ends_local, n.zone, n.status)
			IS DISTINCT FROM (o.starts_local, o.ends_local, o.zone, o.status);
	-- made by its own rule below
	UPDATE kg.session_teacher t SET during = NULL
	FROM is_now n
	WHERE t.session_id = n.id AND t.during
		IS DISTINCT FROM CASE WHEN n.status = 'confirmed' THEN n.during END;
	RETURN NULL;
END
$$;

CREATE TRIGGER d_follow AFTER UPDATE ON kg.session
	REFERENCING OLD TABLE AS was NEW TABLE AS is_now
	FOR EACH STATEMENT EXECUTE FUNCTION kg.session_follow();

CREATE OR REPLACE FUNCTION kg.session_teacher_rules() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	NEW.during := (SELECT s.during FROM kg.session s
		WHERE s.id = NEW.session_id AND s.status = 'confirmed');
	RETURN NEW;
END
$$;

CREATE TRIGGER m_rules BEFORE INSERT OR UPDATE ON kg.session_teacher
	FOR EACH ROW EXECUTE FUNCTION kg.session_teacher_rules();

-- Are the bookings of a series changed together in this transaction? What is changed
-- outside of that, by itself, follows its series no longer.
CREATE OR REPLACE FUNCTION kg.series_together(together bool) RETURNS void
LANGUAGE sql AS $$
	SELECT set_config('kg.together', CASE WHEN together THEN 'yes' ELSE '' END, true)
$$;

-- What a change of a booking makes its own.
CREATE OR REPLACE FUNCTION kg.series_own(was kg.booking, is_now kg.booking)
RETURNS text[] LANGUAGE sql STABLE SET search_path = kg, pg_temp AS $$
	SELECT array(SELECT o FROM unnest(was.series_own) AS o
			WHERE o <> 'status' OR is_now.status = 'cancelled'
		UNION SELECT w.name FROM (VALUES
			('place', (was.room_id, was.starts_local, was.ends_local,
				was.room_setup, was.setup_min, was.clear_min)
				IS DISTINCT FROM (is_now.room_id, is_now.starts_local,
				is_now.ends_local, is_now.room_setup, is_now.setup_min,
				is_now.clear_min)),
			('heads', was.head_count IS DISTINCT FROM is_now.head_count),
			('title', was.title <> is_now.title),
			('notes', was.notes IS DISTINCT FROM is_now.notes),
			('catering', (was.catering_count, was.catering_days)
				IS DISTINCT FROM (is_now.catering_count,
				is_now.catering_days)),
			('status', was.status <> 'cancelled'
				AND is_now.status = 'cancelled')) AS w (name, changed)
		WHERE w.changed ORDER BY 1)
$$;

-- Refuses a booking in a set-up that the room does not have; or, when it comes back,
-- one that has become too small while it was cancelled. Raises KG006.
CREATE OR REPLACE FUNCTION kg.setup_holds(b kg.booking, back bool) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF b.status NOT IN ('held', 'confirmed') OR b.room_setup IS NULL
		OR coalesce(b.head_count, 1) <= b.setup_capacity
		OR b.setup_capacity IS NOT NULL AND NOT back THEN
		RETURN;
	END IF;
	PERFORM kg.wrong_state(CASE WHEN b.setup_capacity IS NULL
			THEN format('the room %s has no set-up "%s"', r.name, b.room_setup)
			ELSE format('the room %s is too small for %s', r.name, b.head_count)
			END, format('cancel booking %s for good, and book anew', b.id))
	FROM kg.room r WHERE r.id = b.room_id;
END
$$;

-- The atoms of a room that is taken. Who takes it out of use has locked them, as who
-- books it. Raises KG006 when it is out of use.
CREATE OR REPLACE FUNCTION kg.room_taken_parts(room_id int, is_live bool)
RETURNS int4multirange LANGUAGE plpgsql AS $$
DECLARE
	r kg.room;
BEGIN
	SELECT * INTO r FROM kg.room x WHERE x.id = $1;
	IF is_live AND r.retired_at IS NOT NULL THEN
		PERFORM kg.wrong_state(format('the room %s is out of use', r.name),
			'choose another room');
	END IF;
	RETURN r.parts;
END
$$;

CREATE OR REPLACE FUNCTION kg.booking_rules() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	made text[] := array['version', 'changed_at', 'changed_by', 'sequence',
		'during', 'warned_at'];
	is_new bool := TG_OP = 'INSERT';
	is_live bool := NEW.status IN ('held', 'confirmed');
	moved bool;
	taken bool;
BEGIN
	IF is_new THEN
		NEW.uid := coalesce(NEW.uid, kg.uid_new());
	ELSIF NEW.uid <> OLD.uid THEN
		PERFORM kg.uid_stays(OLD.uid);
	END IF;
	moved := is_new OR (NEW.starts_local, NEW.ends_local, NEW.zone)
		IS DISTINCT FROM (OLD.starts_local, OLD.ends_local, OLD.zone);
	taken := is_new OR NEW.room_id <> OLD.room_id
		OR is_live AND OLD.status NOT IN ('held', 'confirmed');
	IF moved THEN
		PERFORM kg.local_check(NEW.starts_local, NEW.zone),
			kg.local_check(NEW.ends_local, NEW.zone);
	END IF;
	IF moved OR NEW.catering_days IS DISTINCT FROM OLD.catering_days THEN
		NEW.catering_due := kg.working_day_before(NEW.starts_local::date,
			NEW.catering_days);
	END IF;
	IF taken THEN
		NEW.parts := kg.room_taken_parts(NEW.room_id, is_live);
	END IF;
	IF taken OR NEW.room_setup IS DISTINCT FROM OLD.room_setup THEN
		NEW.setup_capacity := (SELECT u.capacity FROM kg.room_setup u
			WHERE u.room_id = NEW.room_id AND u.setup = NEW.room_setup);
		PERFORM kg.setup_holds(NEW, NOT is_new AND NEW.status <> OLD.status);
	END IF;
	IF NEW.status <> 'cancelled' THEN
		NEW.status_before_cancel := NULL;
	END IF;
	IF NEW.status IN ('held', 'confirmed')
		AND (is_new OR OLD.status <> NEW.status)
		AND EXISTS (SELECT FROM kg.session s
			WHERE s.id = NEW.session_id AND s.status = 'cancelled') THEN
		PERFORM kg.wrong_state('a cancelled session takes no room',
			'restore the session');
	END IF;
	NEW.changed_by := kg.actor();
	NEW.changed_at := clock_timestamp();
	IF is_new THEN
		NEW.version := 1;
		RETURN NEW;
	END IF;
	IF to_jsonb(NEW) - made = to_jsonb(OLD) - made
		AND NEW.version = OLD.version
		AND kg.span(NEW.starts_local, NEW.ends_local, NEW.zone, NEW.setup_min,
			NEW.clear_min) = OLD.during THEN
		-- that somebody was warned is no change of the booking
		IF NEW.warned_at IS NOT DISTINCT FROM OLD.warned_at THEN
			RETURN NULL;
		END IF;
		NEW.changed_by := OLD.changed_by;
		NEW.changed_at := OLD.changed_at;
		RETURN NEW;
	END IF;
	IF NEW.series_id IS NOT NULL AND NEW.series_own = OLD.series_own
		AND current_setting('kg.together', true) IS DISTINCT FROM 'yes' THEN
		NEW.series_own := kg.series_own(OLD, NEW);
	END IF;
	NEW.sequence := OLD.sequence
		+ (moved OR (NEW.room_id, NEW.status)
			IS DISTINCT FROM (OLD.room_id, OLD.status))::int;
	NEW.version := OLD.version + 1;
	NEW.changed_at := greatest(NEW.changed_at, OLD.changed_at);
	RETURN NEW;
END
$$;

CREATE TRIGGER m_rules BEFORE INSERT OR UPDATE ON kg.booking
	FOR EACH ROW EXECUTE FUNCTION kg.booking_rules();

-- A holiday that comes or goes moves the deadlines that are counted over it, of what is
-- still to come. That is a change of those bookings: a new version, and an entry.
CREATE OR REPLACE FUNCTION kg.holiday_touches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	day date := coalesce(NEW.day, OLD.day);
BEGIN
	WITH due AS MATERIALIZED (SELECT b.id, kg.working_day_before(
			b.starts_local::date, b.catering_days) AS day
		FROM kg.booking b
		-- as far back as 60 working days can reach
		WHERE b.starts_local >= greatest(day,
				(kg.now() AT TIME ZONE 'Europe/Copenhagen')::date)
			AND b.starts_local < day + 151 AND b.catering_days > 0
		ORDER BY b.id FOR NO KEY UPDATE)
	UPDATE kg.booking b SET catering_due = d.day FROM due d
	WHERE b.id = d.id AND b.catering_due <> d.day;
	RETURN NULL;
END
$$;

CREATE TRIGGER c_touch AFTER INSERT OR UPDATE OF day OR DELETE ON kg.holiday
	FOR EACH ROW EXECUTE FUNCTION kg.holiday_touches();

-- The room is a part of the place that a session shows. A booking that rests with
-- its cancelled session is still its room.
CREATE OR REPLACE FUNCTION kg.booking_touches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	was_shown bool := TG_OP <> 'INSERT' AND OLD.status <> 'expired'
		AND (OLD.status <> 'cancelled' OR OLD.status_before_cancel IS NOT NULL);
	is_shown bool := TG_OP <> 'DELETE' AND NEW.status <> 'expired'
		AND (NEW.status <> 'cancelled' OR NEW.status_before_cancel IS NOT NULL);
BEGIN
	IF was_shown AND is_shown AND NEW.room_id = OLD.room_id
		AND NEW.session_id IS NOT DISTINCT FROM OLD.session_id THEN
		RETURN NULL;
	END IF;
	IF was_shown AND OLD.session_id IS NOT NULL THEN
		-- where a cancelled one would have been is no news to calendars
		PERFORM kg.touch(array[OLD.session_id], is_shown OR EXISTS (
			SELECT FROM kg.session s
			WHERE s.id = OLD.session_id AND s.status <> 'cancelled'));
	END IF;
	IF is_shown AND NEW.session_id IS NOT NULL THEN
		PERFORM kg.touch(array[NEW.session_id], true);
	END IF;
	RETURN NULL;
END
$$;

CREATE TRIGGER c_touch AFTER INSERT OR UPDATE OR DELETE ON kg.booking
	FOR EACH ROW EXECUTE FUNCTION kg.booking_touches();

-- A booking for a session covers it, or is for a part of it (a group's room) while
-- another one covers it: to move them is to move the session, which takes its bookings
-- along. Looked at when everything has moved. Raises KG005.
CREATE OR REPLACE FUNCTION kg.booking_covers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	hit record;
BEGIN
	SELECT s.no, s.starts_local, s.ends_local, s.zone, r.run_no INTO hit
	FROM kg.booking b JOIN kg.session s ON s.id = b.session_id
		JOIN kg.run r ON r.id = s.run_id
	WHERE b.id = NEW.id AND b.status IN ('held', 'confirmed')
		AND (b.starts_local > s.starts_local OR b.ends_local < s.ends_local)
		AND NOT (b.starts_local >= s.starts_local AND b.ends_local <= s.ends_local
			AND EXISTS (SELECT FROM kg.booking x
				WHERE x.session_id = s.id AND x.id <> b.id
					AND x.status IN ('held', 'confirmed')
					AND x.starts_local <= s.starts_local
					AND x.ends_local >= s.ends_local));
	IF FOUND THEN
		PERFORM kg.refuse('KG005', format('the booking is for session %s of run %s '
				'and would not fit its hours', hit.no, hit.run_no),
			format('the session is from %s to %s: move it, and its rooms go along '
				'(POST /runs/%s/sessions/%s/move)',
				to_char(hit.starts_local, 'YYYY-MM-DD HH24:MI'),
				to_char(hit.ends_local, 'YYYY-MM-DD HH24:MI'), hit.run_no,
				hit.no),
			jsonb_build_object('fields', '["starts_local", "ends_local"]'::jsonb,
				'session', jsonb_build_object('run_no', hit.run_no,
					'no', hit.no,
					'starts_local', kg.api_local(hit.starts_local),
					'ends_local', kg.api_local(hit.ends_local),
					'starts_at', kg.api_instant(hit.starts_local
						AT TIME ZONE hit.zone),
					'ends_at', kg.api_instant(hit.ends_local
						AT TIME ZONE hit.zone))));
	END IF;
	RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER booking_covers_session AFTER INSERT OR UPDATE OF session_id,
		starts_local, ends_local, status ON kg.booking
	DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (NEW.session_id IS NOT NULL)
	EXECUTE FUNCTION kg.booking_covers();

-- A programme does not run past its session's end: who makes a session shorter says
-- what becomes of it. Looked at when everything has changed. Raises KG005.
CREATE OR REPLACE FUNCTION kg.agenda_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	its_session int := CASE TG_TABLE_NAME WHEN 'session' THEN to_jsonb(NEW) -> 'id'
		ELSE to_jsonb(NEW) -> 'session_id' END;
	items jsonb;
	titles text;
BEGIN
	SELECT jsonb_agg(jsonb_build_object('title', a.title,
			'starts_local', kg.api_local(s.starts_local
				+ a.starts_min * interval '1 minute'),
			'ends_local', kg.api_local(s.starts_local
				+ a.ends_min * interval '1 minute'),
			'starts_at', kg.api_only(s.starts_local
				+ a.starts_min * interval '1 minute', s.zone),
			'ends_at', kg.api_only(s.starts_local
				+ a.ends_min * interval '1 minute', s.zone)) ORDER BY a.no),
		string_agg('"' || a.title || '"', ', ' ORDER BY a.no)
	INTO items, titles
	FROM kg.session s JOIN kg.agenda_item a ON a.session_id = s.id
	WHERE s.id = its_session
		AND s.starts_local + a.ends_min * interval '1 minute' > s.ends_local;
	IF items IS NOT NULL THEN
		PERFORM kg.refuse('KG005', 'the programme runs past the end of the session',
			left(titles, 150) || '; a later end, or a new programme with the '
				'change (agenda)', jsonb_build_object('agenda', items,
				'fields', '["ends_local", "agenda"]'::jsonb));
	END IF;
	RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER agenda_within_session AFTER UPDATE OF starts_local, ends_local
	ON kg.session DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
	WHEN (NEW.ends_local - NEW.starts_local < OLD.ends_local - OLD.starts_local)
	EXECUTE FUNCTION kg.agenda_fits();
CREATE CONSTRAINT TRIGGER agenda_item_within_session AFTER INSERT OR UPDATE
	ON kg.agenda_item DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
	EXECUTE FUNCTION kg.agenda_fits();

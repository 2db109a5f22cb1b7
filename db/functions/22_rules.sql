-- The rules of the other tables: runs and what cancelling one means, publication,
-- and the changes that sessions show.
SET LOCAL ROLE kattegat_owner;

-- Raises KG006 unless a run may go from one state to another: one step forward, or one
-- back, which corrects a mistake. What the public has seen is not planned again; what
-- has not begun is not running, and what has not ended not completed. Cancelling and
-- coming back from it are steps of their own.
CREATE OR REPLACE FUNCTION kg.run_step_must(was kg.run, is_now kg.run) RETURNS void
LANGUAGE plpgsql SET search_path = kg, pg_temp AS $$
DECLARE
	states text[] := '{draft,planned,open,enrolment_closed,running,completed}';
	step int := array_position(states, is_now.status)
		- array_position(states, was.status);
	at_utc timestamp := kg.now() AT TIME ZONE 'UTC';
	days tsrange := (SELECT range_merge(range_agg(s.during)) FROM kg.session s
		WHERE s.run_id = was.id AND s.status = 'confirmed');
BEGIN
	IF was.status = 'cancelled' AND is_now.status <> was.status_before_cancel
		OR abs(step) > 1 THEN
		PERFORM kg.wrong_state(format('run %s is %s', was.run_no, was.status),
			'a run goes from draft to planned, open, enrolment_closed, running '
			'and completed, one step at a time');
	ELSIF is_now.status = 'planned' AND step = -1
		AND was.published_at IS NOT NULL THEN
		PERFORM kg.wrong_state(format('run %s is published', was.run_no),
			'cancel it: calendars must hear of it');
	ELSIF is_now.status = 'running' AND step = 1
		AND (lower(days) <= at_utc) IS NOT TRUE THEN
		PERFORM kg.wrong_state(format('run %s has not begun', was.run_no),
			'when its first session has begun');
	ELSIF is_now.status = 'completed' AND step = 1
		AND (upper(days) <= at_utc) IS NOT TRUE THEN
		PERFORM kg.wrong_state(format('run %s has not ended', was.run_no),
			'when its last session has ended');
	END IF;
END
$$;

CREATE OR REPLACE FUNCTION kg.run_rules() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF NEW.status IN ('open', 'enrolment_closed', 'running') THEN
		NEW.published_at := coalesce(NEW.published_at, kg.now());
	END IF;
	IF TG_OP = 'UPDATE' THEN
		NEW.published_at := coalesce(OLD.published_at, NEW.published_at);
		IF NEW.status = 'cancelled' AND OLD.status = 'completed' THEN
			PERFORM kg.wrong_state(
				format('run %s is completed', OLD.run_no),
				'what has been held cannot be cancelled');
		END IF;
		IF NEW.status <> OLD.status THEN
			PERFORM kg.run_step_must(OLD, NEW);
		END IF;
	END IF;
	IF NEW.status <> 'cancelled' THEN
		NEW.cancelled_at := NULL;
		NEW.status_before_cancel := NULL;
	ELSIF TG_OP = 'UPDATE' AND OLD.status <> 'cancelled' THEN
		NEW.cancelled_at := coalesce(NEW.cancelled_at, kg.now());
		NEW.status_before_cancel := OLD.status;
	END IF;
	RETURN NEW;
END
$$;

CREATE TRIGGER m_rules BEFORE INSERT OR UPDATE ON kg.run
	FOR EACH ROW EXECUTE FUNCTION kg.run_rules();

-- A cancelled run cancels its sessions; a restored one brings back those that it
-- cancelled, and no others.
CREATE OR REPLACE FUNCTION kg.run_touches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
DECLARE
	made text[] := array['version', 'changed_at', 'changed_by'];
BEGIN
	IF NEW.status = 'cancelled' AND OLD.status <> 'cancelled' THEN
		UPDATE kg.session s SET status = 'cancelled', cancelled_with_run = true
		WHERE s.run_id = NEW.id AND s.status = 'confirmed';
	ELSIF NEW.status <> 'cancelled' AND OLD.status = 'cancelled' THEN
		UPDATE kg.session s SET status = 'confirmed'
		WHERE s.run_id = NEW.id AND s.cancelled_with_run;
	END IF;
	-- a version by itself is nothing that a session shows
	IF to_jsonb(NEW) - made <> to_jsonb(OLD) - made THEN
		PERFORM kg.touch(array(SELECT s.id FROM kg.session s
			WHERE s.run_id = NEW.id), false);
	END IF;
	RETURN NULL;
END
$$;

CREATE TRIGGER c_touch AFTER UPDATE ON kg.run
	FOR EACH ROW EXECUTE FUNCTION kg.run_touches();

CREATE OR REPLACE FUNCTION kg.seminar_touches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.touch(array(SELECT s.id FROM kg.session s
		JOIN kg.run r ON r.id = s.run_id WHERE r.seminar_id = NEW.id), false);
	RETURN NULL;
END
$$;

CREATE TRIGGER c_touch AFTER UPDATE ON kg.seminar
	FOR EACH ROW EXECUTE FUNCTION kg.seminar_touches();

CREATE OR REPLACE FUNCTION kg.seminar_tag_touches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.touch(array(SELECT s.id FROM kg.session s
		JOIN kg.run r ON r.id = s.run_id
		WHERE r.seminar_id IN (OLD.seminar_id, NEW.seminar_id)), false);
	RETURN NULL;
END
$$;

CREATE TRIGGER c_touch AFTER INSERT OR UPDATE OR DELETE ON kg.seminar_tag
	FOR EACH ROW EXECUTE FUNCTION kg.seminar_tag_touches();

CREATE OR REPLACE FUNCTION kg.agenda_item_touches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.touch(array_remove(array[OLD.session_id, NEW.session_id], NULL),
		false);
	RETURN NULL;
END
$$;

CREATE TRIGGER c_touch AFTER INSERT OR UPDATE OR DELETE ON kg.agenda_item
	FOR EACH ROW EXECUTE FUNCTION kg.agenda_item_touches();

-- LOCATION is the venue's name and address, so a new one of either is a new place.
CREATE OR REPLACE FUNCTION kg.venue_touches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.touch(array(SELECT s.id FROM kg.session s
			WHERE s.venue_id = NEW.id
			UNION SELECT b.session_id FROM kg.booking b
				JOIN kg.room r ON r.id = b.room_id
			WHERE r.venue_id = NEW.id AND b.session_id IS NOT NULL),
		(NEW.name, NEW.street, NEW.postcode, NEW.town)
			IS DISTINCT FROM (OLD.name, OLD.street, OLD.postcode, OLD.town));
	RETURN NULL;
END
$$;

CREATE TRIGGER c_touch AFTER UPDATE ON kg.venue
	FOR EACH ROW EXECUTE FUNCTION kg.venue_touches();

CREATE OR REPLACE FUNCTION kg.room_touches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.touch(array(SELECT b.session_id FROM kg.booking b
			WHERE b.room_id = NEW.id AND b.session_id IS NOT NULL),
		(NEW.name, NEW.venue_id) IS DISTINCT FROM (OLD.name, OLD.venue_id));
	RETURN NULL;
END
$$;

CREATE TRIGGER c_touch AFTER UPDATE ON kg.room
	FOR EACH ROW EXECUTE FUNCTION kg.room_touches();

-- Events carry an ORGANIZER when every office has an address, or none does.
CREATE OR REPLACE FUNCTION kg.office_touches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF TG_OP = 'UPDATE' THEN
		PERFORM kg.touch(array(SELECT s.id FROM kg.session s
			JOIN kg.run r ON r.id = s.run_id
			WHERE r.office_id = NEW.id), false);
	END IF;
	UPDATE kg.site SET organizer = (
		SELECT count(*) > 0 AND count(*) = count(mail) FROM kg.office);
	RETURN NULL;
END
$$;

CREATE TRIGGER c_touch AFTER INSERT OR UPDATE OR DELETE ON kg.office
	FOR EACH ROW EXECUTE FUNCTION kg.office_touches();

CREATE OR REPLACE FUNCTION kg.site_touches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF NEW.organizer <> OLD.organizer THEN
		PERFORM kg.touch(array(SELECT s.id FROM kg.session s), false);
	END IF;
	RETURN NULL;
END
$$;

CREATE TRIGGER c_touch AFTER UPDATE ON kg.site
	FOR EACH ROW EXECUTE FUNCTION kg.site_touches();

-- Who was published stays so, and a session's people go when it goes: rows of the
-- calendar are never deleted by hand.
CREATE OR REPLACE FUNCTION kg.session_stays() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF EXISTS (SELECT FROM kg.run r
		WHERE r.id = OLD.run_id AND r.published_at IS NOT NULL) THEN
		PERFORM kg.wrong_state('a published session is never deleted',
			'cancel it: calendars must hear of it');
	END IF;
	-- its changes count in the run's version (kg.run_version()), which never falls
	UPDATE kg.run r SET version = r.version + OLD.version WHERE r.id = OLD.run_id;
	RETURN OLD;
END
$$;

CREATE TRIGGER m_stays BEFORE DELETE ON kg.session
	FOR EACH ROW EXECUTE FUNCTION kg.session_stays();

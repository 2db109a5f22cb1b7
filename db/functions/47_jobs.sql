-- Due work: what the keeper has done every so often. Each function answers rows of
-- how much it did (`did`) and, when the log must tell more, `what`. Of several
-- keepers one does a job at a time; the others are answered no row.
SET LOCAL ROLE kattegat_owner;

-- Whether nobody else is at this job; until the end of the transaction.
CREATE OR REPLACE FUNCTION kg.job_mine(job text) RETURNS bool
LANGUAGE sql VOLATILE SET search_path = kg, pg_temp AS $$
	SELECT pg_try_advisory_xact_lock(8, hashtext(job))
$$;

-- ---- holds ----

-- Who is told of a hold: the mailbox of the office that has the room, else whoever
-- made the booking.
CREATE OR REPLACE FUNCTION kg.hold_tell(kind text, booking_id int) RETURNS void
LANGUAGE sql SET search_path = kg, pg_temp AS $$
	SELECT kg.mail_queue($1, CASE WHEN o.mail IS NULL THEN coalesce(
			(SELECT j.actor_id FROM kg.journal j
			WHERE j.object = 'booking' AND j.object_id = b.id::text
				AND j.action = 'insert'
			ORDER BY j.id LIMIT 1), b.changed_by) END,
		CASE WHEN o.mail IS NOT NULL THEN o.id END,
		jsonb_build_object('booking', b.id, 'title', b.title, 'room', r.name,
			'venue', v.name,
			'span', kg.local_in_danish(b.starts_local) || ' til '
				|| CASE WHEN b.ends_local::date = b.starts_local::date
					THEN to_char(b.ends_local, 'HH24.MI')
					ELSE kg.local_in_danish(b.ends_local) END,
			'expires', kg.local_in_danish(b.expires_at AT TIME ZONE b.zone)),
		CASE $1 WHEN 'hold_warning' THEN b.expires_at END)
	FROM kg.booking b JOIN kg.room r ON r.id = b.room_id
		JOIN kg.venue v ON v.id = r.venue_id
		JOIN kg.office o ON o.id = v.office_id
	WHERE b.id = $2
$$;

CREATE OR REPLACE FUNCTION kg.hold_expired() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	PERFORM kg.hold_tell('hold_expired', NEW.id);
	RETURN NULL;
END
$$;

-- Whoever makes it expire: the keeper, or the next who wants the room.
CREATE TRIGGER e_hold_expired AFTER UPDATE OF status ON kg.booking
	FOR EACH ROW WHEN (OLD.status = 'held' AND NEW.status = 'expired')
	EXECUTE FUNCTION kg.hold_expired();

CREATE OR REPLACE FUNCTION kg.job_holds_expire()
RETURNS TABLE (did bigint, what text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF kg.job_mine('holds_expire') THEN
		RETURN QUERY SELECT e.expired::bigint, NULL FROM kg.holds_expire() AS e;
	END IF;
END
$$;

CREATE OR REPLACE FUNCTION kg.job_holds_warn()
RETURNS TABLE (did bigint, what text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF kg.job_mine('holds_warn') THEN
		RETURN QUERY SELECT count(*), NULL
			FROM (SELECT kg.hold_tell('hold_warning', d.booking_id)
				FROM kg.holds_due_warning() AS d) AS told;
	END IF;
END
$$;

-- ---- what is kept no longer ----

-- Answers to requests: a day.
CREATE OR REPLACE FUNCTION kg.job_answers_clean()
RETURNS TABLE (did bigint, what text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF kg.job_mine('answers_clean') THEN
		RETURN QUERY WITH gone AS (
			DELETE FROM kg.idempotency i
			WHERE i.created_at < kg.now() - interval '24 hours' RETURNING 1)
		SELECT count(*), NULL FROM gone;
	END IF;
END
$$;

-- Sign-ins and invitations that have ended: see kg.accounts_clean().
CREATE OR REPLACE FUNCTION kg.job_accounts_clean()
RETURNS TABLE (did bigint, what text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF kg.job_mine('accounts_clean') THEN
		RETURN QUERY SELECT kg.accounts_clean()::bigint, NULL;
	END IF;
END
$$;

-- Mails that were sent or given up: 30 days, without text and address.
CREATE OR REPLACE FUNCTION kg.job_mails_clean()
RETURNS TABLE (did bigint, what text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF kg.job_mine('mails_clean') THEN
		RETURN QUERY WITH gone AS (
			DELETE FROM kg.outbox m
			WHERE m.ended_at < kg.now() - interval '30 days' RETURNING 1)
		SELECT count(*), NULL FROM gone;
	END IF;
END
$$;

-- One row for each mail that comes too late now; sent or not, its text is forgotten.
CREATE OR REPLACE FUNCTION kg.job_mails_give_up()
RETURNS TABLE (did bigint, what text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kg, pg_temp AS $$
BEGIN
	IF kg.job_mine('mails_give_up') THEN
		RETURN QUERY UPDATE kg.outbox m SET ended_at = kg.now(),
			ended_as = 'given_up', facts = NULL
		WHERE m.ended_at IS NULL AND m.give_up_at <= kg.now()
		RETURNING 1::bigint, format('mail %s (%s), tried %s times%s', m.id,
			m.kind, m.tries, ': ' || m.problem);
	END IF;
END
$$;

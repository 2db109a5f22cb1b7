-- Reads one published run and its sessions, in order of time.
--
-- $1 run_no  text  in either case
--
-- Returns: a row a session, each with the run's columns; one row with session_no
--          NULL for a run without sessions; no row when there is no such run.
--          starts and ends are local, '20300117T130000'.
SELECT run_no, title, office, place, status, demo, feed_path,
	session_no, session_title, session_place, starts, ends, cancelled
FROM kg.web_run($1);

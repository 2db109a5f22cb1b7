-- A teacher is in one place.
SELECT * FROM kg.session_teacher_set(NULL, 'x', 'R-1', 1, 3, 'asked') \gset w_
SELECT is(:'w_changed' || ' ' || :'w_object' || ' ' || :'w_scopes',
	't session_teacher all office:1 person:1 person:3 run:1 season:1 seminar:1',
	'a teacher is asked, and the session shows it');
SELECT is(count(*), 0::bigint, 'which is no promise')
	FROM kg.session_teacher WHERE status = 'accepted';
SELECT is((kg.session_teacher_set(NULL, 'x', 'R-1', 1, 3, 'accepted')).version, 2,
	'and accepts');
SELECT ok(NOT (kg.session_teacher_set(NULL, 'x', 'R-1', 1, 3, 'accepted')).changed,
	'again changes nothing');
SELECT is(t.during, s.during, 'for the time of the session')
	FROM kg.session_teacher t JOIN kg.session s ON s.id = t.session_id;
SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL, '2030-01-10 20:00', NULL, NULL,
	NULL) \g /dev/null
SELECT lives_ok($$SELECT kg.session_teacher_set(NULL, 'x', 'R-2', 1, 3, 'asked')$$,
	'asked for two at once');
SELECT throws_ok($$SELECT kg.session_teacher_set(NULL, 'x', 'R-2', 1, 3,
	'accepted')$$, 'KG007', 'Underviser T teaches elsewhere', 'takes one');
SELECT throws_ok($$UPDATE kg.session_teacher SET status = 'accepted'$$, '23P01',
	NULL, 'by hand too');
SELECT lives_ok($$SELECT kg.session_teacher_set(NULL, 'x', 'R-2', 1, 7,
	'accepted')$$, 'another takes the other');
SELECT lives_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL,
	'2030-01-10 21:30', NULL, NULL, NULL)$$, 'one ends as the next begins');
SELECT lives_ok($$SELECT kg.session_teacher_set(NULL, 'x', 'R-2', 1, 3,
	'accepted')$$, 'then both can be');
SELECT throws_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL,
	'2030-01-10 21:00', NULL, NULL, NULL)$$, 'KG007',
	'Underviser T teaches elsewhere', 'a session does not move over it');
SELECT kg.run_cancel(NULL, 'x', 'R-1', NULL) \g /dev/null
SELECT lives_ok($$SELECT kg.session_move(NULL, 'x', 'R-2', 1, NULL,
	'2030-01-10 20:00', NULL, NULL, NULL)$$, 'over a cancelled one it does');
SELECT throws_ok($$SELECT kg.run_restore(NULL, 'x', 'R-1', NULL)$$, 'KG007',
	'Underviser T teaches elsewhere', 'which then does not come back');
SELECT lives_ok($$SELECT kg.session_teacher_set(NULL, 'x', 'R-2', 1, 3,
	'declined')$$, 'who declines is free');
SELECT lives_ok($$SELECT kg.run_restore(NULL, 'x', 'R-1', NULL)$$, 'and it does');
SELECT throws_ok($$SELECT kg.session_teacher_set(NULL, 'x', 'R-1', 1, 2,
	'asked')$$, 'KG004', 'there is no teacher 2', 'a planner is no teacher');
SELECT throws_ok($$SELECT kg.session_teacher_set(NULL, 'x', 'R-1', 1, 3,
	'maybe')$$, 'KG005', NULL, 'maybe is no answer');
-- the session's version tells of its teachers
SELECT version AS v, sequence AS q FROM kg.session WHERE id = 2 \gset
SELECT throws_ok(format($$SELECT kg.session_teacher_set(NULL, 'x', 'R-1', 2, 7, 'asked',
	%s)$$, :v - 1), 'KG003', NULL, 'who saw an older session asks nobody for it');
SELECT is((kg.session_teacher_set(NULL, 'x', 'R-1', 2, 7, 'asked', :v)).changed, true,
	'who saw this one does');
SELECT is(marks(2), format('sequence %s version %s', :q, :v + 1),
	'and it has another version, but no other time or place');
SELECT is((kg.session_teacher_set(NULL, 'x', 'R-1', 2, 7, 'asked', :v + 1)).changed, false,
	'the same again changes nothing');
SELECT is((kg.session_teacher_remove(NULL, 'væk igen', 'R-1', 2, 7, :v + 1)).object,
	'session_teacher', 'who was asked by mistake is taken off');
SELECT is(count(*), 0::bigint, 'and asked no more') FROM kg.session_teacher
	WHERE session_id = 2 AND person_id = 7;
SELECT is(marks(2), format('sequence %s version %s', :q, :v + 2), 'which it tells too');
SELECT throws_ok($$SELECT kg.session_teacher_remove(NULL, 'x', 'R-1', 2, 7)$$, 'KG004',
	'there is no teacher 7 of this session', 'only once');
SELECT throws_ok($$SELECT kg.session_teacher_remove(6, 'x', 'R-1', 2, 7)$$, 'KG001', NULL,
	'and not by another office');
SELECT * FROM finish();

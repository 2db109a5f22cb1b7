-- The journal of a room: what was booked there once, by the room that it left.
SET LOCAL ROLE kattegat_owner;

CREATE INDEX journal_left_room ON kg.journal ((before ->> 'room_id'))
	WHERE before ? 'room_id';

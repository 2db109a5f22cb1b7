-- Set-ups that bookings of the past do not hold fast: a booking that is over or
-- cancelled says how the room was set up; the capacity, which is what holds the set-up,
-- it loses when that shrinks or goes (kg.setup_release()).
SET LOCAL ROLE kattegat_owner;

ALTER TABLE kg.booking DROP CONSTRAINT booking_setup_has_its_capacity;
ALTER TABLE kg.booking ADD CONSTRAINT booking_setup_has_its_capacity CHECK (
	room_setup IS NOT NULL OR setup_capacity IS NULL);

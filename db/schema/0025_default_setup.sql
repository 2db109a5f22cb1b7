-- A room and its set-ups come and go in one transaction, in whichever order.
SET LOCAL ROLE kattegat_owner;

ALTER TABLE kg.room ALTER CONSTRAINT room_has_its_default_setup
	DEFERRABLE INITIALLY IMMEDIATE;

-- Mail addresses are such that a mail can go to.
SET LOCAL ROLE kattegat_owner;

-- The same as mail_address_ok() in lib/mail: plain ASCII, nothing that SMTP or a header
-- could misread. Addresses that are there already stay until somebody changes them.
ALTER DOMAIN kg.mail ADD CONSTRAINT mail_is_plain CHECK (
	value ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+$') NOT VALID;

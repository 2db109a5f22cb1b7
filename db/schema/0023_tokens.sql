-- A token is held to its office now. One that is no coordinator's and names its person's
-- office got it without being asked.
SET LOCAL ROLE kattegat_owner;

UPDATE kg.api_token t SET office_id = NULL
FROM kg.person p
WHERE p.id = t.person_id AND t.role <> 'coordinator' AND t.office_id = p.office_id;

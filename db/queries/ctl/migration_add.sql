-- Remembers a migration as applied.
--
-- $1 number    int
-- $2 name      text
-- $3 checksum  text  SHA-256 in hex
INSERT INTO kg.migration (number, name, checksum)
VALUES ($1::int, $2, decode($3, 'hex'))

-- Who asks, and when they were seen before.
SET LOCAL ROLE kattegat_owner;

ALTER TYPE kg.actor ADD ATTRIBUTE seen_at timestamptz;

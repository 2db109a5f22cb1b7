-- Who asks, and when they were seen before.
ALTER TYPE kg.actor ADD ATTRIBUTE seen_at timestamptz;

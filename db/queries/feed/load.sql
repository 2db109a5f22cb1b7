-- Reads a feed in one snapshot: what it is, what it holds, and its events in words.
--
-- $1 kind            text      alle, saeson, seminar, kontor, hold, lokale, token
-- $2 arg             text      slug, code, number or id; SHA-256 of a token, in hex
-- $3 known_ids       bigint[]  events the caller has already,
-- $4 known_versions  int[]     and in which version
--
-- Returns: a row for the feed, whatever its state (live, revoked, gone, unknown),
--          with its snapshot, its scopes and `layout` ("id version,id version");
--          then a row for each event that is not known, in the order of the layout.
--          starts and ends are local, '20300117T130000', or days.
SELECT state, snapshot, scopes, name, feed_description, feed_path, feed_colour,
	show_cancelled, token_id, publish, layout, event_id, uid, starts, ends, zone,
	status, summary, location, description, path, categories, lat, lon,
	place_title, organizer_mail, organizer_name, conference_url, colour, sequence,
	created_s, changed_s, transparent
FROM kg.feed_load($1, $2, $3, $4);

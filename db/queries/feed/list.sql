-- Lists every public feed, in the order to be shown.
--
-- Returns: kind text ('alle', 'saeson', ... as in /f/), title text,
--          path text ('/f/kontor/aar.ics').
SELECT kind, title, path FROM kg.feed_list();

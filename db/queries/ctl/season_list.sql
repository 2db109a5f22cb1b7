-- Seasons with their extent.
--
-- Returns: one row a season.
SELECT n.slug AS season, n.title, m.slug AS seminar,
	min(p.starts_on) AS first_day, max(p.ends_on) AS last_day,
	count(p.id) AS periods,
	(SELECT count(*) FROM kg.run r WHERE r.season_id = n.id) AS runs,
	n.demo, n.version
FROM kg.season n
JOIN kg.seminar m ON m.id = n.seminar_id
LEFT JOIN kg.period p ON p.season_id = n.id
GROUP BY n.id, m.slug
ORDER BY first_day, n.slug

"""Coverage ends with the tolerance of its last reading, where it went on to a reading of the next day.

How old a reading may become was not stored. So of each store it is three times the median time between two readings,
at least 5 minutes and at most 25 hours. Readings without a change are deleted after 30 days: older coverage stays as it
is, because nobody can tell any more when it was read.
"""

READINGS = """
CREATE TABLE reading_0005 AS
SELECT r.store_id, r.as_of, lag(r.as_of) OVER one AS before
FROM sync_run AS r
WHERE r.as_of IS NOT NULL AND 2 = (
    SELECT count(*) FROM walk AS w
    WHERE w.run_id = r.id AND w.status IN ('auditing', 'rejected') AND w.complete = 1
)
WINDOW one AS (PARTITION BY r.store_id ORDER BY r.as_of)
"""

TOLERANCES = """
CREATE TABLE tolerance_0005 AS
SELECT store_id, max(300.0, min(90000.0, 3 * coalesce(avg(gap) FILTER (WHERE place IN ((n + 1) / 2, (n + 2) / 2)), 0)))
    AS seconds, strftime('%Y-%m-%dT%H:%M:%fZ', max(as_of), '-29 days') AS kept_from
FROM (
    SELECT store_id, as_of, gap, row_number() OVER (PARTITION BY store_id ORDER BY gap) AS place,
        count(*) OVER (PARTITION BY store_id) AS n
    FROM (
        SELECT store_id, as_of, (julianday(as_of) - julianday(before)) * 86400 AS gap FROM reading_0005
        WHERE before IS NOT NULL
        UNION ALL  -- a store that was read once
        SELECT store_id, min(as_of), NULL FROM reading_0005 GROUP BY store_id HAVING count(*) = 1
    )
)
GROUP BY store_id
"""

BEGINNINGS = """
CREATE TABLE spell_0005 AS
SELECT store_id, as_of, sum(begins) OVER (PARTITION BY store_id ORDER BY as_of) AS number
FROM (
    SELECT r.store_id, r.as_of,
        r.before IS NULL OR r.before < t.kept_from
            OR (julianday(r.as_of) - julianday(r.before)) * 86400 > t.seconds AS begins
    FROM reading_0005 AS r JOIN tolerance_0005 AS t ON t.store_id = r.store_id
    WHERE r.as_of >= t.kept_from
)
"""

STATEMENTS = (
    # the moment up to which the last reading of the row speaks: to_at and the tolerance of the store
    "ALTER TABLE coverage ADD COLUMN until_at TEXT NOT NULL DEFAULT ''",
    READINGS,
    TOLERANCES,
    BEGINNINGS,
    """
    UPDATE coverage SET to_at = coalesce((
        SELECT max(r.as_of) FROM reading_0005 AS r JOIN tolerance_0005 AS t ON t.store_id = r.store_id
        WHERE r.store_id = coverage.store_id AND r.as_of >= coverage.from_at AND r.as_of <= coverage.to_at
            AND r.as_of < t.kept_from
    ), from_at)
    WHERE to_at >= (SELECT kept_from FROM tolerance_0005 AS t WHERE t.store_id = coverage.store_id)
        AND from_at < (SELECT kept_from FROM tolerance_0005 AS t WHERE t.store_id = coverage.store_id)
    """,
    """
    DELETE FROM coverage
    WHERE from_at >= (SELECT kept_from FROM tolerance_0005 AS t WHERE t.store_id = coverage.store_id)
    """,
    """
    INSERT INTO coverage (store_id, from_at, to_at)
    SELECT store_id, min(as_of), max(as_of) FROM spell_0005 GROUP BY store_id, number
    """,
    """
    UPDATE coverage SET until_at = strftime('%Y-%m-%dT%H:%M:%fZ', to_at, '+' || coalesce(
        (SELECT seconds FROM tolerance_0005 AS t WHERE t.store_id = coverage.store_id), 300) || ' seconds')
    """,
    "DROP TABLE spell_0005",
    "DROP TABLE tolerance_0005",
    "DROP TABLE reading_0005",
)

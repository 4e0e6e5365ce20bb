"""Keeps with every held period since when the listing has been held without a break: the beginning of its spell.

The texts that statements below have in common with other modules are copies: those may change.
"""

OUTSIDE = "coalesce(came_from, '') NOT IN ('auditing', 'rejected')"
"""The condition that a held period is the first of its spell."""

STRETCH = """CASE
        WHEN ended_at IS NULL THEN -1
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 21600 THEN 0
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 86400 THEN 1
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 345600 THEN 2
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 1382400 THEN 3
        WHEN unixepoch(ended_at) - unixepoch(started_at) <= 5529600 THEN 4
        ELSE 5 END"""
"""The stretch of a period, by how long it lasted in seconds; -1 is open."""

FILL = f"""
WITH held AS (
    -- The latest first period up to each period of a listing: moments have one width, so that of two texts the later
    -- beginning is the greater.
    SELECT id, max(CASE WHEN {OUTSIDE} THEN started_at || coalesce(started_after, '') END) OVER (
        PARTITION BY store_id, product_id ORDER BY started_at ROWS UNBOUNDED PRECEDING
    ) AS begun
    FROM status_period WHERE status IN ('auditing', 'rejected')
)
UPDATE status_period SET
    held_since = coalesce(substr(held.begun, 1, 24), started_at),
    held_after = CASE WHEN held.begun IS NULL THEN started_after ELSE nullif(substr(held.begun, 25), '') END
FROM held WHERE held.id = status_period.id
"""  # noqa: S608
"""The beginnings of every spell, for a snapshot that has not kept them so far."""

STATEMENTS = (
    # The beginning of the spell of a held period, as `started_at` and `started_after` say it of the period itself.
    "ALTER TABLE status_period ADD COLUMN held_since TEXT",  # null: not a held period
    "ALTER TABLE status_period ADD COLUMN held_after TEXT",  # null: it was held already when we first looked
    FILL,
    # Filters and orders by age read the index alone, as they did.
    "DROP INDEX period_open_listed",
    """
    CREATE INDEX period_open_listed
        ON status_period (
            store_id, status, started_at, product_id, cause, audit_kind, attempt, category_id, codes, resubmit,
            held_since, held_after
        )
        WHERE listed = 1 AND ended_at IS NULL
    """,
    "DROP INDEX period_stretch",
    f"""
    CREATE INDEX period_stretch
        ON status_period
            (store_id, ({STRETCH}), started_at, ended_at, status, product_id, codes, codes_at, held_since, held_after)
        WHERE listed = 1
    """,
)

"""The last run of a store whose values of cards are written: they follow a reading, in a transaction of their own."""

MARK = """
UPDATE store SET values_run = coalesce((
    SELECT max(id) FROM sync_run WHERE store_id = store.id AND as_of IS NOT NULL
), 0)
"""

STATEMENTS = (
    # the number of a run in sync_run; 0: none yet
    "ALTER TABLE store ADD COLUMN values_run INTEGER NOT NULL DEFAULT 0",
    MARK,
)

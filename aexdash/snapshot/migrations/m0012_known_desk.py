"""Which desk lies beside the snapshot, so that one that disappears is missed."""

STATEMENTS = (
    """
    CREATE TABLE known_desk (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        identity TEXT NOT NULL,                 -- the text that was written into it when it was made
        changes INTEGER NOT NULL,               -- the number of the latest change in it
        at TEXT NOT NULL                        -- when that was last written
    ) STRICT
    """,
)

"""Sessions of people who signed in: from when to when, and by whom they were ended."""

STATEMENTS = (
    """
    CREATE TABLE session (
        id INTEGER PRIMARY KEY,
        secret TEXT NOT NULL UNIQUE,            -- SHA-256, hexadecimal, of what the browser keeps
        person TEXT NOT NULL,                   -- issuer|subject
        name TEXT NOT NULL,                     -- as the provider told it at the sign-in
        groups TEXT NOT NULL,                   -- JSON array, as the provider told them at the sign-in
        started_at TEXT NOT NULL,
        seen_at TEXT NOT NULL,                  -- the last run of a page, to some minutes
        ended_at TEXT,                          -- NULL: open until it is too old
        ended_by TEXT NOT NULL DEFAULT ''       -- the name of who ended it
    ) STRICT
    """,
    "CREATE INDEX session_of_person ON session (person)",
    """
    CREATE TRIGGER session_stays_ended BEFORE UPDATE ON session WHEN OLD.ended_at IS NOT NULL
    BEGIN SELECT raise(ABORT, 'a session that has ended does not begin again'); END
    """,
)

"""Named sets of stores, the bands that people set, what each person prefers, and which columns feed files have."""

STATEMENTS = (
    """
    CREATE TABLE profile (
        name TEXT NOT NULL PRIMARY KEY,         -- as it stands in addresses
        title TEXT NOT NULL,
        stores TEXT NOT NULL,                   -- JSON array of store keys
        at TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE sensitivity (
        id INTEGER PRIMARY KEY,
        profile TEXT NOT NULL,                  -- name of a profile; empty: every store
        card_key TEXT NOT NULL,
        direction TEXT,                         -- null: back to the band that the card ships with
        good REAL,
        bad REAL,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        CHECK ((direction IS NULL) = (good IS NULL) AND (good IS NULL) = (bad IS NULL))
    ) STRICT
    """,
    "CREATE INDEX sensitivity_of_profile ON sensitivity (profile, card_key, id)",
    """
    CREATE TRIGGER sensitivity_is_not_rewritten BEFORE UPDATE ON sensitivity
    BEGIN SELECT raise(ABORT, 'the log of bands can only grow'); END
    """,
    """
    CREATE TRIGGER sensitivity_is_not_shortened BEFORE DELETE ON sensitivity
    BEGIN SELECT raise(ABORT, 'the log of bands can only grow'); END
    """,
    """
    CREATE TABLE preference (
        who TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (who, name)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE feed_columns (
        headings TEXT NOT NULL PRIMARY KEY,     -- JSON array of a file's headings, in alphabetical order
        mapping TEXT NOT NULL,                  -- JSON object: which column holds what
        at TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

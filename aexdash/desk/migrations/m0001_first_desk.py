"""What people decided about listings, the log of it, and the syncs they asked for."""

STATEMENTS = (
    """
    CREATE TABLE work_item (
        store_key TEXT NOT NULL,
        product_id INTEGER NOT NULL,
        stage TEXT NOT NULL DEFAULT 'new',
        stage_at TEXT,                          -- when the stage was set: a later rejection makes the listing new again
        owner TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '',
        snoozed_until TEXT NOT NULL DEFAULT '', -- empty: until somebody says otherwise
        updated_at TEXT NOT NULL,
        updated_by TEXT NOT NULL,
        PRIMARY KEY (store_key, product_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE work_log (
        id INTEGER PRIMARY KEY,
        store_key TEXT NOT NULL,
        product_id INTEGER NOT NULL,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        field TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX work_log_of_listing ON work_log (store_key, product_id, id)",
    """
    CREATE TRIGGER work_log_is_not_rewritten BEFORE UPDATE ON work_log
    BEGIN SELECT raise(ABORT, 'the work log can only grow'); END
    """,
    """
    CREATE TRIGGER work_log_is_not_shortened BEFORE DELETE ON work_log
    BEGIN SELECT raise(ABORT, 'the work log can only grow'); END
    """,
    """
    CREATE TABLE sync_request (
        store_key TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('pulse', 'sweep')),
        asked_at TEXT NOT NULL,
        PRIMARY KEY (store_key, kind)
    ) STRICT, WITHOUT ROWID
    """,
)

"""Comparisons of Seller Center's lists and numbers with the snapshot, kept as they were made."""

STATEMENTS = (
    """
    CREATE TABLE reconciliation (
        id INTEGER PRIMARY KEY,
        made_at TEXT NOT NULL,
        by TEXT NOT NULL,                       -- who compared; empty: a command
        at TEXT NOT NULL,                       -- the moment of their list
        scope TEXT NOT NULL,                    -- JSON array of store keys, sorted; *: all that were watched
        listed TEXT NOT NULL,                   -- JSON array of the compared statuses, sorted
        numbers INTEGER NOT NULL,               -- 1: counts were typed in, no ids were compared
        outcome TEXT NOT NULL,
        differs_by INTEGER NOT NULL,
        report TEXT NOT NULL                    -- JSON, with their list and every difference
    ) STRICT
    """,
    "CREATE INDEX reconciliation_of_scope ON reconciliation (scope, listed, at)",
    """
    CREATE TRIGGER reconciliation_is_not_rewritten
    BEFORE UPDATE OF by, scope, listed, numbers, outcome, differs_by, report ON reconciliation
    BEGIN SELECT raise(ABORT, 'a comparison stays as it was made'); END
    """,
)

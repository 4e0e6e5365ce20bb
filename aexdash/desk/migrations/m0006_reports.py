"""Reports on what goes with a movement, kept as they were made, so that a later one can be compared."""

STATEMENTS = (
    """
    CREATE TABLE cause_report (
        id INTEGER PRIMARY KEY,
        movement TEXT NOT NULL,                 -- what two reports of one movement have in common
        at TEXT NOT NULL,
        by TEXT NOT NULL,                       -- who asked; empty: the program itself
        report TEXT NOT NULL                    -- JSON, with all that went into it
    ) STRICT
    """,
    "CREATE INDEX cause_report_of_movement ON cause_report (movement, id)",
    """
    CREATE TRIGGER cause_report_is_not_rewritten BEFORE UPDATE OF movement, by, report ON cause_report
    BEGIN SELECT raise(ABORT, 'a report stays as it was made'); END
    """,
)

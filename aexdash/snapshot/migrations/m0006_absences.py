"""Room for absences that wait for a second run, and for the evidence on which a listing was taken as deleted."""

STATEMENTS = (
    """
    CREATE TABLE absence (                      -- found nowhere, and AliExpress says that it does not exist
        store_id INTEGER NOT NULL REFERENCES store(id),
        product_id INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('refused', 'filter_ignored')),
        run_id INTEGER NOT NULL,                -- the last run that found it so
        as_of TEXT NOT NULL,                    -- and its moment
        PRIMARY KEY (store_id, product_id)
    ) STRICT, WITHOUT ROWID
    """,
    # why a deleted listing is taken as deleted; empty where the platform's own word says it
    "ALTER TABLE status_period ADD COLUMN note TEXT NOT NULL DEFAULT ''",
)

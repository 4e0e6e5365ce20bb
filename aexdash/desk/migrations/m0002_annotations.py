"""What Seller Center says of listings, as people brought it, and which columns their files have it in."""

STATEMENTS = (
    """
    CREATE TABLE annotation (
        id INTEGER PRIMARY KEY,
        store_key TEXT NOT NULL,
        product_id INTEGER NOT NULL,
        text TEXT NOT NULL,                     -- as it was brought; empty: withdrawn
        source TEXT NOT NULL,                   -- 'pasted', or the name of the file
        at TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX annotation_of_listing ON annotation (store_key, product_id)",
    "CREATE INDEX annotation_of_store ON annotation (store_key)",
    """
    CREATE TRIGGER annotation_is_not_rewritten BEFORE UPDATE ON annotation
    BEGIN SELECT raise(ABORT, 'annotations can only grow'); END
    """,
    """
    CREATE TRIGGER annotation_is_not_shortened BEFORE DELETE ON annotation
    BEGIN SELECT raise(ABORT, 'annotations can only grow'); END
    """,
    """
    CREATE TABLE column_map (
        headings TEXT NOT NULL PRIMARY KEY,     -- JSON array of a table's headings, in alphabetical order
        mapping TEXT NOT NULL,                  -- JSON object {id, sku, texts}
        at TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

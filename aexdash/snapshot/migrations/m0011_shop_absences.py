"""Variants that a reading of a shop did not show, where too many were gone at once: believed when a second agrees."""

STATEMENTS = (
    """
    CREATE TABLE shop_absence (
        shop_id INTEGER NOT NULL REFERENCES shop(id),
        variant_id TEXT NOT NULL,               -- its period stands until another complete reading does not show it
        PRIMARY KEY (shop_id, variant_id)
    ) STRICT, WITHOUT ROWID
    """,
)

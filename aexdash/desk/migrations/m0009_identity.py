"""By what the desk is known from another one: a random text, written when this was made."""

STATEMENTS = (
    """
    CREATE TABLE identity (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        id TEXT NOT NULL
    ) STRICT
    """,
    "INSERT INTO identity (one, id) VALUES (1, lower(hex(randomblob(16))))",
    """
    CREATE TRIGGER identity_stays BEFORE UPDATE ON identity
    BEGIN SELECT raise(ABORT, 'a desk stays the one it is'); END
    """,
)

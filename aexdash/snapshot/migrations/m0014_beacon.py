"""The moment at which the worker last showed that it writes, so that a copy elsewhere can tell how far behind it is."""

STATEMENTS = (
    # One row, written every ten seconds where the file is replicated: then nothing but its age tells that a copy which
    # still looks whole is not written any more.
    "CREATE TABLE beacon (one INTEGER PRIMARY KEY CHECK (one = 1), at TEXT NOT NULL) STRICT",
)

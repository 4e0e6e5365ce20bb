"""Finds listings of a store with the same title or the same main picture, in SQL on the whole store."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

from aexdash.snapshot.file import WHAT, transaction
from aexdash.snapshot.version import bump_version
from aexdash.storage.errors import in_words
from aexdash.storage.file import path_of

MOST_OTHERS = 20
"""The most other listings that are stored with each, the first by id."""

VERSIONS = "SELECT compared_at, number FROM store JOIN version WHERE store.id = ?"

CREATE = (
    "DROP TABLE IF EXISTS temp.compared",
    "DROP TABLE IF EXISTS temp.twin",
    "DROP TABLE IF EXISTS temp.found",
    "CREATE TEMP TABLE compared (product_id INTEGER PRIMARY KEY, hash INTEGER NOT NULL)",
    "CREATE TEMP TABLE twin (hash INTEGER, place INTEGER, product_id INTEGER, PRIMARY KEY (hash, place)) WITHOUT ROWID",
    "CREATE TEMP TABLE found (product_id INTEGER, kind TEXT, others TEXT, PRIMARY KEY (product_id, kind))",
)
"""`compared`: the hash of each listing's title or picture. `twin`: the listings that share a hash, numbered within it.
`found`: the duplicates of each listing, and in the end only those that have to be written."""

COMPARED = """
INSERT INTO temp.compared
SELECT p.product_id, {hash} FROM status_period AS p INDEXED BY period_open_by_status
CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
{join}
WHERE p.store_id = :store AND p.ended_at IS NULL AND p.status IN ('active', 'auditing', 'rejected') AND {present}
"""

KINDS = {
    "title": COMPARED.format(hash="hash(fold(l.title))", join="", present="l.title <> ''"),
    "picture": COMPARED.format(
        hash="hash(coalesce(picture.content, l.image_urls ->> '$[0]'))",
        join="LEFT JOIN picture ON picture.url = l.image_urls ->> '$[0]'",
        present="l.image_urls <> '[]'",
    ),
}
"""How listings are compared, by kind of duplicate: titles without regard to case; main pictures by their content where
that was measured, else by their URL. The texts are compared by hashes of 64 bits."""

TWINS = """
INSERT INTO temp.twin
SELECT hash, row_number() OVER (PARTITION BY hash ORDER BY product_id), product_id FROM temp.compared
WHERE hash IN (SELECT hash FROM temp.compared GROUP BY hash HAVING count(*) > 1)
"""

FOUND = """
INSERT INTO temp.found
SELECT t.product_id, :kind, (
    SELECT json_group_array(product_id) FROM (
        SELECT o.product_id FROM temp.twin AS o WHERE o.hash = t.hash AND o.place <> t.place
        ORDER BY o.place LIMIT :most
    )
)
FROM temp.twin AS t
"""

SAME_AS_BEFORE = """
DELETE FROM temp.found WHERE EXISTS (
    SELECT 1 FROM duplicate AS d WHERE d.store_id = :store AND d.product_id = found.product_id
        AND d.kind = found.kind AND d.others = found.others
)
"""

GONE = """
INSERT INTO temp.found
SELECT product_id, kind, NULL FROM duplicate WHERE store_id = :store AND NOT EXISTS (
    SELECT 1 FROM temp.found AS f WHERE f.product_id = duplicate.product_id AND f.kind = duplicate.kind
)
"""
"""Adds the stored duplicates that were not found again; to be run before `SAME_AS_BEFORE`."""

WRITE = (
    """
    DELETE FROM duplicate WHERE store_id = :store
        AND (product_id, kind) IN (SELECT product_id, kind FROM temp.found WHERE others IS NULL)
    """,
    """
    INSERT INTO duplicate (store_id, product_id, kind, others)
    SELECT :store, product_id, kind, others FROM temp.found WHERE others IS NOT NULL
    ON CONFLICT (store_id, product_id, kind) DO UPDATE SET others = excluded.others
    """,
    """
    UPDATE status_period SET checked = 0, known = max(known, 1)
    WHERE store_id = :store AND ended_at IS NULL AND product_id IN (SELECT product_id FROM temp.found)
    """,
)


def refresh_duplicates(db: Database, store_id: int) -> int:
    """Find the duplicates among listings on sale or held. Listings whose duplicates changed are checked again.

    Returns how many these are. If the snapshot has not changed since the last call, nothing is compared. A
    store of a million listings takes some seconds, so call it only after a run that changed something.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    connection = db.conn
    compared_at, version = connection.execute(VERSIONS, [store_id]).fetchone()
    if compared_at == version:
        return 0
    try:
        changed = _compare(connection, store_id)  # takes seconds, so not in the transaction: others want to write
    except sqlite3.Error as error:
        raise in_words(error, path_of(connection), WHAT) from error
    with transaction(db):
        if changed:
            for statement in WRITE:
                connection.execute(statement, {"store": store_id})
            bump_version(connection)
        connection.execute("UPDATE store SET compared_at = ? WHERE id = ?", [version + bool(changed), store_id])
    return changed


def _compare(connection: sqlite3.Connection, store_id: int) -> int:
    """Fill `temp.found` with what has to be written; return the number of listings in it."""
    connection.create_function("fold", 1, str.casefold, deterministic=True)
    connection.create_function("hash", 1, hash, deterministic=True)
    bound = {"store": store_id, "most": MOST_OTHERS}
    for statement in CREATE:
        connection.execute(statement)
    for kind, compared in KINDS.items():
        for statement in ("DELETE FROM temp.compared", "DELETE FROM temp.twin", compared, TWINS, FOUND):
            connection.execute(statement, {**bound, "kind": kind})
    for statement in (GONE, SAME_AS_BEFORE):
        connection.execute(statement, bound)
    return int(connection.execute("SELECT count(DISTINCT product_id) FROM temp.found").fetchone()[0])

"""Listings of a store with the same title or the same main picture, found as sets."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

from aexdash.snapshot.file import WHAT, transaction
from aexdash.snapshot.version import bump_version
from aexdash.storage.errors import in_words
from aexdash.storage.file import path_of

MOST_OTHERS = 20
"""So many of the other listings are named on each; the first by id."""

VERSIONS = "SELECT compared_at, number FROM store JOIN version WHERE store.id = ?"

CREATE = (
    "DROP TABLE IF EXISTS temp.face",
    "DROP TABLE IF EXISTS temp.twin",
    "DROP TABLE IF EXISTS temp.found",
    "CREATE TEMP TABLE face (product_id INTEGER PRIMARY KEY, face INTEGER NOT NULL)",
    "CREATE TEMP TABLE twin (face INTEGER, place INTEGER, product_id INTEGER, PRIMARY KEY (face, place)) WITHOUT ROWID",
    "CREATE TEMP TABLE found (product_id INTEGER, kind TEXT, others TEXT, PRIMARY KEY (product_id, kind))",
)

COMPARED = """
INSERT INTO temp.face
SELECT p.product_id, {face} FROM status_period AS p INDEXED BY period_open_by_status
CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
{join}
WHERE p.store_id = :store AND p.ended_at IS NULL AND p.status IN ('active', 'auditing', 'rejected') AND {present}
"""

FACES = {
    "title": COMPARED.format(face="face(fold(l.title))", join="", present="l.title <> ''"),
    "picture": COMPARED.format(
        face="face(coalesce(picture.content, l.image_urls ->> '$[0]'))",
        join="LEFT JOIN picture ON picture.url = l.image_urls ->> '$[0]'",
        present="l.image_urls <> '[]'",
    ),
}
"""What two listings have to share: the title but for its case; the main picture by its address, or by its content
where that was measured. A face is a number of 64 bits that stands for the text."""

TWINS = """
INSERT INTO temp.twin
SELECT face, row_number() OVER (PARTITION BY face ORDER BY product_id), product_id FROM temp.face
WHERE face IN (SELECT face FROM temp.face GROUP BY face HAVING count(*) > 1)
"""

FOUND = """
INSERT INTO temp.found
SELECT t.product_id, :kind, (
    SELECT json_group_array(product_id) FROM (
        SELECT o.product_id FROM temp.twin AS o WHERE o.face = t.face AND o.place <> t.place
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
"""To be asked before `SAME_AS_BEFORE`: what was found before and is not found now."""

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
    """Compare the listings that are on sale or held; those with other twins than before are checked again.

    Returns how many listings that are. Nothing is compared while nothing was recorded since the last time. A store of a
    million listings takes some seconds, so this is for after a run that changed something.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    connection = db.conn
    compared_at, version = connection.execute(VERSIONS, [store_id]).fetchone()
    if compared_at == version:
        return 0
    try:
        changed = _compare(connection, store_id)  # reads for seconds: no other store shall wait for it
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
    """Leave in `temp.found` what is to be written; return of how many listings."""
    connection.create_function("fold", 1, str.casefold, deterministic=True)
    connection.create_function("face", 1, hash, deterministic=True)
    bound = {"store": store_id, "most": MOST_OTHERS}
    for statement in CREATE:
        connection.execute(statement)
    for kind, faces in FACES.items():
        for statement in ("DELETE FROM temp.face", "DELETE FROM temp.twin", faces, TWINS, FOUND):
            connection.execute(statement, {**bound, "kind": kind})
    for statement in (GONE, SAME_AS_BEFORE):
        connection.execute(statement, bound)
    return int(connection.execute("SELECT count(DISTINCT product_id) FROM temp.found").fetchone()[0])

"""Finds listings of a store with the same title or the same main picture, in SQL on the whole store.

To compare a million listings takes seconds, so they are compared only where that may find something else than before:
`store.compared_at` is `NOTHING_NEW` from a comparison on until a title, a main picture or what is compared changes.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

from aexdash.snapshot.file import WHAT, transaction
from aexdash.snapshot.version import bump_version
from aexdash.storage.errors import in_words
from aexdash.storage.file import path_of

MOST_OTHERS = 20
"""The most other listings that are stored with each, the first by id."""

NOTHING_NEW = 0
"""The value of `store.compared_at` where all that is compared is as it was; any other calls for a comparison. Versions
of aexdash before this one wrote the number of the snapshot's version, which is never 0."""

COMPARED_STATUSES = "('active', 'auditing', 'rejected')"

IS_ANEW = f"""
SELECT EXISTS (
    SELECT 1 FROM temp.change AS c
    WHERE c.moved AND (c.to_status IN {COMPARED_STATUSES}) <> (coalesce(c.status, '') IN {COMPARED_STATUSES})
) OR EXISTS (
    SELECT 1 FROM temp.change AS c JOIN temp.fact AS s ON s.seq = c.seq
    CROSS JOIN listing AS l ON l.store_id = :store AND l.product_id = c.product_id
    WHERE c.edited AND ((s.title <> '' AND s.title IS NOT l.title)
        OR (s.image_urls <> '[]' AND s.image_urls ->> '$[0]' IS NOT l.image_urls ->> '$[0]'))
)
"""  # noqa: S608
"""Whether the changes of a run, before they are written, change what is compared: which listings, or what of them."""

CALL_FOR = f"UPDATE store SET compared_at = NULL WHERE compared_at = {NOTHING_NEW}"  # noqa: S608

STATE = "SELECT compared_at, number FROM store JOIN version WHERE store.id = ?"

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
WHERE p.store_id = :store AND p.ended_at IS NULL AND p.status IN {compared} AND {present}
"""

KINDS = {
    "title": COMPARED.format(compared=COMPARED_STATUSES, hash="hash(fold(l.title))", join="", present="l.title <> ''"),
    "picture": COMPARED.format(
        compared=COMPARED_STATUSES,
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

    Returns how many these are. If nothing that is compared has changed since the last call, nothing is done; else a
    store of a million listings takes some seconds.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    connection = db.conn
    state, version = connection.execute(STATE, [store_id]).fetchone()
    if state == NOTHING_NEW:
        return 0
    try:
        changed = _compare(connection, store_id)  # takes seconds, so not in the transaction: others want to write
    except sqlite3.Error as error:
        raise in_words(error, path_of(connection), WHAT) from error
    with transaction(db):
        # What others have written since may call for another comparison.
        same = connection.execute(STATE, [store_id]).fetchone()[1] == version
        if changed:
            for statement in WRITE:
                connection.execute(statement, {"store": store_id})
            bump_version(connection)
        if same:
            connection.execute("UPDATE store SET compared_at = ? WHERE id = ?", [NOTHING_NEW, store_id])
    return changed


def call_for_comparison(connection: sqlite3.Connection, store_id: int | None = None) -> None:
    """Have a store, or all of them, compared at the next call of `refresh_duplicates`."""
    of_one = "" if store_id is None else " AND id = :store"
    connection.execute(f"{CALL_FOR}{of_one}", {"store": store_id})


def call_where_changed(connection: sqlite3.Connection, store_id: int) -> None:
    """Call for a comparison where a run changes what is compared; to be asked before its changes are written."""
    if connection.execute(IS_ANEW, {"store": store_id}).fetchone()[0]:
        call_for_comparison(connection, store_id)


def _compare(connection: sqlite3.Connection, store_id: int) -> int:
    """Fill `temp.found` with what has to be written; return the number of listings in it."""
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

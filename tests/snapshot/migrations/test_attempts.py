"""After the upgrade it is known of what is rejected what was rejected, where the listing was not changed since."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path

from aexdash.snapshot.file import open_snapshot
from tests.snapshot.test_file import FIXTURES, opened_from

ATTEMPTS = "SELECT product_id, period_id, number, at, listed, detail IS NULL FROM attempt ORDER BY product_id"


def upgraded(tmp_path: Path, *changed: str) -> list[tuple[object, ...]]:
    """The attempts after the upgrade of a stored snapshot in which something was changed before."""
    path = opened_from(FIXTURES / "snapshot_0007.sql", tmp_path / "snapshot.db")
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for sql in changed:
            connection.execute(sql)
    open_snapshot(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(ATTEMPTS).fetchall()


def test_what_is_rejected_is_kept_as_it_is(tmp_path):
    rows = upgraded(tmp_path)
    assert [row[:4] for row in rows] == [(one, 10 + one, 1, "2026-03-09T12:00:00.000Z") for one in (1, 2, 3, 4)]
    assert [bool(row[5]) for row in rows] == [False, True, True, True]
    listed = json.loads(str(rows[1][4]))
    assert (listed["title"], listed["image_urls"]) == ("Listing 2", ["https://pictures.example/2.jpg"])


def test_what_was_changed_since_its_rejection_is_left_out(tmp_path):
    rows = upgraded(tmp_path, "UPDATE listing SET changed_at = '2026-03-09T13:00:00.000Z' WHERE product_id IN (1, 2)")
    assert [row[0] for row in rows] == [3, 4]


def test_a_detail_of_an_earlier_state_is_not_taken_as_what_was_rejected(tmp_path):
    rows = upgraded(tmp_path, "UPDATE listing_detail SET modified_raw = 'before'")
    assert [bool(row[5]) for row in rows] == [True] * 4

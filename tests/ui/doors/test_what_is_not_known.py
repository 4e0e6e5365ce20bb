"""A download says in its name and its header what it does not speak for, also where it is not of what is held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from aexdash.snapshot.file import open_snapshot
from tests.ui.sample import JUMP, home, jumped, main_store, quiet, read, with_history

Ask = Callable[[str], httpx.Response]

OF_NOW = ("expiring", "unsold", "changed-again", "funnel", "unmatched", "drifted")


def first_read(folder: Path) -> Path:
    """A home whose store was read once, a minute ago: nobody has read orders, a feed or a shop."""
    db = open_snapshot(home(folder) / "snapshot.db")
    read(db, main_store(db), JUMP, jumped())
    db.close()
    return folder


@pytest.mark.parametrize(
    ("path", "doubt", "says"),
    [
        ("gone.csv", "part", "First read 9 Mar 2026 12:00 UTC: nothing is known before"),
        ("changed-again.csv", "part", "First read 9 Mar 2026 12:00 UTC: nothing is known before"),
        ("expiring.csv", "not-known", "AliExpress tells no end date of the 34 listings on sale"),
        ("unsold.csv", "not-known", "Not known which listings on sale sold nothing. Orders of main were not read"),
        ("drifted.csv", "not-known", "Not known: no store that is looked at has been compared with a shop"),
        ("funnel.csv", "not-known", "No store that is looked at has a shop that was read"),
        ("unmatched.csv", "not-known", "No store that is looked at has a shop that was read"),
        ("feed.csv", "not-read", "no validation file since 2 Mar"),
        ("moves.csv?opening=2026-03-08T12:00Z&closing=2026-03-09T12:00Z&moves=active", "at-least", "24 h not read"),
    ],
)
def test_a_file_without_rows_is_no_none_where_nobody_read_what_it_is_of(
    ask: Ask, tmp_path: Path, path: str, doubt: str, says: str
) -> None:
    """Each once had the name of a file that speaks for everything, and not one row."""
    first_read(tmp_path)
    answer = ask(f"/{path}")
    assert answer.headers["content-disposition"].endswith(f'Z-{doubt}.csv"')
    assert says in unquote(answer.headers["x-aexdash-claim"])


def test_a_list_of_moves_speaks_for_its_own_span_whatever_was_read_since(ask: Ask, tmp_path: Path) -> None:
    """Two days without a reading lie in it; the store is read now, and the file said nothing of them."""
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    store = main_store(db)
    for days in (6, 5, 2, 1):
        read(db, store, JUMP - timedelta(days=days), quiet())
    read(db, store, JUMP, quiet())
    db.close()
    span = "/moves.csv?moves=rejected&opening=2026-03-03T12:00Z&closing"
    for closing, doubt, says in (
        ("2026-03-09T12:00Z", "-at-least", "4 d of 6 d read"),
        ("2026-03-06T06:00Z", "-not-read-then", "not read between 4 Mar 2026 12:00 UTC and 7 Mar 2026 12:00 UTC"),
        ("2026-03-04T12:00Z", "", ""),
    ):
        answer = ask(f"{span}={closing}")
        assert answer.headers["content-disposition"].endswith(f'Z{doubt}.csv"')
        assert unquote(answer.headers.get("x-aexdash-claim", "")) == says


@pytest.mark.parametrize("name", OF_NOW)
def test_a_file_that_is_of_now_alone_takes_no_moment(ask: Ask, tmp_path: Path, name: str) -> None:
    """What was of now had a moment of the past in its name."""
    with_history(tmp_path)
    answer = ask(f"/{name}.csv?as_of=2026-03-05T12:00Z")
    assert (answer.status_code, answer.text) == (
        404,
        "This file is of now alone, for what it is made of is not kept: leave as_of out.",
    )

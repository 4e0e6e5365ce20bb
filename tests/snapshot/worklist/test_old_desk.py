"""A desk that nobody has written to since the upgrade is read as it is: with stages, owners and notes of before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.desk.decisions.work import Desk
from aexdash.model import Lane, Mark, Stage
from aexdash.snapshot.tallies import CampaignProgress
from aexdash.view import View
from tests.desk.migrations.test_upgrade import DUMPS
from tests.snapshot.store import NOON, REJECTED, Store
from tests.snapshot.test_file import opened_from

OLD = [dump for dump in DUMPS if dump.stem < "desk_0005"]
"""From 0005 on changes can be undone, and a desk is read as it is now."""


@pytest.fixture(params=OLD, ids=lambda dump: dump.stem)
def store(request: pytest.FixtureRequest, store: Store) -> Store:
    """In the old desk 1 is taken by ann and has a note, and 2 is snoozed for two days."""
    store.sweep({1: REJECTED, 2: REJECTED, 3: REJECTED})
    opened_from(request.param, store.desk_path)
    return store.after(hours=3)


def places(store: Store, **view: object) -> dict[int, tuple[Lane, Stage, str, str]]:
    rows = store.snapshot.rows(View(**view))  # type: ignore[arg-type]
    return {row.product_id: (row.lane, row.stage, row.owner, row.note) for row in rows}


def test_it_is_read_and_not_written(store: Store) -> None:
    before = store.desk_path.read_bytes()
    expected = {
        1: (Lane.TODO, Stage.TAKEN, "ann", "ask the photographer"),
        2: (Lane.SNOOZED, Stage.SNOOZED, "", ""),
        3: (Lane.TODO, Stage.NEW, "", ""),
    }
    assert places(store) == expected
    assert places(store, as_of=store.now)[2] == expected[2]
    assert places(store, as_of=NOON - timedelta(minutes=1)) == {}
    tabs = store.snapshot.tabs(View(), me="ann")
    assert (tabs.todo, tabs.waiting, tabs.snoozed, tabs.mine) == (2, 0, 1, 1)
    assert list(places(store, text="photographer")) == list(places(store, noted="yes")) == [1]
    assert store.desk_path.read_bytes() == before


def test_its_snooze_ends_too(store: Store) -> None:
    store.after(days=3).sweep({1: REJECTED, 2: REJECTED, 3: REJECTED})
    (row,) = store.snapshot.rows_of([("main", 2)])
    assert (row.lane, row.stage) == (Lane.TODO, Stage.NEW)
    assert Mark.WOKEN in row.marks


def test_it_has_no_campaigns(store: Store) -> None:
    assert places(store, campaign="summer") == {}
    assert store.snapshot.campaign("summer") == CampaignProgress(0, 0, 0, 0, 0, 0)
    assert store.snapshot.campaign("summer", [("main", 1), ("main", 2)]).total == 2


def test_it_is_the_same_after_somebody_wrote(store: Store) -> None:
    before = places(store), store.snapshot.tabs(View())
    Desk(store.desk_path).set_note("main", [99], "elsewhere", by="ann", now=store.now)
    assert (places(store), store.snapshot.tabs(View())) == before

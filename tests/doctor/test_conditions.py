"""Every condition that the doctor knows is brought about here once, named, and comes with what to do about it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.config.settings import load_settings
from aexdash.doctor import examining, files, going_on, outside
from aexdash.doctor.examining import examine
from aexdash.doctor.finding import CONDITIONS, Finding
from aexdash.model import Outcome
from aexdash.replica import litestream
from aexdash.shops.records import ShopFacts
from aexdash.snapshot.shops.readmodels import ReadingOutcome
from aexdash.storage import file
from aexdash.storage.errors import in_words
from tests.doctor.brought_about import (
    BROUGHT_ABOUT,
    CONFIG,
    NOON,
    Home,
    copies,
    has,
    port_in_use,
    replica_answers,
    served,
    shop,
    shop_read,
)
from tests.snapshot.store import REJECTED, Store


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("AEXDASH_PAGES_PORT", "0")  # whatever listens on the usual one, a demo for example
    with contextlib.ExitStack() as closing:
        yield Home(tmp_path / "home", patch=monkeypatch, closing=closing)


def test_a_replica_that_has_the_snapshot_and_a_copy_that_is_young_are_well(home: Home) -> None:
    replica_answers(home, has((0, 1, 0x1F)))
    assert [str(one) for one in home.findings() if one.name == "replica"] == [
        "ok       replica: it has the snapshot, by Litestream 0.5.17."
    ]
    copies(home, timedelta(seconds=4))
    home.patch.setattr(litestream, "_run", lambda *words: "0.6.0" if words == ("version",) else has((9, 1, 1)))
    told = {one.name: str(one) for one in home.findings()}
    assert told["copies"] == "ok       copies: that of the snapshot is 4 s behind https://desk.example.com."
    assert told["replica"].endswith("by Litestream 0.6.0; 0.5.17 is the version that was tried.")
    assert "AliExpress for main" not in told, "the machine with the worker asks"


def test_a_change_that_keeps_later_ones_from_being_joined_is_named_with_the_file_that_mends_it(home):
    replica_answers(home, has((9, 1, 9), (1, 1, 2), (0, 3, 3), (0, 6, 6), (0, 7, 7)))
    (found,) = [one for one in home.findings() if one.condition == "replica-gap"]
    assert found.text.startswith("it has no changes 4 to 5 of the snapshot; copies are whole")
    name = "ltx/0/0000000000000004-0000000000000004.ltx"
    beside, replica = home.path(".snapshot.db-litestream"), home.path("replica")
    assert found.advice.endswith(f"copy {beside}/{name} to file://{replica}/snapshot/{name}, and so those after it.")


def test_where_all_is_well_nothing_is_named(home: Home) -> None:
    assert [str(one) for one in home.findings() if not one.well] == []


@pytest.mark.parametrize("condition", BROUGHT_ABOUT)
def test_a_condition_is_named_with_what_to_do(home: Home, condition: str) -> None:
    BROUGHT_ABOUT[condition](home)
    found = [one for one in home.findings() if not one.well]
    named = [one for one in found if one.condition == condition]
    assert named, [f"{one.condition}: {one}" for one in found]
    assert all(one.condition in CONDITIONS for one in found)
    assert all(one.text for one in found)
    assert CONDITIONS[condition].remedy


def test_a_damaged_desk_says_nothing_against_the_snapshot(home: Home) -> None:
    home.read({1: REJECTED}, NOON)
    home.path("desk.db").write_bytes(b"no database" * 999)
    found = {one.name: one for one in home.findings()}
    assert found["snapshot"].well
    assert found["moments"].text.endswith("The desk cannot be read, so its moments are not known.")
    assert "snapshot-damaged" not in {one.condition for one in found.values()}


def only(found: Iterator[Finding]) -> list[str]:
    return [one.condition for one in found if not one.well]


def test_what_it_runs_on_is_too_old() -> None:
    assert only(going_on.machine((3, 10), (3, 36, 0))) == ["python-too-old", "sqlite-too-old"]
    assert only(going_on.machine()) == []


def test_a_wal_that_outgrew_its_file_and_thumbnails_without_end(home: Home) -> None:
    home.path("pictures").mkdir(mode=0o700)
    home.path("pictures/a.jpg").write_bytes(b"x")
    home.path("pictures/a.jpg").chmod(0o600)
    settings = load_settings(home.folder)

    def size(path: Path) -> int:
        return {"desk.db-wal": 300 * 1024**2, "a.jpg": 6 * 1024**3}.get(path.name, 1)

    assert only(files.around(settings, size)) == ["wal-huge", "pictures-large"]
    assert only(files.around(settings)) == []


def test_a_store_whose_first_reading_failed_was_never_read(tmp_path: Path) -> None:
    (tmp_path / "aexdash.toml").write_text(CONFIG)
    store = Store(tmp_path, now=NOON)
    store.record(store.stage({}), outcome=Outcome.FAILED)
    store.db.close()
    assert only(going_on.readings(load_settings(tmp_path), lambda: NOON)) == ["store-never-read"]


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    found = examine(tmp_path / "home", lambda: NOON, free_bytes=lambda _: 10**10)
    assert next(found).condition == "home-not-writable"


@pytest.mark.parametrize("name", ["snapshot", "desk"])
def test_a_file_that_another_program_keeps_locked(home: Home, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(file, "BUSY_MILLISECONDS", 1)
    with contextlib.closing(sqlite3.connect(home.path(f"{name}.db"), isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        assert f"{name}-unusable" in only(iter(home.findings()))


def test_a_file_that_may_not_be_read_is_not_called_damaged(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever follows what is advised for a damaged one puts a backup in the place of a file that is whole."""

    def cannot_be_opened(path: Path) -> None:
        error = sqlite3.OperationalError("unable to open database file")
        error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
        raise in_words(error, path, path.stem)

    for module in (examining, files.desk_file):
        monkeypatch.setattr(module, "check_pages", cannot_be_opened)
    found = [one for one in only(iter(home.findings())) if one.startswith(("snapshot", "desk"))]
    assert found == ["snapshot-unusable", "desk-unusable"]


def test_a_shop_in_another_currency(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    shop(home, 'file = "table.csv"\ncurrency = "EUR"\n')
    monkeypatch.setattr(outside, "facts_of", lambda *_, **__: ShopFacts(currency="USD"))
    assert "shop-differs" in only(iter(home.findings()))


def test_a_shop_speaks_as_long_as_its_settings_say_and_not_where_it_was_only_partly_read(home: Home) -> None:
    def said() -> list[str]:
        return only(going_on.shop_readings(load_settings(home.folder), lambda: NOON))

    shop_read(home, ReadingOutcome.PARTIAL, timedelta(hours=5))
    assert said() == ["shop-stale"]
    shop_read(home, ReadingOutcome.COMPLETE, timedelta(hours=4))
    assert said() == ["shop-stale"]
    shop(home, 'file = "table.csv"\nstale_after_seconds = 18000\n')
    assert said() == []


def test_a_port_matters_to_nobody_who_serves_no_pages(home: Home) -> None:
    port_in_use(home)
    served(home, NOON - timedelta(days=8))
    assert "port-in-use" not in only(iter(home.findings()))
    home.sql("snapshot.db", "DELETE FROM store_state")
    assert "port-in-use" not in only(iter(home.findings()))


ELSEWHERE = {"sftp-refused": "tests/feed/test_sftp.py, with a server of its own"}
HERE = {
    "shop-differs",
    "snapshot-unusable",
    "desk-unusable",
    "python-too-old",
    "sqlite-too-old",
    "wal-huge",
    "pictures-large",
    "store-never-read",
    "home-not-writable",
}


def test_every_condition_is_brought_about_somewhere() -> None:
    assert {*BROUGHT_ABOUT, *ELSEWHERE, *HERE} == CONDITIONS.keys()
    assert len(BROUGHT_ABOUT) + len(HERE) >= 30

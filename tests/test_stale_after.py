"""How old a reading may be is said once, in the settings of a store, and every surface goes by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from aexdash.cli.main import main
from aexdash.config.settings import load_settings
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.record import ensure_store
from tests.ui.conftest import open_page
from tests.ui.reading import alerts, said
from tests.ui.sample import JUMP, TOML, quiet, read, with_history

__all__ = ["open_page"]

HOUR_LATER = JUMP + timedelta(hours=1)
TWO_HOURS = f"{TOML}stale_after_seconds = 7200\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A home that was read an hour ago, where readings may be two hours old."""
    with_history(tmp_path, now=HOUR_LATER)
    (tmp_path / "aexdash.toml").write_text(TWO_HOURS, encoding="utf-8")
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(tmp_path / "clock.txt"))
    return tmp_path


def run(folder, *words):
    return CliRunner().invoke(main, [*words, "--home", str(folder)])


def test_health_goes_by_the_setting(open_page, folder):
    assert alerts(open_page(folder, "health")) == [
        ("info", "Yes, of what was read: 1 store completely read, and nothing speaks against it.")
    ]
    (folder / "aexdash.toml").write_text(TOML, encoding="utf-8")
    assert "not read since 9 Mar 2026 12:00 UTC" in " ".join(text for _, text in alerts(open_page(folder, "health")))


def test_the_overview_goes_by_the_setting(open_page, folder):
    assert not open_page(folder).warning
    (folder / "aexdash.toml").write_text(TOML, encoding="utf-8")
    page = open_page(folder)
    assert page.warning[0].proto.title == "Stale: last read 60 min ago"
    assert any(":gray-badge[stale]" in text for text in said(page))


@pytest.mark.parametrize(
    "words", [("worklist",), ("export", "view.csv"), ("fixsheet", "image.main_too_small", "-o", "fix.csv")]
)
def test_commands_that_say_when_it_was_read_go_by_the_setting(folder, monkeypatch, words):
    monkeypatch.chdir(folder)
    assert "Read at 2026-03-09 12:00:00 UTC." in run(folder, *words).stderr
    (folder / "aexdash.toml").write_text(TOML, encoding="utf-8")
    assert "Read at 2026-03-09 12:00:00 UTC (stale)." in run(folder, *words).stderr


def test_the_cards_command_goes_by_the_setting(folder):
    assert {'"state": "fresh"' in line for line in states(folder)} == {True}
    (folder / "aexdash.toml").write_text(TOML, encoding="utf-8")
    assert {'"state": "stale"' in line for line in states(folder)} == {True}


def states(folder):
    told = run(folder, "cards", "--json")
    return [line for line in told.stdout.replace("{", "\n").splitlines() if '"state"' in line]


def test_of_several_stores_each_has_its_own_tolerance(folder):
    (folder / "aexdash.toml").write_text(f'{TWO_HOURS}[store.east]\nmodel = "overseas"\n', encoding="utf-8")
    db = open_snapshot(folder / "snapshot.db")
    read(db, ensure_store(db, key="east", title="East", model="overseas", now=JUMP), JUMP, quiet())
    db.close()
    snapshot, stale_after = Snapshot(folder / "snapshot.db"), load_settings(folder).stale_after
    assert {one.store.key: one.freshness.state for one in snapshot.health(HOUR_LATER, stale_after)} == {
        "main": "fresh",
        "east": "stale",
    }
    where = {"main": ("main",), "east": ("east",), "all": None}
    assert {name: snapshot.freshness(keys, HOUR_LATER, stale_after).state for name, keys in where.items()} == {
        "main": "fresh",
        "east": "stale",
        "all": "stale",
    }


def test_a_store_that_no_settings_name_has_the_usual_tolerance(folder):
    settings = load_settings(folder)
    assert (settings.stale_after("main"), settings.stale_after("gone")) == (7200, 300)

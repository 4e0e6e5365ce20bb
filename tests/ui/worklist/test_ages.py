"""Pages say ages of the spell, of when they are, and where the beginning was not seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aexdash.cli.printing import row_facts, row_line
from aexdash.model import Status
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.ui.reading import captions, rows_of, said
from tests.ui.sample import FIRST, JUMP, home, main_store, read, set_clock, shown

DAY = timedelta(days=1)
OTHER = FIRST + 1
BOUNCES = (Status.REJECTED, Status.AUDITING, Status.REJECTED)
LAST_READ = JUMP + 20 * DAY
"""29 March. `FIRST` has been held for twenty days then and rejected for ten, `OTHER` was rejected when first read."""


def walks(first: Status) -> dict[Status, list[object]]:
    told = {status: [] for status in (Status.AUDITING, Status.REJECTED, Status.ACTIVE, Status.OFFLINE)}
    told[first].append(shown(FIRST, first))
    told[Status.REJECTED].append(shown(OTHER, Status.REJECTED))
    return told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home(tmp_path, now=LAST_READ + timedelta(minutes=1))
    db = open_snapshot(tmp_path / "snapshot.db")
    store = main_store(db)
    read(db, store, JUMP - 5 * DAY, walks(Status.ACTIVE))
    before = Status.ACTIVE
    for at, status in zip((JUMP, JUMP + 5 * DAY, JUMP + 10 * DAY), BOUNCES, strict=True):
        read(db, store, at - timedelta(minutes=4), walks(before))
        read(db, store, at, walks(status))
        before = status
    read(db, store, LAST_READ, walks(Status.REJECTED))
    db.close()
    return tmp_path


def cells(page, name: str) -> dict[str, str]:
    return {row["Product id"]: row[name] for row in rows_of(page)}


def test_the_worklist_has_both_ages(open_page, folder):
    page = open_page(folder, "worklist")
    assert cells(page, "Held for") == {str(OTHER): "≥ 25 d", str(FIRST): "20 d"}
    assert cells(page, "In this status since") == {
        str(OTHER): "4 Mar 2026 12:00 UTC or earlier",
        str(FIRST): "19 Mar 2026 12:00 UTC",
    }
    assert not [text for text in captions(page) if text.startswith("Ages")]


def test_the_panel_of_a_listing_has_both_ages(open_page, folder):
    page = open_page(folder, "worklist", listing=f"main/{FIRST}")
    assert "**rejected** · held for 20 d · in this status for 10 d · seen rejected 2 ×" in said(page)
    other = open_page(folder, "worklist", listing=f"main/{OTHER}")
    assert "**rejected** · held for at least 25 d · seen rejected 1 ×" in said(other)


def test_the_hero_says_or_earlier_where_the_beginning_was_not_seen(open_page, folder):
    assert any("since 4 Mar or earlier (≥ 25 d)" in text for text in said(open_page(folder)))


@pytest.fixture
def unread(folder: Path) -> Path:
    """The same home eleven days later, without a reading."""
    set_clock(folder, LAST_READ + 11 * DAY)
    return folder


def test_what_was_not_read_for_eleven_days_is_as_old_as_it_was_and_says_of_which_day(open_page, unread):
    page = open_page(unread, "worklist")
    assert cells(page, "Held for") == {str(OTHER): "≥ 25 d", str(FIRST): "20 d"}
    assert "Ages are of 29 Mar 2026 12:00 UTC, when last read: unread time makes nothing older." in captions(page)
    panel = open_page(unread, "worklist", listing=f"main/{FIRST}")
    assert any("held for 20 d on 29 Mar, when last read · in this status for 10 d" in text for text in said(panel))
    overview = said(open_page(unread))
    assert any("since 4 Mar or earlier (≥ 25 d on 29 Mar, when last read)" in text for text in overview)


def rows(folder: Path, now: datetime) -> dict[int, object]:
    snapshot = Snapshot(folder / "snapshot.db", clock=lambda: now)
    return {row.product_id: row for row in snapshot.rows(View())}


def test_a_terminal_has_the_age_of_the_spell_and_json_both(folder):
    taxonomy, found = load_taxonomy(), rows(folder, LAST_READ + 11 * DAY)
    assert [row_line(row, taxonomy).split()[1:5] for row in found.values()] == [
        ["rejected", "≥", "25.0", "d"],
        ["rejected", "20.0", "d", "Desk"],
    ]
    facts = row_facts(found[FIRST], taxonomy)
    assert {name: facts[name] for name in ("held_since", "held_since_or_earlier", "age_days", "in_status_since")} == {
        "held_since": JUMP,
        "held_since_or_earlier": False,
        "age_days": 20.0,
        "in_status_since": JUMP + 10 * DAY,
    }
    assert (facts["seen_at"], facts["held_not_before"]) == (LAST_READ, JUMP - timedelta(minutes=4, seconds=5))
    other = row_facts(found[OTHER], taxonomy)
    assert (other["held_since_or_earlier"], other["held_not_before"]) == (True, None)

"""History and overview of a home with a hole of two days, and a store that was connected later."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from aexdash.model import Provenance, Reason, Status
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording.record import ensure_store
from tests.support import ask_app
from tests.ui.reading import captions, said
from tests.ui.sample import FIRST, JUMP, TOML, Walks, find, home, main_store, read, set_clock, shown

SOUTH = TOML.replace("store.main", "store.south").replace("My store", "South")
HALF_DAY = timedelta(hours=12)
HOLE = (datetime(2026, 3, 4, 12, tzinfo=UTC), datetime(2026, 3, 7, 12, tzinfo=UTC))
"""The readings before and after it; the first of them speaks for a day."""

NOT_READ = "not read between 4 Mar 2026 12:00 UTC and 7 Mar 2026 12:00 UTC"


def walks(rejected: int, first: int = FIRST) -> Walks:
    """Forty listings, of which some are rejected."""
    listings = range(first, first + 40)
    return {
        Status.AUDITING: [],
        Status.REJECTED: [shown(one, Status.REJECTED) for one in listings[:rejected]],
        Status.ACTIVE: [shown(one, Status.ACTIVE) for one in listings[rejected:]],
        Status.OFFLINE: [],
    }


def with_a_hole(folder: Path, *, now: datetime = JUMP + timedelta(minutes=1)) -> Path:
    """Main is read every half day but in the hole: 3 held before it, 5 after it. South joins on 8 March with 20."""
    home(folder, now=now)
    (folder / "aexdash.toml").write_text(TOML + SOUTH, encoding="utf-8")
    db = open_snapshot(folder / "snapshot.db")
    main = main_store(db)
    south = ensure_store(db, key="south", title="South", model="overseas", now=JUMP - timedelta(days=1))
    for half_days in range(18, -1, -1):
        at = JUMP - half_days * HALF_DAY
        if not HOLE[0] < at < HOLE[1]:
            read(db, main, at, walks(5 if at >= HOLE[1] else 3 if half_days < 15 else 0))
        if half_days <= 2:
            read(db, south, at, walks(20, FIRST + 100))
    db.close()
    return folder


def clean(texts: list[str]) -> list[str]:
    """The texts as they are read, without what keeps Markdown from being read into them."""
    return [text.replace("\\", "").replace("\u2060", "") for text in texts]


def test_a_moment_in_the_hole_heads_the_page_with_what_was_read(open_page, tmp_path) -> None:
    page = open_page(with_a_hole(tmp_path), "history", as_of="2026-03-06T12:00:00Z", store="main")
    assert not page.exception
    words = clean(said(page))
    assert f"**6 Mar 2026 12:00 UTC:** {NOT_READ} · was 3 when last read, 2 d before" in words


def test_the_books_open_with_no_number_in_a_hole_and_a_store_that_joined_is_a_term(open_page, tmp_path) -> None:
    page = open_page(with_a_hole(tmp_path), "history", opening="2026-03-06T12:00:00Z")
    words = clean(said(page))
    assert (
        f"6 Mar 2026 12:00 UTC {NOT_READ} (was **3**) + **20** in stores connected + at least **2** entered "
        "− none seen leaving = **25** at 9 Mar 2026 12:01 UTC"
    ) in words
    told = clean(captions(page))
    assert "South: 20 were there when first read, 8 Mar 2026 12:00 UTC; nothing is known before." in told
    assert "2 d of 3 d read in My store: listings may have come and gone unseen." in told


def test_lists_that_compare_with_a_moment_in_the_hole_say_so(open_page, tmp_path) -> None:
    page = open_page(with_a_hole(tmp_path), "history", opening="2026-03-06T12:00:00Z", moves="came", store="main")
    told = clean(captions(page))
    assert f"6 Mar 2026 12:00 UTC: {NOT_READ}. Its listings are those that were held when last read." in told


def test_the_connection_of_a_store_is_marked_and_the_gap_is_named(open_page, tmp_path) -> None:
    page = open_page(with_a_hole(tmp_path), "history", span="7d")
    words = clean(said(page))
    assert "**1** 8 Mar 2026 12:00 UTC: Store connected: South, first read then; no rise of the others." in words
    assert f"6 Mar: {NOT_READ} · was 3 when last read." in captions(page)


def test_a_reason_is_new_only_as_far_as_the_days_before_it_were_read(open_page, tmp_path) -> None:
    small = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 350, "height": 350, "minimum": 800})
    find(with_a_hole(tmp_path), {FIRST + number: [small] for number in range(5)}, JUMP)
    page = open_page(tmp_path, "history", span="7d", store="main")
    assert (
        "**1** 9 Mar 2026 12:00 UTC: New reason: Main picture too small, 5 of 5 listings that were given one "
        "(5 d of 7 d read before it)."
    ) in clean(said(page))
    (asked,) = [parse_qs(one.proto.query_string) for one in page.page_link if "08T23" in one.proto.query_string]
    assert asked == {
        "store": ["main"],
        "what": ["held"],
        "after": ["2026-03-08T23:59:59.999Z"],
        "until": ["2026-03-09T12:01:00.000Z"],
        "about": ["history"],
    }


def test_the_table_says_of_each_day_what_was_read(open_page, tmp_path) -> None:
    page = open_page(with_a_hole(tmp_path), "history", span="7d", cards="none")
    page.session_state["history-table"] = True
    page.run()
    table = page.dataframe[0].value
    south = "in 1 of 2 stores · South: first read 8 Mar 2026 12:00 UTC, nothing is known before"
    assert dict(zip(table["Day (UTC)"].astype(str), table["What was read"], strict=True)) == {
        "2026-03-09": "so far, to 12:00",
        "2026-03-08": "",
        "2026-03-07": f"{south} · moves at least: 12 h not read",
        "2026-03-06": NOT_READ,
        "2026-03-05": f"so far, to 4 Mar 12:00 · {south}",
        "2026-03-04": south,
        "2026-03-03": south,
    }


def test_neither_a_first_reading_nor_a_connected_store_is_offered_as_a_jump(open_page, tmp_path) -> None:
    page = open_page(with_a_hole(tmp_path), "history", as_of="2026-03-09T12:00:00Z")
    page.session_state["pick-moment"] = True
    page.run()
    labels = [link.proto.label for link in page.get("page_link")]
    assert not [label for label in labels if "jump" in label]


def test_of_several_stores_a_jump_says_in_which_it_was(open_page, tmp_path) -> None:
    with_a_hole(tmp_path, now=JUMP + timedelta(hours=12))
    db = open_snapshot(tmp_path / "snapshot.db")
    read(db, main_store(db), JUMP + timedelta(hours=12), walks(15))
    db.close()
    page = open_page(tmp_path, "history")
    page.session_state["pick-moment"] = True
    page.run()
    [jump] = [link.value for link in page.page_link if "jump" in link.value]
    assert jump.startswith("Before the jump from 5 to 15 in My store")


def test_a_preset_that_nobody_read_says_so(open_page, tmp_path) -> None:
    page = open_page(with_a_hole(tmp_path, now=datetime(2026, 3, 13, 12, tzinfo=UTC)), "history")
    page.session_state["pick-moment"] = True
    page.run()
    labels = [link.proto.label for link in page.get("page_link")]
    assert "End of yesterday (not read then): 12 Mar 2026 23:59 UTC" in labels
    assert "A week ago (not read then): 6 Mar 2026 12:00 UTC" in labels


def test_times_to_clear_claim_no_more_than_the_days_that_were_read(open_page, tmp_path) -> None:
    page = open_page(with_a_hole(tmp_path), "history", part="clear", store="main")
    told = "No listing that was seen to come and to go became active in the 30 days up to 9 Mar 2026 12:00 UTC"
    assert f"{told} (7 d of 30 d read)." in captions(page)


def test_the_books_of_today_are_told_where_a_reading_lies_in_it(open_page, tmp_path) -> None:
    page = open_page(with_a_hole(tmp_path))
    assert "**Today:** 25 at midnight + 0 entered − 0 left = **25**" in said(page)
    assert any(text.startswith("9 of 30 days read: highest 25") for text in captions(page))


@pytest.mark.parametrize("days", [1, 11])
def test_a_day_without_a_reading_has_no_books_but_what_was_held_last(open_page, tmp_path, days) -> None:
    page = open_page(with_a_hole(tmp_path, now=JUMP + timedelta(days=days)))
    assert "**Today:** not read yet · 25 held on 9 Mar 12:00" in said(page)
    assert not [text for text in said(page) if "at midnight" in text]


def test_what_was_there_at_the_first_reading_of_today_did_not_enter(open_page, tmp_path) -> None:
    home(tmp_path)
    db = open_snapshot(tmp_path / "snapshot.db")
    read(db, main_store(db), JUMP, walks(5))
    db.close()
    set_clock(tmp_path, JUMP + timedelta(minutes=1))
    page = open_page(tmp_path)
    assert "**Today:** 5 when first read + 0 entered − 0 left = **5**" in said(page)
    told = clean(captions(page))
    assert "5 were there when first read, 9 Mar 2026 12:00 UTC; nothing is known before" in told


def test_the_file_of_a_list_says_when_its_store_was_last_read(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("AEXDASH_HOME", str(with_a_hole(tmp_path)))
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(tmp_path / "clock.txt"))
    answer = ask_app("/moves.csv?opening=2026-03-01T00:00:00Z&closing=2026-03-06T12:00:00Z&moves=came&store=main")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["Last read (UTC)"] for row in rows} == {"2026-03-04T12:00:00.000Z"}
    assert len(rows) == 3

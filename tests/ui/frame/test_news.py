"""What a page shows is what the browser is told of when it asks for news, until something changes; then it is not."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.cards import CARDS, Band, Direction
from aexdash.config import preparing
from aexdash.desk.annotations import Annotations
from aexdash.desk.bands import Sensitivity
from aexdash.desk.decisions.work import Desk
from aexdash.desk.profiles import Profiles
from aexdash.model import Stage
from aexdash.snapshot.file import open_snapshot
from tests.support import ask_app
from tests.ui.alerts.alerted import kept, severe
from tests.ui.sample import FIRST, NOW, main_store, quiet, read, set_clock, with_history

BY = {"by": "Olga", "now": NOW}
RATE = CARDS["aex_listing_suppressed_pct"]

SHOWN = re.compile(r'data-news-mark="(\w*)" data-news-of="([^"]*)"')


def shown(page) -> tuple[str, str]:
    """The mark of the news that a page shows, and where its browser asks for others."""
    found = [SHOWN.search(block.proto.body) for block in page.get("html")]
    (mark, address) = next(match.groups() for match in found if match)
    return mark, unescape(address)


def told(page) -> dict[str, str]:
    """What the browser hears when it asks for news of a page."""
    return ask_app(shown(page)[1]).json()


def read_again(home: Path) -> None:
    db = open_snapshot(home / "snapshot.db")
    read(db, main_store(db), NOW, quiet())
    db.conn.close()


def save_a_setting(home: Path) -> None:
    file = home / "aexdash.toml"
    file.write_text(file.read_text("utf-8") + "\nstale_after_seconds = 90000\n", "utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a reading": read_again,
    "a setting": save_a_setting,
    "an alert": lambda home: kept(home, severe(1)),
    "words of what a home is prepared with": lambda home: preparing.tell(home, "Reading March", NOW),
    "time, when what was read becomes stale": lambda home: set_clock(home, NOW + timedelta(hours=3)),
    "a stage": lambda home: Desk(home / "desk.db").set_stage("main", [FIRST], Stage.FIXED, **BY),
    "an owner": lambda home: Desk(home / "desk.db").set_owner("main", [FIRST], "Smith, Ann", **BY),
    "a note": lambda home: Desk(home / "desk.db").set_note("main", [FIRST], "asked the supplier", **BY),
    "a pasted text": lambda home: Annotations(home / "desk.db").add(
        "main", [(FIRST, "too small")], source="pasted", **BY
    ),
    "a band": lambda home: Sensitivity(home / "desk.db").set_band(None, RATE, Band(Direction.LOWER, 30, 40), **BY),
    "a mute": lambda home: RuleStore(home / "desk.db").mute("held", NOW + timedelta(hours=1), **BY),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_browser_hears_of_what_a_page_does_not_show_and_of_nothing_once_it_does(open_page, tmp_path, change):
    page = open_page(with_history(tmp_path), "worklist")
    Desk(tmp_path / "desk.db").set_note("main", [FIRST], "from before", by="Ben", now=NOW)
    before, _ = shown(page.run())
    assert told(page)["mark"] == before
    change(tmp_path)
    assert told(page)["mark"] != before
    assert told(page)["mark"] == shown(page.run())[0]


def test_the_line_grows_older_without_news(open_page, tmp_path):
    page = open_page(with_history(tmp_path))
    now, before = told(page), shown(page)[0]
    set_clock(tmp_path, NOW + timedelta(seconds=40))
    later = told(page)
    assert (now["mark"], later["mark"]) == (before, before)
    assert now["line"] != later["line"]
    assert re.fullmatch(r"read \d+ min ago.*|read \d+ s ago.*", later["line"])


WHERE = {
    "all stores": {},
    "one store": {"store": "main"},
    "a profile": {"profile": "both"},
    "a store that there is not": {"store": "gone"},
    "a moment": {"as_of": "2026-03-08T12:00:00Z"},
}


@pytest.mark.parametrize("words", WHERE.values(), ids=WHERE)
@pytest.mark.parametrize("name", ["overview", "worklist", "health"])
def test_a_page_of_any_stores_asks_for_news_of_just_these(open_page, tmp_path, words, name):
    Profiles(with_history(tmp_path) / "desk.db").make("Both", ["main"], by="Ana", now=NOW)
    page = open_page(tmp_path, name, **words)
    mark, address = shown(page)
    assert told(page)["mark"] == mark
    kept_words = {key: value for key, value in words.items() if value != "gone"}
    assert dict(part.split("=") for part in address.partition("?")[2].split("&") if part).keys() == kept_words.keys()


def test_a_page_about_the_past_says_which_moment_it_shows(open_page, tmp_path):
    page = open_page(with_history(tmp_path), as_of="2026-03-08T12:00:00Z")
    assert told(page)["line"] == "showing 8 Mar 2026 12:00 UTC"


def test_where_a_file_cannot_be_read_the_page_is_drawn_again_and_says_so(open_page, tmp_path):
    page = open_page(with_history(tmp_path))
    (tmp_path / "snapshot.db").write_bytes(b"not a database" * 300)
    assert told(page) == {"mark": "", "line": ""}


def test_a_desk_that_nobody_has_written_to_is_not_made_by_looking(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "worklist")
    assert told(page)["mark"] == shown(page.run())[0]
    assert not (tmp_path / "desk.db").exists()

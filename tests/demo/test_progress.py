"""How far the demo is with its past: at most one line every five seconds, and a sentence that does not outlast it."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest

from aexdash.config import preparing
from aexdash.demo.progress import Progress

NOW = datetime(2026, 3, 9, tzinfo=UTC)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_come_every_five_seconds_at_most_and_the_pages_are_told_each_day(tmp_path):
    out, seconds, told = StringIO(), iter([0.0, 1.0, 6.0, 7.0]), []
    with Progress(tmp_path, 4, 30, out=out, clock=lambda: NOW, timer=lambda: next(seconds)) as progress:
        for _ in range(4):
            told.append(preparing.told(tmp_path, NOW))
            progress.step()
    assert out.getvalue() == "Reading 30 days of past: 1 of 30\nReading 30 days of past: 16 of 30\n"
    assert told == [f"The demo is reading its past, day {day} of 30" for day in (1, 8, 16, 23)]
    assert preparing.told(tmp_path, NOW) == ""


def test_in_a_terminal_one_line_is_rewritten_and_leaves_nothing(tmp_path):
    out = Terminal()
    with Progress(tmp_path, 2, 1, out=out, clock=lambda: NOW) as progress:
        progress.step()
        assert out.getvalue() == "\rReading 1 day of past: 1 of 1" * 2
    assert out.getvalue().endswith(f"\r{' ' * len('Reading 1 day of past: 1 of 1')}\r")


def test_a_demo_that_ran_hours_ago_counts_no_days(tmp_path):
    """It said day 1 of 0."""
    out = StringIO()
    with Progress(tmp_path, 2, 0, out=out, clock=lambda: NOW):
        assert preparing.told(tmp_path, NOW) == "The demo is reading its past, since it last ran"
    assert out.getvalue() == "Reading what happened since\n"


def test_where_nothing_is_left_to_read_nothing_is_said(tmp_path):
    out = StringIO()
    with Progress(tmp_path, 0, 0, out=out, clock=lambda: NOW):
        assert preparing.told(tmp_path, NOW) == ""
    assert out.getvalue() == ""


def test_words_of_a_demo_that_was_killed_or_that_cannot_be_read_are_nobodys(tmp_path):
    preparing.tell(tmp_path, "The demo is reading its past, day 2 of 30", NOW)
    assert preparing.told(tmp_path, NOW + preparing.LASTS) == ""
    (tmp_path / preparing.FILE).write_bytes(b"\xff")
    assert preparing.told(tmp_path, NOW) == ""


@pytest.mark.parametrize("home", ["gone", "gone/further"])
def test_a_home_that_is_not_there_stops_nobody(tmp_path, home):
    preparing.tell(tmp_path / home, "words", NOW)
    preparing.end(tmp_path / home)

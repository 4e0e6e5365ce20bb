from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tqdm import tqdm

from aexdash.cli.printing import Bar, as_json, plain, preview_lines, progress_bar, run_facts, run_line
from aexdash.model import Outcome, Provenance, Reason, Status
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.sources.seller_center import Match, Preview
from aexdash.sync.run import SyncResult

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
WHOLE = SyncResult(
    Outcome.COMPLETE,
    "sweep",
    "",
    as_of=NOON,
    held=5,
    rejected=4,
    auditing=1,
    active=4310,
    total=4820,
    calls=49,
    changes=12,
)
LOST = SyncResult(Outcome.FAILED, "sweep", "The host does not answer.", "unreachable", calls=4)


def test_an_import_says_how_many_texts_have_two_readings() -> None:
    rivals = {"image.unclear": "image.background", "image.background": "image.unclear"}
    torn = [
        Reason(code, Provenance.SELLER_CENTER, "murky", measured={"rivals": [other]}) for code, other in rivals.items()
    ]
    sure = [Reason("image.unclear", Provenance.SELLER_CENTER, "blurry", measured={"score": 100})]
    matched = tuple(
        Match(row, "main", row, "Lamp", Status.REJECTED, text) for row, text in enumerate(["murky", "blurry"])
    )
    found = Preview(matched, (), (), (), 0)
    assert list(preview_lines(found, {"murky": torn, "blurry": sure}.__getitem__, load_taxonomy()))[1:] == [
        "      2  Picture unclear (image.unclear)",
        "      1  Picture background (image.background)",
        "      1  of these texts: the same words have two readings, and both are counted",
    ]


def test_several_stores_are_summed_and_what_is_not_known_stays_unknown() -> None:
    facts = run_facts({"main": WHOLE, "second": LOST})
    assert facts.pop("stores") == {"main": run_facts({"main": WHOLE}), "second": run_facts({"second": LOST})}
    assert facts == {
        "outcome": "failed",
        "held": None,
        "rejected": None,
        "auditing": None,
        "active": None,
        "total": None,
        "calls": 53,
        "changes": 12,
        "as_of": None,
        "message": "The host does not answer.",
    }


def test_a_count_that_is_not_known_is_a_dash_and_not_a_zero() -> None:
    assert run_line("main", WHOLE) == (
        "main: complete. 5 held (4 rejected, 1 in audit), 4,310 active of 4,820; 12 changes, 49 calls."
    )
    first_pulse = replace(WHOLE, active=None, total=None)
    assert run_line("main", first_pulse) == (
        "main: complete. 5 held (4 rejected, 1 in audit), – active of –; 12 changes, 49 calls."
    )


def test_a_failed_run_says_that_what_was_read_before_still_stands() -> None:
    assert run_line("main", LOST) == (
        "main: failed after 4 calls. What was read before still stands, and shows its age."
    )


def test_nothing_in_a_title_can_move_the_cursor() -> None:
    assert plain("\x1b[2J\u202eevil\u009b1m\nnext") == " [2J‹U+202E›evil 1m next"


def test_json_is_ascii_with_moments_as_text() -> None:
    assert as_json({"title": "Бренд\x1b", "at": NOON}) == (
        r'{"title": "\u0411\u0440\u0435\u043d\u0434\u001b", "at": "2026-03-09T12:00:00.000Z"}'
    )


def test_the_bar_tells_listings_calls_and_time_left() -> None:
    out = io.StringIO()
    with tqdm(unit=" listings", file=out, mininterval=0, miniters=1, ascii=True, ncols=100) as shown:
        bar = Bar(shown)
        bar.calls(3)
        bar.walk("rejected", 99, 180)
        bar.walk("rejected", 180, 180)
        bar.walk("active", 50, None)
        bar.evidence(2, 4)
        bar.calls(9)
        bar.evidence(4, 4)
    last = out.getvalue().replace("\r", "\n").splitlines()
    assert any("reading rejected" in line and "180/180" in line and "3 calls" in line for line in last)
    assert any("checking" in line and "4/4" in line and "9 calls" in line for line in last)


def test_no_bar_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(shown=False) as bar:
        bar.walk("rejected", 99, 180)
        bar.evidence(1, 2)
        bar.calls(7)
    assert capsys.readouterr() == ("", "")

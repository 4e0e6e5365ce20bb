"""What goes with a movement in words: never why, with its evidence, and in short where there is little room."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aexdash.causes.report import Outcome
from aexdash.causes.slices import Part
from aexdash.words.causes import brief, on_sale_words, outcome_words, parts_words, read_words, report_lines
from tests.causes.reports import TEMPLATE, a_finding, a_report

SMALL = Part("measured: image.main_too_small", "yes")
LABELS = {"image.main_too_small": "Main picture too small"}


def found(*parts: Part):
    finding = a_finding()
    one = replace(finding.found.slice, parts=parts)
    return a_report(replace(finding, found=replace(finding.found, slice=one)))


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((TEMPLATE,), "goes with picture address /img/#-600x600.jpg: 38 of 44"),
        ((SMALL, TEMPLATE), "goes with Main picture too small and more: 38 of 44"),
        ((Part("title ends", "x" * 90),), f"goes with title ends {'x' * 22}…: 38 of 44"),
    ],
)
def test_in_short_the_first_property_is_named_and_the_counts_are_never_cut(parts, words):
    assert brief(found(*parts), LABELS.__getitem__) == words


def test_a_finding_of_our_checks_is_called_by_its_name_on_pages_and_by_its_code_in_scripts():
    assert parts_words((SMALL, TEMPLATE), LABELS.__getitem__) == (
        "measured: Main picture too small and picture address /img/#-600x600.jpg"
    )
    assert parts_words((SMALL,)) == "measured: image.main_too_small"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((TEMPLATE,), "6 more on sale share it: at risk"),
        ((SMALL,), "6 more on sale share it: at risk"),
        ((Part("age of the listing", "under 7 days"), TEMPLATE), "6 more on sale share it: at risk"),
        (
            (Part("age of the listing", "under 7 days"),),
            "6 more on sale share it; nothing in them can be mended for that",
        ),
        ((Part("store", "demo"),), "6 more on sale share it; nothing in them can be mended for that"),
        ((Part("rejected before", "yes"),), "6 more on sale share it; nothing in them can be mended for that"),
    ],
)
def test_only_what_somebody_can_mend_puts_listings_at_risk(parts, said):
    assert on_sale_words(found(*parts).findings[0]) == said


def test_a_whole_report_calls_reasons_by_their_names():
    lines = list(report_lines(found(SMALL), label=LABELS.__getitem__))
    assert not [line for line in lines if "image." in line]
    assert "  reasons, of 55: Main picture too small 38" in lines


@pytest.mark.parametrize(
    ("outcome", "moved", "short", "whole"),
    [
        (Outcome.TOO_FEW, 5, "too few to tell", "Too few to tell: 5 listings, and nothing is said of fewer than 20."),
        (
            Outcome.TOO_FEW,
            67,
            "too few to tell",
            "Too few to tell: 67 listings, and of fewer than 100 finding nothing means little.",
        ),
        (
            Outcome.NO_SINGLE_CAUSE,
            300,
            "no single cause",
            "No single cause: none of 482 slices goes with them more than chance would.",
        ),
        (Outcome.NOTHING_MOVED, 0, "", "Nothing moved in this span, and all of it was read."),
        (Outcome.NOT_READ, 0, "", "Not read: nothing was seen to move, and not all of this span was read."),
    ],
)
def test_naming_nothing_is_a_normal_answer(outcome, moved, short, whole):
    report = a_report(outcome=outcome, moved=moved)
    assert (brief(report), outcome_words(report)) == (short, whole)


def test_it_says_of_which_stores_it_is_when_they_were_read_and_what_was_not():
    report = a_report()
    assert read_words(report) == (
        "1 of 1 store read at its end, at 16 Nov 2026 12:00 UTC; all of it read; examined 17 Nov 2026 12:00 UTC"
    )
    lacking = replace(report, stores_asked=3, stores_later=1, unread_seconds=7200.0)
    assert read_words(lacking).startswith("1 of 3 stores read at its end, 1 more first read later, at 16 Nov")
    assert "2 h of the span not read: at least so many moved" in read_words(lacking)
    unread = replace(report, outcome=Outcome.NOT_READ, moved=0, stores_read=0, stores_asked=3, read_at=None)
    assert read_words(unread).startswith("0 of 3 stores read at its end; not all of the span read; examined")

"""The fix plan on the page: its links show exactly the numbers they say, and it claims nothing of what nobody knows."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from aexdash.model import Provenance, Reason
from tests.ui.reading import captions, heading, ids_of, read_aloud, said
from tests.ui.sample import IN_AUDIT, NOW, REJECTED, find, set_clock, set_reasons, with_history

SMALL = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 350, "height": 350, "minimum": 800})
LONG = Reason("title.too_long", Provenance.CHECK, measured={"length": 240, "maximum": 218})
BRAND = Reason("attribute.brand_missing", Provenance.CHECK, measured={"names": ["Brand Name"], "choices": 14})
ADVICE = Reason("image.no_white_background", Provenance.DIAGNOSIS, "add a picture on white")


@pytest.fixture
def folder(tmp_path):
    """Five held: two for the picture, one for picture and title, one for brand and title, one for the brand."""
    found = dict(zip((*REJECTED, IN_AUDIT), ([SMALL], [SMALL], [SMALL, LONG], [BRAND, LONG], [BRAND]), strict=True))
    find(with_history(tmp_path), found)
    set_reasons(tmp_path, {REJECTED[0]: [ADVICE]}, Provenance.DIAGNOSIS)
    return tmp_path


def steps(page) -> list[tuple[str, str]]:
    return [(one.value, one.proto.query_string) for one in page.page_link if "free so far" in one.value]


def title(page) -> str:
    return next(one.label for one in page.expander if one.label.startswith("Fix plan"))


def test_every_link_shows_exactly_the_number_it_says(open_page, folder):
    page = open_page(folder, "worklist")
    told = steps(page)
    assert [words for words, _ in told] == ["2 free so far ›", "5 free so far ›"]
    assert title(page) == "Fix plan: 3 fixes free 5 of 5"
    for words, query in told:
        shown = open_page(folder, "worklist", **dict(parse_qsl(query)))
        count = int(re.match(r"\d+", words).group())
        assert len(ids_of(shown)) == count
        assert heading(shown).startswith(f"{count} listing")


def test_a_step_names_the_fix_how_many_it_touches_and_how_many_it_frees(open_page, folder):
    texts = [read_aloud(text) for text in said(open_page(folder, "worklist"))]
    assert "**1.** Main picture too small" in texts
    assert "touches 3 · frees 2" in texts


def test_the_plan_is_of_the_view_and_stays_in_it(open_page, folder):
    page = open_page(folder, "worklist", lane="waiting")
    assert title(page) == "Fix plan: 1 fix frees 1 of 1"
    assert steps(page) == [("1 free so far ›", "lane=waiting&only=attribute.brand_missing")]


def test_what_has_no_known_reason_is_said_and_not_planned(open_page, folder):
    find(folder, {REJECTED[3]: [], IN_AUDIT: []})
    page = open_page(folder, "worklist")
    assert title(page) == "Fix plan: 2 fixes free 3 of 5"
    assert any(
        read_aloud(text).endswith(
            "1 have no known reason: open Seller Center · 1 are in review, nothing was refused so far"
        )
        for text in captions(page)
    )


def test_a_plan_of_what_was_not_read_since_says_of_when_it_is(open_page, folder):
    set_clock(folder, NOW + timedelta(days=3))
    assert read_aloud(title(open_page(folder, "worklist"))) == (
        "Fix plan: 3 fixes free 5 of 5, when last read, 9 Mar 2026 12:00 UTC"
    )


def test_listings_at_risk_and_an_empty_list_have_no_plan(open_page, folder):
    for query in ({"status": "active"}, {"q": "no such text"}):
        page = open_page(folder, "worklist", **query)
        assert not any(one.label.startswith("Fix plan") for one in page.expander)

"""The fix plan on the page: its steps open exactly what they say, and it claims nothing of what nobody knows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.model import Provenance, Reason
from tests.ui.reading import captions, heading, ids_of, list_of, opened, read_aloud, said
from tests.ui.sample import IN_AUDIT, NOW, REJECTED, find, set_clock, set_reasons, with_history
from tests.ui.worklist.acting import toasts

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


def planned(page):
    """The page once the line of the plan was opened."""
    return opened(page, "fix-plan")


def steps(page) -> list[str]:
    return [one.label for one in page.button if (one.key or "").startswith("plan-step-")]


def title(page) -> str:
    return next(one.label for one in page.expander if one.label.startswith("Fix plan"))


def test_the_steps_are_drawn_once_the_line_is_opened_which_stays_open_with_other_words(open_page, folder):
    page = open_page(folder, "worklist")
    assert (title(page), steps(page)) == ("Fix plan: 2 steps free all 5 listings", [])
    assert steps(planned(page)) == ["frees 2 ›", "together frees 3 ›"]
    page.query_params["reason"] = "title.too_long"
    assert steps(page.run()) == ["together frees 2 ›"]


@pytest.mark.slow
def test_every_step_opens_exactly_the_listings_it_says_and_leads_to_them(open_page, folder):
    page = planned(open_page(folder, "worklist", order="product_id"))
    assert steps(page) == ["frees 2 ›", "together frees 3 ›"]
    assert title(page) == "Fix plan: 2 steps free all 5 listings"
    for number, ids in ((1, REJECTED[:2]), (2, (*REJECTED[2:], IN_AUDIT))):
        shown = planned(open_page(folder, "worklist", order="product_id"))
        shown.button(key=f"plan-step-{number}").click().run()
        assert ids_of(shown) == [str(one) for one in ids]
        assert heading(shown).startswith(f"{len(ids)} listings")
        assert list_of(shown)["led"] == [1, []]
        assert toasts(shown) == [f"Step {number} of the fix plan: {len(ids)} listings"]
        assert any(text.startswith("Free once this is fixed") for text in captions(shown))


def test_in_a_view_of_a_reason_a_step_opens_all_that_are_free_so_far(open_page, folder):
    page = planned(open_page(folder, "worklist", order="product_id", reason="image.main_too_small"))
    assert steps(page) == ["frees 2 ›", "3 free so far ›"]
    page.button(key="plan-step-2").click().run()
    assert ids_of(page) == [str(one) for one in REJECTED[:3]]


def test_a_plan_of_more_fixes_than_listings_says_why(open_page, folder):
    page = planned(open_page(folder, "worklist", reason="title.too_long"))
    assert steps(page) == ["together frees 2 ›"]
    assert title(page) == "Fix plan: 1 step frees all 2 listings · 3 fixes, because some listings have several reasons"


def test_a_step_names_the_fix_how_many_it_frees_and_on_how_many_it_stands(open_page, folder):
    texts = [read_aloud(text) for text in said(planned(open_page(folder, "worklist")))]
    assert "**1.** Main picture too small" in texts
    assert "stands on 3 · 2 of 5 free then" in texts


def test_the_plan_is_of_the_view_and_stays_in_it(open_page, folder):
    page = planned(open_page(folder, "worklist", lane="waiting"))
    assert title(page) == "Fix plan: 1 step frees 1 of 1 listing"
    page.button(key="plan-step-1").click().run()
    assert (page.query_params["lane"], page.query_params["only"]) == ("waiting", "attribute.brand_missing")


def test_what_has_no_known_reason_is_said_and_not_planned(open_page, folder):
    find(folder, {REJECTED[3]: [], IN_AUDIT: []})
    page = planned(open_page(folder, "worklist"))
    assert title(page) == "Fix plan: 2 steps free 3 of 5 listings"
    assert any(
        read_aloud(text).endswith(
            "1 have no known reason: open Seller Center · 1 are in review, nothing was refused so far"
        )
        for text in captions(page)
    )


def test_a_plan_of_what_was_not_read_since_says_of_when_it_is(open_page, folder):
    set_clock(folder, NOW + timedelta(days=3))
    assert read_aloud(title(open_page(folder, "worklist"))) == (
        "Fix plan: 2 steps free all 5 listings, when last read, 9 Mar 2026 12:00 UTC"
    )


def test_listings_at_risk_and_an_empty_list_have_no_plan(open_page, folder):
    for query in ({"status": "active"}, {"q": "no such text"}):
        page = open_page(folder, "worklist", **query)
        assert not any(one.label.startswith("Fix plan") for one in page.expander)

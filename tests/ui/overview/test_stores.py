"""A line for each store on the overview of several; a spike explained below the chart."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.model import Outcome, Provenance, Reason, Status
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording.record import ensure_store
from aexdash.ui.overview.stores import SHOWN
from tests.ui.reading import captions, links, read_aloud, said
from tests.ui.sample import FIRST, JUMP, home, jumped, main_store, quiet, read, shown, with_history

SPIKE = JUMP - timedelta(days=3)
SMALL = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 350, "height": 350, "minimum": 800})


def other_store(db, key: str = "other", title: str = "Other store") -> int:
    return ensure_store(db, key=key, title=title, model="overseas", now=JUMP - timedelta(days=20))


@pytest.fixture
def several(tmp_path):
    """The store of the worked example, one that holds nothing, and one that nobody has read."""
    db = open_snapshot(with_history(tmp_path) / "snapshot.db")
    read(db, other_store(db), JUMP, quiet())
    other_store(db, "new", "New store")
    db.close()
    return tmp_path


def test_each_store_has_a_line_with_its_own_numbers(open_page, several):
    page = open_page(several)
    assert not page.exception
    shown_links = links(page)
    begin = shown_links.index("New store ›")
    assert shown_links[begin : begin + 6] == [
        "New store ›",  # it may hold anything
        "My store ›",
        "**5** held",
        "**4** to fix",
        "Other store ›",
        "**0** held",
    ]
    assert "not read yet" in captions(page)
    assert ":gray-badge[? Not confirmed]" in " ".join(said(page))  # of all stores
    lines = said(page)[said(page).index("## Stores") :]
    badges = [text for text in lines if text.startswith(":") and "-badge[" in text]
    assert badges[:3] == [":gray-badge[○ No data]", ":red-badge[▲ Needs attention]", ":green-badge[✓ Performing]"]


def test_the_sum_of_the_day_is_of_the_stores_that_the_hero_is_of(open_page, tmp_path):
    """The box of the hero said 0 held, in one of two stores, and in the sum below it that 5 were."""
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    for days in (1, 0):
        read(db, main_store(db), JUMP - timedelta(days=days), quiet())
    read(db, other_store(db), JUMP, jumped(), outcome=Outcome.PARTIAL)
    db.close()
    told = [read_aloud(text) for text in said(open_page(tmp_path))]
    assert "# 0 listings held" in told
    claim = "in 1 of 2 stores · Other store: only partly read so far"
    assert f"**9 Mar:** 0 at midnight + 0 entered − 0 left = **0** · {claim}" in told


def test_each_store_is_judged_where_all_of_them_were_read(open_page, tmp_path):
    db = open_snapshot(with_history(tmp_path) / "snapshot.db")
    read(db, other_store(db), JUMP, quiet())
    db.close()
    page = open_page(tmp_path)
    assert [text for text in said(page) if text.startswith(":") and "-badge[" in text][1:3] == [
        ":red-badge[▲ Needs attention]",
        ":green-badge[✓ Performing]",
    ]


def test_one_store_has_no_line_of_its_own(open_page, several):
    assert "## Stores" in said(open_page(several))
    assert "## Stores" not in said(open_page(several, store="main"))


def test_of_many_stores_those_that_hold_most_are_shown_and_the_others_counted(open_page, several):
    db = open_snapshot(several / "snapshot.db")
    for number in range(SHOWN):
        read(db, other_store(db, f"more-{number}", f"Store {number}"), JUMP, quiet())
    db.close()
    page = open_page(several)
    (more,) = [one for one in page.expander if "more store" in one.label]
    assert more.label == "3 more stores"
    assert "My store ›" in links(page)
    assert "Store 5 ›" not in links(page)


@pytest.mark.slow
def test_a_spike_is_marked_and_explained_with_its_reasons_stores_and_listings(open_page, tmp_path):
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    stores = [main_store(db), other_store(db)]
    for back in range(12, 0, -1):
        at = JUMP - timedelta(days=back)
        for number, store in enumerate(stores):
            held = (8, 2)[number] if at == SPIKE else 0
            walks = quiet()
            walks[Status.REJECTED] = [shown(FIRST + 10 + index, Status.REJECTED) for index in range(held)]
            rejected = {seen.product_id for seen in walks[Status.REJECTED]}
            walks[Status.ACTIVE] = [seen for seen in walks[Status.ACTIVE] if seen.product_id not in rejected]
            read(db, store, at, walks)
            for period in open_period_ids(db, store, sorted(rejected)).values():
                record_reasons(db, period, [SMALL], {Provenance.CHECK}, at)
    db.close()
    page = open_page(tmp_path)
    assert "▾ 6 Mar: **10 held**, usually 0 in the 9 days before" in said(page)
    assert "100 % of it, 0 % on 5 Mar" in captions(page)
    assert "Main picture too small **10** ›" in links(page)
    assert "**8** in My store ›" in links(page)
    (link,) = [one for one in page.page_link if one.value == "**8** in My store ›"]
    assert "store=main" in link.proto.query_string
    assert "reason=image.main_too_small" in link.proto.query_string
    assert "as_of=2026-03-06T" in link.proto.query_string
    in_history = open_page(tmp_path, "history")  # says the same of that day, below its chart and among its marks
    assert "▾ 6 Mar: **10 held**, usually 0 in the 9 days before" in said(in_history)
    assert "**8** in My store ›" in links(in_history)
    marks = [read_aloud(text) for text in said(in_history) if text.startswith("**1**")]
    assert any("10 held, usually 0 in the 9 days before." in text for text in marks)
    alone = open_page(tmp_path, store="other")  # its own two are no spike
    assert not [text for text in said(alone) if text.startswith("▾")]

"""Campaigns on the page: the listings of a view frozen as a set, with name, due date, who is responsible, progress."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from aexdash.desk.campaigns import Campaigns
from aexdash.desk.decisions.items import Fix, Take
from aexdash.model import Status
from aexdash.snapshot.file import open_snapshot
from tests.ui.reading import ids_of, opened, read_aloud, said
from tests.ui.sample import FIRST, NOW, REJECTED, jumped, main_store, read, set_clock, shown, with_history
from tests.ui.worklist.acting import decide, toasts

LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def folder(tmp_path):
    return with_history(tmp_path)


def freeze(page, name: str = "Pictures", due: date | None = date(2026, 3, 20), who: str = "Olga"):
    opened(page, "campaigns").text_input(key="campaign-name").set_value(name)
    page.date_input(key="campaign-due").set_value(due)
    page.text_input(key="campaign-who").set_value(who)
    return page.button(key="freeze").click().run()


def head(page) -> str:
    return next(read_aloud(text) for text in said(page) if text.startswith("**Pictures**"))


def test_the_listings_of_a_view_are_frozen_with_name_date_and_who_is_responsible(open_page, folder):
    page = opened(open_page(folder, "worklist", reason="image", lane="todo"), "campaigns")
    assert page.button(key="freeze").label == "Freeze these 4 listings as a campaign"
    freeze(page)
    assert not page.exception
    [made] = Campaigns(folder / "desk.db").open()
    assert (made.name, made.due_on, made.responsible, made.listings, made.made_by) == (
        "Pictures",
        date(2026, 3, 20),
        "Olga",
        4,
        "Lead",
    )
    assert made.query == "reason=image&lane=todo"
    assert page.query_params == {"campaign": "pictures"}
    assert toasts(page) == ["The campaign Pictures is made. Its listings do not change any more."]
    assert set(ids_of(page)) == {str(one) for one in REJECTED}
    assert head(page) == "**Pictures** · 0 of 4 listings cleared · 4 to do · due 20 Mar · Olga"


def test_its_progress_counts_what_aliexpress_cleared_and_what_people_did_and_nothing_that_came_later(open_page, folder):
    freeze(open_page(folder, "worklist", reason="image", lane="todo"))
    decide(folder, Take(), REJECTED[2])
    decide(folder, Fix(), REJECTED[1])
    walks = jumped()
    new = shown(FIRST + 15, Status.REJECTED)
    walks[Status.REJECTED] = [one for one in walks[Status.REJECTED] if one.product_id != FIRST] + [new]
    walks[Status.ACTIVE] = [one for one in walks[Status.ACTIVE] if one.product_id != new.product_id]
    walks[Status.ACTIVE].append(shown(FIRST, Status.ACTIVE))
    db = open_snapshot(folder / "snapshot.db")
    read(db, main_store(db), LATER, walks)
    db.close()
    set_clock(folder, LATER)
    page = open_page(folder, "worklist", campaign="pictures")
    assert head(page) == (
        "**Pictures** · 1 of 4 listings cleared · 1 waiting for AliExpress · 2 to do (1 taken) · due 20 Mar · Olga"
    )
    assert set(ids_of(page)) == {str(one) for one in REJECTED[1:]}


def test_progress_that_was_not_read_since_is_not_said_of_now(open_page, folder):
    freeze(open_page(folder, "worklist", reason="image", lane="todo"))
    set_clock(folder, NOW + timedelta(days=3))
    assert head(open_page(folder, "worklist", campaign="pictures")) == (
        "**Pictures** · 0 of 4 listings cleared when last read, 9 Mar 2026 12:00 UTC · 4 to do · due 20 Mar · Olga"
    )


@pytest.mark.slow
def test_a_campaign_is_changed_and_closed_and_its_address_stays(open_page, folder):
    page = freeze(open_page(folder, "worklist", reason="image", lane="todo"))
    stem = f"campaign-pictures-{Campaigns(folder / 'desk.db').open()[0].at.isoformat()}"
    page.text_input(key=f"{stem}-who").set_value("Ben")
    page.button(key="save-campaign").click().run()
    assert head(page).endswith("due 20 Mar · Ben")
    page.button(key="close-campaign").click().run()
    assert Campaigns(folder / "desk.db").open() == []
    assert head(page).endswith("Ben · closed")
    assert set(ids_of(page)) == {str(one) for one in REJECTED}


def test_a_campaign_that_cannot_be_made_says_why(open_page, folder):
    page = freeze(open_page(folder, "worklist", reason="image"), name=" ")
    assert toasts(page) == ["Nothing was saved: A campaign needs a name."]
    assert page.query_params == {"reason": "image"}
    past = opened(open_page(folder, "worklist", as_of="2026-03-09T12:00:20Z"), "campaigns")
    assert not any(one.key == "freeze" for one in past.button)


def test_an_address_of_no_campaign_says_so(open_page, folder):
    page = open_page(folder, "worklist", campaign="gone")
    assert [read_aloud(one.value) for one in page.warning] == ["There is no campaign gone. So no listing is shown."]
    assert ids_of(page) == []

"""Campaigns: a set of listings that stays as it was frozen."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from aexdash.desk.campaigns import Campaign, CampaignError, Campaigns
from aexdash.desk.decisions.work import Desk
from tests.desk.deciding import ANN, BOB, NOON

BRANDS = "reason=attribute.brand"
HOUR = timedelta(hours=1)
DUE = date(2026, 3, 20)


@pytest.fixture
def campaigns(tmp_path: Path) -> Campaigns:
    return Campaigns(tmp_path / "desk.db")


def make(campaigns: Campaigns, name: str, *ids: int, **facts: object) -> Campaign:
    """Freeze these listings of the store `main`."""
    given = {"who": ANN, "now": NOON, **facts}
    return campaigns.make(name, BRANDS, [("main", one) for one in ids or (1,)], **given)  # type: ignore[arg-type]


def test_a_desk_without_campaigns_has_none(campaigns):
    assert (campaigns.open(), campaigns.get("brands"), campaigns.members("brands")) == ([], None, [])


def test_a_campaign_is_a_frozen_set_with_a_name_a_date_and_somebody_responsible(campaigns):
    made = make(campaigns, " Brands ", 3, 1, 3, due_on=DUE, responsible=" Olga ")
    assert made == Campaign("brands", "Brands", BRANDS, DUE, "Olga", False, NOON, "Ann", 2, NOON, "Ann")
    assert campaigns.open() == [made]
    assert campaigns.get("brands") == made
    assert campaigns.members("brands") == [("main", 1), ("main", 3)]


def test_its_set_can_neither_be_rewritten_nor_shortened(campaigns):
    make(campaigns, "Brands", 1, 2)
    connection = sqlite3.connect(campaigns.path)
    for sql in ("DELETE FROM campaign_listing", "UPDATE campaign_listing SET product_id = 9"):
        with pytest.raises(sqlite3.IntegrityError, match="the set of a campaign is frozen"):
            connection.execute(sql)
    connection.close()


def test_what_is_changed_is_name_date_and_who_is_responsible_and_nothing_of_it_is_forgotten(campaigns):
    make(campaigns, "Brands", 1, 2)
    changed = campaigns.change("brands", name="All brands", due_on=DUE, responsible="Bob", who=BOB, now=NOON + HOUR)
    assert changed == Campaign("brands", "All brands", BRANDS, DUE, "Bob", False, NOON + HOUR, "Bob", 2, NOON, "Ann")
    assert campaigns.open() == [changed]
    connection = sqlite3.connect(campaigns.path)
    assert connection.execute("SELECT name, by FROM campaign").fetchall() == [("Brands", "Ann"), ("All brands", "Bob")]
    connection.close()


def test_a_closed_campaign_is_no_longer_offered_and_its_address_stays(campaigns):
    make(campaigns, "Brands", 1, 2)
    campaigns.close("brands", who=BOB, now=NOON + HOUR)
    campaigns.close("brands", who=ANN, now=NOON + 2 * HOUR)
    closed = campaigns.get("brands")
    assert closed
    assert (closed.closed, closed.by, closed.at, campaigns.open()) == (True, "Bob", NOON + HOUR, [])
    assert campaigns.members("brands") == [("main", 1), ("main", 2)]
    with pytest.raises(CampaignError, match="This campaign is closed"):
        campaigns.change("brands", name="B", due_on=None, responsible="", who=ANN, now=NOON)
    assert make(campaigns, "Brands", 1).key == "brands-2"


def test_those_due_first_come_first_and_those_without_a_date_last(campaigns):
    for name, due_on in (("A", None), ("B", date(2026, 4, 1)), ("C", DUE)):
        make(campaigns, name, due_on=due_on)
    assert [one.name for one in campaigns.open()] == ["C", "B", "A"]


@pytest.mark.parametrize(
    ("name", "count", "sentence"),
    [
        (" ", 1, "A campaign needs a name."),
        ("a" * 61, 1, "A name of a campaign has at most 60 characters; this one has 61."),
        ("Brands", 0, "A campaign needs at least one listing."),
        ("Brands", 1001, "A campaign has at most 1,000 listings; these are 1,001. Narrow the filter."),
        ("taken", 1, "There is an open campaign Taken already; take another name."),
    ],
)
def test_what_is_no_campaign_is_said_in_a_sentence_and_nothing_is_kept(campaigns, name, count, sentence):
    make(campaigns, "Taken")
    with pytest.raises(CampaignError) as told:
        campaigns.make(name, BRANDS, [("main", one) for one in range(count)], who=ANN, now=NOON)
    assert str(told.value) == sentence
    assert [one.name for one in campaigns.open()] == ["Taken"]


def test_a_thousand_listings_are_a_campaign(campaigns):
    assert make(campaigns, "Brands", *range(1000)).listings == 1000


def test_an_eleventh_open_campaign_is_refused(campaigns):
    for number in range(10):
        make(campaigns, f"Campaign {number}")
    with pytest.raises(CampaignError, match="10 campaigns are open already; close one first"):
        make(campaigns, "One more")
    campaigns.close("campaign-3", who=ANN, now=NOON)
    make(campaigns, "One more")


def test_the_listings_of_a_campaign_are_copied_with_what_else_was_decided_about_a_store(campaigns):
    make(campaigns, "Brands", 1, 2)
    Desk(campaigns.path).copy_to("main", "kept")
    assert campaigns.members("brands") == [("kept", 1), ("kept", 2), ("main", 1), ("main", 2)]


def test_every_change_of_a_campaign_moves_the_mark(campaigns):
    marks = [Desk(campaigns.path).mark()]
    make(campaigns, "Brands", 1)
    marks.append(Desk(campaigns.path).mark())
    campaigns.close("brands", who=ANN, now=NOON)
    marks.append(Desk(campaigns.path).mark())
    assert [sum(mark) for mark in marks] == [0, 1, 2]


@pytest.mark.parametrize("name", ["\u200b", "\u2800", "\u202e \u3164"])
def test_a_campaign_has_a_name_that_is_seen(campaigns, name):
    with pytest.raises(CampaignError, match="A campaign needs a name"):
        make(campaigns, name)


def test_who_is_responsible_is_read_as_every_name_is(campaigns):
    assert make(campaigns, "Brands", responsible="Ol\u200bga ").responsible == "Olga"
    for responsible in ("rule", "NOBODY", "-", "x" * 61):
        with pytest.raises(CampaignError, match=r"Responsible: .*name"):
            make(campaigns, "More", responsible=responsible)
        with pytest.raises(CampaignError, match=r"Responsible: .*name"):
            campaigns.change("brands", name="Brands", due_on=None, responsible=responsible, who=BOB, now=NOON)
    assert campaigns.get("brands").responsible == "Olga"


def test_who_was_responsible_before_stays_so_whatever_the_name(campaigns):
    made = make(campaigns, "Brands", responsible="Olga")
    with closing(sqlite3.connect(campaigns.path)) as desk, desk:
        desk.execute(
            "INSERT INTO campaign SELECT NULL, key, name, query, due_on, 'nobody', closed, at, by FROM campaign"
        )
    later = campaigns.change(made.key, name="All brands", due_on=DUE, responsible="nobody", who=BOB, now=NOON)
    assert (later.name, later.responsible) == ("All brands", "nobody")

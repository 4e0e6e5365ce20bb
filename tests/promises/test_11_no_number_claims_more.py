"""Promise 11. No number claims more than was read.

`test_what_was_read.py` beside this one holds the same promise to a plain model, in random worlds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from aexdash.cards import CARDS, comparisons, values
from aexdash.cli.cards import card_facts, card_lines
from aexdash.demo.platform.faults import FaultKind
from aexdash.desk.bands import Sensitivity
from aexdash.statement import Claim
from aexdash.view import View
from tests.snapshot.store import STALE_AFTER
from tests.support import FIRST, LONG_SIGNED_IN, NO_EVIDENCE, NOON, Shop, world_of

LIST = "aliexpress.solution.product.list.get"
HERO, OF_24_HOURS = "aex_rejected_auditing_listings", "aex_rejected_listings_24h"
VERDICTS = {"Performing", "Stable", "Needs attention"}


@dataclass
class Home:
    """Stores of one snapshot, at one clock."""

    one: Shop
    two: Shop

    def keys(self) -> list[str]:
        return [shop.key for shop in (self.one, self.two)]

    def facts(self) -> dict[str, dict]:
        """What scripts are told of every card."""
        said, hero = values(self.one.snapshot.measures(self.keys())), self.one.hero()
        fresh = self.one.snapshot.freshness(self.keys(), self.one.clock(), STALE_AFTER)
        return card_facts(said, self._standing(), hero, fresh)

    def lines(self) -> dict[str, str]:
        """What a terminal shows of every card."""
        said, hero = values(self.one.snapshot.measures(self.keys())), self.one.hero()
        fresh = self.one.snapshot.freshness(self.keys(), self.one.clock(), STALE_AFTER)
        return dict(zip(CARDS, card_lines(said, self._standing(), hero, fresh), strict=False))

    def _standing(self):
        return Sensitivity(self.one.folder / "desk.db").standing(None, list(CARDS.values()))


@pytest.fixture
def home(open_shop) -> Home:
    """Two stores in which nothing is held, connected and not read yet."""
    one = open_shop(world_of(active=2), key="one", store=LONG_SIGNED_IN)
    two = open_shop(world_of(active=2), key="two", clock=one.clock, store={**LONG_SIGNED_IN, "seller_id": "2671514006"})
    return Home(one, two)


def both_read(home: Home) -> None:
    for shop in (home.one, home.two):
        shop.sync("sweep", limits=NO_EVIDENCE)


def never_read(home: Home) -> None:
    pass


def stale(home: Home) -> None:
    both_read(home)
    home.one.clock.move(days=11)


def partly_read(home: Home) -> None:
    both_read(home)
    home.two.faults.add(FaultKind.LYING_TOTAL, method=LIST)
    home.two.sync("pulse", limits=NO_EVIDENCE)


def one_fails(home: Home) -> None:
    both_read(home)
    home.two.faults.add(FaultKind.SERVER_ERROR, method=LIST)
    home.two.sync("pulse", limits=NO_EVIDENCE)


def one_never_read(home: Home) -> None:
    home.one.sync("sweep", limits=NO_EVIDENCE)


def window_half_read(home: Home) -> None:
    both_read(home)
    home.one.clock.move(days=2, hours=12)  # a reading of these tests speaks for two days
    both_read(home)


WORLDS = [
    (never_read, Claim.NEVER_READ, None, "No data"),
    (stale, Claim.NOT_READ_SINCE, 0, "Not confirmed"),
    (partly_read, Claim.NOT_READ_SINCE, 0, "Not confirmed"),
    (one_fails, Claim.NOT_READ_SINCE, 0, "Not confirmed"),
    (one_never_read, Claim.PART, 0, "Not confirmed"),
    (window_half_read, Claim.KNOWN, 0, "Performing"),
    (both_read, Claim.KNOWN, 0, "Performing"),
]
"""What the hero may claim in each world, its value, and the word for it."""


@pytest.mark.parametrize(("world", "claim", "held", "word"), WORLDS)
def test_a_verdict_stands_only_where_every_store_was_read_for_scripts_as_on_a_terminal(home, world, claim, held, word):
    world(home)
    facts, lines = home.facts(), home.lines()
    hero = facts[HERO]
    assert (hero["value"], hero["statement"]["claim"], hero["sentiment"]) == (held, claim, word)
    assert word in lines[HERO]
    for key, told in facts.items():
        allowed = told["statement"]["claim"] == Claim.KNOWN
        assert allowed or told["sentiment"] not in VERDICTS, key
        assert allowed or not any(word in lines[key] for word in VERDICTS), lines[key]


def test_a_window_that_was_not_wholly_read_counts_at_least_and_has_no_verdict(home):
    window_half_read(home)
    told, line = home.facts()[OF_24_HOURS], home.lines()[OF_24_HOURS]
    assert (told["value"], told["sentiment"]) == (None, "Not confirmed")
    assert (told["statement"]["claim"], told["statement"]["unread_seconds"]) == ("at least", 12 * 3600)
    assert "none seen" in line
    assert "12 h of 24 h read" in line


def test_a_number_names_the_stores_that_it_does_not_speak_for(home):
    one_never_read(home)
    told = home.facts()[HERO]["statement"]
    assert (told["stores"]["asked"], told["stores"]["read"], told["stores"]["not_read"]) == (2, 1, ["two"])
    assert "Two: not read yet" in home.lines()[HERO]


def test_a_store_that_was_connected_meanwhile_is_no_rise(home):
    home.one.sync("sweep", limits=NO_EVIDENCE)
    home.one.clock.move(hours=25)
    home.two.world.move(FIRST, home.two.world.listing(FIRST, NOON).status.REJECTED)
    both_read(home)
    compared = comparisons(home.one.snapshot.measures(home.keys()))[HERO]
    assert home.facts()[HERO]["value"] == 1
    assert (compared.stores, compared.whole) == (("one",), False)
    assert (compared.current.value, compared.before.value) == (0, 0)


def test_no_difference_is_made_with_a_moment_that_nobody_read(home):
    both_read(home)
    home.one.clock.move(days=4)
    both_read(home)
    assert HERO not in comparisons(home.one.snapshot.measures(home.keys()))


def test_a_moment_that_nobody_read_has_no_number_and_says_what_was_read_last(home):
    both_read(home)
    home.one.clock.move(days=4)
    both_read(home)
    hero = home.one.hero(as_of=NOON + timedelta(days=3))
    assert (hero.held, hero.reach.claim, hero.reach.was) == (None, Claim.NOT_READ_SINCE, 0)
    assert [one.read_again_at for one in hero.reach.missing] == [NOON + timedelta(days=4)] * 2


def test_time_that_passes_unread_makes_nothing_older_and_no_audit_stuck(open_shop):
    shop = open_shop(world_of(auditing=1, rejected=1), store=LONG_SIGNED_IN)
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.clock.move(days=1)
    shop.sync("pulse", limits=NO_EVIDENCE)

    def said():
        hero = shop.hero()
        return hero.age, hero.stuck, {number: row.age for number, row in shop.rows().items()}

    day = timedelta(days=1)
    assert said() == (day, 0, {FIRST: day, FIRST + 1: day})
    shop.clock.move(days=11)
    assert said() == (day, 0, {FIRST: day, FIRST + 1: day})
    assert shop.snapshot.count(View(age="3d")) == 0

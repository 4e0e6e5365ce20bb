"""Promise 4. Every number says when we read it, and since when the platform has had it so."""

from __future__ import annotations

from datetime import timedelta

from aexdash.model import Status
from tests.snapshot.store import STALE_AFTER, rejected_in_24_hours
from tests.support import FIRST, NO_EVIDENCE, NOON, world_of


def test_the_hero_has_both_and_neither_stands_for_the_other(open_shop):
    shop = open_shop(world_of(active=3))
    shop.sync("sweep", limits=NO_EVIDENCE)
    moved = shop.clock.move(minutes=40)
    shop.world.move(FIRST, Status.REJECTED, at=moved)
    seen = shop.clock.move(minutes=20)
    shop.sync("pulse", limits=NO_EVIDENCE)
    read = shop.clock.move(minutes=20)
    shop.sync("pulse", limits=NO_EVIDENCE)
    hero, row = shop.hero(), shop.rows()[FIRST]
    assert (hero.as_of, hero.since) == (read, seen)
    assert (row.started_after, row.started_at, row.modified_at) == (NOON, seen, moved)
    assert row.modified_raw  # the platform's own text of it, in its own zone
    assert shop.snapshot.freshness("main", read + timedelta(seconds=7), STALE_AFTER).read_at == read


def test_a_partial_reading_moves_neither_clock(open_shop):
    shop = open_shop(world_of(rejected=2))
    shop.sync("sweep", limits=NO_EVIDENCE)
    before = shop.hero()
    shop.world.forgotten = frozenset({FIRST})
    shop.clock.move(minutes=9)
    shop.sync("pulse", limits=NO_EVIDENCE)
    assert shop.hero() == before


def test_what_was_there_when_we_first_looked_does_not_pretend_to_be_new(open_shop):
    shop = open_shop(world_of(rejected=1))
    shop.sync("sweep", limits=NO_EVIDENCE)
    row = shop.rows()[FIRST]
    assert (row.started_after, row.started_at, rejected_in_24_hours(shop.snapshot)) == (None, NOON, 0)

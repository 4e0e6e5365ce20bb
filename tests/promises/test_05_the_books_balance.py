"""Promise 5. opening + first seen + entered − left = closing, for any two moments; hero and history agree."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.model import HELD, Status
from aexdash.storage.one_state import one_state
from aexdash.view import View
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.snapshot.store import entered_left, rejected_in_24_hours
from tests.support import FIRST, LONG_SIGNED_IN, NO_EVIDENCE, NOON, Shop, examples

COUNT = 6
STATUSES = [Status.ACTIVE, Status.AUDITING, Status.REJECTED, Status.OFFLINE]
moves = st.lists(st.tuples(st.integers(0, COUNT - 1), st.sampled_from(STATUSES)), max_size=4)
runs = st.lists(st.tuples(moves, st.sampled_from(["pulse", "sweep"]), st.integers(1, 30)), min_size=1, max_size=5)


@pytest.mark.slow
@settings(max_examples=examples(20), deadline=None)
@given(runs)
def test_for_any_two_moments_and_on_every_page(story):
    with tempfile.TemporaryDirectory() as folder:
        world = ScriptedWorld(plain_listing(FIRST + n, STATUSES[n % 4]) for n in range(COUNT))
        shop = Shop(Path(folder), world, store=LONG_SIGNED_IN)
        moments = [NOON - timedelta(days=1), shop.sync("sweep", limits=NO_EVIDENCE).as_of]
        for moved, kind, hours in story:
            at = shop.clock.move(hours=hours)
            for number, status in moved:
                shop.world.move(FIRST + number, status, at=at)
            moments.append(shop.sync(kind, limits=NO_EVIDENCE).as_of)
        check(shop, moments)
        shop.close()


@one_state()
def check(shop, moments):
    held = {at: shop.snapshot.hero(View(as_of=at)).held or 0 for at in moments}
    for start, end in combinations(moments, 2):
        books = shop.snapshot.past("main").books(start, end)
        entered, left = entered_left(shop.snapshot, "main", start, end)
        assert books.opening + books.first_seen + books.entered - books.left == books.closing
        assert (books.opening, books.closing) == (held[start], held[end])
        assert (len(entered), len(left)) == (books.first_seen + books.entered, books.left)
    last = moments[-1]
    hero, now = shop.hero(), shop.snapshot.hero(View(as_of=last))
    assert (hero.rejected, hero.auditing) == (now.rejected, now.auditing)
    assert rejected_in_24_hours(shop.snapshot) == rejected_in_24_hours(shop.snapshot, View(as_of=last))
    assert hero.held == len(shop.rows()) == len(shop.rows(as_of=last))
    assert hero.held == sum(status in HELD for status in shop.open_statuses().values())
    (today,) = shop.snapshot.days("main", last.date(), 1)
    assert (today.rejected, today.auditing) == (hero.rejected, hero.auditing)

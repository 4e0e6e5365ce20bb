"""Promises 1 and 11. Random worlds against a plain model that knows what was read: nothing that is said claims more.

A story: stores of different tolerance are connected one after the other; their listings move; the platform misbehaves;
runs are made, or not for days; the machine's clock is set. After each round every statement is compared with the model.
Nothing is patched: the real client reads the simulated platform, into one real file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aexdash.cards import CARDS, Card, CardValue, comparisons, values
from aexdash.cards.model import Need, Window
from aexdash.cards.window import Ending, before
from aexdash.clock import TICK, from_text, to_text
from aexdash.demo.platform.faults import FaultKind, Faults
from aexdash.model import HELD, Outcome, Status
from aexdash.snapshot.history.series import Grain, buckets
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.tallies import Hero
from aexdash.statement import Claim
from aexdash.sync.run import sync_store
from aexdash.view import View
from aexdash.words.cards import verdict
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.promises.readings import Model, Run, StoreModel
from tests.support import LONG_SIGNED_IN, NO_EVIDENCE, NOON, MovedClock, Shop, examples, kit_in

KEYS = ("one", "two", "three")
TOLERANCES = {"one": timedelta(minutes=30), "two": timedelta(hours=6), "three": timedelta(hours=50)}
IDS = tuple(range(1005000000000001, 1005000000000006))
STATUSES = (Status.ACTIVE, Status.AUDITING, Status.REJECTED, Status.OFFLINE)
GOOD = {"Performing", "Stable", "Needs attention"}
WORST_FIRST = ("never", "ahead", "failed", "stale", "partial", "fresh")
LIST = "*product.list.get"
ANY_CALL = {FaultKind.SERVER_ERROR, FaultKind.SYSTEM_ERROR, FaultKind.UNKNOWN_PRODUCT, FaultKind.UNHEARD_STATUS}

faults = st.one_of(
    st.none(),
    st.none(),
    st.tuples(
        st.sampled_from(
            [
                FaultKind.SERVER_ERROR,
                FaultKind.HTML,
                FaultKind.LYING_TOTAL,
                FaultKind.MISSING_LIST,
                FaultKind.EMPTY_PAGE,
                FaultKind.NO_LISTINGS,
                FaultKind.SYSTEM_ERROR,
                FaultKind.IS_SUCCESS,
                FaultKind.UNKNOWN_PRODUCT,
                FaultKind.FILTER_IGNORED,
                FaultKind.UNHEARD_STATUS,
            ]
        ),
        st.integers(0, 4),
        st.integers(1, 6),
    ),
)
rounds = st.fixed_dictionaries(
    {
        "minutes": st.sampled_from([1, 20, 45, 4 * 60, 11 * 60, 26 * 60, 3 * 24 * 60]),
        # how many seconds this machine's clock is ahead from now on, and whether the platform's answers show it
        "clock": st.none()
        | st.none()
        | st.tuples(st.sampled_from([0, 0, 0, 90, -90, 600, -600, 7200, 5 * 86400]), st.booleans()),
        "moves": st.lists(
            st.tuples(st.sampled_from(KEYS), st.sampled_from(IDS), st.sampled_from([*STATUSES, None])), max_size=4
        ),
        "runs": st.lists(
            st.tuples(st.sampled_from(KEYS), st.sampled_from(["pulse", "sweep", "sweep"]), faults), max_size=3
        ),
        "asked": st.sets(st.sampled_from(KEYS)),
        "back": st.floats(0, 1, allow_nan=False),
    }
)

QUIET = {"minutes": 1, "clock": None, "moves": [], "runs": [], "asked": set(), "back": 0.0}
LATER = QUIET | {"minutes": 3 * 24 * 60}
FIRST, ILL = ("one", "pulse", None), ("two", "sweep", (FaultKind.MISSING_LIST, 3, 6))


class Story:
    """A home with its stores, and the model of each that was connected."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, MovedClock()
        self.off, self.told = timedelta(), True
        self.shops: dict[str, Shop] = {}
        self.models: dict[str, StoreModel] = {}
        self.worlds = {
            key: ScriptedWorld(
                plain_listing(number, STATUSES[(index + at) % 4]) for index, number in enumerate(IDS[:4])
            )
            for at, key in enumerate(KEYS)
        }

    def set_clock(self, seconds: float, told: bool) -> None:
        """Set this machine's clock so far ahead of the true time; `told`: the platform's answers have the true one."""
        off = timedelta(seconds=seconds)
        self.clock.at += off - self.off
        self.off, self.told = off, told

    def platform_clock(self) -> datetime:
        return self.clock() - (self.off if self.told else timedelta())

    def move(self, key: str, number: int, status: Status | None) -> None:
        """Move a listing of a store, put it back, or take it out of the world."""
        world = self.worlds[key]
        known = world.listing(number, self.clock()) is not None
        if status is None:
            if known:
                world.remove(number)
            return
        if not known:
            world.put(plain_listing(number, status))
        world.move(number, status, "user_offline" if status is Status.OFFLINE else None, at=self.clock())

    def connect(self, key: str) -> None:
        if key in self.shops:
            return
        self.shops[key] = Shop(
            self.folder,
            self.worlds[key],
            key=key,
            clock=self.clock,
            platform_clock=self.platform_clock,
            faults=Faults(wait=lambda _released, seconds: self.clock.sleep(seconds)),
            store={**LONG_SIGNED_IN, "seller_id": f"26715140{KEYS.index(key)}"},
        )
        self.models[key] = StoreModel(key, TOLERANCES[key])

    def run(self, key: str, kind: str, fault: tuple[FaultKind, int, int] | None) -> None:
        """Run a sync of a store, and let the model know what it read."""
        self.connect(key)
        shop, model = self.shops[key], self.models[key]
        shop.faults.clear()
        if fault:
            what, after, times = fault
            shop.faults.add(what, after=after, times=times, method="*" if what in ANY_CALL else LIST)
        said_before = model.said(None)
        kit = replace(kit_in(self.folder, NO_EVIDENCE), stale_after=lambda its: TOLERANCES[its].total_seconds())
        result = sync_store(shop.seller, shop.db, shop.store_id, kind, kit, clock=self.clock)
        run = self._what_it_read(shop, model, result.outcome)
        self.check_run(key, run, said_before, lied=fault is not None and fault[0] is FaultKind.NO_LISTINGS)
        model.runs.append(run)

    def _what_it_read(self, shop: Shop, model: StoreModel, outcome: Outcome) -> Run:
        if outcome is Outcome.FAILED:
            return Run(None, outcome, frozenset(), frozenset(), model.tolerance, model.said(None))
        last = model.recorded(None)
        now = from_text(to_text(self.clock()))  # whole milliseconds
        at = max(now, last[-1].at + TICK) if last else now
        sql = "SELECT status, complete FROM walk WHERE run_id = (SELECT max(id) FROM sync_run WHERE store_id = ?)"
        walks = {Status(status): complete for status, complete in shop.db.conn.execute(sql, [shop.store_id])}
        whole = frozenset(status for status, complete in walks.items() if complete)
        return Run(at, outcome, whole, frozenset(walks), model.tolerance, statuses(shop))

    def check_run(self, key: str, run: Run, before: dict[int, Status], *, lied: bool) -> None:
        """Hold a run to the world: what it calls read whole, it read; nothing moved but to where it is.

        `lied`: a list said in good order that it is empty, which only those listings contradict that the run missed.
        """
        if self.told and abs(self.off) > timedelta(minutes=2):
            assert run.outcome is Outcome.FAILED
        listings = [self.worlds[key].listing(number, self.clock()) for number in IDS]
        truth = {listing.product_id: listing.status for listing in listings if listing}
        for number, status in run.said.items():
            assert status in (before.get(number), truth.get(number)), (number, status, before.get(number), truth)
        for status in run.whole:
            there = {number for number, its in truth.items() if its is status}
            if lied:
                there = {number for number in there if before.get(number) in run.walked}
            assert there <= {number for number, its in run.said.items() if its is status}, status
            if run.outcome is Outcome.COMPLETE:
                left = [number for number, its in run.said.items() if its is status and truth.get(number) is not status]
                assert not left, (status, left)

    def check(self, asked: Sequence[str], back: float) -> None:
        """Compare everything that is said of some stores, now and at moments of the past, with the model."""
        models = [model for key, model in self.models.items() if key in asked]
        if not models:
            return
        now = self.clock()
        self.check_moment(Model(models, now))
        for moment in self._moments(models, back):
            self.check_moment(Model(models, now, moment))
        self.check_freshness(models, now)
        self.check_history(Model(models, now))

    def _moments(self, models: Sequence[StoreModel], back: float) -> list[datetime]:
        """A moment anywhere since before the story, and one at an edge of a reading."""
        readings = [(run.at, run.at + run.tolerance) for model in models for run in model.readings()]
        edges = [edge for pair in readings for at in pair for edge in (at - TICK, at, at + TICK)]
        first = NOON - timedelta(days=2)
        anywhere = first + timedelta(milliseconds=int(back * ((self.clock() - first) / TICK)))
        return [anywhere, *edges[int(back * len(edges)) : int(back * len(edges)) + 1]]

    @property
    def snapshot(self) -> Snapshot:
        """The file as pages see it."""
        return next(iter(self.shops.values())).snapshot

    def check_moment(self, model: Model) -> None:
        keys = tuple(store.key for store in model.stores)
        view = View(profile="asked", stores=keys, as_of=model.at)
        hero, count = self.snapshot.hero(view), self.snapshot.count(view)
        check_hero(model, hero)
        if model.claim("held") is Claim.KNOWN:
            assert count == hero.held
        else:
            assert count >= (hero.held or 0)
        said = values(self.snapshot.measures(keys, model.at))
        for key, card in CARDS.items():
            if Need.FEED not in card.needs:
                check_card(model, card, said[key])
        self.check_comparisons(model, keys)

    def check_comparisons(self, model: Model, keys: Sequence[str]) -> None:
        """A difference is of the stores that were read at both ends, and these were read throughout."""
        found = comparisons(self.snapshot.measures(keys, model.at))
        last = model.at or max((store.until(None) for store in model.of("held")), default=model.now)
        for key, card in CARDS.items():
            if Need.FEED in card.needs:
                continue
            then = replace(model, at=before(card.window, last))
            both = [store for store in model.of(card.counts) if store in then.of(card.counts)]
            ends = [replace(end, stores=both) for end in (model, then)]
            whole = both and all(end.claim(card.counts, window_of(card)) is Claim.KNOWN for end in ends)
            assert (key in found) == bool(whole), key
            if whole:
                compared = found[key]
                assert compared.stores == tuple(store.key for store in both)
                assert compared.whole == (len(both) == len(keys))
                for end, value in zip(ends, (compared.current, compared.before), strict=True):
                    check_value(end, card, value)

    def check_freshness(self, models: Sequence[StoreModel], now: datetime) -> None:
        each = [model.freshness(now) for model in models]
        assert [self._state([model.key]) for model in models] == each
        assert self._state([model.key for model in models]) == min(each, key=WORST_FIRST.index)

    def _state(self, keys: Sequence[str]) -> str:
        return self.snapshot.freshness(keys, self.clock(), lambda its: TOLERANCES[its].total_seconds()).state

    def check_history(self, model: Model) -> None:
        """Every day and every hour of the last days is what was read in it, or a gap."""
        keys = [store.key for store in model.stores]
        for point in self.snapshot.days(keys, model.now.date(), 5):
            known = None if point.rejected is None else (point.rejected, point.auditing, point.newly_rejected)
            assert known == model.day(point.day), point
        hours = buckets(Grain.HOUR, model.now.date() - timedelta(days=1), model.now)[:-1]  # without the running one
        for point in self.snapshot.held_series(keys, hours, model.now):
            known = None if point.rejected is None else (point.rejected, point.auditing)
            assert known == model.at_end_of(point.start, point.end), point

    def close(self) -> None:
        for shop in self.shops.values():
            shop.close()


def statuses(shop: Shop) -> dict[int, Status]:
    """Where the snapshot has each listing; one that is deleted is nowhere."""
    sql = "SELECT product_id, status FROM status_period WHERE store_id = ? AND ended_at IS NULL AND status <> 'deleted'"
    return {number: Status(status) for number, status in shop.db.conn.execute(sql, [shop.store_id])}


def window_of(card: Card) -> Ending | None:
    return None if card.window is Window.RT else Ending(card.window)


def check_hero(model: Model, hero: Hero) -> None:
    """The number, what it may claim, which stores it is of, and when they were read."""
    assert hero.held == model.count("held", *HELD)
    assert hero.rejected == model.count("held", Status.REJECTED)
    assert (hero.active, hero.total) == (model.count("active", Status.ACTIVE), model.total)
    assert hero.reach.claim is model.claim("held")
    of = model.of("held")
    assert {one.store for one in hero.reach.missing} == {store.key for store in model.stores if store not in of}
    behind = [store.key for store in of if model.at is None and not store.current(model.now)]
    assert [one.store for one in hero.reach.behind] == behind
    assert (hero.since if hero.held else None) == model.held_since()
    last = min((store.readings(model.at)[-1].at for store in of), default=None)
    if model.at is None:
        assert hero.reach.read_at == last
    else:
        assert hero.reach.read_at is None if last is None else last <= hero.reach.read_at <= model.at


def check_card(model: Model, card: Card, said: CardValue) -> None:
    """A card claims what the model allows; it says a value only where somebody was read, a verdict where all were.

    What has to be seen through a whole window is of the stores that did not join within it; it names those it leaves
    out.
    """
    joined = model.joined(Ending(card.window)) if card.throughout else []
    model = replace(model, stores=[store for store in model.stores if store not in joined])
    if said.value is not None:
        assert [store.key for store in joined if f"{store.key.title()} (first read " not in said.note] == []
    claim = model.claim(card.counts, window_of(card))
    assert said.reach.claim is claim, (card.key, said.reach, claim)
    if verdict(said, card.band).word in GOOD:
        assert claim is Claim.KNOWN, card.key
    if not model.of(card.counts):
        assert said.value is None, card.key
    check_value(model, card, said)


def check_value(model: Model, card: Card, said: CardValue) -> None:
    """The value is that of the model, of the cards that can be worked out from lists alone."""
    plain = PLAINLY.get(card.key)
    if plain:
        assert said.value == plain(model), card.key
    if card.key in OF_NOW and model.at is None:
        assert said.value == pytest.approx(OF_NOW[card.key](model)), card.key


PLAINLY: dict[str, Callable[[Model], float | None]] = {
    "aex_rejected_auditing_listings": lambda model: model.count("held", *HELD),
    "aex_rejected_listings_24h": lambda model: model.rejected_in(Ending(Window.H24)),
    "aex_active_listings": lambda model: model.count("active", Status.ACTIVE),
    "aex_total_listings": lambda model: model.total,
    "aexdash_taken_down": lambda model: 0 if model.of("total") else None,  # no story takes one down
}
OF_NOW: dict[str, Callable[[Model], float | None]] = {
    "aexdash_oldest_rejected_days": lambda model: model.oldest(Status.REJECTED),
    "aexdash_oldest_auditing_days": lambda model: model.oldest(Status.AUDITING),
    "aexdash_stuck_in_audit": lambda model: model.stuck(),
}


@pytest.mark.slow
@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow], report_multiple_bugs=False
)
@example([QUIET, QUIET | {"runs": [("one", "pulse", (FaultKind.NO_LISTINGS, 0, 2)), ("one", "pulse", None)]}])
@example([QUIET | {"runs": [FIRST]}, LATER | {"runs": [FIRST, ILL]}])
@given(st.lists(rounds, min_size=2, max_size=7))
def test_nothing_that_is_said_claims_more_than_was_read(story_of_rounds):
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder))
        for this in story_of_rounds:
            story.clock.move(minutes=this["minutes"])
            if this["clock"]:
                story.set_clock(*this["clock"])
            for move in this["moves"]:
                story.move(*move)
            for run in this["runs"]:
                story.run(*run)
            story.check(sorted(this["asked"]) or KEYS, this["back"])
        story.close()

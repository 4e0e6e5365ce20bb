"""Random worlds, random faults, random kill points: what the snapshot says stays true, and the books balance.

Each example is a story: listings move, are removed and put back, the platform misbehaves, the process is killed in the
middle of a run, and now and then a sync is made. Nothing is patched: the real client reads the simulated platform.
"""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aexdash.demo.platform.faults import FaultKind, Faults
from aexdash.model import HELD, Outcome, Status
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.support import Killed, Shop, examples

IDS = tuple(range(1005000000000001, 1005000000000013))
STATUSES = (Status.ACTIVE, Status.AUDITING, Status.REJECTED, Status.OFFLINE)

places = st.tuples(st.sampled_from(IDS), st.sampled_from([*STATUSES, None]))
faults = st.tuples(
    st.sampled_from(
        [
            FaultKind.SERVER_ERROR,
            FaultKind.HTML,
            FaultKind.TRUNCATED,
            FaultKind.TIMEOUT,
            FaultKind.SHIFT,
            FaultKind.REPEAT,
            FaultKind.LYING_TOTAL,
            FaultKind.MISSING_LIST,
            FaultKind.EMPTY_PAGE,
            FaultKind.EXPIRED_TOKEN,
        ]
    ),
    st.integers(0, 8),
    st.integers(1, 8),
)
rounds = st.fixed_dictionaries(
    {
        "before": st.lists(places, max_size=4),
        "during": st.lists(st.tuples(st.integers(0, 9), places), max_size=3),
        "fault": st.one_of(st.none(), faults),
        "kind": st.sampled_from(["pulse", "sweep"]),
        "killed_at_call": st.one_of(st.none(), st.none(), st.integers(0, 12)),
    }
)
stories = st.lists(rounds, min_size=3, max_size=7)
"""A round: listings move, some while the run reads; the platform errs from some call on; a sync runs or is killed."""


class Story:
    """One shop, what its world had, and what its snapshot said after the last run."""

    def __init__(self, folder: Path) -> None:
        self.world = ScriptedWorld(plain_listing(number, STATUSES[number % 4]) for number in IDS[:8])
        self.faults = Faults(wait=lambda _released, seconds: self.shop.clock.sleep(seconds))
        self.shop = Shop(folder, self.world, faults=self.faults)
        self.had: dict[int, set[Status]] = {number: set() for number in IDS}
        self.queued: list[tuple[int, int, Status | None]] = []
        self.said: dict[int, Status] = {}

    def truth(self) -> dict[int, Status]:
        """Where each listing of the world is now."""
        listings = (self.world.listing(number, self.shop.clock()) for number in IDS)
        return {listing.product_id: listing.status for listing in listings if listing}

    def place(self, number: int, status: Status | None) -> None:
        """Move a listing, put it back, or take it out of the world."""
        at = self.shop.clock.move(seconds=1)
        known = self.world.listing(number, at) is not None
        if status is None:
            if known:
                self.world.remove(number)
            self.had[number].add(Status.DELETED)
        else:
            if not known:
                self.world.put(plain_listing(number, status, modified=at))
            self.world.move(number, status, "user_offline" if status is Status.OFFLINE else None, at=at)
            self.had[number].add(status)

    def misbehave(self, fault: tuple[FaultKind, int, int] | None) -> None:
        """Let the platform go wrong from a call of the next sync on, for so many calls."""
        self.faults.clear()
        if fault:
            kind, after, times = fault
            self.faults.add(kind, 1 if kind is FaultKind.SHIFT else 0, after=after, times=times)

    def sync(self, kind: str, killed_at_call: int | None) -> None:
        """Run one sync, perhaps killed, while queued moves happen between its calls; hold it to its promises."""
        self.shop.clock.move(minutes=5)
        truth = self.truth()
        self.had = {number: {truth.get(number, Status.DELETED)} for number in IDS}
        before, rows_before = dict(self.said), self.shop.dump()
        self.shop.between_calls = self._between(killed_at_call)
        try:
            result = self.shop.sync(kind)
        except Killed:
            self.shop.restart()
            self.said = self.shop.open_statuses()
            if self.shop.dump()["status_period"] != rows_before["status_period"]:
                self.check(before, None, kind)  # killed after the run was recorded, while evidence was gathered
            return
        finally:
            self.shop.between_calls = lambda _call: None
            self.queued.clear()
        self.said = self.shop.open_statuses()
        if result.outcome is Outcome.FAILED:
            assert self.shop.dump() == rows_before
        self.check(before, result.outcome, kind)

    def _between(self, killed_at_call: int | None):
        def happen(call: int) -> None:
            for number, product_id, status in self.queued:
                if number == call:
                    self.place(product_id, status)
            if call == killed_at_call:
                raise Killed

        return happen

    def check(self, before: dict[int, Status], outcome: Outcome | None, kind: str) -> None:
        """Whatever happened, the snapshot says of each listing what it said before or what was true during the run."""
        for number, status in self.said.items():
            possible = self.had[number]
            assert status is before.get(number) or status in possible, (number, status, before.get(number), possible)
        if outcome is Outcome.COMPLETE:
            for number in IDS:
                self.check_complete(number, kind)

    def check_complete(self, number: int, kind: str) -> None:
        """A complete run leaves nothing held that is not, and misses nothing that stayed held throughout."""
        had, said = self.had[number], self.said.get(number)
        if len(had) > 1:
            return
        (true,) = had
        if kind == "sweep" or true in HELD:
            assert said is true or (true is Status.DELETED and said is None), (number, said, true)
        else:
            assert said not in HELD, (number, said, true)

    def check_books(self) -> None:
        """For any two moments: opening + entered - left = closing, per status; and one open period a listing."""
        periods = self.shop.periods()
        moments = sorted({moment for period in periods for moment in period[2:4] if moment})
        for status in Status:
            mine = [(start, end) for _, its, start, end in periods if its == status]
            for i, a in enumerate(moments):
                for b in moments[i:]:
                    opening = sum(start <= a and (end is None or end > a) for start, end in mine)
                    entered = sum(a < start <= b for start, end in mine)
                    left = sum(end is not None and a < end <= b for start, end in mine)
                    closing = sum(start <= b and (end is None or end > b) for start, end in mine)
                    assert opening + entered - left == closing
        open_ids = [number for number, _, _, end in periods if end is None]
        assert len(open_ids) == len(set(open_ids))
        for number in open_ids:
            mine = sorted((start, end or "~") for its, _, start, end in periods if its == number)
            assert all(first[1] == second[0] for first, second in itertools.pairwise(mine))


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories)
def test_the_snapshot_equals_what_the_platform_last_completely_showed(story_of_rounds):
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder))
        story.sync("sweep", None)
        for this in story_of_rounds:
            for number, status in this["before"]:
                story.place(number, status)
            story.queued = [(call, number, status) for call, (number, status) in this["during"]]
            story.misbehave(this["fault"])
            story.sync(this["kind"], this["killed_at_call"])
        story.faults.clear()
        story.sync("sweep", None)
        story.check_books()
        story.shop.close()

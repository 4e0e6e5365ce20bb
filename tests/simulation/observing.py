"""Lets stores and shops be read while a story happens to them, and compares what is written down with what was so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from aexdash.sync import lease
from tests.simulation.home import HOURS, Home, Process, first_of, ids_of
from tests.simulation.known import Known, Reading
from tests.simulation.promises import Broken, Promise
from tests.simulation.shops import KnownShop, ShopReading
from tests.simulation.steps import SHOPS, ChangeGoods, Fault, Move, OtherProcess, SecondWorker
from tests.support import Killed

TOLERATED = timedelta(minutes=2)

Queued = Move | OtherProcess | ChangeGoods | SecondWorker
"""What happens while a store or a shop is read."""


def about(step: Queued) -> str:
    """The store or the shop at whose reading something happens."""
    return step.shop if isinstance(step, ChangeGoods) else step.store


class Observing:
    """What is known of each store and each shop, and what waits for their next reading.

    `second_worker` begins another worker, `look_at` is given each process that has read.
    """

    def __init__(
        self,
        home: Home,
        counts: Counter[str],
        second_worker: Callable[[], None],
        look_at: Callable[[Process], None],
    ) -> None:
        self.home, self.counts = home, counts
        self._second_worker, self._look_at = second_worker, look_at
        self.known = {key: Known(key, timedelta(hours=HOURS[key][2])) for key in home.keys}
        self.shops = {key: KnownShop(key) for key in SHOPS}
        self.queued: list[Queued] = []
        self.armed: dict[str, Fault] = {}
        self._of_store: dict[str, Reading] = {}
        self._of_shop: dict[str, ShopReading] = {}

    def be_well(self) -> None:
        """Let nothing wait any more."""
        self.queued.clear()
        self.armed.clear()

    def store(self, key: str, read: Callable[[], object]) -> None:
        """Let a store be read while what is queued happens to it, and compare what the run says with what was so."""
        home = self.home
        had = {number: {status} for number, status in home.truth(key).items()}
        for number in ids_of(key):
            had.setdefault(number, {None})
        fault = self.armed.pop(key, None)
        queued = [step for step in self.queued if about(step) == key]
        self.queued = [step for step in self.queued if about(step) != key]
        if fault:
            home.faults[key].add(
                fault.kind, fault.value, method="*list*" if fault.lists else "*", after=fault.after, times=fault.times
            )
        began = home.clock()
        killed = self._with(self._during_run(key, queued, had), read)
        home.faults[key].clear()
        told = home.told and abs(home.off) > TOLERATED
        reading = Reading(began, had, home.clock(), home.true.date(), fault.kind if fault else "", told)
        self._of_store[key] = reading
        self._take_in(self.known[key], reading)
        if killed:
            raise killed

    def shop(self, key: str, read: Callable[[], object]) -> None:
        """Let a shop be read, where it is due, while what is queued happens to it, and compare as of a store."""
        home, fault = self.home, self.home.shops.begin_to_err(key)
        had: dict[str, set] = {one: {variant} for one, variant in home.shops.variants(key).items()}
        began = home.clock()
        killed = self._with(self._during_reading(key, had), read)
        if home.calls[key]:
            home.shops.be_well(key)
        self._of_shop[key] = reading = ShopReading(began, had, home.clock(), fault)
        self._take_in(self.shops[key], reading)
        if killed:
            raise killed

    def after_death(self) -> None:
        """What the dead process was writing may be there wholly, though it was never told so."""
        for key, run in self._of_store.items():
            self._take_in(self.known[key], run)
        for key, reading in self._of_shop.items():
            self._take_in(self.shops[key], reading)

    def _take_in(self, known: Known | KnownShop, reading: Reading | ShopReading) -> None:
        with self.home.disk.aside():
            self.counts.update(known.take_in(self.home.settings.snapshot_path, reading))

    def _with(self, happen: Callable[[str, int], None], read: Callable[[], object]) -> Killed | None:
        """Read while something happens between the calls; return the death of whoever read."""
        self.home.between_calls = happen
        try:
            read()
        except Killed as error:
            return error
        finally:
            self.home.between_calls = lambda _key, _call: None
        return None

    def _during_run(self, key: str, queued: Sequence[Queued], had: dict[int, set]) -> Callable[[str, int], None]:
        def happen(of: str, call: int) -> None:
            for step in queued:
                if of != key or step.call != call:
                    continue
                if isinstance(step, SecondWorker):
                    self._second_worker()
                elif isinstance(step, OtherProcess):
                    self._meet()
                elif isinstance(step, Move):
                    for listing in step.listings:
                        self.home.place(key, listing, step.status)
                        had[first_of(key) + listing].add(step.status)

        return happen

    def _during_reading(self, key: str, had: dict[str, set]) -> Callable[[str, int], None]:
        def happen(of: str, call: int) -> None:
            for step in [step for step in self.queued if about(step) == key == of and step.call == call]:
                if step not in self.queued:  # the other process, which reads too, came to this call before
                    continue
                self.queued.remove(step)
                if isinstance(step, OtherProcess):
                    self._read_too(key)
                elif isinstance(step, ChangeGoods):
                    before = self.home.shops.variants(key)
                    self.home.shops.change(step)
                    after = self.home.shops.variants(key)
                    for one in before.keys() | after.keys():
                        had.setdefault(one, {None}).add(after.get(one))

        return happen

    def _read_too(self, key: str) -> None:
        """A second process reads a shop while the worker does."""
        self.counts["shops read by two at a time"] += 1
        other, calls = Process(self.home), self.home.calls[key]
        try:
            other.step(key)
            self._look_at(other)
        finally:
            other.end()
            self.home.calls[key] = calls

    def _meet(self) -> None:
        """A second process tries to write while a run goes on."""
        self.counts["second writers"] += 1
        try:
            with lease.hold(self.home.settings.lease_path, clock=self.home.clock, command="sync"):
                raise Broken(Promise.ONE_WRITER, "a second process may write while a run goes on")
        except lease.LeaseHeld:
            pass

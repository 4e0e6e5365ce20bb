"""Plays a story: each step happens in a home, and after each all promises are checked."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from types import TracebackType
from unittest import mock

from aexdash.model import Outcome
from aexdash.storage import file
from aexdash.storage.errors import StorageError
from aexdash.supervision.loop import is_foreseen
from aexdash.sync import lease
from tests.simulation import promises
from tests.simulation.disk import Disk
from tests.simulation.feeds import Feeds
from tests.simulation.home import FEED, Home, Old, Process, old_files
from tests.simulation.known import id_of
from tests.simulation.observing import Observing
from tests.simulation.people import Deciding
from tests.simulation.promises import Broken, Look, Promise, keep, read_only
from tests.simulation.steps import (
    KEYS,
    SHOPS,
    AllIsWell,
    AskSync,
    ChangeGoods,
    ChannelFails,
    Decide,
    Deliver,
    DiskFails,
    Fault,
    KillAtCall,
    Move,
    OldFiles,
    OtherProcess,
    Restart,
    SecondWorker,
    SetClock,
    ShopErrs,
    Step,
    Undo,
    Wait,
)
from tests.simulation.told import Told
from tests.support import Killed, NewFiles

OF_THE_WORLD = (Move, Fault, KillAtCall, DiskFails, ChannelFails, ChangeGoods, ShopErrs, Deliver)
"""Steps that change nothing of the home: what was checked before them is as it was."""

EVERY = 12
"""After so many waits everything that is slow to check is checked too."""


@dataclass(frozen=True)
class Failure:
    """The step after which a promise was broken, and what was found."""

    at: int
    promise: Promise
    found: str
    trace: TracebackType | None = field(default=None, compare=False, repr=False)


@dataclass
class Played:
    """What a story came to: how far it went, what was counted on the way, and what was broken."""

    steps: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    failure: Failure | None = None


def play(story: Sequence[Step], seed: int = 0, tell: Callable[[str], None] = lambda _: None) -> Played:
    """Play a story in a folder of its own. `seed` decides at which moments it is looked; `tell` is told each step."""
    played = Played()
    with stage() as folder, files_begin_as_copies():
        player = Player(folder, seed, played.counts)
        for step in (*story, *EPILOGUE):
            tell(f"{player.home.true:%d %b %H:%M} {step}")
            try:
                player.take(step)
                if step is EPILOGUE[-1]:
                    player.check_all_is_read()
                    player.check_slowly()
                played.steps += 1
            except Broken as broken:
                played.failure = Failure(played.steps, broken.promise, str(broken), broken.__traceback__)
                break
            except sqlite3.DatabaseError as error:
                promise = Promise.WHOLE_FILES if "malformed" in str(error) else Promise.EXPLAINED
                played.failure = Failure(played.steps, promise, f"{promise}: {error!r}", error.__traceback__)
                break
            except Exception as error:
                played.failure = Failure(
                    played.steps, Promise.EXPLAINED, f"{type(error).__name__}: {error}", error.__traceback__
                )
                break
        player.close()
        played.counts["store-days"] = sum(len(known.days) for known in player.known.values())
    return played


MEMORY = Path("/dev/shm")


@contextmanager
def stage() -> Iterator[Path]:
    """A folder in memory, where there is one, for one story."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None, prefix="simulated") as folder:
        yield Path(folder)


@contextmanager
def files_begin_as_copies() -> Iterator[None]:
    """Let new files begin as copies of empty ones, which is faster; old ones are upgraded by the real migrations."""
    if isinstance(getattr(file.open_for_writing, "__self__", None), NewFiles):
        yield
        return
    with stage() as folder, mock.patch.object(file, "open_for_writing", NewFiles(folder, file.open_for_writing).open):
        yield


class Player:
    """A home, the process that reads it, and what is known of both."""

    def __init__(self, folder: Path, seed: int, counts: Counter[str]) -> None:
        self.stack = ExitStack()
        self.chance, self.turns, self.counts = Random(seed), Random(f"{seed} turns"), counts
        self.folder, self.disk = folder, Disk(folder)
        self.stack.enter_context(self.disk.listening())
        self.home = Home(folder, len(KEYS), self.disk)
        self.process: Process | None = None
        self.second: Process | None = None
        self.seen = Observing(self.home, counts, self._another_worker, self._check_errors)
        self.known = self.seen.known
        self.people = Deciding(self.home, counts)
        self.told = Told(self.home, counts, self.known)
        self.feeds = Feeds(self.home, counts)
        self.rules_are_put = False
        self.old = Old()
        self.waits = 0

    def close(self) -> None:
        self.disk.well()
        self._end(both=True)
        self.stack.close()

    def take(self, step: Step) -> None:
        """Let a step happen, and hold everything to its promises."""
        try:
            self._happen(step)
        except Killed:
            self._bury()
        if self.disk.killed:
            self._bury()
        if not isinstance(step, OF_THE_WORLD):
            with self.disk.aside():
                self._check()

    def _happen(self, step: Step) -> None:
        match step:
            case Wait(minutes=minutes):
                self._wait(minutes)
            case Move(call=None):
                for listing in step.listings:
                    self.home.place(step.store, listing, step.status)
            case Move() | OtherProcess(call=int()) | ChangeGoods(call=int()) | SecondWorker(call=int()):
                self.seen.queued.append(step)
            case OtherProcess():
                self._read_elsewhere(step)
            case ChangeGoods():
                self.home.shops.change(step)
            case ShopErrs():
                self.home.shops.armed[step.shop] = step
            case Deliver():
                self.feeds.deliver(step)
            case SecondWorker():
                self._another_worker()
            case Fault():
                self.seen.armed[step.store] = step
            case SetClock():
                self.home.set_clock(step.seconds, step.told)
            case KillAtCall():
                self.home.kill_at[step.store] = (step.call, step.answered)
            case DiskFails():
                self.disk.fails(step.damage, step.after, step.times)
            case Decide() | Undo() if not self.rules_are_put:
                pass  # nobody has opened a page yet
            case Decide():
                self.home.sleep(1)
                self.people.decide(step)
            case Undo():
                self.home.sleep(1)
                self.people.undo(step)
            case AskSync():
                with suppress(StorageError):
                    self.home.desk.ask_sync(step.store, step.kind, self.home.clock())
            case Restart():
                self._end()
            case ChannelFails():
                self.home.refusals += [step.lost] * step.times
            case AllIsWell():
                self._end(both=True)
                self.disk.well()
                self.home.set_clock(0, told=True)
                self.seen.be_well()
                for trouble in (self.home.kill_at, self.home.refusals, self.home.shops.armed):
                    trouble.clear()
            case OldFiles():
                self.old = old_files(self.folder, step)

    def _bury(self) -> None:
        """The process is dead: drop what it had open, while nothing can be written, then let the disk be well."""
        self.counts["kills"] += 1
        if not self.disk.killed:
            with suppress(Killed):
                self.home.die()
        if self.process:
            self.process.die()
        self.process, self.home.kill_at = None, {}
        self.disk.well()
        promises.whole(self.home.settings.snapshot_path)
        promises.whole(self.home.settings.desk_path)
        self.seen.after_death()
        if self.rules_are_put:
            self.people.settle()
            self.told.new_events()

    def _end(self, *, both: bool = False) -> None:
        """End the worker in good order; `both`: and the one that waits."""
        if self.process:
            self.process.end()
            self.process = None
        if both and self.second:
            self.second.end()
            self.second = None

    def _wait(self, minutes: float) -> None:
        self.waits += 1
        self.home.sleep(minutes * 60)
        self._put_rules()
        self._be_one_worker()
        if self.process.keeps:
            self.process.ask()
            loops = [*self.home.keys, *SHOPS, FEED]
            self.turns.shuffle(loops)  # each has a thread of its own
            for name in loops:
                self._let_run(name)
            self.process.watch()
        self.feeds.grow()
        self._check_errors(self.process)
        if self.disk.struck and not self.disk.killed:
            self.counts["disk failures"] += 1
            self.disk.well()
        elif self.rules_are_put:
            with self.disk.aside():
                self.told.check()

    def _let_run(self, name: str) -> None:
        """Let a loop take its step, and look at what it did."""
        step = partial(self.process.step, name)
        if name in SHOPS:
            self.seen.shop(name, step)
        elif name == FEED:
            step()
        else:
            self.seen.store(name, step)

    def _be_one_worker(self) -> None:
        """Let a worker keep the home: the one that does, the one that has waited for that, or a new one."""
        if self.process is None and self.second:
            self.process, self.second = self.second, None
            self.counts["workers that took over"] += 1
        self.process = self.process or Process(self.home)
        self.process.begin_to_keep()
        held = [error for error in self.process.errors if isinstance(error, lease.LeaseHeld)]
        keep(Promise.TAKES_OVER, not held, held)
        if self.second:
            self._try_second()

    def _another_worker(self) -> None:
        self.second = self.second or Process(self.home)
        if self.process and self.process.keeps:
            self._try_second()

    def _try_second(self) -> None:
        """Let the worker that waits look whether the home is free, which it is not: another one keeps it."""
        self.counts["second workers refused"] += 1
        with self.disk.aside():
            self.second.begin_to_keep()
        keep(Promise.ONE_WORKER, not self.second.keeps, "a second worker keeps the home while the first does")
        self.second.errors.clear()

    def _put_rules(self) -> None:
        if not self.rules_are_put:
            with suppress(StorageError):
                self.home.put_rules()
                self.people.begin()
                self.rules_are_put = True

    def _read_elsewhere(self, step: OtherProcess) -> None:
        other = Process(self.home)
        other.requests[step.store].put(step.kind)
        try:
            self.seen.store(step.store, lambda: other.step(step.store))
            self._check_errors(other)
        finally:
            other.end()

    def _check_errors(self, process: Process) -> None:
        for error in process.errors:
            keep(Promise.EXPLAINED, is_foreseen(error), repr(error))
        process.errors.clear()
        strange = [line for line in self.home.log if "nobody foresaw" in line]
        keep(Promise.EXPLAINED, not strange, strange[:1])

    def _check(self) -> None:
        """Hold everything that is quick to check to its promises."""
        path, now = self.home.settings.snapshot_path, self.home.clock()
        stores = {}
        if path.exists() and path.stat().st_size:
            with read_only(path) as connection:
                for key, known in self.known.items():
                    store = id_of(connection, key)
                    if store is not None:
                        stores[key] = known
                        said = promises.open_statuses(connection, store)
                        differ = dict(said.items() ^ known.said(None).items())
                        keep(Promise.ALL_OR_NOTHING, not differ, f"{key}: moved without a run: {differ}")
        if stores and self._is_current():
            look = Look(self.home.snapshot, stores, now, self.chance)
            look.present()
            look.past()
            if self.waits % EVERY == 0:
                look.cards()
            key = self.turns.choice(SHOPS)
            self.seen.shops[key].check(self.home.snapshot, self.turns)
        self.feeds.check(now)
        if self.rules_are_put:
            self.people.check()
        if self.waits % EVERY == EVERY - 1:
            self.check_slowly()

    def _is_current(self) -> bool:
        """Whether the snapshot has its newest tables: an older one is not shown until a worker has opened it."""
        try:
            self.home.snapshot.version()
        except StorageError:
            return False
        return True

    def check_slowly(self) -> None:
        """Count everything again, check every page of both files, and look for secrets in all of them."""
        if self._is_current():
            promises.recounted(self.home.settings.snapshot_path)
            promises.whole(self.home.settings.snapshot_path)
        promises.whole(self.home.settings.desk_path)
        self.told.check_secrets()
        if self.old.periods or self.old.items:
            self.old.check(self.home.settings.snapshot_path, self.home.settings.desk_path)

    def check_all_is_read(self) -> None:
        """At the end all is well for days: every store was read, says what is so, and every alert has arrived."""
        for key, known in self.known.items():
            last = known.runs[-1] if known.runs else None
            said, true = known.said(None), self.home.truth(key)
            if not true:
                continue  # of a store that lost everything at once nothing is believed: no listing is left to answer
            keep(Promise.READS_ON, last and last.outcome is Outcome.COMPLETE, f"{key}: {last and last.outcome}")
            keep(Promise.READS_ON, said == true, f"{key}: {dict(said.items() ^ true.items())}")
        for key, shop in self.seen.shops.items():
            whole = shop.last == "complete" and shop.standing == self.home.shops.variants(key)
            keep(Promise.READS_ON, whole, f"{key}: {shop.last}, {shop.standing}")
        self.feeds.check_all_is_read(self.home.snapshot)
        self.told.check_all_arrived()


EPILOGUE: tuple[Step, ...] = (AllIsWell(), *(Wait(hours * 60) for hours in (26, 49, 49, 49, 49)))
"""At the end of each story all is well, and some days pass."""

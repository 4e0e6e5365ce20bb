"""Plays a story: each step happens in a home, and after each all promises are checked."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
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
from tests.simulation.home import HOOK, HOURS, SECRET, Home, Old, Process, first_of, ids_of, old_files
from tests.simulation.known import Known, Reading, id_of
from tests.simulation.people import Deciding
from tests.simulation.promises import Broken, Look, Promise, keep, read_only
from tests.simulation.story import (
    KEYS,
    AllIsWell,
    AskSync,
    ChannelFails,
    Decide,
    DiskFails,
    Fault,
    KillAtCall,
    Move,
    OldFiles,
    OtherProcess,
    Restart,
    SetClock,
    Step,
    Undo,
    Wait,
)
from tests.support import Killed, NewFiles

TOLERATED = timedelta(minutes=2)
OF_THE_WORLD = (Move, Fault, KillAtCall, DiskFails, ChannelFails)
"""Steps that change nothing of the home: what was checked before them is as it was."""

FIXTURES = Path(__file__).parents[1]
EVERY = 12
"""After so many waits everything that is slow to check is checked too."""

EVENTS = """
SELECT v.id, e.rule_key, e.store_key, v.kind FROM alert_event AS v JOIN alert_episode AS e ON e.id = v.episode_id
WHERE v.id > ? ORDER BY v.id
"""
OPEN = "SELECT rule_key, store_key FROM alert_episode WHERE closed_at IS NULL"
GIVEN_UP = "SELECT event_id FROM alert_delivery WHERE given_up_at IS NOT NULL AND attempts >= 4"


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
        self.chance, self.counts = Random(seed), counts
        self.folder, self.disk = folder, Disk(folder)
        self.stack.enter_context(self.disk.listening())
        self.home = Home(folder, len(KEYS), self.disk)
        self.process: Process | None = None
        self.known = {key: Known(key, timedelta(hours=HOURS[key][2])) for key in self.home.keys}
        self.people = Deciding(self.home, counts)
        self.queued: list[Move | OtherProcess] = []
        self.armed: dict[str, Fault] = {}
        self.rules_are_put = False
        self.old = Old()
        self.last_reading: dict[str, Reading] = {}
        self.last_event = self.waits = 0
        self.tokens: set[str] = set()

    def close(self) -> None:
        self.disk.well()
        if self.process:
            self.process.end()
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
            case Move() | OtherProcess(call=int()):
                self.queued.append(step)
            case OtherProcess():
                self._read_elsewhere(step)
            case Fault():
                self.armed[step.store] = step
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
                self._end()
                self.disk.well()
                self.home.set_clock(0, told=True)
                for trouble in (self.armed, self.queued, self.home.kill_at, self.home.refusals):
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
            self.process.end()
        self.process, self.home.kill_at = None, {}
        self.disk.well()
        promises.whole(self.home.settings.snapshot_path)
        promises.whole(self.home.settings.desk_path)
        # What the dead process was writing may be there wholly, though it was never told so.
        for key, reading in self.last_reading.items():
            self.counts.update(self.known[key].take_in(self.home.settings.snapshot_path, reading))
        if self.rules_are_put:
            self.people.settle()
            self._new_events()

    def _end(self) -> None:
        if self.process:
            self.process.end()
            self.process = None

    def _wait(self, minutes: float) -> None:
        self.waits += 1
        self.home.sleep(minutes * 60)
        self._put_rules()
        self.process = self.process or Process(self.home)
        self.process.ask()
        for key in self.home.keys:
            self._observed(key, lambda key=key: self.process.read(key))
        self.process.watch()
        self._check_errors(self.process)
        if self.disk.struck and not self.disk.killed:
            self.counts["disk failures"] += 1
            self.disk.well()
        elif self.rules_are_put:
            with self.disk.aside():
                self._check_alerts()

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
            self._observed(step.store, lambda: other.read(step.store))
            self._check_errors(other)
        finally:
            other.end()

    def _observed(self, key: str, read: Callable[[], object]) -> None:
        """Let a store be read while what is queued happens to it, and compare what the run says with what was so."""
        home = self.home
        had = {number: {status} for number, status in self.home.truth(key).items()}
        for number in ids_of(key):
            had.setdefault(number, {None})
        fault = self.armed.pop(key, None)
        queued = [step for step in self.queued if step.store == key]
        self.queued = [step for step in self.queued if step.store != key]
        home.between_calls = self._between(key, queued, had)
        if fault:
            home.faults[key].add(
                fault.kind, fault.value, method="*list*" if fault.lists else "*", after=fault.after, times=fault.times
            )
        began, killed = home.clock(), None
        try:
            read()
        except Killed as error:
            killed = error
        home.between_calls = lambda _key, _call: None
        home.faults[key].clear()
        told = home.told and abs(home.off) > TOLERATED
        reading = Reading(began, had, home.clock(), home.true.date(), fault.kind if fault else "", told)
        self.last_reading[key] = reading
        with self.disk.aside():
            self.counts.update(self.known[key].take_in(home.settings.snapshot_path, reading))
        if killed:
            raise killed

    def _between(
        self, key: str, queued: Sequence[Move | OtherProcess], had: dict[int, set]
    ) -> Callable[[str, int], None]:
        def happen(of: str, call: int) -> None:
            for step in queued:
                if of != key or step.call != call:
                    continue
                if isinstance(step, OtherProcess):
                    self._meet()
                    continue
                for listing in step.listings:
                    self.home.place(key, listing, step.status)
                    had[first_of(key) + listing].add(step.status)

        return happen

    def _meet(self) -> None:
        """A second process tries to write while a run goes on."""
        self.counts["second writers"] += 1
        try:
            with lease.hold(self.home.settings.lease_path, clock=self.home.clock, command="sync"):
                raise Broken(Promise.ONE_WRITER, "a second process may write while a run goes on")
        except lease.LeaseHeld:
            pass

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
        self._check_secrets()
        if self.old.periods or self.old.items:
            self.old.check(self.home.settings.snapshot_path, self.home.settings.desk_path)

    def _check_secrets(self) -> None:
        for token_file in (self.folder / "tokens").glob("*.json"):
            self.tokens |= set(promises.tokens_in(token_file))
        secrets = {SECRET, HOOK, *self.tokens}
        texts = {f"log: {line}": line.encode() for line in self.home.log[-200:]}
        files = (one for one in self.folder.rglob("*") if one.is_file())
        texts |= {
            one.name: one.read_bytes() for one in files if one.name != "secrets.toml" and one.parent.name != "tokens"
        }
        for name, text in texts.items():
            for secret in secrets:
                keep(Promise.SECRETS, secret.encode() not in text, f"{secret[:6]}… in {name}")

    def _check_alerts(self) -> None:
        """Compare new events with what was read, and let nothing be told that was not written down."""
        events, is_open = self._new_events()
        self.counts["alert events"] += len(events)
        promises.alerts(events, is_open, self.known, self.home.clock())
        told = {event for message in self.home.arrived for event in promises.events_of(message)}
        keep(Promise.MESSAGES, not told or max(told) <= self.last_event, f"told {told}, last event {self.last_event}")

    def _new_events(self) -> tuple[list[tuple[str, str, str]], set[tuple[str, str]]]:
        """The events since the last look, as (rule, store, kind), and which episodes are open, as (rule, store)."""
        with read_only(self.home.settings.desk_path) as connection:
            rows = connection.execute(EVENTS, [self.last_event]).fetchall()
            is_open = set(connection.execute(OPEN).fetchall())
        self.last_event = max((row[0] for row in rows), default=self.last_event)
        return [row[1:] for row in rows if row[2] in self.known], is_open

    def check_all_is_read(self) -> None:
        """At the end all is well for days: every store was read, says what is so, and every alert has arrived."""
        for key, known in self.known.items():
            last = known.runs[-1] if known.runs else None
            said, true = known.said(None), self.home.truth(key)
            if not true:
                continue  # of a store that lost everything at once nothing is believed: no listing is left to answer
            keep(Promise.READS_ON, last and last.outcome is Outcome.COMPLETE, f"{key}: {last and last.outcome}")
            keep(Promise.READS_ON, said == true, f"{key}: {dict(said.items() ^ true.items())}")
        with read_only(self.home.settings.desk_path) as connection:
            events = {row[0] for row in connection.execute(EVENTS, [0]) if row[2] in self.known}
            events -= {event for (event,) in connection.execute(GIVEN_UP)}
        told = {event for message in self.home.arrived for event in promises.events_of(message)}
        keep(Promise.MESSAGES, events <= told, f"never told: {sorted(events - told)[:5]}")
        self.counts["alerts told"] += len(events)


EPILOGUE: tuple[Step, ...] = (AllIsWell(), *(Wait(hours * 60) for hours in (26, 49, 49, 49, 49)))
"""At the end of each story all is well, and some days pass."""

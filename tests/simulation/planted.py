"""Faults to plant into the code, one for each promise, by which its check is seen to fail.

`python -m tests.simulation.planted` plants each, plays a story that meets it, and prints the table of docs/evidence.md.
A fault replaces a function of the product for the length of that story.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

from aexdash.alerts.conditions.no_data import NoData
from aexdash.demo.platform.faults import FaultKind
from aexdash.desk import outbox
from aexdash.desk.decisions.work import Desk
from aexdash.feed.watching import FeedWatch
from aexdash.model import Status
from aexdash.platform_data import Observation
from aexdash.shops.shopify import Shopify
from aexdash.snapshot import health
from aexdash.snapshot.history import counts
from aexdash.snapshot.history.span import Past
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording import record
from aexdash.snapshot.shops import recording as shop_recording
from aexdash.statement import Claim, Reach
from aexdash.storage import file
from aexdash.storage.errors import StorageNotWritable
from aexdash.sync import kit, lease, shop_reading
from aexdash.sync.schedule import Schedule
from aexdash.sync.shop_reading import ShopReader
from aexdash.sync.tally import Tally
from aexdash.sync.walking import Walking
from aexdash.sync.worker.store_loop import StoreLoop
from tests.simulation.disk import Damage
from tests.simulation.home import SECRET
from tests.simulation.play import Failure, play
from tests.simulation.promises import Promise
from tests.simulation.steps import (
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
    SecondWorker,
    SetClock,
    ShopErrs,
    Step,
    Wait,
)

Plant = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Planted:
    """A fault: the promise that it breaks, what it does, and a story that meets it."""

    promise: Promise
    what: str
    plant: Plant
    story: Sequence[Step]


def around(owner: Any, name: str, wrap: Callable[..., Any]) -> Plant:
    """Replace a function by one that is given the real one and its arguments."""

    def plant() -> AbstractContextManager[object]:
        real = getattr(owner, name)
        return mock.patch.object(owner, name, lambda *given, **named: wrap(real, *given, **named))

    return plant


def both(*plants: Plant) -> Plant:
    @contextmanager
    def planted() -> Iterator[None]:
        with ExitStack() as stack:
            for plant in plants:
                stack.enter_context(plant())
            yield

    return planted


def zero_for_nothing(real: Callable[..., Any], *given: Any) -> Any:
    hero = real(*given)
    return replace(hero, rejected=hero.rejected or 0, auditing=hero.auditing or 0, active=hero.active or 0)


def missing_is_deleted(walking: Walking) -> list:
    for missing in list(walking.staging.missing()):
        walking.staging.add_look_up(Observation(missing.product_id, Status.DELETED, platform_status=""))
    return []


def twice(real: Callable[..., Any], *given: Any) -> Iterator[Any]:
    rows = list(real(*given))
    yield from [*rows, *rows[:1]]


def age_begins_with_status(real: Callable[..., Any], *given: Any) -> Iterator[Any]:
    return (row._replace(held_since=row.started_at) for row in real(*given))


def one_entry_forgotten(real: Callable[..., Any], *given: Any) -> Any:
    books = real(*given)
    return replace(books, opening=books.opening + 1)


def owners_taken_back(_real: Callable[..., Any], desk: Path, *_given: Any) -> int:
    if desk.exists():
        with closing(sqlite3.connect(desk, timeout=10)) as connection, connection:
            connection.execute("UPDATE work_item SET owner = ''")
    return 0


def log_shortened(_real: Callable[..., Any], desk: Path, *_given: Any) -> int:
    if desk.exists():
        with closing(sqlite3.connect(desk, timeout=10)) as connection, connection:
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'work_log'"
            for (name,) in connection.execute(triggers).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute("DELETE FROM work_log WHERE id = (SELECT min(id) FROM work_log)")
    return 0


def without_looking(real: Callable[..., Any], *given: Any, **named: Any) -> Any:
    return real(*given, **{**named, "force": True})


def secret_in_message(real: Callable[..., Any], *given: Any, message: str, **named: Any) -> Any:
    return real(*given, message=f"{message} {SECRET}", **named)


@contextmanager
def connection_closed_with_the_loop(real: Callable[..., Any], reading: StoreLoop, *given: Any) -> Iterator[Any]:
    try:
        with real(reading, *given) as step:
            yield step
    finally:
        reading._seller.close()


def always_known() -> AbstractContextManager[object]:
    return mock.patch.object(Reach, "claim", property(lambda self: Claim.KNOWN if self.read else Claim.NEVER_READ))


def fresh(_real: Callable[..., Any], _store: Any, _outcome: Any, read_at: Any, *_given: Any, **_named: Any) -> str:
    return "never" if read_at is None else "fresh"


def cleared_by_a_clock(_condition: NoData, found: Any, *_given: Any) -> Any:
    return found


def marked_before_sending(_real: Callable[..., Any], desk: Path, ids: Any, now: Any) -> None:
    outbox.mark_delivered(desk, ids, now)


def never_sweeps(real: Callable[..., Any], schedule: Schedule, now: Any) -> str | None:
    due = real(schedule, now)
    return "pulse" if due else None


def items_lost(real: Callable[..., Any], connection: sqlite3.Connection, path: Path, what: str, name: str) -> Any:
    if what == "desk":
        connection.execute("DELETE FROM work_item")
    return real(connection, path, what, name)


def without_journal(real: Callable[..., Any], *given: Any, **ways: Any) -> Any:
    db = real(*given, **ways)
    db.execute("PRAGMA journal_mode = MEMORY")
    return db


@contextmanager
def not_together(db: Any) -> Iterator[sqlite3.Connection]:
    yield db.conn


def cannot_be_written(*_given: Any) -> int:
    raise StorageNotWritable("The disk is full.")


@contextmanager
def everybody_holds(*_given: Any, **_named: Any) -> Iterator[None]:
    yield


@contextmanager
def the_dead_hold_on(real: Callable[..., Any], path: Path, **named: Any) -> Iterator[None]:
    if lease.holder(path):
        raise lease.LeaseHeld(path, lease.holder(path))
    with real(path, **named):
        yield


NEVER_RESTOCKED = shop_recording.RESTOCKED.partition(" OR o.stock")[0]

LISBON, QUAY = "lisbon", "quay"
NEXT_DAYS = Wait(81 * 60)
READ, LATER = Wait(30), Wait(130)
REFUSED = Fault(LISBON, FaultKind.HTML, 0, lists=False, after=0, times=1000)
EMPTY = Fault(LISBON, FaultKind.EMPTY_PAGE, 0, lists=True, after=0, times=1000)
ALL_REJECTED = Move(LISBON, tuple(range(20)), Status.REJECTED)
ALL_ACTIVE = Move(LISBON, tuple(range(20)), Status.ACTIVE)
TAKEN = Decide("Ana", "take", (0,))

FAULTS = (
    Planted(
        Promise.NO_FALSE_ZERO,
        "a count that nobody read is 0",
        around(counts, "hero", zero_for_nothing),
        (REFUSED, READ),
    ),
    Planted(
        Promise.GOES_WHERE_SAID,
        "a listing that no list shows is taken as deleted",
        lambda: mock.patch.object(Walking, "_look_up_missing", missing_is_deleted),
        (READ, Move(LISBON, (6,), Status.ACTIVE), LATER),
    ),
    Planted(
        Promise.WHOLE,
        "pages that contradict their total are taken as read whole",
        lambda: mock.patch.object(Tally, "contradiction", return_value=""),
        (READ, ALL_ACTIVE, LATER, Move(LISBON, (0,), Status.REJECTED), EMPTY, LATER),
    ),
    Planted(Promise.ONE_ROW, "the worklist shows its first row twice", around(Snapshot, "rows", twice), (READ,)),
    Planted(
        Promise.TWO_CLOCKS,
        "the age of a held listing begins anew with each status",
        around(Snapshot, "rows", age_begins_with_status),
        (READ, Move(LISBON, (6,), Status.AUDITING), LATER),
    ),
    Planted(Promise.BOOKS, "the books open with one too many", around(Past, "books", one_entry_forgotten), (READ,)),
    Planted(
        Promise.ALL_OR_NOTHING,
        "of a run that cannot be written, what came before is kept",
        both(
            lambda: mock.patch.object(record, "transaction", not_together),
            lambda: mock.patch.object(record, "_insert_run", cannot_be_written),
        ),
        (READ,),
    ),
    Planted(
        Promise.DECISIONS,
        "a sync takes owners away",
        around(kit, "assign_arrivals", owners_taken_back),
        (READ, TAKEN, LATER),
    ),
    Planted(
        Promise.LOG,
        "a sync removes the oldest line of the log",
        around(kit, "assign_arrivals", log_shortened),
        (READ, TAKEN, LATER),
    ),
    Planted(
        Promise.CONFLICTS,
        "decisions do not look at versions",
        around(Desk, "act", without_looking),
        (READ, TAKEN, Decide("Bruno", "note", (0,)), Decide("Ana", "fix", (0,), stale=True)),
    ),
    Planted(
        Promise.SECRETS,
        "the message of a failed run holds the app secret",
        around(record, "record_failure", secret_in_message),
        (READ, REFUSED, LATER),
    ),
    Planted(
        Promise.EXPLAINED,
        "a loop that begins again has a closed connection (found by the simulation, mended)",
        around(StoreLoop, "begun", connection_closed_with_the_loop),
        (READ, DiskFails(Damage.BROKEN, 0, 1000), LATER, LATER),
    ),
    Planted(Promise.NO_OVERCLAIM, "every number that was ever read is known", always_known, (READ, REFUSED, LATER)),
    Planted(
        Promise.GREEN_LIGHT, "what was once read is fresh", around(health, "_state", fresh), (READ, REFUSED, LATER)
    ),
    Planted(
        Promise.ONE_WRITER,
        "everybody holds the lease",
        lambda: mock.patch.object(lease, "hold", everybody_holds),
        (READ, OtherProcess(LISBON, "sweep", 1), LATER),
    ),
    Planted(
        Promise.ALERTS,
        "a clock that is put back closes an alert of missing data (found by the simulation, mended)",
        lambda: mock.patch.object(NoData, "_not_cleared_by_a_clock", cleared_by_a_clock),
        (READ, REFUSED, Wait(52 * 60), REFUSED, SetClock(-53 * 3600, told=False), READ),
    ),
    Planted(
        Promise.MESSAGES,
        "a message is marked as delivered before it is sent",
        around(outbox, "mark_attempt", marked_before_sending),
        (ChannelFails(3, lost=False), READ),
    ),
    Planted(
        Promise.READS_ON,
        "no sweep is ever due",
        around(Schedule, "due", never_sweeps),
        (READ, Move(LISBON, (0,), Status.OFFLINE)),
    ),
    Planted(
        Promise.SHOPS,
        "another stock of a variant is not written down",
        lambda: mock.patch.object(shop_recording, "RESTOCKED", NEVER_RESTOCKED),
        (READ, ChangeGoods(QUAY, (2,), "stock", 9), NEXT_DAYS),
    ),
    Planted(
        Promise.SHOP_WHOLE,
        "nobody misses what a bulk job has lost",
        both(
            lambda: mock.patch.object(Shopify, "_refuse_less"),
            lambda: mock.patch.object(ShopReader, "_doubt", return_value=("", None)),
        ),
        (ShopErrs(QUAY, "lines lost"), READ),
    ),
    Planted(
        Promise.SHOP_LOSS,
        "a shop that shows nothing is believed at once",
        lambda: mock.patch.object(shop_reading, "_too_many_gone", return_value=("", None)),
        (READ, ShopErrs(QUAY, "empty"), NEXT_DAYS),
    ),
    Planted(
        Promise.FEED,
        "a file is read while it is still being written",
        lambda: mock.patch.object(FeedWatch, "_rests", return_value=True),
        (READ, Deliver(LISBON, "half"), LATER),
    ),
    Planted(
        Promise.ONE_WORKER,
        "everybody holds the lease, a second worker too",
        lambda: mock.patch.object(lease, "hold", everybody_holds),
        (READ, SecondWorker()),
    ),
    Planted(
        Promise.TAKES_OVER,
        "what a dead worker wrote of its lease keeps the next one out",
        around(lease, "hold", the_dead_hold_on),
        (READ, KillAtCall(LISBON, 1, answered=False), LATER, LATER),
    ),
    Planted(
        Promise.UPGRADE,
        "an upgrade of the desk loses its items",
        around(file, "keep_as_it_was", items_lost),
        (OldFiles(3, 5), READ),
    ),
    Planted(
        Promise.WHOLE_FILES,
        "changes are not written to a journal first",
        around(file, "_prepared", without_journal),
        (READ, ALL_REJECTED, DiskFails(Damage.TORN, 20, 0), LATER),
    ),
)


def seen(fault: Planted) -> Failure | None:
    """Play the story of a fault with it in the code; return what was found."""
    with fault.plant():
        return play(fault.story).failure


def main() -> int:
    only, missed = sys.argv[1:], 0
    for fault in FAULTS:
        if only and fault.promise.name not in only:
            continue
        found = seen(fault)
        missed += found is None or found.promise is not fault.promise
        print(f"| {fault.promise} | {fault.what} | {found.found if found else 'nothing'} |", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main())

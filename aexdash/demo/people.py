"""What three invented people did on the desk of the demo: work in every lane, and a campaign after the last spike.

It is written once, on a desk on which nobody has done anything, through the same calls as on the pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from aexdash.clock import day_of
from aexdash.demo.world.world import StoreWorld
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.decisions.items import Decision, Fix, Note, Seen, Snooze, Take
from aexdash.desk.decisions.work import Desk
from aexdash.model import HELD, Outcome, SnoozeUntil, Status
from aexdash.people.names import Person
from aexdash.reconcile import examine
from aexdash.reconcile.kept import Reconciliations
from aexdash.reconcile.model import TheirList, TheirRow
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import WorkRow
from aexdash.snapshot.store_rows import RunRow
from aexdash.view import View

ANA, BRUNO, CHEN = Person("Ana"), Person("Bruno"), Person("Chen")
PEOPLE = (ANA, BRUNO, CHEN)

CAMPAIGN = "Main pictures of the new template"
ITS_REASON = "image.main_too_small"
TIME_FOR_IT = timedelta(days=21)

OLDEST = timedelta(hours=30)
"""How long ago the first decision was made: below the 72 hours after which what was fixed counts as left too long."""

BETWEEN_TWO = timedelta(hours=3)

EARLIER, EXPORTED_BEFORE = timedelta(hours=2), timedelta(hours=3)
"""How long ago the reading is that Ana compared with, at the least; and how much older than its moment her list was."""

RUNS = 200
"""The runs of a store among which that reading is looked for."""

Deed = tuple[Person, tuple[Decision, ...]]


def work(snapshot: Snapshot, desk_path: Path, now: datetime, spike: tuple[str, datetime] | None) -> None:
    """Write what people did by `now`, on a desk without any decision; one with some is left as it is.

    `spike` is the store and the moment of a spike that was read; a campaign follows it. None: there was none.

    Raises:
        StorageError: a file cannot be read or written.
    """
    desk = Desk(desk_path)
    if desk.changes(now - timedelta(days=36_500), now):
        return
    if spike:
        _campaign(snapshot, desk_path, *spike)
    rows = [*_in_turn(snapshot, Status.REJECTED), *_in_turn(snapshot, Status.AUDITING)]
    for number, ((who, decisions), row) in enumerate(zip(_deeds(now), rows, strict=False)):
        at = max(row.started_at, now - OLDEST + number * BETWEEN_TWO)
        for decision in decisions:
            seen = snapshot.rows_of([(row.store, row.product_id)])
            desk.act(decision, [Seen.of(one) for one in seen], who=who, now=at, through="page")


def _deeds(now: datetime) -> Sequence[Deed]:
    """Return what is done with the held listings, one after the other: three by each of them, one for each lane.

    What is taken comes first, so that it meets rejected listings: those in audit are waited for by everybody.
    """
    return (
        (ANA, (Take(), Note("Asked the supplier; the answer comes on Friday."))),
        (BRUNO, (Take(),)),
        (CHEN, (Take(), Note("The papers are on their way."))),
        (ANA, (Take(), Snooze(until=now + timedelta(days=7)))),
        (BRUNO, (Take(), Snooze(until=now + timedelta(days=2)), Note("Sold out until the next delivery."))),
        (CHEN, (Take(), Snooze(event=SnoozeUntil.STATUS))),
        (ANA, (Fix(),)),
        (BRUNO, (Fix(), Note("Mended and sent in again."))),
        (CHEN, (Fix(),)),
    )


def _in_turn(snapshot: Snapshot, status: Status) -> list[WorkRow]:
    """Return the held listings of a status, longest first, of one store after the other, so that each has some work."""
    by_store: dict[str, list[WorkRow]] = {}
    for row in snapshot.rows(View(statuses=(status,))):
        by_store.setdefault(row.store, []).append(row)
    longest = max(map(len, by_store.values()), default=0)
    return [rows[turn] for turn in range(longest) for rows in by_store.values() if turn < len(rows)]


def _campaign(snapshot: Snapshot, desk_path: Path, store: str, spike: datetime) -> None:
    """Freeze what the spike held for one reason as a campaign, an hour later; its progress is what became of it."""
    view = View(store=store, reasons=(ITS_REASON,))
    keys = [(row.store, row.product_id) for row in snapshot.rows(view.replace(as_of=spike))]
    if keys:
        Campaigns(desk_path).make(
            CAMPAIGN,
            urlencode(view.to_query()),
            keys,
            due_on=day_of(spike + TIME_FOR_IT),
            responsible=BRUNO.name,
            who=ANA,
            now=spike + timedelta(hours=1),
        )


# ---------------------------------------------------------------------------------------------- beside Seller Center


def compare(snapshot: Snapshot, desk_path: Path, worlds: Mapping[str, StoreWorld], now: datetime) -> None:
    """Keep two comparisons with Seller Center, where none is kept yet: one that agrees, and one with differences.

    `worlds` are the simulated stores by key. Chen read off what all of them list as held at their last reading. Ana
    compared, at the reading before, a list of the first store that she had exported three hours earlier: what moved
    meanwhile differs, and is explained.

    Raises:
        StorageError: a file cannot be read or written.
    """
    kept = Reconciliations(desk_path)
    read = snapshot.hero(View()).reach
    if kept.latest(1) or not read.is_whole:
        return
    store = next(iter(worlds))
    if at := _read_earlier(snapshot.runs(RUNS, (store,)), now - EARLIER):
        rows = _listed(worlds[store], at - EXPORTED_BEFORE)
        theirs = TheirList("held listings of the morning.csv", tuple(rows))
        kept.keep(examine.of_list(snapshot, theirs, listed=HELD, at=at, scope=(store,), now=now), by=ANA.name)
    at = max(one.read_at for one in read.read if one.read_at)
    rows = [row for world in worlds.values() for row in _listed(world, at)]
    theirs = TheirList("rejected and in audit.csv", tuple(rows))
    if rows:
        kept.keep(examine.of_list(snapshot, theirs, listed=HELD, at=at, scope=None, now=now), by=CHEN.name)


def _read_earlier(runs: Sequence[RunRow], before: datetime) -> datetime | None:
    """Return the moment of the last complete reading before a moment; None where there is none."""
    whole = (one.as_of for one in runs if one.outcome is Outcome.COMPLETE)
    return max((at for at in whole if at and at < before), default=None)


def _listed(world: StoreWorld, at: datetime) -> list[TheirRow]:
    """Return what Seller Center lists as held at a moment, as the rows of a file."""
    held = [(one, status) for status in HELD for one in world.ids(status, at)]
    return [TheirRow(number, str(one), one, status=status) for number, (one, status) in enumerate(held, 2)]

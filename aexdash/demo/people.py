"""What three invented people did on the desk of the demo: work in every lane, and a campaign after the last spike.

It is written once, on a desk on which nobody has done anything, through the same calls as on the pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from aexdash.clock import day_of
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.items import Decision, Fix, Note, Seen, Snooze, Take
from aexdash.desk.people import Person
from aexdash.desk.work import Desk
from aexdash.model import SnoozeUntil, Status
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import WorkRow
from aexdash.view import View

ANA, BRUNO, CHEN = Person("Ana"), Person("Bruno"), Person("Chen")
PEOPLE = (ANA, BRUNO, CHEN)

CAMPAIGN = "Main pictures of the new template"
ITS_REASON = "image.main_too_small"
TIME_FOR_IT = timedelta(days=21)

OLDEST = timedelta(hours=30)
"""How long ago the first decision was made: below the 72 hours after which what was fixed counts as left too long."""

BETWEEN_TWO = timedelta(hours=3)

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
        (ANA, (Take(), Note("New photograph ordered; it comes on Friday."))),
        (BRUNO, (Take(),)),
        (CHEN, (Take(), Note("Asked the supplier for the certificate."))),
        (ANA, (Take(), Snooze(until=now + timedelta(days=7)))),
        (BRUNO, (Take(), Snooze(until=now + timedelta(days=2)), Note("Sold out until the next delivery."))),
        (CHEN, (Take(), Snooze(event=SnoozeUntil.STATUS))),
        (ANA, (Fix(),)),
        (BRUNO, (Fix(), Note("Picture replaced, sent in again."))),
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

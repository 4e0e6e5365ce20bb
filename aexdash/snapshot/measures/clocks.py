"""What the lanes of the worklist depend on beside each listing: limits of audits, settings of people, counts of codes.

The limit of an audit is that of the card *Stuck in audit*, so that hero, card and lanes agree. It is made of the audits
of 90 days and asked for whenever a page is drawn, so the last few are kept.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime

from aexdash.clock import to_text
from aexdash.snapshot.history import readings
from aexdash.snapshot.measures import held
from aexdash.snapshot.measures.scope import scope
from aexdash.snapshot.stores import Stores, keys_of
from aexdash.snapshot.version import version
from aexdash.snapshot.worklist.desk_items import DeskState, is_whole
from aexdash.snapshot.worklist.lanes import DEFAULT, Clocks
from aexdash.storage.file import path_of

KEPT = 32
"""How many answers are kept."""

READ = """
SELECT group_concat(id || ' ' || watched || ' ' || coalesce((SELECT max(to_at) FROM coverage WHERE store_id = id), ''))
FROM store
"""

SETTINGS = f"""
SELECT name, value * 3600, max(id) FROM desk.work_setting
WHERE at <= :moment AND value BETWEEN 1 AND 8760 AND {is_whole("name")}
GROUP BY name
"""  # noqa: S608
"""Beside `max(id)`, SQLite takes the other columns from the row of that id."""

WAITS_FOR_MORE_NOW = "SELECT EXISTS (SELECT 1 FROM desk.work_item WHERE snooze_more > 0)"

WAITS_FOR_MORE_THEN = """
SELECT EXISTS (SELECT 1 FROM desk.work_log WHERE field = 'snooze_more' AND after <> '0' AND at <= :moment)
"""

StuckBy = Mapping[str, str]

_stuck_by: OrderedDict[tuple[object, ...], StuckBy] = OrderedDict()


def clocks(
    connection: sqlite3.Connection, stores: Stores, as_of: datetime | None, now: datetime, desk: DeskState
) -> tuple[Clocks, bool]:
    """Return the clocks of some stores, and whether a snooze may wait for more listings with the same reason.

    Then the caller fills in the counts of codes. `desk` is what is attached of it.
    """
    stuck_by = _stuck_kept(connection, stores, as_of, now)
    if desk is not DeskState.NOW:
        return Clocks(stuck_by), False
    bound = {"moment": to_text(as_of) if as_of else readings.FOREVER}
    settings = {name: value for name, value, _ in connection.execute(SETTINGS, bound)}
    waits = connection.execute(WAITS_FOR_MORE_THEN if as_of else WAITS_FOR_MORE_NOW, bound).fetchone()[0]
    return (
        Clocks(
            stuck_by,
            settings.get("waiting_hours", DEFAULT.waiting),
            settings.get("untouched_hours", DEFAULT.untouched),
        ),
        bool(waits),
    )


def _stuck_kept(connection: sqlite3.Connection, stores: Stores, as_of: datetime | None, now: datetime) -> StuckBy:
    path = path_of(connection)
    read = connection.execute(READ).fetchone()[0]
    key = (path, path.stat().st_ino, version(connection), read, keys_of(stores), as_of)
    if (kept := _stuck_by.get(key)) is not None:
        return kept
    found = _stuck_by[key] = _stuck(connection, stores, as_of, now)
    while len(_stuck_by) > KEPT:
        _stuck_by.popitem(last=False)
    return found


def _stuck(connection: sqlite3.Connection, stores: Stores, as_of: datetime | None, now: datetime) -> StuckBy:
    """Find the moment of each store that was read; between two readings it is that of the one before.

    There, measures know nothing of a store, but a list has its listings as they were when last read.
    """
    keys = (stores,) if isinstance(stores, str) else stores
    asked = scope(connection, None if keys is None else tuple(keys), as_of, now)
    began_by = dict(held.stuck(asked).began_by)
    for reading in asked.readings.values():
        if as_of and reading.read_at and not reading.current:
            began_by |= held.stuck(scope(connection, (reading.store,), reading.read_at, now)).began_by
    return {store: to_text(moment) for store, moment in began_by.items()}

"""Moves moments of the desk that lie ahead of the clock back, with those of the snapshot and in the order of its logs.

What somebody decided by a clock that was ahead would wait for that moment: a listing marked fixed is never left alone
too long, and a snooze does not end when the status changes. So

- a period that a decision was made on goes where the snapshot's period is now; where that is not known any more, the
  decision counts from the moment it was made (`aexdash.snapshot.worklist.lanes`);
- every other stamped moment lies after what was logged before and, as far as there is room, before what was logged
  since, beside the runs around it; no two become one, and none changes places;
- what is planned for a moment ahead, the end of a snooze or a message that is due, keeps its distance to the decision
  or event that planned it.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aexdash.clock import CLOCK_TOLERANCE, TICK, from_text, to_text
from aexdash.desk.file import WHAT, reading
from aexdash.desk.migrations import migrations
from aexdash.snapshot.recording.restamp import Anchor, Moved, placed
from aexdash.storage import file
from aexdash.storage.copies import copy_beside, keep

STAMPED = {
    "work_item": ("stage_at", "updated_at"),
    "work_log": ("at",),
    "work_change": ("at",),
    "sync_request": ("asked_at",),
    "annotation": ("at",),
    "column_map": ("at",),
    "feed_columns": ("at",),
    "profile": ("at",),
    "sensitivity": ("at",),
    "saved_view": ("at",),
    "campaign": ("at",),
    "assignment_rule": ("at",),
    "work_setting": ("at",),
    "cause_report": ("at",),
    "reconciliation": ("made_at", "at"),
    "alert_rule": ("at",),
    "alert_log": ("at",),
    "alert_episode": ("since", "opened_at", "closed_at", "at", "acknowledged_at"),
    "alert_event": ("at", "since", "data_at"),
    "alert_delivery": ("tried_at", "delivered_at", "given_up_at"),
    "channel_state": ("delivered_at", "failing_since", "digest_at", "test_asked_at", "tested_at"),
    "session": ("started_at", "seen_at", "ended_at"),
}
"""The moments that this machine's clock stamped, by table."""

WITHIN = {"alert_standing": ("standing",), "alert_episode": ("reading",), "alert_event": ("reading",)}
"""The columns with JSON in which such moments are."""

PLANNED = {"work_item": ("snoozed_until",), "alert_delivery": ("due_at",)}
"""The moments that are planned, by table."""

LOGS = ("work_log", "work_change", "annotation", "sensitivity", "alert_rule", "alert_event", "alert_log")
"""Tables whose rows are in the order in which they were written."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"

BASES = """
SELECT store_key, basis FROM work_item WHERE basis <> '{}'
UNION SELECT store_key, before FROM work_log WHERE field = 'basis' AND before <> '{}'
UNION SELECT store_key, after FROM work_log WHERE field = 'basis' AND after <> '{}'
"""

STAGES_SET = """
SELECT before FROM work_log WHERE field = 'stage_at' UNION SELECT after FROM work_log WHERE field = 'stage_at'
"""

SNOOZES = """
SELECT store_key, product_id, at, after FROM work_log WHERE field = 'snoozed_until' AND after <> '' ORDER BY id
"""

MOVE_DUE = """
UPDATE alert_delivery SET due_at = moved_plan(due_at, (SELECT e.at FROM alert_event AS e WHERE e.id = event_id))
"""

MOVE_ITEMS = """
UPDATE work_item SET basis = moved_basis(store_key, basis),
    snoozed_until = moved_snooze(store_key, product_id, snoozed_until)
"""

_OF_FIELD = """CASE field
    WHEN 'stage_at' THEN moved({text}) WHEN 'basis' THEN moved_basis(store_key, {text})
    WHEN 'snoozed_until' THEN moved_snooze(store_key, product_id, {text}) ELSE {text}
END"""

_BEFORE, _AFTER = _OF_FIELD.format(text="before"), _OF_FIELD.format(text="after")

MOVE_LOG = f"UPDATE work_log SET before = {_BEFORE}, after = {_AFTER}"  # noqa: S608

Periods = Mapping[str, Mapping[str, str]]
"""Where the moments of the snapshot went: by store key, the stored text before and after."""


@dataclass(slots=True)
class Places:
    """Where moments are to be: those that were stamped, the periods of each store, and the ends of snoozes.

    `limit` is the first moment, as a stored text, after which none can have been.
    """

    limit: str
    stamped: Mapping[str, str]
    periods: Periods
    snoozes: dict[tuple[str, int, str], str] = field(default_factory=dict)

    def moved(self, text: str | None) -> str | None:
        """Return where a stamped moment is to be; any other text stays."""
        return text if text is None else self.stamped.get(text, text)

    def within(self, text: str) -> str:
        """Return a JSON text with its moments where they are to be; those that stay are spelled as they were."""
        return MOMENT.sub(lambda found: self.stamped.get(_stored(found[0]), found[0]), text)

    def plan(self, planned: str, stamped: str | None) -> str:
        """Return a planned moment at its distance to the moment at which it was planned."""
        if not planned or not stamped or stamped not in self.stamped:
            return planned
        return to_text(from_text(self.stamped[stamped]) + (from_text(planned) - from_text(stamped)))

    def basis(self, store: str, text: str) -> str:
        """Return what was seen when a stage was set, with its period where that is now."""
        told = json.loads(text)
        period = told.get("period", "")
        if period in self.periods.get(store, {}):
            told["period"] = self.periods[store][period]
        elif period > self.limit:
            del told["period"]
        else:
            return text
        return json.dumps(told, sort_keys=True, ensure_ascii=False)

    def snooze(self, store: str, product_id: int, until: str) -> str:
        """Return where the end of a snooze is to be."""
        return self.snoozes.get((store, product_id, until), until)


def ahead(path: Path, now: datetime) -> list[datetime]:
    """Return the moments of a desk that lie more than the tolerance ahead of now, the earliest first.

    Raises:
        StorageError: the desk cannot be read.
    """
    if not path.exists():
        return []
    with reading(path) as connection:
        limit = to_text(now + CLOCK_TOLERANCE)
        return sorted(map(from_text, {*_ahead_of(connection, limit), *_periods_ahead(connection, limit)}))


def move_back(path: Path, now: datetime, moved: Periods) -> tuple[Moved, Path] | None:
    """Move all moments of a desk that lie ahead of now back, in one transaction; before, a copy is written beside it.

    `moved`: where those of the snapshot went. Return what was moved, and the copy; None where nothing had to be.

    Raises:
        StorageError: the desk or its copy cannot be written; the desk is as it was.
    """
    if not path.exists():
        return None
    limit = to_text(now + CLOCK_TOLERANCE)
    with contextlib.closing(file.open_for_writing(path, migrations, WHAT)) as db:
        copy = copy_beside(db, WHAT)
        try:
            with file.transaction(db, WHAT) as connection:
                late, periods = _ahead_of(connection, limit), _moved_periods(connection, limit, moved, now)
                if not late and not periods:
                    return None
                places = _places(connection, late, limit, moved, now)
                _move(connection, places)
                kept = keep(copy, path, now)
        finally:
            copy.unlink(missing_ok=True)
    told = {**periods, **places.stamped}
    latest = max(told)
    return Moved("desk", len(told), from_text(latest), from_text(told[latest]), told), kept


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute(TABLES)}


def _columns(connection: sqlite3.Connection, of: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield the columns of the tables that the desk has; an older one has fewer."""
    there = _tables(connection)
    yield from ((table, column) for table, columns in of.items() if table in there for column in columns)


def _ahead_of(connection: sqlite3.Connection, limit: str) -> list[str]:
    found: set[str] = set()
    for table, column in _columns(connection, STAMPED):
        sql = f"SELECT DISTINCT {column} FROM {table} WHERE {column} > ?"  # noqa: S608
        found.update(text for (text,) in connection.execute(sql, [limit]))
    for table, column in _columns(connection, WITHIN):
        texts = connection.execute(f"SELECT {column} FROM {table}")  # noqa: S608
        found.update(_stored(moment) for (text,) in texts for moment in MOMENT.findall(text))
    if "work_log" in _tables(connection):
        found.update(text for (text,) in connection.execute(STAGES_SET))
    return sorted(text for text in found if text > limit)


def _stored(text: str) -> str:
    """Return a moment of a JSON text as it is stored elsewhere; nothing where it only looks like one."""
    try:
        return to_text(from_text(text))
    except ValueError:
        return ""


def _periods(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield the store and the period of everything that was seen when a stage was set."""
    columns = {row[1] for row in connection.execute("PRAGMA table_info(work_item)")}
    for store, basis in connection.execute(BASES) if "basis" in columns else ():
        if period := json.loads(basis).get("period"):
            yield store, period


def _periods_ahead(connection: sqlite3.Connection, limit: str) -> set[str]:
    return {period for _, period in _periods(connection) if period > limit}


def _moved_periods(connection: sqlite3.Connection, limit: str, moved: Periods, now: datetime) -> dict[str, str]:
    """Return where the periods of decisions went; one of which nobody knows where is counted as moved to now."""
    found: dict[str, str] = {}
    for store, period in _periods(connection):
        if place := moved.get(store, {}).get(period):
            found[period] = place
        elif period > limit:
            found.setdefault(period, to_text(now))
    return found


def _places(connection: sqlite3.Connection, late: list[str], limit: str, moved: Periods, now: datetime) -> Places:
    """Find where every moment is to be."""
    first, last = _room(connection, limit, now)
    anchors = _anchors(first, last, moved)
    new = placed([from_text(text) for text in late], anchors, last) if late else []
    places = Places(limit, dict(zip(late, map(to_text, new), strict=True)), moved)
    for store, product_id, at, until in connection.execute(SNOOZES):
        places.snoozes.setdefault((store, product_id, until), places.plan(until, at))
    return places


def _room(connection: sqlite3.Connection, limit: str, now: datetime) -> tuple[datetime | None, datetime]:
    """Return between what the moments ahead lie: the last that was logged before them, and the first since, or now."""
    before, since = [], []
    for table in _tables(connection).intersection(LOGS):
        ids = f"SELECT min(id), max(id) FROM {table} WHERE at > ?"  # noqa: S608
        first, last = connection.execute(ids, [limit]).fetchone()
        if first is not None:
            of = f"SELECT max(at) FILTER (WHERE id < ?), min(at) FILTER (WHERE id > ?) FROM {table} WHERE at <= ?"  # noqa: S608
            earlier, later = connection.execute(of, [first, last, limit]).fetchone()
            before += [from_text(earlier)] if earlier else []
            since += [from_text(later) - TICK] if later else []
    start = max(before, default=None)
    end = min(since, default=now)
    return start, max(end, start) if start else end


def _anchors(first: datetime | None, last: datetime, moved: Periods) -> list[Anchor]:
    """Return the moments of the snapshot that were moved, as far as they lie in the room of the desk."""
    anchors: list[Anchor] = [(first, first)] if first else []
    pairs = sorted({pair for places in moved.values() for pair in places.items()})
    for before, after in ((from_text(old), from_text(new)) for old, new in pairs):
        if after <= last and (not anchors or (before > anchors[-1][0] and after > anchors[-1][1])):
            anchors.append((before, after))
    return anchors


def _move(connection: sqlite3.Connection, places: Places) -> None:
    """Rewrite the moments; the triggers that keep logs as they are stand aside, within the transaction."""
    functions: Iterable[tuple[str, int, object]] = (
        ("moved", 1, places.moved),
        ("moved_within", 1, places.within),
        ("moved_plan", 2, places.plan),
        ("moved_basis", 2, places.basis),
        ("moved_snooze", 3, places.snooze),
    )
    for name, arguments, function in functions:
        connection.create_function(name, arguments, function)  # type: ignore[arg-type]
    triggers = connection.execute(TRIGGERS).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(MOVE_DUE)  # before its event moves
    connection.execute(MOVE_ITEMS)
    connection.execute(MOVE_LOG)
    for table, column in _columns(connection, STAMPED):
        connection.execute(f"UPDATE {table} SET {column} = moved({column}) WHERE {column} > ?", [places.limit])  # noqa: S608
    for table, column in _columns(connection, WITHIN):
        connection.execute(f"UPDATE {table} SET {column} = moved_within({column})")  # noqa: S608
    for _, sql in triggers:
        connection.execute(sql)

"""The facts of one store for alert rules, now and at any moment of its past. What was read is cached until a new run.

Rules read these facts when they run and when they are tried on the past. A trial asks for thousands of moments, so
events are read once from the earliest moment on and then searched in memory.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from aexdash.clock import TICK, from_text, from_text_or_none, midnight, to_text
from aexdash.snapshot.alerting import past_readings
from aexdash.snapshot.alerting.facts import Doubt, Entered, Given, SyncHealth
from aexdash.snapshot.alerting.past_readings import PastReadings, Run, Spell
from aexdash.snapshot.alerting.steps import Row, Steps
from aexdash.snapshot.file import Opened
from aexdash.snapshot.history import as_of as stretches
from aexdash.snapshot.history import card_values, counts, flows, new_reasons
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.readmodels import WorkRow
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.snapshot.stores import id_of
from aexdash.snapshot.tallies import ReasonCount
from aexdash.view import View

LAST_RUN = "SELECT coalesce(max(id), 0) FROM sync_run WHERE store_id = ?"

STEPS = """
SELECT at, value, low, high, known, of_total FROM card_value
WHERE store_id = ? AND card_key = ? AND at >= ? ORDER BY at
"""


ARRIVALS = f"""
SELECT p.started_at, p.product_id, p.category_id,
    coalesce((SELECT max(name) FROM category AS c WHERE c.store_id = p.store_id AND c.category_id = p.category_id), ''),
    coalesce((
        SELECT json_group_array(json_array(r.code, r.first_seen_at)) FROM listing_reason AS r WHERE r.period_id = p.id
    ), '[]')
FROM status_period AS p INDEXED BY period_came  -- the index is on CAME_BY, so the text has to be the same
WHERE p.store_id = :store AND p.listed = 1 AND p.status IN {HELD_STATUSES}
    AND {flows.CAME_BY} IN {HELD_STATUSES} AND p.started_at > :start
ORDER BY p.started_at, p.product_id
"""  # noqa: S608

GIVEN = f"""
SELECT r.code, r.first_seen_at, r.product_id
FROM json_each(:codes) AS c
CROSS JOIN listing_reason AS r INDEXED BY reason_given  -- CROSS JOIN: one range of the index for each code
    ON r.store_id = :store AND r.code = c.value AND r.first_seen_at > :start
CROSS JOIN status_period AS p ON p.id = r.period_id AND p.status IN {HELD_STATUSES}
ORDER BY r.first_seen_at, r.product_id
"""  # noqa: S608

REJECTED_AGAIN = """
SELECT started_at, product_id FROM status_period INDEXED BY period_listed_started
WHERE store_id = :store AND listed = 1 AND status = 'rejected' AND attempt > 1 AND started_at > :start
ORDER BY started_at
"""

APPEALS = """
SELECT r.code, p.product_id, p.started_at, coalesce(p.ended_at, '9999'),
    r.first_seen_at, coalesce(r.vanished_at, '9999')
FROM json_each(:codes) AS c
CROSS JOIN listing_reason AS r INDEXED BY reason_given  -- CROSS JOIN: one range of the index for each code
    ON r.store_id = :store AND r.code = c.value AND r.first_seen_at > :start
CROSS JOIN status_period AS p ON p.id = r.period_id AND p.status = 'rejected' AND p.listed = 1
"""

IN_AUDIT_NOW = """
SELECT product_id FROM status_period INDEXED BY period_open_listed
WHERE store_id = :store AND status = 'auditing' AND listed = 1 AND ended_at IS NULL AND started_at <= :long
ORDER BY started_at, product_id
"""

IN_AUDIT_THEN = f"""
SELECT product_id FROM {stretches.CONTAINED}
WHERE store_id = :store AND status = 'auditing' AND started_at <= :long ORDER BY started_at, product_id
"""  # noqa: S608

LAST_RUNS = """
SELECT finished_at, outcome = 'complete', as_of FROM sync_run WHERE store_id = ? ORDER BY id DESC LIMIT ?
"""

LAST_COMPLETE = """
SELECT as_of, finished_at FROM sync_run WHERE store_id = ? AND outcome = 'complete' ORDER BY id DESC LIMIT 1
"""

STATE = "SELECT token_expires_at, calls_this_hour, calls_budget FROM store_state WHERE store_id = ?"

RUNS = 200
"""The most recent runs that are read to count those that failed in a row."""

RUNS_ARE_WHOLE = timedelta(days=29)
"""Of so long every run is kept; complete runs without changes are deleted after 30 days."""

LONGEST_APPEAL = timedelta(days=60)
"""No appeal is open for longer; older rejections are not read for deadlines."""

Result = TypeVar("Result")

as_text = lru_cache(maxsize=65536)(to_text)
"""`to_text`, cached: rules ask for the same whole hours again and again."""


class SnapshotQueries(Protocol):
    """The methods of `aexdash.snapshot.query.Snapshot` that facts use; that module imports this one."""

    def reason_counts(self, view: View) -> list[ReasonCount]:
        """Count the distinct listings of each reason."""

    def page(self, view: View, limit: int, offset: int = 0) -> list[WorkRow]:
        """Read a page of a view's rows."""

    def measures(self, stores: Sequence[str] | None, as_of: datetime | None = None) -> Measures:
        """Return the measures of some stores at a moment."""


class StoreFacts:
    """The facts of one store. `appeal_days` says for how many days an appeal is open, by reason code.

    Days begin in `zone`, and what is said of a moment names it.
    Every method raises what the methods of `Snapshot` do. For one thread at a time.
    """

    def __init__(
        self,
        snapshot: SnapshotQueries,
        opened: Opened,
        store_key: str,
        appeal_days: Mapping[str, int] | None = None,
        *,
        zone: tzinfo = UTC,
    ) -> None:
        self._snapshot, self._opened, self.key = snapshot, opened, store_key
        self._appeal_days, self.zone = dict(appeal_days or {}), zone
        self._store: int | None = None
        self._runs: tuple[int, ...] | None = None
        self._valued_run: int | None = None
        self._now: datetime | None = None
        self._cards: dict[str, Steps] = {}
        self._cached: dict[Hashable, Any] = {}
        self._events: dict[str, tuple[str, list[Row]]] = {}

    def refresh(self, now: datetime | None = None) -> bool:
        """Clear the cache if there was a new run, or the values of one were stored; return whether that was so.

        `now` is the present from here on: of it the sync's health is that of the last run, also where that run is
        stamped later.
        """
        self._now = now
        with self._opened() as connection:
            store = self._id(connection)
            read, valued = card_values.read_and_valued(connection, store)
            runs = (connection.execute(LAST_RUN, [store]).fetchone()[0], read, valued)
            if runs == self._runs:
                return False
            self._runs, self._valued_run = runs, read if valued >= read else None
            self._cached.clear()
            self._events.clear()
            for card, steps in self._cards.items():
                steps.add(connection.execute(STEPS, [store, card, steps.drop_last()]).fetchall())
        return True

    @property
    def valued_run(self) -> int | None:
        """The number of the last run that read the store, as of the last `refresh`; None until its values are stored.

        Until then the cards tell what they were before that reading.
        """
        return self._valued_run

    def value(self, card: str, at: datetime) -> float | None:
        """Return the value of a card at a moment; None is no data."""
        return self._steps(card).value_at(to_text(at))

    def values(self, card: str, moments: Sequence[datetime]) -> list[float | None]:
        """Return the value of a card at each of some moments, to compare others with.

        None are moments for which no reading speaks, and those at which it was not known for nearly all its listings.
        """
        steps, past = self._steps(card), self.past
        texts = [as_text(at) for at in moments]
        return [steps.compared_at(at) if past.covers(at) else None for at in texts]

    def doubt(self, card: str, at: datetime) -> Doubt | None:
        """Return what is in doubt of a card at a moment; None where it was read of all listings."""
        return self._steps(card).doubt_at(to_text(at))

    def moments(self, card: str, start: datetime, end: datetime) -> list[datetime]:
        """Return when the value of a card changed, after `start` and up to `end`, in order."""
        at = self._steps(card).at
        return [from_text(text) for text in at[bisect_right(at, to_text(start)) : bisect_right(at, to_text(end))]]

    def entered(self, start: datetime, end: datetime) -> list[Entered]:
        """List the listings that became held after `start` and up to `end`, the latest first.

        Listings that were held when we first saw them are left out.
        """
        until = to_text(end)
        return [
            Entered(product_id, from_text(at), category, tuple(_codes(reasons, until)), name)
            for at, product_id, category, name, reasons in reversed(self._within("arrivals", ARRIVALS, start, end))
        ]

    def given(self, start: datetime, end: datetime) -> list[Given]:
        """List the reasons that held listings were given after `start` and up to `end`.

        The day of the store's first reading is left out: all reasons would be new on it.
        """
        first = self._first_reading()
        if first is None:
            return []
        start = max(start, midnight(first, self.zone, days=1))
        return self._once(("given", start, end), lambda: list(self._given(start, end)))

    def held_codes(self, at: datetime) -> dict[str, int]:
        """Return the number of held listings with each reason code at a moment."""
        view = View(store=self.key, as_of=self._past(at))
        reasons = self._once(("codes", view.as_of), lambda: self._snapshot.reason_counts(view))
        return {count.code: count.listings for count in reasons}

    def first_held(self, at: datetime, limit: int) -> list[int]:
        """Return the ids of listings held at a moment, the newest first, at most `limit`."""
        view = View(store=self.key, as_of=self._past(at), order="newest")
        rows = self._once(("held", view.as_of, limit), lambda: self._snapshot.page(view, limit))
        return [row.product_id for row in rows]

    def stuck(self, at: datetime) -> list[int]:
        """Return the ids of listings in audit for longer than the store's own 90th percentile, the oldest first.

        Audits are measured up to when the store was last read, as the card measures them.
        """
        return self._once(("stuck", self._past(at)), lambda: self._stuck(self._past(at)))

    def deadlines(self, start: datetime, end: datetime) -> list[int]:
        """Return the ids of rejected listings whose time for an appeal ends in a span, the soonest first."""
        at, ends = to_text(start), dict[int, datetime]()
        rows = self._since("appeals", APPEALS, start - LONGEST_APPEAL)
        for code, product_id, started, ended, first_seen, vanished in rows:
            deadline = from_text(started) + timedelta(days=self._appeal_days[code])
            if started <= at < ended and first_seen <= at < vanished and start < deadline <= end:
                ends[product_id] = min(deadline, ends.get(product_id, deadline))
        return sorted(ends, key=lambda listing: (ends[listing], listing))

    def regressed(self, start: datetime, end: datetime) -> list[int]:
        """Return the ids of listings that were rejected again in a span, the latest first."""
        rows = reversed(self._within("again", REJECTED_AGAIN, start, end))
        return list(dict.fromkeys(product_id for _, product_id in rows))

    def sync_health(self, at: datetime) -> SyncHealth:
        """Return how well the store is read at a moment. Token and budget are known for the present only."""
        if at == self._now or self._past(at) is None:
            return self.sync_health_now()
        return self.past.health(at)

    @property
    def past(self) -> PastReadings:
        """When the store was read, up to its last run."""
        return self._once("past", self._past_readings)

    def _past_readings(self) -> PastReadings:
        runs = [Run(*row) for row in self._read(past_readings.RUNS)]
        present = max([*(run.finished for run in runs[-1:]), *([to_text(self._now)] if self._now else [])], default="")
        whole_since = to_text(from_text(present) - RUNS_ARE_WHOLE) if present else ""
        spells = [Spell(*row) for row in self._read(past_readings.COVERAGE)]
        return PastReadings(runs, spells, whole_since, self._added_at())

    def _added_at(self) -> datetime | None:
        rows = self._once("added", lambda: self._read(past_readings.ADDED))
        return from_text(rows[0][0]) if rows else None

    def sync_health_now(self) -> SyncHealth:
        """Return how well the store is read after its last run, also if a clock was set back before that run."""
        return self._once("sync_health", self._sync_health)

    def _given(self, start: datetime, end: datetime) -> Iterator[Given]:
        loaded_from, rows = self._rows_from("given", GIVEN, start)
        by_code: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_code[row[0]].append(row)
        for code, of_code in sorted(by_code.items()):
            times = [row[1] for row in of_code]
            first, last = bisect_right(times, to_text(start)), bisect_right(times, to_text(end))
            if first < last:
                before = from_text(times[first - 1]) if first else self._last_given(code, loaded_from)
                listings = tuple(dict.fromkeys(row[2] for row in of_code[first:last]))
                yield Given(code, listings, from_text(times[first]), before)

    def _last_given(self, code: str, until: str) -> datetime | None:
        """Return when a held listing was last given a reason, up to a moment; None where none was."""
        bound = {"code": code, "start": "", "end": to_text(from_text(until) + TICK)}
        rows = self._once(("before", code, until), lambda: self._read(new_reasons.LAST_GIVEN, bound))
        return from_text(rows[0][0]) if rows else None

    def _stuck(self, as_of: datetime | None) -> list[int]:
        audits = self._snapshot.measures([self.key], as_of).stuck()
        began_by = audits.began_by.get(self.key) if audits else None
        if began_by is None:
            return []
        bound = {"long": to_text(began_by), **(stretches.bound(as_of) if as_of else {})}
        return [row[0] for row in self._read(IN_AUDIT_THEN if as_of else IN_AUDIT_NOW, bound)]

    def _sync_health(self) -> SyncHealth:
        complete, finished = next(iter(self._read(LAST_COMPLETE)), (None, None))
        expires, calls, budget = next(iter(self._read(STATE)), (None, 0, None))
        failed = 0
        for _, is_complete, _ in self._read(LAST_RUNS, RUNS):
            if is_complete:
                break
            failed += 1
        by_clock = from_text_or_none(finished) if finished != complete else None
        return SyncHealth(
            from_text_or_none(complete),
            from_text_or_none(expires),
            calls,
            budget,
            failed,
            by_clock,
            added_at=self._added_at(),
        )

    def _first_reading(self) -> datetime | None:
        rows = self._once("first", lambda: self._read(counts.FIRST_COVERED))
        return from_text_or_none(rows[0][0]) if rows else None

    def _past(self, at: datetime) -> datetime | None:
        """Return the moment if it is before the last run, else None, which stands for the present."""
        runs = self._once("latest", lambda: self._read(LAST_RUNS, 1))
        latest = runs[0][2] or runs[0][0] if runs else ""
        return at if to_text(at) < latest else None

    def _steps(self, card: str) -> Steps:
        if card not in self._cards:
            steps = Steps()
            with self._opened() as connection:
                steps.add(connection.execute(STEPS, [self._id(connection), card, ""]).fetchall())
            self._cards[card] = steps
        return self._cards[card]

    def _within(self, name: str, sql: str, start: datetime, end: datetime) -> list[Row]:
        """Return the events after `start` and up to `end`; the first column of the query is their moment."""
        rows = self._since(name, sql, start)
        times = self._once((name, "times"), lambda: [row[0] for row in rows])
        return rows[bisect_right(times, to_text(start)) : bisect_right(times, to_text(end))]

    def _since(self, name: str, sql: str, start: datetime) -> list[Row]:
        return self._rows_from(name, sql, start)[1]

    def _rows_from(self, name: str, sql: str, start: datetime) -> tuple[str, list[Row]]:
        """Return the cached rows of a query and from when on they are; read them again if they begin after `start`."""
        text = to_text(start)
        cached = self._events.get(name)
        if cached is None or cached[0] > text:
            codes = list(self._appeal_days) if sql is APPEALS else self._codes()
            cached = (text, self._read(sql, {"start": text, "codes": json.dumps(codes)}))
            self._events[name] = cached
            self._cached.pop((name, "times"), None)
        return cached

    def _codes(self) -> list[str]:
        return self._once("codes", lambda: [row[0] for row in self._read(new_reasons.CODES, {})])

    def _once(self, key: Hashable, compute: Callable[[], Result]) -> Result:
        """Return what is cached under a key; compute and cache it the first time."""
        if key not in self._cached:
            self._cached[key] = compute()
        result: Result = self._cached[key]
        return result

    def _read(self, sql: str, bound: Mapping[str, object] | int | None = None) -> list[Row]:
        """Read rows of the store. `bound` are parameters by name, or one by position after the store."""
        with self._opened() as connection:
            store = self._id(connection)
            if isinstance(bound, Mapping):
                return connection.execute(sql, {**bound, "store": store}).fetchall()
            return connection.execute(sql, [store] if bound is None else [store, bound]).fetchall()

    def _id(self, connection: sqlite3.Connection) -> int:
        """Return the id of the store, or -1, which no store has, while the snapshot does not know it."""
        if self._store is None:
            self._store = id_of(connection, self.key)
        return -1 if self._store is None else self._store


def _codes(reasons: str, until: str) -> Iterator[str]:
    """Yield the distinct codes of `[[code, first seen], …]` that were seen up to a moment, in order of time."""
    seen = sorted({(at, code) for code, at in json.loads(reasons) if at <= until})
    yield from dict.fromkeys(code for _, code in seen)

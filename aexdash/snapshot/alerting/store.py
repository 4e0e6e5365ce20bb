"""What rules ask about one store, now and at any moment of its past; each thing is read once and kept until a run.

The same questions serve the rules as they run and as they are tried on the past. There they ask for thousands of
moments, so what happened is read once from the first of them on and looked through in memory.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from aexdash.clock import DAY, TICK, from_text, to_text
from aexdash.snapshot.alerting.facts import Entered, Given, SyncHealth
from aexdash.snapshot.history import as_of as stretches
from aexdash.snapshot.history import counts, flows, new_reasons
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.readmodels import ReasonCount, WorkRow
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.view import View

STORE = "SELECT id FROM store WHERE key = ?"

LAST_RUN = "SELECT coalesce(max(id), 0) FROM sync_run WHERE store_id = ?"

STEPS = "SELECT at, value FROM card_value WHERE store_id = ? AND card_key = ? AND at >= ? ORDER BY at"

ARRIVALS = f"""
SELECT p.started_at, p.product_id, p.category_id,
    coalesce((SELECT max(name) FROM category AS c WHERE c.store_id = p.store_id AND c.category_id = p.category_id), ''),
    coalesce((
        SELECT json_group_array(json_array(r.code, r.first_seen_at)) FROM listing_reason AS r WHERE r.period_id = p.id
    ), '[]')
FROM status_period AS p INDEXED BY period_came
WHERE p.store_id = :store AND p.listed = 1 AND p.status IN {HELD_STATUSES}
    AND {flows.CAME_BY} IN {HELD_STATUSES} AND p.started_at > :start
ORDER BY p.started_at, p.product_id
"""  # noqa: S608

GIVEN = f"""
SELECT r.code, r.first_seen_at, r.product_id
FROM json_each(:codes) AS asked
CROSS JOIN listing_reason AS r INDEXED BY reason_given
    ON r.store_id = :store AND r.code = asked.value AND r.first_seen_at > :start
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
FROM json_each(:codes) AS asked
CROSS JOIN listing_reason AS r INDEXED BY reason_given
    ON r.store_id = :store AND r.code = asked.value AND r.first_seen_at > :start
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

COVERAGE = "SELECT from_at, to_at FROM coverage WHERE store_id = ? ORDER BY from_at"

LAST_RUNS = """
SELECT finished_at, outcome = 'complete', as_of FROM sync_run WHERE store_id = ? ORDER BY id DESC LIMIT ?
"""

LAST_COMPLETE = "SELECT max(as_of) FROM sync_run WHERE store_id = ? AND outcome = 'complete'"

STATE = "SELECT token_expires_at, calls_this_hour, calls_budget FROM store_state WHERE store_id = ?"

RUNS = 200
"""So many runs are looked at to count those that failed in a row."""

ALL_RUNS = 1_000_000

LONGEST_APPEAL = timedelta(days=60)

Opened = Callable[[], AbstractContextManager[sqlite3.Connection]]
Row = tuple[Any, ...]
Told = TypeVar("Told")

as_text = lru_cache(maxsize=65536)(to_text)
"""Rules ask for the same whole hours again and again."""


@dataclass(slots=True)
class _Steps:
    """What a card said, as steps in order of time."""

    at: list[str] = field(default_factory=list)
    value: list[float | None] = field(default_factory=list)

    def said(self, at: str) -> float | None:
        found = bisect_right(self.at, at)
        return self.value[found - 1] if found else None

    def drop_last(self) -> str:
        """Forget the last step and say when it was: while a clock stands still, a run says it anew."""
        if not self.at:
            return ""
        self.value.pop()
        return self.at.pop()

    def add(self, rows: Sequence[Row]) -> None:
        self.at += [row[0] for row in rows]
        self.value += [row[1] for row in rows]


class Asked(Protocol):
    """What facts ask of a snapshot beside their own rows."""

    def reason_counts(self, view: View) -> list[ReasonCount]:
        """Count distinct listings a reason."""

    def page(self, view: View, limit: int, offset: int = 0) -> list[WorkRow]:
        """Read a page of a view's rows."""

    def measures(self, stores: Sequence[str] | None, as_of: datetime | None = None) -> Measures:
        """Return what the cards count."""


class StoreFacts:
    """The facts of one store. `appeal_days` says how long an appeal is open, by reason code.

    Every method raises what the methods of `Snapshot` do. Not for several threads at once.
    """

    def __init__(
        self, snapshot: Asked, opened: Opened, store_key: str, appeal_days: Mapping[str, int] | None = None
    ) -> None:
        self._snapshot, self._opened, self.key = snapshot, opened, store_key
        self._appeal_days = dict(appeal_days or {})
        self._store: int | None = None
        self._run: int | None = None
        self._cards: dict[str, _Steps] = {}
        self._kept: dict[Hashable, Any] = {}
        self._lists: dict[str, tuple[str, list[Row]]] = {}

    def refresh(self) -> bool:
        """Forget what a new run may have changed; return whether there was one."""
        with self._opened() as connection:
            store = self._of(connection)
            run = connection.execute(LAST_RUN, [store]).fetchone()[0]
            if run == self._run:
                return False
            self._run = run
            self._kept.clear()
            self._lists.clear()
            for card, steps in self._cards.items():
                steps.add(connection.execute(STEPS, [store, card, steps.drop_last()]).fetchall())
        return True

    @property
    def run(self) -> int | None:
        """The number of the last run, as of the last `refresh`."""
        return self._run

    def value(self, card: str, at: datetime) -> float | None:
        """What a card said at a moment."""
        return self._steps(card).said(to_text(at))

    def values(self, card: str, moments: Sequence[datetime]) -> list[float | None]:
        """What a card said at each of some moments; those before the first reading are None."""
        said = self._steps(card).said
        return [said(as_text(at)) for at in moments]

    def moments(self, card: str, start: datetime, end: datetime) -> list[datetime]:
        """When a card said something else, after `start` and up to `end`, in order."""
        at = self._steps(card).at
        return [from_text(text) for text in at[bisect_right(at, to_text(start)) : bisect_right(at, to_text(end))]]

    def entered(self, start: datetime, end: datetime) -> list[Entered]:
        """Which listings became held after `start` and up to `end`, the latest first; not those first seen as held."""
        until = to_text(end)
        return [
            Entered(product_id, from_text(at), category, tuple(_codes(given, until)), name)
            for at, product_id, category, name, given in reversed(self._within("arrivals", ARRIVALS, start, end))
        ]

    def given(self, start: datetime, end: datetime) -> list[Given]:
        """Which reasons held listings were given after `start` and up to `end`; not on the day of the first reading."""
        first = self._first_reading()
        if first is None:
            return []
        start = max(start, datetime.combine(first.date(), time.min, UTC) + DAY)
        return self._keep(("given", start, end), lambda: list(self._given(start, end)))

    def held_codes(self, at: datetime) -> dict[str, int]:
        """How many held listings have each reason code at a moment."""
        view = View(store=self.key, as_of=self._past(at))
        counted = self._keep(("codes", view.as_of), lambda: self._snapshot.reason_counts(view))
        return {count.code: count.listings for count in counted}

    def first_held(self, at: datetime, limit: int) -> list[int]:
        """Ids of listings held at a moment, those that came last first."""
        view = View(store=self.key, as_of=self._past(at), order="newest")
        rows = self._keep(("held", view.as_of, limit), lambda: self._snapshot.page(view, limit))
        return [row.product_id for row in rows]

    def stuck(self, at: datetime) -> list[int]:
        """Ids of listings in audit for longer than the store's own 90th percentile, the oldest first."""
        return self._keep(("stuck", self._past(at)), lambda: self._stuck(self._past(at), at))

    def deadlines(self, start: datetime, end: datetime) -> list[int]:
        """Ids of rejected listings whose time for an appeal ends in a span, the soonest first."""
        then, ends = to_text(start), dict[int, datetime]()
        for code, product_id, began, ended, seen, gone in self._since("appeals", APPEALS, start - LONGEST_APPEAL):
            deadline = from_text(began) + timedelta(days=self._appeal_days[code])
            if began <= then < ended and seen <= then < gone and start < deadline <= end:
                ends[product_id] = min(deadline, ends.get(product_id, deadline))
        return sorted(ends, key=lambda listing: (ends[listing], listing))

    def regressed(self, start: datetime, end: datetime) -> list[int]:
        """Ids of listings that were rejected again in a span, the latest first."""
        found = reversed(self._within("again", REJECTED_AGAIN, start, end))
        return list(dict.fromkeys(product_id for _, product_id in found))

    def sync_health(self, at: datetime) -> SyncHealth:
        """How well the store is read at a moment. The token and the budget are known of the present alone."""
        if self._past(at) is None:
            return self.sync_health_now()
        spans = self._keep("coverage", lambda: self._read(COVERAGE))
        text = to_text(at)
        found = bisect_right(spans, (text, "9999"))
        complete = min(spans[found - 1][1], text) if found else None
        return SyncHealth(from_text(complete) if complete else None, unsuccessful_runs=self._unsuccessful(text))

    def sync_health_now(self) -> SyncHealth:
        """How well the store is read as far as is known, whatever a clock says that was set back."""
        return self._keep("sync_health", self._sync_health)

    def _given(self, start: datetime, end: datetime) -> Iterator[Given]:
        began, until = to_text(start), to_text(end)
        loaded, rows = self._list("given", GIVEN, start)
        by_code: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_code[row[0]].append(row)
        for code, given in sorted(by_code.items()):
            times = [row[1] for row in given]
            first, last = bisect_right(times, began), bisect_right(times, until)
            if first < last:
                before = from_text(times[first - 1]) if first else self._before(code, loaded)
                listings = tuple(dict.fromkeys(row[2] for row in given[first:last]))
                yield Given(code, listings, from_text(times[first]), before)

    def _before(self, code: str, loaded: str) -> datetime | None:
        bound = {"code": code, "start": "", "end": to_text(from_text(loaded) + TICK)}
        found = self._keep(("before", code, loaded), lambda: self._read(new_reasons.LAST_GIVEN, bound))
        return from_text(found[0][0]) if found else None

    def _stuck(self, as_of: datetime | None, at: datetime) -> list[int]:
        told = self._snapshot.measures([self.key], as_of).stuck()
        limit = told.limits.get(self.key) if told else None
        if limit is None:
            return []
        bound = {"long": to_text(at - timedelta(seconds=limit) - TICK), **(stretches.bound(as_of) if as_of else {})}
        return [row[0] for row in self._read(IN_AUDIT_THEN if as_of else IN_AUDIT_NOW, bound)]

    def _sync_health(self) -> SyncHealth:
        complete = self._read(LAST_COMPLETE)[0][0]
        expires, calls, budget = next(iter(self._read(STATE)), (None, 0, None))
        failed = 0
        for _, is_complete, _ in self._read(LAST_RUNS, RUNS):
            if is_complete:
                break
            failed += 1
        return SyncHealth(
            from_text(complete) if complete else None, from_text(expires) if expires else None, calls, budget, failed
        )

    def _unsuccessful(self, at: str) -> int:
        """Count the runs in a row, up to a moment, that were partial or failed; of runs that are still kept."""
        runs = self._keep("runs", lambda: list(reversed(self._read(LAST_RUNS, ALL_RUNS))))
        failed = 0
        for index in range(bisect_right(runs, at, key=lambda run: run[0]) - 1, -1, -1):
            if runs[index][1]:
                break
            failed += 1
        return failed

    def _first_reading(self) -> datetime | None:
        found = self._keep("first", lambda: self._read(counts.FIRST_COVERED))
        return from_text(found[0][0]) if found and found[0][0] else None

    def _past(self, at: datetime) -> datetime | None:
        """The moment where it lies before the last run; None for the present."""
        runs = self._keep("latest", lambda: self._read(LAST_RUNS, 1))
        latest = runs[0][2] or runs[0][0] if runs else ""
        return at if to_text(at) < latest else None

    def _steps(self, card: str) -> _Steps:
        if card not in self._cards:
            steps = _Steps()
            with self._opened() as connection:
                steps.add(connection.execute(STEPS, [self._of(connection), card, ""]).fetchall())
            self._cards[card] = steps
        return self._cards[card]

    def _within(self, name: str, sql: str, start: datetime, end: datetime) -> list[Row]:
        """Return what happened after `start` and up to `end`, of rows that begin with when."""
        rows = self._since(name, sql, start)
        times = self._keep((name, "times"), lambda: [row[0] for row in rows])
        return rows[bisect_right(times, to_text(start)) : bisect_right(times, to_text(end))]

    def _since(self, name: str, sql: str, start: datetime) -> list[Row]:
        return self._list(name, sql, start)[1]

    def _list(self, name: str, sql: str, start: datetime) -> tuple[str, list[Row]]:
        """Return what is kept of a list and from when on; it is read anew where it has to begin earlier."""
        text = to_text(start)
        kept = self._lists.get(name)
        if kept is None or kept[0] > text:
            codes = list(self._appeal_days) if sql is APPEALS else self._codes()
            kept = (text, self._read(sql, {"start": text, "codes": json.dumps(codes)}))
            self._lists[name] = kept
            self._kept.pop((name, "times"), None)
        return kept

    def _codes(self) -> list[str]:
        return self._keep("codes", lambda: [row[0] for row in self._read(new_reasons.CODES, {})])

    def _keep(self, key: Hashable, look: Callable[[], Told]) -> Told:
        if key not in self._kept:
            self._kept[key] = look()
        found: Told = self._kept[key]
        return found

    def _read(self, sql: str, bound: Mapping[str, object] | int | None = None) -> list[Row]:
        """Read rows of the store: bound by name, or by place with the store first."""
        with self._opened() as connection:
            store = self._of(connection)
            if isinstance(bound, Mapping):
                return connection.execute(sql, {**bound, "store": store}).fetchall()
            return connection.execute(sql, [store] if bound is None else [store, bound]).fetchall()

    def _of(self, connection: sqlite3.Connection) -> int:
        if self._store is None:
            found = connection.execute(STORE, [self.key]).fetchone()
            self._store = found[0] if found else None
        return -1 if self._store is None else self._store


def _codes(given: str, until: str) -> Iterator[str]:
    seen = sorted({(at, code) for code, at in json.loads(given) if at <= until})
    yield from dict.fromkeys(code for _, code in seen)

"""How current each store is, the results of its runs, and how much is known of its listings."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from aexdash.clock import CLOCK_TOLERANCE, HOUR, to_text
from aexdash.model import Outcome
from aexdash.snapshot.columns import moment
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.snapshot.store_rows import Freshness, RunRow, StoreGauges, StoreHealth, StoreRow, WalkRow
from aexdash.snapshot.stores import Stores, keys_of
from aexdash.storage.text import visible

StaleAfter = Callable[[str], float]
"""Returns, for a store key, how many seconds old the last complete reading may be before the store is stale."""

WORST_FIRST = ("never", "ahead", "failed", "stale", "partial", "fresh", "archived")

STORES = """
SELECT id, key, title, model, currency, edit_url, item_url, watched FROM store
WHERE :keys IS NULL OR key IN (SELECT value FROM json_each(:keys))
ORDER BY watched DESC, id
"""

LAST_RUN = "SELECT outcome, message FROM sync_run WHERE store_id = ? ORDER BY id DESC LIMIT 1"

LAST_COMPLETE = """
SELECT finished_at, max(finished_at, as_of) FROM sync_run
WHERE store_id = ? AND outcome = 'complete' ORDER BY id DESC LIMIT 1
"""
"""When the last complete run ended by the clock, and its latest stamp: `as_of` never goes back, so that it stays ahead
where a clock was."""

STATE = """
SELECT next_pulse_at, next_sweep_at, banned_until, ban_text, token_expires_at, calls_this_hour, calls_budget, working_on
FROM store_state WHERE store_id = ?
"""

CALLS = "SELECT banned_until, calls_this_hour, calls_budget, heartbeat_at FROM store_state WHERE store_id = ?"

MOST_RUNS = 4000
"""More runs than an hour has, at one a second."""

RUNS_LATELY = """
SELECT kind, outcome, count(*) FROM (
    SELECT kind, outcome, finished_at FROM sync_run WHERE store_id = :store ORDER BY id DESC LIMIT :most
) WHERE finished_at > :since AND finished_at <= :until GROUP BY kind, outcome
"""

NEVER = datetime.max.replace(tzinfo=UTC)
"""Sorts a store without reading behind the others of its state."""

NO_STATE = (None, None, None, "", None, 0, None, "")

RUNS = """
SELECT r.id, st.key, r.kind, r.started_at, r.finished_at, r.as_of, r.outcome, r.calls, r.seen, r.changes, r.unresolved,
    r.error_kind, r.message, r.platform_auditing,
    (SELECT listings FROM count_change AS c
        WHERE c.store_id = r.store_id AND c.status = 'auditing' AND c.as_of <= r.as_of ORDER BY c.as_of DESC LIMIT 1),
    r.platform_active,
    (SELECT listings FROM count_change AS c
        WHERE c.store_id = r.store_id AND c.status = 'active' AND c.as_of <= r.as_of ORDER BY c.as_of DESC LIMIT 1),
    (SELECT q.as_of FROM walk AS w JOIN sync_run AS q ON q.id = w.run_id
        WHERE w.store_id = r.store_id AND w.status = 'active' AND w.complete = 1 AND w.run_id <= r.id
        ORDER BY w.run_id DESC LIMIT 1)
FROM sync_run AS r JOIN store AS st ON st.id = r.store_id
WHERE :keys IS NULL OR st.key IN (SELECT value FROM json_each(:keys))
ORDER BY r.id DESC LIMIT :limit
"""

LAST_WALKS = """
SELECT w.status, w.finished_at, w.reported, w.seen, w.attempts, w.complete, w.note
FROM json_each('["rejected", "auditing", "active", "offline", "other", "deleted"]') AS s
JOIN walk AS w ON w.store_id = :store AND w.status = s.value AND w.run_id = (
    SELECT max(last) FROM (  -- one look into the index for incomplete and one for complete walks
        SELECT max(run_id) AS last FROM walk WHERE store_id = :store AND status = s.value AND complete = 0
        UNION ALL SELECT max(run_id) FROM walk WHERE store_id = :store AND status = s.value AND complete = 1
    )
)
ORDER BY s.key
"""

DETAILS_KNOWN = "SELECT count(*) FROM listing_detail WHERE store_id = ? AND read_at IS NOT NULL"

LISTINGS = "SELECT coalesce(sum(listings), 0) FROM status_count WHERE store_id = ? AND status <> 'deleted'"

PICTURES_KNOWN = f"""
SELECT count(DISTINCT picture.url) FROM status_period AS p
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
JOIN json_each(l.image_urls) AS image
JOIN picture ON picture.url = image.value AND picture.state = 'measured'
WHERE p.store_id = ? AND p.listed = 1 AND p.ended_at IS NULL AND p.status IN {HELD_STATUSES}
"""  # noqa: S608


def stores(connection: sqlite3.Connection, store_keys: Stores = None) -> list[StoreRow]:
    """List stores, archived ones last. Unlike elsewhere, None is all stores and not only those that are watched."""
    return [
        StoreRow(store, name, visible(title), model, currency, edit_url, item_url, bool(watched))
        for store, name, title, model, currency, edit_url, item_url, watched in connection.execute(
            STORES, {"keys": keys_of(store_keys)}
        )
    ]


def freshness(connection: sqlite3.Connection, store_keys: Stores, now: datetime, stale_after: StaleAfter) -> Freshness:
    """Return how current a store is; of several (None: all that are watched) the worst."""
    rows = stores(connection, store_keys)
    chosen = [store for store in rows if store.watched] if store_keys is None else rows
    each = [(store, _freshness(connection, store, now, stale_after)) for store in chosen]
    if not each:
        return Freshness("never", None, None, None)
    return each[0][1] if len(each) == 1 else _worst(each)


def _freshness(connection: sqlite3.Connection, store: StoreRow, now: datetime, stale_after: StaleAfter) -> Freshness:
    outcome, message = connection.execute(LAST_RUN, [store.id]).fetchone() or (None, "")
    complete = connection.execute(LAST_COMPLETE, [store.id]).fetchone()
    plan = connection.execute(STATE, [store.id]).fetchone() or NO_STATE
    read_at = moment(complete[0]) if complete else None
    stamped = moment(complete[1]) if complete else None
    ahead = stamped is not None and stamped > now + CLOCK_TOLERANCE
    banned_until = moment(plan[2])
    return Freshness(
        state=_state(store, outcome, read_at, now - timedelta(seconds=stale_after(store.key)), ahead=ahead),
        read_at=read_at,
        next_at=min(filter(None, (moment(plan[0]), moment(plan[1]))), default=None),
        last_outcome=Outcome(outcome) if outcome else None,
        message=message,
        banned_until=banned_until if banned_until and banned_until > now else None,
        working_on=plan[7],
        stamped=stamped if ahead else None,
    )


def _state(store: StoreRow, outcome: str | None, read_at: datetime | None, oldest: datetime, *, ahead: bool) -> str:
    if not store.watched:
        return "archived"
    if read_at is None:
        return "never"
    if ahead:
        return "ahead"
    if outcome in {"failed", "partial"}:
        return str(outcome)
    return "stale" if read_at < oldest else "fresh"


def _worst(each: Sequence[tuple[StoreRow, Freshness]]) -> Freshness:
    """Return the worst of several stores, and of these the one read longest ago; its reading is told, not another's."""
    store, worst = min(each, key=lambda pair: (WORST_FIRST.index(pair[1].state), pair[1].read_at or NEVER))
    return Freshness(
        state=worst.state,
        read_at=worst.read_at,
        next_at=min((f.next_at for _, f in each if f.next_at), default=None),
        last_outcome=worst.last_outcome,
        message=f"{store.title}: {worst.message}" if worst.message else "",
        banned_until=max((f.banned_until for _, f in each if f.banned_until), default=None),
        working_on=next((f.working_on for _, f in each if f.working_on), ""),
        stamped=worst.stamped,
    )


def gauges(connection: sqlite3.Connection, now: datetime) -> list[StoreGauges]:
    """Return what can be measured of each store that is watched."""
    return [_gauges(connection, store, now) for store in stores(connection) if store.watched]


def _gauges(connection: sqlite3.Connection, store: StoreRow, now: datetime) -> StoreGauges:
    complete = connection.execute(LAST_COMPLETE, [store.id]).fetchone()
    banned, calls, budget, heard = connection.execute(CALLS, [store.id]).fetchone() or (None,) * 4
    heard_at, banned_until = moment(heard), moment(banned)
    lately = heard_at is not None and abs(now - heard_at) <= HOUR
    span = {"since": to_text(now - HOUR), "until": to_text(now + CLOCK_TOLERANCE)}
    ended = {"store": store.id, "most": MOST_RUNS, **span}
    return StoreGauges(
        store=store.key,
        read_at=moment(complete[0]) if complete else None,
        banned_until=banned_until if banned_until and banned_until > now else None,
        calls_this_hour=calls if lately else None,
        calls_budget=budget if lately else None,
        runs={(kind, outcome): count for kind, outcome, count in connection.execute(RUNS_LATELY, ended)},
    )


def runs(connection: sqlite3.Connection, store_keys: Stores, limit: int) -> list[RunRow]:
    """List the latest runs, the newest first."""
    return [_run(row) for row in connection.execute(RUNS, {"keys": keys_of(store_keys), "limit": limit})]


def _run(row: Sequence[Any]) -> RunRow:
    return RunRow(
        id=row[0],
        store=row[1],
        kind=row[2],
        started_at=_at(row[3]),
        finished_at=_at(row[4]),
        as_of=moment(row[5]),
        outcome=Outcome(row[6]),
        calls=row[7],
        seen=row[8],
        changes=row[9],
        unresolved=row[10],
        error_kind=row[11],
        message=row[12],
        platform_auditing=row[13],
        our_auditing=row[14] if row[5] is None or row[14] is not None else 0,
        platform_active=row[15],
        our_active=None if row[5] is None or row[17] is None else row[16] or 0,
        our_active_at=moment(row[17]),
    )


def _at(text: str) -> datetime:
    at = moment(text)
    assert at is not None  # the column is NOT NULL
    return at


def health(
    connection: sqlite3.Connection, now: datetime, stale_after: StaleAfter, store_keys: Stores = None
) -> list[StoreHealth]:
    """Return the condition of each store, archived ones last."""
    return [_health(connection, store, now, stale_after) for store in stores(connection, store_keys)]


def _health(connection: sqlite3.Connection, store: StoreRow, now: datetime, stale_after: StaleAfter) -> StoreHealth:
    plan = connection.execute(STATE, [store.id]).fetchone() or NO_STATE
    return StoreHealth(
        store=store,
        freshness=_freshness(connection, store, now, stale_after),
        token_expires_at=moment(plan[4]),
        calls_this_hour=plan[5],
        calls_budget=plan[6],
        ban_text=plan[3],
        details_known=_count(connection, DETAILS_KNOWN, store.id),
        listings=_count(connection, LISTINGS, store.id),
        pictures_known=_count(connection, PICTURES_KNOWN, store.id),
        walks=tuple(
            WalkRow(store.key, status, _at(finished), reported, seen, attempts, bool(complete), note)
            for status, finished, reported, seen, attempts, complete, note in connection.execute(
                LAST_WALKS, {"store": store.id}
            )
        ),
    )


def _count(connection: sqlite3.Connection, sql: str, store: int) -> int:
    return int(connection.execute(sql, [store]).fetchone()[0])

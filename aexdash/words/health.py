"""Words of the health page: what speaks against a store's numbers now, and what nobody knows of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from aexdash.snapshot.store_rows import RunRow, StoreHealth
from aexdash.statement import Reach
from aexdash.supervision.states import WorkerState
from aexdash.words.common import STATUS_WORDS, ahead_words, moment, number, plain, plural, without_home
from aexdash.words.statements import unread_words

TOKEN_WARNING = timedelta(days=3)

ALWAYS = (
    "Never known: how old AliExpress's own answers are, because its lists carry no time; and why it holds a listing, "
    "where neither its texts, Seller Center nor our own measurements say so."
)


def doubts_of(health: StoreHealth, now: datetime, zone: tzinfo = UTC) -> list[str]:
    """List the reasons not to trust a store's numbers now, a sentence each; empty when there are none."""
    if not health.store.watched:
        return []
    fresh = health.freshness
    doubts: list[str] = []
    said = f" ({plain(fresh.message)})" if fresh.message else ""
    if fresh.state == "never":
        doubts.append(f"no complete read so far{said}.")
    elif fresh.stamped and fresh.state == "ahead":
        mend = "Set the clock; if it is right now, run `aexdash repair --future-moments`."
        doubts.append(f"the {ahead_words(fresh.stamped, now)}{said}. {mend}")
    elif fresh.state in ("stale", "partial", "failed"):
        words = {"stale": "not read since", "partial": "only partly read since", "failed": "reading fails since"}
        doubts.append(f"{words[fresh.state]} {moment(fresh.read_at, zone)}{said}.")
    if fresh.banned_until and fresh.banned_until > now:
        doubts.append(f"AliExpress takes no calls until {moment(fresh.banned_until, zone)} ({plain(health.ban_text)}).")
    if health.token_expires_at and health.token_expires_at <= now + TOKEN_WARNING:
        doubts.append(f"the access token ends {moment(health.token_expires_at, zone)}; run `aexdash authorize`.")
    doubts += [
        f"the last read of *{STATUS_WORDS.get(walk.status, walk.status)}* was not complete."
        for walk in health.walks
        if not walk.complete
    ]
    return doubts


LOOPS = {
    "worker": "The worker as a whole",
    "requests": "Passing on *Sync now*",
    "feed": "The feed folder",
    "sftp": "Fetching files of a feed",
    "alerts": "Alerts and their messages",
    "causes": "What goes with days of far more held",
    "shops": "The list of shops",
    "sources": "Comparing listings with their shops",
    "heartbeat": "The heartbeat",
    "files": "Backups of the desk",
    "replica": "Replicating both files",
    "follow-snapshot": "Keeping the copy of the snapshot",
    "follow-desk": "Keeping the copy of the desk",
}
"""What the loops of the worker do, by their names; those of stores and shops are named after them."""


def loop_words(name: str, titles: Mapping[str, str]) -> str:
    """Say what a loop of the worker does; `titles` are those of the stores, by key."""
    kind, _, key = name.partition("-")
    if kind == "sync":
        return f"Reading {plain(titles.get(key, key))}"
    return f"Reading the shop {plain(key)}" if kind == "shop" else LOOPS.get(name, name)


def loops_of(
    state: WorkerState | None,
    titles: Mapping[str, str],
    now: datetime,
    zone: tzinfo = UTC,
    *,
    hidden: Collection[str] = (),
) -> list[str]:
    """Say in sentences what of the worker has not run for long; empty where all of it runs, or nobody told.

    `hidden` are the names of loops that are not told of; where there are any, nor is any error, which may name theirs.
    """
    if state is None:
        return []
    if state.is_silent(now):
        silent = f"The worker has not been heard of since {moment(state.at, zone)}"
        return [f"{silent}: it has ended, or cannot write its home. `aexdash doctor` looks for the cause."]
    told = []
    for name, loop in state.unable(now).items():
        if name in hidden:
            continue
        since = loop.failing_since or loop.busy_since
        how = "hangs" if loop.hangs(now) else "cannot run"
        why = f": {plain(without_home(loop.error))}" if loop.error and not hidden else "."
        told.append(f"{loop_words(name, titles)} {how} since {moment(since, zone)}{why} It is tried again by itself.")
    return told


def gap_of(reach: Reach) -> str:
    """Say how much of the last hours of a store nobody read; empty where all was, or where it was never read."""
    words = unread_words(reach)
    known = words and any(one.read_at for one in reach.readings)
    return (
        f"{words} of the last day: listings may have come and gone unseen, and ages are to the last read."
        if known
        else ""
    )


def unchecked(of: int | None, checked: int | None) -> str:
    """Say of how many listings on sale the details were not read yet; empty where all were."""
    if of is None or checked is None:
        return "Listings on sale: not counted yet, so nothing is said of those at risk."
    left = of - checked
    return f"{left:,} of {plural(of, 'listing')} on sale: details not read yet, so not checked." if left > 0 else ""


def unread_reasons(count: int) -> str:
    """Say of how many held listings more reasons may come to light; empty where all was read."""
    return f"Reasons of {plural(count, 'held listing')} not all read yet." if count else ""


def nameless(count: int, held: int | None) -> str:
    """Say of how many held listings nobody says why."""
    of = f" of {held:,}" if held else ""
    return f"{plural(count, 'held listing')}{of}: nobody says why, open Seller Center ›"


def cross_checks(store: str, rows: Sequence[RunRow], zone: tzinfo = UTC) -> list[tuple[bool, str]]:
    """Say what AliExpress counted itself beside what we did, for each status that it counts: in audit, and on sale.

    Each sentence is of the last run that had both counts; the first of the pair is whether they speak against ours.
    What is on sale is read less often than it is counted: a difference since then is no contradiction.
    """
    told = []
    audit = next((run for run in rows if run.platform_auditing is not None and run.our_auditing is not None), None)
    if audit:
        said = f"{_told(store, audit.platform_auditing)} in audit at {moment(audit.as_of, zone)}"
        told.append((audit.platform_auditing != audit.our_auditing, f"{said}, {_beside(audit, 'auditing')}"))
    sale = next((run for run in rows if run.platform_active is not None), None)
    if sale:
        late = sale.our_active_at is not None and sale.our_active_at != sale.as_of
        when = f", when we last read it at {moment(sale.our_active_at, zone)}" if late else ""
        said = f"{_told(store, sale.platform_active)} on sale at {moment(sale.as_of, zone)}"
        differs = sale.our_active is not None and sale.platform_active != sale.our_active and not late
        told.append((differs, f"{said}, {_beside(sale, 'active', when)}"))
    return told


def _told(store: str, theirs: int | None) -> str:
    return f"{plain(store)}: AliExpress counted {number(theirs)}"


def _beside(run: RunRow, status: str, when: str = "") -> str:
    """Say what we had beside a count of AliExpress; `when` is when that was, where it was not read at once."""
    theirs, ours = getattr(run, f"platform_{status}"), getattr(run, f"our_{status}")
    if ours is None:
        return "and we have not read that yet."
    if theirs == ours:
        return f"and so did we{when}."
    return f"we {number(ours)}{when}. Its counter may lag; if it stays so, run `aexdash sync --sweep`."

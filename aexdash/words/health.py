"""Words of the health page: what speaks against a store's numbers now, and what nobody knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from aexdash.snapshot.readmodels import RunRow, StoreHealth
from aexdash.statement import Reach
from aexdash.words.common import STATUS_WORDS, ahead_words, moment, number, plain, plural
from aexdash.words.statements import unread_words

TOKEN_WARNING = timedelta(days=3)

ALWAYS = (
    "Never known: how old AliExpress's own answers are, because its lists carry no time; and why it holds a listing, "
    "where neither its texts, Seller Center nor our own measurements say so."
)


def doubts_of(health: StoreHealth, now: datetime) -> list[str]:
    """List the reasons not to trust a store's numbers now, a sentence each; empty when there are none."""
    if not health.store.watched:
        return []
    fresh = health.freshness
    doubts: list[str] = []
    said = f" ({plain(fresh.message)})" if fresh.message else ""
    if fresh.state == "never":
        doubts.append(f"no complete read so far{said}.")
    elif fresh.stamped and fresh.state == "ahead":
        doubts.append(f"the {ahead_words(fresh.stamped, now)}{said}. Set the clock, or run `aexdash repair`.")
    elif fresh.state in ("stale", "partial", "failed"):
        words = {"stale": "not read since", "partial": "only partly read since", "failed": "reading fails since"}
        doubts.append(f"{words[fresh.state]} {moment(fresh.read_at)}{said}.")
    if fresh.banned_until and fresh.banned_until > now:
        doubts.append(f"AliExpress takes no calls until {moment(fresh.banned_until)} ({plain(health.ban_text)}).")
    if health.token_expires_at and health.token_expires_at <= now + TOKEN_WARNING:
        doubts.append(f"the access token ends {moment(health.token_expires_at)}; run `aexdash authorize`.")
    doubts += [
        f"the last read of *{STATUS_WORDS.get(walk.status, walk.status)}* was not complete."
        for walk in health.walks
        if not walk.complete
    ]
    return doubts


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


def counted_twice(rows: Sequence[RunRow]) -> RunRow | None:
    """Return the last run with AliExpress's own count of listings in audit beside ours; None where there was none."""
    return next((run for run in rows if run.platform_auditing is not None and run.our_auditing is not None), None)


def cross_check_words(store: str, run: RunRow) -> str:
    """Say what AliExpress counted in audit beside what we did."""
    said = f"{plain(store)}: AliExpress counted {number(run.platform_auditing)} in audit at {moment(run.as_of)}"
    if run.platform_auditing == run.our_auditing:
        return f"{said}, and so did we."
    ours = number(run.our_auditing)
    return f"{said}, we {ours}. Its counter may lag; if it stays so, run `aexdash sync --sweep`."

"""The health page: can the numbers be trusted? Doubts, what is not known, the verdict; then stores and sync runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import streamlit as st

from aexdash.clock import DAY
from aexdash.doctor import files as looked
from aexdash.doctor.finding import Finding
from aexdash.model import UNKNOWN_REASON
from aexdash.people.acting import rights, sees_any
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.shops.readmodels import ShopRow
from aexdash.snapshot.store_rows import Freshness, RunRow, StoreHealth, WalkRow
from aexdash.supervision.states import worker_state
from aexdash.ui import shop_lines
from aexdash.ui.frame import nav
from aexdash.ui.frame.charts import table
from aexdash.ui.frame.visit import Visit
from aexdash.view import View
from aexdash.words.common import STATUS_WORDS, capital, moment, number, plain, plural, span, without_home
from aexdash.words.health import (
    ALWAYS,
    cross_checks,
    doubts_of,
    gap_of,
    loops_of,
    nameless,
    unchecked,
    unread_reasons,
)
from aexdash.words.shops import KINDS, is_stale
from aexdash.words.statements import copy_words

RUNS = 50


def read(visit: Visit) -> list[StoreHealth]:
    """Read the health of the shown stores."""
    return visit.snapshot.health(visit.now, visit.settings.stale_after, visit.view.store_keys)


def doubts(visit: Visit, report: Sequence[StoreHealth]) -> None:
    """Say what speaks against the numbers, or that nobody reads them any more; nothing where nothing does."""
    st.markdown("## Is what I see true?", anchors=False)
    if not _watched(report):
        st.info("These stores are archived: true as of their last read, and not read any more.")
        return
    if visit.is_late:
        st.warning(f"Only as of the copy that is read here: {plain(copy_words(visit.reach()))}.")
    if found := _doubts(visit, report):
        blind = any(health.freshness.read_at is None for health in _watched(report))
        opening = "Nobody can say yet." if blind else "Only as of the last complete read."
        st.warning("  \n".join([opening, *(f"{plain(health.store.title)}: {doubt}" for health, doubt in found)]))


def worker(visit: Visit) -> None:
    """Say what of the worker has not run for long; nothing where all of it does."""
    titles = {store.key: store.title for store in visit.stores}
    told = loops_of(worker_state(visit.settings.home), titles, visit.now, visit.zone, hidden=_hidden(visit))
    if told:
        st.warning("  \n".join(told))


def _hidden(visit: Visit) -> set[str]:
    """The loops of stores and shops that whoever is here may not see."""
    stores = {f"sync-{key}" for key in visit.settings.stores if not rights().sees(key)}
    return stores | {f"shop-{key}" for key, shop in visit.settings.shops.items() if not sees_any(shop.stores)}


def unknown(visit: Visit, report: Sequence[StoreHealth]) -> bool:
    """List what is not known of the shown stores, before anything that is; each with a way to it where there is one.

    Return whether something is not known of a watched store that a reading could tell.
    """
    st.markdown("### What is not known", anchors=False)
    untold = False
    for health in report:
        told = [sentence for sentence in _unknown_of(visit, health) if sentence]
        for sentence in told:
            st.markdown(f"- {plain(health.store.title)}: {sentence}")
        untold = untold or bool(told and health.store.watched)
    shown = visit.view.unfiltered().replace(as_of=None)
    why = {reason.code: reason.listings for reason in visit.ask(Snapshot.reason_counts, shown)}
    count = why.get(UNKNOWN_REASON, 0)
    if count:
        nav.link(
            "worklist",
            nameless(count, visit.ask(Snapshot.hero, shown).held),
            {**shown.to_query(), "reason": UNKNOWN_REASON},
        )
    st.caption(ALWAYS)
    return untold or bool(count)


def verdict(visit: Visit, report: Sequence[StoreHealth], *, untold: bool) -> None:
    """Say that the numbers can be trusted, where nothing speaks against it: all of them, or what of them was read.

    `untold`: something is not known. It stands above, so that nobody takes this sentence for all there is to say.
    """
    watched = _watched(report)
    if not watched or visit.is_late or _doubts(visit, report):
        return
    read_words = f"{plural(len(watched), 'store')} completely read, and nothing speaks against it."
    if untold:
        st.info(f"Yes, of what was read: {read_words}")
    else:
        st.success(f"Yes. {read_words}")


def _watched(report: Sequence[StoreHealth]) -> list[StoreHealth]:
    return [health for health in report if health.store.watched]


def _doubts(visit: Visit, report: Sequence[StoreHealth]) -> list[tuple[StoreHealth, str]]:
    return [(health, doubt) for health in report for doubt in doubts_of(health, visit.now, visit.zone)]


def _unknown_of(visit: Visit, health: StoreHealth) -> list[str]:
    """Say of a watched store which of the last hours nobody read, and which listings were not checked."""
    if not health.store.watched:
        return [f"not read any more, so nothing after {moment(health.freshness.read_at, visit.zone)}."]
    day = visit.snapshot.past((health.store.key,)).reach(visit.now - DAY, visit.now)
    risk = visit.ask(Snapshot.at_risk, View(store=health.store.key))
    held_unread = visit.ask(Snapshot.held_unread, (health.store.key,))
    return [gap_of(day), unread_reasons(held_unread), unchecked(risk.of, risk.checked)]


def stores(visit: Visit, report: Sequence[StoreHealth]) -> None:
    """Draw a table with a row for each store: freshness, schedule, calls, ban, token, coverage."""
    st.markdown("### Stores", anchors=False)
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    table(
        "stores",
        pd.DataFrame([_store(health, visit.now, visit.zone) for health in report]),
        most_rows=len(report),
        alt="Stores: how current, calls, ban, token and what is known",
    )
    budget = ", of the budget" if any(health.calls_budget for health in report) else "; no budget is set"
    st.caption(
        f"Calls: in the running hour{budget}. Details: of all listings. Pictures: how many were measured. "
        "Our own checks say nothing about what is not known."
    )


def shops(visit: Visit) -> None:
    """Draw a table with a row for each shop: how current, of how much, and what was in the way; nothing without one."""
    known = visit.snapshot.shops().shops()
    if not known:
        return
    st.markdown("### Shops", anchors=False)
    for one in (one for one in known if one.watched):
        if is_stale(one, visit.now, visit.settings.shop_stale_after(one.key)):
            st.markdown(shop_lines.line(visit, one))
    rows = [_shop(one, visit.now, visit.settings.shop_stale_after(one.key), visit.zone) for one in known]
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    table("shops", pd.DataFrame(rows), most_rows=len(rows), alt="Shops: how current, of how much, what was in the way")
    nav.link("reconcile", "What does not fit them ›", visit.kept())


def _shop(shop: ShopRow, now: datetime, stale_after: float, zone: tzinfo) -> dict[str, str]:
    complete, last = shop.complete, shop.last
    standing = "not read any more" if not shop.watched else "stale" if is_stale(shop, now, stale_after) else "current"
    counted = f"{complete.products:,} products, {complete.variants:,} variants" if complete else "–"
    return {
        "Shop": shop.title or shop.key,
        "Kind": KINDS.get(shop.kind, shop.kind),
        "Standing": "never completely read" if complete is None and shop.watched else standing,
        "Last complete read": _ago(complete.ended_at, now, zone) if complete else "–",
        "Of": counted,
        "Last reading": f"{last.outcome.value}, {moment(last.ended_at, zone)}" if last else "–",
        "In the way": " ".join(filter(None, (last.message, *last.unread))) if last else "",
        "For": ", ".join(shop.stores) or "no store",
    }


def _ago(at: datetime, now: datetime, zone: tzinfo) -> str:
    return f"{span(now - at)} ago, {moment(at, zone)}" if at <= now else moment(at, zone)


def _store(health: StoreHealth, now: datetime, zone: tzinfo) -> dict[str, str]:
    fresh = health.freshness
    banned = fresh.banned_until is not None and fresh.banned_until > now
    return {
        "Store": health.store.title,
        "Standing": fresh.state,
        "Last complete read": _read(fresh, now),
        "Next": f"in {span(fresh.next_at - now)}" if fresh.next_at else "–",
        "Now": fresh.working_on or "idle",
        "Calls this hour": _calls(health),
        "Ban": f"until {moment(fresh.banned_until, zone)}" if banned else "none",
        "Token ends": moment(health.token_expires_at, zone),
        "Details known": f"{number(health.details_known)} of {number(health.listings)}",
        "Pictures known": number(health.pictures_known),
    }


def _read(fresh: Freshness, now: datetime) -> str:
    if fresh.stamped:
        return f"stamped {span(fresh.stamped - now)} ahead: age unknown"
    return f"{span(now - fresh.read_at)} ago" if fresh.read_at else "never"


def _calls(health: StoreHealth) -> str:
    budget = f" of {health.calls_budget:,}" if health.calls_budget else ""
    return f"{health.calls_this_hour:,}{budget}"


def files(visit: Visit) -> None:
    """Say what is wrong with the desk and its backups, how old the newest one is, and that there is too little room."""
    room = looked.disk(visit.settings.home)
    kept = visit.ask(_looked_at, str(visit.settings.home), str(visit.settings.desk_path))
    in_banner = ("desk-gone",)  # of every page
    for one in (*([] if room.well else [room]), *(one for one in kept if one.condition not in in_banner)):
        if one.well:
            st.caption(plain(without_home(f"{one.name.capitalize()}: {one.text}")))
        else:
            said = capital(f"{one.text} {one.advice}".rstrip())
            st.warning(plain(without_home(said)), title=one.name.capitalize())


def _looked_at(snapshot: Snapshot, home: str, desk_path: str) -> list[Finding]:
    desk = looked.desk(Path(desk_path), with_names=rights().seen is None)
    return [*desk, *looked.backup(Path(home), Path(desk_path), snapshot.now())]


def walks(visit: Visit, report: Sequence[StoreHealth]) -> None:
    """Draw the last walk of each status: what the platform reported, what was seen."""
    st.markdown("### Last read of each status", anchors=False)
    rows = [_walk(health.store.title, walk, visit.now) for health in report for walk in health.walks]
    if rows:
        import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

        table(
            "statuses",
            pd.DataFrame(rows).convert_dtypes(),
            most_rows=len(rows),
            alt="The last read of each status",
            column_config=_thousands("Reported", "Seen"),
        )
    else:
        st.caption("No status has been read so far: after the first reading each has a row here.")


COUNTS = (
    *("Calls", "Seen", "Changes", "Unresolved"),
    *("Their audit count", "Ours in audit", "Their count on sale", "Ours on sale"),
)
"""The columns of the runs that count."""


def _thousands(*names: str) -> dict[str, Any]:
    """Return the columns of these names as counts with thousands apart, as everywhere else."""
    return {name: st.column_config.NumberColumn(format="localized") for name in names}


def _walk(store: str, walk: WalkRow, now: datetime) -> dict[str, str | int | None]:
    return {
        "Store": store,
        "Status": STATUS_WORDS.get(walk.status, walk.status),
        "Complete": "yes" if walk.complete else "NO",
        "Reported": walk.reported,
        "Seen": walk.seen,
        "Attempts": walk.attempts,
        "When": f"{span(now - walk.finished_at)} ago",
        "Note": walk.note,
    }


def runs(visit: Visit) -> None:
    """Draw the last sync runs, with the platform's own counts beside ours, and the way to compare by id."""
    st.markdown("### Sync runs", anchors=False)
    nav.link("reconcile", "Compare with a list of Seller Center, by id ›", visit.kept())
    rows = visit.snapshot.runs(RUNS, visit.view.store_keys)
    if not rows:
        st.caption("No sync has run so far. `aexdash sync` reads once, `aexdash serve` keeps reading.")
        return
    titles = {store.key: store.title for store in visit.stores}
    for key, title in titles.items():
        _cross_check(title, [run for run in rows if run.store == key], visit.zone)
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    table(
        "runs",
        pd.DataFrame([_run(titles.get(run.store, run.store), run, visit.zone) for run in rows]).convert_dtypes(),
        alt="Sync runs, the latest first",
        column_config={"Message": st.column_config.TextColumn(width="large"), **_thousands(*COUNTS)},
    )
    st.caption("Complete runs that changed nothing are kept for 30 days.")


def _cross_check(store: str, rows: Sequence[RunRow], zone: tzinfo) -> None:
    for differs, words in cross_checks(store, rows, zone):
        (st.warning if differs else st.caption)(words)


def _run(store: str, run: RunRow, zone: tzinfo) -> dict[str, str | int | None]:
    return {
        "Finished": moment(run.finished_at, zone),
        "Store": store,
        "Kind": run.kind,
        "Outcome": run.outcome,
        "Took": span(run.finished_at - run.started_at),
        "Calls": run.calls,
        "Seen": run.seen,
        "Changes": run.changes,
        "Unresolved": run.unresolved,
        "Their audit count": run.platform_auditing,
        "Ours in audit": run.our_auditing,
        "Their count on sale": run.platform_active,
        "Ours on sale": run.our_active,
        "Message": run.message,
    }

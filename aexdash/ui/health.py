"""The health page: can the numbers be trusted? One sentence, then stores, walks and sync runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from aexdash.snapshot.readmodels import Freshness, RunRow, StoreHealth, WalkRow
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import STATUS_WORDS, ahead_words, moment, number, plain, plural, span

RUNS = 50
TOKEN_WARNING = timedelta(days=3)


def read(visit: Visit) -> list[StoreHealth]:
    """Read the health of the shown stores."""
    return visit.snapshot.health(visit.now, visit.settings.stale_after, visit.view.store_keys)


def verdict(visit: Visit, report: Sequence[StoreHealth]) -> None:
    """Say in one sentence whether the numbers can be trusted, and list the doubts."""
    doubts = [(health, doubt) for health in report for doubt in doubts_of(health, visit.now)]
    st.markdown("## Is what I see true?", anchors=False)
    watched = [health for health in report if health.store.watched]
    if not watched:
        st.info("These stores are archived: true as of their last read, and not read any more.")
    elif not doubts:
        st.success(f"Yes. {plural(len(watched), 'store')} completely read, and nothing speaks against it.")
    else:
        blind = any(health.freshness.read_at is None for health in watched)
        opening = "Nobody can say yet." if blind else "Only as of the last complete read."
        st.warning("  \n".join([opening, *(f"{plain(health.store.title)}: {doubt}" for health, doubt in doubts)]))


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


def stores(visit: Visit, report: Sequence[StoreHealth]) -> None:
    """Draw a table with a row for each store: freshness, schedule, calls, ban, token, coverage."""
    st.markdown("### Stores", anchors=False)
    st.dataframe(
        pd.DataFrame([_store(health, visit.now) for health in report]),
        hide_index=True,
        height="content",
        alt="Stores: how current, calls, ban, token and coverage",
    )
    st.caption(
        "Calls: in the running hour, of the budget. Details: of all listings. Pictures: how many were measured. "
        "Our own checks say nothing about what is not known."
    )


def _store(health: StoreHealth, now: datetime) -> dict[str, str]:
    fresh = health.freshness
    banned = fresh.banned_until is not None and fresh.banned_until > now
    return {
        "Store": health.store.title,
        "Standing": fresh.state,
        "Last complete read": _read(fresh, now),
        "Next": f"in {span(fresh.next_at - now)}" if fresh.next_at else "–",
        "Now": fresh.working_on or "idle",
        "Calls this hour": _calls(health),
        "Ban": f"until {moment(fresh.banned_until)}" if banned else "none",
        "Token ends": moment(health.token_expires_at),
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


def walks(visit: Visit, report: Sequence[StoreHealth]) -> None:
    """Draw the last walk of each status: what the platform reported, what was seen."""
    st.markdown("### Last walks", anchors=False)
    rows = [_walk(health.store.title, walk, visit.now) for health in report for walk in health.walks]
    if rows:
        st.dataframe(
            pd.DataFrame(rows).convert_dtypes(), hide_index=True, height="content", alt="The last walk of each status"
        )
    else:
        st.caption("No status has been walked so far.")


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
    """Draw the last sync runs, with the platform's own audit count beside ours."""
    st.markdown("### Sync runs", anchors=False)
    rows = visit.snapshot.runs(RUNS, visit.view.store_keys)
    if not rows:
        st.caption("No sync has run so far.")
        return
    titles = {store.key: store.title for store in visit.stores}
    for key, title in titles.items():
        _cross_check(title, [run for run in rows if run.store == key])
    st.dataframe(
        pd.DataFrame([_run(titles.get(run.store, run.store), run) for run in rows]).convert_dtypes(),
        hide_index=True,
        alt="Sync runs, the latest first",
        column_config={"Message": st.column_config.TextColumn(width="large")},
    )
    st.caption("Complete runs that changed nothing are kept for 30 days.")


def _cross_check(store: str, rows: Sequence[RunRow]) -> None:
    last = next((run for run in rows if run.platform_auditing is not None and run.our_auditing is not None), None)
    if last is None:
        return
    said = f"{plain(store)}: AliExpress counted {number(last.platform_auditing)} in audit at {moment(last.as_of)}"
    if last.platform_auditing == last.our_auditing:
        st.caption(f"{said}, and so did we.")
    else:
        ours = number(last.our_auditing)
        st.warning(f"{said}, we {ours}. Its counter may lag; if it stays so, run `aexdash sync --sweep`.")


def _run(store: str, run: RunRow) -> dict[str, str | int | None]:
    return {
        "Finished": moment(run.finished_at),
        "Store": store,
        "Kind": run.kind,
        "Outcome": run.outcome,
        "Took": span(run.finished_at - run.started_at),
        "Calls": run.calls,
        "Seen": run.seen,
        "Changes": run.changes,
        "Unresolved": run.unresolved,
        "Their audit count": run.platform_auditing,
        "Ours": run.our_auditing,
        "Message": run.message,
    }

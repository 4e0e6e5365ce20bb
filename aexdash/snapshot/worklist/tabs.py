"""Counts the listings of a view by lane, and where those of a campaign are."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from aexdash.clock import to_text
from aexdash.model import HELD, Lane, Mark, SourceWord, Stage, Status
from aexdash.people.acting import rights
from aexdash.snapshot.columns import moment
from aexdash.snapshot.history.readings import readings
from aexdash.snapshot.readmodels import Tabs
from aexdash.snapshot.tallies import CampaignProgress
from aexdash.snapshot.worklist import sources
from aexdash.snapshot.worklist.ages import READING
from aexdash.snapshot.worklist.desk_items import JOIN_WORK, is_whole
from aexdash.snapshot.worklist.filters import Selection
from aexdash.snapshot.worklist.lanes import LANE, MARKS, STAGE
from aexdash.statement import Reach, StoreReading
from aexdash.view import View

COUNTED_BY = f"{LANE}, p.status, {MARKS}, w.owner = :me"

NOT_COMPARED = "?"

FIXED_SINCE = f"""CASE
    WHEN {sources.WORDS} IS NULL OR instr({sources.WORDS}, '|{SourceWord.NOT_KNOWN}|') THEN '{NOT_COMPARED}'
    WHEN instr({sources.WORDS}, '|{SourceWord.FIXED}|') THEN (
        SELECT max(one.value ->> 'since') FROM json_each(at_shop.told) AS one
        WHERE one.value ->> 'word' = '{SourceWord.FIXED}'
    )
END"""  # noqa: S608
"""Since when the last of the measured causes of a listing is gone in its shop; null where none is, or one stands, and
`NOT_COMPARED` where nobody could tell."""

COMPARED = """
SELECT EXISTS (SELECT 1 FROM source_compared AS c JOIN store AS st ON st.id = c.store_id WHERE {store})
"""

MEMBERS = f"""
SELECT coalesce(p.status, ''), {LANE}, {STAGE}, {MARKS}, EXISTS (
    SELECT 1 FROM status_period AS before INDEXED BY period_of_listing
    WHERE before.store_id = p.store_id AND before.product_id = p.product_id AND before.ended_at > :frozen_at
        AND before.status IN (SELECT value FROM json_each(:held))
)
FROM json_each(:members) AS member
CROSS JOIN store AS st ON st.key = member.value ->> 0
{READING}
CROSS JOIN status_period AS p INDEXED BY period_open
    ON p.store_id = st.id AND p.product_id = member.value ->> 1 AND p.ended_at IS NULL
{JOIN_WORK}
"""  # noqa: S608

ARCHIVED = "SELECT key FROM store WHERE watched = 0"

OF_CAMPAIGN = f"""
SELECT store_key, product_id FROM desk.campaign_listing
WHERE campaign = ? AND {is_whole("store_key")}
ORDER BY 1, 2
"""  # noqa: S608

GONE = {Status.ACTIVE: "cleared", Status.OFFLINE: "offline", Status.DELETED: "deleted"}
"""What listings of a campaign count as that are not held."""


def not_counted_by(view: View, me: str) -> tuple[str, ...]:
    """Name the filters of a view that say which tab is open, and by which therefore no tab is counted."""
    is_mine = bool(me) and view.owners == (me,)
    is_regressed = view.marks == (Mark.REGRESSED,)
    is_fixed_there = view.sources == (SourceWord.FIXED,) and not view.lanes
    told = {"owner": is_mine, "mark": is_regressed, "source": is_fixed_there}
    return ("lane", *(name for name, says_so in told.items() if says_so))


TabRow = tuple[str, str, str, int | None, int, int, str | None]
"""Listings with the same lane, status, marks; whether they are mine, have the marks asked for, and are in the shop as
asked for; and since when they are fixed there."""


def tabs(connection: sqlite3.Connection, selection: Selection, me: str, without: Collection[str]) -> Tabs:
    """Count the listings of a selection in each lane, with every filter except those named in `without`."""
    told, is_compared = columns(connection, selection, without)
    sql = selection.query(told, without={*without, "mark", "source"})
    found: Counter[TabRow] = Counter(connection.execute(sql, {**selection.bound, "me": me}))
    return added_up(found, is_compared=is_compared)


def columns(connection: sqlite3.Connection, selection: Selection, without: Collection[str]) -> tuple[str, bool]:
    """Return the columns of a `TabRow` in SQL, and whether any store of the selection was compared with its shop.

    `without` are filters of the selection that do not count; a mark and a source that it asks for are told of each
    listing and restrict none.
    """
    marked, sourced = (
        "true" if name in without else selection.conditions.get(name, "true") for name in ("mark", "source")
    )
    where = selection.conditions["store"]
    (compared,) = connection.execute(COMPARED.format(store=where), selection.bound).fetchone()
    told = f"{COUNTED_BY}, ({marked}) IS TRUE, ({sourced}) IS TRUE, {FIXED_SINCE if compared else 'NULL'}"
    return told, bool(compared)


def added_up(found: Mapping[TabRow, int], *, is_compared: bool) -> Tabs:
    """Add up listings by lane.

    The marks within *to do* are counted whatever mark is asked for: whoever follows one asks for another; and so is
    what is fixed in the shop, whatever is asked of the shop.
    """
    lanes: Counter[str] = Counter()
    of_todo: Counter[str] = Counter()
    fixed: Counter[str] = Counter()
    for (lane, status, marks, mine, is_marked, is_sourced, fixed_since), listings in found.items():
        if fixed_since is not None and is_marked:
            fixed[fixed_since] += listings
        if not is_sourced:
            continue
        told = (status, "mine" if mine else "") if is_marked else ()
        lanes[lane] += listings if is_marked else 0
        for what in (*told, *marks.split("|")) if lane == Lane.TODO else ():
            of_todo[what] += listings
    return Tabs(
        todo=lanes[Lane.TODO],
        waiting=lanes[Lane.WAITING],
        snoozed=lanes[Lane.SNOOZED],
        rejected=of_todo[Status.REJECTED],
        auditing=of_todo[Status.AUDITING],
        mine=of_todo["mine"],
        marks={mark: of_todo[mark] for mark in Mark if of_todo[mark]},
        fixed_there=fixed.total() - fixed[NOT_COMPARED] if is_compared else None,
        fixed_since=moment(min((since for since in fixed if since != NOT_COMPARED), default=None)),
        not_compared=fixed[NOT_COMPARED],
    )


def members_of(connection: sqlite3.Connection, campaign: str) -> list[tuple[str, int]]:
    """List the listings of a campaign of the attached desk, as (store key, product id), that whoever acts may see."""
    held = rights()
    return [(store, number) for store, number in connection.execute(OF_CAMPAIGN, [campaign]) if held.sees(store)]


def reach_of(connection: sqlite3.Connection, members: Sequence[tuple[str, int]], now: datetime) -> Reach:
    """Return what the progress of a campaign may speak for now: its stores, but for those that are archived."""
    archived = {key for (key,) in connection.execute(ARCHIVED)}
    asked = sorted({store for store, _ in members} - archived)
    known = {one.store: one for one in readings(connection, asked, None, now).values()}
    return Reach(tuple(known.get(key) or StoreReading(key, key, None, current=False) for key in asked))


def progress(
    connection: sqlite3.Connection,
    members: Sequence[tuple[str, int]],
    selection: Selection,
    now: datetime,
    frozen_at: datetime | None = None,
) -> CampaignProgress:
    """Count where the listings of a campaign are. Of the selection only the desk and the moment count, which is now.

    What is on sale is cleared only if it was held when the campaign was made, `frozen_at`, or since; None: ever.
    """
    reach = reach_of(connection, members, now)
    read, unread = ({one.store for one in stores} for stores in (reach.read, reach.missing))
    told = [member for member in members if member[0] in read]
    untold = sum(store in unread for store, _ in members)
    bound = {
        **selection.bound,
        "members": json.dumps(told),
        "held": json.dumps(sorted(status.value for status in HELD)),
        "frozen_at": to_text(frozen_at) if frozen_at else "",
    }
    count: Counter[str] = Counter()
    for status, lane, stage, marks, was_held in connection.execute(MEMBERS.format(work=selection.work), bound):
        if status not in HELD:
            never = status == Status.ACTIVE and not was_held
            count["never_held" if never else GONE.get(status, "")] += 1
            continue
        count[lane] += 1
        if lane == Lane.TODO:
            count["taken"] += stage == Stage.TAKEN
            count["regressed"] += f"|{Mark.REGRESSED}|" in marks
    known = {name: count[name] for name in (*GONE.values(), "never_held", *Lane)}
    return CampaignProgress(
        **known,
        other=len(told) - sum(known.values()),
        taken=count["taken"],
        regressed=count["regressed"],
        unread=untold,
        archived=len(members) - len(told) - untold,
        reach=reach,
    )

"""What people decided about listings, as the table `w` of worklist queries: now, or as it was at a moment."""

from __future__ import annotations

import sqlite3
from enum import Enum


class DeskState(Enum):
    """What there is of the desk: nothing, the tables of before changes could be undone, or those of now.

    A desk is brought up to date by the first who writes to it, so an older one may have to be read.
    """

    NONE = "none"
    OLD = "old"
    NOW = "now"


TABLES = "SELECT count(*) FROM desk.sqlite_master WHERE type = 'table' AND name IN ('work_item', 'work_change')"


def state_of(connection: sqlite3.Connection) -> DeskState:
    """Return the state of the attached desk; another process may have made the file just now, without tables yet."""
    return (DeskState.NONE, DeskState.OLD, DeskState.NOW)[connection.execute(TABLES).fetchone()[0]]


def is_moment(column: str) -> str:
    """Write the condition that a text is a moment as we write it: one of no calendar differs once it is read."""
    return f"({column} >= '0001' AND strftime('%Y-%m-%dT%H:%M:%fZ', {column}) = {column})"


def is_object(column: str) -> str:
    """Write the condition that a text is a JSON object; what is no JSON is asked for nothing more."""
    return f"CASE WHEN json_valid({column}) THEN json_type({column}) = 'object' ELSE false END"


def is_whole(texts: str) -> str:
    """Write the condition that texts are as they were written (`aexdash.storage.rows.let_sql_ask`)."""
    return f"is_utf8(CAST({texts} AS BLOB))"


STAGES = "('new', 'taken', 'fixed', 'snoozed')"


def is_sound(row: str) -> str:
    """Write the condition that a row of work can be read.

    A damaged one is as if nobody had touched the listing: the desk reads it in the same way (`aexdash.storage.rows`),
    and `aexdash doctor` names it.
    """
    return f"""coalesce({row}.stage, 'new') IN {STAGES}
    AND (coalesce({row}.stage_at, '') = '' OR {is_moment(f"{row}.stage_at")})
    AND (coalesce({row}.snoozed_until, '') = '' OR {is_moment(f"{row}.snoozed_until")})
    AND {row}.snooze_event IN ('', 'status', 'worse') AND {is_object(f"{row}.basis")}
    AND {is_moment(f"{row}.updated_at")}
    AND {is_whole(f"{row}.owner || ' ' || {row}.note || ' ' || {row}.basis || ' ' || {row}.updated_by")}"""


LOG_IS_SOUND = f"""{is_moment("at")} AND CASE field
        WHEN 'stage' THEN after IN {STAGES}
        WHEN 'stage_at' THEN after = '' OR {is_moment("after")}
        WHEN 'snoozed_until' THEN after = '' OR {is_moment("after")}
        WHEN 'snooze_event' THEN after IN ('', 'status', 'worse')
        WHEN 'basis' THEN {is_object("after")} AND {is_whole("after")}
        ELSE {is_whole("after")}
    END"""
"""The same as `is_sound` of a row of the log."""

WORK_NOW = "desk.work_item"

WORK_OLD = """(
    SELECT store_key, product_id, stage, stage_at, owner, note, snoozed_until, '' AS snooze_event, 0 AS snooze_more,
        '{}' AS basis, 1 AS version, updated_at, updated_by
    FROM desk.work_item
)"""

# The log has one field a row: the last row of each field up to `:as_of` is its value then. When a stage was set, and on
# what, is logged too, so that an undo is right in the past; before it was, a stage was set when it was logged.
WORK_THEN = f"""(
    SELECT store_key, product_id,
        max(after) FILTER (WHERE field = 'stage') AS stage,
        coalesce(max(after) FILTER (WHERE field = 'stage_at'), max(at) FILTER (WHERE field = 'stage')) AS stage_at,
        max(after) FILTER (WHERE field = 'owner') AS owner,
        max(after) FILTER (WHERE field = 'note') AS note,
        max(after) FILTER (WHERE field = 'snoozed_until') AS snoozed_until,
        coalesce(max(after) FILTER (WHERE field = 'snooze_event'), '') AS snooze_event,
        CAST(coalesce(max(after) FILTER (WHERE field = 'snooze_more'), '0') AS INTEGER) AS snooze_more,
        coalesce(max(after) FILTER (WHERE field = 'basis'), '{{}}') AS basis,
        0 AS version, max(at) AS updated_at, '' AS updated_by
    FROM desk.work_log
    WHERE id IN (
        SELECT max(id) FROM desk.work_log WHERE at <= :as_of AND {LOG_IS_SOUND} GROUP BY store_key, product_id, field
    )
    GROUP BY store_key, product_id
)"""  # noqa: S608

NO_WORK = """(
    SELECT NULL AS store_key, NULL AS product_id, NULL AS stage, NULL AS stage_at, NULL AS owner, NULL AS note,
        NULL AS snoozed_until, NULL AS snooze_event, NULL AS snooze_more, NULL AS basis, NULL AS version,
        NULL AS updated_at, NULL AS updated_by
    WHERE false
)"""


def work_of(state: DeskState, *, then: bool) -> str:
    """Return the table `w`. `then`: as it was at `:as_of`; else as it is."""
    if state is DeskState.NONE:
        return NO_WORK
    if then:
        return WORK_THEN
    return WORK_NOW if state is DeskState.NOW else WORK_OLD


JOIN_WORK = f"""LEFT JOIN {{work}} AS w ON w.store_key = st.key AND w.product_id = p.product_id
    AND {is_sound("w")}"""

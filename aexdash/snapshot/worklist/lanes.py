"""Who has the next move on a held listing, and what is noteworthy about it, as SQL that is evaluated at every reading.

No worker moves anything from one lane to another, so nothing can be forgotten or lag, and a past moment is answered by
the same text. A listing is in its lane by what people decided (`w`), its status period (`p`) and when its store was
last read (`reading`), and by nothing that this clock says. The parameters are `Clocks`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from aexdash.model import Lane, Mark
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.snapshot.worklist.ages import SINCE

WAITING = timedelta(hours=72)
"""For how long AliExpress may leave alone what was fixed, unless people have set another time."""

UNTOUCHED = timedelta(hours=24)
"""For how long a listing may be to do without anybody taking it, unless people have set another time."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """What lanes depend on beside the listing itself.

    `stuck_by`: the moment, by store key, by which an audit must have begun to be stuck, as text. `waiting` and
    `untouched` are in seconds. `codes_now`: by store key, how many held listings have each standing reason code; it may
    be left empty where no snooze waits for more of them.
    """

    stuck_by: Mapping[str, str] = field(default_factory=dict)
    waiting: int = int(WAITING.total_seconds())
    untouched: int = int(UNTOUCHED.total_seconds())
    codes_now: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def bound(self) -> dict[str, object]:
        """The SQL parameters."""
        return {
            "stuck_by": json.dumps(dict(self.stuck_by)),
            "waiting": self.waiting,
            "untouched": self.untouched,
            "codes_now": json.dumps(
                {f"{store} {code}": many for store, codes in self.codes_now.items() for code, many in codes.items()}
            ),
        }


DEFAULT = Clocks()
"""The clocks where nothing is known: no audit is stuck, and nobody has set any time."""

CODES = """json_each('[' || replace(json_quote(trim(p.codes, '|')), '|', '","') || ']')"""
"""A table of the standing reasons of a period, each `code@provenance`; of one without any, an empty text."""

CODE = "substr(reason.value, 1, instr(reason.value, '@') - 1)"

SET_ON = "coalesce(w.basis ->> '$.period', w.stage_at)"
"""The beginning of the period on which the stage was set; before that was noted, the moment when it was set."""

IN_SPELL = f"{SET_ON} >= {SINCE}"
"""Whether the stage is of this spell. What came back after it had left is new."""

REJECTED_SINCE = f"""(p.status = 'rejected'
    AND ({SET_ON} < p.started_at OR p.attempt > coalesce(w.basis ->> '$.attempt', p.attempt)))"""
"""Whether AliExpress has rejected the listing since. The number of the attempt tells it also where the clock had been
ahead when the stage was set."""

NEW_REASON = f"""EXISTS (
    SELECT 1 FROM {CODES} AS reason
    WHERE reason.value <> '' AND {CODE} NOT IN (SELECT value FROM json_each(w.basis, '$.codes'))
)"""  # noqa: S608

MORE = """(w.snooze_more > 0 AND EXISTS (
    SELECT 1 FROM json_each(w.basis, '$.same') AS was
    JOIN json_each(:codes_now) AS now ON now.key = st.key || ' ' || was.key AND now.value >= was.value + w.snooze_more
))"""

WOKEN = f"""((w.snoozed_until > '' AND w.snoozed_until <= :moment)
    OR (w.snooze_event = 'status' AND p.started_at > {SET_ON})
    OR (w.snooze_event = 'worse' AND ({NEW_REASON} OR {MORE})))"""
"""Whether what a snooze waits for has happened; a rejection ends every snooze as well (`REJECTED_SINCE`)."""

STAGE = f"""CASE
    WHEN coalesce(w.stage, 'new') = 'new' OR NOT ({IN_SPELL}) OR {REJECTED_SINCE} THEN 'new'
    WHEN w.stage = 'snoozed' AND {WOKEN} THEN 'new'
    ELSE w.stage
END"""
"""The stage that counts: a listing that came back, was rejected since, or whose snooze is over is new."""

STUCK = "(p.status = 'auditing' AND p.started_at <= reading.stuck_by)"

WAITED_TOO_LONG = f"""CASE p.status
    WHEN 'auditing' THEN {STUCK} AND (w.stage_at <= p.started_at OR w.stage_at <= reading.waiting_by)
    ELSE w.stage_at <= reading.waiting_by
END"""
"""Of what is fixed: whether AliExpress has left it alone for too long. In audit that is when it is stuck; what was
fixed during the audit waits for its own time first."""

LANE = f"""CASE {STAGE}
    WHEN 'snoozed' THEN '{Lane.SNOOZED}'
    WHEN 'fixed' THEN iif({WAITED_TOO_LONG}, '{Lane.TODO}', '{Lane.WAITING}')
    ELSE iif(p.status = 'auditing' AND coalesce(NOT {STUCK}, true), '{Lane.WAITING}', '{Lane.TODO}')
END"""
"""The lane. What is in audit and not stuck waits for AliExpress whatever its stage: nobody else can do anything."""

TODO = f"{LANE} = '{Lane.TODO}'"

UNTOUCHED_TOO_LONG = f"""p.started_at <= iif(p.status = 'auditing', reading.stuck_untouched_by, reading.untouched_by)
    AND coalesce(iif({IN_SPELL}, w.stage_at, ''), '') <= reading.untouched_by
    AND iif({IN_SPELL} AND NOT {REJECTED_SINCE} AND w.snoozed_until <= :moment, w.snoozed_until, '')
        <= reading.untouched_by"""
"""Whether a listing to do has been so, without anybody who takes it, for too long: since it was rejected or got stuck,
was put back, or its snooze ended."""

WHEN_MARKED: Mapping[Mark, str] = {
    Mark.REGRESSED: f"p.status = 'rejected' AND p.attempt > 1 AND {TODO}",
    Mark.TOO_LONG: f"p.status IN {HELD_STATUSES} AND w.stage = 'fixed' AND {WAITED_TOO_LONG} AND {STAGE} = 'fixed'",
    Mark.STUCK: STUCK,
    Mark.UNTOUCHED: f"(p.status = 'rejected' OR {STUCK}) AND {UNTOUCHED_TOO_LONG} AND {STAGE} = 'new'",
    Mark.WOKEN: f"w.stage = 'snoozed' AND {IN_SPELL} AND ({REJECTED_SINCE} OR {WOKEN})",
}
"""When a listing has each mark. What is asked first is what is answered soonest."""

_MARKED = [f"iif({condition}, '{mark}|', '')" for mark, condition in WHEN_MARKED.items()]

MARKS = f"('|' || {' || '.join(_MARKED)})"
"""The marks of a listing as a text, `|regressed|untouched|`."""

URGENCY = f"""CASE {
    " ".join(
        f"WHEN {WHEN_MARKED[mark]} THEN {place}"
        for place, mark in enumerate((Mark.REGRESSED, Mark.TOO_LONG, Mark.UNTOUCHED))
    )
} ELSE 3 END"""
"""Where a listing stands in the order *urgent*: rejected again, then left alone, then untouched, then the rest."""

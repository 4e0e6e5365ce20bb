"""What happened to a listing in words: what people and AliExpress did, each rejection, what changed between two.

Pure functions without Streamlit. Moments come in UTC and are written in `zone`, which they name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import groupby

from humanize import ordinal

from aexdash.clock import from_text
from aexdash.desk.decisions.changes import LogEntry
from aexdash.model import Stage, Status
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.readmodels import Attempt, PeriodRow
from aexdash.snapshot.worklist.attempts import Changed, NotKnown
from aexdash.words.common import (
    AUDIT_WORDS,
    IN_AUDIT,
    STAGE_WORDS,
    STATUS_WORDS,
    day,
    moment,
)
from aexdash.words.listings.work import DONE, SNOOZE_WORDS

PLATFORM = "AliExpress"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what happened to a listing: when, who did it, what, through what, and as part of which change.

    `undoes` is the change that it put back, None where it is no undo; `what` says so.
    """

    at: datetime
    who: str
    what: str
    through: str = ""
    change: int | None = None
    undoes: int | None = None


def history(log: Iterable[LogEntry], periods: Iterable[PeriodRow], taxonomy: Taxonomy, zone: tzinfo) -> list[Line]:
    """Tell what people and AliExpress did with a listing in one list, the latest first.

    What AliExpress did is when we first read it. Fields that changed in one decision are one line. What was set back
    while the listing was in audit is not to do: it waits for AliExpress.
    """
    periods = list(periods)
    audits = [one for one in periods if one.status is Status.AUDITING]
    people = [_people_line(list(entries), audits, zone) for _, entries in groupby(log, key=_decision)]
    platform = [_period_line(period, taxonomy) for period in periods]
    return sorted([*people, *platform], key=lambda line: line.at, reverse=True)


def _decision(entry: LogEntry) -> tuple[object, ...]:
    return (entry.change,) if entry.change is not None else (entry.at, entry.by)


def _people_line(entries: Sequence[LogEntry], audits: Sequence[PeriodRow], zone: tzinfo) -> Line:
    first = entries[0]
    after = {entry.field: entry for entry in reversed(entries)}
    told = [words for field in _TOLD if field in after and (words := _TOLD[field](after, zone))]
    if "stage" in after and after["stage"].after == Stage.NEW and any(_holds(one, first.at) for one in audits):
        told[0] = IN_AUDIT
    what = " · ".join(told)
    if first.undoes is not None:
        # What stood before may be the work of somebody else: it is told as what it is now, and not as what she did.
        what = f"undid [{first.undoes}] ({DONE.get(first.undone, first.undone)}): now {what}"
    return Line(first.at, first.by, what, first.through, first.change, first.undoes)


def _holds(period: PeriodRow, at: datetime) -> bool:
    return period.started_at <= at and (period.ended_at is None or at < period.ended_at)


def _stage_told(after: Mapping[str, LogEntry], zone: tzinfo) -> str:
    stage = STAGE_WORDS.get(after["stage"].after, after["stage"].after)
    if after["stage"].after != Stage.SNOOZED:
        return stage
    return f"{stage} {_snooze_told(after, zone)}".rstrip()


def _snooze_told(after: Mapping[str, LogEntry], zone: tzinfo) -> str:
    until = after["snoozed_until"].after if "snoozed_until" in after else ""
    event = after["snooze_event"].after if "snooze_event" in after else ""
    parts = [f"until {day(from_text(until), zone)}"] if until else []
    return " or ".join([*parts, *([SNOOZE_WORDS[event]] if event in SNOOZE_WORDS else [])])


def _snooze_moved(after: Mapping[str, LogEntry], zone: tzinfo) -> str:
    """Say of a snooze that was moved without setting the stage again until when it lasts."""
    told = _snooze_told(after, zone)
    return f"snooze {told}" if told and "stage" not in after else ""


def _owner_told(after: Mapping[str, LogEntry], _zone: tzinfo) -> str:
    entry = after["owner"]
    before = f" (was {entry.before})" if entry.before else ""
    return f"owner {entry.after or 'nobody'}{before}"


def _note_told(after: Mapping[str, LogEntry], _zone: tzinfo) -> str:
    note = after["note"].after
    return f"note “{note}”" if note else "note removed"


_TOLD = {
    "stage": _stage_told,
    "snoozed_until": _snooze_moved,
    "owner": _owner_told,
    "note": _note_told,
}
"""How each field of a decision is told, in the order of a line; others are for the machine."""


def _period_line(period: PeriodRow, taxonomy: Taxonomy) -> Line:
    status = STATUS_WORDS.get(period.status, period.status)
    if period.status is Status.REJECTED and period.attempt > 1:
        status = f"rejected again, {ordinal(period.attempt)} attempt"
    kind = AUDIT_WORDS.get(period.audit_kind or "", "") if period.started_after else ""
    why = " · ".join(dict.fromkeys(taxonomy.label(reason.code) for reason in period.reasons))
    told = ", ".join(filter(None, (status, kind if period.status is Status.AUDITING else "")))
    what = f"{told}{f': {why}' if why and period.status is Status.REJECTED else ''}"
    first = "" if period.started_after else " (when we first looked)"
    return Line(period.started_at, PLATFORM, f"{what}{first}")


def attempt_words(attempt: Attempt, taxonomy: Taxonomy, zone: tzinfo = UTC) -> str:
    """Say of one rejection when it was, why, and how it ended."""
    why = " · ".join(map(taxonomy.label, attempt.codes)) or "no reason known"
    ended = ""
    if attempt.ended_at and attempt.ended_to:
        ended = f", {STATUS_WORDS.get(attempt.ended_to, attempt.ended_to)} from {moment(attempt.ended_at, zone)}"
    return f"{ordinal(attempt.number)} attempt: rejected {moment(attempt.at, zone)}{ended}: {why}"


def reasons_words(before: Attempt, after: Attempt, taxonomy: Taxonomy) -> str:
    """Say which reasons of a rejection are gone, new and still there at the next one.

    Where none is known of one of the two, none is new and none is gone: what is known of the other is said.
    """
    was, now = set(before.codes), set(after.codes)
    if not was or not now:
        known = ", ".join(map(taxonomy.label, before.codes or after.codes))
        of = after if was else before
        return f"{'before' if was else 'now'}: {known}; at attempt {of.number} none was known" if known else ""
    parts = [
        (name, [taxonomy.label(code) for code in codes])
        for name, codes in (
            ("gone", [code for code in before.codes if code not in now]),
            ("new", [code for code in after.codes if code not in was]),
            ("still there", [code for code in after.codes if code in was]),
        )
    ]
    return " · ".join(f"{name}: {', '.join(labels)}" for name, labels in parts if labels)


def changed_words(changed: Changed) -> str:
    """Name what was changed between two attempts: `main picture`, `attribute Material`, `title (en_US)`."""
    if not changed.of:
        return changed.field
    return f"{changed.field} ({changed.of})" if changed.field == "title" else f"{changed.field} {changed.of}"


def not_known_words(missing: NotKnown) -> str:
    """Say what cannot be compared because it was not read at an attempt."""
    if missing.what == "listing":
        return f"What it was at attempt {missing.attempt} is not known."
    return f"Its attributes, SKUs and pictures at attempt {missing.attempt} were not read before it was changed again."

"""The words for what people decide about listings: lanes, marks, snoozes, outcomes, conflicts, questions, campaigns.

Pure functions without Streamlit. Moments come in UTC and are written in `zone`, which they name; `now` is the
moment of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo

from humanize import ordinal

from aexdash.clock import day_of
from aexdash.desk.decisions.changes import Change, Conflict, Outcome
from aexdash.desk.decisions.items import Item, Preview, item_of
from aexdash.model import Lane, Mark, Provenance, SnoozeUntil, Stage
from aexdash.reasons.remedies import figures
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.readmodels import WorkRow
from aexdash.snapshot.tallies import CampaignProgress
from aexdash.statement import Reach
from aexdash.words.common import (
    NOT_TAKEN,
    STAGE_WORDS,
    STATUS_WORDS,
    capital,
    day,
    moment,
    place,
    plural,
    span,
)
from aexdash.words.listings.listing import is_on_sale, stage_word
from aexdash.words.statements import NOT_READ_YET, claim_words, names, when_words

LANE_WORDS: Mapping[str, str] = {
    Lane.TODO: "to do",
    Lane.WAITING: "waiting for AliExpress",
    Lane.SNOOZED: "snoozed",
}

MARK_WORDS: Mapping[str, str] = {
    Mark.REGRESSED: "regressed",
    Mark.TOO_LONG: "AliExpress left it too long",
    Mark.STUCK: "stuck in audit",
    Mark.UNTOUCHED: "nobody took it",
    Mark.WOKEN: "snooze is over",
}

SNOOZE_WORDS: Mapping[str, str] = {
    SnoozeUntil.STATUS: "until AliExpress changes it",
    SnoozeUntil.WORSE: "until it gets worse",
}

DONE: Mapping[str, str] = {
    "take": "taken",
    "fix": "marked fixed",
    "snooze": "snoozed",
    "note": "noted",
    "assign": "given to their owner",
    "back": "set back to do",
    "propose": "proposed",
    "apply": "changed by a file",
    "undo": "put back",
}
"""What a change did to its listings, by its action: `320 marked fixed`."""

MOST_NAMES = 3


def clock_words(at: datetime, now: datetime, zone: tzinfo = UTC) -> str:
    """Write a moment as short as it is clear: `12:03 UTC`, and with its day where that is another than now's.

    Time and day are those of `zone`, which is named.
    """
    time = f"{at.astimezone(zone):%H:%M} {place(zone)}"
    return time if day_of(at, zone) == day_of(now, zone) else f"{day(at, zone)} {time}"


def locked_words(as_of: datetime, zone: tzinfo = UTC) -> str:
    """Say why nothing can be done on a page about the past."""
    return f"This is the worklist of {moment(as_of, zone)}. Go back to now to act."


def mark_words(mark: Mark, row: WorkRow) -> str:
    """Name a mark of a row; of a listing that was rejected again, which attempt it is."""
    return f"{MARK_WORDS[mark]}, {ordinal(row.attempt)} attempt" if mark is Mark.REGRESSED else MARK_WORDS[mark]


def snoozed_words(until: datetime | None, event: SnoozeUntil | None, more: int, zone: tzinfo) -> str:
    """Say what a snooze waits for: `until 12 Mar or until it gets worse (5 more with the same reason)`.

    Empty for one that lasts until somebody says otherwise.
    """
    parts = [f"until {day(until, zone)}"] if until else []
    if event:
        parts.append(f"{SNOOZE_WORDS[event]}{f' ({more:,} more with the same reason)' if more else ''}")
    return " or ".join(parts)


def stage_words(row: WorkRow, now: datetime, zone: tzinfo) -> str:
    """Say how far people are with a listing; of a fixed one, since when and what AliExpress has done since."""
    if row.stage is Stage.FIXED:
        return waiting_words(row, now, zone)
    if row.stage is Stage.SNOOZED:
        return f"snoozed {snoozed_words(row.snoozed_until, row.snooze_event, row.snooze_more, zone)}".rstrip()
    # A listing on sale waits for nobody: it is in no lane.
    return NOT_TAKEN if row.stage is Stage.NEW and is_on_sale(row) else stage_word(row)


def waiting_words(row: WorkRow, now: datetime, zone: tzinfo = UTC) -> str:
    """Say of a fixed listing since when it waits, and what AliExpress has done with it since, when last read."""
    if row.stage_at is None:
        return STAGE_WORDS[Stage.FIXED]
    by = f" by {row.changed_by}" if row.changed_by and row.changed_at == row.stage_at else ""
    return f"fixed {span(now - row.stage_at)} ago{by} · {_moved_words(row, row.stage_at, now, zone)}"


def _moved_words(row: WorkRow, fixed_at: datetime, now: datetime, zone: tzinfo) -> str:
    status = STATUS_WORDS.get(row.status, row.status)
    if row.started_at > fixed_at:
        return f"{status} since {clock_words(row.started_at, now, zone)}"
    if row.seen_at <= fixed_at:
        return "not read since"
    return f"still {status} at {clock_words(row.seen_at, now, zone)}"


def why_not_yet(row: WorkRow, taxonomy: Taxonomy, zone: tzinfo = UTC) -> str:
    """Say what AliExpress would see if a listing were submitted as it was last measured; names each measurement."""
    measured = [reason for reason in row.reasons if reason.provenance is Provenance.CHECK and reason.measured]
    told = " · ".join(figures(row, taxonomy)) or "what we measured"
    at = max((reason.first_seen_at for reason in measured), default=None)
    return f"AliExpress would see the same: {told}{f', measured {moment(at, zone)}' if at else ''}."


def outcome_words(action: str, outcome: Outcome, me: str, now: datetime, zone: tzinfo = UTC) -> str:
    """Say what a decision did: `320 marked fixed · 1 was so already · 2 left: changed by Olga 12:03 UTC`."""
    parts = [f"{outcome.changed:,} {DONE[action]}"] if outcome.changed or not outcome.same else []
    if outcome.same:
        parts.append(f"{outcome.same:,} {'was' if outcome.same == 1 else 'were'} so already")
    if outcome.conflicts:
        parts.append(f"{len(outcome.conflicts):,} left: {changed_by_words(outcome.conflicts, me, now, zone)}")
    return " · ".join(parts)


def changed_by_words(conflicts: Sequence[Conflict], me: str, now: datetime, zone: tzinfo = UTC) -> str:
    """Say who changed some listings after they were read, and when the last one did: `changed by Olga 12:03 UTC`."""
    who = list(dict.fromkeys(_name(one.by, me) for one in conflicts))
    names = ", ".join(who) if len(who) <= MOST_NAMES else f"{len(who)} people"
    return f"changed by {names} {clock_words(max(one.at for one in conflicts), now, zone)}"


def conflict_words(conflict: Conflict, me: str, now: datetime, zone: tzinfo) -> str:
    """Say who changed a listing after it was read, when, and how it is now."""
    who = _name(conflict.by, me)
    return (
        f"{capital(who)} changed it at {clock_words(conflict.at, now, zone)}, after it was shown here: "
        f"{item_words(conflict.now, zone)}."
    )


def _name(by: str, me: str) -> str:
    return "you, in another window," if by == me else by or "somebody"


def item_words(item: Item, zone: tzinfo) -> str:
    """Say what the desk holds of a listing in a line: stage, owner, note.

    The desk does not know whose move it is, so what nobody has taken is called that, and not *to do*.
    """
    stage = NOT_TAKEN if item.stage is Stage.NEW else STAGE_WORDS[item.stage]
    if item.stage is Stage.SNOOZED:
        stage = f"snoozed {snoozed_words(item.snoozed_until, item.snooze_event, item.snooze_more, zone)}".rstrip()
    note = f"note “{item.note}”" if item.note else ""
    return ", ".join(filter(None, (stage, f"owner {item.owner}" if item.owner else "nobody's", note)))


def whose_now_words(row: WorkRow, me: str, now: datetime, zone: tzinfo) -> str:
    """Say what a listing is that taking it would take from somebody else, and who made it so and when."""
    who = "you" if row.changed_by == me else row.changed_by or "somebody"
    at = clock_words(row.changed_at, now, zone) if row.changed_at else "a moment not known"
    return f"It is {item_words(replace(item_of(row), note=''), zone)}: last changed by {who} at {at}."


def owners_words(preview: Preview, *, taken: bool = False) -> str:
    """Say whose listings a decision would take: `3 are Olga's, 1 is Ben's`; empty where it takes nobody's.

    `taken`: it has been made, so they were theirs.
    """
    one, many = ("was", "were") if taken else ("is", "are")
    told = preview.owners.most_common()
    named = [f"{count:,} {one if count == 1 else many} {owner}'s" for owner, count in told[:MOST_NAMES]]
    rest = sum(count for _, count in told[MOST_NAMES:])
    return ", ".join([*named, *([f"{rest:,} of others"] if rest else [])])


def replaced_words(rows: Iterable[WorkRow], text: str | None = None) -> str:
    """Say how many listings have a note that another one takes the place of; empty where none has.

    `text` is that note, where it has been written: who wrote the same again replaced nothing.
    """
    many = sum(bool(row.note) and row.note != text for row in rows)
    if text is not None:
        return f"{many:,} had another note: undo brings it back" if many else ""
    return f"{many:,} {'has' if many == 1 else 'have'} a note, which this one replaces." if many else ""


def undo_words(change: Change, now: datetime, zone: tzinfo = UTC) -> str:
    """Say what an undo would put back: `12 marked fixed, 12:03 UTC`."""
    return f"{change.listings:,} {DONE.get(change.action, change.action)}, {clock_words(change.at, now, zone)}"


def whose_words(change: Change, now: datetime, zone: tzinfo = UTC) -> str:
    """Say whose change it is that somebody else undoes: `Change 7 was made by Ann: 12 marked fixed, 12:03 UTC.`."""
    return f"Change {change.id} was made by {change.by or 'somebody'}: {undo_words(change, now, zone)}."


def progress_words(
    progress: CampaignProgress, due: date | None, responsible: str, today: date, zone: tzinfo = UTC
) -> str:
    """Say how far a campaign is: `18 of 40 listings cleared · 6 waiting for AliExpress · 7 to do · due 30 Nov · Olga`.

    The share is of its listings in stores that were read, and says when, where that is too long ago; of how many others
    nothing is known comes last. Moments are written in `zone` and name it.
    """
    todo = f"{progress.todo:,} to do"
    details = [
        words
        for count, words in (
            (progress.taken, f"{progress.taken:,} taken"),
            (progress.regressed, f"{progress.regressed:,} rejected again"),
        )
        if count
    ]
    counts = (
        (progress.waiting, f"{progress.waiting:,} {LANE_WORDS[Lane.WAITING]}"),
        (progress.snoozed, f"{progress.snoozed:,} snoozed"),
        (progress.todo, f"{todo} ({', '.join(details)})" if details else todo),
        (progress.never_held, f"{progress.never_held:,} on sale, not held since it was made"),
        (progress.offline, f"{progress.offline:,} offline"),
        (progress.deleted, f"{progress.deleted:,} deleted"),
        (progress.other, f"{progress.other:,} not known"),
    )
    late = " (over)" if due and due < today else ""
    parts = [f"{progress.cleared:,} of {plural(progress.read, 'listing')} cleared{when_words(progress.reach, zone)}"]
    if progress.total and not progress.read:
        parts = ["not known how far it is"]
    parts += [words for count, words in counts if count]
    parts += [f"due {due.day} {due:%b}{late}"] if due else []
    parts += [responsible] if responsible else []
    return " · ".join([*parts, *_not_told(progress, zone)])


def _not_told(progress: CampaignProgress, zone: tzinfo) -> Iterable[str]:
    """Say which stores are told of as they were too long ago, and of how many listings nothing is told."""
    reach, more = progress.reach, "more " if progress.read else ""
    if len(reach.behind) < len(reach.read) or any(one.partly for one in reach.behind):
        yield from filter(None, [claim_words(Reach(reach.read), zone=zone)])
    if progress.unread:
        yield f"{progress.unread:,} {more}in stores {NOT_READ_YET}: {names(reach.missing)}"
    if progress.archived:
        yield f"{progress.archived:,} {more}in archived stores, which nobody reads"

"""The words for a file that somebody brought back: what it would change, what is in its way, which rows are refused.

Pure functions without Streamlit; moments are UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from aexdash.desk.decisions.proposals import Proposal
from aexdash.desk.decisions.round_trip import HEADINGS, ChangeSet, Edit
from aexdash.model import Stage
from aexdash.sources.seller_center import RowNote
from aexdash.words.common import IN_AUDIT, STAGE_WORDS, plural
from aexdash.words.listings.work import clock_words

LONGEST = 80
"""Characters of a value in a line of a list."""

_EMPTY = {"owner": "nobody", "note": "no note"}


def summary(changes: ChangeSet) -> str:
    """Say what a file would do: `38 changes to 20 listings · 2 changed here meanwhile · 1 row refused`."""
    proposed = len(changes.proposals)
    parts = [f"{plural(len(changes.edits) + proposed, 'change')} to {plural(changes.listings, 'listing')}"]
    if changes.conflicts:
        parts.append(f"{len(changes.conflicts):,} changed here meanwhile")
    if changes.refused:
        parts.append(f"{plural(len(changes.refused), 'row')} refused")
    if changes.recovered:
        parts.append(f"{plural(changes.recovered, 'id')} in another form, known again")
    return " · ".join([*parts, f"{plural(changes.unchanged, 'row')} unchanged"])


def edit_words(edit: Edit) -> str:
    """Say what a file would change in one field: `Owner: nobody → Bob`."""
    return f"{HEADINGS[edit.field]}: {value_words(edit, edit.now)} → {value_words(edit, edit.brought)}"


def proposal_words(proposal: Proposal) -> str:
    """Say what was filled into a fix sheet, to be entered in Seller Center."""
    return f"{proposal.field}: {_short(proposal.value)}, to be entered in Seller Center"


def conflict_words(edit: Edit, now: datetime, zone: tzinfo = UTC) -> str:
    """Say of a conflict what stood here at the export, what the file says, and what stands here now, by whom."""
    base = "not known" if edit.base is None else value_words(edit, edit.base)
    return (
        f"{HEADINGS[edit.field]}: {base} when it was exported · {value_words(edit, edit.brought)} in the file · "
        f"{value_words(edit, edit.now)} here now, by {since_words(edit, now, zone)}"
    )


def since_words(edit: Edit, now: datetime, zone: tzinfo = UTC) -> str:
    """Say who has changed a field here since the export, and when: `Bob 12:03 UTC`."""
    return f"{edit.by or 'somebody'}{f' {clock_words(edit.at, now, zone)}' if edit.at else ''}"


def refused_words(note: RowNote) -> str:
    """Say which row cannot be used, and why."""
    where = f"Sheet {note.sheet!r}, row" if note.sheet else "Row"
    about = f" ({note.id})" if note.id and note.id not in note.note else ""
    return f"{where} {note.row:,}{about}: {note.note}"


def value_words(edit: Edit, value: str) -> str:
    """Write a value of the field of an edit as people read it: a stage in the words of the page, a note in quotes."""
    if edit.field == "stage":
        return IN_AUDIT if value == Stage.NEW and edit.waits else STAGE_WORDS.get(value, value)
    if not value:
        return _EMPTY[edit.field]
    return f"“{_short(value)}”" if edit.field == "note" else _short(value)


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"

"""Knows the exports of aexdash by their headings, so that what we measured never comes back as somebody else's word.

A worklist, a fix sheet, moves or rejected feed rows that somebody brings in again say what the snapshot and our checks
said. Nothing in them is Seller Center's word, nor that of a feed's validation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from aexdash.sources.cells import Table, joined_notes
from aexdash.sources.columns.headings import plain_heading
from aexdash.sources.errors import SourceError

OURS_ALONE = (
    *("Said by", "Platform text", "Held since (UTC)", "Read at (UTC)", "Rejections seen", "Audit kind"),
    *("Modified (as the platform wrote it)", "Language of the text", "Sold before it was held"),
    *("Held back a day from", "Held back a day to", "Currency of held back", "Units a day from", "Units a day to"),
    *("Asked by AliExpress", "Text it was said in", "Row of the file", "Held at (UTC)", "When (UTC)"),
    *("Row check", "Exported at (UTC)", "AliExpress calls it", "How sure", "Other reasons"),
    *("held_since", "raw_text", "modified_raw", "sold_before", "units_low"),
    *("units_high", "amount_low", "amount_high", "amount_currency", "in_status_since", "in_status_days", "or_earlier"),
)
"""Headings that nobody else writes: one of them is enough."""

OURS_TOGETHER = (
    *("What to do", "Measured", "Certainty", "Resubmit", "Platform status", "Age (days)", "Edit page", "Public page"),
    *("Date (UTC)", "Reasons", "Why", "Allowed values", "SKU codes", "Held for (days)"),
    *("edit_link", "item_link", "picture_url", "price_min", "price_max", "read_at", "certainty", "claim"),
)
"""Headings that others may have too: three of them beside each other are ours."""

ENOUGH_TOGETHER = 3

_ALONE = frozenset(map(plain_heading, OURS_ALONE))
_TOGETHER = frozenset(map(plain_heading, OURS_TOGETHER))


def is_ours(headings: Iterable[str]) -> bool:
    """Tell whether a table with these headings is an export of aexdash, or was made of one."""
    plain = set(map(plain_heading, headings))
    return bool(plain & _ALONE) or len(plain & _TOGETHER) >= ENOUGH_TOGETHER


def without_ours(name: str, tables: Sequence[Table]) -> list[Table]:
    """Return the tables of file `name` without our own; the note of the first says which were left out.

    Raises:
        SourceError: all of them are ours.
    """
    others = [table for table in tables if not is_ours(table.headings)]
    if not others:
        known = [heading for heading in tables[0].headings if plain_heading(heading) in _ALONE | _TOGETHER]
        raise SourceError(
            f"{name} is an export of aexdash (its headings {', '.join(map(repr, known[:3]))} say so): nothing in it is "
            "the word of Seller Center or of a feed, so nothing of it was read. Bring the file that they gave you; "
            "what somebody wrote beside it goes into a file of its own, with the product ids. "
            "Stages, owners and notes come back with aexdash apply, or on the worklist under Bring back."
        )
    left_out = [table.sheet for table in tables if is_ours(table.headings)]
    if not left_out:
        return others
    note = f"Left out as exports of aexdash, which are not the word of anybody else: {', '.join(left_out)}."
    return [replace(others[0], note=joined_notes(note, others[0].note)), *others[1:]]

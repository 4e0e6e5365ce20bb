"""What a person points at: which listings moved, in which span, and which others they are compared with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from aexdash.clock import to_text
from aexdash.snapshot.compared.listings import Compared, Side, What

FEWEST_PER_REJECTED = 3
"""Where fewer listings were edited for each that was rejected, they are too few to compare with."""

EDITED_SHARE = 0.8
"""The part of the rejected listings that must have been edited or submitted in the span for edits to matter."""


class Base(StrEnum):
    """The listings that could have been rejected: those that were submitted or edited in the span, or all."""

    EDITED = "edited"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement: listings that moved after `start` and up to `end`, in some stores (None: all that are watched).

    `keys` are listings that somebody ticked, as (store key, product id); then the span only dates them. `about` names
    what was pointed at: `bridge`, `history`, `alert`, `card`, `listings` or `command`.
    """

    what: What
    start: datetime
    end: datetime
    stores: tuple[str, ...] | None = None
    keys: tuple[tuple[str, int], ...] = ()
    about: str = "command"

    @property
    def key(self) -> str:
        """Return what two reports of the same movement have in common."""
        stores = "*" if self.stores is None else ",".join(sorted(self.stores))
        chosen = ";".join(f"{store}/{product_id}" for store, product_id in sorted(self.keys))
        return f"{self.what} {to_text(self.start)} {to_text(self.end)} {stores} {chosen}".strip()

    def before(self) -> Movement:
        """Return the span of equal length right before it, which tells what is new from what was always so."""
        return replace(self, start=self.start - self.length, end=self.start)

    @property
    def length(self) -> timedelta:
        """How long its span is."""
        return self.end - self.start


WHAT, AFTER, UNTIL, ABOUT = "what", "after", "until", "about"
"""The words of an address that name a movement; its stores are those of the view."""


def to_words(movement: Movement) -> dict[str, str]:
    """Write a movement as words of an address, without its stores."""
    spans = {AFTER: to_text(movement.start), UNTIL: to_text(movement.end)}
    return {WHAT: movement.what.value, **spans, ABOUT: movement.about}


def base_of(side: Side, movement: Movement) -> tuple[Base, Side]:
    """Return which listings are compared: those edited or submitted in the span, where that is known, else all.

    It is known where nearly all that were rejected were edited or submitted in it, and enough others were too: an edit
    since then hides the one of the span, and a rejection without an edit is no answer to one.
    """
    if movement.keys:
        return Base.ALL, side
    start, end = to_text(movement.start), to_text(movement.end)
    edited = tuple(row for row in side.rows if _edited(row, start, end))
    moved, of_edited = sum(row.moved for row in side.rows), sum(row.moved for row in edited)
    if of_edited >= EDITED_SHARE * moved and len(edited) >= (1 + FEWEST_PER_REJECTED) * max(moved, 1):
        return Base.EDITED, replace(side, rows=edited)
    return Base.ALL, side


def _edited(row: Compared, start: str, end: str) -> bool:
    return row.submitted or (row.modified_at is not None and start < row.modified_at <= end)

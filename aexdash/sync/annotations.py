"""From what people brought from Seller Center to reasons that stand on status periods."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlite_utils import Database

from aexdash.desk.annotations import Annotation, Annotations
from aexdash.model import Provenance, Reason
from aexdash.snapshot.evidence.standing_reasons import held_since, record_reasons
from aexdash.snapshot.file import transaction


class Recognises(Protocol):
    """Makes reasons of a text."""

    def reasons(self, text: str) -> list[Reason]:
        """Return the reasons that a text of Seller Center names, none for an empty one."""


def apply(  # noqa: PLR0917 - what is written, of whom, from what, when
    db: Database, store_id: int, store_key: str, annotations: Annotations, recogniser: Recognises, now: datetime
) -> int:
    """Make the Seller Center reasons of the held listings equal to their latest annotations; return how many changed.

    An annotation stands on the period in which it was made: one from before a listing was fixed and rejected again
    says nothing of the new rejection. Applied twice, the second time changes nothing.

    Raises:
        StorageError: the snapshot or the desk cannot be read or written.
    """
    wanted = _wanted(db, store_id, annotations.latest_or_withdrawn(store_key), recogniser)
    changed = 0
    with transaction(db) as connection:
        for period_id, reasons in wanted.items():
            before = connection.total_changes
            record_reasons(db, period_id, reasons, (Provenance.SELLER_CENTER,), now)
            changed += connection.total_changes != before
    return changed


def _wanted(
    db: Database, store_id: int, words: dict[int, Annotation], recogniser: Recognises
) -> dict[int, list[Reason]]:
    """The reasons of each open held period about which somebody ever brought something."""
    held = held_since(db, store_id) if words else {}
    return {
        held[product_id][0]: recogniser.reasons(said.text) if said.at >= held[product_id][1] else []
        for product_id, said in words.items()
        if product_id in held
    }

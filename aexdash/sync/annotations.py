"""Turns the annotations that people brought from Seller Center into reasons on status periods."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlite_utils import Database

from aexdash.desk.annotations import Annotation, Annotations
from aexdash.model import Provenance, Reason
from aexdash.snapshot.evidence.standing_reasons import open_held_periods, record_reasons
from aexdash.snapshot.file import transaction


class TextRecogniser(Protocol):
    """Finds the reasons in a text; `aexdash.reasons.recognise.Recogniser` does."""

    def reasons(self, text: str) -> list[Reason]:
        """Return the reasons that a text of Seller Center names; an empty text names none."""


def apply(  # noqa: PLR0917 - each argument is needed, and none has a natural default
    db: Database, store_id: int, store_key: str, annotations: Annotations, recogniser: TextRecogniser, now: datetime
) -> int:
    """Make the Seller Center reasons of held listings equal to their latest annotations; return how many changed.

    An annotation belongs to the status period in which it was made: one that is older than the present rejection
    says nothing of it. A second call without new annotations changes nothing.

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
    db: Database, store_id: int, annotations: dict[int, Annotation], recogniser: TextRecogniser
) -> dict[int, list[Reason]]:
    """Return the reasons of each open held period whose listing has an annotation, by the id of the period."""
    held = open_held_periods(db, store_id) if annotations else {}
    return {
        held[product_id][0]: recogniser.reasons(annotation.text) if annotation.at >= held[product_id][1] else []
        for product_id, annotation in annotations.items()
        if product_id in held
    }

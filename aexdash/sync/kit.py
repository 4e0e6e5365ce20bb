"""What a sync of a store needs beside the store and the snapshot, made of the settings in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aexdash.config.settings import Settings
from aexdash.desk.annotations import Annotations
from aexdash.reasons.recognise import Recogniser
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.sync.annotations import Recognises


@dataclass(frozen=True, slots=True)
class Limits:
    """How much evidence one run may gather on the listings of one scope; None is all there is.

    `diagnosis` is in pages, `seconds` the time for all of it, the others count what is asked for.
    """

    details: int | None = None
    pictures: int | None = None
    categories: int | None = None
    words: int | None = None
    diagnosis: int | None = None
    seconds: float | None = None


ALL_EVIDENCE = Limits()
NO_EVIDENCE = Limits(details=0, pictures=0, categories=0, words=0, diagnosis=0)

AT_RISK = Limits(details=1000, pictures=2000, categories=50, words=1000, seconds=15)
"""What a run gathers on listings at risk; it may make the next pulse late by these seconds and one call."""


@dataclass(frozen=True, slots=True)
class SyncKit:
    """Words and folders for the reasons of a store; how much a run may gather.

    `limits` are for held listings, `at_risk` for others; `orders` are pages of orders, None for all there are.
    """

    taxonomy: Taxonomy
    recogniser: Recognises
    annotations: Annotations
    pictures_dir: Path
    limits: Limits = ALL_EVIDENCE
    at_risk: Limits = NO_EVIDENCE
    orders: int | None = 0


def kit_of(
    settings: Settings, limits: Limits = ALL_EVIDENCE, at_risk: Limits = NO_EVIDENCE, orders: int | None = 0
) -> SyncKit:
    """The kit of an installation.

    Raises:
        TaxonomyError: reasons.toml cannot be used.
    """
    taxonomy = settings.taxonomy()
    return SyncKit(
        taxonomy=taxonomy,
        recogniser=Recogniser(taxonomy),
        annotations=Annotations(settings.desk_path),
        pictures_dir=settings.pictures_dir,
        limits=limits,
        at_risk=at_risk,
        orders=orders,
    )

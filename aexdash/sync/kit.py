"""What a sync of a store needs beside the store and the snapshot, made from the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from aexdash.config.settings import Settings
from aexdash.desk.annotations import Annotations
from aexdash.desk.decisions.assignment import assign_arrivals
from aexdash.reasons.recognise import Recogniser
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.health import StaleAfter
from aexdash.snapshot.query import Snapshot
from aexdash.sync.annotations import TextRecogniser


@dataclass(frozen=True, slots=True)
class Limits:
    """The most evidence that one run may gather on the listings of one scope; None is no limit.

    `diagnosis` is a number of pages, `seconds` the time for everything; the others are numbers of calls.
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
"""The limits for listings at risk. They may delay the next pulse by `seconds` and the length of one call."""


def nobody_arrives(store_key: str, now: datetime) -> None:
    """Do nothing with the listings that have arrived."""


@dataclass(frozen=True, slots=True)
class SyncKit:
    """What a run needs to make reasons, and how much it may gather.

    `seconds` is the time for all that is not the reading itself: evidence, advice and orders; None is no limit.
    `stale_after` says for how many seconds a reading of a store speaks for the time after it. `limits` are for held
    listings, `at_risk` for listings at risk. `orders` is the most pages of orders, None: all.
    Days begin in `zone`. `arrivals` is called with the key of a store when the reasons of its listings are known; it
    may raise StorageError.
    """

    taxonomy: Taxonomy
    recogniser: TextRecogniser
    annotations: Annotations
    pictures_dir: Path
    stale_after: StaleAfter
    limits: Limits = ALL_EVIDENCE
    at_risk: Limits = NO_EVIDENCE
    orders: int | None = 0
    seconds: float | None = None
    zone: tzinfo = UTC
    arrivals: Callable[[str, datetime], None] = nobody_arrives


def kit_of(
    settings: Settings, limits: Limits = ALL_EVIDENCE, at_risk: Limits = NO_EVIDENCE, orders: int | None = 0
) -> SyncKit:
    """Make the kit of an installation from its settings.

    Raises:
        TaxonomyError: reasons.toml cannot be used.
    """
    taxonomy = settings.taxonomy()
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, zone=settings.tzinfo)

    def arrivals(store_key: str, now: datetime) -> None:
        assign_arrivals(settings.desk_path, snapshot, store_key, now)

    return SyncKit(
        taxonomy=taxonomy,
        recogniser=Recogniser(taxonomy),
        annotations=Annotations(settings.desk_path),
        pictures_dir=settings.pictures_dir,
        stale_after=settings.stale_after,
        limits=limits,
        at_risk=at_risk,
        orders=orders,
        zone=settings.tzinfo,
        arrivals=arrivals,
    )

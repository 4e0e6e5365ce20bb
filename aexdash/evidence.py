"""Gathering evidence on held listings: details, categories, pictures, then our checks.

Every step asks the snapshot what is still lacking, asks the platform for a few of those and records them at once, so
a killed process loses one small batch and the next run goes on where it stopped. Nothing is asked twice while it has
not changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from sqlite_utils import Database

from aexdash import checks, pictures
from aexdash.aliexpress.errors import PlatformError, Throttled
from aexdash.aliexpress.listings import Seller
from aexdash.aliexpress.wire import PictureRefused, PictureTooLarge, PictureUnreachable
from aexdash.clock import Clock
from aexdash.model import PictureFacts, PlatformSignal, Provenance
from aexdash.reasons import Taxonomy
from aexdash.snapshot import evidence as recorded
from aexdash.snapshot.file import transaction
from aexdash.snapshot.staging import Staging

Asked = TypeVar("Asked")
Told = TypeVar("Told")

BATCH = 24
"""So many details or pictures are asked for and recorded at a time."""

WORKERS = 4
"""Threads that ask side by side; the limiter of the store sets the pace."""

PICTURE_LIMIT_BYTES = 8 * 1024 * 1024
"""AliExpress takes main pictures of at most 5 MB (reference §5.3); what is larger is a finding, not a download."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much evidence one run may gather; None is all there is."""

    details: int | None = None
    pictures: int | None = None
    categories: int | None = None


ALL_EVIDENCE = Limits()


@dataclass(slots=True)
class Gathered:
    """What a run gathered; `left` says that a limit ended it."""

    details: int = 0
    pictures: int = 0
    checked: int = 0
    left: bool = False
    banned_until: datetime | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def message(self) -> str:
        """One sentence when something could not be had; empty otherwise."""
        if not self.problems:
            return ""
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        return f"Evidence is incomplete: {self.problems[0]}{more}"


class EvidenceProgress(Protocol):
    """Hears how far the gathering has come."""

    def evidence(self, done: int, total: int) -> None:
        """So many of so many were gathered."""


def record_signals(
    db: Database,
    staging: Staging,
    signals: Mapping[int, Sequence[PlatformSignal]],
    taxonomy: Taxonomy,
    at: datetime,
    *,
    untold: Collection[int] = (),
) -> None:
    """Turn the platform's words of this run into reasons on the open periods.

    A word that was said before and is not said of a listing that this run showed has vanished; what the run did not
    show (a pulse reads no offline listings) keeps what was said of it. So do the `untold`: a look-up by id that names
    no reason takes none back, because the detail calls have no field for one (reference §3.3).
    """
    said_before = recorded.with_platform_reasons(db, staging.store_id)
    silent = staging.showed(said_before) - signals.keys()
    told = {**signals, **dict.fromkeys(silent, ())}
    heard = {number: words for number, words in told.items() if number not in untold}
    with transaction(db):
        for product_id, period_id in recorded.open_period_ids(db, staging.store_id, heard).items():
            reasons = taxonomy.from_signals(heard[product_id])
            recorded.record_reasons(db, period_id, reasons, {Provenance.PLATFORM}, at)


@dataclass(frozen=True, slots=True)
class Gathering:
    """One gathering of evidence: whom to ask, where to record, how much at most."""

    seller: Seller
    db: Database
    store_id: int
    clock: Clock
    pictures_dir: Path
    progress: EvidenceProgress
    limits: Limits
    gathered: Gathered = field(default_factory=Gathered)

    def run(self) -> Gathered:
        """Read what is lacking on held listings, measure it, run the checks. A ban ends the gathering, not the run."""
        try:
            self._details()
            self._categories()
            self._pictures()
        except Throttled as ban:
            self.gathered.problems.append(str(ban))
            self.gathered.banned_until = ban.until
            self.gathered.left = True
        self.gathered.checked = check(self.db, self.store_id, self.clock())
        return self.gathered

    def _details(self) -> None:
        wanted = recorded.needs_detail(self.db, self.store_id, self.clock(), limit=_limit(self.limits.details))
        self._note_limit(self.limits.details, len(wanted))
        for batch in _batches(wanted):
            answers = _ask(lambda lacking: self.seller.detail(lacking.product_id), batch)
            now = self.clock()
            recorded.record_details(self.db, self.store_id, [told for _, told, _ in answers if told], now)
            for lacking, _, error in answers:
                if error:
                    self.gathered.problems.append(f"listing {lacking.product_id}: {error}")
                    recorded.record_detail_failure(
                        self.db, self.store_id, lacking.product_id, lacking.modified_raw, str(error), now
                    )
            self.gathered.details += len(batch)
            self.progress.evidence(self.gathered.details, len(wanted))

    def _categories(self) -> None:
        wanted = recorded.unknown_categories(self.db, self.store_id, self.clock(), limit=_limit(self.limits.categories))
        for category_id in wanted:
            try:
                rules = self.seller.attribute_rules(category_id)
            except Throttled:
                raise
            except PlatformError as error:
                self.gathered.problems.append(f"category {category_id}: {error}")
                continue
            recorded.record_category(self.db, self.store_id, rules, self.clock())

    def _pictures(self) -> None:
        wanted = recorded.needs_pictures(self.db, self.store_id, limit=_limit(self.limits.pictures), now=self.clock())
        self._note_limit(self.limits.pictures, len(wanted))
        for batch in _batches(wanted):
            with ThreadPoolExecutor(WORKERS) as pool:
                facts = list(pool.map(lambda url: measure(self.seller, url, self.pictures_dir), batch))
            recorded.record_pictures(self.db, facts, self.clock())
            self.gathered.pictures += len(batch)
            self.progress.evidence(self.gathered.pictures, len(wanted))

    def _note_limit(self, limit: int | None, wanted: int) -> None:
        self.gathered.left |= limit is not None and wanted >= limit


def check(db: Database, store_id: int, now: datetime) -> int:
    """Run our checks on every held listing about which something new is known; return how many were checked."""
    done = 0
    while batch := recorded.unchecked(db, store_id, limit=500):
        with transaction(db):
            for facts in batch:
                recorded.record_reasons(db, facts.period_id, checks.check_listing(facts), {Provenance.CHECK}, now)
        done += len(batch)
    return done


def measure(seller: Seller, url: str, pictures_dir: Path) -> PictureFacts:
    """Fetch one picture within bounds and measure it; whatever goes wrong is itself the fact."""
    try:
        data = seller.fetch_picture(url, PICTURE_LIMIT_BYTES)
    except PictureTooLarge as error:
        return PictureFacts(url, "too_large", note=str(error))
    except PictureRefused as error:
        return PictureFacts(url, "refused", note=str(error))
    except PictureUnreachable as error:
        return PictureFacts(url, "unreachable", note=str(error))
    return pictures.measure(url, data, pictures_dir)


def _ask(
    question: Callable[[Asked], Told], batch: Sequence[Asked]
) -> list[tuple[Asked, Told | None, PlatformError | None]]:
    """Ask for a batch side by side; an error belongs to its listing, except a ban, which ends the batch."""

    def one(asked: Asked) -> tuple[Asked, Told | None, PlatformError | None]:
        try:
            return asked, question(asked), None
        except Throttled:
            raise
        except PlatformError as error:
            return asked, None, error

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(one, batch))


def _limit(limit: int | None) -> int:
    return -1 if limit is None else limit  # SQLite's LIMIT -1 is no limit


def _batches(wanted: Sequence[Asked]) -> Iterator[Sequence[Asked]]:
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]

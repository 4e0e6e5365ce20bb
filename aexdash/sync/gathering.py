"""Gathering evidence: details, categories, words, pictures and diagnosis, then our checks.

Held listings first, then those on sale that an audit may still refuse (*at risk*), within a time. Every step asks the
snapshot what is still lacking, asks the platform for a few of those and records them at once, so a killed process
loses one small batch and the next run goes on where it stopped. Nothing is asked twice while it has not changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sqlite_utils import Database

from aexdash import checks
from aexdash.aliexpress.errors import InvalidRequest, PermissionDenied, PlatformError, Throttled
from aexdash.aliexpress.listings import Seller
from aexdash.checks import quality
from aexdash.clock import Clock
from aexdash.model import (
    HELD,
    CategoryRules,
    Detail,
    ObjectionableWord,
    PictureFacts,
    PlatformSignal,
    Provenance,
    Reason,
    Status,
)
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.evidence import api as recorded
from aexdash.snapshot.evidence.api import CheckInput, NeedsDetail, NeedsWords, Scope
from aexdash.snapshot.file import transaction
from aexdash.snapshot.recording.staging import Staging
from aexdash.sync.fan_out import MOST_IN_VAIN, Answer, Asking
from aexdash.sync.kit import Limits, SyncKit
from aexdash.sync.picture_fetch import measure_first_bytes, measure_whole

Asked = TypeVar("Asked")
Told = TypeVar("Told")

SCORED = (Status.ACTIVE, *HELD)
"""Listings whose quality is kept: those that buyers see, and those on which people work."""


@dataclass(slots=True)
class Gathered:
    """What a run gathered. `left`: some of it is left to the next runs, `left_at_risk`: some of that at risk."""

    details: int = 0
    pictures: int = 0
    words: int = 0
    checked: int = 0
    left: bool = False
    left_at_risk: bool = False
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
        """`done` of `total` were gathered."""


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
    no reason takes none back, because the detail calls have no field for one (reference §3.3), nor does a walk that
    could not tell the reasons.
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
    """One gathering of evidence: whom to ask, where to record, and with what."""

    seller: Seller
    db: Database
    store_id: int
    clock: Clock
    kit: SyncKit
    progress: EvidenceProgress
    gathered: Gathered = field(default_factory=Gathered)

    def run(self, *, compare: bool) -> Gathered:
        """Read what is lacking, measure it, run the checks. A ban ends the gathering, not the run.

        With `compare` the listings are compared with each other even where nothing was gathered.
        """
        try:
            self._gather("held", self.kit.limits)
            self._diagnosis(self.kit.limits.diagnosis)
            self._gather("at_risk", self.kit.at_risk)
        except Throttled as ban:
            self.gathered.problems.append(str(ban))
            self.gathered.banned_until = ban.until
            self.gathered.left = self.gathered.left_at_risk = True
        if compare or self.gathered.details or self.gathered.pictures:
            recorded.refresh_duplicates(self.db, self.store_id)
        self.gathered.checked = check(self.db, self.store_id, self.clock())
        return self.gathered

    def _gather(self, scope: Scope, limits: Limits) -> None:
        """Take the steps one after another, each until its share of the time is over: what one leaves, others use."""
        steps = (
            (self._details, limits.details),
            (self._categories, limits.categories),
            (self._words, limits.words),
            (self._pictures, limits.pictures),
        )
        begun = self.clock()
        for number, (step, limit) in enumerate(steps, start=1):
            if limit != 0:
                share = limits.seconds and timedelta(seconds=limits.seconds * number / len(steps))
                step(_Step(scope, -1 if limit is None else limit, begun + share if share else None))

    def _details(self, step: _Step) -> None:
        wanted = recorded.needs_detail(self.db, self.store_id, self.clock(), step.limit, scope=step.scope)
        self._ask(step, wanted, lambda lacking: self.seller.detail(lacking.product_id), self._record_details)

    def _record_details(self, answers: list[Answer[NeedsDetail, Detail]]) -> None:
        now = self.clock()
        recorded.record_details(self.db, self.store_id, [answer.told for answer in answers if answer.told], now)
        for answer in answers:
            if answer.error:
                lacking, error = answer.asked, str(answer.error)
                self.gathered.problems.append(f"listing {lacking.product_id}: {error}")
                recorded.record_detail_failure(
                    self.db, self.store_id, lacking.product_id, lacking.modified_raw, error, now
                )
        self.gathered.details += len(answers)

    def _categories(self, step: _Step) -> None:
        wanted = recorded.unknown_categories(self.db, self.store_id, self.clock(), limit=step.limit, scope=step.scope)
        self._ask(step, wanted, self.seller.attribute_rules, self._record_categories)

    def _record_categories(self, answers: list[Answer[int, CategoryRules]]) -> None:
        for answer in answers:
            if answer.told:
                recorded.record_category(self.db, self.store_id, answer.told, self.clock())
            else:
                self.gathered.problems.append(f"category {answer.asked}: {answer.error}")

    def _words(self, step: _Step) -> None:
        wanted = recorded.needs_words(self.db, self.store_id, step.scope, step.limit)
        with suppress(_MayNotAsk):
            self._ask(step, wanted, self._objections, self._record_words)

    def _objections(self, wanted: NeedsWords) -> tuple[ObjectionableWord, ...]:
        try:
            objections = self.seller.words(wanted.category_id, wanted.title)
        except InvalidRequest:
            return ()  # this title cannot be asked about: asked again, it would be refused again
        if objections is None:
            raise _MayNotAsk
        return objections

    def _record_words(self, answers: list[Answer[NeedsWords, tuple[ObjectionableWord, ...]]]) -> None:
        found = [(answer.asked, answer.told) for answer in answers if answer.told is not None]
        recorded.record_words(self.db, self.store_id, found, self.clock())
        refused = (answer for answer in answers if answer.error)
        self.gathered.problems += [f"title of listing {each.asked.product_id}: {each.error}" for each in refused]
        self.gathered.words += len(found)

    def _pictures(self, step: _Step) -> None:
        """Measure held pictures whole, for their thumbnails, others by their first bytes.

        Where no host answers at all, the fault may be our own network's: then nothing is recorded of the pictures.
        """
        wanted = recorded.needs_pictures(self.db, self.store_id, limit=step.limit, now=self.clock(), scope=step.scope)
        measure = measure_whole if step.scope == "held" else measure_first_bytes
        silent: list[Answer[str, PictureFacts]] = []
        measured = self.gathered.pictures

        def record(answers: list[Answer[str, PictureFacts]]) -> None:
            facts = [answer.told for answer in answers if answer.told]
            recorded.record_pictures(self.db, facts, self.clock())
            self.gathered.pictures += len(facts)
            silent.extend(answer for answer in answers if answer.error)

        self._ask(step, wanted, lambda url: measure(self.seller, url, self.kit.pictures_dir), record)
        if len(silent) >= MOST_IN_VAIN and self.gathered.pictures == measured:
            self.gathered.problems.append(f"no picture could be fetched: {silent[0].error}")
        else:
            lost = [PictureFacts(answer.asked, "unreachable", note=str(answer.error)) for answer in silent]
            recorded.record_pictures(self.db, lost, self.clock())

    def _ask(
        self,
        step: _Step,
        wanted: Sequence[Asked],
        question: Callable[[Asked], Told],
        record: Callable[[list[Answer[Asked, Told]]], None],
    ) -> None:
        """Ask for all that is wanted, record the answers batch by batch, and note whether some is left."""
        done = 0
        for answers in Asking(self.clock, step.ends_at).batches(question, wanted):
            record(answers)
            done += len(answers)
            self.progress.evidence(done, len(wanted))
        if done < len(wanted) or len(wanted) == step.limit:
            if step.scope == "held":
                self.gathered.left = True
            else:
                self.gathered.left_at_risk = True

    def _diagnosis(self, pages: int | None) -> None:
        """Take down the platform's quality advice, where the account may ask for it."""
        if pages == 0:
            return
        advice: dict[int, list[Reason]] = {}
        whole = False
        try:
            whole = self._read_advice(advice, pages)
        except Throttled:
            raise
        except PermissionDenied:
            return
        except PlatformError as error:
            self.gathered.problems.append(f"quality diagnosis: {error}")
        recorded.record_problems(self.db, self.store_id, advice, whole, self.clock())

    def _read_advice(self, advice: dict[int, list[Reason]], pages: int | None) -> bool:
        """Read pages of the diagnosis; return whether those were all."""
        for number, page in enumerate(self.seller.problems()):
            if number == pages:
                self.gathered.problems.append(f"quality diagnosis: only its first {pages} pages were read.")
                return False
            for problem in page:
                advice.setdefault(problem.product_id, []).append(self.kit.taxonomy.from_problem(problem))
        return True


class _MayNotAsk(Exception):
    """The account has no permission for a kind of evidence that a store can do without."""


@dataclass(frozen=True, slots=True)
class _Step:
    """How far one step may go; a limit of -1 is none, as SQLite has it."""

    scope: Scope
    limit: int
    ends_at: datetime | None


def check(db: Database, store_id: int, now: datetime) -> int:
    """Run our checks on every listing about which something new is known, and score it; return how many there were."""
    done = 0
    while batch := recorded.unchecked(db, store_id, limit=500):
        with transaction(db):
            for facts in batch:
                _check_listing(db, store_id, facts, now)
        done += len(batch)
    return done


def _check_listing(db: Database, store_id: int, facts: CheckInput, now: datetime) -> None:
    """Record what our checks find on a listing; its quality too, once what its category asks for is known."""
    found = checks.check_listing(facts)
    recorded.record_reasons(db, facts.period_id, found, {Provenance.CHECK}, now)
    scored = quality.score(facts, found) if facts.category and facts.status in SCORED else None
    if scored:
        recorded.record_quality(db, store_id, facts.product_id, scored, now)

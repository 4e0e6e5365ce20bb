"""Gathering evidence: details, categories, words, pictures and diagnosis, then our checks.

Held listings come first, then those on sale that an audit may refuse (*at risk*), for a limited time. Every step reads
from the snapshot what is missing, asks the platform for it and records the answers in small batches. So a killed
process loses one batch, and the next run goes on where it stopped. What has not changed is not asked again. Details and
titles at risk are read in the order of chance, so that what is known of some is a sample of all (`evidence/scope.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlite_utils import Database

from aexdash import checks
from aexdash.aliexpress.errors import InvalidRequest, PermissionDenied, PlatformError, Throttled
from aexdash.aliexpress.listings import Seller
from aexdash.checks import quality
from aexdash.clock import Clock
from aexdash.model import HELD, Provenance, Reason, Status
from aexdash.platform_data import CategoryRules, Detail, ObjectionableWord, PictureFacts, PlatformSignal
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.evidence import api as recorded
from aexdash.snapshot.evidence.api import CheckInput, NeedsDetail, NeedsWords, Scope
from aexdash.snapshot.file import transaction
from aexdash.snapshot.recording.staging import Staging
from aexdash.sync.evidence.fan_out import MAX_FAILURES, Answer, FanOut, Item, OutOfTime, Result, pages_until
from aexdash.sync.evidence.picture_fetch import measure_first_bytes, measure_whole
from aexdash.sync.kit import Limits, SyncKit

SCORED = (Status.ACTIVE, *HELD)
"""The statuses of listings that get a quality score: those that buyers see, and those on which people work."""


HELD_SHARE, DIAGNOSIS_SHARE, AT_RISK_SHARE = 0.5, 0.6, 0.8
"""The parts of a run's time after which evidence on held listings, advice and evidence at risk are left to the next."""


@dataclass(slots=True)
class Gathered:
    """How much a run gathered.

    `left`: some evidence on held listings is left to later runs; `left_at_risk`: the same of listings at risk.
    `problems` are sentences on what could not be read.
    """

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
        """One sentence when something could not be read; empty otherwise."""
        if not self.problems:
            return ""
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        return f"Evidence is incomplete: {self.problems[0]}{more}"


class EvidenceProgress(Protocol):
    """Receives how far the gathering has come."""

    def evidence(self, done: int, total: int) -> None:
        """Called after each batch: `done` of `total` were gathered."""


def record_signals(
    db: Database,
    staging: Staging,
    signals: Mapping[int, Sequence[PlatformSignal]],
    taxonomy: Taxonomy,
    at: datetime,
    *,
    unknown: Collection[int] = (),
) -> None:
    """Turn the platform's signals of this run, by product id, into reasons on the open periods.

    A listing that this run showed without a signal loses the platform's earlier reasons. A listing that it did not
    show (a pulse reads no offline listings) keeps them. So do the `unknown`, listings whose answers cannot contain a
    signal: the detail calls have no field for it (reference §3.3), nor have the lists of some business models.
    """
    with_reasons = recorded.with_platform_reasons(db, staging.store_id)
    without_signal = staging.showed(with_reasons) - signals.keys()
    shown = {**signals, **dict.fromkeys(without_signal, ())}
    known = {product_id: of_listing for product_id, of_listing in shown.items() if product_id not in unknown}
    with transaction(db):
        for product_id, period_id in recorded.open_period_ids(db, staging.store_id, known).items():
            reasons = taxonomy.from_signals(known[product_id])
            recorded.record_reasons(db, period_id, reasons, {Provenance.PLATFORM}, at)


@dataclass(frozen=True, slots=True)
class Gathering:
    """The gathering of one run: the store to ask, the snapshot to record in, and what it needs for that.

    Nothing is asked after a share of the time to `ends_at`; the rest of that time is for what else a run does.
    """

    seller: Seller
    db: Database
    store_id: int
    clock: Clock
    kit: SyncKit
    progress: EvidenceProgress
    ends_at: datetime | None = None
    gathered: Gathered = field(default_factory=Gathered)

    def run(self, *, compare: bool) -> Gathered:
        """Read what is missing, measure it, run the checks. A ban ends the gathering but not the run.

        `compare`: look for duplicate listings even if nothing was gathered.
        """
        begun = self.clock()
        try:
            self._gather("held", self.kit.limits, self._share(begun, HELD_SHARE))
            self._diagnosis(self.kit.limits.diagnosis, self._share(begun, DIAGNOSIS_SHARE))
            self._gather("at_risk", self.kit.at_risk, self._share(begun, AT_RISK_SHARE))
        except Throttled as ban:
            self.gathered.problems.append(str(ban))
            self.gathered.banned_until = ban.until
            self.gathered.left = self.gathered.left_at_risk = True
        if compare or self.gathered.details or self.gathered.pictures:
            recorded.refresh_duplicates(self.db, self.store_id)
        self.gathered.checked = check(self.db, self.store_id, self.clock())
        return self.gathered

    def _share(self, begun: datetime, share: float) -> datetime | None:
        return None if self.ends_at is None else begun + (self.ends_at - begun) * share

    def _gather(self, scope: Scope, limits: Limits, ends_at: datetime | None) -> None:
        """Take the steps one after another. Step n of four ends at n quarters of the time; time left over goes on."""
        steps = (
            (self._details, limits.details),
            (self._categories, limits.categories),
            (self._words, limits.words),
            (self._pictures, limits.pictures),
        )
        begun = self.clock()
        ends = [ends_at] if ends_at else []
        ends += [begun + timedelta(seconds=limits.seconds)] if limits.seconds else []
        for number, (step, limit) in enumerate(steps, start=1):
            if limit != 0:
                share = begun + (min(ends) - begun) * (number / len(steps)) if ends else None
                step(_Step(scope, -1 if limit is None else limit, share))

    def _details(self, step: _Step) -> None:
        wanted = recorded.needs_detail(self.db, self.store_id, self.clock(), step.limit, scope=step.scope)
        self._ask(step, wanted, lambda listing: self.seller.detail(listing.product_id), self._record_details)

    def _record_details(self, answers: list[Answer[NeedsDetail, Detail]]) -> None:
        now = self.clock()
        recorded.record_details(self.db, self.store_id, [answer.result for answer in answers if answer.result], now)
        for answer in answers:
            if answer.error:
                listing, error = answer.item, str(answer.error)
                self.gathered.problems.append(f"listing {listing.product_id}: {error}")
                recorded.record_detail_failure(
                    self.db, self.store_id, listing.product_id, listing.modified_raw, error, now
                )
        self.gathered.details += len(answers)

    def _categories(self, step: _Step) -> None:
        wanted = recorded.unknown_categories(self.db, self.store_id, self.clock(), limit=step.limit, scope=step.scope)
        self._ask(step, wanted, self.seller.attribute_rules, self._record_categories)

    def _record_categories(self, answers: list[Answer[int, CategoryRules]]) -> None:
        for answer in answers:
            if answer.result:
                recorded.record_category(self.db, self.store_id, answer.result, self.clock())
            else:
                self.gathered.problems.append(f"category {answer.item}: {answer.error}")

    def _words(self, step: _Step) -> None:
        wanted = recorded.needs_words(self.db, self.store_id, step.scope, step.limit)
        with suppress(_MayNotAsk):
            self._ask(step, wanted, self._judge, self._record_words)

    def _judge(self, wanted: NeedsWords) -> _Judged:
        try:
            objections = self.seller.words(wanted.category_id, wanted.title)
        except InvalidRequest:
            return _Judged(None)  # AliExpress does not judge this title and would refuse it again: not told
        if objections is None:
            raise _MayNotAsk
        return _Judged(objections)

    def _record_words(self, answers: list[Answer[NeedsWords, _Judged]]) -> None:
        answered = [(answer.item, answer.result.objections) for answer in answers if answer.result]
        recorded.record_words(self.db, self.store_id, answered, self.clock())
        failed = (answer for answer in answers if answer.error)
        self.gathered.problems += [f"title of listing {each.item.product_id}: {each.error}" for each in failed]
        self.gathered.words += len(answered)

    def _pictures(self, step: _Step) -> None:
        """Fetch pictures of held listings whole, for their thumbnails, and of others the first bytes.

        Where no host answers at all, our own network may be down: then no picture is recorded as unreachable.
        """
        wanted = recorded.needs_pictures(self.db, self.store_id, limit=step.limit, now=self.clock(), scope=step.scope)
        measure = measure_whole if step.scope == "held" else measure_first_bytes
        silent: list[Answer[str, PictureFacts]] = []
        measured = self.gathered.pictures

        def record(answers: list[Answer[str, PictureFacts]]) -> None:
            facts = [answer.result for answer in answers if answer.result]
            recorded.record_pictures(self.db, facts, self.clock())
            self.gathered.pictures += len(facts)
            silent.extend(answer for answer in answers if answer.error)

        self._ask(step, wanted, lambda url: measure(self.seller, url, self.kit.pictures_dir), record)
        if len(silent) >= MAX_FAILURES and self.gathered.pictures == measured:
            self.gathered.problems.append(f"no picture could be fetched: {silent[0].error}")
        else:
            lost = [PictureFacts(answer.item, "unreachable", note=str(answer.error)) for answer in silent]
            recorded.record_pictures(self.db, lost, self.clock())

    def _ask(
        self,
        step: _Step,
        wanted: Sequence[Item],
        call: Callable[[Item], Result],
        record: Callable[[list[Answer[Item, Result]]], None],
    ) -> None:
        """Make the call for each wanted item, record the answers batch by batch, and note whether some are left."""
        done = 0
        for answers in FanOut(self.clock, step.ends_at).batches(call, wanted):
            record(answers)
            done += len(answers)
            self.progress.evidence(done, len(wanted))
        if done < len(wanted) or len(wanted) == step.limit:
            if step.scope == "held":
                self.gathered.left = True
            else:
                self.gathered.left_at_risk = True

    def _diagnosis(self, pages: int | None, ends_at: datetime | None) -> None:
        """Record the platform's quality advice, where the account may ask for it; `pages` None reads all pages."""
        if pages == 0:
            return
        advice: dict[int, list[Reason]] = {}
        whole = False
        try:
            whole = self._read_advice(advice, pages, ends_at)
        except Throttled:
            raise
        except OutOfTime:
            self.gathered.problems.append("quality diagnosis: it was not read to its end in the time there is.")
        except PermissionDenied:
            return
        except PlatformError as error:
            self.gathered.problems.append(f"quality diagnosis: {error}")
        recorded.record_problems(self.db, self.store_id, advice, whole, self.clock())

    def _read_advice(self, advice: dict[int, list[Reason]], pages: int | None, ends_at: datetime | None) -> bool:
        """Read pages of the diagnosis into `advice`, by product id; return whether those were all."""
        for number, page in enumerate(pages_until(self.seller.problems(), self.clock, ends_at)):
            if number == pages:
                self.gathered.problems.append(f"quality diagnosis: only its first {pages} pages were read.")
                return False
            for problem in page:
                advice.setdefault(problem.product_id, []).append(self.kit.taxonomy.from_problem(problem))
        return True


@dataclass(frozen=True, slots=True)
class _Judged:
    """What AliExpress objects to in a title; None when it refuses to judge it."""

    objections: tuple[ObjectionableWord, ...] | None


class _MayNotAsk(Exception):
    """The account has no permission for a kind of evidence that a store can do without."""


@dataclass(frozen=True, slots=True)
class _Step:
    """How much one step may read: at most `limit` items (-1: no limit, as in SQL), and nothing after `ends_at`."""

    scope: Scope
    limit: int
    ends_at: datetime | None


def check(db: Database, store_id: int, now: datetime) -> int:
    """Run our checks on every listing of which something new is known, and score it; return how many there were."""
    done = 0
    while batch := recorded.unchecked(db, store_id, limit=500):
        with transaction(db):
            for facts in batch:
                _check_listing(db, store_id, facts, now)
        done += len(batch)
    return done


def _check_listing(db: Database, store_id: int, facts: CheckInput, now: datetime) -> None:
    """Record our findings on a listing, and its quality score once the rules of its category are known."""
    findings = checks.check_listing(facts)
    recorded.record_reasons(db, facts.period_id, findings, {Provenance.CHECK}, now)
    scored = quality.score(facts, findings) if facts.category and facts.status in SCORED else None
    if scored:
        recorded.record_quality(db, store_id, facts.product_id, scored, now)

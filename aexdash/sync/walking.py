"""The reading part of a run: walks of the statuses, look-ups of missing listings, and what the platform signals.

Nothing is recorded here: what was read is staged, and `outcome` and `message` say how whole it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from aexdash.aliexpress.errors import ClocksDisagree, FilterIgnored, PermissionDenied, PlatformError, Throttled
from aexdash.aliexpress.listings import Seller
from aexdash.clock import CLOCK_TOLERANCE, Clock
from aexdash.model import HELD, TAKEN_DOWN_CAUSES, Outcome, Status
from aexdash.platform_data import Observation, Page, PlatformSignal, WalkReport
from aexdash.snapshot.recording import absences
from aexdash.snapshot.recording.absences import Absences
from aexdash.snapshot.recording.staging import Missing, Staging
from aexdash.sync.believing import CANARIES, Absent, canary, judge, strange_word
from aexdash.sync.schedule import RunKind
from aexdash.sync.tally import Tally

MAX_ATTEMPTS = 3
"""How often a walk is read at the most, when its total moves or its pages repeat."""

SWEEP_INSTEAD = 40
"""If more listings than this are missing, a pulse walks the other statuses too: cheaper than one look-up for each."""

LOOK_UPS_PER_RUN = 400
"""The most look-ups of one run. If more listings are missing, the run is partial and the next run goes on."""

LEFT_OUT = "AliExpress left listings out of this list that it still has in this status."


class Progress(Protocol):
    """Receives how far a run has come: a progress bar, or `Quiet`."""

    def walk(self, status: str, seen: int, reported: int | None) -> None:
        """Called after each page of the walk of `status`; `seen` of `reported` listings were shown so far."""

    def evidence(self, done: int, total: int) -> None:
        """Called after each batch of evidence; `done` of `total` listings or pictures are done."""

    def calls(self, count: int) -> None:
        """Called with the number of calls that the run has made so far."""


class Quiet:
    """A progress that shows nothing."""

    def walk(self, status: str, seen: int, reported: int | None) -> None:
        """Show nothing."""

    def evidence(self, done: int, total: int) -> None:
        """Show nothing."""

    def calls(self, count: int) -> None:
        """Show nothing."""


GiveWay = Callable[[], bool]
"""Does what must not wait for the end of a sweep; returns whether there was anything."""


def to_nobody() -> bool:
    """Give way to nobody."""
    return False


@dataclass(slots=True)
class Walking:
    """What a run has read so far: walks, look-ups, and the platform's signals on listings.

    `signals_unknown` are the listings whose answers could not contain signals, `unresolved` counts by status the
    missing listings that no look-up found, `absences` are those that AliExpress says do not exist, `strange` the
    listings with a status word that nobody knows, `notes` are sentences on what went wrong. `moved` are listings that a
    pulse in between has recorded elsewhere; None where there was none.
    """

    seller: Seller
    staging: Staging
    clock: Clock
    progress: Progress
    started_at: datetime
    calls_before: int
    give_way: GiveWay = to_nobody
    reports: list[WalkReport] = field(default_factory=list)
    signals: dict[int, tuple[PlatformSignal, ...]] = field(default_factory=dict)
    signals_unknown: set[int] = field(default_factory=set)
    unresolved: Counter[Status] = field(default_factory=Counter)
    absences: Absences = field(default_factory=Absences)
    strange: dict[str, list[int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    moved: frozenset[int] | None = None

    def read(self, kind: RunKind) -> None:
        """Walk the statuses of this kind of run, then look up every listing that no walk showed."""
        others = [status for status in self.seller.statuses if status not in HELD]
        for status in HELD:
            self._walk(status)
        many = self.staging.missing_count() > SWEEP_INSTEAD
        if kind == "pulse" and many:
            self.notes.append("Many listings left at once, so every status was read.")
        if kind == "sweep" or many:
            recorded_before = self.staging.last_recorded()
            for status in others:
                self._walk(status, gives_way=True)
            if self.moved is not None:
                self._catch_up(recorded_before)
        whole_sweep = kind == "sweep" and all(report.complete for report in self.reports)
        self._judge(self._look_up_missing(), whole_sweep=whole_sweep)

    def _catch_up(self, recorded_before: str) -> None:
        """Read what is held once more, as pulses have recorded newer readings of it while the other statuses were read.

        What this run showed of a listing that they moved is older than that, so it is forgotten; the listing is shown
        among the held ones now, or looked up.
        """
        self.moved = frozenset(self.staging.forget_moved(recorded_before))
        for status in HELD:
            self._walk(status)

    def _compare_clocks(self) -> None:
        """Refuse to go on where this machine's clock is minutes off the platform's: every moment would be wrong.

        Raises:
            ClocksDisagree: they are more than `CLOCK_TOLERANCE` apart.
        """
        clocks = self.seller.clocks
        if clocks and abs(clocks.ours - clocks.theirs) > CLOCK_TOLERANCE:
            raise ClocksDisagree(
                f"Two clocks disagree, so nothing is recorded: this machine's clock reads "
                f"{clocks.ours:%Y-%m-%d %H:%M:%S} UTC, AliExpress' clock {clocks.theirs:%Y-%m-%d %H:%M:%S} UTC.",
                server_time=clocks.theirs,
            )

    def _walk(self, status: Status, *, gives_way: bool = False) -> None:
        """Read all pages of a status; read them again while they contradict each other, up to `MAX_ATTEMPTS` times."""
        attempt, note = 0, "not read"
        while note and attempt < MAX_ATTEMPTS:
            attempt += 1
            started_at, tally = self.clock(), Tally()
            self.staging.begin_walk(status)
            for page in self.seller.walk(status):
                self._add_page(page, status, tally)
                if gives_way:
                    self._let_others_go_first()
            note = tally.contradiction()
        report = WalkReport(
            status=status,
            started_at=started_at,
            finished_at=self.clock(),
            reported=tally.reported,
            seen=tally.distinct,
            pages=tally.pages,
            attempts=attempt,
            complete=not note,
            note=note,
        )
        self.staging.end_walk(report)
        self.reports = [*(one for one in self.reports if one.status is not status), report]
        self._compare_clocks()

    def _let_others_go_first(self) -> None:
        calls = self.seller.calls
        if self.give_way():
            self.moved = self.moved or frozenset()
            self.calls_before += self.seller.calls - calls

    def _add_page(self, page: Page, status: Status, tally: Tally) -> None:
        tally.add(page)
        self.notes += [note for note in page.notes if note not in self.notes]
        self.staging.add(page.observations)
        for observation in page.observations:
            none = observation.signals_told and not observation.signals
            if not none or observation.cause in TAKEN_DOWN_CAUSES or observation.product_id in self.signals:
                self._keep_signals(observation, known=observation.signals_told)
        self.progress.walk(status, tally.seen, page.reported)
        self.progress.calls(self.calls)

    def _look_up_missing(self) -> list[Absent]:
        """Look up each missing listing by id, because only the platform's word on where it went may end a period.

        Returns those that it says do not exist.
        """
        absent: list[Absent] = []
        for position, missing in enumerate(self.staging.missing()):
            if position >= LOOK_UPS_PER_RUN:
                self.unresolved[missing.status] += 1
                continue
            try:
                found = self.seller.look_up(missing.product_id)
            except (PermissionDenied, Throttled):
                raise
            except FilterIgnored as error:
                self.notes.append(f"Listing {missing.product_id} could not be looked up: {error}")
                absent.append(Absent(missing, filter_ignored=True))
            except PlatformError as error:
                self.unresolved[missing.status] += 1
                self.notes.append(f"Listing {missing.product_id} could not be looked up: {error}")
            else:
                absent += self._found(missing, found)
        return absent

    def _found(self, missing: Missing, found: Observation) -> list[Absent]:
        """Stage where a missing listing is; return it where the platform says that it does not exist."""
        if found.status is Status.DELETED and not found.platform_status:
            return [Absent(missing)]
        if found.status is Status.OTHER:
            # Nobody knows what the word means, so the listing stays where it was, with the word beside it.
            self.strange.setdefault(found.platform_status, []).append(missing.product_id)
            found = replace(found, status=missing.status)
        elif found.status is missing.status and missing.product_id not in (self.moved or ()):
            self._mark_incomplete(missing.status, LEFT_OUT)
        self.staging.add_look_up(found)
        self._keep_signals(found, known=False)
        return []

    def _judge(self, absent: list[Absent], *, whole_sweep: bool) -> None:
        """Take listings as deleted where that may be believed; leave the others, and say what is not confirmed."""
        connection, store = self.staging.db.conn, self.staging.store_id
        whole = {report.status for report in self.reports if report.complete}
        ill = canary(self.seller.detail, self._must_exist(absent)) if absent else ""
        if ill:
            self.notes.insert(0, ill)
            self.unresolved.update(each.missing.status for each in absent)
            absent = []
        # A walk that left out one listing says nothing of another.
        self.unresolved.update(each.missing.status for each in absent if each.missing.status not in whole)
        absent = [each for each in absent if each.missing.status in whole]

        def before(status: Status) -> int:
            return absences.open_periods(connection, store, status)

        earlier = absences.earlier(connection, store)
        judged = judge(absent, before, self.unresolved, earlier, self.clock(), whole_sweep=whole_sweep)
        self.absences = judged.kept
        self.unresolved.update(each.missing.status for each in judged.left)
        for gone in judged.deleted:
            self.staging.add_look_up(gone)
        for status, why in judged.not_confirmed.items():
            self._mark_incomplete(status, why)

    def _must_exist(self, absent: list[Absent]) -> list[int]:
        """List a few listings that this run showed, else some that were on sale when last read.

        None where the absent one is all that the store had.
        """
        if seen := self.staging.shown_for_certain(CANARIES):
            return seen
        lately = absences.lately_on_sale(self.staging.db.conn, self.staging.store_id, CANARIES)
        return [] if lately == [each.product_id for each in absent] and len(absent) == 1 else lately

    def _mark_incomplete(self, status: Status, why: str) -> None:
        """Mark a walk as incomplete: it left out a listing that a look-up found in its status, or is not believed."""
        for index, report in enumerate(self.reports):
            if report.status is status and report.complete:
                self.reports[index] = replace(report, complete=False, note=why)
                self.staging.end_walk(self.reports[index])

    def _keep_signals(self, observation: Observation, *, known: bool) -> None:
        """Keep the platform's signals on a listing, and the cause for which it took the listing down.

        `known` False: the answer could not contain signals, so that there are none says nothing.
        """
        signals = observation.signals
        if observation.status is Status.OFFLINE and observation.cause in TAKEN_DOWN_CAUSES:
            signals = (*signals, PlatformSignal("ws_display", observation.cause))
        self.signals[observation.product_id] = signals
        if known or signals:
            self.signals_unknown.discard(observation.product_id)
        else:
            self.signals_unknown.add(observation.product_id)

    @property
    def calls(self) -> int:
        """Calls made so far."""
        return self.seller.calls - self.calls_before

    @property
    def unaccounted(self) -> int:
        """Missing listings that the platform placed nowhere, or under a word that nobody knows."""
        return self.unresolved.total() + sum(len(ids) for ids in self.strange.values())

    @property
    def outcome(self) -> Outcome:
        """Complete where every walk was, and every missing listing is accounted for."""
        complete = all(report.complete for report in self.reports) and not self.unaccounted
        return Outcome.COMPLETE if complete else Outcome.PARTIAL

    @property
    def message(self) -> str:
        """What was incomplete, in sentences; of many notes only the first two."""
        incomplete = [f"{report.status}: {report.note}" for report in self.reports if not report.complete]
        sentences = [strange_word(word, ids) for word, ids in self.strange.items()] + self.notes[:2]
        if (many := self.unresolved.total()) > 1:
            sentences.append(f"{many} missing listings are not accounted for yet and stay where they were.")
        return " ".join(sentences + incomplete)

"""What a run believes of listings that no walk shows and that AliExpress says do not exist.

An ill platform looks like an empty one: its lists say 0 and its other calls refuse. So a listing is taken as deleted
only

- when the refusal means *no such product*; any other leaves the listing where it was (`aexdash.aliexpress.seller`);
- when a listing that must exist, the *canary*, is answered in the same run;
- when its status did not lose too much at once, or a second, later run finds it absent again.

A list that ignores the id it is asked for can never say that it does not show a listing. There two sweeps in a row in
which every walk was complete and none showed it, and both refusals, are the evidence; never where much vanished with
it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aexdash.aliexpress.errors import PermissionDenied, PlatformError, Throttled
from aexdash.model import Status
from aexdash.platform_data import Observation
from aexdash.snapshot.recording.absences import Absences, Earlier
from aexdash.snapshot.recording.staging import Missing

LOST_SHARE = 0.5
"""A status that lost more than this share of its listings, and nobody knows where to, is not believed from one run."""

TOGETHER = 10
"""If more listings than this are absent in a sweep, none is taken as deleted because two lists ignored its id."""

CANARIES = 3
"""Listings that must exist of which one has to be answered: a single one may have been deleted a moment ago."""

NAMED = 5
"""Listings that a sentence names before it breaks off."""

LONGEST_WORD = 40
"""Characters of a word of the platform in a sentence."""

NOT_CONFIRMED = (
    "{lost:,} of {before:,} listings are gone and AliExpress shows them nowhere: not confirmed until a second run "
    "finds the same, so they stay where they were."
)


@dataclass(frozen=True, slots=True)
class Absent:
    """A missing listing that the platform says does not exist. `filter_ignored`: but a list ignored its id."""

    missing: Missing
    filter_ignored: bool = False

    @property
    def product_id(self) -> int:
        """The listing."""
        return self.missing.product_id


@dataclass(slots=True)
class Judged:
    """What follows: listings taken as deleted, those that stay where they were, and the statuses not to be believed."""

    deleted: list[Observation] = field(default_factory=list)
    left: list[Absent] = field(default_factory=list)
    not_confirmed: dict[Status, str] = field(default_factory=dict)
    kept: Absences = field(default_factory=Absences)


@dataclass(frozen=True, slots=True)
class Walked:
    """A status as its walk left it: how many listings it had before the run, and how many are lost without a trace."""

    before: int
    lost: int

    @property
    def doubtful(self) -> bool:
        """Whether it lost too much at once: nothing is left and nobody knows where it went, or more than half."""
        return self.lost > self.before * LOST_SHARE

    @property
    def why(self) -> str:
        """Why its walk is not believed, in one sentence."""
        return NOT_CONFIRMED.format(lost=self.lost, before=self.before)


def judge(
    absent: Sequence[Absent],
    before: Callable[[Status], int],
    unresolved: Counter[Status],
    earlier: Earlier,
    now: datetime,
    *,
    whole_sweep: bool,
) -> Judged:
    """Say which absent listings are deleted, and which statuses lost too much to be believed from this run.

    `before` counts the listings of a status as the last run left it, `unresolved` by status the missing listings of
    which the platform said nothing usable. `whole_sweep`: this is a sweep, and each of its walks was complete.
    """
    judged = Judged()
    by_status: dict[Status, list[Absent]] = defaultdict(list)
    for each in absent:
        by_status[each.missing.status].append(each)
    few = whole_sweep and len(absent) + unresolved.total() <= TOGETHER
    for status in sorted(by_status.keys() | unresolved.keys()):
        known = [each for each in by_status[status] if _confirmed(each, earlier, few=few)]
        new = [each for each in by_status[status] if each not in known]
        left = Walked(before(status) - len(known), len(new) + unresolved[status])
        waiting = [each for each in new if left.doubtful or each.filter_ignored]
        _delete(judged, [*known, *(each for each in new if each not in waiting)], earlier, now)
        _leave(judged, waiting, sweep=whole_sweep)
        if left.doubtful:
            judged.not_confirmed[status] = left.why
    return judged


def _confirmed(each: Absent, earlier: Earlier, *, few: bool) -> bool:
    if each.filter_ignored:
        return few and each.product_id in earlier.swept
    return each.product_id in earlier.refused


def _delete(judged: Judged, gone: Sequence[Absent], earlier: Earlier, now: datetime) -> None:
    for each in gone:
        judged.deleted.append(Observation(each.product_id, Status.DELETED, platform_status=""))
        judged.kept.notes[each.product_id] = _evidence(each, earlier, now)


def _leave(judged: Judged, waiting: Sequence[Absent], *, sweep: bool) -> None:
    judged.left += waiting
    for each in waiting:
        if not each.filter_ignored:
            judged.kept.waiting[each.product_id] = "refused"
        elif sweep:
            judged.kept.waiting[each.product_id] = "filter_ignored"


def _evidence(each: Absent, earlier: Earlier, now: datetime) -> str:
    said = "AliExpress says that there is no such product"
    if each.filter_ignored:
        first = earlier.swept[each.product_id]
        return f"{said}, and no list showed it in the sweeps of {_at(first)} and {_at(now)}; the lists ignore its id."
    if each.product_id in earlier.refused:
        first = earlier.refused[each.product_id]
        return f"{said}, and no list shows it: so in the runs of {_at(first)} and {_at(now)}."
    return f"{said}, and no list shows it: so in the run of {_at(now)}."


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def canary(ask: Callable[[int], object], candidates: Sequence[int]) -> str:
    """Ask for listings that must exist until one is answered; return why none was, in one sentence, else nothing.

    Where there is no such listing nothing can be asked, and the second run that `judge` wants is all there is. A store
    that seems to have lost everything at once keeps it: what was on sale must exist, and does not.

    Raises:
        PermissionDenied, Throttled: as any call of the run.
    """
    refused = ""
    for product_id in candidates[:CANARIES]:
        try:
            ask(product_id)
        except (PermissionDenied, Throttled):
            raise
        except PlatformError as error:
            refused = f"AliExpress does not answer for listing {product_id} either, which must exist: {error}"
        else:
            return ""
    return refused


def strange_word(word: str, ids: Sequence[int]) -> str:
    """Name the listings to which the platform gives a status word that nobody knows, in one sentence."""
    named = ", ".join(str(product_id) for product_id in ids[:NAMED]) + (", …" if len(ids) > NAMED else "")
    listings = f"listing {named}" if len(ids) == 1 else f"{len(ids)} listings ({named})"
    quoted = repr(word[:LONGEST_WORD])
    return f"AliExpress gives {listings} the status {quoted}, which aexdash does not know: counted where last seen."

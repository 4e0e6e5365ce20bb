"""The words that all rooms share: statuses, reasons and how sure they are, stages and lanes, severities.

Words are those of docs/design.md §4; what the platform told is in `aexdash.platform_data`. Knows no HTTP, no SQL, no
Streamlit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, get_args

BusinessModel = Literal["overseas", "pop", "choice", "overseas_managed"]
"""How a seller works with AliExpress; each has its own dialect of the listing calls (reference §3.1 to §3.4)."""

BUSINESS_MODELS: tuple[str, ...] = get_args(BusinessModel)


class Status(StrEnum):
    """The status of a listing in our words; the platform's own word is stored beside it."""

    ACTIVE = "active"
    AUDITING = "auditing"
    REJECTED = "rejected"
    OFFLINE = "offline"
    DELETED = "deleted"
    OTHER = "other"  # a status word that the reference does not know: shown as it came, never dropped


HELD = (Status.AUDITING, Status.REJECTED)
"""The statuses of a held listing, which the hero counts."""

UNKNOWN_REASON = "unknown"
"""The code under which a held listing without any reason is counted, unless it is in audit."""

IN_REVIEW = "in_review"
"""The code under which a listing in audit without any reason is counted: nothing was refused so far."""

NOTHING_FOUND = "nothing_found"
"""The code under which a listing on sale is counted of which nobody says anything and in which nothing was found."""

SILENT = (UNKNOWN_REASON, IN_REVIEW, NOTHING_FOUND)
"""The codes under which listings are counted of which nobody has said why."""

TAKEN_DOWN_CAUSES = ("violate_offline", "punish_offline")
"""`ws_display` causes by which AliExpress itself took a listing down (reference §3.1)."""


def unsaid(status: Status) -> str:
    """Return the code under which a listing without any standing reason is counted and shown."""
    return {Status.AUDITING: IN_REVIEW, Status.ACTIVE: NOTHING_FOUND}.get(status, UNKNOWN_REASON)


class AuditKind(StrEnum):
    """Why a listing is in audit, concluded from the status periods we saw before it."""

    FIRST_REVIEW = "first_review"
    RE_REVIEW = "re_review"
    RESUBMITTED = "resubmitted"
    UNKNOWN = "unknown"  # it was in audit when we first looked at the store


class Provenance(StrEnum):
    """Who says why a listing is held, the strongest first."""

    PLATFORM = "platform"
    SELLER_CENTER = "seller_center"
    CHECK = "check"
    DIAGNOSIS = "diagnosis"


class Certainty(StrEnum):
    """How sure we are that a listing's reasons are those of the audit."""

    TOLD = "told"  # the platform or Seller Center says so
    LIKELY = "likely"  # measured by us; AliExpress itself is silent
    ADVICE = "advice"  # the platform's quality diagnosis alone, which is not the audit's verdict
    NONE = "none"  # nobody has said or measured anything


class Resubmit(StrEnum):
    """What our measurements say about resubmitting a rejected listing."""

    NOT_YET = "not_yet"  # what was measured at the rejection still stands
    READY = "ready"  # what was measured at the rejection is mended


class Stage(StrEnum):
    """How far people are with a held listing. Only the platform's word that it is active again closes the case."""

    NEW = "new"
    TAKEN = "taken"
    FIXED = "fixed"
    SNOOZED = "snoozed"


class Lane(StrEnum):
    """Who has the next move on a held listing; every held listing is in exactly one lane."""

    TODO = "todo"  # people
    WAITING = "waiting"  # AliExpress: it was fixed, or it is in audit for no longer than is usual
    SNOOZED = "snoozed"  # nobody, until what the snooze waits for


class Mark(StrEnum):
    """What is noteworthy about a held listing beside its lane; it may have several."""

    REGRESSED = "regressed"  # rejected again, and to do
    TOO_LONG = "too_long"  # fixed, but AliExpress left it alone for too long: to do again
    STUCK = "stuck"  # in audit for longer than is usual for its store
    UNTOUCHED = "untouched"  # to do, and nobody has taken it for too long
    WOKEN = "woken"  # its snooze is over


class SnoozeUntil(StrEnum):
    """What ends a snooze, beside or instead of a moment."""

    STATUS = "status"  # AliExpress changes the status
    WORSE = "worse"  # it is rejected again, has a new reason, or more listings have the same reason


class Outcome(StrEnum):
    """How a sync run ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


class Severity(StrEnum):
    """How bad an alert is, the worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """The position in this list; 0 is the worst."""
        return list(Severity).index(self)

    @property
    def worse(self) -> Severity:
        """The next worse severity; for critical, critical itself."""
        return list(Severity)[max(0, self.rank - 1)]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason or finding on a listing.

    `code` is a code of data/reasons.toml (`image.main_too_small`). `text` is the raw text or enum value it came from,
    in `language` (ISO 639-1) where that is known. `measured` holds the figures of a check, ready to be written as JSON.
    """

    code: str
    provenance: Provenance
    text: str = ""
    language: str | None = None
    measured: dict[str, object] = field(default_factory=dict)


_CERTAINTY = {
    Provenance.PLATFORM: Certainty.TOLD,
    Provenance.SELLER_CENTER: Certainty.TOLD,
    Provenance.CHECK: Certainty.LIKELY,
    Provenance.DIAGNOSIS: Certainty.ADVICE,
}

_STRONGEST_FIRST = tuple(Provenance)


def certainty(provenances: Iterable[Provenance]) -> Certainty:
    """Return the certainty of a listing whose reasons have these provenances: that of the strongest one."""
    strongest = min(provenances, key=_STRONGEST_FIRST.index, default=None)
    return _CERTAINTY[strongest] if strongest else Certainty.NONE


class SourceWord(StrEnum):
    """What a listing is beside its shop; the words of the filter `source`."""

    FIXED = "fixed"  # changed there since the rejection, and the measured cause is gone there, but not here
    DRAFT = "draft"
    ARCHIVED = "archived"
    HIDDEN = "hidden"  # not to be seen or bought there: hidden, disabled, unlisted
    UNPUBLISHED = "unpublished"  # active, and published on no channel
    ELSEWHERE = "elsewhere"  # published on other channels only
    OUT_OF_STOCK = "out_of_stock"
    PRICE = "price"
    TITLE = "title"
    PICTURE = "picture"  # another picture there than when the listing was last changed here
    FEEDBACK = "feedback"  # a channel of the shop asks for something
    MISSING = "missing"  # the shop has none of its codes
    PROBABLE = "probable"  # its code differs in case alone
    AMBIGUOUS = "ambiguous"
    NO_KEY = "no_key"
    NOT_KNOWN = "not_known"  # its shop was not read
    SAME = "same"  # nothing that was read differs


@dataclass(frozen=True, slots=True)
class ListingQuality:
    """The quality score of a listing, 0-100, and the scores of its parts (`aexdash.checks.quality.PARTS`).

    A part that could not be measured is None. `required` is the number of attributes that the category requires,
    `filled` how many of them the listing has; both None while not known. `worst` is a sentence on what would raise the
    score most, empty where nothing would.
    """

    score: float
    parts: dict[str, float | None]
    required: int | None
    filled: int | None
    worst: str = ""

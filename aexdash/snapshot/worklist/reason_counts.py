"""Counts distinct listings by their reasons: by code, and by family of codes.

A sole blocker is the only reason that holds its listing. The platform's quality advice holds no listing: it is never a
sole blocker, and another reason beside it can be one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from aexdash.model import IN_REVIEW, UNKNOWN_REASON, Provenance
from aexdash.snapshot.readmodels import ReasonCount

Standing = tuple[str, str]
"""A standing reason: its code and its provenance."""


def reason_counts(listings: Counter[str]) -> list[ReasonCount]:
    """Count listings by code. `listings` counts them by their standing reasons, written `|code@provenance|…|`."""
    return _counts(listings, lambda reason: reason)


def family_counts(listings: Counter[str]) -> list[ReasonCount]:
    """Count listings by family of codes; `sole` of them have no reason of another family."""
    return _counts(listings, lambda reason: (reason[0].partition(".")[0], reason[1]))


def finding_counts(listings: Counter[str]) -> list[ReasonCount]:
    """Count listings by the codes of our findings alone."""
    return _counts(listings, lambda reason: reason if reason[1] == Provenance.CHECK.value else None)


def _counts(by_reasons: Counter[str], change: Callable[[Standing], Standing | None]) -> list[ReasonCount]:
    """Count listings by the code that `change` gives each of their reasons; it returns None to leave a reason out."""
    listings: Counter[str] = Counter()
    sole: Counter[str] = Counter()
    provenance: dict[str, set[str]] = defaultdict(set)
    for codes, count in by_reasons.items():
        reasons = [reason for reason in map(change, _read(codes)) if reason]
        distinct = {code for code, _ in reasons} or {UNKNOWN_REASON}
        blockers = {code for code, by in reasons if by != Provenance.DIAGNOSIS.value} if reasons else distinct
        for code, by in reasons:
            provenance[code].add(by)
        for code in distinct:
            listings[code] += count
            sole[code] += count if blockers == {code} else 0
    return [
        ReasonCount(code, count, sole[code], tuple(word for word in Provenance if word.value in provenance[code]))
        for code, count in sorted(listings.items(), key=_as_listed)
    ]


def _read(codes: str) -> list[Standing]:
    words = (word.rpartition("@") for word in codes.strip("|").split("|") if word)
    return [(code, by) for code, _, by in words]


def _as_listed(counted: tuple[str, int]) -> tuple[bool, bool, int, str]:
    """Sort key: reasons that people can act on, the most frequent first; then unknown; then what is only in review."""
    code, count = counted
    return code == IN_REVIEW, code == UNKNOWN_REASON, -count, code

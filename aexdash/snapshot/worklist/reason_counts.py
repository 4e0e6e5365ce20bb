"""Distinct listings added up by what holds them: by code, and by the family of the codes.

A sole blocker is the only reason of its listing. The platform's quality advice blocks nothing, so it neither is one nor
keeps another reason from being one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from aexdash.model import IN_REVIEW, UNKNOWN_REASON, Provenance
from aexdash.snapshot.readmodels import ReasonCount

Said = tuple[str, str]
"""A standing reason: its code and who says so."""


def reason_counts(found: Counter[str]) -> list[ReasonCount]:
    """Add up listings by code; `found` counts them by their standing reasons, as `|code@provenance|…|`."""
    return _counts(found, lambda said: said)


def family_counts(found: Counter[str]) -> list[ReasonCount]:
    """Add up listings by family; `sole` of them have no reason of another family."""
    return _counts(found, lambda said: (said[0].partition(".")[0], said[1]))


def finding_counts(found: Counter[str]) -> list[ReasonCount]:
    """Add up listings by the codes of our findings, what others say of them aside."""
    return _counts(found, lambda said: said if said[1] == Provenance.CHECK.value else None)


def _counts(found: Counter[str], seen_as: Callable[[Said], Said | None]) -> list[ReasonCount]:
    listings: Counter[str] = Counter()
    sole: Counter[str] = Counter()
    provenance: dict[str, set[str]] = defaultdict(set)
    for codes, count in found.items():
        words = [said for said in map(seen_as, _read(codes)) if said]
        distinct = {code for code, _ in words} or {UNKNOWN_REASON}
        blockers = {code for code, by in words if by != Provenance.DIAGNOSIS.value} if words else distinct
        for code, by in words:
            provenance[code].add(by)
        for code in distinct:
            listings[code] += count
            sole[code] += count if blockers == {code} else 0
    return [
        ReasonCount(code, count, sole[code], tuple(word for word in Provenance if word.value in provenance[code]))
        for code, count in sorted(listings.items(), key=_as_listed)
    ]


def _read(codes: str) -> list[Said]:
    words = (word.rpartition("@") for word in codes.strip("|").split("|") if word)
    return [(code, by) for code, _, by in words]


def _as_listed(counted: tuple[str, int]) -> tuple[bool, bool, int, str]:
    """What can be acted on first, the most frequent before the others; then the unknown, then what only waits."""
    code, count = counted
    return code == IN_REVIEW, code == UNKNOWN_REASON, -count, code

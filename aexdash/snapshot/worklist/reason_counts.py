"""Counts distinct listings by their reasons: by code, and by family of codes.

A sole blocker is the only reason that holds its listing. The platform's quality advice holds no listing: it is never a
sole blocker, and another reason beside it can be one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from aexdash.model import IN_REVIEW, NOTHING_FOUND, UNKNOWN_REASON, Provenance, Status, unsaid
from aexdash.snapshot.tallies import Blockers, ReasonCount, Weight

Standing = tuple[str, str]
"""A standing reason: its code and its provenance."""

Change = Callable[[Standing], Standing | None]
"""Gives a reason the code that it counts under; None to leave it out."""

BlockedRow = tuple[str, str, str | None, int, float, float]
"""Listings with the same reasons, status and currency: how many, and the ends of what they sold a day before."""

WEIGHED = """count(*), total(iif(money.in_stock = 0, 0, money.amount_low)),
    total(iif(money.in_stock = 0, 0, money.amount_high))"""
"""How many listings there are, and what they sold; what is out of stock would sell nothing if it were freed."""

BLOCKED = f"p.codes, p.status, coalesce(money.currency, st.currency), {WEIGHED}"
"""The columns of a `BlockedRow`."""

AS_BLOCKED = "GROUP BY 1, 2, 3"


def reason_counts(listings: Counter[str], said_by: Collection[Provenance] = ()) -> list[ReasonCount]:
    """Count listings by code. `listings` counts them by their standing reasons, written `|code@provenance|…|`.

    `said_by`: only reasons of these count, as in a list that is filtered by both; empty: whoever says so.
    """
    return _counts(listings, _as_it_is, said_by)


def family_counts(listings: Counter[str], said_by: Collection[Provenance] = ()) -> list[ReasonCount]:
    """Count listings by family of codes, as `reason_counts`; `sole` of them have no reason of another family."""
    return _counts(listings, _of_family, said_by)


def finding_counts(listings: Counter[str]) -> list[ReasonCount]:
    """Count listings by the codes of our findings alone."""
    return _counts(listings, _if_found)


def code_counts(listings: Counter[str]) -> dict[str, int]:
    """Count listings by standing code, whoever says it."""
    counted: Counter[str] = Counter()
    for codes, count in listings.items():
        for code in {code for code, _ in _read(codes)}:
            counted[code] += count
    return dict(counted)


def blockers(listings: Iterable[BlockedRow]) -> Blockers:
    """Add up listings by the set of codes that hold them."""
    count: Counter[frozenset[str]] = Counter()
    amounts: dict[frozenset[str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    currencies, unsaid_count = set(), Counter[str]()
    for codes, status, currency, rows, low, high in listings:
        held_by = _held_by(codes)
        if not held_by:
            unsaid_count[unsaid(Status(status))] += rows
            continue
        count[held_by] += rows
        amounts[held_by][0] += low
        amounts[held_by][1] += high
        currencies |= {currency} if high > 0 else set()
    one = currencies.pop() if len(currencies) == 1 else None
    known = amounts if one else {}
    sets = {codes: Weight(rows, *known.get(codes, (0.0, 0.0))) for codes, rows in count.items()}
    return Blockers(
        sets,
        unknown=unsaid_count[UNKNOWN_REASON],
        in_review=unsaid_count[IN_REVIEW],
        nothing_found=unsaid_count[NOTHING_FOUND],
        currency=one,
    )


def _counts(by_reasons: Counter[str], change: Change, said_by: Collection[Provenance] = ()) -> list[ReasonCount]:
    """Count listings by the code that `change` gives each of their reasons; it returns None to leave a reason out.

    Which reason alone holds a listing does not depend on `said_by`: another one holds it, whoever says that.
    """
    words = frozenset(word.value for word in said_by)
    listings: Counter[str] = Counter()
    sole: Counter[str] = Counter()
    provenance: dict[str, set[str]] = defaultdict(set)
    for codes, count in by_reasons.items():
        told, distinct, blockers = _told(codes, change, words)
        for code, by in told:
            provenance[code].add(by)
        for code in distinct:
            listings[code] += count
            if len(blockers) == 1 and code in blockers:
                sole[code] += count
    return [
        ReasonCount(code, count, sole[code], tuple(word for word in Provenance if word.value in provenance[code]))
        for code, count in sorted(listings.items(), key=_as_listed)
    ]


@lru_cache(maxsize=4096)
def _told(
    codes: str, change: Change, said_by: frozenset[str]
) -> tuple[tuple[Standing, ...], frozenset[str], frozenset[str]]:
    """Return the reasons that count of these, the codes under which listings with them count, and those that hold them.

    Among many listings the same few hundred recur in every count.
    """
    reasons = [reason for reason in map(change, _read(codes)) if reason]
    told = tuple((code, by) for code, by in reasons if not said_by or by in said_by)
    distinct = frozenset(code for code, _ in told) or frozenset(() if said_by else (UNKNOWN_REASON,))
    held_by = frozenset(code for code, by in reasons if by != Provenance.DIAGNOSIS.value)
    return told, distinct, held_by if reasons else distinct


def _as_it_is(reason: Standing) -> Standing:
    return reason


def _of_family(reason: Standing) -> Standing:
    return reason[0].partition(".")[0], reason[1]


def _if_found(reason: Standing) -> Standing | None:
    return reason if reason[1] == Provenance.CHECK.value else None


@lru_cache(maxsize=4096)
def _read(codes: str) -> tuple[Standing, ...]:
    """Read reasons written `|code@provenance|…|`."""
    words = (word.rpartition("@") for word in codes.strip("|").split("|") if word)
    return tuple((code, by) for code, _, by in words)


@lru_cache(maxsize=4096)
def _held_by(codes: str) -> frozenset[str]:
    return frozenset(code for code, by in _read(codes) if by != Provenance.DIAGNOSIS.value)


def _as_listed(counted: tuple[str, int]) -> tuple[bool, bool, int, str]:
    """Sort key: reasons that people can act on, the most frequent first; then unknown; then what is only in review."""
    code, count = counted
    return code in (IN_REVIEW, NOTHING_FOUND), code == UNKNOWN_REASON, -count, code

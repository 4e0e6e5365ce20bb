"""Which properties go with what was rejected: an exact test of each, corrected for how many were looked at.

A *slice* is one value of one property, such as `title ending: gift set`, or two of them together. Of N listings at risk
K were rejected; of the n listings of a slice k were. The test asks how likely k or more would be if rejections fell on
listings at random: the upper tail of the hypergeometric distribution, which is exact at any size. Some hundred slices
are looked at, so some look remarkable by chance; Benjamini and Hochberg's procedure keeps the share of such findings
below `Q`. Slices overlap and so depend on each other positively, for which the procedure holds (Benjamini and Yekutieli
2001). docs/causes.md says what this can and cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from aexdash.causes.chances import Codes, log_tail, ratio_of

Q = 0.05
"""Of what is found, the share that may be chance."""

FEWEST = 3
"""A slice of fewer listings is not looked at, and one of which fewer were rejected is not found."""

ENOUGH = 100
"""Rejected listings from which on finding nothing means *no single cause*. Below, it means *too few to tell*."""

FEWEST_REJECTED = 20
"""Below so many rejected listings nothing is named, however remarkable: they are counted and shown."""

RATIO = 3.0
"""The least risk ratio of what is named. Below `ENOUGH` rejected listings even its lower limit must reach it."""

MOST_FOUND = 5
"""Findings after which no more are looked for."""

MOST_ORIGINS = 5
"""Remarkable slices within which pairs are looked for, the most remarkable first."""

KNOWN_SHARE = 0.8
"""The part of the listings, of those rejected and of the others, of which a property must be known to be compared:
details are read of held listings first, so that a property that is known of few goes with rejections by itself."""

Mask = npt.NDArray[np.bool_]

UNKNOWN = -1

BASE = ""
"""The value of listings that are known not to have what a property is about: they are the others, and no slice."""


@dataclass(frozen=True)
class Column:
    """One property of all listings at risk: for each the index of its value in `values`, `UNKNOWN` where not known."""

    name: str
    codes: Codes
    values: Sequence[str]

    @cached_property
    def whole(self) -> bool:
        """Whether it is known of every listing."""
        return not (self.codes == UNKNOWN).any()


@dataclass(frozen=True, slots=True)
class Part:
    """One value of one property."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Slice:
    """The listings with one value, or with two: `k` of `n` were rejected, and `of_rejected` of all `of` that are known.

    `log_p` is the natural logarithm of the chance of `k` or more at random, `adjusted` that chance corrected for all
    slices that were looked at. `ratio` is how many times as often its listings were rejected as the others, with an
    interval of 95 %.
    """

    parts: tuple[Part, ...]
    k: int
    n: int
    of_rejected: int
    of: int
    log_p: float
    adjusted: float
    ratio: float
    low: float
    high: float

    @property
    def rest(self) -> tuple[int, int]:
        """How many of the other listings were rejected, of how many."""
        return self.of_rejected - self.k, self.of - self.n

    @property
    def share(self) -> float:
        """The part of the rejected listings that it has."""
        return self.k / self.of_rejected if self.of_rejected else 0.0


@dataclass(frozen=True, slots=True)
class Rider:
    """A slice that is remarkable only because it overlaps with a finding: `shared` of its `k` rejected are of that."""

    slice: Slice
    shared: int


@dataclass(frozen=True, slots=True)
class Found:
    """A slice that goes with the rejections, and those that only ride along with it, the most remarkable first."""

    slice: Slice
    riders: tuple[Rider, ...] = ()


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A property that is known of too few listings to be compared."""

    name: str
    known: int
    of: int
    known_rejected: int
    of_rejected: int


@dataclass(frozen=True, slots=True)
class Search:
    """What was found among `looked_at` slices. `unexplained` rejected listings are in no finding.

    `weak` are slices that no chance explains but whose ratio is too low, or not sure enough, to be named.
    """

    found: tuple[Found, ...]
    weak: tuple[Slice, ...]
    looked_at: int
    rejected: int
    of: int
    unexplained: int
    not_compared: tuple[NotCompared, ...] = field(default=())


def search(columns: Sequence[Column], rejected: Mask) -> Search:
    """Find the slices that go with the rejected listings, the most remarkable first.

    Each time the best slice is found its listings are taken out and all is looked at again, so that what only rode
    along with it vanishes. Where fewer than `FEWEST_REJECTED` rejected listings are left, nothing is named.
    """
    total, of = int(rejected.sum()), rejected.size
    compared, left_out = _compared(columns, rejected)
    found: list[Found] = []
    weak: dict[tuple[Part, ...], Slice] = {}
    looked_at = 0
    mask: Mask = np.ones(of, dtype=bool)
    counts = [_Counts.of(column, rejected) for column in compared]
    before: list[Slice] = []
    for _ in range(MOST_FOUND + 1):
        significant, looked = _round(counts, rejected, mask)
        looked_at = max(looked_at, looked)
        if found:
            found[-1] = _with_riders(found[-1], before, significant, compared, rejected)
        left = int((rejected & mask).sum())
        best = next((one for one in significant if _is_named(one, left)), None)
        weak |= {one.parts: one for one in significant if not _is_named(one, left)}
        if best is None or len(found) == MOST_FOUND:
            break
        found.append(Found(best))
        before = significant
        out = mask & members(compared, best)
        mask, at = mask & ~out, np.flatnonzero(out)
        counts = [one.without(_Counts.of(one.column, rejected, at)) for one in counts]
    taken = {one.slice.parts for one in found} | {rider.slice.parts for one in found for rider in one.riders}
    return Search(
        found=tuple(found),
        weak=tuple(one for parts, one in weak.items() if parts not in taken),
        looked_at=looked_at,
        rejected=total,
        of=of,
        unexplained=int((rejected & mask).sum()),
        not_compared=left_out,
    )


def measured(columns: Sequence[Column], rejected: Mask, parts: Sequence[Part]) -> Slice:
    """Return one slice as it is, tested alone: for the same slice of another span. A value that is absent has n = 0."""
    known = np.ones(rejected.size, dtype=bool)
    inside = known.copy()
    for part in parts:
        column = next((one for one in columns if one.name == part.name), None)
        if column is None:
            known[:] = inside[:] = False
            break
        known &= column.codes != UNKNOWN
        inside &= column.codes == _code_of(column, part.value)
    k, n = int((inside & rejected).sum()), int(inside.sum())
    of_rejected, of = int((known & rejected).sum()), int(known.sum())
    log_p = float(log_tail(*(np.array([count]) for count in (k, of, of_rejected, n)))[0])
    ratio, low, high = ratio_of(k, n, of_rejected, of)
    return Slice(tuple(parts), k, n, of_rejected, of, log_p, float(np.exp(log_p)), ratio, low, high)


def members(columns: Sequence[Column], one: Slice) -> Mask:
    """Return which listings a slice has."""
    by_name = {column.name: column for column in columns}
    masks = [by_name[part.name].codes == _code_of(by_name[part.name], part.value) for part in one.parts]
    inside: Mask = np.logical_and.reduce(masks)
    return inside


def _is_named(one: Slice, rejected: int) -> bool:
    if rejected < FEWEST_REJECTED or one.ratio < RATIO:
        return False
    return rejected >= ENOUGH or one.low >= RATIO


def _compared(columns: Sequence[Column], rejected: Mask) -> tuple[list[Column], tuple[NotCompared, ...]]:
    """Part the properties that are known of enough listings, rejected and not, from the others."""
    total, of = int(rejected.sum()), rejected.size
    compared, left_out = [], []
    for column in columns:
        known = column.codes != UNKNOWN
        both, all_known = int((known & rejected).sum()), int(known.sum())
        if both >= KNOWN_SHARE * total and all_known - both >= KNOWN_SHARE * (of - total):
            compared.append(column)
        else:
            left_out.append(NotCompared(column.name, all_known, of, both, total))
    return compared, tuple(left_out)


@dataclass(frozen=True, slots=True)
class _Counted:
    """The slices of one property, within `parts`, that are looked at: its values, and how many listings have each."""

    parts: tuple[Part, ...]
    column: Column
    values: Codes
    k: Codes
    n: Codes
    of_rejected: int
    of: int

    def slice(self, index: int, log_p: float, adjusted: float) -> Slice:
        """Return one of them, with its chance corrected for all that were looked at."""
        part = Part(self.column.name, self.column.values[int(self.values[index])])
        k, n = int(self.k[index]), int(self.n[index])
        ratio, low, high = ratio_of(k, n, self.of_rejected, self.of)
        return Slice((*self.parts, part), k, n, self.of_rejected, self.of, log_p, adjusted, ratio, low, high)


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many listings have each value of a property, and how many of the rejected ones have."""

    column: Column
    n: Codes
    k: Codes

    @classmethod
    def of(cls, column: Column, rejected: Mask, at: Codes | None = None) -> _Counts:
        """Count a property of all listings, or of those at some places."""
        codes = column.codes if at is None else column.codes[at]
        hit = rejected if at is None else rejected[at]
        return cls(column, _bins(codes, column), _bins(codes[np.flatnonzero(hit)], column))

    def without(self, other: _Counts) -> _Counts:
        """Return the counts without those of listings that were taken out."""
        return _Counts(self.column, self.n - other.n, self.k - other.k)

    def looked_at(self, within: tuple[Part, ...] = ()) -> _Counted:
        """Test the values; those of hardly any listing, or of all, are not looked at."""
        of, of_rejected = int(self.n.sum()), int(self.k.sum())
        asked = np.fromiter((value != BASE for value in self.column.values), dtype=bool, count=self.n.size)
        values = np.flatnonzero((self.n >= FEWEST) & (self.n < of) & asked)
        k, n = self.k[values], self.n[values]
        return _Counted(within, self.column, values, k, n, of_rejected, of)


def _bins(codes: Codes, column: Column) -> Codes:
    """Count each value; listings of which it is not known are in none."""
    size = len(column.values)
    if column.whole:
        return np.bincount(codes, minlength=size)
    return np.bincount(codes + 1, minlength=size + 1)[1:]


def _round(counts: Sequence[_Counts], rejected: Mask, mask: Mask) -> tuple[list[Slice], int]:
    """Look at all slices of one value, then at pairs within the remarkable ones; return those no chance explains."""
    columns = [one.column for one in counts]
    singles = [one.looked_at() for one in counts]
    remarkable = sorted(_significant(singles), key=_by_chance)
    pairs = list(_pairs(columns, rejected, mask, remarkable[:MOST_ORIGINS]))
    earned = {tuple(sorted(one.parts, key=_words)) for one in _significant(pairs)}
    whole = [
        _whole(columns, rejected, mask, parts) for parts in sorted(earned, key=lambda parts: [*map(_words, parts)])
    ]
    of_pairs = sum(one.n.size for one in pairs)
    significant = _significant(singles, whole, of_pairs - len(whole))
    return sorted(significant, key=_by_chance), sum(one.n.size for one in singles) + of_pairs


def _words(part: Part) -> tuple[str, str]:
    return part.name, part.value


def _by_chance(one: Slice) -> tuple[float, int, tuple[tuple[str, str], ...]]:
    return one.log_p, -one.k, tuple(map(_words, one.parts))


def _significant(counted: Sequence[_Counted], more: Sequence[Slice] = (), rest: int = 0) -> Iterator[Slice]:
    """Yield the slices that no chance explains, among these, `more`, and `rest` others that are not remarkable."""
    from scipy.stats import false_discovery_control  # noqa: PLC0415 - a second to load, and reports are read without it

    if not counted:
        return
    sizes = [one.n.size for one in counted]
    logs = log_tail(
        np.concatenate([one.k for one in counted]),
        np.repeat([one.of for one in counted], sizes),
        np.repeat([one.of_rejected for one in counted], sizes),
        np.concatenate([one.n for one in counted]),
    )
    p = np.exp(np.concatenate([logs, np.array([one.log_p for one in more]), np.zeros(max(rest, 0))]))
    if not p.size:
        return
    adjusted = false_discovery_control(p)
    position = 0
    for one in counted:
        own = adjusted[position : position + one.n.size]
        for index in np.flatnonzero((own <= Q) & (one.k >= FEWEST)):
            yield one.slice(int(index), float(logs[position + index]), float(own[index]))
        position += one.n.size
    for pair, by in zip(more, adjusted[position:].tolist(), strict=False):
        if by <= Q and pair.k >= FEWEST:
            yield replace(pair, adjusted=by)


def _pairs(columns: Sequence[Column], rejected: Mask, mask: Mask, remarkable: Sequence[Slice]) -> Iterator[_Counted]:
    """Count every other property within each remarkable slice: so a pair must earn its second half there."""
    for one in remarkable:
        at = np.flatnonzero(mask & members(columns, one))
        for column in columns:
            if column.name != one.parts[0].name:
                yield _Counts.of(column, rejected, at).looked_at(one.parts)


def _whole(columns: Sequence[Column], rejected: Mask, mask: Mask, parts: tuple[Part, ...]) -> Slice:
    """Test a pair against all listings of a mask of which both values are known."""
    kept = [
        Column(one.name, one.codes[mask], one.values) for one in columns if one.name in {part.name for part in parts}
    ]
    return measured(kept, rejected[mask], parts)


def _code_of(column: Column, value: str) -> int:
    """Return the index of a value; one that no listing has is -2, which no listing has either."""
    try:
        return column.values.index(value)
    except ValueError:
        return -2


def _with_riders(
    found: Found, before: Sequence[Slice], after: Sequence[Slice], columns: Sequence[Column], rejected: Mask
) -> Found:
    """Add what was remarkable before the listings of a finding were taken out, and is no longer."""
    still = {one.parts for one in after}
    own = members(columns, found.slice)
    riders = []
    for one in before:
        if one.parts == found.slice.parts or one.parts in still:
            continue
        shared = int((members(columns, one) & own & rejected).sum())
        if shared:
            riders.append(Rider(one, shared))
    return Found(found.slice, tuple(riders))


def by_value(column: Column, rejected: Mask) -> list[tuple[str, int]]:
    """Count the rejected listings by the value of a property, the most first; those not known are left out."""
    codes = column.codes[rejected]
    counts = np.bincount(codes[codes != UNKNOWN], minlength=len(column.values))
    told = [(column.values[int(index)], int(counts[index])) for index in np.flatnonzero(counts)]
    return sorted(told, key=lambda one: (-one[1], one[0]))

"""What goes with rejections, computed plainly: with fractions, listing by listing, one slice after the other."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from aexdash.causes.slices import FEWEST, Q

Listing = dict[str, str]


def chance(k: int, of: int, of_rejected: int, n: int) -> Fraction:
    """P(X >= k), counted out: of all ways to choose n of the listings, those with k or more rejected ones."""
    ways = sum(comb(of_rejected, x) * comb(of - of_rejected, n - x) for x in range(k, min(n, of_rejected) + 1))
    return Fraction(ways, comb(of, n))


def remarkable(listings: list[Listing], rejected: list[bool]) -> dict[tuple[str, str], tuple[int, int]]:
    """The values of one property that no chance explains, with how many were rejected of how many have it."""
    looked: dict[tuple[str, str], tuple[int, int, float]] = {}
    for name in sorted({name for one in listings for name in one}):
        known = [(one[name], hit) for one, hit in zip(listings, rejected, strict=True) if name in one]
        for value in sorted({value for value, _ in known}):
            n, k = sum(one == value for one, _ in known), sum(hit for one, hit in known if one == value)
            if FEWEST <= n < len(known):
                of_rejected = sum(hit for _, hit in known)
                more = k * len(known) > n * of_rejected
                p = float(chance(k, len(known), of_rejected, n)) if more else 1.0
                looked[name, value] = (k, n, p)
    ordered = sorted(p for _, _, p in looked.values())
    passing = [p for rank, p in enumerate(ordered, 1) if p <= rank * Q / len(ordered)]
    limit = max(passing, default=-1.0)
    return {part: (k, n) for part, (k, n, p) in looked.items() if p <= limit and k >= FEWEST}

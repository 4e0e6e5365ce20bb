"""What is known of some listings as an estimate of all of them, with the interval in which the truth lies.

Details are read one after another, so for hours a share or a mean is known of some listings only. As long as these are
a random sample, the rest can be estimated: with an interval that holds the truth in about 95 of 100 stores, and that
narrows to nothing as the last listing is read. docs/explanation/estimates.md says how, and what was measured.

Shares are estimated by inverting the hypergeometric distribution, which is exact for drawing without replacement at any
size, with *mid-p* tails: the exact tails (Clopper-Pearson) hold the truth in 97 to 99 of 100, which is too wide to say
95. Means have a t interval with the correction for a finite population and Hall's transformation for skewness (Journal
of the Royal Statistical Society B 54, 1992), because a few bad listings skew scores. Strata are added up by recovering
variances from the intervals (MOVER: Zou and Donner, Statistics in Medicine 27, 2008).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

TAIL = 0.025
"""The probability on either side of an interval; both together are the 5 of 100 in which it misses the truth."""

FEWEST = 20
"""With fewer listings drawn, a mean has no interval narrower than what is possible at all: their spread says little."""

STEEPEST, FLAT = 2.5, 1e-6
"""The greatest skewness that is corrected in full, as a small sample may look worse; and what counts as none."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of one stratum: a random sample of its listings, and all that is known beside it.

    Of `listings` the first `drawn` in a random order were asked for; `known` of these could be measured, with the sum
    of their values `total`, and of the second and third powers of these `squares` and `cubes`. Of `all_known` listings
    of the stratum, in the sample or not, the values are known and add up to `all_total`.
    """

    listings: int
    drawn: int
    known: int
    total: float
    squares: float
    cubes: float
    all_known: int
    all_total: float

    @property
    def mean(self) -> float | None:
        """The mean of the sample; without one that of all that is known; None where nothing is."""
        if self.known:
            return self.total / self.known
        return self.all_total / self.all_known if self.all_known else None


@dataclass(frozen=True, slots=True)
class Range:
    """The sum of a value over some listings: the best guess, and the interval in which the sum lies.

    `certain`: the interval is no matter of chance, but all that is possible.
    """

    middle: float
    low: float
    high: float
    certain: bool = False


def share(sample: Sample) -> Range:
    """Estimate how many listings of a stratum have something; the value of a listing is 1 or 0.

    A listing that was asked for and could not be measured counts as either, whichever is worse.
    """
    found, unmeasured = round(sample.total), sample.drawn - sample.known
    low = sample.listings - _most(sample.drawn - found, sample.drawn, sample.listings)
    high = _most(found + unmeasured, sample.drawn, sample.listings)
    return _possible(sample, low, high, highest=1)


def mean(sample: Sample, highest: float) -> Range:
    """Estimate the sum of a value between 0 and `highest` over the listings of a stratum.

    A listing that was asked for and could not be measured may have any value.
    """
    if sample.known < FEWEST and sample.drawn < sample.listings:
        return _possible(sample, 0, sample.listings * highest, highest)
    around = sample.mean or 0.0
    below, above = _half_widths(sample, around, highest)
    scale = sample.listings / max(1, sample.drawn)
    low = scale * sample.known * (around - below)
    high = scale * (sample.known * (around + above) + (sample.drawn - sample.known) * highest)
    return _possible(sample, low, high, highest)


def _half_widths(sample: Sample, around: float, highest: float) -> tuple[float, float]:
    """Return how far the mean of all may lie below and above the mean of the sample.

    Where all of the sample have the same value, its spread says nothing: then those that may have another value are as
    many as a share of none found allows, and their value may be the lowest or the highest.
    """
    if sample.drawn >= sample.listings:
        return 0.0, 0.0
    spread = sample.squares - sample.known * around**2
    if spread <= 1e-9 * max(1.0, sample.squares):
        others = _most(0, sample.drawn, sample.listings) / sample.listings
        return others * around, others * (highest - around)
    return _by_hall(sample, around, math.sqrt(spread / (sample.known - 1)))


def _by_hall(sample: Sample, around: float, deviation: float) -> tuple[float, float]:
    """Return the half widths of the t interval of a mean, with those corrections; the long tail has the wider one."""
    known, drawn_share = sample.known, sample.drawn / sample.listings
    left = math.sqrt(1 - drawn_share)
    third = sample.cubes / known - 3 * around * sample.squares / known + 2 * around**3
    skewness = third / deviation**3 * (1 - 2 * drawn_share) / left
    slope = min(max(skewness, -STEEPEST), STEEPEST) / 3
    reach = _t(known - 1) / math.sqrt(known)

    def back(far: float) -> float:
        if abs(slope) < FLAT:
            return far
        return (math.cbrt(1 + 3 * slope * (far - slope / (2 * known))) - 1) / slope

    return deviation * left * back(reach), -deviation * left * back(-reach)


def _possible(sample: Sample, low: float, high: float, highest: float) -> Range:
    """Cut an interval to what is possible with all that is known, in the sample or beside it."""
    unknown = sample.listings - sample.all_known
    least, most = sample.all_total, sample.all_total + unknown * highest
    low, high = min(max(low, least), most), max(min(high, most), least)
    guess = highest / 2 if sample.mean is None else sample.mean
    middle = min(max(sample.all_total + unknown * guess, low), high)
    return Range(middle, low, high, certain=(low, high) == (least, most))


def together(ranges: Iterable[Range]) -> Range:
    """Add up the sums of several strata, or stores, that were drawn independently.

    Errors of chance partly cancel out, so their squares add up; what is not known at all does not.
    """
    parts = list(ranges)
    middle = sum(part.middle for part in parts)
    below = _joined(parts, lambda part: part.middle - part.low)
    above = _joined(parts, lambda part: part.high - part.middle)
    return Range(middle, middle - below, middle + above, certain=all(part.certain for part in parts))


def _joined(parts: Iterable[Range], width: Callable[[Range], float]) -> float:
    known = [(width(part), part.certain) for part in parts]
    return sum(one for one, certain in known if certain) + math.hypot(*(one for one, certain in known if not certain))


@lru_cache(maxsize=4096)
def _most(found: int, drawn: int, listings: int) -> int:
    """Return the most listings of all that may have what `found` of the `drawn` have."""
    low, high = found, listings - (drawn - found)
    while low < high:
        middle = (low + high + 1) // 2
        if _tail(drawn - found, drawn, listings - middle, listings) > TAIL:
            low = middle
        else:
            high = middle - 1
    return low


def _tail(found: int, drawn: int, having: int, listings: int) -> float:
    """Return the probability to find more than `found`, and half of that to find just as many (mid-p).

    Drawn are `drawn` of `listings`, of which `having` have what is looked for. At or below what is expected the tail is
    far above every limit asked for, and is not added up.
    """
    if found > min(drawn, having):
        return 0.0
    if found * listings <= drawn * having and found < min(drawn, having):
        return 1.0
    deviation = math.sqrt(drawn * having / listings * (1 - having / listings))
    last = min(drawn, having, found + int(40 * deviation) + 40)
    count = np.arange(found, last, dtype=float)
    steps = np.log((having - count) * (drawn - count) / ((count + 1) * (listings - having - drawn + count + 1)))
    just = _log_choose(having, found) + _log_choose(listings - having, drawn - found) - _log_choose(listings, drawn)
    return math.exp(just) / 2 + float(np.sum(np.exp(just + np.cumsum(steps))))


def _log_choose(of: int, some: int) -> float:
    if not 0 <= some <= of:
        return -math.inf
    return math.lgamma(of + 1) - math.lgamma(some + 1) - math.lgamma(of - some + 1)


def _t(freedom: int) -> float:
    """Return the quantile of Student's distribution for the tail (Abramowitz and Stegun 26.7.5; 0.001 off at nine)."""
    z = NormalDist().inv_cdf(1 - TAIL)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + math.fsum(term / float(freedom) ** power for power, term in enumerate(terms, 1))

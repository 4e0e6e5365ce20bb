"""The intervals hold the truth as often as they say, are exact once everything is read, and never promise too much."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.estimate import FEWEST, TAIL, Range, Sample, mean, share, together
from tests.calibration.stores import (
    LISTINGS,
    SCORES,
    SHARES,
    SHARES_READ,
    of_a_mean,
    of_a_share,
    of_shares,
    sample,
    with_held_first,
)
from tests.support import examples

RUNS = 4000
"""Simulated stores a cell: of 4,000 at 95 % one in 500 cells would lie below 94 % by chance alone."""


@pytest.mark.slow
@pytest.mark.parametrize("read", SHARES_READ)
@pytest.mark.parametrize("good", SHARES)
def test_the_interval_of_a_share_holds_the_truth_in_95_of_100_stores(good, read):
    holds = of_a_share(good, read, RUNS).holds
    assert holds >= 0.94
    # Counts are whole numbers: with few to find in what is read, or few left, no interval holds in just 95 of 100.
    assert holds <= 0.96 or min(read, 1 - read) * LISTINGS * (1 - good) < 10


@pytest.mark.slow
@pytest.mark.parametrize("read", SHARES_READ)
@pytest.mark.parametrize("kind", SCORES)
def test_the_interval_of_a_mean_score_holds_the_truth_in_95_of_100_stores(kind, read):
    assert 0.94 <= of_a_mean(kind, read, RUNS).holds <= 0.96


@pytest.mark.parametrize("read", [0.05, 0.5])
def test_held_listings_that_are_worse_and_read_first_do_not_bias_the_interval(read):
    assert 0.94 <= with_held_first(read, RUNS).holds <= 0.96


def test_strata_that_are_added_up_hold_the_truth_in_95_of_100_stores():
    chance = np.random.default_rng(7)
    holds = 0
    for _ in range(2000):
        truth, told = 0, []
        for listings, good, drawn in ((300, 0.6, 300), (3000, 0.95, 400), (1500, 0.9, 300)):
            having = int(chance.binomial(listings, good))
            truth += having
            told.append(share(of_shares(int(chance.hypergeometric(having, listings - having, drawn)), drawn, listings)))
        added = together(told)
        holds += added.low <= truth <= added.high
    assert 0.94 <= holds / 2000 <= 0.96


def mid_p(found: int, drawn: int, having: int, listings: int) -> Fraction:
    """The chance to find more than this, and half of that to find just as many, added up in whole numbers."""
    ways = [comb(having, some) * comb(listings - having, drawn - some) for some in range(drawn + 1)]
    return (Fraction(sum(ways[found + 1 :])) + Fraction(ways[found], 2)) / comb(listings, drawn)


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_the_interval_of_a_share_is_the_hypergeometric_distribution_turned_round(data):
    listings = data.draw(st.integers(1, 60))
    drawn = data.draw(st.integers(1, listings))
    found = data.draw(st.integers(0, drawn))
    possible = range(found, listings - (drawn - found) + 1)
    tails = {having: mid_p(found, drawn, having, listings) for having in possible}
    least = Fraction(TAIL).limit_denominator(1000)
    likely = [having for having, tail in tails.items() if least < tail < 1 - least] or [found]
    at_most = [having for having, tail in tails.items() if least <= tail <= 1 - least] or [found]  # ties go either way
    told = share(of_shares(found, drawn, listings))
    if drawn < listings:
        assert min(at_most) <= told.low <= min(likely)
        assert max(likely) <= told.high <= max(at_most)


samples = st.integers(1, 5000).flatmap(
    lambda listings: st.tuples(
        st.lists(st.integers(0, 1000).map(lambda tenths: tenths / 10), max_size=min(listings, 80)), st.just(listings)
    )
)


@settings(max_examples=examples(200), deadline=None)
@given(samples)
def test_an_estimate_lies_in_its_interval_and_the_interval_in_what_is_possible(drawn):
    scores, listings = np.array(drawn[0]), drawn[1]
    least = scores.sum() if len(scores) else 0.0
    most = least + (listings - len(scores)) * 100
    for told, scale in ((mean(sample(scores, listings), 100), 1), (share(sample(scores >= 60, listings)), 100)):
        assert told.low <= told.middle <= told.high
        if scale == 1:
            assert least - 1e-6 <= told.low
            assert told.high <= most + 1e-6


@given(st.lists(st.integers(0, 100), min_size=1, max_size=200))
def test_once_everything_is_read_nothing_is_estimated(scores):
    values = np.array(scores, dtype=float)
    told = mean(sample(values, len(scores)), 100)
    assert (told.low, told.middle, told.high) == pytest.approx((sum(scores),) * 3)
    good = share(sample((values >= 60).astype(float), len(scores)))
    assert good.low == good.middle == good.high == int((values >= 60).sum())


@pytest.mark.parametrize("drawn", [1, 5, 30, 300])
def test_a_small_sample_of_good_ones_alone_says_little_of_the_others(drawn):
    told = share(of_shares(drawn, drawn, LISTINGS))
    assert told.high == LISTINGS
    assert 1 - told.low / LISTINGS == pytest.approx(1 - 0.05 ** (1 / drawn), rel=0.08)  # the rule of three, mid-p
    alike = mean(sample(np.full(drawn, 96.0), LISTINGS), 100)
    assert alike.low < 96 * LISTINGS < alike.high


def test_five_good_ones_of_4310_may_be_half():
    told = share(of_shares(5, 5, 4310))
    assert told.low / 4310 < 0.6


def test_with_very_few_read_a_mean_has_no_narrow_interval():
    scores = np.full(FEWEST - 1, 80.0) + np.arange(FEWEST - 1)
    told = mean(sample(scores, 1000), 100)
    assert (told.low, told.high) == (scores.sum(), scores.sum() + (1000 - len(scores)) * 100)


def test_what_was_asked_for_and_could_not_be_measured_counts_as_either():
    sure = share(Sample(10, 10, 8, 6, 6, 6, 8, 6))
    assert (sure.low, sure.middle, sure.high) == (6, 7.5, 8)
    scored = mean(Sample(40, 40, 38, 38 * 90.0, 38 * 8100.0, 38 * 729000.0, 38, 38 * 90.0), 100)
    assert (scored.low, scored.high) == (pytest.approx(38 * 90), pytest.approx(38 * 90 + 200))


def test_what_is_known_beside_the_sample_counts_as_it_is():
    beside = share(Sample(1000, 100, 100, 90, 90, 90, all_known=900, all_total=810))
    assert (beside.high, beside.middle) == (910, 900)  # of the last 100 all, or as many as of the sample
    assert 810 < beside.low < 900


def test_errors_of_chance_cancel_out_and_what_is_not_known_does_not():
    chance = together([Range(10, 7, 13), Range(20, 16, 24)])
    assert (chance.low, chance.middle, chance.high) == (25, 30, 35)
    unread = together([Range(10, 7, 13, certain=True), Range(20, 16, 24, certain=True)])
    assert (unread.low, unread.high, unread.certain) == (23, 37, True)

"""Which slices go with rejections: against a plain computation, and in cases small enough to be seen through."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.causes.chances import log_tail, ratio_of
from aexdash.causes.slices import BASE, UNKNOWN, Column, Part, by_value, measured, search
from tests.causes.plainly import chance, remarkable
from tests.support import examples


def column(name, values):
    """A property by its values; None is not known."""
    known = sorted({value for value in values if value is not None})
    return Column(name, np.array([UNKNOWN if v is None else known.index(v) for v in values], dtype=np.intp), known)


def hits(*places, of):
    rejected = np.zeros(of, dtype=bool)
    rejected[list(places)] = True
    return rejected


def tail(k, of, of_rejected, n):
    return log_tail(np.array(k), np.full(len(k), of), np.full(len(k), of_rejected), np.array(n))


@given(st.data())
@settings(max_examples=examples(600))
def test_the_chance_is_the_one_counted_out(data):
    of = data.draw(st.integers(2, 60))
    of_rejected, n = data.draw(st.integers(0, of)), data.draw(st.integers(1, of - 1))
    k = data.draw(st.integers(max(0, n + of_rejected - of), min(n, of_rejected)))
    told = float(tail([k], of, of_rejected, [n])[0])
    if k * of > n * of_rejected:
        assert math.exp(told) == pytest.approx(float(chance(k, of, of_rejected, n)), rel=1e-9)
    else:
        assert told == 0  # 1: no more than at random, and so of no interest


def test_the_chance_of_large_stores_agrees_with_scipy():
    from scipy.stats import hypergeom  # noqa: PLC0415

    k, n = np.array([9, 30, 38, 80]), np.array([900, 2_000, 44, 4_000])
    told = np.exp(tail(k, 100_000, 300, n))
    assert told == pytest.approx(hypergeom.sf(k - 1, 100_000, 300, n), rel=1e-8)


def test_a_chance_too_small_for_a_number_still_has_an_order():
    told = tail([500, 600], 1_000_000, 1_000, [600, 600])
    assert told[1] < told[0] < -745  # exp(-745) is the least number there is


def test_the_ratio_is_that_of_the_sheet():
    # a = 8.5, b = 2.5, c = 2.5, d = 88.5: (8.5 / 11) / (2.5 / 91)
    ratio, low, high = ratio_of(8, 10, 10, 100)
    assert ratio == pytest.approx(28.127272, rel=1e-6)
    width = 1.96 * math.sqrt(1 / 8.5 - 1 / 11 + 1 / 2.5 - 1 / 91)
    assert (low, high) == pytest.approx((ratio / math.exp(width), ratio * math.exp(width)))


listing = st.fixed_dictionaries({}, optional={name: st.sampled_from("xyz") for name in "abc"})


@given(st.lists(st.tuples(listing, st.booleans()), min_size=12, max_size=80))
@settings(max_examples=examples(300))
def test_what_is_remarkable_is_what_a_plain_computation_finds(store):
    listings, rejected = [one for one, _ in store], [hit for _, hit in store]
    columns = [column(name, [one.get(name) for one in listings]) for name in "abc"]
    from aexdash.causes.slices import _Counts, _significant  # noqa: PLC0415 - the first step, before pairs and peeling

    mask = np.array(rejected)
    told = {one.parts[0]: (one.k, one.n) for one in _significant([_Counts.of(c, mask).looked_at() for c in columns])}
    assert told == {Part(*part): counts for part, counts in remarkable(listings, rejected).items()}


def planted(rejected_of_bad=40, of=2_000, bad=60, others=60):
    """A store in which most listings of template `t7` were rejected, and as many others at random."""
    chance_ = np.random.default_rng(7)
    template = np.where(np.arange(of) < bad, 7, chance_.integers(0, 7, of))
    brand = np.where(np.arange(of) < bad, chance_.integers(0, 2, of), chance_.integers(0, 30, of))
    rejected = np.zeros(of, dtype=bool)
    rejected[:rejected_of_bad] = True
    rejected[chance_.choice(np.arange(bad, of), others, replace=False)] = True
    columns = [
        Column("template", template.astype(np.intp), [f"t{n}" for n in range(8)]),
        Column("brand", brand.astype(np.intp), [f"b{n}" for n in range(30)]),
    ]
    return columns, rejected


def test_a_planted_cause_is_found_alone_with_what_rides_along():
    columns, rejected = planted()
    told = search(columns, rejected)
    (only,) = told.found
    assert only.slice.parts == (Part("template", "t7"),)
    assert (only.slice.k, only.slice.n, only.slice.rest) == (40, 60, (60, 1_940))
    assert {rider.slice.parts for rider in only.riders} >= {(Part("brand", "b0"),), (Part("brand", "b1"),)}
    assert told.unexplained == 60
    assert only.slice.low < only.slice.ratio < only.slice.high


def test_of_a_cause_in_two_properties_both_are_named():
    of = 4_000
    chance_ = np.random.default_rng(5)
    a, b = chance_.integers(0, 5, of), chance_.integers(0, 5, of)
    rejected = ((a == 1) & (b == 2) & (chance_.random(of) < 0.7)) | (chance_.random(of) < 0.01)
    told = search([Column(n, c.astype(np.intp), list("vwxyz")) for n, c in (("a", a), ("b", b))], rejected)
    assert told.found[0].slice.parts == (Part("a", "w"), Part("b", "x"))


def test_few_rejected_listings_name_nothing_however_remarkable():
    columns = [column("template", ["t"] * 4 + ["u"] * 996)]
    told = search(columns, hits(0, 1, 2, 3, 500, of=1_000))
    assert (told.found, told.rejected, told.unexplained) == ((), 5, 5)
    assert [(one.k, one.n) for one in told.weak] == [(4, 4)]


def test_what_is_left_after_a_finding_is_too_few_as_well():
    columns = [column("x", ["p"] * 40 + ["q"] * 5 + ["r"] * 955)]
    told = search(columns, hits(*range(40), *range(40, 45), of=1_000))
    assert [one.slice.parts[0].value for one in told.found] == ["p"]
    assert [(one.parts[0].value, one.k) for one in told.weak] == [("q", 5)]


def test_a_property_that_is_known_of_the_rejected_alone_is_not_compared():
    rejected = hits(*range(50), of=1_000)
    size = column("picture size", ["small"] * 50 + ["large"] * 10 + [None] * 940)
    told = search([size], rejected)
    assert told.found == ()
    assert [(one.name, one.known, one.of, one.known_rejected) for one in told.not_compared] == [
        ("picture size", 60, 1_000, 50)
    ]


def test_those_that_are_known_not_to_have_it_are_the_others_and_no_slice():
    rejected = hits(*range(60), of=1_000)
    told = search([column("measured", ["yes"] * 60 + ["yes"] * 20 + [BASE] * 920)], rejected)
    assert told.looked_at == 1
    assert [(one.slice.k, one.slice.n) for one in told.found] == [(60, 80)]


def test_no_listing_and_no_property_is_nothing_found():
    told = search([], np.zeros(0, dtype=bool))
    assert (told.found, told.looked_at, told.rejected) == ((), 0, 0)
    assert search([column("a", ["x"] * 30)], hits(1, of=30)).looked_at == 0


def test_a_slice_of_another_span_is_measured_alone():
    rejected = hits(0, 1, 40, of=100)
    before = measured([column("a", ["x"] * 20 + ["y"] * 80)], rejected, (Part("a", "x"),))
    assert (before.k, before.n, before.of_rejected, before.of) == (2, 20, 3, 100)
    assert before.adjusted == pytest.approx(float(chance(2, 100, 3, 20)))
    absent = measured([column("a", ["y"] * 100)], rejected, (Part("a", "x"),))
    assert (absent.k, absent.n) == (0, 0)
    assert measured([], rejected, (Part("a", "x"),)).n == 0


def test_values_are_counted_the_most_first():
    one = column("a", ["x", "y", "y", None, "x", "y"])
    assert by_value(one, np.array([True, True, True, True, False, False])) == [("y", 2), ("x", 1)]

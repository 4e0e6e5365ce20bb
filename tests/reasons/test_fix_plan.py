"""What to fix first: the steps that free the most listings, counted again by trying everything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.reasons.fix_plan import FixStep, fix_plan
from aexdash.snapshot.tallies import Weight
from tests.support import examples

CODES = "abcdefgh"

Sets = Mapping[frozenset[str], Weight]


def held(**listings: int) -> dict[frozenset[str], Weight]:
    """Listings by the codes that hold them, each a letter: `ab=3` are three that are held by a and b."""
    return {frozenset(codes): Weight(many) for codes, many in listings.items()}


def free(sets: Sets, fixed: Collection[str]) -> int:
    """How many listings are free once these codes are fixed."""
    return sum(weight.listings for codes, weight in sets.items() if codes <= set(fixed))


def told(plan: list[FixStep]) -> list[tuple[str, int, int, int]]:
    return [("".join(step.codes), step.frees, step.freed_so_far, step.touches) for step in plan]


def test_the_reason_that_alone_holds_the_most_comes_first() -> None:
    assert told(fix_plan(held(a=3, b=8, c=1))) == [("b", 8, 8, 8), ("a", 3, 11, 3), ("c", 1, 12, 1)]


def test_a_reason_that_stands_everywhere_but_never_alone_frees_nothing_by_itself() -> None:
    assert told(fix_plan(held(ab=5, ac=9, d=2, e=5))) == [("e", 5, 5, 5), ("abc", 14, 19, 14), ("d", 2, 21, 2)]


def test_after_one_is_fixed_what_was_held_by_two_is_held_by_one() -> None:
    assert told(fix_plan(held(a=9, ab=4, b=1))) == [("a", 9, 9, 13), ("b", 5, 14, 5)]


def test_what_holds_listings_in_pairs_is_fixed_together_where_that_frees_more_for_each() -> None:
    assert told(fix_plan(held(ab=3, bc=3, d=1))) == [("abc", 6, 6, 6), ("d", 1, 7, 1)]


def test_of_equal_steps_the_one_with_the_fewest_codes_comes_first() -> None:
    assert told(fix_plan(held(a=2, ab=1, b=1))) == [("a", 2, 2, 3), ("b", 2, 4, 2)]


def test_fixes_that_have_nothing_in_common_are_steps_of_their_own() -> None:
    assert told(fix_plan(held(a=5, b=5))) == [("a", 5, 5, 5), ("b", 5, 10, 5)]


def test_a_listing_that_needs_more_than_a_few_fixes_waits_until_some_are_done() -> None:
    assert told(fix_plan(held(abcd=50, a=1))) == [("a", 1, 1, 51), ("bcd", 50, 51, 50)]
    assert fix_plan(held(abcd=50)) == []


def test_by_money_what_sold_most_comes_first_and_what_sold_nothing_is_left_out() -> None:
    sets = {frozenset("a"): Weight(9, 1.0, 2.0), frozenset("b"): Weight(1, 40.0, 60.0), frozenset("c"): Weight(5)}
    assert [(step.codes, step.money) for step in fix_plan(sets, by="money")] == [
        (("b",), (40.0, 60.0)),
        (("a",), (1.0, 2.0)),
    ]
    assert [step.money for step in fix_plan(sets)] == [(1.0, 2.0), (0.0, 0.0), (40.0, 60.0)]
    assert [step.money for step in fix_plan(held(a=1))] == [None]


def test_nothing_held_has_no_plan() -> None:
    assert fix_plan({}) == fix_plan({frozenset(): Weight(4)}) == []


some_sets = st.dictionaries(
    st.frozensets(st.sampled_from(CODES), min_size=1, max_size=4),
    st.builds(Weight, st.integers(1, 30)),
    min_size=1,
    max_size=20,
)


@settings(max_examples=examples(300), deadline=None)
@given(some_sets, st.integers(1, 3))
def test_every_step_frees_the_most_for_each_code_of_all_that_could_be_taken(
    sets: dict[frozenset[str], Weight], bundle: int
) -> None:
    fixed: set[str] = set()
    plan = fix_plan(sets, bundle=bundle, steps=99)
    for step in plan:
        choices = [
            set(codes) for many in range(1, bundle + 1) for codes in combinations(sorted(set(CODES) - fixed), many)
        ]
        before = free(sets, fixed)
        best = max((free(sets, fixed | codes) - before) / len(codes) for codes in choices)
        assert step.frees / len(step.codes) == best > 0
        assert len(step.codes) <= bundle
        assert step.touches == sum(
            weight.listings for codes, weight in sets.items() if not codes <= fixed and codes & set(step.codes)
        )
        fixed |= set(step.codes)
        assert step.freed_so_far == free(sets, fixed) == before + step.frees
    left = [codes - fixed for codes in sets if not codes <= fixed]
    assert all(len(codes) > bundle for codes in left)


@settings(max_examples=examples(100), deadline=None)
@given(some_sets)
def test_the_first_step_is_never_worse_than_the_best_sole_blocker(sets: dict[frozenset[str], Weight]) -> None:
    sole = max((weight.listings for codes, weight in sets.items() if len(codes) == 1), default=0)
    plan = fix_plan(sets)
    assert (plan[0].frees if plan else 0) >= sole
    assert fix_plan(dict(reversed(sets.items()))) == plan

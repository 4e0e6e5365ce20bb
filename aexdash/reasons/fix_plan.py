"""The order in which fixing reasons frees the most listings.

A listing is free only when everything that holds it is fixed, so this is no cover of sets: fixing one of two reasons
frees nothing. Each step is the best next one, a few codes that free the most listings for each code, once those of the
steps before are fixed. The best steps in a row need not be the best plan of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from aexdash.snapshot.tallies import Weight

By = Literal["listings", "money"]

Held = Mapping[int, Weight]
"""What is still held, by the codes that have yet to be fixed as bits; the first code of the alphabet is the lowest."""

MOST_STEPS = 8

MOST_CODES = 3
"""The most codes of one step: more are several fixes in a row, and nothing to begin with."""


@dataclass(frozen=True, slots=True)
class FixStep:
    """Codes to be fixed together, after those of all steps before.

    `frees` listings are free then, `freed_so_far` with those of the steps before. `money` is what the former sold a day
    before they were held, as a range in the currency of the blockers; None where nothing is known of money. `touches`
    is on how many listings the codes stand that are still held before the step: so many are to be worked on.
    """

    codes: tuple[str, ...]
    frees: int
    freed_so_far: int
    money: tuple[float, float] | None
    touches: int


def fix_plan(
    sets: Mapping[frozenset[str], Weight], *, by: By = "listings", steps: int = MOST_STEPS, bundle: int = MOST_CODES
) -> list[FixStep]:
    """Return at most so many steps, the best first, each of at most `bundle` codes; what they do not free takes more.

    `sets` are the blockers of listings with what each frees (`Snapshot.blockers`). A step frees more for each of its
    codes, in listings or in money, than any other could; of equal ones it is the one with the fewest codes, then the
    first by the alphabet. Codes that hold no listing together are steps of their own.
    """
    codes = sorted({code for held_by in sets for code in held_by})
    place = {code: 1 << index for index, code in enumerate(codes)}
    held: Held = {sum(place[code] for code in held_by): weight for held_by, weight in sets.items() if held_by}
    knows_money = any(weight.amount_high > 0 for weight in held.values())
    plan: list[FixStep] = []
    while len(plan) < steps and (best := _best(held, by, bundle)):
        freed = _freed(held, best)
        plan.append(
            FixStep(
                codes=tuple(code for code in codes if place[code] & best),
                frees=freed.listings,
                freed_so_far=freed.listings + (plan[-1].freed_so_far if plan else 0),
                money=(freed.amount_low, freed.amount_high) if knows_money else None,
                touches=sum(weight.listings for held_by, weight in held.items() if held_by & best),
            )
        )
        held = _without(held, best)
    return plan


def _best(held: Held, by: By, bundle: int) -> int:
    """Return the codes of the best next step, 0 where none frees anything."""
    best, rank = 0, None
    for codes in _candidates(held, bundle):
        freed = _freed(held, codes)
        gain = freed.listings if by == "listings" else freed.amount_low + freed.amount_high
        found = (-gain / codes.bit_count(), codes.bit_count(), _alphabet(codes))
        if gain > 0 and (rank is None or found < rank):
            best, rank = codes, found
    return best


def _candidates(held: Held, bundle: int) -> set[int]:
    """Return the codes that hold a listing together, and unions of such that have a code in common."""
    found = new = {codes for codes in held if codes.bit_count() <= bundle}
    smaller = [codes for codes in found if codes.bit_count() < bundle]
    while new:
        growing = [codes for codes in new if codes.bit_count() < bundle]
        joined = {one | other for one in growing for other in smaller if one & other}
        new = {codes for codes in joined if codes.bit_count() <= bundle} - found
        found = found | new
    return found


def _freed(held: Held, codes: int) -> Weight:
    """Add up what is held by nothing but these codes, by looking up each part of them."""
    listings, low, high, part = 0, 0.0, 0.0, codes
    while part:
        if weight := held.get(part):
            listings, low, high = listings + weight.listings, low + weight.amount_low, high + weight.amount_high
        part = (part - 1) & codes
    return Weight(listings, low, high)


def _without(held: Held, fixed: int) -> Held:
    left: dict[int, Weight] = {}
    for codes, weight in held.items():
        if rest := codes & ~fixed:
            more = left.get(rest, Weight(0))
            left[rest] = Weight(
                weight.listings + more.listings,
                weight.amount_low + more.amount_low,
                weight.amount_high + more.amount_high,
            )
    return left


def _alphabet(codes: int) -> tuple[int, ...]:
    return tuple(index for index in range(codes.bit_length()) if codes >> index & 1)

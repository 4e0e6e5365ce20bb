"""The funnel adds up in random worlds, is a plain count, and claims no more than was read of a world that is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.model import Status
from aexdash.reconcile.funnel import AT, Bound, Counted, Lost, Step, funnel
from aexdash.shops.records import SourceState
from aexdash.snapshot.matched.matching import Fate
from aexdash.snapshot.matched.units import Side, StepRead, TheirUnit, Unit
from aexdash.words.reconcile.funnel import bound_words, read_words, rows
from tests.reaches import NOON
from tests.support import examples

WHOLE, PART, NEVER = StepRead(NOON, whole=True), StepRead(NOON, whole=False), StepRead(None, whole=False)
HELD = (Status.REJECTED, Status.AUDITING)
STATUSES = (Status.ACTIVE, Status.OFFLINE, *HELD, Status.OTHER)
MATCHED = (Fate.MATCHED, Fate.PROBABLE)


@st.composite
def unit(draw, number: int) -> Unit:
    """A SKU of which everything is known."""
    fate = draw(st.sampled_from([one for one in Fate if one is not Fate.UNREAD]))
    listing = number if fate in MATCHED else None
    return Unit(
        store="main",
        shop="front",
        variant_id=f"v{number}",
        sku=f"SKU-{number}",
        title="Lamp",
        state=draw(st.sampled_from(SourceState)),
        channels=draw(st.sampled_from([None, (), ("Online",)])),
        fate=fate,
        listing=listing,
        refused=draw(st.booleans()),
        status=draw(st.sampled_from(STATUSES)) if listing else None,
        cause=draw(st.sampled_from([None, "user_offline", "violate_offline"])),
        sold=draw(st.booleans()) if listing else None,
    )


WORLDS = 10_000 if settings.get_current_profile_name() == "deep" else examples(400)

UNITS = st.integers(0, 12).flatmap(lambda many: st.tuples(*(unit(number) for number in range(1, many + 1))))


@st.composite
def seen(draw, units: tuple[Unit, ...]) -> Side:
    """What somebody has read of a world: of each step all, a part or nothing."""
    shop, feed, orders = (draw(st.sampled_from([WHOLE, PART, NEVER])) for _ in range(3))
    if shop is not WHOLE:
        units = tuple(one for one in units if draw(st.booleans()))
    feed = WHOLE if feed is PART else feed  # a file is read, or it is not
    read = draw(st.sets(st.sampled_from(["held", "active", "offline"])))
    known = WHOLE if len(read) == 3 else PART if read else NEVER

    def is_read(one: Unit) -> bool:
        if one.status in HELD:
            return "held" in read
        return {Status.ACTIVE: "active", Status.OFFLINE: "offline"}.get(one.status, "active") in read

    told = []
    for one in units:
        facts = {"refused": None} if feed is NEVER else {}
        if one.listing and not is_read(one):
            facts |= {"fate": Fate.ALONE, "listing": None, "status": None, "sold": None}
        elif one.listing and (orders is NEVER or (orders is PART and one.sold and draw(st.booleans()))):
            facts |= {"sold": None if orders is NEVER else False}
        if known is NEVER and one.fate is Fate.AMBIGUOUS:
            facts |= {"fate": Fate.ALONE}
        told.append(replace(one, **facts))
    reads = {
        "shop": shop,
        "feed": feed,
        "known": known,
        "sold": orders,
        "audit": WHOLE if "held" in read else NEVER,
        "on_sale": WHOLE if "active" in read else NEVER,
    }
    return Side("main", tuple(told), (), reads)


def plainly(units: tuple[Unit, ...]) -> dict[Step, int]:
    """How many pass each step, one condition after the other."""
    left = list(units)
    counted = {Step.SHOP: len(left)}
    left = [one for one in left if one.state in (SourceState.ACTIVE, SourceState.OTHER) and one.channels != ()]
    left = [one for one in left if one.fate is not Fate.NO_KEY and not one.refused]
    counted[Step.FEED] = len(left)
    left = [one for one in left if one.fate in MATCHED]
    counted[Step.KNOWN] = len(left)
    left = [one for one in left if one.status in (None, Status.ACTIVE, Status.OFFLINE)]
    counted[Step.AUDIT] = len(left)
    left = [one for one in left if one.status is not Status.OFFLINE]
    counted[Step.ON_SALE] = len(left)
    counted[Step.SOLD] = sum(one.sold is not False for one in left)
    return counted


@pytest.mark.slow
@settings(max_examples=WORLDS, deadline=None)
@given(UNITS.flatmap(lambda units: st.tuples(st.just(units), seen(units))))
def test_in_is_lost_and_passed_at_each_step_and_no_number_claims_more_than_was_read(world):
    units, side = world
    told = funnel([side])
    came = list(side.units)
    for one in told.steps:
        gone = [unit for counted in one.lost.values() for unit in counted.units]
        assert sorted(unit.variant_id for unit in (*gone, *one.passed.units)) == sorted(u.variant_id for u in came)
        assert all(AT[why] is one.step for why in one.lost)
        came = list(one.passed.units)
    assert {one.step: len(one.passed.units) for one in told.steps} == plainly(side.units)
    truth = plainly(units)
    for one in told.steps:
        number = len(one.passed.units)
        if one.passed.bound is Bound.EXACT:
            assert number == truth[one.step]
        elif one.passed.bound is Bound.AT_LEAST:
            assert number <= truth[one.step]
        elif one.passed.bound is Bound.AT_MOST:
            assert number >= truth[one.step]
        else:
            assert one.passed.number is None
    of_truth = funnel([replace(side, units=units, reads=dict.fromkeys(side.reads, WHOLE))])
    for one in told.steps:
        for why, counted in one.lost.items():
            true = of_truth.step(one.step).lost.get(why)
            number = len(true.units) if true else 0
            if counted.bound is Bound.EXACT:
                assert len(counted.units) == number, why
            elif counted.bound is Bound.AT_LEAST:
                assert len(counted.units) <= number, why
            elif counted.bound is Bound.AT_MOST:
                assert len(counted.units) >= number, why


def reads(**other: StepRead) -> dict[str, StepRead]:
    return {**dict.fromkeys([step.value for step in Step], WHOLE), **other}


def known_unit(number: int, **facts) -> Unit:
    told = {"store": "main", "shop": "front", "variant_id": f"v{number}", "sku": f"S{number}", "title": "Lamp"}
    more = {"fate": Fate.MATCHED, "listing": number, "status": Status.ACTIVE, "refused": False, "sold": True}
    return Unit(**told, **({"state": SourceState.ACTIVE, "channels": None} | more | facts))


def test_a_step_that_nobody_read_is_not_known_and_those_behind_it_are_at_most():
    told = funnel([Side("main", (known_unit(1, refused=None),), (), reads(feed=NEVER))])
    assert [(one.step, one.passed.number, one.passed.bound) for one in told.steps] == [
        (Step.SHOP, 1, Bound.EXACT),
        (Step.FEED, None, Bound.NOT_KNOWN),
        (Step.KNOWN, 1, Bound.AT_MOST),
        (Step.AUDIT, 1, Bound.AT_MOST),
        (Step.ON_SALE, 1, Bound.AT_MOST),
        (Step.SOLD, 1, Bound.AT_MOST),
    ]


def test_of_what_was_not_found_in_a_part_no_number_is_told():
    """*At least 0* says nothing, and a script takes it for none."""
    assert [Counted((), bound).number for bound in (Bound.EXACT, Bound.AT_LEAST, Bound.AT_MOST)] == [0, None, 0]
    assert [bound_words(0, bound) for bound in Bound] == [
        {Bound.EXACT: "0", Bound.AT_MOST: "at most 0"}.get(bound, "not known") for bound in Bound
    ]


def test_a_shop_that_was_read_in_part_makes_all_at_least_and_one_never_read_nothing_known():
    told = funnel([Side("main", (known_unit(1),), (), reads(shop=NEVER))])
    assert {one.passed.bound for one in told.steps} == {Bound.AT_LEAST}
    told = funnel([Side("main", (), (), reads(shop=NEVER))])
    assert {one.passed.bound for one in told.steps} == {Bound.NOT_KNOWN}


def test_several_stores_have_the_earliest_clock_of_each_step():
    early = StepRead(NOON - timedelta(hours=2), whole=True)
    told = funnel([Side("a", (), (), reads()), Side("b", (), (), reads(on_sale=early, sold=NEVER))], ["c"])
    assert told.step(Step.ON_SALE).read.at == early.at
    assert (told.step(Step.SOLD).read.at, told.step(Step.SOLD).unread) == (NOON, ("b",))
    assert read_words(told.step(Step.SOLD), 2).endswith("12:00 UTC, in 1 of 2 stores")
    assert (told.stores, told.without_shop) == (("a", "b"), ("c",))
    told = funnel([Side("a", (), (), reads(sold=NEVER)), Side("b", (), (), reads(sold=NEVER))])
    assert read_words(told.step(Step.SOLD), 2) == "orders: not read"


def test_a_store_without_a_feed_takes_nothing_from_what_is_known_of_the_other():
    """Beside it, a store whose every step was known once showed an empty funnel."""
    theirs = (TheirUnit("a", 1, "Lamp", Status.ACTIVE, Fate.MATCHED),)
    units = (known_unit(1), known_unit(2, refused=True), known_unit(3, status=Status.REJECTED))
    whole = Side("a", units, theirs, reads(sold=PART))
    other = Side("b", (replace(known_unit(4, refused=None), store="b"),), (), reads(feed=NEVER))
    told = funnel([whole, other])
    assert [(one.passed.number, one.passed.bound) for one in told.steps] == [
        (4, Bound.EXACT),
        (2, Bound.AT_LEAST),
        (3, Bound.AT_MOST),
        (2, Bound.AT_MOST),
        (2, Bound.AT_MOST),
        (1, Bound.AT_LEAST),
    ]
    assert told.step(Step.FEED).lost[Lost.REFUSED] == Counted((units[1],), Bound.AT_LEAST)
    assert [row.number for row in rows(told) if not row.is_loss][1] == "at least 2"
    assert [row.read for row in rows(told) if not row.is_loss][1].endswith(", in 1 of 2 stores")
    unread = Side("c", (), (), reads(shop=NEVER, feed=NEVER, known=NEVER, audit=NEVER, on_sale=NEVER, sold=NEVER))
    told = funnel([Side("a", units, theirs, reads()), unread])
    assert [(one.passed.number, one.passed.bound) for one in told.steps] == [
        (number, Bound.AT_LEAST) for number in (3, 2, 2, 1, 1, 1)
    ]
    assert (told.reverse.bound, told.reverse.total) == (Bound.AT_LEAST, 1)


@pytest.mark.slow
@settings(max_examples=WORLDS, deadline=None)
@given(*[UNITS.flatmap(lambda units: st.tuples(st.just(units), seen(units))) for _ in range(2)])
def test_no_number_of_two_stores_claims_more_than_was_read_of_both(one, two):
    worlds = [(units, replace(side, store=key)) for key, (units, side) in zip("ab", (one, two), strict=True)]
    told = funnel([side for _, side in worlds])
    whole = [replace(side, units=units, reads=dict.fromkeys(side.reads, WHOLE)) for units, side in worlds]
    truth = funnel(whole)
    for step in told.steps:
        true = truth.step(step.step)
        lost = [(told_of, true.lost.get(why)) for why, told_of in step.lost.items()]
        for counted, of_truth in [(step.passed, true.passed), *lost]:
            found, number = len(counted.units), len(of_truth.units) if of_truth else 0
            assert {
                Bound.EXACT: found == number,
                Bound.AT_LEAST: found <= number,
                Bound.AT_MOST: found >= number,
                Bound.NOT_KNOWN: counted.number is None,
            }[counted.bound]


def test_what_aliexpress_has_is_by_what_the_shop_knows_and_claims_as_much_as_both_were_read():
    theirs = tuple(TheirUnit("main", number, "Lamp", Status.ACTIVE, fate) for number, fate in enumerate(Fate, 1))
    told = funnel([Side("main", (), theirs, reads())]).reverse
    assert (told.total, {fate: len(units) for fate, units in told.of.items()}) == (6, dict.fromkeys(Fate, 1))
    assert {fate: bound for fate, bound in told.bounds.items() if fate is not Fate.UNREAD} == dict.fromkeys(
        [fate for fate in Fate if fate is not Fate.UNREAD], Bound.AT_LEAST
    )
    theirs = tuple(one for one in theirs if one.fate is not Fate.UNREAD)
    told = funnel([Side("main", (), theirs, reads())]).reverse
    assert set(told.bounds.values()) == {Bound.EXACT}
    told = funnel([Side("main", (), theirs, reads(known=PART), every_status=True)]).reverse
    assert (told.bound, told.bounds[Fate.ALONE]) == (Bound.EXACT, Bound.AT_LEAST)
    told = funnel([Side("main", (), theirs, reads(shop=PART))]).reverse
    assert (told.bounds[Fate.MATCHED], told.bounds[Fate.ALONE]) == (Bound.AT_LEAST, Bound.AT_MOST)
    told = funnel([Side("main", (), theirs, reads(known=NEVER))]).reverse
    assert set(told.bounds.values()) == {told.bound} == {Bound.NOT_KNOWN}


def test_every_loss_has_its_step():
    assert set(AT) == set(Lost)

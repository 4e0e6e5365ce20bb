"""In random worlds every difference has exactly one explanation, the first that holds, and the sums are an identity."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from aexdash.model import Status
from aexdash.reconcile.compare import Named, compare
from aexdash.reconcile.explain import Evidence, explained
from aexdash.reconcile.model import Bridge, Kind, StoreRead, TheirRow, Why, steps_of
from aexdash.reconcile.numbers import Counted, bridge
from aexdash.snapshot.compared.standing import Stand, Standing
from tests.reconcile.plainly import Plainly
from tests.support import examples

AT = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
REJECTED, AUDITING, ACTIVE, OFFLINE = Status.REJECTED, Status.AUDITING, Status.ACTIVE, Status.OFFLINE
STATUSES = (REJECTED, AUDITING, ACTIVE, OFFLINE, Status.DELETED)
LISTS = ((REJECTED, AUDITING), (REJECTED,), (AUDITING,), (ACTIVE,), (REJECTED, AUDITING, ACTIVE, OFFLINE))


@some.composite
def standings(draw, key):
    """Where a listing stood in the two days around the moment: consecutive times, from before or from a first look."""
    store, product_id = key
    cuts = sorted(draw(some.sets(some.sampled_from([-30, -20, -5, -1, 0, 1, 3, 20]), min_size=1, max_size=4)))
    known_before = draw(some.booleans())
    stands = []
    for place, cut in enumerate(cuts):
        began, last = AT + cut * HOUR, place == len(cuts) - 1
        ended = None if last else AT + cuts[place + 1] * HOUR
        after = began - HOUR / 2 if place or known_before else None
        stands.append(Stand(draw(some.sampled_from(STATUSES)), after, began, ended))
    near = tuple(one for one in stands if one.ended is None or one.ended > AT - 24 * HOUR)
    at = next((one.status for one in near if one.began <= AT and (one.ended is None or one.ended > AT)), None)
    return Standing(store, product_id, draw(some.sampled_from([None, 1, 2])), at, near)


@some.composite
def worlds(draw):
    """Two stores, their readings, our listings and their rows, of which some are about nothing that we know."""
    reads = {
        store: StoreRead(store, store, draw(some.booleans()) or store == "one", AT - HOUR / 2, again)
        for store, again in (
            ("one", draw(some.sampled_from([None, AT + HOUR]))),
            ("two", draw(some.sampled_from([None, AT + HOUR]))),
        )
    }
    keys = [(store, number) for store in reads for number in range(10)]
    here = {key: draw(standings(key)) for key in draw(some.sets(some.sampled_from(keys), max_size=14))}
    listed = draw(some.sampled_from(LISTS))
    rows = []
    for number in range(draw(some.integers(0, 14))):
        said = draw(some.sampled_from([None, None, *STATUSES[:4]]))
        what = draw(some.integers(0, 9))
        row = TheirRow(number + 1, "x", 1, status=said, note="not readable" if what == 0 else "")
        if what <= 2:
            rows.append(Named(row, None))
        elif what == 3:
            rows.append(Named(row, None, "three"))
        else:
            rows.append(Named(row, draw(some.sampled_from(keys))))
    return rows, here, listed, reads


@pytest.mark.slow
@settings(max_examples=examples(4000))
@given(worlds())
def test_each_difference_has_the_one_explanation_that_holds_first_and_the_sums_meet(world):
    rows, here, listed, reads = world
    plainly = Plainly(rows, here, listed, reads, AT)
    sides = compare(rows, here, listed, known={key: one.known for key, one in reads.items()})
    counts = Counter((key[0], standing.at) for key, standing in here.items() if standing.at)
    read = {key: one for key, one in reads.items() if one.known}
    found = explained(Evidence(AT, listed, sides, here, read, counts))

    assert set(sides.agreed) == plainly.agreed()
    assert sides.theirs == len(plainly.compared)
    assert sides.ours == len(plainly.ours)
    assert sides.theirs + sides.aside + sides.not_known == len(rows)
    assert sides.theirs + sum(step.delta for step in steps_of(found)) == sides.ours
    assert sum(step.count for step in steps_of(found)) == len(found) == len(sides.pairs)
    for one in found:
        assert (one.reason.why, one.reason.sure) == plainly.why(one), one
        assert one.delta == (one.ours in listed and one.kind in (Kind.ONLY_HERE, Kind.STATUS)) - (
            one.kind is not Kind.ONLY_HERE and not (one.theirs not in (None, *listed))
        )


@settings(max_examples=examples(1000))
@given(
    theirs=some.integers(0, 12),
    by_store=some.dictionaries(some.sampled_from(["one", "two"]), some.integers(1, 5)),
    others=some.dictionaries(some.sampled_from(STATUSES[:4]), some.integers(0, 6)),
    around=some.lists(some.integers(0, 12), max_size=3),
    variants=some.none() | some.integers(0, 12),
    waits=some.booleans(),
    listed=some.sampled_from(LISTS),
)
def test_a_typed_number_and_its_one_step_add_up_to_ours(theirs, by_store, others, around, variants, waits, listed):
    ours = sum(by_store.values())
    before = [(AT - HOUR, many) for many in around]
    counted = Counted(ours, by_store, {}, others, before, [], variants, waits)
    told = bridge(listed, theirs, counted)
    assert told.theirs + sum(step.delta for step in told.steps) == told.ours == ours
    assert len(told.steps) == (theirs != ours)
    assert not any(step.sure for step in told.steps)


def test_the_order_of_a_bridge_is_that_of_the_explanations():
    assert list(Why) == [Why.SCOPE, Why.MOVED, Why.NEWER, Why.GROUPING, Why.VARIANT, Why.UNEXPLAINED]
    assert steps_of([]) == ()
    assert Bridge((REJECTED,), 3, 3).steps == ()

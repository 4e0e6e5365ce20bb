"""What a comparison says of a real snapshot: read, moved, newer, apart, a row a variant, rounded, of another store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.clock import to_text
from aexdash.model import Status
from aexdash.platform_data import Detail, Sku
from aexdash.reconcile import examine
from aexdash.reconcile.examine import NotComparable
from aexdash.reconcile.kept import Reconciliations
from aexdash.reconcile.lists import of_text
from aexdash.reconcile.model import Kind, Outcome, TheirList, TheirRow, Why, from_json, to_json
from aexdash.snapshot.evidence.api import record_details
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, Store, shown

FIRST = 1005006000000001
FIVE = {FIRST: REJECTED, FIRST + 1: REJECTED, FIRST + 2: REJECTED, FIRST + 3: REJECTED, FIRST + 4: AUDITING}
ON_SALE = {FIRST + number: ACTIVE for number in range(10, 40)}
HELD = (REJECTED, AUDITING)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def five(store: Store) -> Store:
    """The five of the worked example: on sale an hour before noon, held at noon, read again since."""
    store.now -= HOUR
    store.sweep({**dict.fromkeys(FIVE, ACTIVE), **ON_SALE})
    store.after(hours=1).sweep({**FIVE, **ON_SALE})
    store.after(minutes=30).pulse(FIVE)
    return store


def listed(*ids: int, **statuses: Status) -> TheirList:
    rows = [TheirRow(number, str(one), one) for number, one in enumerate(ids, 2)]
    rows += [TheirRow(len(rows) + 2, name[1:], int(name[1:]), status=status) for name, status in statuses.items()]
    return TheirList("rejected.csv", tuple(rows))


def compared(store: Store, theirs: TheirList, at=NOON + MINUTE, statuses=HELD, scope=None):
    return examine.of_list(store.snapshot, theirs, listed=statuses, at=at, scope=scope, now=store.now)


def pulse(_store):
    """A minute, as where the settings say nothing."""
    return 60


def typed(store: Store, numbers, at=NOON + MINUTE):
    return examine.of_numbers(store.snapshot, numbers, at=at, scope=None, now=store.now, pulse=pulse)


def told(result):
    """Each difference in short: how it differs, the last digits of its id, why, whether that is sure."""
    return [
        (one.kind, one.product_id and one.product_id % 100, one.reason.why, one.reason.sure)
        for one in result.differences
    ]


def test_the_same_five_agree_and_say_when_our_side_was_read(five):
    result = compared(five, listed(*FIVE))
    assert (result.outcome, result.agreed, result.differs_by) == (Outcome.AGREES, 5, 0)
    [read] = result.stores
    assert (read.known, read.read_at, read.read_again_at) == (True, NOON, NOON + 30 * MINUTE)
    [bridge] = result.bridges
    assert (bridge.theirs, bridge.ours, bridge.steps) == (5, 5, ())


def test_a_moment_that_nobody_read_is_not_known_and_never_agrees(five):
    five.tolerance = timedelta(minutes=5)
    for at in (NOON - 3 * HOUR, NOON + 40 * timedelta(days=1)):
        five.now = max(five.now, at)
        result = compared(five, listed(*FIVE), at=at)
        assert (result.outcome, result.differences, result.not_known) == (Outcome.NOT_KNOWN, (), 5)
        assert result.bridges[0].ours is None
        numbers = typed(five, {HELD: 5}, at=at)
        assert (numbers.outcome, numbers.bridges[0].ours) == (Outcome.NOT_KNOWN, None)


def test_what_moved_before_is_moved_since_with_both_ends_of_the_move(five):
    result = compared(five, listed(*list(FIVE)[:4]))
    assert told(result) == [(Kind.ONLY_HERE, 5, Why.MOVED, True)]
    [one] = result.differences
    assert (one.reason.after, one.reason.by, one.reason.detail) == (
        NOON - HOUR - timedelta(seconds=5),
        NOON,
        "status auditing",
    )
    assert (result.outcome, one.title, one.ours) == (Outcome.EXPLAINED, f"Listing {FIRST + 4}", AUDITING)


def test_what_the_next_reading_shows_is_newer_with_both_times(five):
    five.after(minutes=30).pulse({**FIVE, FIRST + 20: REJECTED})
    result = compared(five, listed(*FIVE, FIRST + 20), at=NOON + 45 * MINUTE)
    assert told(result) == [(Kind.STATUS, 21, Why.NEWER, True)]
    [one] = result.differences
    assert (one.reason.after, one.reason.by) == (NOON + 30 * MINUTE, NOON + 60 * MINUTE)


def test_a_list_newer_than_the_last_reading_waits_and_is_told_by_the_next_one(five):
    result = compared(five, listed(*FIVE, FIRST + 20), at=five.now + MINUTE)
    assert told(result) == [(Kind.STATUS, 21, Why.NEWER, False)]
    assert result.outcome is Outcome.WAITING
    five.after(minutes=5).pulse(FIVE)
    later = examine.again(five.snapshot, result, five.now, pulse=pulse)
    assert told(later) == [(Kind.STATUS, 21, Why.UNEXPLAINED, True)]
    assert later.outcome is Outcome.UNEXPLAINED


def test_rejected_alone_beside_both_is_grouping(store):
    store.now -= timedelta(days=3)
    for _ in range(4):
        store.sweep({**FIVE, **ON_SALE})
        store.after(days=1)
    at = store.now - timedelta(days=1) - MINUTE
    result = compared(store, listed(*list(FIVE)[:4]), at=at)
    assert told(result) == [(Kind.ONLY_HERE, 5, Why.GROUPING, True)]
    apart = compared(store, listed(*list(FIVE)[:4], **{f"n{FIRST + 4}": REJECTED}), at=at)
    assert told(apart) == [(Kind.STATUS, 5, Why.GROUPING, True)]
    assert apart.bridges[0].theirs == apart.bridges[0].ours == 5
    number = typed(store, {HELD: 4, (REJECTED,): 4}, at=at)
    assert [[(step.why, step.delta) for step in one.steps] for one in number.bridges] == [[(Why.GROUPING, 1)], []]
    assert number.outcome is Outcome.POSSIBLE


def test_a_row_a_variant_counts_a_listing_once(five):
    detail = Detail(FIRST, REJECTED, "x", None, {}, (), (), (Sku("12000040000000001", "A", None, None),), None, None)
    record_details(five.db, five.id, [detail], five.now)
    result = compared(five, listed(*FIVE, 12000040000000001, FIRST + 1))
    assert told(result) == [(Kind.REPEATED, 1, Why.VARIANT, True), (Kind.REPEATED, 2, Why.VARIANT, True)]
    [bridge] = result.bridges
    assert (bridge.theirs, bridge.ours, [step.delta for step in bridge.steps]) == (7, 5, [-2])


def test_a_whole_list_without_statuses_covers_more_than_what_is_held(five):
    result = compared(five, listed(*FIVE, *ON_SALE))
    assert {why for _, _, why, _ in told(result)} == {Why.SCOPE}
    assert {one.reason.detail for one in result.differences} == {"status active"}
    assert (result.bridges[0].theirs, result.bridges[0].ours) == (35, 5)


def test_rows_of_other_statuses_are_set_aside_and_still_speak_for_their_listing(five):
    rows = {f"n{one}": status for one, status in {**FIVE, FIRST: ACTIVE, **ON_SALE}.items()}
    result = compared(five, listed(**rows), at=NOON + 29 * MINUTE)
    assert (result.aside, result.bridges[0].theirs, result.bridges[0].ours) == (31, 4, 5)
    assert told(result) == [(Kind.STATUS, 1, Why.MOVED, True)]


def test_a_category_that_is_missing_as_a_whole_is_a_filter(store):
    store.now -= timedelta(days=2)
    held = {one: shown(one, REJECTED, category_id=7 if one % 2 else 8) for one in range(FIRST, FIRST + 8)}
    store.sweep(held)
    store.after(days=1).sweep(held)
    store.after(days=1).sweep(held)
    result = compared(store, listed(*(one for one in held if one % 2)), at=store.now - HOUR)
    assert [(one.reason.why, one.reason.detail) for one in result.differences] == [(Why.SCOPE, "category 8")] * 4
    for number, name in ((7, "Bedding"), (8, "Home Textile")):
        store.db.execute(
            "INSERT INTO category (store_id, category_id, name, rules, read_at) VALUES (?, ?, ?, '[]', ?)",
            [store.id, number, name, to_text(store.now)],
        )
    named = compared(store, listed(*(one for one in held if one % 2)), at=store.now - HOUR)
    assert {one.reason.detail for one in named.differences} == {"category Home Textile (8)"}
    typed_in = typed(store, {HELD: 4}, at=store.now - HOUR)
    assert "category Bedding (7)" in {step.detail for step in typed_in.bridges[0].steps}


def test_a_list_of_a_few_of_many_is_no_filter_on_the_categories_that_it_has_not(store):
    """Of two ids among twelve in three categories, those of the others were said to be filtered away."""
    store.now -= timedelta(days=2)
    held = {one: shown(one, REJECTED, category_id=one % 3) for one in range(FIRST, FIRST + 12)}
    for _ in range(3):
        store.sweep(held)
        store.after(days=1)
    result = compared(store, listed(FIRST, FIRST + 3), at=store.now - timedelta(days=1, hours=1))
    assert {one.reason.why for one in result.differences} == {Why.UNEXPLAINED}


def test_of_many_categories_one_is_missing_by_chance(store):
    """Of sixty in twenty categories twenty are missing; in two lists of three nothing of one category is left so."""
    store.now -= timedelta(days=2)
    held = {FIRST + one: shown(FIRST + one, REJECTED, category_id=1 + one // 3) for one in range(60)}
    for _ in range(3):
        store.sweep(held)
        store.after(days=1)
    left = [FIRST + one for one in range(3, 60) if one % 3 or one // 3 > 17]
    result = compared(store, listed(*left), at=store.now - timedelta(days=1, hours=1))
    assert len(result.differences) == 20
    assert {one.reason.why for one in result.differences} == {Why.UNEXPLAINED}


def test_a_list_of_one_store_beside_two_leaves_out_the_other(five):
    two = Store(five.folder, key="two", now=NOON - HOUR)
    two.sweep({FIRST + 50: REJECTED})
    two.after(hours=1).sweep({FIRST + 50: REJECTED})
    two.after(minutes=30).pulse({FIRST + 50: REJECTED})
    result = compared(five, listed(*FIVE))
    assert [(one.reason.why, one.reason.detail) for one in result.differences] == [(Why.SCOPE, "store two")]
    other = compared(five, listed(*FIVE, FIRST + 50), scope=("main",))
    assert [(one.kind, one.reason.detail) for one in other.differences] == [(Kind.ONLY_THERE, "store two")]


def both(five: Store, *more: int) -> Store:
    """Another store, which has the last two listings of the five too, and some of its own."""
    two = Store(five.folder, key="two", now=NOON - HOUR)
    held = {FIRST + 3: REJECTED, FIRST + 4: AUDITING, **dict.fromkeys(more, REJECTED)}
    two.sweep(held)
    two.after(hours=1).sweep(held)
    two.after(minutes=30).pulse(held)
    return two


def test_an_id_in_two_stores_is_that_of_the_store_that_the_list_is_of_and_that_is_said(five):
    both(five, *range(FIRST + 50, FIRST + 53))
    result = compared(five, listed(*FIVE))
    assert result.agreed == 5
    assert {one.store for one in result.differences} == {"two"}
    assert result.notes == (
        "2 ids are in several of the stores, and taken as those of main, which most of the other rows name.",
    )
    of_two = compared(five, listed(FIRST + 50, FIRST + 51, FIRST + 3))
    assert {one.store for one in of_two.differences if one.kind is Kind.ONLY_HERE and one.product_id == FIRST + 3} == {
        "main"
    }


def test_an_id_in_two_stores_is_not_guessed_where_the_list_names_neither(five):
    both(five)
    result = compared(five, listed(FIRST + 3))
    assert (result.agreed, result.notes) == (0, ())
    [row] = [one for one in result.differences if one.row]
    assert row.reason.detail == "is in 2 of the stores: choose the one that the list is of"


def test_a_comparison_of_all_stores_says_nothing_once_another_store_is_among_them(five):
    kept = Reconciliations(five.desk_path)
    kept.keep(compared(five, listed(*FIVE)), by="ann")
    assert kept.beside_hero(None, five.now, ["main"])
    assert kept.beside_hero(None, five.now, ["main", "two"]) is None
    both(five)
    kept.keep(compared(five, listed(*FIVE)), by="ann")
    beside = kept.beside_hero(None, five.now, ["two", "main"])
    assert beside
    assert beside.number == 2


def test_of_a_store_that_nobody_read_then_nothing_is_said(five):
    two = Store(five.folder, key="two", now=NOON + 2 * HOUR)
    two.sweep({FIRST + 50: REJECTED})
    five.now = two.now
    result = compared(five, listed(*FIVE, FIRST + 50, FIRST + 99))
    assert (result.outcome, result.not_known, result.is_part, result.agreed) == (Outcome.PART, 2, True, 5)


def test_what_is_on_sale_is_known_for_a_day_after_it_was_read(five):
    asked = {"statuses": (ACTIVE,)}
    result = compared(five, listed(*ON_SALE), at=NOON + 20 * MINUTE, **asked)
    assert (result.outcome, result.stores[0].read_at) == (Outcome.AGREES, NOON)
    five.after(hours=23).pulse(FIVE)
    five.after(hours=2)
    late = compared(five, listed(*ON_SALE), at=NOON + 25 * HOUR, **asked)
    assert late.outcome is Outcome.NOT_KNOWN


def test_an_id_that_a_spreadsheet_rounded_is_taken_where_one_listing_fits_and_said(store):
    lost = 10050060000000123
    store.sweep({lost: REJECTED})
    store.after(minutes=5).pulse({lost: REJECTED})
    result = compared(store, listed(10050060000000100))
    assert (result.outcome, result.agreed) == (Outcome.AGREES, 1)
    assert result.notes == ("1 id was rounded by a spreadsheet, and taken as the one listing that fits each.",)


LOST = tuple(1005000021982305 + 17_337_453 * number for number in range(3))
"""Ids far apart, as those of a store are."""


def rounded(*ids):
    return listed(*(number // 10 * 10 for number in ids))


@pytest.mark.parametrize("scope", [("main",), None])
def test_a_rounded_id_is_that_of_the_store_that_is_compared_though_another_has_it_too(store, scope):
    """A store that was archived, or the same goods in two stores: their ids fit as well."""
    further = LOST[0] + 10**9
    for key, ids in (("main", (*LOST, further)), ("two", LOST)):
        one = Store(store.folder, key=key, now=NOON - HOUR)
        for minutes in (60, 30):
            one.sweep(dict.fromkeys(ids, REJECTED))
            one.after(minutes=minutes)
    store.now = one.now
    result = compared(store, rounded(*LOST, further), scope=scope)
    assert [one.product_id for one in result.differences if one.row] == []
    assert (result.agreed, result.notes[0]) == (
        4,
        "4 ids were rounded by a spreadsheet, and taken as the one listing that fits each.",
    )


def test_a_rounded_id_that_several_listings_fit_or_none_says_so_and_agrees_with_nothing(store):
    there = (LOST[0] // 10 * 10, LOST[0], LOST[1])
    for _ in range(2):
        store.sweep(dict.fromkeys(there, REJECTED))
        store.after(minutes=30)
    result = compared(store, rounded(*LOST))
    assert result.agreed == 1
    assert [(one.kind, one.reason.detail) for one in result.differences if one.row] == [
        (Kind.UNREADABLE, f"looks rounded by a spreadsheet, and {fit}: export the ids anew, as text")
        for fit in ("2 listings fit", "no listing fits")
    ]
    by_chance = compared(store, listed(LOST[1], LOST[2] // 10 * 10))
    assert [one.kind for one in by_chance.differences if one.row] == [Kind.ONLY_THERE]


def test_rows_that_name_nothing_are_counted_and_say_what_is_wrong(five):
    result = compared(five, of_text("\n".join(map(str, FIVE)) + "\n1.00501E+15"))
    [one] = result.differences
    assert (one.kind, one.reason.why, result.bridges[0].theirs) == (Kind.UNREADABLE, Why.UNEXPLAINED, 6)
    assert "does not show all digits" in one.reason.detail


@pytest.mark.parametrize(
    ("number", "why"),
    [(0, Why.MOVED), (6, Why.NEWER), (35, Why.SCOPE), (4, Why.GROUPING), (77, Why.UNEXPLAINED)],
)
def test_a_number_has_a_bridge_to_ours_that_only_would_explain_it(five, number, why):
    five.after(minutes=30).pulse({**FIVE, FIRST + 20: REJECTED})
    result = typed(five, {HELD: number})
    [bridge] = result.bridges
    [step] = bridge.steps
    assert (step.why, step.sure, bridge.theirs + step.delta, bridge.ours) == (why, False, 5, 5)
    assert result.outcome is (Outcome.UNEXPLAINED if why is Why.UNEXPLAINED else Outcome.POSSIBLE)


def test_a_number_waits_for_the_next_reading_only_where_ours_was_overdue(five):
    for late, outcome, why in (
        (timedelta(seconds=30), Outcome.UNEXPLAINED, Why.UNEXPLAINED),
        (2 * MINUTE, Outcome.UNEXPLAINED, Why.UNEXPLAINED),
        (3 * MINUTE, Outcome.WAITING, Why.NEWER),
    ):
        at = NOON + 30 * MINUTE + late
        five.now = at
        result = typed(five, {HELD: 77}, at=at)
        assert [step.why for step in result.bridges[0].steps] == [why]
        assert (result.outcome, result.differs_by) == (outcome, 72)


def test_the_same_number_agrees_though_no_id_was_compared(five):
    result = typed(five, {(REJECTED,): 4, (AUDITING,): 1})
    assert (result.outcome, result.numbers, result.differs_by) == (Outcome.AGREES, True, 0)


def test_a_list_as_long_as_a_page_is_asked_about(store):
    held = dict.fromkeys(range(FIRST, FIRST + 25), REJECTED)
    store.sweep(held)
    store.after(minutes=5).pulse(held)
    result = compared(store, listed(*list(held)[:20]))
    assert result.notes == ("The list has exactly 20 rows: is it one page of several?",)


def test_what_cannot_be_compared_is_said(five):
    with pytest.raises(NotComparable, match="lies ahead of this clock"):
        compared(five, listed(*FIVE), at=five.now + HOUR)
    with pytest.raises(NotComparable, match="no row that names a listing"):
        compared(five, listed())
    with pytest.raises(NotComparable, match="no number to compare"):
        typed(five, {})


def test_a_list_of_which_nearly_nothing_is_what_was_chosen_is_refused(five, monkeypatch):
    monkeypatch.setattr(examine, "MOST_DIFFERENCES", 29)
    with pytest.raises(NotComparable, match="30 rows and listings differ"):
        compared(five, listed(*FIVE, *ON_SALE))


def test_a_comparison_is_kept_as_it_was_made_and_the_newest_of_what_is_held_stands_beside_the_hero(five):
    kept = Reconciliations(five.desk_path)
    assert kept.beside_hero(None, five.now) is None
    result = compared(five, listed(*FIVE, FIRST + 20))
    number = kept.keep(result, by="ann")
    assert kept.get(number) == result == from_json(to_json(result))
    assert kept.get(number + 1) is None
    beside = kept.beside_hero(None, five.now)
    assert beside
    assert (beside.number, beside.by, beside.outcome, beside.differs_by) == (1, "ann", result.outcome, 1)
    kept.keep(compared(five, listed(*list(FIVE)[:4]), statuses=(REJECTED,)), by="")
    assert kept.beside_hero(None, five.now) == beside
    assert kept.beside_hero(("main",), five.now) is None
    assert kept.beside_hero(None, NOON) is None
    assert kept.beside_hero(None, NOON + 25 * HOUR) is None
    assert [one.number for one in kept.latest(9)] == [2, 1]

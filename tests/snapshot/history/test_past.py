"""The past of what is held: the books of any span with the listings behind them, ages, regressions, jumps."""

from __future__ import annotations

import itertools
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.clock import to_text
from aexdash.model import HELD, Provenance, Reason, Status
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.snapshot.history.facts import (
    ENTERING,
    LEAVING,
    AgeBand,
    Between,
    Books,
    Flow,
    Jump,
    Moved,
    Regression,
    TimeToClear,
)
from aexdash.statement import Claim
from aexdash.storage.one_state import one_state
from aexdash.view import View
from tests.cards.story import Story, stories
from tests.snapshot.recording.test_books import HISTORY, Journal, Planned, planned_runs
from tests.snapshot.store import ACTIVE, AUDITING, DELETED, NOON, OFFLINE, REJECTED, Store, shown
from tests.support import examples

SPANS = settings(HISTORY, max_examples=examples(20))
"""Fewer stores than elsewhere: of each, every span between two moments is looked at."""

DAY = timedelta(days=1)
TICK = timedelta(milliseconds=1)
ALL = 1_000

TEN = dict.fromkeys(range(1, 11), ACTIVE)


def flows(**counts: int) -> dict[Flow, int]:
    """Every flow, those not named being zero."""
    return {flow: counts.get(flow.value, 0) for flow in Flow}


@pytest.fixture
def march(store: Store) -> Store:
    """Ten listings on sale on 8 March; on the 9th four are rejected and one is in audit; all but one are cleared."""
    store.after(days=-1).sweep(TEN)
    store.after(days=1).sweep(TEN | dict.fromkeys(range(1, 5), REJECTED) | {5: AUDITING})
    store.after(days=1).pulse(dict.fromkeys(range(1, 5), AUDITING) | {5: AUDITING})
    store.after(days=1).sweep(TEN | {1: AUDITING, 2: REJECTED, 3: shown(3, OFFLINE)})
    return store


@pytest.mark.parametrize(
    ("days", "opening", "counts", "closing"),
    [
        ((-1, 0), 0, {"rejected": 4, "auditing": 1}, 5),
        ((0, 1), 5, {"stayed": 4}, 5),
        ((1, 2), 5, {"stayed": 1, "active": 2, "offline": 1}, 2),
        ((-1, 2), 0, {"rejected": 4, "auditing": 1, "stayed": 5, "active": 2, "offline": 1}, 2),
        ((-9, 9), 0, {"rejected": 4, "auditing": 1, "stayed": 5, "active": 2, "offline": 1}, 2),
        ((1, 1), 5, {}, 5),
    ],
)
def test_the_books_of_each_day_and_of_all_of_them(march, days, opening, counts, closing) -> None:
    start, end = (NOON + timedelta(days=day) for day in days)
    books = march.snapshot.past(None).books(start, end)
    assert books == Books(start, end, opening, closing, flows(**counts), {"main": NOON - DAY})


def test_behind_each_bar_are_its_listings_as_they_were_then(march: Store) -> None:
    past = march.snapshot.past("main")
    start, end = NOON - DAY, NOON + 2 * DAY
    assert past.moved(Flow.AUDITING, start, end, ALL) == [
        Moved("main", 5, "Listing 5", ACTIVE, AUDITING, NOON, NOON, 0, ())
    ]
    gone = NOON + 2 * DAY
    assert past.moved(Flow.OFFLINE, start, end, ALL) == [
        Moved("main", 3, "Listing 3", AUDITING, OFFLINE, gone, gone - TICK, 1, ())
    ]
    assert [move.product_id for move in past.moved(Flow.REJECTED, start, end, 2, 1)] == [3, 2]
    assert [move.product_id for move in past.every_move(Flow.STAYED, start, end)] == [2, 4, 3, 2, 1]


def test_what_differs_between_two_moments_is_told_as_it_stood_at_them(march: Store) -> None:
    past = march.snapshot.past(None)
    start, end = NOON, NOON + 2 * DAY
    assert past.between(start, end) == {Between.CAME: 0, Between.GONE: 3}
    assert past.differing(Between.GONE, start, end, ALL) == [
        Moved("main", 5, "Listing 5", AUDITING, ACTIVE, end, start, 0, ()),
        Moved("main", 4, "Listing 4", REJECTED, ACTIVE, end, start, 1, ()),
        Moved("main", 3, "Listing 3", REJECTED, OFFLINE, end, start, 1, ()),
    ]
    assert past.differing(Between.CAME, NOON - DAY, end, 1, 1) == [
        Moved("main", 1, "Listing 1", REJECTED, AUDITING, NOON + DAY, end, 1, ())
    ]
    assert list(past.every_difference(Between.GONE, NOON - DAY, end)) == []


def test_what_was_held_when_we_first_looked_is_a_flow_of_its_own(store: Store) -> None:
    store.sweep({1: REJECTED, 2: AUDITING, 3: ACTIVE})
    store.after(hours=1).sweep({1: REJECTED, 2: AUDITING, 3: ACTIVE, 4: AUDITING})
    books = store.snapshot.past(None).books(NOON - DAY, store.now)
    assert books == Books(NOON - DAY, store.now, 0, 3, flows(first_seen=2, auditing=1), {"main": NOON})
    assert (books.first_seen, books.entered, books.left) == (2, 1, 0)


def test_the_books_of_a_span_before_the_first_run_are_empty_and_say_since_when_something_is_known(march: Store) -> None:
    start, end = NOON - 300 * DAY, NOON - 200 * DAY
    assert march.snapshot.past(None).books(start, end) == Books(start, end, 0, 0, flows(), {"main": NOON - DAY})
    assert march.snapshot.past(None).between(start, end) == {Between.CAME: 0, Between.GONE: 0}
    assert march.snapshot.past("nobody").books(start, NOON) == Books(start, NOON, 0, 0, flows(), {})


def test_a_store_connected_half_a_year_later_brings_what_it_held_as_first_seen(march: Store) -> None:
    later = Store(march.folder, key="second", now=NOON + 180 * DAY)
    later.sweep({1: REJECTED, 90: AUDITING})
    books = march.snapshot.past(("main", "second")).books(NOON + DAY, later.now)
    assert books == Books(
        NOON + DAY,
        later.now,
        5,
        4,
        flows(first_seen=2, stayed=1, active=2, offline=1),
        {"main": NOON - DAY, "second": later.now},
    )
    came = march.snapshot.past(None).differing(Between.CAME, NOON + DAY, later.now, ALL)
    assert [(move.store, move.product_id) for move in came] == [("second", 90), ("second", 1)]


def test_the_spike_of_38_is_one_bar_and_its_listings_are_38(store: Store) -> None:
    many = dict.fromkeys(range(1, 101), ACTIVE)
    store.sweep(many)
    store.after(hours=6).sweep(many | dict.fromkeys(range(1, 39), REJECTED))
    spike = store.now
    store.after(hours=6).sweep(many)
    past = store.snapshot.past(None)
    books = past.books(NOON, store.now)
    assert (books.opening, books.closing, books.flows) == (0, 0, flows(rejected=38, active=38))
    assert {move.product_id for move in past.every_move(Flow.REJECTED, NOON, store.now)} == set(range(1, 39))
    assert past.between(NOON, store.now) == {Between.CAME: 0, Between.GONE: 0}
    assert past.between(NOON, spike) == {Between.CAME: 38, Between.GONE: 0}
    assert past.last_jump(store.now) == Jump(spike, 0, 38, spike - TICK)


def test_a_clock_that_went_back_between_two_syncs_loses_no_move(store: Store) -> None:
    store.sweep(TEN)
    store.after(hours=-3).sweep(TEN | {1: REJECTED})
    store.sweep(TEN)
    past = store.snapshot.past(None)
    assert past.books(NOON, NOON + TICK).flows == flows(rejected=1)
    assert past.books(NOON + TICK, NOON + 2 * TICK).flows == flows(active=1)
    [move] = past.moved(Flow.ACTIVE, NOON, NOON + DAY, ALL)
    assert (move.at, move.held_at) == (NOON + 2 * TICK, NOON + TICK)
    assert store.snapshot.count(View(as_of=move.held_at)) == 1


def test_a_listing_held_since_a_moment_later_than_the_clock_has_an_age(store: Store) -> None:
    store.sweep(TEN)
    store.after(hours=-3).sweep(TEN | {1: REJECTED})
    ages = store.snapshot.past(None).ages(None)
    assert ages[0] == AgeBand(0, 1, 1, 0, 0)


def test_ages_are_of_the_status_at_the_moment_and_say_what_may_be_older(store: Store) -> None:
    store.sweep({1: REJECTED, 2: ACTIVE, 3: ACTIVE, 4: ACTIVE})
    store.after(days=2).sweep({1: REJECTED, 2: AUDITING, 3: ACTIVE, 4: REJECTED})
    store.after(days=10).sweep({1: REJECTED, 2: AUDITING, 3: REJECTED, 4: ACTIVE})
    past = store.snapshot.past(None)
    assert past.ages(None) == [
        AgeBand(0, 1, 1, 0, 1),  # it came in days that nobody read, as 2 did
        AgeBand(1, 3, 0, 0, 0),
        AgeBand(3, 7, 0, 0, 0),
        AgeBand(7, 14, 1, 1, 2),
        AgeBand(14, 30, 0, 0, 0),
        AgeBand(30, None, 0, 0, 0),
    ]
    then = past.ages(NOON + timedelta(days=3))
    assert [(band.rejected, band.auditing, band.at_least) for band in then] == [
        (1, 1, 2),
        (1, 0, 1),  # two days at the last reading before
        (0, 0, 0),
        (0, 0, 0),
        (0, 0, 0),
        (0, 0, 0),
    ]


def test_a_rejection_that_was_not_the_first_says_what_came_before(store: Store) -> None:
    store.sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE})
    store.after(days=1).sweep({1: REJECTED, 2: REJECTED, 3: REJECTED})
    store.after(days=1).sweep({1: AUDITING, 2: ACTIVE, 3: ACTIVE})
    store.after(days=1).sweep({1: REJECTED, 2: REJECTED, 3: AUDITING})
    first = store.now
    store.after(days=1).sweep({1: ACTIVE, 2: REJECTED, 3: REJECTED})
    assert store.snapshot.past(None).regressions(NOON, store.now, ALL) == [
        Regression("main", 3, "Listing 3", "re_review", store.now, 2, (), True),
        Regression("main", 2, "Listing 2", "active", first, 2, (), True),
        Regression("main", 1, "Listing 1", "resubmitted", first, 2, (), False),
    ]
    assert [one.product_id for one in store.snapshot.past(None).regressions(NOON, first, 1, 1)] == [1]


def test_times_to_clear_are_of_all_and_of_each_reason_and_only_of_what_we_saw_begin(store: Store) -> None:
    every = dict.fromkeys(range(1, 7), ACTIVE)
    store.sweep(every | {6: REJECTED})
    store.after(days=1).sweep(dict.fromkeys(range(1, 7), REJECTED))
    begun, trademark = store.now, Reason("ip.trademark", Provenance.PLATFORM)
    ratio = Reason("image.ratio", Provenance.CHECK)
    said = {1: [trademark], 2: [ratio, trademark], 3: [trademark], 5: [trademark], 6: [trademark]}
    periods = open_period_ids(store.db, store.id, said)
    for one, reasons_given in said.items():
        record_reasons(store.db, periods[one], reasons_given, {Provenance.CHECK, Provenance.PLATFORM}, store.now)
    still = dict.fromkeys(range(1, 7), REJECTED)
    for days, one in ((1, 1), (1, 2), (2, 4), (2, 3), (1, 6)):
        for _ in range(1, days):
            store.after(days=1).sweep(still)
        still[one] = ACTIVE
        store.after(days=1).sweep(still)
    store.after(days=1).sweep({**every, 5: shown(5, OFFLINE)})
    past = store.snapshot.past(None)
    assert past.times_to_clear(begun, store.now) == [
        TimeToClear("", 4, 3 * 86400, 6 * 86400),
        TimeToClear("ip.trademark", 3, 2 * 86400, 6 * 86400),
        TimeToClear("image.ratio", 1, 2 * 86400, 2 * 86400),
        TimeToClear("unknown", 1, 4 * 86400, 4 * 86400),
    ]
    assert [time.spells for time in past.times_to_clear(begun + DAY, begun + 4 * DAY)] == [2, 1, 1, 1]
    assert past.times_to_clear(begun + 9 * DAY, store.now) == []


def test_what_came_or_went_while_nobody_read_has_no_time_to_clear(store: Store) -> None:
    store.sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE})
    begun = store.now
    store.after(days=1).sweep({1: ACTIVE, 2: REJECTED, 3: REJECTED})
    store.after(days=1).sweep({1: ACTIVE, 2: ACTIVE, 3: REJECTED})
    store.after(days=8).sweep({1: REJECTED, 2: ACTIVE, 3: ACTIVE})
    store.after(days=1).sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE})
    (alone,) = (time for time in store.snapshot.past(None).times_to_clear(begun, store.now) if not time.code)
    assert alone == TimeToClear("", 1, 86400, 86400)


def test_neither_a_first_reading_nor_a_store_that_joins_is_a_jump(store: Store) -> None:
    many = dict.fromkeys(range(1, 101), ACTIVE)
    store.sweep(many | dict.fromkeys(range(1, 6), REJECTED))
    assert store.snapshot.past(None).last_jump(store.now) is None
    store.after(days=1).sweep(many | dict.fromkeys(range(1, 20), REJECTED))
    store.after(days=1).sweep(many | dict.fromkeys(range(1, 65), REJECTED))
    real = Jump(store.now, 19, 64, store.now - TICK)
    late = Store(store.folder, key="late", now=store.now + DAY)
    late.sweep(dict.fromkeys(range(1, 196), REJECTED))
    assert late.snapshot.past(None).last_jump(late.now) == real
    late.db.close()


def test_the_moment_before_a_jump_is_one_that_was_read(store: Store) -> None:
    store.sweep(TEN)
    store.after(days=5).sweep(TEN | dict.fromkeys(range(1, 8), REJECTED))
    assert store.snapshot.past(None).last_jump(store.now) == Jump(store.now, 0, 7, NOON + DAY)


def test_the_moments_around_one_are_those_at_which_something_else_was_held(store: Store) -> None:
    store.sweep(TEN | {1: REJECTED})
    store.after(hours=1).sweep(TEN | {1: REJECTED})
    store.after(hours=1).sweep(TEN | {1: AUDITING})
    moved = store.now
    store.after(days=5).sweep(TEN)
    cleared = store.now
    past = store.snapshot.past(None)
    assert past.changes_around(NOON - DAY) == (None, moved)
    assert past.changes_around(NOON) == (None, moved)
    assert past.changes_around(moved) == (moved - TICK, cleared)
    assert past.changes_around(moved - TICK) == (None, moved)
    assert past.changes_around(cleared + DAY) == (moved + DAY, None)  # up to then the reading before it speaks


def test_a_store_that_joins_is_no_change_to_go_to(store: Store) -> None:
    store.sweep(TEN)
    store.after(hours=2).sweep(TEN | {1: REJECTED})
    changed = store.now
    late = Store(store.folder, key="late", now=store.now + timedelta(hours=1))
    late.sweep({1: REJECTED, 2: AUDITING})
    assert late.snapshot.past(None).changes_around(late.now) == (changed - TICK, None)
    assert late.snapshot.past(None).changes_around(NOON) == (None, changed)
    assert late.snapshot.past("late").changes_around(late.now + DAY) == (None, None)
    late.db.close()


def test_a_moment_in_a_hole_says_between_which_readings_it_lies(store: Store) -> None:
    store.sweep(TEN | {1: REJECTED})
    store.after(days=4).sweep(TEN | {1: REJECTED, 2: REJECTED})
    books = store.snapshot.past(None).books(NOON + 2 * DAY, store.now)
    [opening] = books.opening_reach.readings
    assert (opening.read_at, opening.read_again_at, books.opening_reach.read) == (NOON, store.now, ())
    assert (books.opening, books.entered, books.closing) == (1, 1, 2)
    assert (books.closing_reach.claim, books.closing_reach.unread) == (Claim.AT_LEAST, 2 * DAY)


def test_a_store_connected_within_the_span_is_asked_for_no_time_before(store: Store) -> None:
    store.sweep({1: REJECTED})
    books = store.snapshot.past(None).books(NOON - 3 * DAY, NOON)
    assert (books.begun, books.connected, books.first_seen, books.entered) == (False, {"main": NOON}, 1, 0)
    assert books.closing_reach.claim is Claim.KNOWN
    assert store.snapshot.past(None).reach(NOON - 3 * DAY, NOON).unread == 3 * DAY


def test_a_jump_is_five_more_and_a_tenth_more_and_no_older_than_thirty_days(store: Store) -> None:
    many = dict.fromkeys(range(1, 201), ACTIVE)
    store.sweep(many)
    store.after(days=1).sweep(many | dict.fromkeys(range(1, 5), REJECTED))
    assert store.snapshot.past(None).last_jump(store.now) is None
    store.after(days=1).sweep(many | dict.fromkeys(range(1, 101), REJECTED))
    jumped = store.now
    store.after(days=1).sweep(many | dict.fromkeys(range(1, 107), REJECTED))
    past = store.snapshot.past(None)
    assert past.last_jump(store.now) == Jump(jumped, 4, 100, jumped - TICK)
    assert past.last_jump(jumped - TICK) is None
    assert past.last_jump(jumped + 31 * DAY) is None


reasons = st.lists(
    st.tuples(
        st.sampled_from(["image.ratio", "ip.trademark", "title.empty"]),
        st.sampled_from([Provenance.CHECK, Provenance.PLATFORM]),
    ),
    max_size=3,
)
told = st.lists(st.tuples(st.integers(-7200, 7200), reasons), min_size=1, max_size=5)


@pytest.mark.slow
@SPANS
@given(told)
def test_reasons_and_advice_at_any_moment_are_those_recorded_by_then(said: list[tuple[int, list]]) -> None:
    """Also where what was said came with a clock that went back: the listing's row and the counts agree with it."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.sweep({1: REJECTED})
        [period] = open_period_ids(store.db, store.id, [1]).values()
        moments, at = [NOON], NOON
        for seconds, given_reasons in said:
            at += timedelta(seconds=seconds)
            found = [Reason(code, by) for code, by in dict.fromkeys(given_reasons)]
            record_reasons(store.db, period, found, {Provenance.CHECK, Provenance.PLATFORM}, at)
            moments.append(at)
        store.now = max(moments) + DAY
        store.sweep({1: ACTIVE})
        for moment in {moment + off for moment in moments for off in (-TICK, timedelta(), TICK)}:
            if moment >= NOON:
                check_reasons(store, moment)
        store.db.close()


def check_reasons(store: Store, at: datetime) -> None:
    rows = store.rows("SELECT code, provenance, first_seen_at, vanished_at FROM listing_reason")
    text = to_text(at)
    stood = {(str(code), str(by)) for code, by, first, gone in rows if str(first) <= text < str(gone)}
    [row] = store.snapshot.rows(View(as_of=at))
    assert {(reason.code, reason.provenance.value) for reason in row.reasons} == stood
    counted = {
        (count.code, word.value) for count in store.snapshot.reason_counts(View(as_of=at)) for word in count.provenance
    }
    assert counted == stood
    advice = [facet.value for facet in store.snapshot.facets(View(as_of=at))["resubmit"]]
    assert advice == ([row.resubmit.value] if row.resubmit else [])


@pytest.mark.slow
@SPANS
@given(st.lists(planned_runs(), min_size=1, max_size=6))
def test_the_books_of_any_span_balance_and_the_lists_are_the_difference_of_the_two_worklists(
    runs: list[Planned],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder))
        for planned in runs:
            journal.run(planned)
        around = sorted({moment + off for moment in journal.ledger.moments for off in (-TICK, timedelta())})
        for start in around:
            for end in around:
                if start <= end:
                    check_span(journal, start, end)
        journal.store.db.close()


@pytest.mark.slow
@SPANS
@given(stories)
def test_the_books_balance_also_where_a_store_joins_and_where_nobody_read(
    said: list[tuple[str, int, dict[int, tuple[Status, str | None]]]],
) -> None:
    """What was there at a first reading is first seen; entered is only what an earlier reading did not show."""
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder))
        for key, hours, moved in said:
            story.read(key, hours, moved)
        moments = sorted({at for read in story.readings.values() for at in read})
        around = sorted({moment + off for moment in moments for off in (-TICK, timedelta(), DAY + TICK)})
        spans = [*itertools.pairwise(around), *zip(around, around[3:], strict=False)]
        for start, end in [*spans, (around[0] - DAY, around[-1])]:
            check_joined(story, start, end)
        story.close()


@one_state()
def check_joined(story: Story, start: datetime, end: datetime) -> None:
    books = next(iter(story.stores.values())).snapshot.past(None).books(start, end)
    assert books.opening + books.first_seen + books.entered - books.left == books.closing
    held = [stay for stay in story.stays if stay.status in HELD]
    assert books.opening == sum(stay.at(start) for stay in held)
    assert books.closing == sum(stay.at(end) for stay in held)
    came = [stay for stay in held if start < stay.start <= end]
    before = {(stay.store, stay.listing, stay.end) for stay in held}
    assert books.first_seen == sum(not stay.seen for stay in came)
    assert books.entered == sum(stay.seen and (stay.store, stay.listing, stay.start) not in before for stay in came)
    for at, reach in ((start, books.opening_reach), (end, books.closing_reach)):
        assert {one.store for one in reach.read} == story.covered(at).keys()
    assert books.connected == {key: at for key, at in story.connected.items() if start < at <= end}


@one_state()
def check_span(journal: Journal, start: datetime, end: datetime) -> None:
    """Everything that is asked of a span, beside a plain recomputation from the ledger."""
    past, ledger = journal.store.snapshot.past(None), journal.ledger
    before, after = ledger.held(start), ledger.held(end)
    books = past.books(start, end)
    assert (books.opening, books.closing, books.flows) == (len(before), len(after), plain_flows(journal, start, end))
    assert books.opening + books.first_seen + books.entered - books.left == books.closing
    for flow in Flow:
        listings = list(past.every_move(flow, start, end))
        assert len(listings) == books.flows[flow]
        assert all(start < move.at <= end and move.product_id in ledger.held(move.held_at) for move in listings)
    assert {move.product_id for move in past.every_difference(Between.CAME, start, end)} == after - before
    gone = {move.product_id: move.status_to for move in past.every_difference(Between.GONE, start, end)}
    there = ledger.statuses(end)
    assert gone == {one: there[one] for one in before - after}


def plain_flows(journal: Journal, start: datetime, end: datetime) -> dict[Flow, int]:
    """Go through all periods of the ledger one by one."""
    counts = flows()
    for period in [period for periods in journal.ledger.periods.values() for period in periods]:
        if period.status not in HELD:
            continue
        if start < period.started_at <= end:
            first = period.came_from is None and period.started_after is None
            stayed = period.came_from in HELD
            counts[Flow.STAYED if stayed else Flow.FIRST_SEEN if first else Flow(period.status.value)] += 1
        if period.ended_at and start < period.ended_at <= end and period.ended_to not in HELD:
            counts[Flow(str(period.ended_to))] += 1
    return counts


def test_every_way_in_or_out_is_a_flow() -> None:
    assert {*ENTERING, *LEAVING, Flow.FIRST_SEEN, Flow.STAYED} == set(Flow)
    assert {flow.value for flow in LEAVING} == {status.value for status in Status if status not in HELD}
    assert DELETED in {Status(flow.value) for flow in LEAVING}


def test_a_reading_by_a_clock_that_was_put_back_speaks_no_longer_than_any_other(tmp_path):
    """Its moment lies after that of the reading before, two days ahead; nobody has read in these two days."""
    store = Store(tmp_path, tolerance=timedelta(hours=1))
    store.sweep({1: REJECTED})
    store.after(hours=-48).sweep({1: REJECTED})
    store.after(hours=48, minutes=30)
    hero = store.snapshot.hero(View())
    assert (hero.held, hero.reach.claim) == (1, Claim.NOT_READ_SINCE)
    store.sweep({1: REJECTED})
    assert store.snapshot.hero(View()).reach.claim is Claim.KNOWN

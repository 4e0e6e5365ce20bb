"""Ages are those of the spell, end with the last reading, and say where the beginning was not seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.cards import CARDS
from aexdash.clock import to_text
from aexdash.model import HELD, Status
from aexdash.snapshot.history.facts import AgeBand
from aexdash.snapshot.migrations import m0004_spells
from aexdash.snapshot.readmodels import WorkRow
from aexdash.storage.one_state import one_state
from aexdash.view import AGES, ORDERS, View
from tests.snapshot.store import ACTIVE, AUDITING, NOON, OFFLINE, REJECTED, Store, shown
from tests.support import examples

DAY = timedelta(days=1)
LONG_UNREAD = timedelta(days=11)


SPANS = (
    ("5d", 5 * DAY, None),
    ("36h", 1.5 * DAY, None),
    ("-2d", timedelta(), 2 * DAY),
    ("36h-12d", 1.5 * DAY, 12 * DAY),
)
"""Ages that nobody is offered, with from how long on and below how long they are."""


def rows(store: Store, **view: object) -> dict[int, WorkRow]:
    return {row.product_id: row for row in store.snapshot.rows(View(**view))}  # type: ignore[arg-type]


def order_of(store: Store, order: str, **view: object) -> list[int]:
    return list(rows(store, order=order, **view))


@pytest.fixture
def bounced(store: Store) -> Store:
    """Listing 1 was held for 69 days over four rejections, listing 2 for the last six; 3 was never held."""
    store.sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE})
    for status in (REJECTED, AUDITING, REJECTED, AUDITING, REJECTED, AUDITING):
        store.after(days=10.5).sweep({1: status, 2: ACTIVE, 3: ACTIVE})
    store.after(days=10.3).sweep({1: REJECTED, 2: REJECTED, 3: ACTIVE})
    store.after(days=6.2).sweep({1: REJECTED, 2: REJECTED, 3: ACTIVE})
    return store


def test_a_listing_that_bounced_is_as_old_as_its_spell(bounced: Store) -> None:
    row = rows(bounced)[1]
    assert (row.age, row.in_status) == (timedelta(days=69), timedelta(days=6.2))
    assert (row.held_since, row.held_after) == (NOON + timedelta(days=10.5), NOON - timedelta(seconds=5))
    assert (list(rows(bounced, age="30d")), list(rows(bounced, age="3d"))) == ([1], [1, 2])
    assert [(facet.value, facet.listings) for facet in bounced.snapshot.facets(View())["age"]] == [
        ("1d", 2),
        ("3d", 2),
        ("7d", 1),
        ("30d", 1),
    ]
    assert (order_of(bounced, "oldest"), order_of(bounced, "newest")) == ([1, 2], [2, 1])
    assert [(band.least, band.rejected) for band in bounced.snapshot.past(None).ages(None) if band.rejected] == [
        (3, 1),
        (30, 1),
    ]


def test_a_resubmission_changes_only_since_when_it_is_in_its_status(bounced: Store) -> None:
    before = rows(bounced)[1]
    bounced.after(days=1).sweep({1: AUDITING, 2: REJECTED, 3: ACTIVE})
    after = rows(bounced)[1]
    assert (after.held_since, after.held_after) == (before.held_since, before.held_after)
    assert (after.started_at, after.in_status, after.age) == (bounced.now, timedelta(), timedelta(days=70))
    assert (order_of(bounced, "oldest"), order_of(bounced, "in_status")) == ([1, 2], [2, 1])
    assert order_of(bounced, "moved") == [1, 2]


def test_leaving_ends_the_spell_and_the_next_is_as_young_as_it_is(bounced: Store) -> None:
    bounced.after(days=1).sweep({1: ACTIVE, 2: REJECTED, 3: ACTIVE})
    bounced.after(days=1).sweep({1: REJECTED, 2: REJECTED, 3: ACTIVE})
    assert (rows(bounced)[1].held_since, rows(bounced)[1].age) == (bounced.now, timedelta())


def test_a_past_worklist_has_the_ages_of_then(bounced: Store) -> None:
    then = NOON + timedelta(days=21)
    row = rows(bounced, as_of=then)[1]
    assert (row.status, row.age, row.in_status) == (AUDITING, timedelta(days=10.5), timedelta())
    assert list(rows(bounced, as_of=then, age="7d")) == [1]
    assert list(rows(bounced, as_of=then, age="30d")) == []


def test_between_two_readings_a_past_age_is_that_of_the_last_one_before(bounced: Store) -> None:
    then = NOON + timedelta(days=21)
    assert rows(bounced, as_of=then + 9 * DAY)[1].age == rows(bounced, as_of=then)[1].age == timedelta(days=10.5)


def test_a_beginning_that_nobody_saw_is_at_least(store: Store) -> None:
    store.sweep({1: REJECTED, 2: ACTIVE})
    store.after(days=1).sweep({1: AUDITING, 2: REJECTED})
    store.after(days=1).sweep({1: REJECTED, 2: REJECTED})
    found = rows(store)
    assert [(row.at_least, row.age) for row in found.values()] == [(True, 2 * DAY), (False, DAY)]
    assert found[1].started_after is not None  # it was seen to come into this status, not to become held
    assert store.snapshot.hero(View()).at_least
    assert [band for band in store.snapshot.past(None).ages(None) if band.rejected] == [AgeBand(1, 3, 2, 0, 1)]


def test_what_came_to_be_held_while_nobody_read_may_have_been_for_longer(store: Store) -> None:
    """Hero and rows once said *since*, as if somebody had seen it begin: the store was not read for eleven days."""
    store.sweep({1: ACTIVE, 2: ACTIVE})
    store.after(days=11).sweep({1: REJECTED, 2: ACTIVE})
    gap = store.now
    store.after(hours=1).sweep({1: REJECTED, 2: AUDITING})
    found = rows(store)
    assert [(row.held_since, row.at_least, row.in_status_at_least) for row in found.values()] == [
        (gap, True, True),
        (store.now, False, False),
    ]
    hero = store.snapshot.hero(View())
    assert (hero.since, hero.at_least) == (gap, True)
    assert store.snapshot.hero(View(as_of=gap)).at_least
    youngest = store.snapshot.past(None).ages(None)[0]
    assert (youngest.rejected, youngest.auditing, youngest.at_least) == (1, 1, 1)
    assert (list(rows(store, age="-3d")), store.snapshot.since_not_known(View(age="7d"))) == ([2], 1)
    assert store.snapshot.since_not_known(View(age="30d")) == 0  # nobody read for eleven days, no longer
    store.after(hours=1).sweep({1: ACTIVE, 2: AUDITING})
    assert store.snapshot.hero(View()).at_least  # without a break since the gap
    store.after(hours=1).sweep({1: ACTIVE, 2: ACTIVE})
    store.after(hours=1).sweep({1: REJECTED, 2: ACTIVE})
    assert (store.snapshot.hero(View()).at_least, rows(store)[1].at_least) == (False, False)


def test_a_store_that_nobody_read_for_a_while_may_have_held_something_before_the_others_did(store: Store) -> None:
    store.sweep({1: ACTIVE})
    silent = Store(store.folder, key="silent", now=store.now)
    silent.sweep({7: ACTIVE})
    store.after(days=5).sweep({1: ACTIVE})
    store.after(hours=1).sweep({1: REJECTED})
    since = store.now
    assert not store.snapshot.hero(View(store="main")).at_least
    silent.after(days=6).sweep({7: REJECTED})
    both = silent.snapshot.hero(View())
    assert (both.since, both.at_least) == (since, True)
    assert not silent.snapshot.hero(View(as_of=since)).at_least


def test_of_two_held_from_one_moment_on_the_one_that_may_be_older_comes_first(store: Store) -> None:
    store.record(store.stage({}, walks=[AUDITING]), kind="pulse")
    store.after(days=1).sweep({1: AUDITING, 2: REJECTED})  # audits had been read before, rejections had not
    assert (rows(store)[1].held_after is None, rows(store)[2].held_after is None) == (False, True)
    assert order_of(store, "oldest") == [2, 1]


def test_the_hero_says_or_earlier_only_where_something_was_held_at_the_first_look(store: Store) -> None:
    store.sweep({1: ACTIVE})
    store.after(days=1).sweep({1: REJECTED})
    assert (store.snapshot.hero(View()).since, store.snapshot.hero(View()).at_least) == (store.now, False)
    later = Store(store.folder, key="later", now=store.now + DAY)
    later.sweep({7: AUDITING})
    both = later.snapshot.hero(View())
    assert (both.since, both.at_least, both.held_at) == (store.now, True, later.now)


def test_what_was_seen_to_move_after_the_last_complete_reading_is_as_old_as_it_was_then(bounced: Store) -> None:
    read_at = bounced.now
    bounced.after(days=2).sweep({1: AUDITING, 2: REJECTED}, incomplete=[REJECTED])
    found = rows(bounced)
    assert (found[1].seen_at, found[1].age, found[1].in_status) == (bounced.now, timedelta(days=71), timedelta())
    assert (found[2].seen_at, found[2].age) == (read_at, timedelta(days=6.2))


def claims(store: Store) -> list[object]:
    """Everything that says how old something is."""
    snapshot = store.snapshot
    orders = [[(row.product_id, row.age, row.in_status) for row in snapshot.rows(View(order=one))] for one in ORDERS]
    facets = snapshot.facets(View())["age"]
    filtered = [[row.product_id for row in snapshot.rows(View(age=word))] for word in AGES]
    measures, facts, hero = snapshot.measures(None), snapshot.alert_facts(store.key), snapshot.hero(View())
    oldest = [measures.oldest(status) for status in HELD]
    told = [CARDS[key].measure(snapshot.measures(None)) for key in CARDS if "oldest" in key or "stuck" in key]
    stuck = (measures.stuck(), facts.stuck(store.now), hero.stuck)
    return [orders, facets, filtered, oldest, told, stuck, hero, snapshot.past(None).ages(None)]


def test_time_that_passes_without_a_reading_makes_nothing_older(store: Store) -> None:
    store.sweep({1: AUDITING, 2: REJECTED, 3: ACTIVE})
    store.after(days=2).sweep({1: AUDITING, 2: REJECTED, 3: AUDITING})
    said = claims(store)
    store.after(days=11)
    assert claims(store) == said
    assert store.snapshot.hero(View()).stuck == 0  # eleven days by the clock, two when last read


def test_at_a_past_moment_nothing_is_older_than_at_the_last_reading_before(store: Store) -> None:
    store.sweep({1: AUDITING, 2: REJECTED})
    store.after(days=2).sweep({1: AUDITING, 2: REJECTED})
    read_at = store.now
    store.after(days=11).sweep({1: AUDITING, 2: REJECTED})
    late, within = read_at + 8 * DAY, read_at + DAY
    then, at_reading = (store.snapshot.measures(None, at) for at in (within, read_at))
    assert [then.oldest(status) for status in HELD] == [at_reading.oldest(status) for status in HELD]
    assert then.stuck() == at_reading.stuck()
    assert store.snapshot.alert_facts(store.key).stuck(late) == []
    assert store.snapshot.hero(View(as_of=within)).stuck == 0
    assert store.snapshot.hero(View(as_of=late)).stuck is None  # that late, nobody knows
    assert store.snapshot.hero(View()).stuck == 1


def test_each_store_is_as_old_as_its_own_last_reading(store: Store) -> None:
    store.sweep({1: ACTIVE})
    store.after(days=1).sweep({1: REJECTED})
    silent = store.now
    other = Store(store.folder, key="other", now=store.now)
    other.sweep({2: ACTIVE})
    other.after(days=1).sweep({2: REJECTED})
    other.after(days=8).sweep({2: REJECTED})
    found = rows(other)
    assert [(row.store, row.age, row.seen_at) for row in found.values()] == [
        ("main", timedelta(), silent),
        ("other", 8 * DAY, other.now),
    ]
    assert list(rows(other, age="7d")) == [2]
    oldest = other.snapshot.measures(None).oldest(REJECTED)
    assert oldest is not None
    assert (oldest.store, oldest.seconds) == ("other", (8 * DAY).total_seconds())


def test_stuck_is_one_number_on_every_screen(store: Store) -> None:
    """Twenty quick audits make the limit of the store an hour: four of five are longer, none longer than three days."""
    many = range(1, 26)
    store.sweep(dict.fromkeys(many, ACTIVE))
    store.after(hours=1).sweep(dict.fromkeys(many, AUDITING))
    store.after(hours=1).sweep(dict.fromkeys(many, ACTIVE))
    store.after(hours=1).sweep(dict.fromkeys(many, ACTIVE) | dict.fromkeys(range(1, 5), AUDITING))
    store.after(hours=2).sweep(dict.fromkeys(many, ACTIVE) | dict.fromkeys(range(1, 6), AUDITING))
    stuck = store.snapshot.measures(None).stuck()
    assert stuck is not None
    assert stuck.limits == {"main": 3600.0}
    assert CARDS["aexdash_stuck_in_audit"].measure(store.snapshot.measures(None)).value == 4
    assert store.snapshot.hero(View()).stuck == stuck.listings == 4
    assert store.snapshot.alert_facts("main").stuck(store.now) == [1, 2, 3, 4]
    first = order_of(store, order="in_status", statuses=(AUDITING,))[:4]  # type: ignore[arg-type]
    assert first == [1, 2, 3, 4]


@dataclass
class Plainly:
    """What was shown of listings, run by run, kept whole; ages by going back from a moment, one run at a time."""

    runs: list[tuple[datetime, dict[int, Status], bool]] = field(default_factory=list)

    def read_at(self, at: datetime) -> datetime | None:
        return max((moment for moment, _, complete in self.runs if complete and moment <= at), default=None)

    def not_since(self, at: datetime, began: datetime) -> datetime | None:
        """The last run before one that showed something first; None: that was the first of all."""
        return max((moment for moment, _, _ in self.runs if moment < began <= at), default=None)

    def spells(self, at: datetime) -> Iterator[tuple[int, datetime, bool, datetime, datetime]]:
        """Each held listing: since when, whether that was the first look for a while, since when so, and its end."""
        known = [(moment, shown_) for moment, shown_, _ in self.runs if moment <= at]
        if not known:
            return
        for one, status in known[-1][1].items():
            if status not in HELD:
                continue
            so = held = known[-1][0]
            same, before = True, None
            for moment, shown_ in reversed(known):
                if shown_[one] not in HELD:
                    before = moment
                    break
                held = moment
                same = same and shown_[one] is status
                so = moment if same else so
            yield one, held, before is None or held - before > DAY, so, max(self.read_at(at) or so, so)


LISTINGS = range(1, 5)
STATUSES = (ACTIVE, REJECTED, AUDITING, OFFLINE)
stories = st.lists(
    st.tuples(
        st.timedeltas(min_value=timedelta(minutes=1), max_value=12 * DAY),
        st.fixed_dictionaries({one: st.sampled_from(STATUSES) for one in LISTINGS}),
    ),
    min_size=1,
    max_size=8,
)


def facts_of(store: Store, **view: object) -> list[tuple[int, datetime, bool, datetime, datetime]]:
    return sorted(
        (row.product_id, row.held_since, row.at_least, row.started_at, row.seen_at)
        for row in rows(store, **view).values()
    )


@pytest.mark.slow
@settings(max_examples=examples(40), deadline=None)
@given(stories, st.lists(st.timedeltas(min_value=timedelta(), max_value=90 * DAY), max_size=3), st.data())
def test_spells_are_those_of_a_plain_model_now_and_at_every_moment(
    tmp_path_factory: pytest.TempPathFactory,
    story: list[tuple[timedelta, dict[int, Status]]],
    later: list[timedelta],
    data: st.DataObject,
) -> None:
    store, plainly = Store(tmp_path_factory.mktemp("spells")), Plainly()
    for pause, statuses in story:
        store.now = (store.now + pause).replace(microsecond=0)
        store.sweep(statuses)
        plainly.runs.append((store.now, statuses, True))
    store.now += data.draw(st.timedeltas(min_value=timedelta(), max_value=LONG_UNREAD))
    assert facts_of(store) == sorted(plainly.spells(store.now))
    moments = [moment for moment, *_ in plainly.runs] + [NOON + (one - one % DAY) for one in later]
    for at in moments:
        assert_as_plainly(store, plainly, at)
    store.db.close()


@one_state()
def assert_as_plainly(store: Store, plainly: Plainly, at: datetime) -> None:
    """The spells of a moment, and what filters by age find and leave open."""
    then = sorted(plainly.spells(at))
    read_at = plainly.read_at(at)
    # A past age ends in coverage, whose runs lie at most a day and a night apart.
    found = facts_of(store, as_of=at)
    assert [fact[:4] for fact in found] == [fact[:4] for fact in then]
    assert all(read_at is None or read_at <= fact[4] <= at for fact in found)
    told = list(rows(store, as_of=at).values())
    for field_, began in (("age", 1), ("in_status", 3)):
        least_of, most_of = {}, {}  # how long each has lasted surely, and at most: None, nobody knows
        for fact in then:
            ends = next(row.seen_at for row in told if row.product_id == fact[0])
            after = plainly.not_since(at, fact[began])
            least_of[fact[0]] = ends - fact[began]
            most_of[fact[0]] = ends - after if after else None
        for word, days in AGES.items():
            old = {one for one, surely in least_of.items() if surely >= days * DAY}
            assert set(rows(store, as_of=at, **{field_: word})) == old
            facets = store.snapshot.facets(View(as_of=at))[field_]
            assert {facet.value: facet.listings for facet in facets}.get(word, 0) == len(old)
        for word, least, below in SPANS:
            sure = {
                one
                for one, surely in least_of.items()
                if surely >= least and (not below or ((most := most_of[one]) is not None and most < below))
            }
            maybe = {
                one
                for one, surely in least_of.items()
                if ((most := most_of[one]) is None or most >= least) and (not below or surely < below)
            }
            assert set(rows(store, as_of=at, **{field_: word})) == sure
            view = View(as_of=at, **{field_: word})  # type: ignore[arg-type]
            assert store.snapshot.since_not_known(view) == len(maybe - sure)


def test_what_became_so_while_nobody_read_is_in_its_status_at_least_so_long(store: Store) -> None:
    store.sweep({1: AUDITING, 2: ACTIVE, 3: ACTIVE})
    store.after(days=1).sweep({1: AUDITING, 2: AUDITING, 3: ACTIVE})
    store.after(days=6).sweep({1: REJECTED, 2: AUDITING, 3: AUDITING})  # 1 and 3 came into it in these six days
    store.after(days=5).sweep({1: REJECTED, 2: AUDITING, 3: AUDITING})
    assert list(rows(store, in_status="5d")) == [1, 2, 3]
    assert list(rows(store, in_status="7d")) == [2]
    assert store.snapshot.since_not_known(View(in_status="7d")) == 2
    assert list(rows(store, in_status="-7d")) == []
    assert list(rows(store, in_status="-12d", statuses=(REJECTED,))) == [1]
    assert store.snapshot.since_not_known(View(in_status="7d", age="13d")) == 1  # 2 and 3 are not held for so long
    assert list(rows(store, age="12d", in_status="5d")) == [1]
    assert list(rows(store, age="12d", in_status="7d")) == []


@settings(max_examples=examples(25), deadline=None)
@given(stories)
def test_the_upgrade_fills_what_recording_keeps(
    tmp_path_factory: pytest.TempPathFactory, story: list[tuple[timedelta, dict[int, Status]]]
) -> None:
    store = Store(tmp_path_factory.mktemp("upgrade"))
    for pause, statuses in story:
        store.after(seconds=pause // timedelta(seconds=1)).sweep(statuses)
    kept = store.rows("SELECT id, held_since, held_after FROM status_period ORDER BY id")
    with store.db.conn:
        store.rows("UPDATE status_period SET held_since = NULL, held_after = NULL")
        store.rows(m0004_spells.FILL)
    assert store.rows("SELECT id, held_since, held_after FROM status_period ORDER BY id") == kept
    assert any(since for _, since, _ in kept) == any(set(statuses.values()) & set(HELD) for _, statuses in story)
    store.db.close()


def test_the_age_of_what_was_taken_down_is_that_of_its_status(store: Store) -> None:
    store.sweep({1: REJECTED})
    taken_down = store.after(days=1).now
    store.sweep({1: shown(1, OFFLINE, cause="punish_offline")})
    store.after(days=4).sweep({1: shown(1, OFFLINE, cause="punish_offline")})
    row = rows(store, statuses=(OFFLINE,))[1]
    assert (row.held_since, row.age, row.at_least) == (taken_down, 4 * DAY, False)
    assert list(rows(store, statuses=(OFFLINE,), age="3d")) == [1]
    kept = store.periods(1, "held_since")
    assert kept == [(to_text(NOON),), (None,)]

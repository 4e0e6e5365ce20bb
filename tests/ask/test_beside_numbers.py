"""What stands beside the numbers is told too: when stores were read, which alerts are open, and what people did."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.ask import typed
from aexdash.ask.answer import Why
from aexdash.ask.answers.answering import answer
from aexdash.ask.question import By, Kind, Period, Question
from aexdash.ask.reading import read
from aexdash.ask.workspace import Workspace, open_workspace
from aexdash.desk.decisions.changes import Outcome
from aexdash.desk.decisions.items import Back, Fix, Snooze, Take
from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage
from aexdash.people.names import Person
from aexdash.reasons.taxonomy import load_taxonomy
from tests.alerts.watched import ACTIVE, REJECTED, Watched
from tests.ask import blind
from tests.ask.asked import expected_question
from tests.ask.made import NOW
from tests.desk.deciding import ANN, BOB, act
from tests.snapshot.store import NOON, Store
from tests.support import examples

HOUR = timedelta(hours=1)

READ = {
    "is the data up to date": "readings:last",
    "when was Madrid last read, is that data fresh?": "readings:last store:madrid",
    "数据是最新的吗": "readings:last",
    "madrid的数据是几点更新的?": "readings:last store:madrid",
    "когда последний раз обновлялись данные": "readings:last",
    "¿Cuándo fue la última vez que se actualizaron los datos?": "readings:last",
    "any alerts open at the moment?": "alerts:open",
    "open alerts in Madrid": "alerts:open store:madrid",
    "did we get any alerts yesterday": "alerts:opened period:yesterday",
    "how many alerts were opened last week": 'alerts:opened period:"last week"',
    "有没有新的告警": "alerts:open",
    "есть ли открытые алерты": "alerts:open",
    "¿hay alertas abiertas?": "alerts:open",
    "who fixed the most listings in the past 7 days": 'done:fixed period:"last 7 days" by:owner',
    "how many did Ana fix yesterday": "done:fixed owner:Ana period:yesterday",
    "how many did Ana mark as fixed this week": 'done:fixed owner:Ana period:"this week"',
    "how many listings did we fix last week": 'done:fixed period:"last week"',
    "fixed in madrid this week": 'done:fixed store:madrid period:"this week"',
    "Li Wei took how many this week": 'done:taken owner:"Li Wei" period:"this week"',
    "snoozed this week by owner": 'done:snoozed period:"this week" by:owner',
    "сколько мы исправили вчера": "done:fixed period:yesterday",
    "cuántos arregló Ana esta semana": 'done:fixed owner:Ana period:"this week"',
    "Ana昨天修好了多少": "done:fixed owner:Ana period:yesterday",
}

ASKED_BACK = [
    # Neither a listing nor a time has a reading of its own, and *when* is no number.
    ("when was the listing last updated", Why.NOT_KNOWN, []),
    ("¿cuándo fueron rechazados?", Why.NOT_KNOWN, []),
    ("标题是什么时候更新的", Why.NOT_KNOWN, ["readings:last"]),
    # Rules are no alerts, and hours of the night are nobody's.
    ("how many alert rules are there", Why.AMBIGUOUS, ["alerts:opened", "alerts:open"]),
    ("did we get any alerts overnight", Why.AMBIGUOUS, ["alerts:opened", "alerts:open"]),
    # What somebody did, and what is so now, are two numbers.
    (
        "which of the listings Li Wei took this week are still rejected?",
        Why.NOT_TOGETHER,
        ['done:taken owner:"Li Wei"', 'listings status:rejected owner:"Li Wei"'],
    ),
    ("what did Ana do today", Why.NOT_TOGETHER, [f"done:{name} owner:Ana" for name in ("taken", "fixed", "snoozed")]),
    ("how many did we fix", Why.INCOMPLETE, ["done:fixed", "listings stage:fixed"]),
    ("fixed by Ana", None, []),
]


@pytest.mark.parametrize(("text", "words"), READ.items())
def test_it_is_read_in_four_languages(home, lexicon, text, words):
    told = read(text, home.workspace, lexicon, NOW)
    assert told.question is not None, told.refusal
    assert blind.is_read_as(told.question, words, home.workspace)


@pytest.mark.parametrize(("text", "why", "choices"), ASKED_BACK)
def test_what_says_more_is_asked_back(home, lexicon, text, why, choices):
    assert blind.refused(text, home.workspace, lexicon) == (why, choices)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("any alerts open > in madrid", "alerts:open store:madrid"),
        ("any alerts open > and yesterday?", "alerts:opened period:yesterday"),
        ("alerts opened last week > and now?", "alerts:open"),
        ("fixed last week by Ana > and yesterday?", "done:fixed owner:Ana period:yesterday"),
        ("fixed last week by Ana > by store", 'done:fixed owner:Ana period:"last week" by:store'),
        ("is the data fresh > and in madrid?", "readings:last store:madrid"),
    ],
)
def test_a_follow_up_changes_them(home, lexicon, steps, words):
    assert blind.is_read_as(blind.told(steps, home.workspace, lexicon).question, words, home.workspace)


@pytest.mark.parametrize("words", READ.values())
def test_each_has_one_writing_that_is_read_back(home, words):
    question = expected_question(words, home.workspace)
    assert typed.read(typed.write(question, home.workspace.zone), home.workspace, NOW) == question


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("readings:last period:yesterday", "told of now"),
        ("readings:last reason:ip.trademark", "not by reason"),
        ("alerts:opened", "Opened in which time"),
        ("alerts:open period:yesterday", "known now"),
        ("alerts:open by:category", "told by store"),
        ("done:fixed", "In which time"),
        ('done:fixed period:"this week" reason:ip.trademark', "not by reason"),
        ('done:fixed period:"this week" by:category', "store or owner"),
        ('done:fixed period:"this week" compare:previous', "cannot be compared"),
        ("done:deleted", "There is no thing done"),
    ],
)
def test_what_is_not_known_of_them_is_refused(home, lexicon, words, said):
    assert said in answer(words, home.workspace, NOW, lexicon=lexicon).refusal.sentence


# When it was read


def of(store: Store) -> Workspace:
    """The workspace of a home, as its store has it now."""
    return Workspace(store.snapshot, load_taxonomy(), tuple(store.snapshot.stores()), people=("Ann", "Bob"))


def test_the_longest_ago_of_the_last_readings_is_told_with_each(tmp_path):
    first, second = (Store(tmp_path, key) for key in ("madrid", "outlet"))
    first.sweep({1: ACTIVE})
    second.after(hours=1)
    second.sweep({1: ACTIVE})
    now = NOON + HOUR + timedelta(minutes=5)
    told = answer("readings:last", of(first), now)
    assert (told.number, told.unit) == (65, "minutes")
    assert told.sentence.startswith("Of 2 stores, madrid was last read completely 9 Mar 2026 12:00 UTC, 65 min ago")
    assert [(row.key, row.number) for row in told.rows] == [("madrid", 65), ("outlet", 5)]
    assert answer("readings:last store:outlet", of(first), now).number == 5


def test_of_a_store_that_was_never_read_completely_nobody_says_how_long_ago_that_was(tmp_path):
    store = Store(tmp_path, "madrid")
    told = answer("readings:last", of(store), NOON)
    assert (told.number, told.complete) == (None, False)
    assert told.sentence == "madrid has not been read completely yet."


def test_a_reading_that_is_stamped_ahead_has_no_age(tmp_path):
    store = Store(tmp_path, "madrid")
    store.sweep({1: ACTIVE})
    told = answer("readings:last", of(store), NOON - HOUR)
    assert told.number is None
    assert "stamped ahead" in told.sentence


# Alerts


@pytest.fixture
def watched(tmp_path):
    store = Watched(tmp_path)
    store.only("share-of-catalogue")
    store.read(dict.fromkeys(range(1, 21), ACTIVE))
    store.read({1: REJECTED, 2: REJECTED}, minutes=1)
    yield store
    store.close()


def asked(words: str, watched: Watched, now: datetime):
    return answer(words, open_workspace(watched.settings, lambda: now), now)


def test_open_alerts_are_those_that_sensitivity_lists_and_stay_opened_in_their_time(watched):
    now = watched.store.now
    [episode] = watched.episodes.open()
    told = asked("alerts:open", watched, now)
    assert (told.number, told.text, told.sentence) == (1, "1", "1 alert is open.")
    [row] = told.rows
    assert (row.key, row.title) == (str(episode.id), episode.title)
    assert row.link == f"sensitivity?part=episodes&episode={episode.id}"
    watched.read({1: ACTIVE, 2: ACTIVE}, hours=2)
    later = watched.store.now
    assert asked("alerts:open", watched, later).sentence == "No alert is open."
    day = f"period:{now:%Y-%m-%d}"
    assert asked(f"alerts:opened {day}", watched, later).number == 1
    assert asked("alerts:opened period:2026-03-01", watched, later).number is None


def test_that_no_alert_is_open_is_not_said_where_nobody_read(watched):
    watched.read({1: ACTIVE, 2: ACTIVE}, hours=2)
    much_later = watched.store.now + timedelta(days=3)
    told = asked("alerts:open", watched, much_later)
    assert (told.number, told.text) == (None, "none known")
    assert told.sentence == "No alert is open, as far as is known."


def test_that_no_alert_is_open_is_not_said_where_every_rule_is_off(watched):
    watched.read({1: ACTIVE, 2: ACTIVE}, hours=2)
    assert asked("alerts:open", watched, watched.store.now).sentence == "No alert is open."
    watched.book.switch("share-of-catalogue", False, by="Ana", now=watched.store.now)
    told = asked("alerts:open", watched, watched.store.now)
    assert (told.number, told.text, told.complete) == (None, "none known", False)
    assert told.statement.endswith("Every rule is switched off, so nothing alerts.")


# What people did


def test_what_is_fixed_and_undone_was_never_fixed_and_a_person_counts_a_listing_once(tmp_path):
    store = Store(tmp_path, "main")
    store.sweep(dict.fromkeys((1, 2, 3), REJECTED))
    desk = Desk(tmp_path / "desk.db")
    stage(desk, Stage.FIXED, 1, who=ANN, now=NOON)
    stage(desk, Stage.FIXED, 2, who=ANN, now=NOON + HOUR)
    stage(desk, Stage.FIXED, 2, who=BOB, now=NOON + 2 * HOUR)
    undone = stage(desk, Stage.FIXED, 3, who=BOB, now=NOON + 3 * HOUR)
    desk.undo(undone.change, who=BOB, now=NOON + 4 * HOUR)
    now = NOON + 5 * HOUR
    told = answer("done:fixed period:today by:owner", of(store), now)
    assert (told.number, told.sentence) == (2, "2 listings were marked fixed on Mon 9 Mar 2026, so far.")
    assert [(row.name, row.number) for row in told.rows] == [("Ann", 1), ("Bob", 1)]
    assert answer("done:fixed period:today owner:Bob", of(store), now).number == 1
    assert answer("done:fixed period:yesterday", of(store), now).number == 0


def stage(desk: Desk, wanted: Stage, *listings: int, who: Person, now: datetime) -> Outcome:
    """Somebody takes listings, marks them fixed, snoozes them or sets them back."""
    return act(desk, DECISIONS[wanted], *listings, who=who, now=now)


DECISIONS = {Stage.NEW: Back(), Stage.TAKEN: Take(), Stage.FIXED: Fix(), Stage.SNOOZED: Snooze()}

STEPS = st.lists(
    st.tuples(st.sampled_from([*DECISIONS, "undo"]), st.sampled_from((ANN, BOB)), st.integers(1, 3)), max_size=14
)


@given(STEPS, st.integers(0, 14), st.integers(1, 14))
@settings(max_examples=examples(80))
def test_what_was_done_is_what_a_plain_list_of_decisions_says(steps, first, hours):
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), "main")
        store.sweep(dict.fromkeys((1, 2, 3), REJECTED))
        desk, done = Desk(store.desk_path), list[Done]()
        for hour, (what, who, listing) in enumerate(steps):
            now = NOON + hour * HOUR
            if what != "undo":
                made = stage(desk, what, listing, who=who, now=now)
                done += [Done(what, who.name, listing, now, made.change)] if made.change is not None else []
            elif done and desk.undo(done[-1].change, who=who, now=now).changed:
                done.pop()
        start, end = NOON + first * HOUR, NOON + (first + hours) * HOUR
        now = max(end, NOON + len(steps) * HOUR)
        for name in (Stage.TAKEN, Stage.FIXED, Stage.SNOOZED):
            question = Question(Kind.DONE, name.value, period=Period(start, end), by=By.OWNER)
            told = answer(question, of(store), now)
            wanted = counted(done, name, start, end)
            assert told.number == len({listing for _, listing in wanted})
            assert {row.key: row.number for row in told.rows} == Counter(who for who, _ in wanted)
        store.db.close()


@dataclass(frozen=True)
class Done:
    what: Stage
    who: str
    listing: int
    at: datetime
    change: int


def counted(done: list[Done], name: Stage, start: datetime, end: datetime) -> set[tuple[str, int]]:
    """Who did it to which listing; what was marked fixed has to be the last that somebody decided by then."""
    before = [one for one in done if one.at < end]
    last = {one.listing: one for one in before}
    return {
        (one.who, one.listing)
        for one in before
        if one.what is name and one.at >= start and (name is not Stage.FIXED or last[one.listing] is one)
    }

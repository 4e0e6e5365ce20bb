"""Rules asked after every reading: one episode from opening to closing, whatever happens to the process or the rule."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from aexdash.alerts.conditions import NoData, Silence, Threshold
from aexdash.alerts.engine import Engine
from aexdash.alerts.limits import Way
from aexdash.alerts.model import Rule
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.cards.recording import record_missing_cards
from aexdash.desk.profiles import Profiles
from aexdash.model import Outcome, Severity, Status
from tests.alerts.watched import ACTIVE, AUDITING, REJECTED, Watched, home_of, words

HELD = DEFAULTS["held"].model_copy(update={"hold_minutes": 0})
EVERY = dict.fromkeys(range(1, 41), ACTIVE)
KEPT = ("alert_standing", "alert_episode", "alert_event")
SMALL, BRAND = "image.main_too_small", "attribute.brand_missing"


@pytest.fixture
def watched(tmp_path):
    store = Watched(tmp_path)
    yield store
    store.close()


def test_an_episode_opens_once_and_closes_once(watched):
    watched.only(HELD)
    assert watched.read(EVERY) == []
    assert words(watched.read({1: REJECTED}, minutes=1)) == [("held", "opened")]
    assert [watched.read(minutes=1) for _ in range(3)] == [[], [], []]
    assert words(watched.read({1: ACTIVE}, minutes=1)) == [("held", "closed")]
    assert [watched.read(minutes=1) for _ in range(3)] == [[], [], []]
    (episode,) = watched.episodes.recent(9)
    opened, closed = watched.episodes.events(episode.id)
    assert (episode.opened_at, episode.closed_at) == (opened.event.at, closed.event.at)
    assert closed.event.at - opened.event.at == timedelta(minutes=4)
    assert (opened.event.reading.value, closed.event.reading.value) == (1, 0)


def test_a_reading_is_judged_when_its_values_are_stored_and_once(watched):
    twice = HELD.model_copy(update={"hold_observations": 2})
    watched.only(twice)
    watched.read(EVERY)
    assert watched.read({1: REJECTED}, valued=False, minutes=1) == []
    assert watched.ask() == []
    record_missing_cards(watched.store.db, watched.store.id)
    assert watched.ask() == watched.ask() == []  # one observation, however often it is looked at
    assert watched.read(valued=False, minutes=1) == []
    record_missing_cards(watched.store.db, watched.store.id)
    assert words(watched.ask()) == [("held", "opened")]
    assert record_missing_cards(watched.store.db, watched.store.id) == 0


def test_what_was_held_before_a_reading_opens_nothing_at_it(watched):
    later = HELD.model_copy(update={"hold_minutes": 10})
    watched.only(later)
    watched.read(EVERY)
    watched.read({1: REJECTED}, minutes=1)
    assert watched.read({1: ACTIVE}, valued=False, minutes=11) == []  # its cards are those of before: one held
    record_missing_cards(watched.store.db, watched.store.id)
    assert watched.ask() == []


def test_an_episode_says_what_is_held_by_reason_and_what_was_before(watched):
    watched.only(HELD)
    watched.read(EVERY)
    held = dict.fromkeys(range(1, 5), REJECTED) | {5: AUDITING}
    (opened,) = watched.read(held, codes=dict.fromkeys(range(1, 5), SMALL) | {5: BRAND}, minutes=1)
    assert (opened.codes, opened.codes_before) == ({SMALL: 4, BRAND: 1}, {})
    assert opened.event.reading.because == "4 of 5 share one reason: Main picture too small (80%)."
    assert sorted(opened.event.reading.listings) == [1, 2, 3, 4, 5]
    assert opened.data_at == watched.store.now
    (closed,) = watched.read(dict.fromkeys(held, ACTIVE), minutes=1)
    assert (closed.codes, closed.codes_before) == ({}, {SMALL: 4, BRAND: 1})


def test_a_restart_opens_nothing_again_and_forgets_no_hold(watched):
    watched.only(HELD.model_copy(update={"hold_minutes": 10}))
    watched.read(EVERY)
    assert watched.read({1: REJECTED}, minutes=1) == []
    watched.restart()
    assert watched.read(minutes=9) == []
    (opened,) = watched.read(minutes=1)
    assert opened.event.at - opened.event.since == timedelta(minutes=10)
    watched.restart()
    assert watched.read(minutes=1) == []
    watched.restart()
    assert words(watched.read({1: ACTIVE}, minutes=1)) == [("held", "closed")]
    assert len(watched.episodes.recent(9)) == 1


def test_what_has_been_true_for_days_need_not_hold_once_more_when_a_rule_is_first_asked(watched):
    watched.read(EVERY)
    watched.read({1: REJECTED}, minutes=10)
    watched.only(HELD.model_copy(update={"key": "mine", "title": "Mine", "hold_minutes": 45}))
    assert words(watched.read(minutes=44)) == []
    watched.restart()
    (opened,) = watched.read(minutes=1)
    assert (opened.rule.key, opened.event.kind.value) == ("mine", "opened")
    assert opened.event.at - opened.event.since == timedelta(minutes=45)


def test_the_same_reading_is_asked_about_once(watched):
    watched.only(HELD.model_copy(update={"hold_observations": 3}))
    watched.read(EVERY)
    watched.read({1: REJECTED}, minutes=1)
    assert [watched.ask() for _ in range(5)] == [[]] * 5
    assert watched.read(minutes=1) == []
    assert words(watched.read(minutes=1)) == [("held", "opened")]


def test_a_partial_run_neither_opens_nor_closes(watched):
    watched.only(HELD)
    watched.read(EVERY)
    assert watched.read({1: REJECTED}, outcome=Outcome.PARTIAL, minutes=1) == []
    assert words(watched.read(minutes=1)) == [("held", "opened")]
    assert watched.read({1: ACTIVE}, outcome=Outcome.PARTIAL, minutes=1) == []
    assert words(watched.read(minutes=1)) == [("held", "closed")]


def test_without_readings_only_missing_data_speaks_and_it_silences_the_rest(watched):
    watched.only(HELD, "no-data")
    watched.read(EVERY | {1: REJECTED})
    watched.store.after(minutes=31)
    assert words(watched.ask()) == [("no-data", "opened")]
    assert [one.rule_key for one in watched.episodes.open()] == ["no-data", "held"]
    watched.store.after(hours=5)
    assert watched.ask() == []
    assert words(watched.read({1: ACTIVE}, minutes=1)) == [("no-data", "closed"), ("held", "closed")]


def test_a_sign_in_that_ends_soon_silences_nothing(watched):
    sign_in = Rule(
        key="mine",
        title="Sign in",
        condition=NoData(silence=Silence.SIGN_IN, limit=72, way=Way.BELOW),
        severity=Severity.HIGH,
        silenced=False,
    )
    watched.only(HELD, sign_in)
    watched.read(EVERY)
    ends = watched.store.now + timedelta(hours=71)
    watched.store.db.execute(
        "INSERT OR REPLACE INTO store_state (store_id, token_expires_at) VALUES (?, ?)",
        [watched.store.id, ends.strftime("%Y-%m-%dT%H:%M:%S.000Z")],
    )
    assert words(watched.read({1: REJECTED}, minutes=1)) == [("mine", "opened"), ("held", "opened")]


@pytest.mark.slow
def test_after_an_outage_there_is_one_message_and_not_one_for_every_minute_missed(watched):
    watched.only(HELD, "worse-than-usual", "new-reason")
    for _ in range(10):
        watched.read(EVERY, days=1)
    assert watched.told == []
    assert words(watched.read(dict.fromkeys(range(1, 4), REJECTED), days=3)) == [("held", "opened")]


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (lambda book, now: book.switch("held", False, by="Ana", now=now), "The rule was switched off by Ana."),
        (
            lambda book, now: book.save(
                HELD.model_copy(update={"condition": Threshold(card="aex_rejected_auditing_listings", limit=9)}),
                by="Ben",
                now=now,
            ),
            "The rule was changed by Ben.",
        ),
        (
            lambda book, now: book.save(HELD.model_copy(update={"profile": "others"}), by="Ana", now=now),
            "The rule does not watch this store any more.",
        ),
    ],
    ids=["switched off", "changed", "of another profile"],
)
def test_a_rule_that_is_not_what_it_was_closes_what_it_opened_and_says_why(watched, change, because):
    watched.only(HELD)
    watched.read(EVERY | {1: REJECTED})
    change(watched.book, watched.store.now)
    (closed,) = watched.read(minutes=1)
    assert (closed.event.kind.value, closed.event.reading.because) == ("closed", because)
    assert watched.episodes.open() == []
    watched.restart()
    assert watched.read(minutes=1) == []


def test_a_rule_of_ones_own_that_is_taken_away_closes_what_it_opened(watched):
    watched.only(HELD.model_copy(update={"key": "mine", "title": "Mine"}))
    watched.read(EVERY | {1: REJECTED})
    watched.book.remove("mine", by="Ana", now=watched.store.now)
    (closed,) = watched.read(minutes=1)
    assert (closed.rule.title, closed.event.reading.because) == ("Mine", "The rule was taken away by Ana.")


def test_what_does_not_change_when_it_fires_closes_nothing(watched):
    watched.only(HELD)
    watched.read(EVERY | {1: REJECTED})
    watched.book.mute("held", watched.store.now + timedelta(days=1), by="Ana", now=watched.store.now)
    assert watched.read(minutes=1) == []
    watched.book.save(
        HELD.model_copy(update={"title": "Held!", "severity": Severity.LOW}), by="Ana", now=watched.store.now
    )
    assert watched.read(minutes=1) == []
    assert len(watched.episodes.open()) == 1


def test_a_rule_watches_the_stores_of_its_profile(watched):
    profiles = Profiles(watched.settings.desk_path)
    profile = profiles.make("Mine", ["other"], by="Ana", now=watched.store.now)
    watched.only(HELD.model_copy(update={"profile": profile.name}))
    assert watched.read(EVERY | {1: REJECTED}) == []
    profiles.change(profile.name, "Mine", ["other", "main"], by="Ana", now=watched.store.now)
    assert words(watched.read(minutes=1)) == [("held", "opened")]


def test_a_clock_that_went_back_opens_nothing_twice_and_closes_nothing(watched):
    watched.only(HELD)
    watched.read(EVERY | {1: REJECTED})
    assert watched.read(hours=-3) == []
    assert watched.read(minutes=1) == []
    (closed,) = watched.read({1: ACTIVE}, minutes=1)
    (episode,) = watched.episodes.recent(9)
    assert closed.event.at >= episode.opened_at
    assert episode.closed_at == closed.event.at


def test_a_desk_that_cannot_be_written_loses_no_event(watched):
    watched.only(HELD)
    watched.read(EVERY)
    with closing(sqlite3.connect(watched.settings.desk_path)) as other:
        other.execute("CREATE TRIGGER full BEFORE INSERT ON alert_event BEGIN SELECT raise(ABORT, 'disk full'); END")
    with pytest.raises(sqlite3.IntegrityError):
        watched.read({1: REJECTED}, minutes=1)
    assert watched.episodes.recent(9) == []
    with closing(sqlite3.connect(watched.settings.desk_path)) as other:
        other.execute("DROP TRIGGER full")
    assert words(watched.ask()) == [("held", "opened")]


def test_a_rule_on_a_card_without_data_says_nothing(watched):
    feed = DEFAULTS["feed"].condition.card
    both = [
        Rule(key=way.value, title=way.value, condition=Threshold(card=feed, limit=1, way=way), severity=Severity.HIGH)
        for way in Way
    ]
    watched.only(*both)
    watched.read(EVERY | {1: REJECTED})
    assert watched.read(minutes=1) == []


def test_nothing_is_written_when_nothing_happens(watched):
    watched.only(HELD)
    watched.read(EVERY)
    with closing(sqlite3.connect(watched.settings.desk_path)) as desk:
        assert [desk.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in KEPT] == [0, 0, 0]
        before = desk.execute("PRAGMA data_version").fetchone()
        watched.read(minutes=1)
        assert desk.execute("PRAGMA data_version").fetchone() == before


def test_a_store_that_left_the_settings_closes_its_episodes(watched, tmp_path):
    watched.only(HELD)
    watched.read(EVERY | {1: REJECTED})
    (tmp_path / "aexdash.toml").write_text((tmp_path / "aexdash.toml").read_text() + "watched = false\n")
    watched.settings = type(watched.settings).model_validate(watched.settings.model_dump() | {"stores": {}})
    watched.restart()
    (closed,) = watched.ask()
    assert closed.event.reading.because == "The rule does not watch this store any more."


def test_audits_are_held_too(watched):
    watched.only(HELD)
    assert words(watched.read(EVERY | {1: Status.AUDITING})) == [("held", "opened")]


@pytest.mark.parametrize("later", [{}, {"minutes": 40}])
def test_a_reading_stamped_ahead_of_the_clock_is_missing_data(watched, later):
    """The clock was two hours ahead for one reading, is right again, and nothing is read any more."""
    silent = Rule(key="silent", title="Silent", severity=Severity.HIGH, condition=NoData(limit=30))
    watched.only(HELD, silent)
    watched.read(EVERY)
    watched.read({1: REJECTED}, hours=2)
    watched.store.now += timedelta(hours=-2, **later)
    (opened,) = [event for event in watched.ask() if event.rule.key == "silent"]
    minutes, said = (80, "80 min") if later else (120, "2 h")
    assert opened.event.reading.value == minutes
    assert opened.event.reading.because == (
        f"The last complete reading is stamped {said} ahead of this clock: its age is not known."
    )


def test_missing_data_is_not_there_again_because_the_clock_was_put_back(watched):
    """Ten minutes before the last reading nobody knows how old it is; only a reading closes the episode."""
    silent = Rule(key="silent", title="Silent", severity=Severity.HIGH, condition=NoData(limit=30))
    watched.only(silent)
    watched.read(EVERY)
    read_at = watched.store.now
    watched.store.now = read_at + timedelta(hours=2)
    assert words(watched.ask()) == [("silent", "opened")]
    watched.store.now = read_at - timedelta(minutes=10)
    assert watched.ask() == []
    watched.store.now = read_at + timedelta(minutes=1)
    assert words(watched.read()) == [("silent", "closed")]


def test_an_engine_that_asks_about_one_store_leaves_the_episodes_of_all_others_alone(watched):
    watched.only(HELD)
    watched.read(EVERY)
    watched.read({1: REJECTED}, minutes=1)
    later = watched.store.now + timedelta(minutes=5)
    both = home_of(watched.folder, "main", "another")
    assert Engine(both, watched.store.snapshot, only="another").round(later) == []
    assert [one.closed_at for one in watched.episodes.recent(9)] == [None]

"""Sessions end with the log-out, by an owner or by age, and never begin again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.desk.file import writing
from aexdash.desk.sessions import KEPT, NOTED_EVERY, Sessions
from aexdash.people.identity import Identity

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TWELVE = 12 * HOUR
ANA, BOB = Identity("https://id|1", "Ana", ("leads",)), Identity("https://id|2", "Bob")


def test_a_session_is_found_by_its_secret_alone_until_it_is_too_old(tmp_path):
    kept = Sessions(tmp_path / "desk.db")
    secret = kept.start(ANA, NOON)
    found = kept.find(secret, NOON + HOUR, TWELVE)
    assert (found.identity, found.started_at) == (ANA, NOON)
    assert kept.find(secret, NOON + TWELVE, TWELVE) is None
    others = ("", secret[:-1], secret.lower(), "\udc80", ANA.key)
    assert [kept.find(other, NOON, TWELVE) for other in others] == [None] * 5
    assert kept.find(secret, NOON - HOUR, TWELVE) is None  # the clock was put back


def test_an_end_is_for_good_and_says_by_whom(tmp_path):
    path = tmp_path / "desk.db"
    kept = Sessions(path)
    secret = kept.start(ANA, NOON)
    kept.end(secret, by="Bob", now=NOON + HOUR)
    kept.end(secret, by="Ana", now=NOON + 2 * HOUR)
    assert kept.find(secret, NOON + HOUR, TWELVE) is None
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT ended_at, ended_by FROM session").fetchall() == [("2026-03-09T13:00:00.000Z", "Bob")]
    with pytest.raises(sqlite3.IntegrityError, match="does not begin again"), writing(path) as connection:
        connection.execute("UPDATE session SET ended_at = NULL")


def test_a_desk_that_is_not_there_has_no_session(tmp_path):
    assert Sessions(tmp_path / "desk.db").find("secret", NOON, TWELVE) is None
    assert Sessions(tmp_path / "desk.db").open(NOON, TWELVE) == []


def test_the_last_look_is_noted_to_five_minutes_and_old_sessions_are_forgotten(tmp_path):
    kept = Sessions(tmp_path / "desk.db")
    secret = kept.start(ANA, NOON)
    for after in (NOTED_EVERY, NOTED_EVERY + timedelta(seconds=1), NOTED_EVERY + timedelta(seconds=2)):
        kept.note(kept.find(secret, NOON + after, TWELVE), NOON + after)
    assert kept.find(secret, NOON + HOUR, TWELVE).seen_at == NOON + NOTED_EVERY + timedelta(seconds=1)
    kept.start(BOB, NOON + KEPT + HOUR)
    assert [one.identity for one in kept.open(NOON + KEPT, 2 * KEPT)] == [BOB]


@pytest.mark.slow
@settings(max_examples=60)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("start"), st.sampled_from([ANA, BOB])),
            st.tuples(st.just("end"), st.integers(0, 9)),
            st.tuples(st.just("end all"), st.sampled_from([ANA.key, BOB.name])),
            st.tuples(st.just("later"), st.integers(1, 8)),
        ),
        max_size=14,
    )
)
def test_who_is_in_is_what_a_plain_list_says(tmp_path_factory, story):
    kept = Sessions(tmp_path_factory.mktemp("home") / "desk.db")
    now, begun = NOON, []  # who, since when, secret, open
    for step, what in story:
        if step == "start":
            begun.append([what, now, kept.start(what, now), True])
        elif step == "end" and begun:
            one = begun[what % len(begun)]
            kept.end(one[2], by="x", now=now)
            one[3] = False
        elif step == "end all":
            ended = [one for one in begun if what in (one[0].key, one[0].name) and one[3]]
            assert kept.end_all(what, by="x", now=now) == len(ended)
            for one in ended:
                one[3] = False
        elif step == "later":
            now += what * HOUR
        for who, since, secret, is_open in begun:
            found = kept.find(secret, now, TWELVE)
            assert (found is not None) == (is_open and now - since < TWELVE)
            assert found is None or found.identity == who

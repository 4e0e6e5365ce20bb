"""Episodes for people: the most severe first, and what somebody said of one stays and is logged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from aexdash.alerts.rules.shipped import DEFAULTS
from tests.alerts.watched import ACTIVE, REJECTED, Watched

HELD = DEFAULTS["held"].model_copy(update={"hold_minutes": 0})


@pytest.fixture
def watched(tmp_path):
    """A store with two open episodes: many held (critical), something held."""
    store = Watched(tmp_path)
    store.only(HELD, "share-of-catalogue")
    store.read(dict.fromkeys(range(1, 21), ACTIVE))
    store.read({1: REJECTED, 2: REJECTED}, minutes=1)
    yield store
    store.close()


def test_the_most_severe_come_first_and_those_of_other_stores_are_left_out(watched):
    assert [one.rule_key for one in watched.episodes.open()] == ["share-of-catalogue", "held"]
    assert watched.episodes.open(["other"]) == []
    assert {one.rule_key for one in watched.episodes.recent(9)} == {"share-of-catalogue", "held"}
    assert [one.rule_key for one in watched.episodes.of_rule("held")] == ["held"]


def test_an_episode_is_found_in_a_span_that_it_was_open_in(watched):
    opened = watched.store.now
    watched.read({1: ACTIVE, 2: ACTIVE}, hours=2)
    minute = timedelta(minutes=1)
    spans = {"before": (-9, -1), "across": (-1, 1), "within": (5, 6), "after": (125, 130)}
    found = {
        name: [one.rule_key for one in watched.episodes.between(opened + start * minute, opened + end * minute)]
        for name, (start, end) in spans.items()
    }
    both = ["held", "share-of-catalogue"]
    assert {name: sorted(keys) for name, keys in found.items()} == {
        "before": [],
        "across": both,
        "within": both,
        "after": [],
    }


def test_what_people_say_of_an_episode_stays_and_is_logged(watched):
    _, episode = watched.episodes.open()
    now = watched.store.now
    watched.episodes.acknowledge(episode.id, by="Ana", now=now)
    watched.episodes.assign(episode.id, " Ben ", by="Ana", now=now)
    watched.episodes.note(episode.id, "A bad upload.", by="Ben", now=now)
    watched.episodes.note(episode.id, "A bad upload.", by="Eve", now=now)
    found = watched.episodes.get(episode.id)
    assert (found.acknowledged_at, found.acknowledged_by, found.owner, found.note) == (
        now,
        "Ana",
        "Ben",
        "A bad upload.",
    )
    assert [(entry.by, entry.field, entry.before, entry.after) for entry in watched.episodes.log(episode.id)] == [
        ("Ben", "note", "", "A bad upload."),
        ("Ana", "owner", "", "Ben"),
        ("Ana", "acknowledged_by", "", "Ana"),
    ]
    watched.read({3: REJECTED}, minutes=1)
    assert watched.episodes.get(episode.id).owner == "Ben"


def test_an_episode_of_another_version_is_left_out(watched):
    with closing(sqlite3.connect(watched.settings.desk_path)) as desk, desk:
        desk.execute("UPDATE alert_episode SET severity = 'apocalyptic' WHERE rule_key = 'held'")
    assert [one.rule_key for one in watched.episodes.open()] == ["share-of-catalogue"]


def test_without_a_desk_there_are_none(tmp_path, watched):
    nowhere = type(watched.episodes)(tmp_path / "none" / "desk.db")
    assert (nowhere.open(), nowhere.recent(9), nowhere.events(1), nowhere.get(1)) == ([], [], [], None)

"""Whatever channels do and whenever the process ends: every event arrives, and nobody is stormed."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.alerts.model import EventKind
from aexdash.config.sections.channels import Channel
from aexdash.notify.errors import NotDelivered
from tests.notify.alerts import closing_event, like, recorded_event
from tests.notify.post import PostRoom
from tests.support import examples

TEAM = Channel(name="team", url="json://x")

MOVES = st.one_of(
    st.tuples(st.just("open"), st.integers(1, 8)),
    st.tuples(st.just("close"), st.integers(1, 8)),
    st.tuples(st.just("step"), st.sampled_from((1, 10, 60, 300))),
    st.tuples(st.just("shut"), st.integers(1, 3)),
    st.tuples(st.just("lost"), st.just(1)),
    st.tuples(st.just("restart"), st.just(1)),
)
"""`shut`: so many messages are refused; `lost`: one arrives and we are told that it did not."""


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(MOVES, max_size=25))
def test_every_event_arrives_and_what_arrives_twice_has_the_same_ids(moves):
    with TemporaryDirectory() as folder:
        arrived, faults, laid = [], [], {}

        def send(_channel, message, _now):
            fault = faults.pop(0) if faults else ""
            if fault != "shut":
                arrived.append(message)
            if fault:
                raise NotDelivered("x answered with status 500.")

        room, number = PostRoom(Path(folder), TEAM, send=send), 0
        for move, count in moves:
            if move == "step":
                room.step(minutes=count)
            elif move == "restart":
                room.restart()
            elif move in ("shut", "lost"):
                faults += [move] * count
            elif (move == "open") != (laid.get(count) == "open"):
                number += 1
                episode = {"at": room.clock(), "trace": f"held-{count}"}
                event = (
                    recorded_event(EventKind.OPENED, number, **episode)
                    if move == "open"
                    else closing_event(number, **episode)
                )
                room.lay(like(event, id=count))
                laid[count] = move
        faults.clear()
        for _ in range(3):
            room.step(hours=2)
        assert {row[3] for row in room.deliveries()} <= {1}
        assert _events(arrived) == set(range(1, number + 1))
        assert room.step(hours=2) == []
        copies = [message.id for message in arrived if message.payload.get("again") is False]
        assert len(copies) == len(set(copies))


def _events(arrived) -> set[int]:
    parts = [part for message in arrived for part in message.payload.get("episodes", [message.payload])]
    return {event for part in parts for event in part["events"]}


@pytest.mark.slow
def test_a_channel_that_always_fails_is_tried_about_once_an_hour(tmp_path):
    tried = []

    def send(_channel, message, now):
        tried.append(now)
        raise NotDelivered("x answered with status 500.")

    room = PostRoom(tmp_path, TEAM, send=send)
    room.lay(*(like(recorded_event(number=number, trace=f"held-{number}"), id=number) for number in range(1, 31)))
    for _ in range(24 * 6):
        room.step(minutes=10)
    spans = [later - earlier for earlier, later in pairwise(tried)]
    assert spans[:2] == [timedelta(minutes=10), timedelta(minutes=20)]
    assert set(spans[2:]) == {timedelta(hours=1)}

"""What is sent arrives at least once, in one message where it waited together, and never as a storm."""

from __future__ import annotations

import threading
from datetime import time, timedelta

import pytest

from aexdash.alerts.episodes import routing
from aexdash.alerts.model import EventKind, QuietHours
from aexdash.alerts.reading import Reading
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.config.sections.channels import Channel
from aexdash.desk import channel_state
from aexdash.desk import file as desk_file
from aexdash.model import Severity
from aexdash.notify import channel_states
from aexdash.notify.channel_states import ChannelState
from aexdash.notify.errors import NotDelivered
from aexdash.notify.messages import MessageKind
from aexdash.storage.errors import StorageError
from tests.notify.alerts import ANYTHING_HELD, NINTH, closing_event, like, recorded_event
from tests.notify.post import PostRoom

TEAM, CHAT = Channel(name="team", url="json://x"), Channel(name="chat", url="json://y")
HOURS = QuietHours(start=time(8), end=time(20), zone="UTC")
QUIET = ANYTHING_HELD.model_copy(update={"quiet": HOURS})
SHUT = "127.0.0.1 answered with status 500."


@pytest.fixture
def room(tmp_path):
    return PostRoom(tmp_path, TEAM)


def opening(number: int, **words):
    """The opening of the episode of that number."""
    event = recorded_event(EventKind.OPENED, 10 * number, trace=f"held-main-{number}", **words)
    return like(event, id=number)


def ending(number: int, **words):
    return like(closing_event(10 * number + 1, trace=f"held-main-{number}", **words), id=number)


def kinds(room) -> list[MessageKind]:
    return [message.kind for _, message in room.sent]


def state(room, name="team") -> ChannelState:
    return {one.name: one for one in channel_states.states(room.settings.desk_path, room.settings.channels)}[name]


def test_an_event_is_told_once_to_every_channel_that_it_concerns(tmp_path):
    room = PostRoom(tmp_path, TEAM, CHAT, Channel(name="worst", severity=Severity.CRITICAL, url="json://z"))
    room.lay(opening(1))
    assert sorted(room.step()) == [("chat", "held-main-1-10"), ("team", "held-main-1-10")]
    assert room.step(minutes=1) == []
    assert room.deliveries() == [(10, "team", 1, 1, 0, ""), (10, "chat", 1, 1, 0, "")]


def test_a_channel_without_anything_due_costs_nothing_and_no_channels_touch_no_desk(tmp_path):
    room = PostRoom(tmp_path)
    assert room.step() == []
    assert not room.settings.desk_path.exists()


def test_a_failing_channel_is_tried_after_1_5_15_and_60_minutes_and_then_every_hour(room):
    room.broken["team"] = SHUT
    room.lay(opening(1))
    tried = []
    for minute in (0, 0.9, 1, 5.9, 6, 20.9, 21, 80.9, 81, 140.9, 141):
        room.clock.at = NINTH + timedelta(minutes=minute)
        room.step()
        if room.deliveries()[0][2] > len(tried):
            tried.append(minute)
    assert tried == [0, 1, 6, 21, 81, 141]
    assert room.said == [f"Channel team: {SHUT}"]


def test_a_channel_that_works_again_is_told_what_waited_and_says_that_it_may_be_a_copy(room):
    room.broken["team"] = SHUT
    room.lay(opening(1))
    room.step()
    assert (state(room).failing_since, state(room).error, state(room).waiting) == (NINTH, SHUT, 1)
    room.broken.clear()
    assert room.step(minutes=1) == [("team", "held-main-1-10")]
    _, message = room.sent[0]
    assert message.payload["again"] is True
    assert (state(room).failing_since, state(room).error, state(room).waiting) == (None, "", 0)
    assert state(room).delivered_at == NINTH + timedelta(minutes=1)
    assert room.said[-1] == "Channel team works again."


def test_an_error_that_nobody_foresaw_makes_a_channel_pause_as_any_failure_and_tells_no_content(tmp_path):
    def fails(*_given: object) -> None:
        raise KeyError("hush")

    room = PostRoom(tmp_path, TEAM, send=fails)
    room.lay(opening(1))
    room.step()
    room.step(minutes=0.5)
    assert (room.deliveries()[0][2], state(room).failing_since) == (1, NINTH)
    room.step(minutes=0.6)
    assert room.deliveries()[0][2] == 2
    assert len(room.said) == 1
    assert room.said[0].startswith("Channel team: an error that nobody foresaw (KeyError in aexdash/notify/sending.py")
    assert "hush" not in room.said[0] + state(room).error


def test_an_event_that_waited_while_the_machine_was_off_is_tried_more_than_once(room):
    room.lay(opening(1))
    room.broken["team"] = SHUT
    room.step(hours=30)
    assert room.deliveries() == [(10, "team", 1, 0, 0, SHUT)]
    room.broken.clear()
    assert room.step(minutes=2) == [("team", "held-main-1-10")]


def test_after_a_day_an_event_is_given_up_and_the_channel_is_called_dead(room):
    room.broken["team"] = SHUT
    room.lay(opening(1))
    for hours in (0, 8, 8, 8):
        room.step(hours=hours)
    assert room.deliveries()[0][3:] == (0, 1, SHUT)
    assert state(room).waiting == 0
    assert channel_states.dead_channels(room.settings.desk_path, room.settings.channels, room.clock()) == [state(room)]
    room.broken.clear()
    assert room.step(hours=2) == []


def test_events_of_one_episode_that_waited_together_are_one_message(room):
    room.broken["team"] = SHUT
    room.lay(opening(1))
    room.step()
    room.lay(like(recorded_event(EventKind.WORSENED, 11, severity=Severity.HIGH, trace="held-main-1"), id=1))
    room.broken.clear()
    assert room.step(minutes=1) == [("team", "held-main-1-11")]
    _, message = room.sent[0]
    assert (message.kind, message.payload["events"]) == (MessageKind.OPENED, [10, 11])
    assert message.title == "High: Anything is held · main · 5 listings"


def test_an_episode_that_came_and_went_while_nobody_could_be_told_is_one_message_that_says_so(room):
    room.lay(opening(1), ending(1))
    room.clock.move(days=2)
    assert room.step() == [("team", "held-main-1-11")]
    assert kinds(room) == [MessageKind.PASSED]


def test_after_an_outage_one_summary_tells_what_waited(room):
    room.broken["team"] = SHUT
    room.lay(opening(1), opening(2), opening(3))
    for minutes in (0, 1, 5, 15, 60):
        room.step(minutes=minutes)
    room.broken.clear()
    room.lay(opening(4, at=room.clock()))
    assert room.step(minutes=10) == []
    room.step(hours=1)
    assert kinds(room) == [MessageKind.SUMMARY]
    _, summary = room.sent[0]
    assert [part["events"] for part in summary.payload["episodes"]] == [[10], [20], [30], [40]]
    assert room.step(hours=1) == []


def test_a_storm_is_one_summary(room):
    room.lay(*(opening(number) for number in range(1, 51)))
    assert room.step() == [("team", "summary-10-500")]
    assert room.step(hours=1) == []
    assert {row[3] for row in room.deliveries()} == {1}


def test_a_few_at_once_are_told_one_by_one(room):
    room.lay(opening(1), opening(2))
    assert room.step() == [("team", "held-main-1-10"), ("team", "held-main-2-20")]


def test_a_restart_between_sending_and_marking_sends_again_under_the_same_id(room, monkeypatch):
    room.lay(opening(1))
    ends = threading.Event()

    def killed(*_):
        ends.set()
        raise StorageError("The desk is locked.")

    with monkeypatch.context() as patched:
        patched.setattr("aexdash.desk.channel_state.record_delivery", killed)
        assert room.step() == [("team", "held-main-1-10")]
    assert ends.is_set()
    assert room.deliveries() == [(10, "team", 1, 0, 0, "")]
    room.restart()
    assert room.step(minutes=1) == [("team", "held-main-1-10")]
    assert [message.payload["again"] for _, message in room.sent] == [False, True]


def test_a_slow_channel_holds_up_no_other_and_not_the_step(tmp_path):
    released, sent = threading.Event(), []

    def send(channel, message, _now):
        if channel.name == "team":
            assert released.wait(30)
        sent.append(channel.name)

    room = PostRoom(tmp_path, TEAM, CHAT, send=send)
    room.lay(opening(1))
    room.sender.step(NINTH)
    while "chat" not in sent:
        room.sender.step(NINTH)
    assert sent == ["chat"]
    released.set()
    assert room.sender.wait()
    assert sent == ["chat", "team"]


def test_a_muted_rule_is_told_of_when_the_mute_ends(room):
    muted = ANYTHING_HELD.model_copy(update={"muted_until": NINTH + timedelta(hours=3)})
    room.lay(opening(1, rule=muted))
    assert room.step(hours=2) == []
    assert room.step(hours=1) == [("team", "held-main-1-10")]


def test_a_mute_that_is_ended_early_puts_off_nothing_any_more(room):
    muted = ANYTHING_HELD.model_copy(update={"muted_until": NINTH + timedelta(days=3)})
    room.lay(opening(1, rule=muted))
    assert room.step(hours=2) == []
    with desk_file.writing(room.settings.desk_path) as connection:
        routing.reschedule(connection, ANYTHING_HELD, room.clock())
    assert room.step() == [("team", "held-main-1-10")]


def test_what_pierces_quiet_hours_takes_along_what_waited_of_its_episode(room):
    room.lay(opening(1, rule=QUIET))
    assert room.step(hours=1) == []
    worse = recorded_event(
        EventKind.WORSENED, 11, rule=QUIET, severity=Severity.CRITICAL, trace="held-main-1", at=room.clock()
    )
    room.lay(like(worse, id=1))
    assert room.step() == [("team", "held-main-1-11")]
    assert room.sent[0][1].payload["events"] == [10, 11]
    assert room.step(hours=12) == []


def test_quiet_hours_end_with_one_message_for_all_that_waited(room):
    room.lay(opening(1, rule=QUIET), opening(2, rule=QUIET))
    assert room.step(hours=11) == []
    assert room.step(hours=1) == [("team", "summary-10-20")]


def test_a_clock_that_is_set_back_delays_nothing(room):
    room.broken["team"] = SHUT
    room.clock.move(hours=5)
    room.lay(opening(1, at=room.clock()))
    room.step()
    room.broken.clear()
    assert room.step(hours=-4) == [("team", "held-main-1-10")]


def test_an_ending_goes_to_whoever_was_told_of_the_opening(tmp_path):
    pictures = Channel(name="pictures", reasons=("image",), url="json://x")
    room = PostRoom(tmp_path, pictures)
    room.lay(opening(1), ending(1), opening(2, codes={"attribute.brand_missing": 1}))
    assert room.deliveries() == [(10, "pictures", 0, 0, 0, ""), (11, "pictures", 0, 0, 0, "")]


def test_a_channel_of_some_reasons_is_not_told_of_what_is_about_no_listings(tmp_path):
    """One on a feed once came with the reasons of all that was held, and so to whoever waits for one of these."""
    room = PostRoom(tmp_path, TEAM, Channel(name="pictures", reasons=("image",), url="json://x"))
    feed = next(rule for rule in DEFAULTS.values() if rule.condition.moves is None and hasattr(rule.condition, "card"))
    room.lay(opening(1, rule=feed, reading=Reading(level=9, value=9, baseline=0)))
    assert room.deliveries() == [(10, "team", 0, 0, 0, "")]


def test_an_event_that_cannot_be_read_holds_up_no_other(room):
    room.lay(opening(1), opening(2))
    with desk_file.writing(room.settings.desk_path) as connection:
        connection.execute("UPDATE alert_event SET rule = '{}' WHERE id = 10")
    assert room.step() == [("team", "held-main-2-20")]
    lost = "Another version wrote this event in a form that cannot be read."
    assert room.deliveries() == [(10, "team", 0, 0, 1, lost), (20, "team", 1, 1, 0, "")]


def test_somebody_asks_for_a_test_on_the_page_and_the_worker_sends_it(room):
    channel_state.ask_test(room.settings.desk_path, "team", NINTH)
    assert room.step() == [("team", "test-team-20260309T081000")]
    assert (state(room).test_asked_at, state(room).tested_at, state(room).test_error) == (None, NINTH, "")
    room.broken["team"] = SHUT
    channel_state.ask_test(room.settings.desk_path, "team", NINTH)
    assert room.step(minutes=1) == []
    assert (state(room).tested_at, state(room).test_error) == (NINTH + timedelta(minutes=1), SHUT)


def test_a_channel_that_lacks_its_address_is_dead_and_says_what_it_lacks(tmp_path):
    lacking = "It has no url: write one to secrets.toml under [channel.team], or set AEXDASH_CHANNEL_TEAM_URL."
    channel = Channel(name="team", lacking=lacking)
    found = channel_states.dead_channels(tmp_path / "desk.db", {"team": channel}, NINTH)
    assert [(one.name, one.trouble) for one in found] == [("team", lacking)]


def test_one_refusal_stops_the_round_and_the_message_refused_comes_last(tmp_path):
    refused = []

    def send(_channel, message, _now):
        if message.trace == "held-main-1":
            refused.append(message.id)
            raise NotDelivered(SHUT)
        room.sent.append(("team", message))

    room = PostRoom(tmp_path, TEAM, send=send)
    room.lay(opening(1), opening(2))
    assert room.step() == []
    assert room.step(minutes=1) == [("team", "held-main-2-20")]
    assert refused == ["held-main-1-10"] * 2

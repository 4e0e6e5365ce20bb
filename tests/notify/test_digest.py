"""Digests come once at their time, on days of 23 and 25 hours too, and are made up for when they were missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.config.sections.channels import Channel
from aexdash.desk.campaigns import Campaigns
from aexdash.model import Severity
from aexdash.notify.digest import Digester, is_due, last_moment
from aexdash.notify.evidence import SnapshotLookup
from aexdash.notify.writing import Writer
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.recording.record import ensure_store
from aexdash.words.common import moment
from tests.desk.deciding import ANN
from tests.notify.alerts import NINTH, closing_event, like, recorded_event
from tests.notify.post import PostRoom
from tests.snapshot.store import REJECTED, Store

EVENING = Channel(name="boss", digest="daily 18:00", zone="Europe/Berlin", url="json://x")

TEXT = """\
Alerts: 2 opened, 1 over, 1 still open
Still open:
  - medium: Anything is held · main, 9 Mar 2026 08:10 UTC, ana
Over:
  - medium: Anything is held · main, 9 Mar 2026 08:10 UTC to 9 Mar 2026 09:10 UTC
Trace: digest-boss-20260309T1700
http://localhost:8501/"""


@pytest.mark.parametrize(
    ("digest", "now", "last"),
    [
        ("daily 18:00", datetime(2026, 3, 9, 17, tzinfo=UTC), datetime(2026, 3, 9, 17, tzinfo=UTC)),
        ("daily 18:00", datetime(2026, 3, 9, 16, 59, tzinfo=UTC), datetime(2026, 3, 8, 17, tzinfo=UTC)),
        ("daily 18:00", datetime(2026, 3, 29, 16, tzinfo=UTC), datetime(2026, 3, 29, 16, tzinfo=UTC)),
        ("daily 02:30", datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("daily 02:30", datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("weekly monday 08:00", datetime(2026, 3, 9, 7, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)),
        ("weekly monday 08:00", datetime(2026, 3, 9, 6, 59, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)),
    ],
)
def test_a_digest_is_scheduled_by_the_clock_on_the_wall(digest, now, last):
    assert last_moment(EVENING.model_copy(update={"digest": Channel(name="x", digest=digest).digest}), now) == last


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - UTC is set below
    zone=st.sampled_from(("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe")),
    hour=st.integers(0, 23),
)
def test_every_day_has_one_digest(now, zone, hour):
    channel = Channel(name="boss", digest=f"daily {hour:02}:30", zone=zone)
    found = last_moment(channel, now.replace(tzinfo=UTC))
    after = last_moment(channel, found + timedelta(hours=26))
    assert found <= now.replace(tzinfo=UTC) < found + timedelta(hours=25, minutes=1)
    assert (after - found) // timedelta(hours=1) in (22, 23, 24, 25)
    days = {at.astimezone(ZoneInfo(zone)).date() for at in (found, after)}
    assert len(days) == 2


def test_a_digest_tells_what_happened_and_what_is_still_open(tmp_path):
    room = PostRoom(tmp_path, EVENING)
    assert room.step() == []  # the first is due at the next 18:00
    room.lay(
        like(recorded_event(number=1, trace="held-1", owner="ana"), id=1),
        like(recorded_event(number=2, trace="held-2"), id=2),
    )
    room.lay(like(closing_event(3, trace="held-2", at=NINTH + timedelta(hours=1)), id=2))
    assert room.step(hours=8) == []
    assert room.step(hours=1) == [("boss", "digest-boss-20260309T1700")]
    _, message = room.sent[0]
    assert message.title == "Digest of 8 Mar 2026 17:00 UTC to 9 Mar 2026 17:00 UTC"
    assert message.text() == TEXT
    assert [one["trace"] for one in message.payload["episodes"]] == ["held-1", "held-2"]
    assert room.step(hours=1) == []


@pytest.mark.parametrize(
    ("later", "said"), [(0, ", read 0 s ago"), (11, " when last read, 9 Mar 2026 08:10 UTC; not read since")]
)
def test_a_digest_says_of_which_moment_what_is_held_is(tmp_path, later, said):
    store = Store(tmp_path, now=NINTH)
    store.sweep({1: REJECTED})
    now = NINTH + timedelta(days=later)
    lookup = SnapshotLookup(store.path, store.desk_path, clock=lambda: now)
    writer = Writer(load_taxonomy(), {"main": "Main"}, "https://desk.example", lambda *_: {})
    digest = Digester(store.desk_path, lookup, writer).write(EVENING, (now - timedelta(days=1), now), now)
    assert digest.lines[0].label == "Held"
    assert digest.lines[0].items[0].startswith(f"Main: 1 listing held (1 rejected, 0 in audit){said}")


def test_the_moments_of_a_digest_are_those_of_the_workspace(tmp_path):
    """A digest scheduled at 08:00 in Madrid was headed 07:00 UTC."""
    store = Store(tmp_path, now=NINTH, zone=ZoneInfo("Europe/Madrid"))
    store.sweep({1: REJECTED})
    room = PostRoom(tmp_path, EVENING)
    room.lay(like(recorded_event(number=1, trace="a"), id=1))
    at_eight = datetime(2026, 3, 10, 7, tzinfo=UTC)
    a_day_before = at_eight - timedelta(days=1)
    lookup = SnapshotLookup(store.path, store.desk_path, clock=lambda: at_eight, zone=store.zone)
    writer = Writer(load_taxonomy(), {"main": "Main"}, "https://desk.example", lambda *_: {})
    digest = Digester(store.desk_path, lookup, writer).write(
        EVENING, (at_eight - timedelta(days=1), at_eight), at_eight
    )
    assert digest.title == "Digest of 9 Mar 2026 08:00 Madrid to 10 Mar 2026 08:00 Madrid"
    assert "Since 9 Mar 2026 08:00 Madrid" in digest.text()
    assert "Anything is held · Main, 9 Mar 2026 09:10 Madrid" in digest.text()
    assert digest.payload["from"] == a_day_before


def test_what_a_digest_does_not_know_it_says_in_the_zone_of_the_workspace_too(tmp_path):
    """The head of a digest was in the time of Madrid, and *not read since* in it in UTC."""
    store = Store(tmp_path, now=NINTH, zone=ZoneInfo("Europe/Madrid"))
    store.sweep({1: REJECTED})
    Campaigns(store.desk_path).make("Photos", "", [("main", 1)], who=ANN, now=NINTH)
    now = NINTH + timedelta(days=11)
    lookup = SnapshotLookup(store.path, store.desk_path, clock=lambda: now, zone=store.zone)
    writer = Writer(load_taxonomy(), {"main": "Main"}, "https://desk.example", lambda *_: {})
    written = Digester(store.desk_path, lookup, writer).write(EVENING, (now - timedelta(days=1), now), now).text()
    read = f"{moment(NINTH, store.zone)}"
    assert read.endswith("Madrid")
    assert f"held (1 rejected, 0 in audit) when last read, {read}; not read since {read}" in written
    assert f"To do: 1 when last read, {read}; not read since {read}" in written
    assert f"0 of 1 listing cleared when last read, {read}" in written
    assert "UTC" not in written


def test_an_archived_store_is_left_out_of_a_digest_of_all_stores(tmp_path):
    """The overview counted five open alerts and the digest seven: two were of a store that nobody reads any more."""
    store = Store(tmp_path, now=NINTH)
    store.sweep({1: REJECTED})
    old = Store(tmp_path, key="old", now=NINTH - timedelta(days=30))
    old.sweep({2: REJECTED})
    ensure_store(old.db, key="old", title="old", model="overseas", now=NINTH, watched=False)
    room = PostRoom(tmp_path, EVENING)
    room.lay(
        like(recorded_event(number=1, trace="a"), id=1), like(recorded_event(number=2, trace="b", store="old"), id=2)
    )
    lookup = SnapshotLookup(store.path, store.desk_path, clock=lambda: NINTH)
    writer = Writer(load_taxonomy(), {"main": "Main", "old": "Old"}, "https://desk.example", lambda *_: {})
    digester, span = Digester(store.desk_path, lookup, writer), (NINTH - timedelta(days=1), NINTH)
    digest = digester.write(EVENING, span, NINTH)
    assert "Old" not in digest.text()
    assert "Alerts: 1 opened, 0 over, 1 still open\n" in digest.text()
    assert [*digest.payload["held"]] == ["main"]
    assert [one.store for one in Episodes(store.desk_path).open(archived=lookup.archived())] == ["main"]
    named = digester.write(EVENING.model_copy(update={"stores": ("main", "old")}), span, NINTH).text()
    assert "Old: archived; 1 listing held when last read, 7 Feb 2026 08:10 UTC" in named
    assert "2 opened, 0 over, 2 still open\n" in named


def test_a_digest_that_was_missed_is_sent_once_however_many_were(tmp_path):
    room = PostRoom(tmp_path, EVENING)
    room.step()
    room.restart()
    assert room.step(days=5) == [("boss", "digest-boss-20260313T1700")]
    assert room.sent[0][1].title == "Digest of 8 Mar 2026 17:00 UTC to 13 Mar 2026 17:00 UTC"
    assert room.step() == []


def test_a_digest_that_does_not_arrive_is_tried_again_after_a_pause(tmp_path):
    room = PostRoom(tmp_path, EVENING)
    room.step()
    room.broken["boss"] = "x answered with status 500."
    assert room.step(hours=9) == []
    room.broken.clear()
    assert room.step(seconds=30) == []
    assert room.step(seconds=30) == [("boss", "digest-boss-20260309T1700")]


def test_a_digest_is_of_what_its_channel_is_told(tmp_path):
    room = PostRoom(tmp_path, EVENING.model_copy(update={"severity": Severity.HIGH}))
    room.step()
    room.lay(recorded_event())
    room.step(hours=9)
    assert room.sent[0][1].payload["episodes"] == []


def test_a_channel_without_a_digest_has_none_due():
    assert not is_due(Channel(name="team"), None, NINTH)

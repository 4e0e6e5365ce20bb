"""The signed webhook against a real endpoint with faults: nothing is lost, a copy can be told, a key stays a key."""

from __future__ import annotations

import hashlib
import hmac
import socket
from functools import partial

import pytest

from aexdash.config.sections.channels import Channel
from aexdash.notify import channels, webhook
from aexdash.notify.errors import NotDelivered
from aexdash.notify.writing import Writer
from aexdash.reasons.taxonomy import load_taxonomy
from tests.notify.alerts import FIVE, NINTH, recorded_event
from tests.notify.post import PostRoom, endpoint

KEY = "k3y-nobody-may-see"
IDS = "held-main-1-1"

SHORT = partial(webhook.post, timeout=0.3)


@pytest.fixture
def receiver():
    with endpoint() as state:
        yield state


def hook(url: str) -> Channel:
    return Channel(name="hook", kind="webhook", url=url, key=KEY)


def room_for(tmp_path, receiver) -> PostRoom:
    return PostRoom(tmp_path, hook(receiver.url), send=SHORT)


def test_a_message_is_signed_with_its_time_and_carries_its_id(receiver):
    writer = Writer(load_taxonomy(), {"main": "Main"}, "https://desk.example", lambda *_: {FIVE[0]: "Dog <Harness>"})
    message = writer.message([recorded_event()], NINTH)
    channels.send(hook(receiver.url), message, NINTH)
    (request,) = receiver.received
    signed = hmac.new(KEY.encode(), b"1773043800." + request.body, hashlib.sha256).hexdigest()
    names = ("content-type", "x-aexdash-timestamp", "x-aexdash-signature", "idempotency-key")
    assert request.path == "/hook/tok3n"
    assert [request.headers[name] for name in names] == ["application/json", "1773043800", f"sha256={signed}", IDS]


def test_the_json_form_says_everything_there_is(receiver):
    writer = Writer(load_taxonomy(), {"main": "Main"}, "https://desk.example", lambda *_: {FIVE[0]: "Dog <Harness>"})
    message = writer.message([recorded_event()], NINTH)
    channels.send(hook(receiver.url), message, NINTH)
    facts = receiver.received[0].facts
    assert facts.pop("text") == message.text()
    assert facts == {
        "version": 1,
        "id": IDS,
        "kind": "opened",
        "trace": "held-main-1",
        "event": 1,
        "events": [1],
        "again": False,
        "sent_at": "2026-03-09T08:10:00.000Z",
        "severity": "medium",
        "rule": {
            "key": "held",
            "title": "Anything is held",
            "condition": "threshold",
            "sentence": "Rejected / Auditing Listings above 0 for 10 minutes; high above 20; well again at 0.",
        },
        "store": {"key": "main", "title": "Main"},
        "opened_at": "2026-03-09T08:10:00.000Z",
        "since": "2026-03-09T08:00:00.000Z",
        "at": "2026-03-09T08:10:00.000Z",
        "closed_at": None,
        "owner": "",
        "level": 5,
        "value": 5,
        "baseline": 0,
        "delta": 5,
        "delta_percent": None,
        "because": "",
        "reasons": [
            {"code": "image.main_too_small", "label": "Main picture too small", "listings": 4, "before": 0, "delta": 4},
            {"code": "attribute.brand_missing", "label": "Brand missing", "listings": 1, "before": 0, "delta": 1},
        ],
        "listings": [
            {"id": "1005000000000001", "title": "Dog <Harness>"},
            *({"id": str(number), "title": ""} for number in FIVE[1:]),
        ],
        "listings_total": 5,
        "data_at": "2026-03-09T08:08:00.000Z",
        "data_age_seconds": 120,
        "statement": None,
        "goes_with": None,
        "link": "https://desk.example/worklist?store=main",
        "title": "Medium: Anything is held · Main · 5 listings",
    }


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (500, "127.0.0.1 answered with status 500."),
        (301, "127.0.0.1 answered with status 301."),
        ("half", "The answer of 127.0.0.1 broke off or is damaged."),
        ("dropped", "The answer of 127.0.0.1 broke off or is damaged."),
        ("slow", "127.0.0.1 could not be reached: it did not answer in time."),
    ],
)
def test_what_may_not_have_arrived_comes_again_under_the_same_id(tmp_path, receiver, fault, said):
    room = room_for(tmp_path, receiver)
    room.lay(recorded_event())
    receiver.faults.append(fault)
    room.step()
    assert room.deliveries() == [(1, "hook", 1, 0, 0, said)]
    assert room.said == [f"Channel hook: {said}"]
    room.step(minutes=1)
    assert room.deliveries() == [(1, "hook", 2, 1, 0, "")]
    assert [request.headers["idempotency-key"] for request in receiver.received] == [IDS, IDS]
    assert [(request.facts["id"], request.facts["again"]) for request in receiver.received] == [
        (IDS, False),
        (IDS, True),
    ]
    room.step(minutes=1)
    assert len(receiver.received) == 2


def test_an_endpoint_that_refuses_is_tried_again(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        room = PostRoom(tmp_path, hook(f"http://127.0.0.1:{closed.getsockname()[1]}/"), send=SHORT)
        room.lay(recorded_event())
        room.step()
    said = "127.0.0.1 could not be reached: it refused the connection."
    assert room.deliveries() == [(1, "hook", 1, 0, 0, said)]


def test_a_dead_endpoint_meets_no_storm(tmp_path, receiver):
    room = room_for(tmp_path, receiver)
    receiver.faults += [500] * 100
    room.lay(recorded_event())
    for _ in range(30):
        room.step(minutes=2)
    assert len(receiver.received) == 4


def test_without_an_address_nothing_is_sent(receiver):
    lacking = Channel(name="hook", kind="webhook", lacking="It has no url.")
    with pytest.raises(NotDelivered, match="It has no url"):
        channels.send(lacking, Writer(load_taxonomy(), {}, "", lambda *_: {}).test("hook", NINTH), NINTH)

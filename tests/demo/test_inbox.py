"""The inbox of the demo: it takes what a webhook is sent, as any receiver would, and shows it without trusting it."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from aexdash.config.sections.channels import Channel, Kind
from aexdash.demo import inbox
from aexdash.demo.inbox import MOST, PATH, Inbox
from aexdash.demo.platform.server import application, serve_in_thread
from aexdash.notify import channels
from aexdash.notify.errors import NotDelivered
from aexdash.notify.messages import Message, MessageKind, MessageLine

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def message(
    number: int = 1, title: str = "Test", text: str = "It works.", link: str = "http://localhost:8501/"
) -> Message:
    payload = {"id": f"m{number}", "title": title, "text": f"{text}\n{link}", "link": link, "sent_at": NOW}
    return Message(MessageKind.TEST, f"m{number}", "", title, (MessageLine("Test", text),), link, payload)


@pytest.fixture
def served(tmp_path):
    """An inbox over HTTP, before a server that has nothing else."""
    kept = Inbox(tmp_path / "inbox.jsonl", lambda: NOW)
    with serve_in_thread(application(kept.before(lambda *_: (404, {}, b"the others")))) as server:
        yield kept, server.url


def channel(url: str, key: str = inbox.KEY) -> Channel:
    return Channel(name="inbox", kind=Kind.WEBHOOK, url=SecretStr(url + PATH), key=SecretStr(key))


def shown(url: str) -> str:
    with urllib.request.urlopen(url + PATH) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        return answer.read().decode()


def test_an_empty_inbox_says_what_will_be_here_and_how_to_get_it(served):
    assert "Nothing has arrived so far." in shown(served[1])
    assert "a test when you ask for one" in shown(served[1])


def test_what_a_channel_sends_is_shown_the_latest_first_with_its_link(served):
    _, url = served
    channels.send(channel(url), message(1, "First"), NOW)
    channels.send(channel(url), message(2, "Second", link="http://localhost:8501/worklist?store=demo&lane=todo"), NOW)
    page = shown(url)
    assert page.index("Second") < page.index("First")
    assert '<a href="http://localhost:8501/worklist?store=demo&amp;lane=todo">Open in aexdash</a>' in page
    assert "28 Nov 2026 12:00 UTC" in page
    assert "<title>2 messages · Inbox of the demo</title>" in page


def test_nothing_in_a_message_acts_as_html_or_as_a_script(served):
    _, url = served
    channels.send(channel(url), message(1, "<b>x</b>", "<script>alert(1)</script>", "javascript:alert(1)"), NOW)
    page = shown(url)
    assert [tag for tag in ("<script", "<b>", "javascript:") if tag in page] == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(("key", "sent_at"), [("another", NOW), (inbox.KEY, NOW - timedelta(minutes=6))])
def test_a_message_with_another_key_or_an_old_signature_is_not_taken(served, key, sent_at):
    kept, url = served
    with pytest.raises(NotDelivered, match="401"):
        channels.send(channel(url, key), message(), sent_at)
    assert kept.messages() == []


def test_a_copy_is_shown_once_and_a_restart_loses_nothing(served, tmp_path):
    _, url = served
    for number in (1, 2, 1):
        channels.send(channel(url), message(number), NOW)
    assert [one["id"] for one in Inbox(tmp_path / "inbox.jsonl").messages()] == ["m1", "m2"]


@pytest.mark.slow
def test_the_latest_are_kept(served):
    kept, url = served
    for number in range(MOST + 3):
        channels.send(channel(url), message(number), NOW)
    assert [one["id"] for one in kept.messages()] == [f"m{number}" for number in range(MOST + 2, 2, -1)]


def test_every_other_address_is_left_to_the_platform(served):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(served[1] + "/_demo/faults")
    assert refused.value.read() == b"the others"

"""Mail through a real SMTP server of our own on loopback: readable, harmless, and tried again when it is refused."""

from __future__ import annotations

import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller

from aexdash.config.sections.channels import Channel
from aexdash.notify import channels
from tests.notify.alerts import NINTH, recorded_event
from tests.notify.post import PostRoom

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # a plugin of apprise

TEXT = """\
Rule: Rejected / Auditing Listings above 0 for 10 minutes; high above 20; well again at 0.
Found 9 Mar 2026 08:10 UTC: 5 listings, a day before 0 listings (+5)
Since: 9 Mar 2026 08:00 UTC (10 min when this was found)
Reasons of what is held:
  - 4 Main picture too small (+4)
  - 1 Brand missing (+1)
Listings:
  - 1005000000000001
  - 1005000000000002
  - 1005000000000003
  - 1005000000000004
  - 1005000000000005
Severity: medium
Data: Last read completely 9 Mar 2026 08:08 UTC, 2 min before this message.
Trace: held-main-1-1
http://localhost:8501/worklist?store=main
"""


class Postbox:
    """Keeps mails; `answers` are given instead of taking one, in order."""

    def __init__(self) -> None:
        self.mails, self.answers = [], []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


@pytest.fixture
def postbox():
    box = Postbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"mailto://127.0.0.1:{port}?from=desk@example.com&to=lead@example.com&mode=insecure"
    yield box
    controller.stop()


def room_for(tmp_path, postbox) -> PostRoom:
    return PostRoom(tmp_path, Channel(name="mail", url=postbox.url), send=channels.send)


def test_a_mail_says_which_rule_what_since_when_why_and_where(tmp_path, postbox):
    room = room_for(tmp_path, postbox)
    room.lay(recorded_event())
    room.step()
    assert room.said == []
    (mail,) = postbox.mails
    assert (mail["subject"], mail["to"]) == ("Medium: Anything is held · main · 5 listings", "lead@example.com")
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").strip() == TEXT.strip()


def test_a_mail_that_is_refused_is_sent_again(tmp_path, postbox):
    room = room_for(tmp_path, postbox)
    room.lay(recorded_event())
    postbox.answers.append("451 come back later")
    room.step()
    said = "E-Mail: it could not be reached, or refused us."
    assert room.deliveries() == [(1, "mail", 1, 0, 0, said)]
    room.step(minutes=1)
    assert [mail["subject"] for mail in postbox.mails] == ["Medium: Anything is held · main · 5 listings"]
    assert room.deliveries() == [(1, "mail", 2, 1, 0, "")]


def test_a_server_that_is_not_there_is_said_in_one_sentence(tmp_path, postbox):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"mailto://127.0.0.1:{closed.getsockname()[1]}?from=a@example.com&to=b@example.com&mode=insecure"
        room = PostRoom(tmp_path, Channel(name="mail", url=url), send=room_for(tmp_path, postbox)._send)
        room.lay(recorded_event())
        room.step()
    assert room.said == ["Channel mail: E-Mail: it could not be reached, or refused us."]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nope://tok3n", "nope://…) is none that apprise knows"),
        ("tgram://x", "tgram://…) lacks a part that such a one needs"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_sentence_without_what_is_secret_in_it(tmp_path, url, said):
    room = PostRoom(tmp_path, Channel(name="mail", url=url), send=channels.send)
    room.lay(recorded_event(at=NINTH))
    room.step()
    sentence = f"The address of channel mail ({said}: correct it in secrets.toml."
    assert room.deliveries() == [(1, "mail", 1, 0, 0, sentence)]
    assert channels.check(room.settings.channels["mail"]) == sentence

"""Promise 9 for channels: their addresses and keys stay out of logs, errors, the desk and whatever is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from aexdash.config.settings import load_settings
from aexdash.desk import channel_state
from aexdash.notify import channel_states, channels
from aexdash.notify.sending import Sender
from tests.notify.alerts import NINTH, like, recorded_event
from tests.notify.post import PostRoom, endpoint

SECRET, KEY = "qX7tok3nqX7", "zK9k3yzK9"

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # a plugin of apprise

NAMES = ("hook", "chat", "mail", "odd")

PUBLIC = """
[channel.hook]
kind = "webhook"
[channel.chat]
[channel.mail]
[channel.odd]
"""


@pytest.fixture
def home(tmp_path):
    with endpoint() as receiver:
        address = receiver.url.removeprefix("http://").replace("tok3n", SECRET)
        (tmp_path / "aexdash.toml").write_text(PUBLIC)
        (tmp_path / "secrets.toml").write_text(
            f'[channel.hook]\nurl = "http://{address}"\nkey = "{KEY}"\n'
            f'[channel.chat]\nurl = "json://user:{SECRET}@{address}"\n'
            f'[channel.mail]\nurl = "mailto://user:{SECRET}@127.0.0.1:9?from=a@example.com&to=b@example.com"\n'
            f'[channel.odd]\nurl = "nope://{SECRET}"\n'
        )
        (tmp_path / "secrets.toml").chmod(0o600)
        yield tmp_path, receiver


def everything(folder) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "secrets.toml":
            yield path.read_bytes().decode("latin-1")


@pytest.mark.slow
def test_channels_that_work_and_channels_that_fail_show_no_secret(home, caplog):
    folder, receiver = home
    caplog.set_level("DEBUG")
    settings = load_settings(folder)
    room = PostRoom(folder)
    room.settings = settings
    said: list[str] = []
    sender = Sender(settings, clock=room.clock, log=said.append)
    for number, fault in enumerate((204, 500, 404), start=1):
        receiver.faults += [fault] * 4
        room.lay(like(recorded_event(number=number, trace=f"held-{number}"), id=number))
        for name in NAMES:
            channel_state.ask_test(settings.desk_path, name, room.clock())
        for _ in range(2):
            sender.step(room.clock.move(hours=1))
            assert sender.wait()
    assert any(SECRET in request.path for request in receiver.received)
    shown = [*said, caplog.text, *everything(folder), repr(settings), str(settings)]
    shown += [
        repr(channel_states.states(settings.desk_path, settings.channels)),
        *map(channels.check, settings.channels.values()),
    ]
    shown += [json.dumps(request.facts) for request in receiver.received if request.path.startswith("/hook")]
    found = "".join(shown)
    assert "Channel hook: 127.0.0.1 answered with status 500." in found
    for secret in (SECRET, KEY):
        assert secret not in found


def test_the_address_of_a_library_that_is_refused_does_not_show_in_its_error(home):
    folder, _ = home
    odd = load_settings(folder).channels["odd"]
    with pytest.raises(channels.NotDelivered) as caught:
        channels.send(odd, PostRoom(folder).sender._writer.test("odd", NINTH), NINTH)
    assert SECRET not in str(caught.value) + repr(caught.value.__cause__) + repr(caught.value.__context__)

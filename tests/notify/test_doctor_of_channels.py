"""The doctor says of each channel whether people can be told over it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import SecretStr

from aexdash.config.sections.channels import Channel
from aexdash.desk import channel_state
from aexdash.doctor.examining import examine
from aexdash.notify.channels import in_the_clear
from tests.notify.alerts import NINTH

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # a plugin of apprise

CHANNELS = """
[channel.bad]
[channel.dead]
severity = "high"
[channel.lacking]
[channel.well]
digest = "daily 08:00"
[channel.clear]
[channel.here]
"""
SECRETS = """
[channel.bad]
url = "nope://tok3n"
[channel.dead]
url = "json://127.0.0.1:9/tok3n"
[channel.well]
url = "json://127.0.0.1:9/tok3n"
[channel.clear]
url = "mailto://ana:passw0rd@mail.example?to=lead@example.com"
[channel.here]
url = "mailto://127.0.0.1:25?from=desk@example.com&to=lead@example.com"
"""


@pytest.mark.parametrize(
    ("address", "is_readable"),
    [
        ("mailto://a:b@mail.example?to=c@d.example", True),
        ("mailtos://a:b@mail.example?to=c@d.example&mode=insecure", True),
        ("mailto://a:b@mail.example:587?to=c@d.example&mode=starttls", False),
        ("mailtos://a:b@mail.example?to=c@d.example", False),
        ("mailto://a:b@gmail.com", False),  # apprise knows that server, and encrypts
        ("mailto://localhost?from=a@b.example&to=c@d.example", False),
        ("mailto://a:b@mail.example?smtp=127.0.0.1&to=c@d.example", False),
        ("json://hooks.example/x", False),
        ("nope://mail.example", False),
    ],
)
def test_only_mails_without_encryption_to_another_machine_can_be_read_on_the_way(address, is_readable):
    assert bool(in_the_clear(Channel(name="team", url=SecretStr(address)))) is is_readable


def test_the_doctor_looks_at_every_channel_and_sends_nothing(tmp_path):
    (tmp_path / "aexdash.toml").write_text(CHANNELS)
    (tmp_path / "secrets.toml").write_text(SECRETS)
    (tmp_path / "secrets.toml").chmod(0o600)
    desk = tmp_path / "desk.db"
    channel_state.record_failure(desk, "dead", "JSON: it answered with status 500.", NINTH - timedelta(hours=1))
    channel_state.record_delivery(desk, "well", NINTH)
    found = {one.name: str(one) for one in examine(tmp_path, lambda: NINTH) if one.name.startswith("channel")}
    lacking = f"It has no url: write one to {tmp_path / 'secrets.toml'} under [channel.lacking], or set"
    assert found == {
        "channel bad": "problem  channel bad: The address of channel bad (nope://…) is none that apprise knows: "
        "correct it in secrets.toml.",
        "channel clear": "ok       channel clear: it is told of everything; last told: never. "
        "Its mails, and its password where it has one, travel without encryption and can be read on the way: "
        "mailtos:// encrypts them.",
        "channel here": "ok       channel here: it is told of everything; last told: never.",
        "channel dead": "problem  channel dead: nothing has gone through since 2026-03-09 07:10 UTC: "
        "JSON: it answered with status 500. Try it with aexdash alerts test dead.",
        "channel lacking": f"problem  channel lacking: {lacking} AEXDASH_CHANNEL_LACKING_URL.",
        "channel well": "ok       channel well: it is told of everything; as a digest daily 08:00 (UTC); "
        "last told: 2026-03-09 08:10 UTC.",
    }

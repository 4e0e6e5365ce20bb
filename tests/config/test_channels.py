"""Channels in aexdash.toml and secrets.toml: what is written there, and one sentence for each mistake."""

from __future__ import annotations

from datetime import time

import pytest

from aexdash.config.sections.channels import PORT_VARIABLE, Channel, Digest, Kind
from aexdash.config.settings import ConfigError, load_settings
from aexdash.model import Severity

SECRET = "tok3n-nobody-may-see"
STORE = '[store.main]\nmodel = "overseas"\n'


def written(home, config: str, secrets: str = ""):
    (home / "aexdash.toml").write_text(STORE + config)
    (home / "secrets.toml").write_text(secrets)
    (home / "secrets.toml").chmod(0o600)
    return load_settings(home)


def test_a_channel_has_its_address_from_the_secrets_and_the_rest_from_the_settings(tmp_path):
    settings = written(
        tmp_path,
        '[alerts]\naddress = "https://desk.example/"\n'
        '[channel.team]\nseverity = "high"\nstores = ["main"]\nreasons = ["image", "title.empty"]\nowners = ["ana"]\n'
        'digest = "Weekly Monday 8:00"\nzone = "Europe/Berlin"\n',
        f'[channel.team]\nurl = "slack://{SECRET}/b/c"\n',
    )
    channel = settings.channels["team"]
    assert settings.address == "https://desk.example"
    assert channel.model_dump(exclude={"url", "key"}) == {
        "name": "team",
        "kind": Kind.APPRISE,
        "severity": Severity.HIGH,
        "stores": ("main",),
        "reasons": ("image", "title.empty"),
        "owners": ("ana",),
        "digest": {"at": time(8), "weekday": 0},
        "zone": "Europe/Berlin",
        "lacking": "",
    }
    assert str(channel.digest) == "weekly monday 08:00"
    assert channel.url.get_secret_value() == f"slack://{SECRET}/b/c"
    assert SECRET not in f"{settings!r} {channel!r} {channel}"


def test_without_any_words_a_channel_is_told_everything_at_once(tmp_path):
    settings = written(tmp_path, "[channel.team]\n", '[channel.team]\nurl = "json://localhost"\n')
    assert settings.address == "http://localhost:8501"
    assert settings.channels == {"team": Channel(name="team", url="json://localhost")}


def test_without_an_address_the_pages_are_at_the_port_that_serve_has(tmp_path, monkeypatch):
    monkeypatch.setenv(PORT_VARIABLE, "8600")
    assert written(tmp_path, "").address == "http://localhost:8600"
    assert written(tmp_path, '[alerts]\naddress = "https://desk.example"\n').address == "https://desk.example"
    monkeypatch.setenv(PORT_VARIABLE, "8600/elsewhere")
    assert written(tmp_path, "").address == "http://localhost:8501"


def test_the_environment_goes_before_the_files(tmp_path, monkeypatch):
    monkeypatch.setenv("AEXDASH_CHANNEL_MY_TEAM_URL", "https://hooks.example/a")
    monkeypatch.setenv("AEXDASH_CHANNEL_MY_TEAM_KEY", SECRET)
    channel = written(tmp_path, '[channel.my-team]\nkind = "webhook"\n').channels["my-team"]
    assert (channel.url.get_secret_value(), channel.key.get_secret_value()) == ("https://hooks.example/a", SECRET)


@pytest.mark.parametrize(
    ("config", "secrets", "lacks"),
    [
        ("[channel.team]\n", "", "url"),
        ('[channel.team]\nkind = "webhook"\n', '[channel.team]\nurl = "https://hooks.example/"\n', "key"),
    ],
)
def test_a_channel_without_its_secret_is_kept_and_says_what_it_lacks(tmp_path, config, secrets, lacks):
    channel = written(tmp_path, config, secrets).channels["team"]
    place = f"{tmp_path / 'secrets.toml'} under [channel.team], or set AEXDASH_CHANNEL_TEAM_{lacks.upper()}"
    assert channel.lacking == f"It has no {lacks}: write one to {place}."


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (f'[channel.team]\nurl = "slack://{SECRET}"\n', "4: url is a secret: move it to SECRETS under [channel.team]."),
        (f'[channel.team]\nkey = "{SECRET}"\n', "4: key is a secret: move it to SECRETS under [channel.team]."),
        ('[channel.team]\nkind = "pigeon"\n', "4: kind of channel team must be apprise or webhook."),
        ('[channel.team]\nlevel = "high"\n', "4: unknown key 'level'"),
        ('[channel.team]\nseverity = "bad"\n', "4: severity of channel team: input should be 'critical', 'high',"),
        ('[channel.team]\nstores = ["mian"]\n', "4: stores of channel team: no 'mian'; did you mean 'main'."),
        ('[channel.team]\nreasons = ["imge"]\n', "4: reasons of channel team: no 'imge'; did you mean 'image'."),
        (
            '[channel.team]\nzone = "Mars/One"\n',
            "4: zone of channel team: there is no time zone 'Mars/One';",
        ),
        ('[channel.team]\ndigest = "hourly"\n', "4: digest of channel team: 'hourly' is no schedule; write it like"),
        (
            '[channel.team]\ndigest = "daily 24:00"\n',
            "4: digest of channel team: 'daily 24:00' names no hour",
        ),
        (
            '[channel.team]\ndigest = "weekly mon 08:00"\n',
            "4: digest of channel team: 'weekly mon 08:00' names no",
        ),
        ("[channel.Team]\n", "3: channel key 'Team' must be of a-z, 0-9, _ and - only: rename it."),
        ('[alerts]\naddress = "desk.example"\n', '4: address must be like "http://localhost:8501" or'),
        ('[alerts]\naddress = "https://a:b@desk.example"\n', "4: address must be like"),
        ('[alerts]\naddress = "https://[desk.example"\n', "4: address must be like"),
        ('[alerts]\nadress = "x"\n', "4: unknown key 'adress'; did you mean 'address'."),
    ],
)
def test_a_mistake_in_the_settings_is_one_sentence_with_its_line(tmp_path, config, said):
    with pytest.raises(ConfigError) as caught:
        written(tmp_path, config)
    text = str(caught.value).replace(str(tmp_path / "secrets.toml"), "SECRETS")
    assert text.startswith(f"{tmp_path / 'aexdash.toml'}, line {said}")
    assert SECRET not in text


@pytest.mark.parametrize(
    ("kind", "secrets", "said"),
    [
        ("apprise", f'url = "{SECRET}"', 'url of channel team must be an address of apprise like "mailtos://..." or'),
        ("apprise", 'url = "json://a b"', "url of channel team must be an address of apprise"),
        (
            "webhook",
            f'url = "ftp://{SECRET}"',
            'url of channel team must be an address like "https://hooks.example/aexdash".',
        ),
        (
            "webhook",
            f'url = "http://{SECRET}.example"',
            "url of channel team must begin with https://, because",
        ),
        (
            "webhook",
            f'url = "https://a:{SECRET}@x.example"',
            "url of channel team must carry no user name",
        ),
        ("webhook", f'url = "https://x.example/{SECRET} y"', "url of channel team must be an address like"),
        ("apprise", "url = 5", "url of channel team must be a text in quotes."),
        ("apprise", f'token = "{SECRET}"', "unknown key 'token': remove it, or use one of url, key."),
    ],
)
def test_a_mistake_in_the_secrets_is_one_sentence_without_the_secret(tmp_path, kind, secrets, said):
    with pytest.raises(ConfigError) as caught:
        written(tmp_path, f'[channel.team]\nkind = "{kind}"\n', f"[channel.team]\n{secrets}\n")
    assert str(caught.value).startswith(f"{tmp_path / 'secrets.toml'}, line 2: {said}")
    assert SECRET not in str(caught.value)


def test_secrets_of_a_channel_that_is_nowhere_are_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"\[channel.taem\] matches no channel of aexdash.toml; did you mean 'team'"):
        written(tmp_path, "[channel.team]\n", '[channel.taem]\nurl = "json://x"\n')


def test_two_channels_that_share_a_variable_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="would share the variable AEXDASH_CHANNEL_A_B_URL"):
        written(tmp_path, "[channel.a-b]\n[channel.a_b]\n")


def test_a_wrong_variable_is_named_and_not_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("AEXDASH_CHANNEL_TEAM_URL", SECRET)
    with pytest.raises(ConfigError) as caught:
        written(tmp_path, "[channel.team]\n")
    said = "The environment variable AEXDASH_CHANNEL_TEAM_URL is wrong: it must be an address of apprise"
    assert str(caught.value).startswith(said)
    assert SECRET not in str(caught.value)


def test_a_digest_reads_as_it_is_written():
    assert str(Digest(time(8))) == "daily 08:00"

"""The settings of monitoring are secrets: in secrets.toml or the environment, never in aexdash.toml, never repeated."""

from __future__ import annotations

import pytest

from aexdash.config.settings import ConfigError, load_settings

URL, TOKEN = "https://hc-ping.com/hush-hush", "hush-hush-hush-hush"


def read(home, secrets: str, config: str = ""):
    (home / "aexdash.toml").write_text(config)
    (home / "secrets.toml").write_text(secrets)
    (home / "secrets.toml").chmod(0o600)
    return load_settings(home).monitoring


def test_both_are_read_and_shown_nowhere(tmp_path):
    told = read(tmp_path, f'[monitoring]\nheartbeat_url = "{URL}"\ntoken = "{TOKEN}"\n')
    assert (told.heartbeat_url.get_secret_value(), told.token.get_secret_value()) == (URL, TOKEN)
    assert "hush" not in repr(told)


def test_the_environment_counts_more(tmp_path, monkeypatch):
    monkeypatch.setenv("AEXDASH_MONITORING_TOKEN", "another-token-of-theirs")
    assert read(tmp_path, f'[monitoring]\ntoken = "{TOKEN}"\n').token.get_secret_value() == "another-token-of-theirs"


@pytest.mark.parametrize(
    ("secrets", "config", "said"),
    [
        ('[monitoring]\nheartbeat_url = "http://hc.example/hush"\n', "", "must begin with https://"),
        ('[monitoring]\nheartbeat_url = "hush"\n', "", "must be an address like"),
        ('[monitoring]\ntoken = "hush"\n', "", "must have at least 16 characters"),
        ('[monitoring]\ntokn = "hush"\n', "", "token"),
        ("monitoring = 3\n", "", "monitoring must be a table"),
        ("", f'[monitoring]\ntoken = "{TOKEN}"\n', "is secret: move it to"),
    ],
)
def test_what_cannot_work_is_one_sentence_without_the_secret(tmp_path, secrets, config, said):
    with pytest.raises(ConfigError) as error:
        read(tmp_path, secrets, config)
    assert said in str(error.value)
    assert "hush" not in str(error.value)

"""Where the replica is and whose it is: a slip is one sentence, and no password lies in the open."""

from __future__ import annotations

import json

import pytest

from aexdash.config.settings import ConfigError, load_settings
from aexdash.replica.litestream import write_config

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG4rT3vTt99Ox5kndS4HmgTrKBT8SKzhK4rhGkEVGlCI"


def read(home, config: str):
    (home / "aexdash.toml").write_text(config)
    return load_settings(home)


def test_without_the_table_there_is_none(tmp_path):
    settings = read(tmp_path, "")
    assert not settings.replica.is_on
    assert not settings.replica.follows
    assert settings.sessions_path == settings.desk_path


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("/mnt/replica", "file:///mnt/replica/desk"),
        ("file:///mnt/replica/", "file:///mnt/replica/desk"),
        ("sftp://ana@replica.example.com/aexdash", "sftp://ana@replica.example.com/aexdash/desk"),
        ("s3://bucket/aexdash", "s3://bucket/aexdash/desk"),
    ],
)
def test_each_file_has_its_own_place_in_it(tmp_path, address, url):
    host_key = f'host_key = "{HOST_KEY}"\n' if address.startswith("sftp") else ""
    assert read(tmp_path, f'[replica]\naddress = "{address}"\n{host_key}').replica.url_of("desk") == url


def test_litestream_is_told_the_key_of_the_server_without_the_comment_behind_it(tmp_path):
    config = f'[replica]\naddress = "sftp://ana@h.example/x"\nkey_file = "id"\nhost_key = "{HOST_KEY} root@h"\n'
    written = json.loads(write_config(read(tmp_path, config)).read_text())
    assert written["dbs"][0]["replica"] == {
        "url": "sftp://ana@h.example/x/snapshot",
        "sync-interval": "1s",
        "key-path": str(tmp_path / "id"),
        "host-key": HOST_KEY,
    }


def test_a_home_with_a_writer_follows_and_keeps_its_sessions_beside_the_copies(tmp_path):
    config = '[replica]\naddress = "/mnt/replica"\nwriter = "https://desk.example.com/"\nkey_file = "id"\n'
    settings = read(tmp_path, config)
    assert settings.replica.follows
    assert settings.replica.writer == "https://desk.example.com"
    assert settings.replica.key_file == tmp_path / "id"
    assert settings.sessions_path.parent.parent == tmp_path != settings.sessions_path.parent


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ('[replica]\naddress = "replica"\n', "must be a path like"),
        ('[replica]\naddress = "ftp://h/x"\n', "must be a path like"),
        ('[replica]\naddress = "sftp://replica.example.com/x"\n', "must be a path like"),
        ('[replica]\naddress = "sftp://ana:hush@replica.example.com/x"\n', "must not carry a password: use key_file"),
        ('[replica]\naddress = "/x"\nwriter = "desk"\n', "must be an address like"),
        ('[replica]\nwriter = "https://desk.example.com"\n', "address does not say where its replica is"),
        ('[replica]\nadress = "/x"\n', "did you mean 'address'"),
        ('[replica]\naddress = "sftp://ana@h.example/x"\n', "add the public key of the server"),
        ('[replica]\naddress = "sftp://ana@h.example/x"\nhost_key = "SHA256:abc"\n', "must be a public key like"),
        ("replica = 3\n", "replica must be a table"),
    ],
)
def test_what_cannot_work_is_one_sentence_with_its_line(tmp_path, config, said):
    with pytest.raises(ConfigError) as error:
        read(tmp_path, config)
    assert said in str(error.value)
    assert "aexdash.toml, line " in str(error.value) or "replica = 3" in config
    assert "hush" not in str(error.value)

"""Where the replica is and whose it is: a slip is one sentence, and no password lies in the open."""

from __future__ import annotations

import pytest

from aexdash.config.settings import ConfigError, load_settings


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
    assert read(tmp_path, f'[replica]\naddress = "{address}"\n').replica.url_of("desk") == url


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
        ("replica = 3\n", "replica must be a table"),
    ],
)
def test_what_cannot_work_is_one_sentence_with_its_line(tmp_path, config, said):
    with pytest.raises(ConfigError) as error:
        read(tmp_path, config)
    assert said in str(error.value)
    assert "aexdash.toml, line " in str(error.value) or "replica = 3" in config
    assert "hush" not in str(error.value)

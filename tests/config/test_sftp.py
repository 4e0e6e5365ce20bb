"""What the settings say of an SFTP folder, and what is refused there."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from aexdash.config.sections.sftp import SftpFolder
from aexdash.config.settings import ConfigError, Settings, load_settings

PRINT = "SHA256:" + "aB3+/" * 8 + "xyz"
SECRET = "very-secret-1"


def settings(home: Path, public: str, private: str = "") -> Settings:
    (home / "aexdash.toml").write_text(f'[store.main]\nmodel = "overseas"\n[feed.main]\n{public}\n')
    (home / "secrets.toml").write_text(f"[feed.main]\n{private}\n")
    return load_settings(home)


def folder(home: Path, public: str, private: str = "") -> SftpFolder | None:
    return settings(home, public, private).feeds["main"].sftp


def test_an_address_a_fingerprint_and_a_secret_make_a_folder(tmp_path: Path) -> None:
    public = f'sftp = "sftp://feed%40shop@sftp.example.com:2222/out%20going/"\nsftp_host_key = "{PRINT}="'
    found = folder(tmp_path, public, f'sftp_password = "{SECRET}"\nsftp_key_file = "keys/id"')
    assert found == SftpFolder(
        store="main",
        host="sftp.example.com",
        port=2222,
        user="feed@shop",
        folder="/out going",
        host_key=PRINT,
        password=SecretStr(SECRET),
        key_file=tmp_path / "keys" / "id",
    )
    assert (found.server, SECRET in repr(found)) == ("sftp.example.com:2222", False)


@pytest.mark.parametrize(("path", "looked_into"), [("", "."), ("/", "/"), ("/outgoing", "/outgoing")])
def test_an_address_without_a_folder_means_where_the_server_lets_one_in(
    tmp_path: Path, path: str, looked_into: str
) -> None:
    assert folder(tmp_path, f'sftp = "sftp://feed@example.com{path}"') == SftpFolder(
        store="main", host="example.com", user="feed", folder=looked_into
    )


def test_a_feed_that_names_no_address_has_no_folder(tmp_path: Path) -> None:
    assert folder(tmp_path, 'account = "77"', f'sftp_password = "{SECRET}"') is None


def test_the_environment_gives_secrets_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AEXDASH_MAIN_FEED_SFTP_PASSWORD", "other")
    monkeypatch.setenv("AEXDASH_MAIN_FEED_SFTP_KEY_FILE", "/run/keys/id")
    found = folder(tmp_path, 'sftp = "sftp://feed@example.com/"', f'sftp_password = "{SECRET}"')
    assert found is not None
    assert (found.password.get_secret_value(), found.key_file) == ("other", Path("/run/keys/id"))


@pytest.mark.parametrize(
    ("public", "private", "complaint"),
    [
        (f'sftp = "sftp://feed:{SECRET}@example.com/x"', "", "line 4: sftp of feed main must not carry a password: "),
        ('sftp = "ftp://feed@example.com/x"', "", "line 4: sftp of feed main must be an address like "),
        ('sftp = "sftp://example.com/x"', "", "line 4: sftp of feed main must be an address like "),
        ('sftp = "sftp://feed@/x"', "", "line 4: sftp of feed main must be an address like "),
        ('sftp = "sftp://feed@example.com/x?y"', "", "line 4: sftp of feed main must be an address like "),
        ('sftp = "sftp://feed@example.com:99999/x"', "", "line 4: sftp of feed main must have a port of 1 to 65535"),
        ('sftp = "sftp://feed@example.com/x%0Ay"', "", "line 4: sftp of feed main must be of letters that can be"),
        ('sftp = "sftp://feed@[example/x"', "", "line 4: sftp of feed main must be an address like "),
        ("sftp_host_key = 'MD5:00:11'", "", "line 4: sftp_host_key must be a fingerprint as ssh-keygen -l prints it: "),
        (f'sftp_password = "{SECRET}"', "", "line 4: sftp_password is a secret: move it to "),
        ('sftp_key_file = "id"', "", "line 4: sftp_key_file is a secret: move it to "),
        ("", "sftp_password = 7", "secrets.toml, line 2: sftp_password of feed main must be a text on one line"),
        ("", f'sftp_password = "{SECRET}\\n"', "line 2: sftp_password of feed main must be a text on one line"),
        ("", 'sftp = "sftp://feed@example.com"', "secrets.toml, line 2: unknown key 'sftp'"),
    ],
)
def test_a_mistake_names_its_place_and_never_the_secret(
    tmp_path: Path, public: str, private: str, complaint: str
) -> None:
    sftp = "" if public or "sftp =" in private else 'sftp = "sftp://feed@example.com/x"'
    with pytest.raises(ConfigError) as refused:
        settings(tmp_path, public or sftp, private)
    assert complaint in str(refused.value)
    assert SECRET not in str(refused.value)

"""What aexdash.toml and secrets.toml say of an SFTP folder from which a store's validation files are fetched."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from aexdash.config.file import ConfigFile, variable_of

SFTP, HOST_KEY = "sftp", "sftp_host_key"
PASSWORD, KEY_FILE = "sftp_password", "sftp_key_file"

WANTED = 'must be an address like "sftp://user@sftp.example.com/outgoing"'

Table = Mapping[str, Any]

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


class SftpFolder(BaseModel):
    """A folder of a server, and how to sign in there.

    `folder` is "." where the address names none: the folder in which the server lets one in. `host_key` is a
    fingerprint as OpenSSH writes it; without one the user's known_hosts decides. A field with a title is the setting
    of that name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    store: str
    host: str
    port: int = 22
    user: str
    folder: str = "."
    host_key: str = Field(
        default="",
        title=HOST_KEY,
        description="Fingerprint of the server, `SHA256:…`; without one, known_hosts of whoever runs the worker.",
    )
    password: SecretStr = Field(default=SecretStr(""), title=PASSWORD, description="Password of that user.")
    key_file: Path | None = Field(
        default=None,
        title=KEY_FILE,
        description="A private key without a passphrase instead; a path relative to the home.",
    )

    @property
    def server(self) -> str:
        """The server as people know it."""
        return self.host if self.port == 22 else f"{self.host}:{self.port}"

    @property
    def heading(self) -> str:
        """The heading under which both files speak of it."""
        return f"[feed.{self.store}]"


def read_sftp(
    where: tuple[str, str], public: Table, private: Table, config: ConfigFile, secrets: ConfigFile
) -> SftpFolder | None:
    """Read where the files of a store are fetched from, as the tables under `where` say; None where they say nothing.

    Raises:
        ConfigError: something is written there that cannot be used; what is secret is never repeated.
    """
    address, fingerprint = _text(public, SFTP), _text(public, HOST_KEY).rstrip("=")
    if fingerprint and not _FINGERPRINT.fullmatch(fingerprint):
        wanted = f"{HOST_KEY} must be a fingerprint as ssh-keygen -l prints it: SHA256: and 43 letters and digits"
        raise config.error((*where, HOST_KEY), wanted)
    if not address:
        return None
    try:
        place = _place(address)
    except ValueError as error:
        raise config.error((*where, SFTP), f"sftp of feed {where[1]} {error}") from None
    password, key_file = (_secret(where, name, private, secrets) for name in (PASSWORD, KEY_FILE))
    return SftpFolder(
        store=where[1],
        host_key=fingerprint,
        password=SecretStr(password),
        key_file=secrets.path.parent / Path(key_file).expanduser() if key_file else None,
        **place,
    )


def _text(table: Table, name: str) -> str:
    return str(table.get(name, "")).strip()


def _place(address: str) -> dict[str, Any]:
    """The parts of an address; the error says what it must be, and nothing of what it is."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise ValueError(WANTED) from None
    if parts.password is not None:
        raise ValueError(f"must not carry a password: move it to secrets.toml as {PASSWORD}")
    user, host, folder = unquote(parts.username or ""), parts.hostname or "", unquote(parts.path)
    if parts.scheme != SFTP or not user or not host or parts.query or parts.fragment:
        raise ValueError(WANTED)
    if not (user + host + folder).isprintable():
        raise ValueError("must be of letters that can be printed")
    return {"host": host, "port": _port(parts), "user": user, "folder": folder.rstrip("/") or folder or "."}


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or 22
    except ValueError:
        raise ValueError("must have a port of 1 to 65535") from None


def _secret(where: tuple[str, str], name: str, private: Table, secrets: ConfigFile) -> str:
    given = private.get(name, "")
    if not isinstance(given, str) or not given.isprintable():
        raise secrets.error((*where, name), f"{name} of feed {where[1]} must be a text on one line")
    return os.environ.get(variable_of(where[1], f"{where[0]}_{name}"), "") or given

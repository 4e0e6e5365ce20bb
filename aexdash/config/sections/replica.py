"""The table [replica] of aexdash.toml: where copies of the two files go, and whose copies this home has."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator

from aexdash.config.file import ConfigFile
from aexdash.config.sections.section import Section, first_wrong

REPLICA = "replica"

WANTED = 'must be a path like "/mnt/replica", or an address like "sftp://user@host/folder" or "s3://bucket/folder"'

HOST_KEY = re.compile(r"(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]{40,}={0,2}")


class ReplicaSettings(Section):
    """The settings under `[replica]`."""

    address: str = Field(
        default="",
        description="Where Litestream keeps the replica of the snapshot and of the desk: a folder by its absolute "
        "path, `sftp://user@host/folder`, or `s3://bucket/folder` with its keys in `AWS_ACCESS_KEY_ID` and "
        "`AWS_SECRET_ACCESS_KEY`. With it the worker has both files replicated.",
    )
    writer: str = Field(
        default="",
        description="The address of the pages of the machine whose worker writes that replica. With it this home only "
        "follows: `aexdash follow` keeps copies of both files up to date, pages show them, and whoever wants to change "
        "something is sent there.",
    )
    key_file: Path | None = Field(
        default=None,
        description="For `sftp`: a private key without a passphrase; a path relative to the home.",
    )

    host_key: str = Field(
        default="",
        description="For `sftp`, and needed there: the public key of the server, as `ssh-keyscan HOST` prints it "
        "behind the name, `ssh-ed25519 AAAA…`. Compare its fingerprint with one that you were told.",
    )

    @property
    def is_on(self) -> bool:
        """Whether there is a replica."""
        return bool(self.address)

    @property
    def follows(self) -> bool:
        """Whether this home has copies of another machine's files and writes nothing of its own."""
        return bool(self.writer)

    def url_of(self, what: str) -> str:
        """Return the address of the replica of one file, `snapshot` or `desk`, as Litestream takes it."""
        base = f"file://{self.address}" if self.address.startswith("/") else self.address
        return f"{base.rstrip('/')}/{what}"

    @field_validator("address")
    @classmethod
    def _address_is_known(cls, value: str) -> str:
        value = value.strip().removeprefix("file://")
        if not value or (value.startswith("/") and value.isprintable()):
            return value
        parts = urlsplit(value)
        if parts.password is not None:
            raise ValueError("must not carry a password: use key_file")
        if parts.scheme not in ("sftp", "s3") or not parts.hostname or not value.isprintable() or parts.query:
            raise ValueError(WANTED)
        if parts.scheme == "sftp" and not parts.username:
            raise ValueError(WANTED)
        return value

    @field_validator("writer")
    @classmethod
    def _writer_is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError('must be an address like "https://desk.example.com"')
        return value.rstrip("/")

    @field_validator("host_key")
    @classmethod
    def _host_key_is_a_key(cls, value: str) -> str:
        value = " ".join(value.split()[:2])
        if value and not HOST_KEY.fullmatch(value):
            raise ValueError('must be a public key like "ssh-ed25519 AAAA…", as ssh-keyscan prints it behind the name')
        return value

    @model_validator(mode="after")
    def _is_whole(self) -> ReplicaSettings:
        if self.address.startswith("sftp:") and not self.host_key:
            raise ValueError(
                "the address is sftp, and without host_key whoever answers in the server's place could read both "
                "files: add the public key of the server"
            )
        if self.writer and not self.address:
            raise ValueError("writer names another machine, and address does not say where its replica is: add it")
        return self


def read_replica(config: ConfigFile) -> ReplicaSettings:
    """Read what is set of the replica.

    Raises:
        ConfigError: something there cannot be used.
    """
    table = config.table(REPLICA)
    config.refuse_unknown((REPLICA,), table, tuple(ReplicaSettings.model_fields))
    try:
        read = ReplicaSettings.model_validate(table)
    except ValidationError as error:
        name, wrong = first_wrong(error)
        said = f"{name} of [{REPLICA}] {wrong}" if name else f"[{REPLICA}]: {wrong}"
        raise config.error((REPLICA, name) if name else (REPLICA,), said) from None
    key_file = config.path.parent / read.key_file.expanduser() if read.key_file else None
    return read.model_copy(update={"key_file": key_file})

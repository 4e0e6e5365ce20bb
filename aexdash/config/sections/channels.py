"""What aexdash.toml and secrets.toml say of channels: where people are told of alerts, and of which.

A channel's address is a secret, because most carry a token in it; so is the key that signs a webhook.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator

from aexdash.clock import zone_named
from aexdash.config.file import ConfigError, ConfigFile, did_you_mean, safe_address, tables_of_both, variable_of
from aexdash.config.sections.section import Section, first_wrong
from aexdash.model import Severity
from aexdash.reasons.taxonomy import load_taxonomy

CHANNEL: Final = "channel"
ALERTS: Final = "alerts"
USUAL_PORT: Final = 8501
"""The port of the pages where no other is named."""

ADDRESS: Final = f"http://localhost:{USUAL_PORT}"
"""Where the pages are when nobody says otherwise."""

PORT_VARIABLE: Final = "AEXDASH_PAGES_PORT"
"""The environment variable in which `aexdash serve` keeps the port of its pages, for the worker and for the app."""

SECRETS: Final = ("url", "key")
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FORM: Final = 'write it like "daily 08:00" or "weekly monday 08:00"'

_DIGEST = re.compile(r"(?:daily|weekly +(?P<day>[a-z]+)) +(?P<at>[0-2]?[0-9]:[0-5][0-9])")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[!-~]+")


class Kind(StrEnum):
    """How a channel is spoken to."""

    APPRISE = "apprise"  # e-mail, Slack, Teams, Telegram, Discord and what else apprise knows
    WEBHOOK = "webhook"  # our own JSON, signed


@dataclass(frozen=True, slots=True)
class Digest:
    """When a digest is due, in the zone of its channel; `weekday` 0 is Monday, None is every day."""

    at: time
    weekday: int | None = None

    def __str__(self) -> str:
        when = "daily" if self.weekday is None else f"weekly {WEEKDAYS[self.weekday]}"
        return f"{when} {self.at:%H:%M}"


class Channel(Section):
    """One channel: what it is told of, and how. Empty tuples are no restriction.

    It is told of episodes at least as bad as `severity`. `reasons` are codes or families, `owners` those of the
    episode or of its listings. A channel with a `digest` gets that and no single messages.
    """

    name: str
    kind: Kind = Field(
        default=Kind.APPRISE, description="`apprise`: an address of apprise; `webhook`: our own signed JSON."
    )
    severity: Severity = Field(default=Severity.INFO, description="It is told of alerts at least so bad.")
    stores: tuple[str, ...] = Field(default=(), description="Keys of the stores it is told of; empty: every store.")
    reasons: tuple[str, ...] = Field(
        default=(), description="Codes or families of reasons it is told of; empty: whatever the reason."
    )
    owners: tuple[str, ...] = Field(
        default=(), description="Owners of the alert or of one of its listings; empty: whoever owns it."
    )
    digest: Digest | None = Field(
        default=None,
        description='When a digest is due, "daily 18:00" or "weekly monday 08:00"; then no single messages.',
    )
    zone: str = Field(default="UTC", description="Time zone of the digest's time; without one, that of the workspace.")
    url: SecretStr = Field(default=SecretStr(""), description="Where messages go; nothing is sent without one.")
    key: SecretStr = Field(default=SecretStr(""), description="What signs the messages of a `webhook`.")
    lacking: str = ""

    @field_validator("digest", mode="before")
    @classmethod
    def _digest_is_readable(cls, given: object) -> Digest:
        return read_digest(str(given))

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, given: str) -> str:
        zone_named(given)
        return given


def read_digest(text: str) -> Digest:
    """Read when a digest is due.

    Raises:
        ValueError: it is not written as it must be; the text says how.
    """
    found = _DIGEST.fullmatch(text.strip().lower())
    if not found:
        raise ValueError(f"{text!r} is no schedule; {FORM}")
    day, (hour, minute) = found["day"], map(int, found["at"].split(":"))
    if hour > 23 or (day and day not in WEEKDAYS):
        raise ValueError(f"{text!r} names no {'hour of a day' if hour > 23 else 'weekday'}; {FORM}")
    return Digest(time(hour, minute), WEEKDAYS.index(day) if day else None)


def read_channels(
    config: ConfigFile, secrets: ConfigFile, stores: Collection[str], zone: str = "UTC"
) -> dict[str, Channel]:
    """Read the tables [channel.*] of both files, by name; digests without a zone are due in that of the workspace.

    A channel without an address is kept and says what it is `lacking`, because no message may stop the sync.

    Raises:
        ConfigError: something is written there that cannot be used; the text holds no secret.
    """
    public, private = tables_of_both(CHANNEL, config, secrets, SECRETS)
    _refuse_shared_variables(public)
    channels = {
        name: _channel(name, {"zone": zone, **table}, private.get(name, {}), config, secrets)
        for name, table in public.items()
    }
    for channel in channels.values():
        _refuse_lost(channel, "stores", stores, config)
        if channel.reasons:
            taxonomy = load_taxonomy()
            _refuse_lost(channel, "reasons", (*taxonomy.codes, *taxonomy.families), config)
    return channels


def port_of_pages() -> int:
    """Return the port of the pages: the one that `aexdash serve` has, else the usual one."""
    port = os.environ.get(PORT_VARIABLE, "")
    return int(port) if port.isascii() and port.isdecimal() else USUAL_PORT


def local_address() -> str:
    """Where the pages are while no address is written: on this machine, at the port that `aexdash serve` has."""
    return f"http://localhost:{port_of_pages()}"


def read_address(config: ConfigFile) -> str:
    """Read under which address people open the pages; links of messages begin with it.

    Raises:
        ConfigError: it is no http(s) address, or carries a password.
    """
    table = config.table(ALERTS)
    config.refuse_unknown((ALERTS,), table, ("address",))
    address = str(table.get("address", local_address()))
    if not _is_of_pages(address):
        raise config.error((ALERTS, "address"), f'address must be like "{ADDRESS}" or "https://desk.example"')
    return address.rstrip("/")


def _is_of_pages(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket of an IPv6 address that never closes
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and not parts.query


def _channel(
    name: str, table: Mapping[str, Any], private: Mapping[str, Any], config: ConfigFile, secrets: ConfigFile
) -> Channel:
    where = (CHANNEL, name)
    for word in SECRETS:
        if word in table:
            raise config.error(
                (*where, word), f"{word} is a secret: move it to {secrets.path} under [{CHANNEL}.{name}]"
            )
    known = tuple(word for word in Channel.model_fields if word not in (*SECRETS, "name", "lacking"))
    config.refuse_unknown(where, table, known)
    try:
        kind = Kind(table.get("kind", Kind.APPRISE))
        hidden = {word: _secret(name, word, kind, private, secrets) for word in SECRETS}
        lacking = _lacking(name, kind, hidden, secrets.path)
        return Channel.model_validate({**table, **hidden, "name": name, "lacking": lacking})
    except ValidationError as error:
        word, wrong = first_wrong(error)
        raise config.error((*where, word), f"{word} of channel {name}: {wrong}") from None
    except ValueError:
        kinds = " or ".join(Kind)
        raise config.error((*where, "kind"), f"kind of channel {name} must be {kinds}") from None


def _secret(name: str, word: str, kind: Kind, private: Mapping[str, Any], secrets: ConfigFile) -> SecretStr:
    """A secret of a channel, of the environment or of secrets.toml, fit for use. Its text stands in no error."""
    variable = variable_of(f"{CHANNEL}-{name}", word)
    given = os.environ.get(variable, "")
    told = given or private.get(word, "")
    problem = _problem(told, word, kind)
    if problem and given:
        raise ConfigError(f"The environment variable {variable} is wrong: it {problem}.")
    if problem:
        raise secrets.error((CHANNEL, name, word), f"{word} of channel {name} {problem}")
    return SecretStr(str(told).strip())


def _problem(told: object, word: str, kind: Kind) -> str:
    if not isinstance(told, str):
        return "must be a text in quotes"
    if not told or word == "key":
        return ""
    is_address = _ADDRESS.fullmatch(told.strip()) is not None
    if kind is Kind.APPRISE:
        return "" if is_address else 'must be an address of apprise like "mailtos://..." or "slack://..."'
    try:
        safe_address(told.strip() if is_address else "", "https://hooks.example/aexdash")
        return "" if "@" not in urlsplit(told).netloc else "must carry no user name or password"
    except ValueError as error:
        return str(error).replace("tokens travel", "what is told of the store travels")


def _lacking(name: str, kind: Kind, hidden: Mapping[str, SecretStr], path: Path) -> str:
    for word in SECRETS if kind is Kind.WEBHOOK else SECRETS[:1]:
        if not hidden[word].get_secret_value():
            variable = variable_of(f"{CHANNEL}-{name}", word)
            return f"It has no {word}: write one to {path} under [{CHANNEL}.{name}], or set {variable}."
    return ""


def _refuse_lost(channel: Channel, word: str, known: Collection[str], config: ConfigFile) -> None:
    """Refuse a store or a reason that does not exist: a misspelt one would keep messages back unnoticed."""
    for one in getattr(channel, word):
        if one not in known:
            hint = did_you_mean(one, known) or f": there is {', '.join(known)}" * (len(known) < 10)
            raise config.error((CHANNEL, channel.name, word), f"{word} of channel {channel.name}: no {one!r}{hint}")


def _refuse_shared_variables(names: Collection[str]) -> None:
    owners: dict[str, str] = {}
    for name in names:
        other = owners.setdefault(variable_of(name), name)
        if other != name:
            shared = variable_of(f"{CHANNEL}-{name}", "url")
            raise ConfigError(f"Channels {other!r} and {name!r} would share the variable {shared}: rename one of them.")

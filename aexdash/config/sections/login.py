"""The table [login] of aexdash.toml: who lets people in. Without it the pages stay on this machine."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator

from aexdash.config.file import ConfigFile, did_you_mean, is_loopback, safe_address, variable_of
from aexdash.config.sections.section import Section, first_wrong
from aexdash.people.rights import Grant, Role

LOGIN, CLIENT_SECRET, ROLES = "login", "client_secret", "roles"

CALLBACK = "/oauth2callback"
"""Where the provider sends people back to, below the address of the pages; register it there."""


class LoginSettings(Section):
    """The settings under `[login]`."""

    metadata_url: str = Field(
        default="",
        description="The discovery document of the provider of OpenID Connect, as "
        "`https://id.example.com/.well-known/openid-configuration`; `http` for this machine alone. With it everybody "
        "signs in.",
    )
    client_id: str = Field(default="", description="What the provider calls aexdash.")
    scope: str = Field(
        default="openid profile email",
        description="What is asked of the provider, with blanks between; some tell groups only where `groups` is among "
        "it.",
    )
    prompt: str = Field(
        default="select_account",
        description="What the provider is told to ask people: `select_account`, `login` for the password each time, "
        "`none` for nothing.",
    )
    name_claim: str = Field(
        default="name", description="The claim with the name that owners and logs carry; without it the address."
    )
    groups_claim: str = Field(default="groups", description="The claim with the groups of a person.")
    max_age_hours: float = Field(
        default=12.0, gt=0, le=720, description="Hours after which a session ends and people sign in again."
    )
    by_proxy: bool = Field(
        default=False,
        strict=True,
        description="`true` says that a proxy with a login of its own stands in front and that nothing else reaches "
        "the port: then the pages may listen beyond this machine, as in a container, and nobody signs in here.",
    )
    roles: dict[str, Grant] = Field(default={})
    client_secret: SecretStr = Field(default=SecretStr(""), description="The secret that the provider gave aexdash.")

    written_keys: ClassVar[tuple[str, ...]]

    @property
    def is_on(self) -> bool:
        """Whether people sign in here."""
        return bool(self.metadata_url)

    @property
    def max_age(self) -> timedelta:
        """How long a session lasts at most."""
        return timedelta(hours=self.max_age_hours)

    @property
    def provider(self) -> str:
        """The name of the provider's host."""
        return urlsplit(self.metadata_url).hostname or ""

    @field_validator("metadata_url")
    @classmethod
    def _address_is_safe(cls, value: str) -> str:
        return safe_address(value, "https://id.example.com/.well-known/openid-configuration") if value else value

    @field_validator("scope")
    @classmethod
    def _asks_who_it_is(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError("must contain openid")
        return value

    @model_validator(mode="after")
    def _is_whole(self) -> LoginSettings:
        for name in ("client_id", CLIENT_SECRET):
            if self.is_on and not getattr(self, name):
                where = "secrets.toml under [login]" if name == CLIENT_SECRET else "aexdash.toml under [login]"
                raise ValueError(f"metadata_url names a provider, and {name} is missing: write it into {where}")
        if self.is_on and self.by_proxy:
            raise ValueError("people sign in here or at the proxy, not both: remove metadata_url or by_proxy")
        if self.client_id and not self.is_on:
            raise ValueError("client_id is of a provider, and metadata_url does not name one: add it")
        return self


LoginSettings.written_keys = tuple(name for name in LoginSettings.model_fields if name != CLIENT_SECRET)


def read_login(config: ConfigFile, secrets: ConfigFile, address: str, stores: Collection[str]) -> LoginSettings:
    """Read what is set of signing in; `address` is where people open the pages, `stores` are the keys that there are.

    Raises:
        ConfigError: something there cannot be used.
    """
    table, secret = (file.table(LOGIN) for file in (config, secrets))
    if CLIENT_SECRET in table:
        raise config.error(
            (LOGIN, CLIENT_SECRET), f"{CLIENT_SECRET} is a secret: move it to {secrets.path} under [{LOGIN}]"
        )
    config.refuse_unknown((LOGIN,), table, LoginSettings.written_keys)
    secrets.refuse_unknown((LOGIN,), secret, (CLIENT_SECRET,))
    given = os.environ.get(variable_of(LOGIN, CLIENT_SECRET)) or secret.get(CLIENT_SECRET, "")
    roles = _roles(table.get(ROLES, {}), config, stores)
    try:
        login = LoginSettings(**{**table, ROLES: roles, CLIENT_SECRET: given})
    except ValidationError as error:
        name, wrong = first_wrong(error)
        file = secrets if name == CLIENT_SECRET else config
        said = f"{name} of [{LOGIN}]: {wrong}" if name else f"[{LOGIN}]: {wrong}"
        raise file.error((LOGIN, name) if name else (LOGIN,), said) from None
    _refuse_unsafe(login, config, address)
    return login


def _roles(table: object, config: ConfigFile, stores: Collection[str]) -> dict[str, Grant]:
    """Read which role the people of a group have: a word, or a table with `role` and `stores`."""
    where = (LOGIN, ROLES)
    if not isinstance(table, dict):
        raise config.error(where, f'{ROLES} must be a table: write a heading [{LOGIN}.{ROLES}], "group" = "operator"')
    roles = {}
    for group, said in table.items():
        written = said if isinstance(said, dict) else {"role": said}
        config.refuse_unknown((*where, group), written, ("role", "stores"))
        role, of = written.get("role"), written.get("stores")
        if role not in tuple(Role):
            hint = did_you_mean(str(role), [one.value for one in Role]) or f"; it is one of {', '.join(Role)}"
            raise config.error((*where, group), f"{role!r} is no role{hint}")
        if of is not None and not (isinstance(of, list) and of and all(isinstance(one, str) for one in of)):
            raise config.error((*where, group), 'stores is a list of keys of stores, as ["main"]')
        for key in of or ():
            if key not in stores:
                hint = did_you_mean(key, stores) or f": its stores are {', '.join(stores) or 'none yet'}"
                raise config.error((*where, group), f"there is no store {key!r}{hint}")
        roles[group] = Grant(Role(role), None if of is None else frozenset(of))
    return roles


def _refuse_unsafe(login: LoginSettings, config: ConfigFile, address: str) -> None:
    """Refuse a login to pages that are opened over plain http elsewhere: cookies would travel for all to read."""
    parts = urlsplit(address)
    if login.is_on and parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise config.error(
            (LOGIN,), f"people sign in over https alone, and address under [alerts] is {address}: write its https one"
        )

"""The stores of an installation, under [store.KEY]: what is set of each, in files and environment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from aexdash.config.file import (
    CONFIG_FILE,
    SECRETS_FILE,
    ConfigError,
    ConfigFile,
    did_you_mean,
    is_loopback,
    safe_address,
    variable_of,
)
from aexdash.config.sections.section import Section, first_wrong
from aexdash.model import BUSINESS_MODELS, BusinessModel

if TYPE_CHECKING:
    from aexdash.aliexpress.protocol.account import Account

STORE = "store"
SECRET_KEYS = ("app_secret", "access_token", "refresh_token")

ITEM_URL = "https://www.aliexpress.com/item/{product_id}.html"
EDIT_URLS = {
    "overseas": "https://gsp.aliexpress.com/m_apps/product-publish/publish?productId={product_id}",
    "pop": "https://csp.aliexpress.com/ait/cn_pop/item_product/product_publish?productId={product_id}",
    # No edit page of one listing is known for these two: their list opens, and the id stands in the address.
    "choice": "https://csp.aliexpress.com/supplier/product/list?source=page_center#{product_id}",
    "overseas_managed": "https://csp.aliexpress.com/m_apps/productManage/list-manage#{product_id}",
}
"""Where a listing is edited, by business model (reference §7)."""


class _Environment(EnvSettingsSource):
    """The variables of one store; its key is its heading, which no variable can change."""

    def __call__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__call__().items() if name != "key"}


class StoreSettings(Section, BaseSettings):
    """One store. Intervals are in seconds; `calls_per_second` 0 means no limit."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)  # of two bases: said here

    title: str = Field(default="", description="The name on the pages and in messages; without one, the key.")
    model: BusinessModel = Field(description="The business model, which decides how AliExpress is asked.")
    gateway: str = Field(
        default="https://api-sg.aliexpress.com", description="Where AliExpress answers; `http` for this machine alone."
    )
    app_key: str = Field(default="", description="App Key of the app console; nothing is read without one.")
    app_secret: SecretStr = Field(default=SecretStr(""), description="App Secret of the app console; signs every call.")
    access_token: SecretStr = Field(
        default=SecretStr(""),
        description="A first token that was got elsewhere; `aexdash authorize STORE` makes one unnecessary.",
    )
    refresh_token: SecretStr = Field(default=SecretStr(""), description="What renews that first token.")
    redirect_uri: str = Field(
        default="", description="The callback address as registered in the app console; the sign-in ends there."
    )
    edit_url: str = Field(
        default="",
        description="Where a listing is edited: an https address with `{product_id}`, `http` for this machine alone; "
        "without one, the model's page.",
    )
    item_url: str = Field(
        default=ITEM_URL,
        description="Where buyers see a listing: an https address with `{product_id}`, `http` for this machine alone.",
    )
    watched: bool = Field(
        default=True, description="`false` keeps a store for its history: it is not read, and not among all stores."
    )
    calls_per_second: float = Field(
        default=10.0, ge=0, description="The most calls a second; 0 is no limit. AliExpress documents 20 for some."
    )
    calls_per_hour: int | None = Field(
        default=None, ge=1, description="A budget of calls an hour, for several tools on one app key; none without it."
    )
    pulse_seconds: int = Field(default=60, ge=1, description="Seconds between two readings of what is held.")
    sweep_seconds: int = Field(default=3600, ge=1, description="Seconds between two readings of every status.")
    stale_after_seconds: int = Field(
        default=300, ge=1, description="Age in seconds from which the last complete reading is called *stale*."
    )
    key: str = ""

    written_keys: ClassVar[tuple[str, ...]]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then what the files say; nothing else is asked."""
        key = init_settings()["key"]
        return _Environment(settings_cls, env_prefix=f"{variable_of(key)}_", env_ignore_empty=True), init_settings

    @model_validator(mode="before")
    @classmethod
    def _edit_page_of_the_model(cls, values: dict[str, Any]) -> dict[str, Any]:
        return (
            values if values.get("edit_url") else values | {"edit_url": EDIT_URLS.get(str(values.get("model", "")), "")}
        )

    @field_validator("gateway")
    @classmethod
    def _gateway_is_safe(cls, value: str) -> str:
        return safe_address(value, "https://api-sg.aliexpress.com")

    @field_validator("edit_url", "item_url")
    @classmethod
    def _pattern_is_usable(cls, value: str) -> str:
        parts = urlsplit(value)
        near = parts.scheme == "http" and is_loopback(parts.hostname or "")
        if value and (not (parts.scheme == "https" or near) or "{product_id}" not in value):
            raise ValueError("must begin with https:// and contain {product_id}")
        return value

    def account(self, home: Path) -> Account:
        """Everything the platform's side needs to act for this store.

        Raises:
            ConfigError: the app key or the app secret is missing.
        """
        from aexdash.aliexpress.protocol.account import Account  # noqa: PLC0415 - pages read settings without loading HTTP

        for name, given in (("app_key", self.app_key), ("app_secret", self.app_secret.get_secret_value())):
            if not given:
                raise ConfigError(self._missing(home, name))
        return Account(
            key=self.key,
            model=self.model,
            gateway=self.gateway,
            app_key=self.app_key,
            app_secret=self.app_secret.get_secret_value(),
            token_file=home / "tokens" / f"{self.key}.json",
            access_token=self.access_token.get_secret_value(),
            refresh_token=self.refresh_token.get_secret_value(),
            calls_per_second=self.calls_per_second or None,
            calls_per_hour=self.calls_per_hour,
        )

    def _missing(self, home: Path, name: str) -> str:
        file = home / (SECRETS_FILE if name in SECRET_KEYS else CONFIG_FILE)
        return (
            f"Store {self.key} has no {name}: copy it from the AliExpress app console into {file} under "
            f"[store.{self.key}], or set {variable_of(self.key, name)}."
        )


StoreSettings.written_keys = tuple(name for name in StoreSettings.model_fields if name != "key")


def read_stores(
    tables: Mapping[str, dict[str, Any]], config: ConfigFile, secrets: ConfigFile
) -> dict[str, StoreSettings]:
    """Read the tables under [store.*] of aexdash.toml, with what secrets.toml and the environment add to each.

    Raises:
        ConfigError: something is written there that cannot be used; the text holds no secret.
    """
    _refuse_lost_secrets(secrets, tables)
    stores = {key: _store(key, table, config, secrets) for key, table in tables.items()}
    _refuse_shared_variables(stores)
    return stores


def _refuse_lost_secrets(secrets: ConfigFile, stores: Iterable[str]) -> None:
    for key, table in secrets.stores().items():
        if key not in stores:
            hint = did_you_mean(key, stores) or f": add the store to {CONFIG_FILE} or remove the heading"
            raise secrets.error((STORE, key), f"[store.{key}] matches no store of {CONFIG_FILE}{hint}")
        secrets.refuse_unknown((STORE, key), table, SECRET_KEYS)


def _refuse_shared_variables(stores: Iterable[str]) -> None:
    owners: dict[str, str] = {}
    for key in stores:
        other = owners.setdefault(variable_of(key), key)
        if other != key:
            shared = f"{variable_of(key)}_APP_SECRET"
            raise ConfigError(f"Stores {other!r} and {key!r} would share the variable {shared}: rename one of them.")


def _store(key: str, table: dict[str, Any], config: ConfigFile, secrets: ConfigFile) -> StoreSettings:
    where = (STORE, key)
    for name in SECRET_KEYS:
        if name in table:
            raise config.error((*where, name), f"{name} is a secret: move it to {secrets.path} under [store.{key}]")
    config.refuse_unknown(where, table, tuple(n for n in StoreSettings.written_keys if n not in SECRET_KEYS))
    given = table | secrets.stores().get(key, {}) | {"key": key}
    try:
        return StoreSettings(**given)
    except ValidationError as error:
        raise _explain(error, key, config, secrets) from None


def _explain(error: ValidationError, key: str, config: ConfigFile, secrets: ConfigFile) -> ConfigError:
    """Turn the first complaint into a sentence; values are never repeated, they may be secrets."""
    name, wrong = first_wrong(error)
    file = secrets if name in SECRET_KEYS else config
    variable = variable_of(key, name)
    if variable in {known.upper() for known in os.environ}:
        return ConfigError(f"The environment variable {variable} is wrong: {wrong}.")
    if name == "model":
        return file.error((STORE, key, name), _model_complaint(key, config))
    return file.error((STORE, key, name), f"{name} of store {key}: {wrong}")


def _model_complaint(key: str, config: ConfigFile) -> str:
    given = config.content[STORE][key].get("model")
    models = ", ".join(BUSINESS_MODELS)
    if given is None:
        return f"store {key} names no model: add model = one of {models}"
    return f"unknown model {given!r}{did_you_mean(str(given), BUSINESS_MODELS)}; use one of {models}"

"""aexdash.toml, secrets.toml and the environment as typed settings; a mistake is one sentence that names its place.

Everything of one installation lives in its home directory: the two configuration files, snapshot.db, desk.db, the
picture cache and the token files. A value is looked for in the environment first (`AEXDASH_MAIN_APP_SECRET` for the
store `main`), then in secrets.toml, then in aexdash.toml.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from aexdash.clock import zone_named
from aexdash.config.ask_model import ASK, AskModel, read_ask_model
from aexdash.config.assistants import ASSISTANTS, AssistantSettings, read_assistants
from aexdash.config.backups import BACKUP, BackupSettings, read_backup
from aexdash.config.channels import (
    ADDRESS,
    ALERTS,
    CHANNEL,
    Channel,
    read_address,
    read_channels,
)
from aexdash.config.feeds import FEED, FeedSettings, read_feeds
from aexdash.config.file import (
    ConfigError,
    ConfigFile,
    complaint,
    did_you_mean,
    is_loopback,
    of_its_kind,
    safe_address,
    variable_of,
)
from aexdash.config.login import LOGIN, LoginSettings, read_login
from aexdash.config.monitoring import MONITORING, MonitoringSettings, read_monitoring
from aexdash.config.phrases import TABLE, PhraseMistake, read_own_phrases
from aexdash.config.replica import REPLICA, ReplicaSettings, read_replica
from aexdash.config.shops import SHOP, ShopSettings, read_shops
from aexdash.model import BUSINESS_MODELS, BusinessModel
from aexdash.reasons.taxonomy import Taxonomy, load_taxonomy

if TYPE_CHECKING:
    from aexdash.aliexpress.protocol.account import Account

__all__ = ["ConfigError", "Settings", "StoreSettings", "home_directory", "load_settings", "settings_from"]

HOME_VARIABLE = "AEXDASH_HOME"
CONFIG_FILE = "aexdash.toml"
SECRETS_FILE = "secrets.toml"
SECRET_KEYS = ("app_secret", "access_token", "refresh_token")
WORKSPACE, ZONE = "workspace", "zone"


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


class StoreSettings(BaseSettings):
    """One store. Intervals are in seconds; `calls_per_second` 0 means no limit."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    _of_its_kind = field_validator("*", mode="before")(of_its_kind)

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


class Settings(BaseModel):
    """One installation: its home directory, its stores, its channels and the phrases added to the reasons, by code.

    `address` is where people open its pages. `warnings` are sentences for the person who runs it.
    """

    model_config = ConfigDict(frozen=True)

    home: Path
    stores: dict[str, StoreSettings] = {}
    feeds: dict[str, FeedSettings] = {}
    shops: dict[str, ShopSettings] = {}
    phrases: dict[str, tuple[str, ...]] = Field(
        default={},
        description="A code of a reason, and a list of phrases by which texts of Seller Center are recognised as it.",
    )
    channels: dict[str, Channel] = {}
    address: str = Field(
        default=ADDRESS,
        description="Where people open the pages; links of messages begin with it. "
        "Without it, `aexdash serve --port N` takes `http://localhost:N`.",
    )
    zone: str = Field(
        default="UTC",
        description='Where a day begins: a name of the IANA time zones, as `"Asia/Shanghai"`. '
        "Changing it cuts the days of the past anew.",
    )
    ask_model: AskModel | None = None
    assistants: AssistantSettings = AssistantSettings()
    login: LoginSettings = LoginSettings()
    backup: BackupSettings = BackupSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    replica: ReplicaSettings = ReplicaSettings()
    warnings: tuple[str, ...] = ()

    @property
    def tzinfo(self) -> tzinfo:
        """The time zone of the workspace, in which every day begins."""
        return zone_named(self.zone)

    @property
    def config_path(self) -> Path:
        """The file with the stores."""
        return self.home / CONFIG_FILE

    @property
    def no_store(self) -> str:
        """Why no store is known, where none is: the file names none, or is not there."""
        return f"{self.config_path} names no store" if self.config_path.exists() else f"There is no {self.config_path}"

    @property
    def secrets_path(self) -> Path:
        """The file with secrets, readable by its owner alone."""
        return self.home / SECRETS_FILE

    @property
    def snapshot_path(self) -> Path:
        """What the sync writes."""
        return self.home / "snapshot.db"

    @property
    def desk_path(self) -> Path:
        """What people write."""
        return self.home / "desk.db"

    @property
    def sessions_path(self) -> Path:
        """Where it is kept who has signed in here: the desk; where that is a copy, a file of this machine's own.

        In a folder of its own, because beside a snapshot that remembers a desk it would be taken for that one, lost.
        """
        return self.home / "sessions" / "sessions.db" if self.replica.follows else self.desk_path

    @property
    def pictures_dir(self) -> Path:
        """The folder of thumbnails."""
        return self.home / "pictures"

    @property
    def lease_path(self) -> Path:
        """The file whose lock says who may write the snapshot."""
        return self.home / "snapshot.lock"

    @property
    def worker_lease_path(self) -> Path:
        """The lock of the one process that keeps this home current: a worker, or what follows another machine."""
        return self.home / "worker.lock"

    def taxonomy(self) -> Taxonomy:
        """The reasons of data/reasons.toml, with the phrases that aexdash.toml adds."""
        return load_taxonomy().with_phrases(self.phrases) if self.phrases else load_taxonomy()

    def stale_after(self, key: str) -> float:
        """How many seconds old a store's last complete reading may be before the store is called stale.

        A store that is named here no more has the default.
        """
        store = self.stores.get(key)
        return float(store.stale_after_seconds if store else StoreSettings.model_fields["stale_after_seconds"].default)

    def pulse(self, key: str) -> float:
        """Seconds between two readings of what is held of a store; one that is named here no more has the default."""
        store = self.stores.get(key)
        return float(store.pulse_seconds if store else StoreSettings.model_fields["pulse_seconds"].default)

    def shop_stale_after(self, key: str) -> float:
        """How many seconds old a shop's last complete reading may be; a shop that is named no more has the default."""
        shop = self.shops.get(key)
        return float(shop.stale_after_seconds if shop else ShopSettings.model_fields["stale_after_seconds"].default)

    def store(self, key: str) -> StoreSettings:
        """The store under a key.

        Raises:
            ConfigError: there is no such store; the text lists those there are.
        """
        if key not in self.stores:
            hint = did_you_mean(key, self.stores) or f": its stores are {', '.join(self.stores) or 'none yet'}"
            raise ConfigError(f"No store {key!r} in {self.config_path}{hint}.")
        return self.stores[key]

    def shop(self, key: str) -> ShopSettings:
        """The shop under a key.

        Raises:
            ConfigError: there is no such shop; the text lists those there are.
        """
        if key not in self.shops:
            hint = did_you_mean(key, self.shops) or f": its shops are {', '.join(self.shops) or 'none yet'}"
            raise ConfigError(f"No shop {key!r} in {self.config_path}{hint}.")
        return self.shops[key]


def home_directory(given: Path | str | None = None) -> Path:
    """The home directory: the one given, else the one `AEXDASH_HOME` names, else ./data."""
    return Path(given or os.environ.get(HOME_VARIABLE) or "data")


def load_settings(home: Path | str | None = None) -> Settings:
    """Read the configuration of a home directory; one without files has no stores.

    Raises:
        ConfigError: something is written there that cannot be used.
    """
    directory = home_directory(home)
    return settings_from(ConfigFile(directory / CONFIG_FILE), ConfigFile(directory / SECRETS_FILE))


def settings_from(config: ConfigFile, secrets: ConfigFile) -> Settings:
    """Read the settings that two files hold, or would hold; the home is the folder of the first.

    Raises:
        ConfigError: something is written there that cannot be used.
    """
    others = (FEED, SHOP, TABLE, CHANNEL, ALERTS, ASK, ASSISTANTS, LOGIN, BACKUP, MONITORING, REPLICA)
    config.refuse_unknown((), config.content, (WORKSPACE, "store", *others))
    zone = _zone(config)
    tables = config.stores()
    _refuse_lost_secrets(secrets, tables)
    stores = {key: _store(key, table, config, secrets) for key, table in tables.items()}
    _refuse_shared_variables(stores)
    address = read_address(config)
    warnings = tuple(_mode_warnings(secrets.path))
    return Settings(
        home=config.path.parent,
        stores=stores,
        feeds=read_feeds(config, secrets, stores),
        shops=read_shops(config, secrets, stores),
        phrases=_phrases(config),
        channels=read_channels(config, secrets, stores, zone),
        address=address,
        zone=zone,
        ask_model=read_ask_model(config, secrets),
        assistants=read_assistants(config, secrets, list(stores)),
        login=read_login(config, secrets, address, stores),
        backup=read_backup(config),
        monitoring=read_monitoring(config, secrets),
        replica=read_replica(config),
        warnings=warnings,
    )


def _zone(config: ConfigFile) -> str:
    table = config.content.get(WORKSPACE, {})
    if not isinstance(table, dict):
        raise config.error((WORKSPACE,), f"{WORKSPACE} must be a table: write a heading [{WORKSPACE}]")
    config.refuse_unknown((WORKSPACE,), table, (ZONE,))
    given = table.get(ZONE, "UTC")
    try:
        zone_named(str(given))
    except ValueError as error:
        raise config.error((WORKSPACE, ZONE), f"{ZONE} of the workspace: {error}") from None
    return str(given)


def _phrases(config: ConfigFile) -> dict[str, tuple[str, ...]]:
    try:
        return read_own_phrases(config.content.get(TABLE, {}))
    except PhraseMistake as mistake:
        raise config.error(mistake.where, str(mistake)) from None


def _store(key: str, table: dict[str, Any], config: ConfigFile, secrets: ConfigFile) -> StoreSettings:
    where = ("store", key)
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
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0])
    file = secrets if name in SECRET_KEYS else config
    variable = variable_of(key, name)
    if variable in {known.upper() for known in os.environ}:
        return ConfigError(f"The environment variable {variable} is wrong: {complaint(first)}.")
    if name == "model":
        return file.error(("store", key, name), _model_complaint(key, config))
    return file.error(("store", key, name), f"{name} of store {key}: {complaint(first)}")


def _model_complaint(key: str, config: ConfigFile) -> str:
    given = config.content["store"][key].get("model")
    models = ", ".join(BUSINESS_MODELS)
    if given is None:
        return f"store {key} names no model: add model = one of {models}"
    return f"unknown model {given!r}{did_you_mean(str(given), BUSINESS_MODELS)}; use one of {models}"


def _refuse_lost_secrets(secrets: ConfigFile, stores: Iterable[str]) -> None:
    secrets.refuse_unknown((), secrets.content, ("store", FEED, SHOP, CHANNEL, ASK, ASSISTANTS, LOGIN, MONITORING))
    for key, table in secrets.stores().items():
        if key not in stores:
            hint = did_you_mean(key, stores) or f": add the store to {CONFIG_FILE} or remove the heading"
            raise secrets.error(("store", key), f"[store.{key}] matches no store of {CONFIG_FILE}{hint}")
        secrets.refuse_unknown(("store", key), table, SECRET_KEYS)


def _refuse_shared_variables(stores: Iterable[str]) -> None:
    owners: dict[str, str] = {}
    for key in stores:
        other = owners.setdefault(variable_of(key), key)
        if other != key:
            shared = f"{variable_of(key)}_APP_SECRET"
            raise ConfigError(f"Stores {other!r} and {key!r} would share the variable {shared}: rename one of them.")


def _mode_warnings(path: Path) -> Iterable[str]:
    if not path.exists() or os.name == "nt":
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield f"{path} can be read by others (mode {mode:04o}): run chmod 600 {path}."

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

from pydantic import BaseModel, ConfigDict, Field

from aexdash.clock import zone_named
from aexdash.config.file import (
    CONFIG_FILE,
    SECRETS_FILE,
    ConfigError,
    ConfigFile,
    did_you_mean,
)
from aexdash.config.sections.ask_model import ASK, AskModel, read_ask_model
from aexdash.config.sections.assistants import ASSISTANTS, AssistantSettings, read_assistants
from aexdash.config.sections.backups import BACKUP, BackupSettings, read_backup
from aexdash.config.sections.channels import (
    ADDRESS,
    ALERTS,
    CHANNEL,
    Channel,
    read_address,
    read_channels,
)
from aexdash.config.sections.feeds import FEED, FeedSettings, read_feeds
from aexdash.config.sections.login import LOGIN, LoginSettings, read_login
from aexdash.config.sections.monitoring import MONITORING, MonitoringSettings, read_monitoring
from aexdash.config.sections.phrases import TABLE, PhraseMistake, read_own_phrases
from aexdash.config.sections.replica import REPLICA, ReplicaSettings, read_replica
from aexdash.config.sections.shops import SHOP, ShopSettings, read_shops
from aexdash.config.sections.stores import STORE, StoreSettings, read_stores
from aexdash.reasons.taxonomy import Taxonomy, load_taxonomy

__all__ = ["ConfigError", "Settings", "home_directory", "load_settings", "settings_from"]

HOME_VARIABLE = "AEXDASH_HOME"
WORKSPACE, ZONE = "workspace", "zone"


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
    config.refuse_unknown((), config.content, (WORKSPACE, STORE, *others))
    zone = _zone(config)
    tables = config.stores()
    secrets.refuse_unknown((), secrets.content, (STORE, FEED, SHOP, CHANNEL, ASK, ASSISTANTS, LOGIN, MONITORING))
    stores = read_stores(tables, config, secrets)
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
    table = config.table(WORKSPACE)
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


def _mode_warnings(path: Path) -> Iterable[str]:
    if not path.exists() or os.name == "nt":
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield f"{path} can be read by others (mode {mode:04o}): run chmod 600 {path}."

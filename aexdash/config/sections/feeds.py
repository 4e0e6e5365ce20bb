"""What aexdash.toml and secrets.toml say of a store's feed: whose status to ask for, and where its files are.

Files need no setting: they are dropped on the page or laid in the store's feed folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import Field, SecretStr

from aexdash.config.file import ConfigFile, did_you_mean, safe_address, variable_of
from aexdash.config.sections.section import Section
from aexdash.config.sections.sftp import HOST_KEY, KEY_FILE, PASSWORD, SFTP, SftpFolder, read_sftp

FEED = "feed"
API_KEY = "api_key"
PUBLIC, SECRET = ("account", "address", SFTP, HOST_KEY), (API_KEY, PASSWORD, KEY_FILE)

ADDRESS = "https://meta.feedonomics.com/api.php"
"""Where the status call is answered (reference sources.md §1)."""

_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,60}")


class FeedSettings(Section):
    """One store's feed. Its status is asked for with an account and its key; files are fetched where `sftp` says."""

    account: str = Field(default="", description="Id of the account whose status is asked for.")
    api_key: SecretStr = Field(default=SecretStr(""), description="Key of that account.")
    address: str = Field(default=ADDRESS, description="Where the status call is answered.")
    sftp: SftpFolder | None = Field(
        default=None,
        description="A folder to fetch validation files from: `sftp://user@sftp.example.com:22/outgoing`.",
    )

    @property
    def connected(self) -> bool:
        """Whether the status call can be made."""
        return bool(self.account and self.api_key.get_secret_value())


def read_feeds(config: ConfigFile, secrets: ConfigFile, stores: Collection[str]) -> dict[str, FeedSettings]:
    """Read the tables [feed.*] of both files, by the key of their store.

    Raises:
        ConfigError: something is written there that cannot be used.
    """
    public, private = config.stores(FEED), secrets.stores(FEED)
    for file, tables in ((config, public), (secrets, private)):
        for key in tables:
            if key not in stores:
                hint = did_you_mean(key, stores) or ": name it as its store, or remove the heading"
                raise file.error((FEED, key), f"[{FEED}.{key}] matches no store{hint}")
    for key, table in public.items():
        for name in SECRET:
            if name in table:
                where = f"{secrets.path} under [{FEED}.{key}]"
                raise config.error((FEED, key, name), f"{name} is a secret: move it to {where}")
        config.refuse_unknown((FEED, key), table, PUBLIC)
    for key, table in private.items():
        secrets.refuse_unknown((FEED, key), table, SECRET)
    return {key: _feed(key, public.get(key, {}), private.get(key, {}), config, secrets) for key in stores}


def _feed(
    key: str, public: Mapping[str, Any], private: Mapping[str, Any], config: ConfigFile, secrets: ConfigFile
) -> FeedSettings:
    account, address = str(public.get("account", "")), public.get("address", ADDRESS)
    if account and not _ACCOUNT.fullmatch(account):
        raise config.error((FEED, key, "account"), "account must be the id of the account: letters, digits, _ and -")
    try:
        address = safe_address(str(address), ADDRESS)
    except ValueError as error:
        raise config.error((FEED, key, "address"), f"address of feed {key}: {error}") from None
    given = private.get(API_KEY, "")
    if not isinstance(given, str) or not given.isascii() or not given.isprintable():
        raise secrets.error((FEED, key, API_KEY), f"{API_KEY} of feed {key} must be a text of letters and digits")
    secret = os.environ.get(variable_of(key, f"{FEED}_{API_KEY}"), "") or given
    sftp = read_sftp((FEED, key), public, private, config, secrets)
    return FeedSettings(account=account, api_key=SecretStr(secret.strip()), address=address, sftp=sftp)

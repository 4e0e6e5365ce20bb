"""The page of settings, from the classes that read them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from aexdash.config.sections.ask_model import KEY as ASK_KEY
from aexdash.config.sections.ask_model import AskModel
from aexdash.config.sections.assistants import AssistantSettings
from aexdash.config.sections.backups import BackupSettings
from aexdash.config.sections.channels import SECRETS as CHANNEL_SECRETS
from aexdash.config.sections.channels import Channel, Digest
from aexdash.config.sections.feeds import SECRET as FEED_SECRETS
from aexdash.config.sections.feeds import FeedSettings
from aexdash.config.sections.login import CLIENT_SECRET as LOGIN_SECRET
from aexdash.config.sections.login import ROLES, LoginSettings
from aexdash.config.sections.monitoring import MonitoringSettings
from aexdash.config.sections.replica import ReplicaSettings
from aexdash.config.sections.sftp import SftpFolder
from aexdash.config.sections.shops import SECRETS as SHOP_SECRETS
from aexdash.config.sections.shops import WRITTEN as SHOP_KEYS
from aexdash.config.sections.shops import ShopSettings
from aexdash.config.sections.stores import SECRET_KEYS, StoreSettings
from aexdash.config.settings import Settings
from tests.docs.writing import table, written_page

ROLE_WORDS = {
    "viewer": "Reads everything but the settings, exports, asks, and keeps views of her own.",
    "operator": "Also works with listings, campaigns and alerts, brings files, and has a store read.",
    "owner": "Also changes bands, profiles, rules, channels, stores and settings, and ends sessions.",
}


def settings() -> str:
    """Every key of both files, from the classes that read them."""
    says = (
        "Every key of `aexdash.toml` and `secrets.toml`, which lie in the [home](files.md).\n"
        "A key that nothing reads is refused with its line, so that a slip of the pen is not silently ignored.\n"
        "The page *Settings* edits most of them. Pages, `aexdash serve` and `aexdash sync --watch` take up what is "
        "saved within seconds, by whomever; while a file cannot be used, the settings before it stay in force."
    )
    stores = {name: field for name, field in StoreSettings.model_fields.items() if name in StoreSettings.written_keys}
    channels = {name: field for name, field in Channel.model_fields.items() if field.description}
    return written_page(
        "Settings",
        says,
        "## [workspace]\n",
        _keys({"zone": Settings.model_fields["zone"]}, ()),
        "## [store.KEY]\n",
        "One heading a store; `KEY` is of a-z, 0-9, `_` and `-`.\n"
        "The environment comes before both files: `AEXDASH_KEY_NAME`, in capitals, `-` as `_`; "
        "`AEXDASH_MAIN_APP_SECRET` is `app_secret` of `[store.main]`.\n",
        _keys(stores, SECRET_KEYS),
        "## [feed.KEY]\n",
        "What is set of the feed of the store `KEY`; files need no setting.\n"
        "Secrets may stand in the environment: `AEXDASH_MAIN_FEED_API_KEY`, `AEXDASH_MAIN_FEED_SFTP_PASSWORD`, "
        "`AEXDASH_MAIN_FEED_SFTP_KEY_FILE`.\n",
        _keys(feed_keys(), FEED_SECRETS),
        "## [shop.KEY]\n",
        "One heading a [shop](../how-to/connect-a-shop.md) that listings come from.\n"
        "Secrets may stand in the environment: `AEXDASH_SHOP_KEY_TOKEN`, `AEXDASH_SHOP_KEY_CLIENT_SECRET`.\n",
        _keys({name: ShopSettings.model_fields[name] for name in SHOP_KEYS}, SHOP_SECRETS),
        "## [channel.NAME]\n",
        "One heading a [channel](../how-to/add-a-channel.md).\n"
        "Secrets may stand in the environment: `AEXDASH_CHANNEL_NAME_URL`, `AEXDASH_CHANNEL_NAME_KEY`.\n",
        _keys(channels, CHANNEL_SECRETS),
        "## [alerts]\n",
        _keys({"address": Settings.model_fields["address"]}, ()),
        "## [ask]\n",
        "A model that may read [questions](../asking.md) which the grammar does not understand. Without this heading "
        "nothing is sent anywhere.\n"
        "The key may stand in the environment: `AEXDASH_ASK_KEY`.\n",
        _keys(dict(AskModel.model_fields), (ASK_KEY,)),
        "## [assistants]\n",
        "What [assistants](../assistants.md) may do.\n"
        "The token may stand in the environment: `AEXDASH_ASSISTANTS_TOKEN`.\n",
        _keys(dict(AssistantSettings.model_fields), ("token",)),
        "## [login]\n",
        "Who lets people in; without this heading the pages listen on this machine alone. "
        "[Let people sign in](../how-to/sign-in.md) says how.\n"
        "The secret may stand in the environment: `AEXDASH_LOGIN_CLIENT_SECRET`.\n",
        _keys({name: field for name, field in LoginSettings.model_fields.items() if name != ROLES}, (LOGIN_SECRET,)),
        "## [login.roles]\n",
        'What people may do, by group: `"GROUP" = "ROLE"`, or in some stores alone '
        '`"GROUP" = { role = "ROLE", stores = ["KEY"] }`. Without a line that fits, nobody is let in. '
        '`"*"` is everybody who signs in, and `"email:ana@example.com"` one person.\n',
        table(("Role", "What it may do"), ((f"`{role}`", said) for role, said in ROLE_WORDS.items())),
        "## [backup]\n",
        "The [backups](../how-to/back-up-and-restore.md) that the worker makes once a day.\n",
        _keys(dict(BackupSettings.model_fields), ()),
        "## [replica]\n",
        "Copies of both files on other machines; [Beyond one machine](../scale.md) says how.\n",
        _keys(dict(ReplicaSettings.model_fields), ()),
        "## [monitoring]\n",
        "Who is told how the installation is; [Watch it](../how-to/watch-that-it-is-alive.md) says more.\n"
        "They may stand in the environment: `AEXDASH_MONITORING_HEARTBEAT_URL`, `AEXDASH_MONITORING_TOKEN`.\n",
        _keys(dict(MonitoringSettings.model_fields), tuple(MonitoringSettings.model_fields)),
        "## [phrases]\n",
        _keys({'"CODE"': Settings.model_fields["phrases"]}, ()),
        "## Environment\n",
        table(
            ("Variable", "What it does"),
            [
                ("`AEXDASH_HOME`", "The home, where no `--home` is given; else `./data`."),
                (
                    "`AEXDASH_LOG`",
                    "`verbose`: the log of `serve` and `sync --watch` has every run and traces; `json`: objects.",
                ),
                ("`AEXDASH_CLOCK_FILE`", "A file with a moment that is taken for now: for tests and for visits."),
                ("`STREAMLIT_SERVER_ALLOWED_HOSTS`", "The names under which the pages answer, behind a proxy."),
                ("`STREAMLIT_BROWSER_SERVER_ADDRESS`", "The name under which browsers find them, behind a proxy."),
            ],
        ),
    )


def feed_keys() -> dict[str, FieldInfo]:
    """The keys under [feed.KEY]: those of the feed, and those of its SFTP folder, which are named by their titles."""
    folder = {field.title: field for field in SftpFolder.model_fields.values() if field.title}
    return {**FeedSettings.model_fields, **folder}


def _keys(fields: dict[str, FieldInfo], secrets: Iterable[str]) -> str:
    rows = (
        (
            f"`{name}`",
            "secrets.toml" if name in secrets else "aexdash.toml",
            _type(field),
            _default(field),
            _says(field),
        )
        for name, field in fields.items()
    )
    return table(("Key", "File", "Type", "Default", "Effect"), rows)


def _says(field: FieldInfo) -> str:
    if not field.description:
        raise ValueError("a setting has no description")
    return field.description


def _type(field: FieldInfo) -> str:
    return _type_words(field.annotation)


def _type_words(kind: Any) -> str:
    """A type in the words of somebody who writes TOML."""
    if get_origin(kind) in (Union, UnionType):
        return " or ".join(_type_words(part) for part in get_args(kind) if part is not NoneType)
    if get_origin(kind) is Literal:
        return " or ".join(f"`{word}`" for word in get_args(kind))
    if get_origin(kind) in (tuple, list):
        return "list of texts"
    if get_origin(kind) is dict:
        return "list of texts"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(f"`{word.value}`" for word in kind)
    words = {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "text"}
    return words.get(kind) or {SecretStr: "text", Digest: "text", SftpFolder: "text"}[kind]


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.is_required():
        return "must be given"
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value is None or value in ("", (), {}):
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"

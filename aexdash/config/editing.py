"""Editing aexdash.toml and secrets.toml: values are put in their place and every comment stays.

What the files would hold is read as always before anything is written, so what cannot be used is refused with the same
sentence. Each file is replaced in one step; secrets.toml is readable by its owner alone from the first moment on.
"""

from __future__ import annotations

import copy
import hashlib
import os
import stat
import tempfile
import tomllib
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import tomlkit
from filelock import FileLock, Timeout
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array

from aexdash.config.file import CONFIG_FILE, SECRETS_FILE, ConfigError, ConfigFile, heading_of
from aexdash.config.settings import Settings, settings_from
from aexdash.people.acting import needs
from aexdash.people.rights import Role
from aexdash.storage.one_state import read_anew
from aexdash.storage.private import mode_in

Place = tuple[str, ...]
"""Where a value stands, as `("store", "main", "title")`."""

Value = str | int | float | bool | list[str]

LOCK_FILE = "settings.lock"
PATIENCE = 10.0
"""Seconds to wait for somebody else who is saving."""

SECRET_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Edit:
    """What to write: `public` into aexdash.toml, `secret` into secrets.toml. None removes a value, or a whole table."""

    public: Mapping[Place, Value | None] = field(default_factory=dict)
    secret: Mapping[Place, Value | None] = field(default_factory=dict, repr=False)


class ChangedMeanwhile(ConfigError):
    """The files are not those any more that somebody saw when she decided."""


def mark(home: Path) -> str:
    """Return what changes with every change of the two files; it tells nothing of what is in them."""
    digest = hashlib.blake2b(digest_size=16)
    for name in (CONFIG_FILE, SECRETS_FILE):
        digest.update(_bytes(home / name) + b"\0")
    return digest.hexdigest()


@needs(Role.OWNER, refused=ConfigError)
def save(home: Path, edit: Edit, seen: str | None = None) -> Settings:
    """Write an edit into the files of a home; return the settings that are in force then.

    `seen` is the `mark` of the files that the edit was made on; None where nobody looked at them before.

    Raises:
        ChangedMeanwhile: the files have changed since; nothing is written.
        ConfigError: the settings could not be used so, or a file cannot be read or written. Unless the text says
            otherwise nothing is written.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(home / LOCK_FILE, timeout=PATIENCE, mode=mode_in(home)):
            return _save(home, edit, seen)
    except Timeout:
        raise ConfigError(f"Somebody else has been saving settings for {PATIENCE:.0f} seconds: try again.") from None
    except OSError as error:
        raise ConfigError(f"{home} cannot be written ({error.strerror}): check disk and permissions.") from None


def checked(home: Path, edit: Edit) -> Settings:
    """Return the settings that an edit would lead to; nothing is written.

    Raises:
        ConfigError: they could not be used.
    """
    return settings_from(
        edited(ConfigFile(home / CONFIG_FILE), edit.public), edited(ConfigFile(home / SECRETS_FILE), edit.secret)
    )


def _save(home: Path, edit: Edit, seen: str | None) -> Settings:
    if seen is not None and seen != mark(home):
        raise ChangedMeanwhile("The settings have been changed since you saw them, and nothing was saved: look again.")
    config, secrets = ConfigFile(home / CONFIG_FILE), ConfigFile(home / SECRETS_FILE)
    new_config, new_secrets = edited(config, edit.public), edited(secrets, edit.secret)
    settings = settings_from(new_config, new_secrets)
    steps = [(config, new_config, None), (secrets, new_secrets, SECRET_MODE)]
    if not _usable(new_config, secrets):
        steps.reverse()  # a heading that goes takes its secrets first, so that what is read in between can be used
    for old, new, mode in steps:
        if new.text != old.text:
            _replace(new.path, new.text, mode)
    read_anew()
    return settings


def edited(file: ConfigFile, changes: Mapping[Place, Value | None]) -> ConfigFile:
    """Return what a file would be after some changes; values that stay the same keep the form in which they stand.

    Raises:
        ConfigError: it is written in a form in which nothing can be changed without losing something.
    """
    wanted = copy.deepcopy(file.content)
    try:
        changed = {place: value for place, value in changes.items() if _put(wanted, place, value)}
        if not changed:
            return file
        text = _with(file.text, changed)
        lost = _said(tomllib.loads(text)) != _said(wanted)
    except (TOMLKitError, tomllib.TOMLDecodeError, AttributeError, KeyError, TypeError, ValueError):
        lost = True
    if lost:
        names = ", ".join(".".join(place) for place in changes)
        raise ConfigError(f"{file.path} is written in a form that cannot be changed here: edit {names} there by hand.")
    return ConfigFile(file.path, text)


def _with(text: str, changed: Mapping[Place, Value | None]) -> str:
    """Return a file's text with some changes; where a table goes, the comments around it stay."""
    for place in (place for place, value in changed.items() if value is None):
        text = _without_table(text, place)
    document = tomlkit.parse(text)
    for place, value in changed.items():
        _put(document, place, value)
    return tomlkit.dumps(document)


def _without_table(text: str, place: Place) -> str:
    """Return a text without the lines under the heading of a table, if that is how it is written.

    tomlkit counts the comment above the next heading to the table that ends there, and would remove it too.
    """
    left: list[str] = []
    waiting: list[str] = []  # blank lines and comments: nobody knows yet whether they stand above the next heading
    inside = False
    for line in text.splitlines(keepends=True):
        heading = heading_of(line)
        if heading is not None:
            left += waiting
            waiting = []
            inside = heading[: len(place)] == place
        if not inside:
            left.append(line)
        elif heading is None and (not line.strip() or line.lstrip().startswith("#")):
            waiting.append(line)
        else:
            left += (one for one in waiting if one.strip())
            waiting = []
    without = "".join([*left, *waiting])
    wanted = tomllib.loads(text)
    _put(wanted, place, None)
    try:
        return without if _said(tomllib.loads(without)) == _said(wanted) else text
    except tomllib.TOMLDecodeError:
        return text


def _said(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without the tables in which nothing is left: with the last channel its headings are gone."""
    return {name: value for name, value in content.items() if value != {}}


def _put(table: MutableMapping[str, Any], place: Place, value: Value | None) -> bool:
    """Put a value in its place; return whether that changed anything."""
    for name in place[:-1]:
        if name not in table:
            if value is None:
                return False
            table[name] = tomlkit.table(name in ("store", "feed", "channel")) if _is_document(table) else {}
        table = table[name]
    name = place[-1]
    if value is None:
        return table.pop(name, None) is not None
    if name in table and table[name] == value and isinstance(table[name], bool) == isinstance(value, bool):
        return False
    stands = table.get(name)
    if isinstance(value, list) and isinstance(stands, Array):
        _change_items(stands, value)
    else:
        table[name] = value
    return True


def _change_items(array: Array, wanted: list[str]) -> None:
    """Change only the items of a list that differ: on lines of their own, the others keep the comments beside them."""
    steps = SequenceMatcher(None, list(array), wanted, autojunk=False).get_opcodes()
    for _, start, end, first, last in reversed([step for step in steps if step[0] != "equal"]):
        for place in reversed(range(start, end)):
            del array[place]
        for place, item in enumerate(wanted[first:last], start):
            array.insert(place, item)


def _is_document(table: object) -> bool:
    return hasattr(table, "as_string") or hasattr(table, "unwrap")


def _usable(config: ConfigFile, secrets: ConfigFile) -> bool:
    try:
        settings_from(config, secrets)
    except ConfigError:
        return False
    return True


def _replace(path: Path, text: str, mode: int | None) -> None:
    """Replace a file in one step, also one that a link points to; its line ends stay what they are.

    `mode` None: as it is, or private where there is none yet.
    """
    path = path.resolve()
    if b"\r\n" in _bytes(path):
        text = text.replace("\n", "\r\n")
    if mode is None:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else mode_in(path.parent)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # made 0600
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        return b"" if isinstance(error, FileNotFoundError) else str(error.errno).encode()

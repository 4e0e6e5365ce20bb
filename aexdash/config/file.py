"""One TOML file of the configuration, and where in it something stands, so that a mistake can name its line."""

from __future__ import annotations

import difflib
import ipaddress
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CONFIG_FILE, SECRETS_FILE = "aexdash.toml", "secrets.toml"
"""The two files of a home: what is set, and what is secret."""

STORE_KEY = re.compile(r"[a-z0-9_-]+")
"""What a store, a feed or a channel may be called in the files."""

_HEADING = re.compile(r"^\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(r"^\s*([A-Za-z0-9_.\"'-]+)\s*=")


class ConfigError(Exception):
    """A configuration that cannot be used; the text names file, line, key and what to do."""


class ConfigFile:
    """One TOML file: its content, and where in it something stands.

    `text` is what it would hold, where somebody wants to know before it is saved whether that can be used.
    """

    def __init__(self, path: Path, text: str | None = None) -> None:
        self.path = path
        self.text = _read(path) if text is None else text
        try:
            self.content = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            where = f"(at line {max(len(self.text.splitlines()), 1)}, the end of the file)"
            said = str(error).replace("(at end of document)", where)
            raise ConfigError(f"{path} is not valid TOML: {said}; correct that line.") from None

    def stores(self, word: str = "store") -> dict[str, dict[str, Any]]:
        """The tables under [store.*], or under another word, by the key of their store."""
        tables = self.content.get(word, {})
        if not isinstance(tables, dict):
            raise self.error((word,), f"{word} must be a table: write a heading like [{word}.main]")
        for key, table in tables.items():
            if not isinstance(table, dict):
                raise self.error((word, key), f"{key} is outside a {word}: put it under [{word}.main] or the like")
            if not STORE_KEY.fullmatch(key):
                raise self.error((word, key), f"{word} key {key!r} must be of a-z, 0-9, _ and - only: rename it")
        return tables

    def table(self, word: str) -> dict[str, Any]:
        """What stands under the heading [word]; empty where there is none."""
        table = self.content.get(word, {})
        if not isinstance(table, dict):
            raise self.error((word,), f"{word} must be a table: write a heading [{word}]")
        return table

    def refuse_unknown(self, where: tuple[str, ...], table: Iterable[str], known: Iterable[str]) -> None:
        """Refuse a key that nothing reads, so that a misspelt one is not silently ignored."""
        for key in table:
            if key not in known:
                hint = did_you_mean(key, known) or f": remove it, or use one of {', '.join(known)}"
                raise self.error((*where, key), f"unknown key {key!r}{hint}")

    def error(self, where: tuple[str, ...], text: str) -> ConfigError:
        """An error that names file and line."""
        line = _line_of(self.text, where)
        return ConfigError(f"{self.path}{f', line {line}' if line else ''}: {text}.")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text: save it as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}): check its owner and permissions.") from None


def tables_of_both(
    word: str, config: ConfigFile, secrets: ConfigFile, secret_keys: Iterable[str]
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """The tables [word.*] of both files, by key: what is set, and what is secret.

    Raises:
        ConfigError: secrets belong to nothing that is set, or nothing reads one; the text holds none.
    """
    public, private = config.stores(word), secrets.stores(word)
    for key, table in private.items():
        if key not in public:
            hint = did_you_mean(key, public) or f": add [{word}.{key}] to {config.path.name}, or remove it"
            raise secrets.error((word, key), f"[{word}.{key}] matches no {word} of {config.path.name}{hint}")
        secrets.refuse_unknown((word, key), table, secret_keys)
    return public, private


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The known word that somebody may have meant, as the end of a sentence; empty where none is near."""
    close = difflib.get_close_matches(word.lower(), tuple(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}" if close else ""


def _line_of(text: str, where: tuple[str, ...]) -> int | None:
    """The line of a key, else of the heading it stands under; TOML's own parser keeps no lines of values."""
    found = None
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := _HEADING.match(line):
            table = _path(heading[1])
            here = table
        elif assignment := _ASSIGNMENT.match(line):
            here = table + _path(assignment[1])
        else:
            continue
        if here[: len(where)] == where:
            return number
        if where[: len(here)] == here and heading:
            found = number
    return found


def heading_of(line: str) -> tuple[str, ...] | None:
    """The table whose heading a line is; None where it is none."""
    found = _HEADING.match(line)
    return _path(found[1]) if found else None


def _path(written: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in written.split("."))


def variable_of(key: str, name: str = "") -> str:
    """The environment variable of a store's setting, or its beginning."""
    return "_".join(("AEXDASH", key.upper().replace("-", "_"), name.upper())).rstrip("_")


def safe_address(value: str, example: str) -> str:
    """Return an address to which secrets may travel, without the slash at its end.

    Raises:
        ValueError: it is none; the text says what it must be.
    """
    value = value.strip()
    parts = urlsplit(value)  # it passes over control characters, and says nothing of them
    if not parts.hostname or parts.scheme not in {"http", "https"} or not value.isprintable():
        raise ValueError(f'must be an address like "{example}"')
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must begin with https://, because tokens travel to it")
    return value.rstrip("/")


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

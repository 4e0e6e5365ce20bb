"""What the two files of the settings say, for the forms that edit them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aexdash.config import editing
from aexdash.config.file import ConfigFile
from aexdash.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Files:
    """The parsed files, and their mark: an edit of them is refused when it is another by then."""

    settings: Settings
    public: ConfigFile
    secret: ConfigFile
    mark: str

    def said(self, *where: str) -> Mapping[str, Any]:
        """Return a table of aexdash.toml; empty where there is none."""
        return _table(self.public, where)

    def hidden(self, *where: str) -> Mapping[str, Any]:
        """Return a table of secrets.toml; for whether something is there, never to be shown."""
        return _table(self.secret, where)

    def key(self, *words: str) -> str:
        """Return a key for widgets that show these files and no later ones."""
        return "-".join((*words, self.mark[:8]))


def read(settings: Settings) -> Files:
    """Read the files of a home.

    Raises:
        ConfigError: one cannot be read.
    """
    mark = editing.mark(settings.home)
    return Files(settings, ConfigFile(settings.config_path), ConfigFile(settings.secrets_path), mark)


def _table(file: ConfigFile, where: tuple[str, ...]) -> Mapping[str, Any]:
    table: Any = file.content
    for name in where:
        table = table.get(name, {}) if isinstance(table, dict) else {}
    return table if isinstance(table, dict) else {}

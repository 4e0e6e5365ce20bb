"""Which settings are in force: those of the files, and the last good ones while a file cannot be used.

Pages ask at every run, the worker once a second; so what is saved is in force without a restart.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aexdash.config import editing
from aexdash.config.file import CONFIG_FILE, SECRETS_FILE
from aexdash.config.settings import ConfigError, Settings, home_directory, load_settings
from aexdash.storage.one_state import looked_up

_last_good: dict[Path, tuple[str, Settings]] = {}
"""What this process read last of each home that could be used, with the mark of what it was read from."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The settings in force; `problem` is the sentence why the files are not them, empty where they are."""

    settings: Settings
    problem: str = ""


def in_force(home: Path | str | None = None) -> InForce:
    """Return the settings in force in a home; within `one_state()` those of its first look.

    Raises:
        ConfigError: the files cannot be used, and this process has never read any of them that could.
    """
    return looked_up((in_force, home), lambda: _in_force(home_directory(home)))


def _in_force(directory: Path) -> InForce:
    known = directory.resolve()
    mark_then, before = _last_good.get(known, ("", None))
    mark = _mark(directory)
    if before and mark == mark_then:
        return InForce(before)
    try:
        settings = _read(directory, before)
    except ConfigError as error:
        if before is None:
            raise
        return InForce(before, str(error))
    _last_good[known] = mark, settings
    return InForce(settings)


def _mark(home: Path) -> str:
    """Return what changes with all that settings are read from: the files, who may read them, and the variables."""
    modes = [path.stat().st_mode for path in (home / CONFIG_FILE, home / SECRETS_FILE) if path.exists()]
    variables = sorted((name, value) for name, value in os.environ.items() if name.upper().startswith("AEXDASH_"))
    return f"{home} {editing.mark(home)} {modes} {variables}"


class Following:
    """Follows the files of a home from the settings that were read of them; for one thread.

    A change counts when two looks have found it: an editor may still be writing, and half a file has fewer stores.
    """

    def __init__(self, settings: Settings, log: Callable[[str], None]) -> None:
        self.settings = settings
        self._log = log
        self._mark, self._coming = "", ""

    def look(self) -> bool:
        """Read files that have changed; return whether other settings are in force now.

        Files that cannot be used are logged, and the settings stay.
        """
        found, before = editing.mark(self.settings.home), self._coming
        self._coming = found
        if found == self._mark or found != before:
            return False
        self._mark = found
        try:
            new = _read(self.settings.home, self.settings)
        except ConfigError as error:
            self._log(f"The settings stay as they were: {error}")
            return False
        changed, self.settings = new != self.settings, new
        return changed


def _read(home: Path, before: Settings | None) -> Settings:
    """Read the files of a home. A file that is gone since is a file that cannot be used, not one without stores."""
    if before and before.stores and not (home / CONFIG_FILE).exists():
        raise ConfigError(
            f"{CONFIG_FILE} is gone from {home}: put it back, or start aexdash anew to begin without any store."
        )
    return load_settings(home)

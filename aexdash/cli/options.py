"""Options that several commands have."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from aexdash.clock import from_text
from aexdash.config.sections.channels import USUAL_PORT
from aexdash.config.settings import home_directory
from aexdash.storage.private import keep_private


class FileToWrite(click.Path):
    """A file that a command writes; its folder must be there."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path.

        Raises:
            click.BadParameter: it is a folder, or lies in none that there is.
        """
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.parent.is_dir():
            self.fail(f"There is no folder {path.parent}.", param, ctx)
        return path


MOST_NUMBER = 999_999_999
"""The highest number of a report that is looked for; one of 20 digits is more than SQLite takes."""


def home_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add --home."""
    option = click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        callback=lambda _context, _parameter, given: _own(home_directory(given)),
        help="Where configuration and data live (default: $AEXDASH_HOME, else ./data).",
    )
    return option(command)


def _own(home: Path) -> Path:
    """Let what this command makes in a home be private to its owner."""
    keep_private(home)
    return home


json_option = click.option("--json", "json_wanted", is_flag=True, help="Print JSON and no progress bar.")

verbose_option = click.option(
    "--verbose", is_flag=True, help="Log every run, and how the code came to an error; as AEXDASH_LOG=verbose does."
)

port_option = click.option(
    "--port", type=click.IntRange(1, 65535), default=USUAL_PORT, show_default=True, help="Of the pages."
)

TEN_YEARS = timedelta(days=3653)
"""How far from now a moment may lie that a command is given: what lies further away is a slip of the keys."""

_LENGTH = re.compile(r"(?P<count>[1-9][0-9]*)(?P<unit>[mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_LONGEST_COUNT = 9_999_999
"""Of any unit that is more than ten years, and few enough to be added to a moment of our days and be compared."""


def length_of(text: str) -> timedelta | None:
    """Read a length of time such as `90m`, `2h` or `3d`; None for any other text.

    One that no moment could be told by is cut, and still longer than ten years.
    """
    length = _LENGTH.fullmatch(text)
    if not length:
        return None
    return min(timedelta(**{_UNITS[length["unit"]]: min(int(length["count"][:8]), _LONGEST_COUNT)}), 2 * TEN_YEARS)


def coming(text: str, now: datetime, *, what: str, write: str) -> datetime:
    """Read the moment, within ten years, until which something is to last: a length of time from now, or a moment.

    Raises:
        click.UsageError: it is neither, is over, or lies too far away; the text names `what` lasts no longer, or says
            to `write` one of the forms there are.
    """
    end = _moment(text, now, 1, write)
    if end <= now:
        raise click.UsageError(f"{text} is over already; write {write}.")
    if end > now + TEN_YEARS:
        raise click.UsageError(f"{text} is too far away: {what} lasts ten years at most, 3653d.")
    return end


def gone(text: str, now: datetime, *, what: str, write: str) -> datetime:
    """Read the moment, within ten years, since which something is to be told: a length of time up to now, or a moment.

    Raises:
        click.UsageError: it is neither, is not over, or lies too far back; see `coming`.
    """
    start = _moment(text, now, -1, write)
    if start > now - timedelta(seconds=1):
        raise click.UsageError(f"{text} is not over yet: {what} is of what has been.")
    if start < now - TEN_YEARS:
        raise click.UsageError(f"{text} is too far back: {what} is of ten years at most, 3653d.")
    return start


def _moment(text: str, now: datetime, direction: int, write: str) -> datetime:
    if length := length_of(text):
        return now + direction * length
    try:
        return from_text(text)
    except ValueError:
        raise click.UsageError(f"{text!r} is no moment; write {write}.") from None

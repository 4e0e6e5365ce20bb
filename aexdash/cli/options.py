"""Options that several commands have."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click

from aexdash.config.settings import home_directory


def home_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add --home."""
    option = click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        callback=lambda _context, _parameter, given: home_directory(given),
        help="Where configuration and data live (default: $AEXDASH_HOME, else ./data).",
    )
    return option(command)


json_option = click.option("--json", "json_wanted", is_flag=True, help="Print JSON and no progress bar.")

port_option = click.option(
    "--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="Of the pages."
)

_LENGTH = re.compile(r"(?P<count>[1-9][0-9]{0,3})(?P<unit>[mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def length_of(text: str) -> timedelta | None:
    """Read a length of time such as `90m`, `2h` or `3d`; None for any other text."""
    length = _LENGTH.fullmatch(text)
    return timedelta(**{_UNITS[length["unit"]]: int(length["count"])}) if length else None

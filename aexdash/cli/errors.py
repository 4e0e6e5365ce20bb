"""Errors that end a command: one sentence on standard error, and an exit code."""

from __future__ import annotations

import sys
from typing import Final, NoReturn

import click

EXIT_CODES: Final = {
    0: "Everything asked for was done: every store was read completely, nothing is wrong, every channel took its test.",
    1: "Something was not: a sync was partial or failed, the doctor found a problem, a channel did not take its test, "
    "AliExpress or a file refused, a listing was not known or changed by somebody else meanwhile, a row of a file was "
    "left; or what was asked about is not known because nobody read it: an empty list that no complete reading "
    "confirms, a moment or a span that was not read. The snapshot is whole and shows the last complete reading.",
    2: "The command or the configuration cannot be used; one sentence says what, where, and what to do.",
}
"""What each exit code of every command means."""


class Failed(click.ClickException):
    """The work was not done; the snapshot is whole."""

    exit_code = 1


class BadUse(click.ClickException):
    """The configuration cannot be used."""

    exit_code = 2


def end_with(*, known: bool) -> NoReturn:
    """End a command that told what was found: with 1 where nobody read what was asked, so that nothing says nothing."""
    sys.exit(0 if known else Failed.exit_code)

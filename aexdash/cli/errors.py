"""How a command ends that could not do its work: one sentence, and the exit code that scripts read."""

from __future__ import annotations

import click


class Failed(click.ClickException):
    """The work was not done; the snapshot is whole."""

    exit_code = 1


class BadUse(click.ClickException):
    """The configuration cannot be used."""

    exit_code = 2

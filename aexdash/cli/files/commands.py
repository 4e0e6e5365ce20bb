"""The commands for the files of a home, as people type them. What they do is imported where it is used."""

from __future__ import annotations

from pathlib import Path

import click

from aexdash.cli.actions import require_home, say_who_writes, settings_of
from aexdash.cli.options import home_option
from aexdash.clock import system_clock
from aexdash.sync import lease


@click.command()
@home_option
@click.option(
    "--to",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the copies, on another disk for example (default: backups in the home).",
)
def backup(home: Path, to: Path | None) -> None:
    """Copy the desk and the snapshot now, while everything goes on; each copy is looked through."""
    from aexdash.cli.files.backup import run  # noqa: PLC0415 - loads the database, here and below

    require_home(home)
    for line in run(settings_of(home), system_clock(), to):
        click.echo(line)


@click.command()
@home_option
@click.argument("file", default="latest", metavar="[FILE]")
@click.option("--snapshot", "of_snapshot", is_flag=True, help="The newest backup of the snapshot, not of the desk.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
def restore(home: Path, file: str, *, of_snapshot: bool, yes: bool) -> None:
    """Put a backup back: FILE, or the newest of the desk; what it replaces is kept.

    Without FILE it asks first, where what it would replace can be read. A worker that runs is to be ended first; pages
    that are open read the restored file from then on.
    """
    from aexdash.cli.files.kinds import DESK, SNAPSHOT  # noqa: PLC0415
    from aexdash.cli.files.restore import run  # noqa: PLC0415

    def agree(question: str) -> None:
        if not yes:
            click.confirm(question, abort=True)

    require_home(home)
    for line in run(settings_of(home), system_clock(), file, SNAPSHOT if of_snapshot else DESK, agree=agree):
        click.echo(line)


@click.command()
@home_option
@click.option("--future-moments", is_flag=True, help="Move moments ahead of this clock back; set the clock first.")
@click.option("--new-desk", is_flag=True, help="Begin a new, empty desk where the old one is gone for good.")
def repair(home: Path, *, future_moments: bool, new_desk: bool) -> None:
    """Recover what can be read of damaged files, and count again what the snapshot keeps; copies are kept.

    It says what was lost, and of what it counted again what that changed.
    """
    from aexdash.cli.files import repair as repairing  # noqa: PLC0415
    from aexdash.cli.files import restore as restoring  # noqa: PLC0415

    require_home(home)
    settings = settings_of(home)
    if new_desk:
        for line in restoring.new_desk(settings, system_clock()):
            click.echo(line)
        return
    is_first = True
    for line in repairing.recovered(settings, system_clock()):
        click.echo(line)
        is_first = False
    with lease.hold(settings.lease_path, clock=system_clock, command="repair", wait=True, waiting=say_who_writes):
        again = repairing.counted_again(settings, system_clock(), future_moments=future_moments, is_first=is_first)
        for line in again:
            click.echo(line)


@click.command()
@home_option
def upgrade(home: Path) -> None:
    """Bring the desk and the snapshot of an older version up to date; a copy of each is kept.

    `serve` and `sync` do the same when they begin.
    """
    from aexdash.cli.files.upgrade import run  # noqa: PLC0415

    require_home(home)
    for line in run(settings_of(home)):
        click.echo(line)

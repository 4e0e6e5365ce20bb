"""`aexdash sessions`: who is signed in to the pages, and the end of it for one person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aexdash.cli.actions import settings_of
from aexdash.cli.options import home_option, json_option
from aexdash.cli.printing import as_json, plain
from aexdash.clock import system_clock, to_text

if TYPE_CHECKING:
    from aexdash.desk.sessions import Session

BY = "command line"


@click.command()
@home_option
@click.option(
    "--end",
    "who",
    metavar="WHO",
    help="End all sessions of a person, by name or ISSUER|SUBJECT, as in the list.",
)
@json_option
def sessions(home: Path, *, who: str | None, json_wanted: bool) -> None:
    """Show who is signed in to the pages, or end all sessions of a person.

    A page that is open then leads to the sign-in within five seconds. Exit code 1: nobody of that name was signed in,
    or the home has no desk, so that nobody knows.
    """
    from aexdash.desk.sessions import Sessions  # noqa: PLC0415 - loads the database

    settings, now = settings_of(home, writes_the_two_files=False), system_clock()
    path = settings.sessions_path
    if not path.exists():
        click.echo(f"There is no desk {path}, so who is signed in is not known; check --home.", err=True)
        raise SystemExit(1)
    kept = Sessions(path)
    if who is None:
        _show(kept.open(now, settings.login.max_age), json_wanted=json_wanted)
        return
    ended = kept.end_all(who, by=BY, now=now)
    if json_wanted:
        click.echo(as_json({"who": who, "ended": ended}))
    else:
        said = f"Ended {ended} session{'' if ended == 1 else 's'} of {plain(who)}." if ended else _nobody(who)
        click.echo(said, err=not ended)
    if not ended:
        raise SystemExit(1)


def _nobody(who: str) -> str:
    return f"No session of {plain(who)} is open; aexdash sessions lists those that are."


def _show(found: list[Session], *, json_wanted: bool) -> None:
    if json_wanted:
        told = [
            {
                "name": one.identity.name,
                "person": one.identity.key,
                "groups": one.identity.groups,
                "started_at": to_text(one.started_at),
                "seen_at": to_text(one.seen_at),
            }
            for one in found
        ]
        click.echo(as_json({"sessions": told}))
        return
    if not found:
        click.echo("Nobody is signed in.")
    for one in found:
        moments = f"since {to_text(one.started_at)}, last seen {to_text(one.seen_at)}"
        click.echo(f"{plain(one.identity.name)}  {plain(one.identity.key)}  {moments}")

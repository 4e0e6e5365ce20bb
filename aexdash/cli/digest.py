"""`aexdash digest`: what happened to what is held, who has what to do, and what nobody took, fit for a mail."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from aexdash.cli.actions import NOT_READ, settings_of, snapshot_of
from aexdash.cli.errors import Failed
from aexdash.cli.options import gone, home_option
from aexdash.clock import system_clock
from aexdash.config.sections.channels import Channel
from aexdash.config.settings import Settings
from aexdash.statement import Claim
from aexdash.view import View

FORMATS = ("text", "html", "md")
A_DAY = "24h"
MOMENTS = "2h, 3d, or one like 2026-03-09T08:00Z"


@click.command()
@home_option
@click.option("--since", default=A_DAY, show_default=True, help="2h, 3d, or a moment like 2026-03-09T08:00Z.")
@click.option("--store", metavar="KEY", help="One store, by its key.")
@click.option("--profile", metavar="NAME", help="The stores of a profile, by its name.")
@click.option("--format", "form", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True)
def digest(home: Path, *, since: str, store: str | None, profile: str | None, form: str) -> None:
    """Say what came and went, what is to do and for whom it waits, by owner, with links.

    A channel with a schedule is sent the same. Where nothing was ever read, it ends with exit code 1.
    """
    settings, now = settings_of(home), system_clock()
    start = gone(since, now, what="a digest", write=MOMENTS)
    snapshot, view = snapshot_of(settings, View(store=store, profile=profile))
    if snapshot.hero(view).reach.claim is Claim.NEVER_READ:
        raise Failed(NOT_READ)
    click.echo(_written(settings, Channel(name="", stores=view.store_keys or ()), (start, now), form))


def _written(settings: Settings, channel: Channel, span: tuple[datetime, datetime], form: str) -> str:
    from aexdash.notify.digest import Digester  # noqa: PLC0415 - --help needs no database
    from aexdash.notify.evidence import SnapshotLookup  # noqa: PLC0415
    from aexdash.notify.writing import Writer  # noqa: PLC0415

    lookup = SnapshotLookup(settings.snapshot_path, settings.desk_path, system_clock, settings.tzinfo)
    titles = {key: store.title or key for key, store in settings.stores.items()}
    writer = Writer(settings.taxonomy(), titles, settings.address, lookup.titles, lookup.reach, zone=settings.tzinfo)
    message = Digester(settings.desk_path, lookup, writer).write(channel, span, span[1])
    if form == "html":
        return message.html()
    return f"# {message.title}\n\n{message.markdown()}" if form == "md" else f"{message.title}\n\n{message.text()}"

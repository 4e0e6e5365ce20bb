"""`aexdash evidence`: all that was read of one listing and when, as one HTML file."""

from __future__ import annotations

import functools
from pathlib import Path

import click

from aexdash.cli.actions import settings_of, snapshot_of
from aexdash.cli.listing_ids import listings_of
from aexdash.cli.options import FileToWrite, home_option
from aexdash.cli.view_options import view_options
from aexdash.clock import system_clock
from aexdash.view import View

of_place = functools.partial(view_options, names=("store", "as-of"))


@click.command()
@home_option
@click.argument("listing", metavar="ID")
@of_place
@click.option("-o", "--output", "file", type=FileToWrite(), help="The file to write.")
def evidence(home: Path, listing: str, *, view: View, file: Path | None) -> None:
    """Write what stood when, what was said, measured and changed of one listing: one HTML file without secrets.

    ID is digits, or STORE/ID where several stores have it. For an appeal, or whoever asks.
    """
    from aexdash.exports.evidence import evidence_html, gather  # noqa: PLC0415 - --help needs none of it
    from aexdash.exports.table import FOR_PEOPLE, ExportError  # noqa: PLC0415

    settings = settings_of(home)
    snapshot, view = snapshot_of(settings, view)
    now = system_clock()
    keys, unknown = listings_of(snapshot, [listing], view.store)
    if not keys:
        raise click.UsageError(" ".join(unknown))
    pack = gather(snapshot, keys[0], settings.taxonomy(), settings.pictures_dir, now=now, as_of=view.as_of)
    if pack is None:
        raise click.UsageError(f"No reading had shown listing {listing} by that moment.")
    target = file or Path(pack.name)
    try:
        target.write_bytes(evidence_html(pack))
        target.chmod(FOR_PEOPLE)
    except OSError as error:
        raise ExportError(f"{target} cannot be written: {error.strerror}.") from error
    click.echo(f"Written to {target}.")

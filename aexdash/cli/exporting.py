"""`aexdash export` and `aexdash fixsheet`: what a view shows as a file, and what the fix of one reason needs."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aexdash.cli.actions import how_current, settings_of, snapshot_of
from aexdash.cli.options import FileToWrite, home_option
from aexdash.cli.view_options import refuse_unknown_reasons, view_options
from aexdash.clock import system_clock
from aexdash.config.settings import Settings
from aexdash.exports.fixsheets.fixsheet import code_for
from aexdash.exports.fixsheets.fixsheet import save as save_fixsheet
from aexdash.exports.worklist.plain import save as save_plain
from aexdash.exports.worklist.worklist import ExportContext
from aexdash.exports.worklist.worklist import save as save_worklist
from aexdash.view import View
from aexdash.words import statements

if TYPE_CHECKING:
    from aexdash.snapshot.query import Snapshot


@click.command()
@home_option
@click.argument("file", required=False, type=FileToWrite())
@click.option("-o", "--output", type=FileToWrite(), help="The same as FILE.")
@click.option("--plain", "plain_wanted", is_flag=True, help="For scripts: keys as headings, plain cells (.csv only).")
@view_options
def export(home: Path, file: Path | None, *, output: Path | None, view: View, plain_wanted: bool) -> None:
    """Write what a view shows to FILE, a .csv or an .xlsx; aexdash apply brings back what was changed in it."""
    file = _one_of(file, output, "Missing argument 'FILE': the .csv or .xlsx to write.")
    settings = settings_of(home)
    snapshot, view = snapshot_of(settings, view)
    save = save_plain if plain_wanted else save_worklist
    written = save(file, snapshot.rows(view), _context(settings, snapshot, view))
    _say_written(written, file, how_current(snapshot, view, settings))


@click.command()
@home_option
@click.argument("code", metavar="CODE")
@click.argument("file", required=False, type=FileToWrite())
@click.option("-o", "--output", type=FileToWrite(), help="The same as FILE.")
@view_options
def fixsheet(home: Path, code: str, file: Path | None, *, output: Path | None, view: View) -> None:
    """Write what the fix of one reason needs to FILE, a .xlsx or .csv; CODE is like image.main_too_small.

    A family such as image will do where the listings have one reason of it.
    """
    if view.reasons:
        raise click.UsageError("A fix sheet is about the one reason CODE; leave --reason out.")
    if code.lower().endswith((".xlsx", ".csv")):
        raise click.UsageError(f"CODE comes before FILE: aexdash fixsheet {file or output or 'CODE'} {code}")
    view = replace(view, reasons=(code,))
    refuse_unknown_reasons(view)
    file = _one_of(file, output, "Missing option '-o': the .xlsx or .csv to write.")
    settings = settings_of(home)
    snapshot, view = snapshot_of(settings, view)
    context = _context(settings, snapshot, view)
    code = code_for(view.reasons, lambda: snapshot.reason_counts(view), context.taxonomy) or code
    listing_then = functools.partial(snapshot.listing, as_of=view.as_of)
    written = save_fixsheet(file, code, snapshot.rows(view), context, listing_then)
    _say_written(written, file, how_current(snapshot, view, settings))


def _one_of(file: Path | None, output: Path | None, missing: str) -> Path:
    """Return the file to write, which may be named in either way."""
    if file and output:
        raise click.UsageError("Name one file to write: FILE or -o, not both.")
    if found := file or output:
        return found
    raise click.UsageError(missing)


def _context(settings: Settings, snapshot: Snapshot, view: View) -> ExportContext:
    """What an export needs beside its rows: the moment whose state it shows, and what it may claim."""
    reach = snapshot.hero(view).reach
    now = system_clock()
    as_of, exported_at = view.as_of or reach.read_at or now, view.as_of or now
    shops = snapshot.beside_shops().titles()
    context = ExportContext.of(snapshot.stores(), settings.taxonomy(), as_of, exported_at, shops)
    return replace(context, claims=statements.row_claims(reach), claim=statements.claim_words(reach))


def _say_written(count: int, file: Path, current: str) -> None:
    listings = "listing" if count == 1 else "listings"
    click.echo(f"{count:,} {listings} written to {file}. {current}", err=True)

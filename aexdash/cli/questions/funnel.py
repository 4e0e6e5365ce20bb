"""`aexdash reconcile --funnel`: how far the SKUs of the shop get, and what AliExpress has that it does not know."""

from __future__ import annotations

from pathlib import Path

import click

from aexdash.cli.actions import settings_of, snapshot_of
from aexdash.cli.printing import as_json, plain
from aexdash.view import View


def say_funnel(home: Path, store: str | None, profile: str | None, target: Path | None, *, json_wanted: bool) -> None:
    """Print the funnel of a store, a profile or all stores, as a table or as JSON; `target` is a CSV of every SKU."""
    from aexdash.exports.funnel import csv_funnel, facts  # noqa: PLC0415 - --help needs none of it
    from aexdash.exports.reconcile import save  # noqa: PLC0415
    from aexdash.exports.table import NoSuchExport  # noqa: PLC0415
    from aexdash.reconcile.funnel import of_stores  # noqa: PLC0415
    from aexdash.words.reconcile.funnel import UNITS, reverse_rows, reverse_words, rows, scope_words, unread_words  # noqa: PLC0415

    if target and target.suffix.lower() != ".csv":
        raise NoSuchExport(f"{target} does not end in .csv: name a file that does.")
    settings = settings_of(home)
    words = {name: word for name, word in (("store", store), ("profile", profile)) if word}
    snapshot, view = snapshot_of(settings, View.from_query(words))
    found = of_stores(snapshot, view.store_keys)
    if json_wanted:
        click.echo(as_json(facts(found)))
    else:
        click.echo(plain(scope_words(found)))
        if found.stores:
            for row in rows(found, settings.tzinfo):
                indent = "    " if row.is_loss else "  "
                click.echo(plain(f"{indent}{row.what}: {row.number}{f'  ({row.read})' if row.read else ''}"))
            if unread := unread_words(found):
                click.echo(unread)
            click.echo(plain(reverse_words(found, settings.tzinfo)))
            for what, number, _ in reverse_rows(found):
                click.echo(plain(f"    {what}: {number}"))
            click.echo(UNITS)
    if target:
        save(target, b"".join(csv_funnel(found)))
        click.echo(f"Written to {target}.", err=True)

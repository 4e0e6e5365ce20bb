"""`aexdash unsold` and `aexdash changed-again`: what sells nothing, and what was changed once approved."""

from __future__ import annotations

import functools
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from aexdash.cli.actions import settings_of, snapshot_of
from aexdash.cli.errors import end_with
from aexdash.cli.options import FileToWrite, home_option, json_option
from aexdash.cli.printing import as_json, plain
from aexdash.cli.view_options import view_options
from aexdash.clock import DAY, system_clock
from aexdash.model import Status
from aexdash.view import View

of_place = functools.partial(view_options, names=("store", "profile"))
output_option = click.option("-o", "--output", "file", type=FileToWrite(), help="A .csv to write.")


@click.command()
@home_option
@of_place
@click.option("--days", type=click.IntRange(1, 180), default=30, show_default=True, help="Without a sale for so long.")
@output_option
@json_option
def unsold(home: Path, *, view: View, days: int, file: Path | None, json_wanted: bool) -> None:
    """Say which listings on sale have sold nothing for days, as far as the store's orders were read."""
    from aexdash.exports.on_sale import csv_unsold  # noqa: PLC0415 - --help needs none of it
    from aexdash.words.reconcile.on_sale import is_unsold_known, pieces_words, since_words, sold_words, unsold_words  # noqa: PLC0415

    _refuse_ending(file)
    settings = settings_of(home)
    snapshot, view = snapshot_of(settings, view)
    now = system_clock()
    asked = snapshot.comparison(view.store_keys)
    stores, reads = asked.unsold(now, days), asked.standings().reads(now, [Status.ACTIVE])
    says = unsold_words(stores, days, reads, settings.tzinfo)
    if json_wanted:
        last = {store: read.read_at for (store, _), read in reads.items()}
        facts = [
            asdict(one) | {"whole": one.whole, "listings": [_facts(row) for row in one.listings]} for one in stores
        ]
        click.echo(as_json({"says": says, "days": days, "on_sale_read_at": last, "stores": facts}))
    else:
        click.echo(plain(says))
        for store in stores:
            for one in store.listings:
                assert store.until is not None  # else it has none
                since = since_words(one, store.until, settings.tzinfo)
                last_sale = f"last sale {sold_words(one, settings.tzinfo)}; stock {pieces_words(one, settings.tzinfo)}"
                click.echo(plain(f"  {one.product_id} in {one.store} {one.title}: on sale {since}; {last_sale}"))
    if file:
        _write(file, b"".join(csv_unsold(stores, {store.key: store.edit_url for store in snapshot.stores()})))
    end_with(known=any(store.listings for store in stores) or bool(is_unsold_known(stores, reads)))


@click.command("changed-again")
@home_option
@of_place
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="Approved in so many days.")
@output_option
@json_option
def changed_again(home: Path, *, view: View, days: int, file: Path | None, json_wanted: bool) -> None:
    """Say which listings were changed again after they were approved: back in audit, or edited on sale."""
    from aexdash.exports.on_sale import csv_changed_again  # noqa: PLC0415 - --help needs none of it
    from aexdash.words.reconcile.gone import is_known  # noqa: PLC0415
    from aexdash.words.reconcile.on_sale import EDITS, again_words, approved_words, changed_words  # noqa: PLC0415

    _refuse_ending(file)
    settings = settings_of(home)
    snapshot, view = snapshot_of(settings, view)
    end = system_clock()
    start = end - days * DAY
    asked = snapshot.comparison(view.store_keys)
    found, reads = asked.changed_again(start, end), asked.standings().reads(end, [Status.ACTIVE])
    says = changed_words(found, start, end, reads, settings.tzinfo)
    if json_wanted:
        last = {store: read.read_at for (store, _), read in reads.items()}
        facts = {"after": start, "until": end, "on_sale_read_at": last, "listings": [_facts(one) for one in found]}
        click.echo(as_json({"says": says, **facts}))
    else:
        click.echo(plain(says))
        if found:
            click.echo(EDITS)
        for one in found:
            told = f"approved {approved_words(one, settings.tzinfo)}; {again_words(one, settings.tzinfo)}"
            click.echo(plain(f"  {one.product_id} in {one.store} {one.title}: {told}"))
    if file:
        _write(file, b"".join(csv_changed_again(found, {store.key: store.edit_url for store in snapshot.stores()})))
    end_with(known=bool(found or is_known(reads, start)))


def _facts(one: Any) -> dict[str, object]:
    return asdict(one) | {"product_id": str(one.product_id)}


def _refuse_ending(file: Path | None) -> None:
    from aexdash.exports.table import NoSuchExport  # noqa: PLC0415 - --help needs none of it

    if file and file.suffix.lower() != ".csv":
        raise NoSuchExport(f"{file} does not end in .csv: name a file that does.")


def _write(file: Path, content: bytes) -> None:
    from aexdash.exports.reconcile import save  # noqa: PLC0415 - --help needs none of it

    save(file, content)
    click.echo(f"Written to {file}.", err=True)

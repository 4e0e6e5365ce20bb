"""`aexdash gone` and `aexdash expiring`: which listings left sale, and which expire soon."""

from __future__ import annotations

import functools
from pathlib import Path

import click

from aexdash.cli.actions import settings_of, snapshot_of
from aexdash.cli.errors import end_with
from aexdash.cli.options import FileToWrite, home_option, json_option
from aexdash.cli.printing import as_json, plain
from aexdash.cli.view_options import view_options
from aexdash.clock import DAY, system_clock
from aexdash.model import Status
from aexdash.view import View

of_place = functools.partial(view_options, names=("store", "profile", "as-of"))


@click.command()
@home_option
@of_place
@click.option("--days", type=click.IntRange(1, 3650), default=7, show_default=True, help="So many days up to now.")
@click.option("-o", "--output", "file", type=FileToWrite(), help="A .csv to write.")
@json_option
def gone(home: Path, *, view: View, days: int, file: Path | None, json_wanted: bool) -> None:
    """Say which listings left sale: when, for where, by AliExpress' word why, and with what stock."""
    from aexdash.exports.gone import csv_gone  # noqa: PLC0415 - --help needs none of it
    from aexdash.exports.table import NoSuchExport  # noqa: PLC0415
    from aexdash.words.reconcile.gone import (  # noqa: PLC0415
        asked_of,
        is_known,
        out_words,
        read_words,
        stock_then_words,
        stock_words,
        summary,
        when_words,
        where_words,
    )

    if file and file.suffix.lower() != ".csv":
        raise NoSuchExport(f"{file} does not end in .csv: name a file that does.")
    settings = settings_of(home)
    snapshot, view = snapshot_of(settings, view)
    now = system_clock()
    end = view.as_of or now
    start = end - days * DAY
    asked = snapshot.comparison(view.store_keys)
    found, reads = asked.left_sale(start, end), asked.standings().reads(end, [Status.ACTIVE])
    then = snapshot.beside_shops().stock_then([asked_of(one) for one in found])
    says, of = summary(found, start, end, reads, settings.tzinfo), read_words(reads, start, settings.tzinfo)
    if json_wanted:
        facts = [
            {
                "store": one.store,
                "product_id": str(one.product_id),
                "title": one.title,
                "after": one.after,
                "by": one.by,
                "to": one.to.value,
                "cause": one.cause,
                "now": one.now.value,
                "stock": one.stock,
                "stock_at": one.stock_at,
                "shop_stock": then[asked_of(one)].pieces if asked_of(one) in then else None,
                "shop_read_at": then[asked_of(one)].read_at if asked_of(one) in then else None,
            }
            for one in found
        ]
        last = {store: read.read_at for (store, _), read in reads.items()}
        click.echo(
            as_json({"says": says, "read": of, "after": start, "until": end, "on_sale_read_at": last, "gone": facts})
        )
    else:
        click.echo(plain(says))
        click.echo(plain(of))
        if out := out_words(found, then):
            click.echo(plain(out))
        for one in found:
            told = f"{where_words(one)}, {when_words(one, settings.tzinfo)}; stock {stock_words(one, settings.tzinfo)}"
            in_shop = then.get(asked_of(one))
            more = f"; in the shop {stock_then_words(in_shop, settings.tzinfo)}" if in_shop else ""
            back = "; on sale again" if one.is_back else ""
            click.echo(plain(f"  {one.product_id} in {one.store} {one.title}: {told}{more}{back}"))
    if file:
        from aexdash.exports.reconcile import save  # noqa: PLC0415

        edit_urls = {store.key: store.edit_url for store in snapshot.stores()}
        save(file, b"".join(csv_gone(found, edit_urls, then)))
        click.echo(f"Written to {file}.", err=True)
    end_with(known=bool(found or is_known(reads, start)))


@click.command()
@home_option
@functools.partial(view_options, names=("store", "profile"))
@click.option("--days", type=click.IntRange(1, 365), default=7, show_default=True, help="So many days from now.")
@click.option("-o", "--output", "file", type=FileToWrite(), help="A .csv to write.")
@json_option
def expiring(home: Path, *, view: View, days: int, file: Path | None, json_wanted: bool) -> None:
    """Say which listings on sale expire soon, by the date that AliExpress tells."""
    from aexdash.exports.gone import csv_expiring  # noqa: PLC0415 - --help needs none of it
    from aexdash.exports.table import NoSuchExport  # noqa: PLC0415
    from aexdash.words.reconcile.gone import ends_words, expiring_words, is_expiring_known  # noqa: PLC0415

    if file and file.suffix.lower() != ".csv":
        raise NoSuchExport(f"{file} does not end in .csv: name a file that does.")
    settings = settings_of(home)
    snapshot, view = snapshot_of(settings, view)
    now = system_clock()
    asked = snapshot.comparison(view.store_keys)
    soon, reads = asked.expiring(now, now + days * DAY), asked.standings().reads(now, [Status.ACTIVE])
    says = expiring_words(soon, days, reads, settings.tzinfo)
    if file:
        from aexdash.exports.reconcile import save  # noqa: PLC0415

        edit_urls = {store.key: store.edit_url for store in snapshot.stores()}
        save(file, b"".join(csv_expiring(soon.listings, edit_urls)))
        click.echo(f"Written to {file}.", err=True)
    if json_wanted:
        facts = [
            {"store": one.store, "product_id": str(one.product_id), "title": one.title, "at": one.at, "raw": one.raw}
            for one in soon.listings
        ]
        counts = {"on_sale": soon.on_sale, "date_known": soon.dated, "overdue": soon.overdue}
        last = {store: read.read_at for (store, _), read in reads.items()}
        click.echo(as_json({"says": says, **counts, "on_sale_read_at": last, "expiring": facts}))
    else:
        click.echo(plain(says))
        for one in soon.listings:
            click.echo(plain(f"  {one.product_id} in {one.store} {one.title}: {ends_words(one, now, settings.tzinfo)}"))
    end_with(known=bool(soon.listings or is_expiring_known(soon, reads)))

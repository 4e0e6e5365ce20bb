"""`aexdash shops`: the seller's own shops with their last readings, reading one now, and what does not fit them."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aexdash.cli.actions import settings_of, snapshot_of
from aexdash.cli.errors import Failed, end_with
from aexdash.cli.options import FileToWrite, home_option, json_option
from aexdash.cli.printing import as_json, plain
from aexdash.cli.view_options import view_options
from aexdash.clock import system_clock, to_text
from aexdash.config.settings import ConfigError, Settings
from aexdash.storage.errors import StorageMissing
from aexdash.view import View
from aexdash.words.shops import reading_words, result_words, shop_words

if TYPE_CHECKING:
    from aexdash.snapshot.shops.readmodels import ReadingRow, ShopRow
    from aexdash.sync.shop_reading import ShopResult

NO_SHOP = "{} names no shop: add a [shop.front] to it, see docs/how-to/connect-a-shop.md."


@click.group()
def shops() -> None:
    """The shops that listings come from, Shopify, BigCommerce or a table: list and read them, and what does not fit."""


@shops.command(name="list")
@home_option
@json_option
def list_shops(home: Path, *, json_wanted: bool) -> None:
    """List the shops: when each was last read, of how much, and what was in the way."""
    settings = settings_of(home)
    known, now = _known(settings), system_clock()
    if not known and not settings.shops:
        click.echo(NO_SHOP.format(settings.config_path), err=True)
    for key in settings.shops:
        if key not in known:
            text = f"{key}: not read yet; `aexdash shops read {key}` reads it."
            click.echo(as_json({"shop": key, "complete": None, "last": None}) if json_wanted else text)
    for shop in known.values():
        click.echo(as_json(facts_of(shop)) if json_wanted else plain(shop_words(shop, now, settings.tzinfo)))


@shops.command()
@home_option
@click.argument("shop", required=False, metavar="SHOP")
@click.option("--sku", "skus", multiple=True, metavar="SKU", help="Only what belongs to this SKU; may be given again.")
@json_option
def read(home: Path, shop: str | None, *, skus: tuple[str, ...], json_wanted: bool) -> None:
    """Read a shop now, or all of them; ends with 1 where one was not read to its end."""
    settings = settings_of(home)
    if shop is None and not settings.shops:
        raise ConfigError(NO_SHOP.format(settings.config_path))
    if skus and shop is None and len(settings.shops) > 1:
        raise click.UsageError(f"Name the shop of the SKUs: {', '.join(settings.shops)}.")
    wanted = [settings.shop(shop)] if shop else [one for one in settings.shops.values() if one.watched]
    whole = True
    for one in wanted:
        result = _read(settings, one.key, skus)
        whole = whole and result.outcome == "complete"
        click.echo(as_json(result_facts(result)) if json_wanted else plain(result_words(result)))
    sys.exit(0 if whole else Failed.exit_code)


@shops.command()
@home_option
@click.argument("shop", required=False, metavar="SHOP")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Lines.")
@json_option
def readings(home: Path, shop: str | None, *, limit: int, json_wanted: bool) -> None:
    """List the readings of a shop, or of all, the newest first."""
    from aexdash.snapshot.query import Snapshot  # noqa: PLC0415 - --help needs none of it

    settings = settings_of(home)
    if shop and shop not in _known(settings):
        settings.shop(shop)
    for one in Snapshot(settings.snapshot_path).shops().readings(shop, limit):
        click.echo(as_json(reading_facts(one)) if json_wanted else plain(reading_words(one, settings.tzinfo)))


of_place = functools.partial(view_options, names=("store", "profile"))
output_option = click.option("-o", "--output", "file", type=FileToWrite(), help="A .csv to write.")


@shops.command()
@home_option
@of_place
@output_option
@json_option
def unmatched(home: Path, *, view: View, file: Path | None, json_wanted: bool) -> None:
    """List the SKUs of the shops that are no listing, or nobody knows which, and the listings that are no SKU."""
    from aexdash.exports.beside_shop import csv_unmatched, unmatched_facts  # noqa: PLC0415 - --help needs none of it
    from aexdash.reconcile.funnel import of_stores  # noqa: PLC0415
    from aexdash.reconcile.unmatched import unmatched as unmatched_of  # noqa: PLC0415
    from aexdash.words.reconcile.funnel import scope_words, settle_words, unmatched_words, why_unmatched  # noqa: PLC0415

    _refuse_ending(file)
    settings = settings_of(home)
    snapshot, view = snapshot_of(settings, view)
    funnel = of_stores(snapshot, view.store_keys)
    found = unmatched_of(funnel)
    if json_wanted:
        click.echo(as_json({"stores": list(funnel.stores), **unmatched_facts(found)}))
    else:
        click.echo(plain(scope_words(funnel)))
        if funnel.stores:
            click.echo(plain(unmatched_words(found)))
        for one in found.rows:
            name = f"{one.sku or one.variant_id} of {one.shop}" if one.is_sku else f"listing {one.product_id} {one.sku}"
            may_be = f"; may be {', '.join(one.candidates)}" if one.candidates else ""
            told = f"{name.rstrip()} in {one.store} {one.title}: {why_unmatched(one)}{may_be}"
            click.echo(plain(f"  {told} – {settle_words(one)}"))
    if file:
        _write(file, csv_unmatched(found, {store.key: store.edit_url for store in snapshot.stores()}))
    end_with(known=bool(funnel.stores))


@shops.command()
@home_option
@of_place
@click.option(
    "--what",
    metavar="WORD",
    default="card",
    show_default=True,
    help="card (what the card counts), any (every difference) or one of them, such as draft or price.",
)
@output_option
@json_option
def drifted(home: Path, *, view: View, what: str, file: Path | None, json_wanted: bool) -> None:
    """List what is on sale and not so in its shop: the listings that the card Drifted from the shop counts."""
    from aexdash.exports.beside_shop import CARD, csv_drifted, drifted_facts, words_of  # noqa: PLC0415 - as above
    from aexdash.snapshot.matched.drifted import DIFFERS  # noqa: PLC0415
    from aexdash.words.common import SOURCE_WORDS  # noqa: PLC0415
    from aexdash.words.reconcile.source import drifted_words, told_words  # noqa: PLC0415

    _refuse_ending(file)
    try:
        asked = words_of(what)
    except ValueError:
        raise click.UsageError(f"{what} is no difference: write card, any, {', '.join(DIFFERS)}.") from None
    settings = settings_of(home)
    snapshot, view = snapshot_of(settings, view)
    beside = snapshot.beside_shops()
    stores, titles = beside.drifted(view.store_keys, asked), beside.titles()
    only = SOURCE_WORDS[asked[0]] if len(asked) == 1 else ""
    says = drifted_words(stores, settings.tzinfo, only=only, drift=what == CARD)
    if json_wanted:
        click.echo(as_json({"says": says, "what": what, "stores": drifted_facts(stores)}))
    else:
        click.echo(plain(says))
        for store in stores:
            for one in store.listings:
                told = told_words(one.told, titles, settings.tzinfo)
                click.echo(plain(f"  {one.product_id} in {one.store} {one.title}: {told}"))
    if file:
        _write(file, csv_drifted(stores, {store.key: store.edit_url for store in snapshot.stores()}, titles))
    compared = bool(stores) and all(store.counted.compared == store.counted.of for store in stores)
    end_with(known=compared or any(store.listings for store in stores))


def _refuse_ending(file: Path | None) -> None:
    from aexdash.exports.table import NoSuchExport  # noqa: PLC0415 - --help needs none of it

    if file and file.suffix.lower() != ".csv":
        raise NoSuchExport(f"{file} does not end in .csv: name a file that does.")


def _write(file: Path, chunks: Iterable[bytes]) -> None:
    from aexdash.exports.reconcile import save  # noqa: PLC0415 - --help needs none of it

    save(file, b"".join(chunks))
    click.echo(f"Written to {file}.", err=True)


def _known(settings: Settings) -> dict[str, ShopRow]:
    from aexdash.snapshot.query import Snapshot  # noqa: PLC0415 - --help needs none of it

    try:
        return {shop.key: shop for shop in Snapshot(settings.snapshot_path).shops().shops()}
    except StorageMissing:
        return {}


def _read(settings: Settings, key: str, skus: tuple[str, ...]) -> ShopResult:
    from aexdash.snapshot.file import open_snapshot  # noqa: PLC0415 - --help needs none of it
    from aexdash.sync import lease  # noqa: PLC0415
    from aexdash.sync.shop_reading import ShopReader  # noqa: PLC0415
    from aexdash.sync.worker.source_watch import SourceWatch  # noqa: PLC0415

    with closing(open_snapshot(settings.snapshot_path)) as db:
        writing = lease.writing(settings.lease_path, clock=system_clock, command="shops read")
        reader = ShopReader(settings, settings.shops[key], db, clock=system_clock, writing=writing)
        with closing(reader):
            result = reader.read(skus=skus)
        watch = SourceWatch(db, writing, system_clock, settings.shop_stale_after)
        watch.step()  # listings are compared with what was read just now
        return result


def facts_of(shop: ShopRow) -> dict[str, object]:
    """A shop as JSON."""
    return {
        "shop": shop.key,
        "title": shop.title,
        "kind": shop.kind,
        "stores": list(shop.stores),
        "match": shop.matching.value,
        "currency": shop.currency,
        "watched": shop.watched,
        "complete": shop.complete and reading_facts(shop.complete),
        "last": shop.last and reading_facts(shop.last),
    }


def reading_facts(reading: ReadingRow) -> dict[str, object]:
    """A reading as JSON."""
    return {
        "shop": reading.shop,
        "scope": reading.scope,
        "began_at": _text(reading.began_at),
        "ended_at": _text(reading.ended_at),
        "outcome": reading.outcome.value,
        "products": reading.products,
        "variants": reading.variants,
        "changes": reading.changes,
        "message": reading.message,
        "unread": list(reading.unread),
    }


def result_facts(result: ShopResult) -> dict[str, object]:
    """The result of a reading as JSON."""
    return {
        "shop": result.shop,
        "outcome": result.outcome.value,
        "products": result.products,
        "variants": result.variants,
        "message": result.message,
        "advice": result.advice,
        "unread": list(result.unread),
    }


def _text(moment: datetime) -> str:
    return to_text(moment)

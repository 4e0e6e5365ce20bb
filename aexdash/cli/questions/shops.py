"""`aexdash shops`: the seller's own shops with their last readings, and reading one now."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aexdash.cli.actions import settings_of
from aexdash.cli.errors import Failed
from aexdash.cli.options import home_option, json_option
from aexdash.cli.printing import as_json, plain
from aexdash.clock import system_clock, to_text
from aexdash.config.settings import ConfigError, Settings
from aexdash.storage.errors import StorageMissing
from aexdash.words.shops import reading_words, result_words, shop_words

if TYPE_CHECKING:
    from aexdash.snapshot.shops.readmodels import ReadingRow, ShopRow
    from aexdash.sync.shop_reading import ShopResult

NO_SHOP = "{} names no shop: add a [shop.front] to it, see docs/how-to/connect-a-shop.md."


@click.group()
def shops() -> None:
    """The shops that listings come from, Shopify, BigCommerce or a table: list them, read them. They are only read."""


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
    from aexdash.sync.source_watch import SourceWatch  # noqa: PLC0415

    with closing(open_snapshot(settings.snapshot_path)) as db:
        writing = lease.writing(settings.lease_path, clock=system_clock, command="shops read")
        reader = ShopReader(settings, settings.shops[key], db, clock=system_clock, writing=writing)
        with closing(reader):
            result = reader.read(skus=skus)
        SourceWatch(db, writing, system_clock).step()  # listings are compared with what was read just now
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

"""What is told of one listing beside its shops: its words, and each difference with since when it is so."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aexdash.clock import to_text
from aexdash.model import SourceWord
from aexdash.snapshot.columns import moment
from aexdash.snapshot.matched.differences import Difference, OurListing, differences
from aexdash.snapshot.matched.matching import Codes, Fate, Keyed, Matches, match
from aexdash.snapshot.matched.mended import gone_there
from aexdash.snapshot.readmodels import SourceTold
from aexdash.snapshot.shops.readmodels import Matching, ShopRow, SourceVariant, VariantKeys
from aexdash.snapshot.shops.report import ShopReport

CHANGES = """
SELECT h.{column}, h.started_after, h.started_at FROM {table} AS h JOIN shop AS s ON s.id = h.shop_id
WHERE s.key = :shop AND h.variant_id = :variant ORDER BY h.started_at DESC
"""
"""What a variant was in one respect, the latest first."""

TABLES = {"stock": "shop_stock"}
"""The tables of columns that have periods of their own; the others are in `shop_period`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing as it stands: what is compared of it, and since when it has its status, with the reasons for it.

    `sku_codes` None: neither the list nor a detail has told any.
    """

    ours: OurListing
    status: str
    since: str
    codes: str
    sku_codes: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ShopSide:
    """A shop as it was last read: its variants, what of them is which listing, and the channels of all."""

    row: ShopRow
    variants: dict[str, SourceVariant]
    matches: Matches
    channels: frozenset[str] | None


def codes_of(text: str, *, read: bool) -> tuple[str, ...] | None:
    """Read the SKU codes of a listing; None where there are none and its detail, which tells them, was not read."""
    codes = tuple(json.loads(text))
    return codes if codes or read else None


def read_told(text: str | None) -> tuple[SourceTold, ...]:
    """Read what `told_of` wrote of a listing; nothing where nothing was compared."""
    return tuple(
        SourceTold(
            word=SourceWord(one["word"]),
            shop=one["shop"],
            there=one["there"],
            here=one["here"],
            after=moment(one.get("after")),
            since=moment(one.get("since")),
            code=one.get("code", ""),
            variants=tuple(one.get("variants", ())),
            figures=one.get("figures", {}),
        )
        for one in (json.loads(text) if text else ())
    )


def side_of(report: ShopReport, shop: ShopRow, codes: Codes) -> ShopSide:
    """Match what stands in a shop with the listings of a store, given by their SKU codes."""
    variants = {one.variant_id: one for one in report.standing([shop.key])}
    return ShopSide(shop, variants, *_matched(shop, variants.values(), codes))


def bare_side_of(report: ShopReport, shop: ShopRow, codes: Codes) -> ShopSide:
    """Match as `side_of`, without the variants: `with_variants` reads those that are needed, a part at a time."""
    return ShopSide(shop, {}, *_matched(shop, report.standing_keys(shop.key), codes))


def with_variants(report: ShopReport, side: ShopSide, listings: Iterable[int]) -> ShopSide:
    """Return a bare side with the variants that some listings are."""
    sure = [one for one in listings if side.matches.of_listing[one] in (Fate.MATCHED, Fate.PROBABLE)]
    wanted = [variant for one in sure for variant in side.matches.variants_of[one]]
    return replace(side, variants={one.variant_id: one for one in report.standing_of(side.row.key, wanted)})


def _matched(
    shop: ShopRow, standing: Iterable[SourceVariant | VariantKeys], codes: Codes
) -> tuple[Matches, frozenset[str] | None]:
    """Return what matches what, and the channels of all variants; None where they were not read."""
    by_sku = shop.matching is Matching.SKU
    keyed: list[Keyed] = []
    known: list[tuple[str, ...]] = []
    for one in standing:
        keyed.append(Keyed(one.variant_id, one.product_id, one.sku if by_sku else one.match_key))
        known += [one.channels] if one.channels is not None else []
    channels = frozenset(name for names in known for name in names) if known else None
    return match(keyed, codes, by_id=not by_sku), channels


def told_of(
    connection: sqlite3.Connection, of: Listed, sides: Sequence[ShopSide], model: str
) -> tuple[str, list[dict[str, Any]]]:
    """Return the words and the differences of one listing."""
    listing = of.ours.product_id
    fates = {side.row.key: side.matches.of_listing[listing] for side in sides}
    told: list[dict[str, Any]] = []
    words: set[SourceWord] = set()
    matched = [side for side in sides if fates[side.row.key] in (Fate.MATCHED, Fate.PROBABLE)]
    for side in matched:
        variants = [side.variants[one] for one in side.matches.variants_of[listing]]
        for one in differences(of.ours, side.row.key, variants, side.channels):
            told.append(_dated(connection, one))
        told += _pictures(connection, of.ours, side.row.key, variants)
        if of.status == "rejected":
            told += _fixed(connection, of, side.row.key, variants, model)
        if fates[side.row.key] is Fate.PROBABLE:
            there, here = ", ".join(filter(None, (one.sku for one in variants))), ", ".join(of.sku_codes or ())
            told.append(_plain(SourceWord.PROBABLE, side.row.key, there, here))
    words |= {SourceWord(one["word"]) for one in told}
    if not matched:
        words |= _unmatched(sides, fates)
        ours = ", ".join(of.sku_codes or ())
        told += [_plain(word, shop, "", ours) for word in words for shop in _whose(word, fates, sides)]
    if not words:
        words = {SourceWord.SAME}
    written = "".join(f"{word}|" for word in SourceWord if word in words)
    return f"|{written}", sorted(told, key=lambda one: list(SourceWord).index(SourceWord(one["word"])))


def _unmatched(sides: Sequence[ShopSide], fates: dict[str, Fate]) -> set[SourceWord]:
    """Say what a listing is of which no shop has a variant: only what was read completely can lack one."""
    if Fate.AMBIGUOUS in fates.values():
        return {SourceWord.AMBIGUOUS}
    if Fate.NO_KEY in fates.values():
        return {SourceWord.NO_KEY}
    if Fate.UNREAD in fates.values():
        return {SourceWord.NOT_KNOWN}
    return {SourceWord.MISSING if all(side.row.complete for side in sides) else SourceWord.NOT_KNOWN}


def _whose(word: SourceWord, fates: dict[str, Fate], sides: Sequence[ShopSide]) -> list[str]:
    if word is SourceWord.AMBIGUOUS:
        return [shop for shop, fate in fates.items() if fate is Fate.AMBIGUOUS]
    if word is SourceWord.NOT_KNOWN and Fate.UNREAD not in fates.values():
        return [side.row.key for side in sides if not side.row.complete]
    if word is SourceWord.NOT_KNOWN:
        return []  # it is the listing that was not read
    return list(fates)


def _plain(word: SourceWord, shop: str, there: str, here: str) -> dict[str, Any]:
    return {"word": word.value, "shop": shop, "there": there, "here": here}


def _dated(connection: sqlite3.Connection, one: Difference) -> dict[str, Any]:
    """Write a difference with since when it is so: of several variants that of the first."""
    since = _since(connection, one.shop, one.variants[0], one.column)
    return {
        **_plain(one.word, one.shop, one.there, one.here),
        "variants": list(one.variants[:5]),
        "after": since.after,
        "since": since.by,
        **({"figures": dict(one.figures)} if one.figures else {}),
    }


@dataclass(frozen=True, slots=True)
class _Since:
    """After which reading and by which one a variant has been as it is in one respect, as texts.

    `changed`: it was seen to be otherwise before; else that is when it was first read.
    """

    after: str | None
    by: str | None
    changed: bool


def _since(connection: sqlite3.Connection, shop: str, variant: str, column: str) -> _Since:
    first = _Since(None, None, changed=False)
    value: object = None
    sql = CHANGES.format(column=column, table=TABLES.get(column, "shop_period"))
    for index, (was, after, at) in enumerate(connection.execute(sql, {"shop": shop, "variant": variant})):
        if index and was != value:
            return replace(first, changed=True)
        value, first = was, _Since(after, at, changed=False)
    return first


def _pictures(
    connection: sqlite3.Connection, ours: OurListing, shop: str, variants: Sequence[SourceVariant]
) -> Iterator[dict[str, Any]]:
    """Tell whose picture became another one after the listing was last changed here."""
    modified = to_text(ours.modified_at) if ours.modified_at else None
    for one in variants:
        if modified is None or one.picture_url is None or one.started_after is None:
            continue  # as it was when first read: nobody saw it change
        since = _since(connection, shop, one.variant_id, "picture_url")
        if since.changed and since.after is not None and since.after >= modified:
            yield {
                **_plain(SourceWord.PICTURE, shop, one.picture_url, ""),
                "variants": [one.variant_id],
                "after": since.after,
                "since": since.by,
            }
            return


def _fixed(
    connection: sqlite3.Connection, of: Listed, shop: str, variants: Sequence[SourceVariant], model: str
) -> Iterator[dict[str, Any]]:
    """Tell the causes that were measured here and are gone there, changed there since the listing was rejected."""
    for code, column in gone_there(of.codes, model, variants).items():
        last = max((_since(connection, shop, one.variant_id, column) for one in variants), key=lambda one: one.by or "")
        if last.changed and last.by is not None and last.by > of.since:
            there = ", ".join(dict.fromkeys(_said(one, column) for one in variants))
            here = of.ours.titles[0] if column == "title" else of.ours.price or ""
            yield {
                **_plain(SourceWord.FIXED, shop, there, here),
                "variants": [one.variant_id for one in variants[:5]],
                "code": code,
                "after": last.after,
                "since": last.by,
            }


def _said(variant: SourceVariant, column: str) -> str:
    return variant.title if column == "title" else f"{variant.price} {variant.currency or ''}".strip()

"""Reading what the detail calls of the dialects have in common (reference §3.5, §4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from aexdash.aliexpress.errors import BusinessFailure, UnreadableAnswer
from aexdash.aliexpress.reading import (
    as_list,
    count,
    images,
    in_english,
    product_id,
    records,
    text,
    whole,
)
from aexdash.platform_data import ListingAttribute, Sku

PACKAGE = ("package_length", "package_width", "package_height")
COMPLIANCE = ("msr_eu_id", "aeop_qualification_struct_list")


def same_listing(fields: Mapping[str, Any], asked: int) -> None:
    """Make sure that the answer is about the listing that was asked for.

    Raises:
        BusinessFailure: it is about none.
        UnreadableAnswer: it is about another one.
    """
    if fields.get("product_id") is None:
        raise BusinessFailure(f"AliExpress' answer about listing {asked} is empty.", advice="Look it up in the lists.")
    if product_id(fields) != asked:
        raise UnreadableAnswer(
            f"AliExpress was asked about listing {asked} and answered about another.",
            advice="Nothing to do: the next sync asks again.",
        )


def titles(value: object, default: object = None) -> dict[str, str]:
    """Return titles by locale, from `[{locale, subject}]` or `[{locale, value}]`."""
    found = {
        str(item.get("locale") or ""): text(item.get("subject")) or text(item.get("value")) for item in records(value)
    }
    known = {locale: title for locale, title in found.items() if title}
    plain = text(default)
    return known or ({"": plain} if plain else {})


def main_title(by_locale: Mapping[str, str], default: object = None) -> str:
    """Return the title to show: the plain one, else the English one, else the first."""
    return text(default) or in_english(by_locale)


def attributes(value: object) -> tuple[ListingAttribute, ...]:
    """Return the attributes of a listing; ids are missing where the seller named an attribute or a value himself."""
    return tuple(
        ListingAttribute(
            name_id=_id(item.get("attr_name_id")),
            name=text(item.get("attr_name")) or "",
            value_id=_id(item.get("attr_value_id")),
            value=_value(item),
        )
        for item in records(value)
    )


def _id(value: object) -> int | None:
    """An id of the platform; zero and below stand for a name or a value of the seller's own."""
    number = whole(value)
    return number if number is not None and number > 0 else None


def _value(item: Mapping[str, Any]) -> str:
    """What an attribute was filled with: a value, the ends of an interval, or a unit that was picked."""
    value = text(item.get("attr_value"))
    if value and value.strip():
        return value
    start, end, unit = (text(item.get(f"attr_value_{part}")) or "" for part in ("start", "end", "unit"))
    between = " to ".join(part for part in (start, end) if part)
    if bool(start) != bool(end):
        between = f"{'from' if start else 'up to'} {between}"
    return f"{between} {unit}".strip()


def skus(value: object, currency: str | None) -> tuple[Sku, ...]:
    """Return the SKUs of a listing; the names of their fields differ among the detail calls."""
    return tuple(
        Sku(
            sku_id=text(item.get("id")) or text(item.get("sku_id")) or "",
            code=text(item.get("sku_code")) or text(item.get("seller_sku")) or "",
            price=text(item.get("sku_price")) or text(item.get("supply_price")) or text(item.get("price")),
            stock=count(item.get("ipm_sku_stock", item.get("sku_stock"))),
            currency=text(item.get("currency_code")) or currency,
        )
        for item in records(value)
    )


def codes(found: Iterable[Sku]) -> tuple[str, ...]:
    """Return the SKU codes there are, in order, each once."""
    return tuple(dict.fromkeys(sku.code for sku in found if sku.code))


def price_range(found: Iterable[Sku], default: str | None) -> tuple[str | None, str | None]:
    """Return the lowest and the highest SKU price as their texts, the default where no SKU has a readable one."""
    prices = {sku.price: _amount(sku.price) for sku in found if sku.price}
    readable = {price: amount for price, amount in prices.items() if amount is not None}
    if not readable:
        return default, default
    return min(readable, key=lambda price: readable[price]), max(readable, key=lambda price: readable[price])


def picture_list(value: object) -> tuple[str, ...]:
    """Return pictures sent as texts or as `[{url}]`."""
    urls = (item.get("url") if isinstance(item, Mapping) else item for item in as_list(value))
    return images([url for url in urls if isinstance(url, str)])


def weight(fields: Mapping[str, Any]) -> str | None:
    """Return the gross weight in kg, the platform's text."""
    return text(fields.get("gross_weight"))


def sides(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return length, width and height of the package in cm, the platform's texts; those that are told."""
    found = (text(fields.get(name)) for name in PACKAGE)
    return tuple(side for side in found if side)


def eu_person(fields: Mapping[str, Any], *, documented: bool) -> str | None:
    """Return the id of the EU responsible person, empty for none, None where it is not told.

    Replies omit empty fields (reference §3.1): where the call is documented to tell it, its absence says that there is
    none; elsewhere it says nothing.
    """
    if "msr_eu_id" not in fields:
        return "" if documented else None
    person = text(fields["msr_eu_id"])
    return "" if person in (None, "0") else person


def qualifications(fields: Mapping[str, Any], *, documented: bool) -> tuple[str, ...] | None:
    """Return the keys of the qualifications that are filled in; `documented` as for the EU responsible person."""
    if "aeop_qualification_struct_list" not in fields:
        return () if documented else None
    filled = (item for item in records(fields["aeop_qualification_struct_list"]) if text(item.get("value")))
    return tuple(dict.fromkeys(key for item in filled if (key := text(item.get("key")))))


def _amount(price: str) -> Decimal | None:
    try:
        amount = Decimal(price)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None

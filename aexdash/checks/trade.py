"""Prices, weight and the size of the package (reference §5.3)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from aexdash.checks.facts import CheckInput, finding
from aexdash.model import Reason
from aexdash.platform_data import Detail, Sku

LOWEST_PRICE = Decimal("0.01")
HIGHEST_PRICE = {"pop": Decimal(100_000)}
HIGHEST_PRICE_ELSEWHERE = Decimal(999_999)
PRICED_IN = frozenset({"USD", "EUR", "GBP"})
"""Currencies for which the highest price is taken: as many roubles or won are an ordinary price."""

LIGHTEST_KG, HEAVIEST_KG = Decimal("0.001"), Decimal(500)
LONGEST_SIDE_CM = Decimal(700)


def trade_findings(facts: CheckInput) -> Iterator[Reason]:
    """Check what the detail tells of prices and package."""
    if facts.detail is None:
        return
    yield from _prices(facts.detail, facts)
    yield from _package(facts.detail)


def _prices(detail: Detail, facts: CheckInput) -> Iterator[Reason]:
    highest = HIGHEST_PRICE.get(facts.model, HIGHEST_PRICE_ELSEWHERE)
    refused = {_in_words(sku) for sku in detail.skus if _out_of_range(sku, facts.currency, highest)}
    if refused:
        yield finding("price.out_of_range", skus=sorted(refused), minimum=str(LOWEST_PRICE), maximum=str(highest))


def _out_of_range(sku: Sku, currency: str | None, highest: Decimal) -> bool:
    price = _amount(sku.price)
    if price is None:
        return False
    return price < LOWEST_PRICE or (price > highest and (sku.currency or currency) in PRICED_IN)


def _package(detail: Detail) -> Iterator[Reason]:
    weight = _amount(detail.weight)
    if weight is not None and not LIGHTEST_KG <= weight <= HEAVIEST_KG:
        yield finding(
            "price.weight_out_of_range", weight=detail.weight, minimum=str(LIGHTEST_KG), maximum=str(HEAVIEST_KG)
        )
    sides = [side for side in map(_amount, detail.sides) if side is not None]
    if any(side > LONGEST_SIDE_CM for side in sides):
        yield finding("price.package_too_large", sides="×".join(detail.sides), maximum=int(LONGEST_SIDE_CM))


def _in_words(sku: Sku) -> str:
    return f"{sku.code or sku.sku_id or 'a SKU'} at {sku.price}"


def _amount(text: str | None) -> Decimal | None:
    """The number a text says; None where it says none."""
    try:
        amount = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None

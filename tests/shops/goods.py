"""A few products for simulated shops, and shops served over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from aexdash.demo.platform.server import application, serve_in_thread
from aexdash.demo.shops.goods import SimulatedProduct, SimulatedVariant
from aexdash.shops.records import Part, ProductOnChannel, ShopProduct, ShopVariant

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
PICTURE = "https://cdn.example/boots.jpg"


def goods() -> list[SimulatedProduct]:
    """Boots in two sizes, a draft hat that Google refuses, an archived scarf without a SKU, two bags of one SKU."""
    boots = SimulatedProduct(
        1,
        "Boots",
        (
            SimulatedVariant(11, "B-40", Decimal("59.90"), 3, "40"),
            SimulatedVariant(12, "B-41", Decimal("64.90"), 0, "41"),
        ),
        NOON,
        picture=PICTURE,
        channels=("Online Store", "Point of Sale"),
        fields={"custom.aliexpress_id": "1005001234567890", "aliexpress_id": "1005001234567890"},
    )
    hats, scarfs, bags, other_bags = (
        (SimulatedVariant(number, sku, price, stock),)
        for number, sku, price, stock in (
            (21, "HAT", Decimal(19), None),
            (31, None, Decimal("9.5"), 7),
            (41, "BAG", Decimal(30), 2),
            (51, "BAG", Decimal(31), 1),
        )
    )
    hat = SimulatedProduct(2, "Hat", hats, NOON, "DRAFT", channels=(), says={"Google": "No GTIN"})
    scarf = SimulatedProduct(3, "Scarf", scarfs, NOON, "ARCHIVED", channels=())
    bag = SimulatedProduct(4, "Bag", bags, NOON, "UNLISTED")
    return [boots, hat, scarf, bag, SimulatedProduct(5, "Bag", other_bags, NOON)]


@contextmanager
def served(shop) -> Iterator[str]:
    """Serve a simulated shop on this machine; yield its origin."""
    with serve_in_thread(application(shop.respond)) as server:
        yield server.url


@dataclass
class Pauses:
    """Takes the place of sleeping, and moves a clock instead."""

    now: datetime = NOON
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def clock(self) -> datetime:
        return self.now


def by_id(parts: list[Part]) -> tuple[dict[str, ShopProduct], dict[str, ShopVariant], set[tuple[str, str]]]:
    """What a shop told: products, variants, and which product is on which channel."""
    products = {part.product_id: part for part in parts if isinstance(part, ShopProduct)}
    variants = {part.variant_id: part for part in parts if isinstance(part, ShopVariant)}
    channels = {(part.product_id, part.channel) for part in parts if isinstance(part, ProductOnChannel)}
    return products, variants, channels

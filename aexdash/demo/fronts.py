"""The seller's own shops of the demo: a Shopify and a BigCommerce shop whose products are those of its listings.

Most agree with AliExpress. Some are a draft or archived, out of stock, dearer, called otherwise, on another channel
only, or without a SKU; some listings have no product, and some products no listing. Which is which depends on the
listing alone, and since when on the moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from aexdash.clock import Clock, system_clock
from aexdash.config.settings import Settings
from aexdash.demo.past import DemoStore, Log, PastClock
from aexdash.demo.platform.server import Respond
from aexdash.demo.shops.bigcommerce import SimulatedBigCommerce
from aexdash.demo.shops.goods import SimulatedProduct, SimulatedVariant
from aexdash.demo.shops.shopify import SimulatedShopify
from aexdash.demo.world.listing import Listing
from aexdash.demo.world.mending import MendedWorld
from aexdash.demo.world.mixing import mix
from aexdash.demo.world.world import World
from aexdash.model import HELD, Status
from aexdash.shops.account import ShopKind
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.shops import recording
from aexdash.sync import lease
from aexdash.sync.shop_reading import ShopReader

PATH = "/_demo/shops"
TOKEN = "shpat_not-a-secret-of-anybody"  # noqa: S105 - the simulated shops run on this machine alone
CURRENCY = "USD"

TITLES = {
    ShopKind.SHOPIFY: ("front", "Front on Shopify"),
    ShopKind.BIGCOMMERCE: ("outlet", "Outlet on BigCommerce"),
}
"""Key and title of the shop of each kind."""

PAST = (timedelta(hours=20),)
"""How long before the demo begins each shop was read, so that what has changed since has a past."""

KEPT = timedelta(minutes=10)
"""How long the goods of a moment are kept, as they are asked for several times in one reading."""

FIRST_ID = 1_005_000_000_000_000
ONLY_HERE = 25
"""Products that no listing is made of."""

STOREFRONT, MARKETPLACE, ELSEWHERE = "Online Store", "Marketplace", "Point of Sale"
FEED_APP, FEED_WORDS = MARKETPLACE, "The main picture is smaller than 800 x 800 pixels."

SHARES = {
    "gone": 12,
    "draft": 14,
    "archived": 8,
    "sold_out": 25,
    "dearer": 22,
    "renamed": 15,
    "elsewhere": 10,
    "no_sku": 6,
}
"""Of a thousand listings on sale, how many have which oddity at the source; the rest have none."""

MENDED_AFTER = timedelta(hours=1)
"""How long after a rejection the shop has another title, or other prices, where these were the cause."""

OF_HELD = 8
"""Held listings have it so many times as often: what is wrong at the source is often why."""


@dataclass(frozen=True)
class Front:
    """A shop of the demo: its key, title and kind, and the store whose listings come from it."""

    key: str
    title: str
    kind: ShopKind
    store: DemoStore

    @property
    def path(self) -> str:
        """Where it stands on the gateway."""
        return f"{PATH}/{self.key}" + ("/stores/outlet" if self.kind is ShopKind.BIGCOMMERCE else "")

    def heading(self, gateway_url: str) -> str:
        """Its settings, as a person would write them."""
        return (
            f'[shop.{self.key}]\ntitle = "{self.title}"\nkind = "{self.kind.value}"\n'
            f'address = "{gateway_url}{self.path}"\nstores = ["{self.store.key}"]\ncurrency = "{CURRENCY}"\n'
            "read_seconds = 1800\n"
        )

    def simulated(self, goods: Callable[[], Sequence[SimulatedProduct]], clock: Clock) -> Respond:
        """The shop itself."""
        if self.kind is ShopKind.BIGCOMMERCE:
            shop = SimulatedBigCommerce(
                goods, store_hash="outlet", token=TOKEN, currency=CURRENCY, prefix=f"{PATH}/{self.key}"
            )
            return shop.respond
        return SimulatedShopify(
            goods,
            clock=clock,
            domain=f"{self.key}.myshopify.com",
            currency=CURRENCY,
            token=TOKEN,
            prefix=self.path,
            in_background=True,
        ).respond


def fronts_of(stores: Sequence[DemoStore]) -> list[Front]:
    """The shops of those stores that have one."""
    titles = {
        ShopKind.SHOPIFY: ("front", "Front on Shopify"),
        ShopKind.BIGCOMMERCE: ("outlet", "Outlet on BigCommerce"),
    }
    return [Front(*titles[store.front], store.front, store) for store in stores if store.front]


def before(respond: Respond, fronts: Sequence[Front], clock: Clock = system_clock) -> Respond:
    """Return what answers for the shops, and leaves everything else to `respond`."""
    shops = {f"{PATH}/{front.key}/": front.simulated(goods_of(front.store, clock), clock) for front in fronts}

    def answer(verb: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        path = urlsplit(url).path
        shop = next((shop for beginning, shop in shops.items() if path.startswith(beginning)), respond)
        return shop(verb, url, headers, body)

    return answer


def read_past(settings: Settings, fronts: Sequence[Front], now: datetime, log: Log) -> None:
    """Read each shop at moments of its past with the real client, where it was never read."""
    with closing(open_snapshot(settings.snapshot_path)) as db:
        for front in fronts:
            if recording.last_reading(db.conn, front.key) is not None:
                continue
            clock = PastClock(now)
            respond = front.simulated(goods_of(front.store, clock), clock)
            for ago in PAST:
                clock.at = now - ago
                writing = lease.writing(settings.lease_path, clock=system_clock, command="demo")
                shop = settings.shops[front.key]
                reader = ShopReader(settings, shop, db, clock=clock, writing=writing, sleep=_shortly, respond=respond)
                with closing(reader):
                    result = reader.read()
                if result.message:
                    log(f"shop {front.key}: {result.message}")


def _shortly(_seconds: float) -> None:
    """Wait for a bulk job of this process, which needs no pauses."""
    time.sleep(0.05)


def goods_of(store: DemoStore, clock: Clock) -> Callable[[], Sequence[SimulatedProduct]]:
    """Return what tells the products of a store's shop now; they are counted anew every ten minutes."""
    kept: list[tuple[datetime, Sequence[SimulatedProduct]]] = []

    def goods() -> Sequence[SimulatedProduct]:
        now = clock()
        if not kept or abs(now - kept[0][0]) >= KEPT:
            kept[:] = [(now, list(_products(store, now)))]
        return kept[0][1]

    return goods


def _products(store: DemoStore, now: datetime) -> Iterator[SimulatedProduct]:
    for status in (Status.ACTIVE, *HELD, Status.OFFLINE):
        for product_id in store.world.ids(status, now):
            listing = store.world.listing(product_id, now)
            if listing is not None:
                shown = _mended(store, listing, now) if status is Status.REJECTED else listing
                yield from product_of(shown, held=status in HELD, now=now)
    for number in range(1, ONLY_HERE + 1):
        variant = SimulatedVariant(number, f"NEW-{number:03}", Decimal("14.90"), 20)
        yield SimulatedProduct(number, f"Not listed yet, number {number}", (variant,), now - timedelta(days=9))


def _mended(store: DemoStore, listing: Listing, now: datetime) -> Listing:
    """Return a rejected listing with the title and the prices that its shop has: mended there an hour after it was.

    Nobody has pushed them to AliExpress since.
    """
    before = store.world.listing(listing.product_id, now - MENDED_AFTER)
    facts = store.world.repaired(listing.product_id, now) if isinstance(store.world, World | MendedWorld) else None
    if facts is None or before is None or before.status is not Status.REJECTED:
        return listing
    return replace(listing, facts=replace(listing.facts, title=facts.title, skus=facts.skus))


def product_of(listing: Listing, *, held: bool, now: datetime) -> Iterator[SimulatedProduct]:
    """The product that a listing was made of, with its oddity if that has begun; none where the oddity is that."""
    facts, chance = listing.facts, mix(listing.product_id, 77)
    number = listing.product_id - FIRST_ID + 10_000
    oddity = oddity_of(listing.product_id, held=held)
    if oddity and not _stands(chance, now):
        oddity = None
    if oddity == "gone":
        return
    variants = tuple(
        SimulatedVariant(number * 100 + place, sku.code, Decimal(sku.price), sku.stock + 4, sku.value)
        for place, sku in enumerate(facts.skus)
    )
    picture = facts.pictures[0].path(listing.product_id) if facts.pictures else ""
    product = SimulatedProduct(
        id=number,
        title=facts.title,
        variants=variants,
        updated_at=now - timedelta(hours=1 + chance % 200),
        picture=f"https://cdn.front.example{picture}" if picture else None,
        channels=(MARKETPLACE, STOREFRONT),
        says={FEED_APP: FEED_WORDS} if chance % 61 == 0 else {},
    )
    yield _odd(product, oddity)


def _stands(chance: int, now: datetime) -> bool:
    """Whether an oddity stands at a moment: half of them always do, each other one during 80 hours of 120."""
    return chance % 2 == 0 or (int(now.timestamp()) // 3600 + chance // 2 % 120) % 120 < 80


def oddity_of(product_id: int, *, held: bool) -> str | None:
    """What is odd at the source of a listing, by the listing alone; None: nothing."""
    place = mix(product_id, 78) % 1000
    for name, share in SHARES.items():
        place -= share * (OF_HELD if held else 1)
        if place < 0:
            return name
    return None


def _odd(product: SimulatedProduct, oddity: str | None) -> SimulatedProduct:
    variants = product.variants
    dearer = [replace(one, price=round((one.price or Decimal(0)) * Decimal("1.25"), 2)) for one in variants]
    changed: dict[str, dict[str, Any]] = {
        "draft": {"status": "DRAFT", "channels": ()},
        "archived": {"status": "ARCHIVED", "channels": ()},
        "elsewhere": {"channels": (ELSEWHERE,)},
        "renamed": {"title": f"{product.title} – new edition"},
        "sold_out": {"variants": tuple(replace(one, stock=0) for one in variants)},
        "no_sku": {"variants": tuple(replace(one, sku=None) for one in variants)},
        "dearer": {"variants": tuple(dearer)},
    }
    return replace(product, **changed.get(oddity or "", {}))

"""The worked example with the shop that its listings come from."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from aexdash.model import Provenance, Reason
from aexdash.shops.records import Part, SourceState
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.snapshot.matched.recording import refresh_sources
from tests.snapshot.shops.shop import ShopStory, product
from tests.snapshot.store import SHOP_STALE_AFTER
from tests.ui.sample import FIRST, JUMP, main_store, with_history

ON_SALE_THERE = [number for number in range(1, 41) if number not in (1, 3, 5)]
"""The products of the shop by the number in their SKU, but for those that the parts below tell of."""


def parts() -> list[Part]:
    """The catalogue at the jump: the first is a draft, the third has another price, the fifth is not in it at all.

    One product has no SKU, and one is in no store.
    """
    told = [part for number in ON_SALE_THERE for part in lamp(number)]
    draft = lamp(1, state=SourceState.DRAFT, platform_state="DRAFT")
    return [*told, *draft, *lamp(3, price=Decimal(20)), *lamp(98, sku=None), *lamp(99)]


def lamp(number: int, **facts: object) -> list[Part]:
    """A product as the listing of the same number is shown."""
    known: dict[str, object] = {"title": f"Desk lamp {number}", "price": Decimal("12.50"), **facts}
    return product(str(number), **known)


def with_shop(folder: Path) -> Path:
    """A home with the worked example, whose shop was read a day before the five were held, and again at that time."""
    with_history(folder)
    shop = ShopStory(folder, now=JUMP - timedelta(days=1))
    shop.read([part for number in range(1, 41) for part in lamp(number)])
    shop.now = JUMP
    shop.read(parts())
    shop.db.execute("UPDATE shop_period SET currency = 'USD'")  # as the listings of the example
    refresh_sources(shop.db, "main", JUMP, SHOP_STALE_AFTER)
    shop.db.close()
    return folder


def drifted_home(folder: Path) -> Path:
    """The same home, read once more with two listings on sale that drifted: another price, and out of stock."""
    with_shop(folder)
    shop = ShopStory(folder, now=JUMP + timedelta(seconds=1))
    left = [one for number in range(1, 41) if number not in (5, 12, 13) for one in lamp(number)]
    shop.read([*left, *lamp(12, price=Decimal(20)), *lamp(13, stock=0)])
    shop.db.execute("UPDATE shop_period SET currency = 'USD'")
    refresh_sources(shop.db, "main", JUMP + timedelta(seconds=1), SHOP_STALE_AFTER)
    shop.db.close()
    return folder


def fixed_home(folder: Path, *numbers: int) -> Path:
    """The same home after the titles of these products were changed in the shop: what was measured on them is gone."""
    with_shop(folder)
    at = JUMP + timedelta(seconds=1)
    shop = ShopStory(folder, now=at)
    ids = [FIRST + number - 1 for number in numbers]
    for period in open_period_ids(shop.db, main_store(shop.db), ids).values():
        record_reasons(shop.db, period, [Reason("title.too_long", Provenance.CHECK)], [Provenance.CHECK], JUMP)
    changed = [one for number in numbers for one in lamp(number, title=f"Desk lamp {number}.")]
    shop.read([*[one for number in range(1, 41) if number not in (5, *numbers) for one in lamp(number)], *changed])
    shop.db.execute("UPDATE shop_period SET currency = 'USD'")
    refresh_sources(shop.db, "main", at, SHOP_STALE_AFTER)
    shop.db.close()
    return folder

"""Opening a shop of any kind. Another kind is a module with its class, and its line in `KINDS`."""

from __future__ import annotations

import time
from collections.abc import Callable

from aexdash.clock import Clock, system_clock
from aexdash.http.errors import InvalidAddress
from aexdash.http.wire import Respond, Wire
from aexdash.shops.account import ShopAccount, ShopKind
from aexdash.shops.bigcommerce import BigCommerce
from aexdash.shops.calling import Sleep
from aexdash.shops.csv_table import CsvTable
from aexdash.shops.errors import ShopMisset
from aexdash.shops.shop import Shop
from aexdash.shops.shopify import Shopify

Opens = Callable[[ShopAccount, Callable[[], Wire], Clock, Sleep], Shop]
"""Opens a shop; the wire to its address is made only by kinds that have one."""

KINDS: dict[ShopKind, Opens] = {
    ShopKind.SHOPIFY: lambda account, wire, clock, sleep: Shopify(account, wire(), clock=clock, sleep=sleep),
    ShopKind.BIGCOMMERCE: lambda account, wire, clock, sleep: BigCommerce(account, wire(), clock=clock, sleep=sleep),
    ShopKind.CSV: lambda account, _wire, _clock, _sleep: CsvTable(account),
}


def open_shop(
    account: ShopAccount, *, clock: Clock = system_clock, sleep: Sleep = time.sleep, respond: Respond | None = None
) -> Shop:
    """Open a shop; nothing is asked yet. With `respond`, that function answers in place of it.

    Raises:
        ShopMisset: its address cannot be used.
    """

    def wire() -> Wire:
        if respond is not None:
            return Wire.in_process(account.address, respond)
        return Wire(account.address)

    try:
        return KINDS[account.kind](account, wire, clock, sleep)
    except InvalidAddress as error:
        raise ShopMisset(str(error), advice=f"Correct address under [shop.{account.key}].") from error

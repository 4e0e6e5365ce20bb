"""The shops of a simulated home: what is in them, what goes wrong with them, and what is known of each in plain dicts.

The model knows what each shop showed while it was read. It may lose nothing that a reading did not show, believe no
reading that cannot have come to its end, and believe a great loss only when it was seen twice.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random

from aexdash.clock import TICK, Clock, from_text
from aexdash.demo.shops.bigcommerce import BigCommerceFaults, SimulatedBigCommerce
from aexdash.demo.shops.goods import SimulatedProduct, SimulatedVariant
from aexdash.demo.shops.shopify import ShopifyFaults, SimulatedShopify
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.shops.readmodels import ReadingOutcome
from tests.simulation.promises import Promise, keep, read_only
from tests.simulation.steps import SHOPS, ChangeGoods, ShopErrs
from tests.support import NOON

TOKEN = "shpat_v5secretv5"
HOURS = {"quay": 80, "mill": 120}
"""Hours between two readings."""

STATES = ("ACTIVE", "DRAFT", "ARCHIVED", "UNLISTED")

WORDS = {
    "quay": {state: state for state in STATES},
    "mill": dict(zip(STATES, ("available", "available, not visible", "disabled", "preorder"), strict=True)),
}
"""What each shop calls them."""

CANNOT_BE_WHOLE = ("revoked", "no job", "lines lost", "ends early", "products lost")
"""What no reading of a shop that shows something can be complete with."""

LOST_SHARE = 0.5

COMPLETE, PARTIAL, FAILED = ReadingOutcome

Variant = tuple[str, str, int | None, str]
"""What is compared of a variant: SKU, price, stock and the shop's own word for its state."""

READINGS = """
SELECT r.id, r.began_at, r.ended_at, r.outcome FROM shop_reading AS r JOIN shop AS s ON s.id = r.shop_id
WHERE s.key = ? AND r.id > ? ORDER BY r.id
"""
STANDING = """
SELECT p.variant_id, p.sku, p.price, k.stock, p.platform_state FROM shop_period AS p
JOIN shop AS s ON s.id = p.shop_id
LEFT JOIN shop_stock AS k ON k.shop_id = p.shop_id AND k.variant_id = p.variant_id
    AND k.started_at <= :at AND (k.ended_at IS NULL OR k.ended_at > :at)
WHERE s.key = :key AND p.started_at <= :at AND (p.ended_at IS NULL OR p.ended_at > :at)
"""
EVER = "9999"


class SimulatedShops:
    """Both shops with their goods, and what goes wrong with each at its next reading."""

    def __init__(self, clock: Clock) -> None:
        self.goods = {key: {number: _product(number) for number in range(7)} for key in SHOPS}
        self.empty: set[str] = set()
        self.armed: dict[str, ShopErrs] = {}
        self.quay = SimulatedShopify(lambda: self._shown("quay"), clock=clock, domain="quay.myshopify.com", token=TOKEN)
        self.mill = SimulatedBigCommerce(lambda: self._shown("mill"), token=TOKEN)

    def _shown(self, key: str) -> list[SimulatedProduct]:
        return [] if key in self.empty else list(self.goods[key].values())

    def respond(self, key: str) -> Callable:
        return self.quay.respond if key == "quay" else self.mill.respond

    def change(self, step: ChangeGoods) -> None:
        """Let goods of a shop change."""
        goods = self.goods[step.shop]
        for number in step.products:
            if step.what == "out":
                goods.pop(number, None)
            elif step.what == "in":
                goods.setdefault(number, _product(number))
            elif number in goods:
                goods[number] = _changed(goods[number], step.what, step.number)

    def variants(self, key: str) -> dict[str, Variant]:
        """What a shop shows now, by the ids of variants."""
        told = {}
        for product in self._shown(key):
            for one in product.variants:
                told[str(one.id)] = _plain(one.sku, one.price, one.stock, WORDS[key].get(product.status, ""))
        return told

    def begin_to_err(self, key: str) -> str:
        """Let what is armed go wrong from now on; return its name."""
        armed = self.armed.get(key)
        if armed is None:
            return ""
        times = armed.times
        faults = {
            "throttled": {"throttled": times},
            "fails": {"fails": times},
            "revoked": {"revoked": True},
            "busy": {"busy_jobs": times},
            "no job": {"job_error": "INTERNAL_SERVER_ERROR"},
            "lines lost": {"keeps_lines": 0.6},
            "ends early": {"partial": True, "keeps_lines": 0.6},
            "slow": {"polls_until_ready": 1 + times},
            "no channels": {"forbidden": ("/v3/channels",)},
            "products lost": {"loses": times},
            "empty": {},
        }[armed.what]
        if key == "quay":
            self.quay.faults = ShopifyFaults(**faults)
        else:
            self.mill.faults = BigCommerceFaults(**faults)
        if armed.what == "empty":
            self.empty.add(key)
        return armed.what

    def be_well(self, key: str) -> None:
        """Let nothing go wrong any more."""
        self.empty.discard(key)
        self.armed.pop(key, None)
        if key == "quay":
            self.quay.faults = ShopifyFaults()
        else:
            self.mill.faults = BigCommerceFaults()


def settings_of_shops() -> tuple[str, str]:
    """What stands of the shops in aexdash.toml, and in secrets.toml."""
    addresses = {"quay": "https://quay.myshopify.com", "mill": "https://api.bigcommerce.com/stores/abc123"}
    kinds = {"quay": "shopify", "mill": "bigcommerce"}
    told = "".join(
        f'[shop.{key}]\nkind = "{kinds[key]}"\naddress = "{addresses[key]}"\ncurrency = "EUR"\n'
        f"read_seconds = {HOURS[key] * 3600}\nstale_after_seconds = {HOURS[key] * 3 * 3600}\n"
        for key in SHOPS
    )
    return told, "".join(f'[shop.{key}]\ntoken = "{TOKEN}"\n' for key in SHOPS)


@dataclass
class ShopReading:
    """A step of a shop's loop, from outside: the clock before and after, and what each variant was meanwhile.

    None: it was not shown.
    """

    began: datetime
    had: dict[str, set[Variant | None]]
    ended: datetime
    fault: str = ""


@dataclass
class KnownShop:
    """What stands of a shop, by the readings of it that were recorded, each with its moment.

    `absent` are the variants that may have been missing when the shop was last read, and whose loss is not believed.
    """

    key: str
    standing: dict[str, Variant] = field(default_factory=dict)
    then: list[tuple[datetime, dict[str, Variant]]] = field(default_factory=list)
    last_id: int = 0
    last: ReadingOutcome | None = None
    complete_at: datetime | None = None
    absent: set[str] = field(default_factory=set)

    def take_in(self, path: Path, reading: ShopReading) -> Counter[str]:
        """Take in what the readings of a step have written down, each compared with what was shown."""
        counts = Counter[str]()
        for number, began, ended, outcome, standing in _recorded(path, self.key, self.last_id):
            self._moment(began, ended, reading)
            self._compare(outcome, standing, reading)
            self._remember_absent(outcome, standing, reading)
            self.last_id, self.last, self.standing = number, outcome, standing
            self.then.append((ended, standing))
            if outcome is COMPLETE:
                self.complete_at = ended
            counts[f"shop readings {outcome}"] += 1
        return counts

    def _moment(self, began: datetime, ended: datetime, reading: ShopReading) -> None:
        last = self.then[-1][0] if self.then else None
        after = last is None or ended > last
        right = reading.began - TICK <= ended <= reading.ended or ended == (last and last + TICK)
        keep(Promise.SHOPS, after and right, f"{self.key}: read {began} to {ended} after {last}, {reading.ended}")

    def _compare(self, outcome: ReadingOutcome, standing: dict[str, Variant], reading: ShopReading) -> None:
        shown = {one for one, ways in reading.had.items() if None not in ways}
        whole = outcome is not COMPLETE or reading.fault not in CANNOT_BE_WHOLE or not shown
        keep(Promise.SHOP_WHOLE, whole, f"{self.key} is complete, though {reading.fault}")
        for one in self.standing.keys() | standing.keys() | reading.had.keys():
            was, now, ways = self.standing.get(one), standing.get(one), reading.had.get(one, {None})
            fits = now in ways
            if outcome is PARTIAL:
                fits = now == was or (now is not None and fits)
            elif outcome is FAILED:
                fits = now == was
            keep(Promise.SHOPS, fits, f"{self.key} {outcome}, {reading.fault}: {one} from {was} to {now}, was {ways}")
        gone = self.standing.keys() - standing.keys()
        new = gone - self.absent
        believed = len(new) <= LOST_SHARE * len(self.standing)
        keep(Promise.SHOP_LOSS, believed, f"{self.key}: {len(new)} of {len(self.standing)} gone by one reading")

    def _remember_absent(self, outcome: ReadingOutcome, standing: dict[str, Variant], reading: ShopReading) -> None:
        if outcome is COMPLETE:
            self.absent = set()
        elif outcome is PARTIAL:
            self.absent |= {one for one in standing if None in reading.had.get(one, {None})}

    def check(self, snapshot: Snapshot, chance: Random) -> None:
        """Compare what pages are told of the shop with what was read, now and at some moment of before."""
        report = snapshot.shops()
        rows = [row for row in report.shops() if row.key == self.key]
        said = (rows[0].last and rows[0].last.outcome, rows[0].complete and rows[0].complete.ended_at) if rows else None
        known = (self.last, self.complete_at)
        keep(Promise.SHOPS, said in (known, None) and (said or known == (None, None)), f"{self.key}: {said}, {known}")
        moments = [(None, self.standing), *([chance.choice(self.then)] if self.then else [])]
        for at, wanted in moments:
            told = {
                one.variant_id: _plain(one.sku, one.price, one.stock, one.platform_state)
                for one in report.standing([self.key], at)
            }
            keep(Promise.SHOPS, told == wanted, f"{self.key} at {at}: {dict(told.items() ^ wanted.items())}")


def _recorded(
    path: Path, key: str, after: int
) -> Iterator[tuple[int, datetime, datetime, ReadingOutcome, dict[str, Variant]]]:
    if not path.exists() or not path.stat().st_size:
        return
    with suppress(sqlite3.OperationalError), read_only(path) as connection:  # killed before its tables were made
        readings = connection.execute(READINGS, [key, after]).fetchall()
        for number, began, ended, outcome in readings:
            rows = connection.execute(STANDING, {"key": key, "at": ended})
            standing = {row[0]: _plain(row[1], Decimal(row[2]), *row[3:]) for row in rows}
            yield number, from_text(began), from_text(ended), ReadingOutcome(outcome), standing


def _plain(sku: str | None, price: Decimal | None, stock: int | None, state: str) -> Variant:
    return str(sku), f"{price:.2f}", stock, state


def _product(number: int) -> SimulatedProduct:
    ids = (10 * number + 1, 10 * number + 2)[: 1 + number % 2]
    variants = tuple(SimulatedVariant(one, f"S-{one}", Decimal(10 + number), number, str(one)) for one in ids)
    return SimulatedProduct(number + 1, f"Product {number}", variants, NOON, STATES[number % 5 % 4])


def _changed(product: SimulatedProduct, what: str, number: int) -> SimulatedProduct:
    if what == "state":
        return replace(product, status=STATES[number % len(STATES)])
    change = {"stock": number} if what == "stock" else {"price": Decimal(20 + number)}
    return replace(product, variants=tuple(replace(one, **change) for one in product.variants))

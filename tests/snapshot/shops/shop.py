"""A shop of a snapshot in a real file, and readings of it in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlite_utils import Database

from aexdash.shops.records import Part, ShopProduct, ShopVariant, SourceState
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.shops.readmodels import Matching, ReadingOutcome, SourceVariant
from aexdash.snapshot.shops.recording import ReadingEnd, ensure_shop, record_reading
from aexdash.snapshot.shops.report import ShopReport
from aexdash.snapshot.shops.staging import ShopStaging

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
COMPLETE, PARTIAL, FAILED = ReadingOutcome


def product(one: str, **facts: object) -> list[Part]:
    """A product of one variant of the same id, whose SKU is `SKU-` and the id; `facts` go where they belong."""
    of_variant = {name: facts.pop(name) for name in ("sku", "price", "stock", "tracked") if name in facts}
    told: dict[str, object] = {
        "title": f"Product {one}",
        "state": SourceState.ACTIVE,
        "platform_state": "ACTIVE",
        **facts,
    }
    sold: dict[str, object] = {"sku": f"SKU-{one}", "price": Decimal("9.90"), "stock": 5, "tracked": True, **of_variant}
    return [ShopProduct(f"p{one}", **told), ShopVariant(f"v{one}", f"p{one}", **sold)]  # type: ignore[arg-type]


@dataclass
class ShopStory:
    """One shop, and a clock that each reading moves by an hour; a reading lasts a minute."""

    folder: Path
    key: str = "front"
    now: datetime = NOON
    db: Database = field(init=False)
    id: int = field(init=False)

    def __post_init__(self) -> None:
        self.db = open_snapshot(self.folder / "snapshot.db")
        self.id = ensure_shop(
            self.db, key=self.key, kind="csv", title="", matching=Matching.SKU, stores=["main"], now=self.now
        )

    @property
    def report(self) -> ShopReport:
        return Snapshot(self.folder / "snapshot.db").shops()

    def read(
        self,
        parts: Iterable[Part],
        outcome: ReadingOutcome = COMPLETE,
        *,
        scope: str = "catalogue",
        keys: Mapping[str, str] | None = None,
        message: str = "",
    ) -> datetime:
        """Record a reading that ends now; return when it ended."""
        staging = None
        if outcome is not FAILED:
            staging = ShopStaging(self.db)
            staging.add(parts)
            staging.settle(keys)
        ended = self.now
        end = ReadingEnd(ended - timedelta(minutes=1), ended, outcome, scope, message, currency="EUR")
        record_reading(self.db, self.id, staging, end, keyed=keys is not None)
        self.now += timedelta(hours=1)
        return ended

    def standing(self, as_of: datetime | None = None) -> dict[str, SourceVariant]:
        """What stood at a moment, by variant."""
        return {one.variant_id: one for one in self.report.standing([self.key], as_of)}

"""Homes for the tests of the pages: small snapshots made by the same functions that a sync uses."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.model import Outcome, Provenance, Reason, Status
from aexdash.platform_data import Detail, ListingAttribute, Observation, PictureFacts, Sku, WalkReport
from aexdash.snapshot.evidence.api import (
    open_period_ids,
    record_details,
    record_pictures,
    record_reasons,
)
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording.record import Staging, ensure_store, record_failure, record_run

JUMP = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
"""When the five of the worked example are held."""

NOW = JUMP + timedelta(minutes=1)

FIRST = 1005006000000001
REJECTED = tuple(range(FIRST, FIRST + 4))
IN_AUDIT = FIRST + 4
TAKEN_DOWN = FIRST + 9
ON_SALE = FIRST + 20
HOSTILE = "<b>Lamp</b> **bold** :material/home: $x^2$ [x](javascript:alert(1)) =1+1 https://evil.example"

TOML = """
[store.main]
title = "My store"
model = "overseas"
app_key = "123456"
"""

MADE = tempfile.TemporaryDirectory(prefix="aexdash-sample-")
"""Snapshots that many tests begin with."""

Walks = Mapping[Status, Sequence[Observation]]


def shown(product_id: int, status: Status, title: str = "", **facts: object) -> Observation:
    """A listing as a walk shows it."""
    known = {
        "image_urls": (f"https://pictures.example/{product_id}.jpg",),
        "price_min": "12.50",
        "price_max": "14.00",
        "currency": "USD",
        "category_id": 200003482,
        "sku_codes": (f"SKU-{product_id % 1000}",),
        "cause": "violate_offline" if status == Status.OFFLINE else None,
    }
    words = {Status.ACTIVE: "onSelling", Status.AUDITING: "auditing", Status.REJECTED: "editingRequired"}
    return Observation(
        product_id, status, words.get(status, "offline"), title or f"Desk lamp {product_id % 1000}", **(known | facts)
    )


def read(
    db: Database, store: int, at: datetime, walks: Walks, *, kind: str = "sweep", outcome: Outcome = Outcome.COMPLETE
) -> None:
    """Record a run that showed these listings; of a partial run the rejected walk is not complete."""
    staging = Staging(db, store)
    for status, listings in walks.items():
        staging.begin_walk(status)
        staging.add(listings)
        complete = outcome == Outcome.COMPLETE or status != Status.REJECTED
        staging.end_walk(
            WalkReport(status, at - timedelta(seconds=5), at, len(listings), len(listings), 1, 1, complete)
        )
    record_run(
        db,
        staging,
        kind=kind,
        started_at=at - timedelta(seconds=5),
        finished_at=at,
        outcome=outcome,
        calls=len(walks),
        tolerance=timedelta(days=1) if at < JUMP else timedelta(minutes=5),
        message="" if outcome == Outcome.COMPLETE else "The total of rejected listings moved while it was read.",
    )


def quiet(count: int = 40) -> dict[Status, list[Observation]]:
    """A store in which nothing is held."""
    active = [shown(FIRST + number, Status.ACTIVE) for number in range(count) if FIRST + number != TAKEN_DOWN]
    return {
        Status.AUDITING: [],
        Status.REJECTED: [],
        Status.ACTIVE: active,
        Status.OFFLINE: [shown(TAKEN_DOWN, Status.OFFLINE)],
    }


def jumped(count: int = 40) -> dict[Status, list[Observation]]:
    """The store of the worked example: four rejected, one in audit."""
    walks = quiet(count)
    held = {*REJECTED, IN_AUDIT}
    walks[Status.ACTIVE] = [seen for seen in walks[Status.ACTIVE] if seen.product_id not in held]
    walks[Status.REJECTED] = [shown(i, Status.REJECTED, HOSTILE if i == FIRST else "") for i in REJECTED]
    walks[Status.AUDITING] = [shown(IN_AUDIT, Status.AUDITING)]
    return walks


def home(folder: Path, *, now: datetime = NOW) -> Path:
    """A home directory with a store in its configuration, a clock at `now`, and no snapshot yet."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "aexdash.toml").write_text(TOML, encoding="utf-8")
    set_clock(folder, now)
    return folder


def set_clock(folder: Path, now: datetime) -> Path:
    """Say what time it is in a home."""
    clock = folder / "clock.txt"
    clock.write_text(to_text(now), encoding="ascii")
    return clock


def main_store(db: Database, *, watched: bool = True) -> int:
    """Make the store known that the configuration names."""
    return ensure_store(
        db,
        key="main",
        title="My store",
        model="overseas",
        now=JUMP - timedelta(days=20),
        currency="USD",
        edit_url="https://gsp.aliexpress.com/m_apps/product-publish/publish?productId={product_id}",
        item_url="https://www.aliexpress.com/item/{product_id}.html",
        watched=watched,
    )


def with_history(folder: Path, *, days: int = 12, now: datetime = NOW) -> Path:
    """A home whose store was read daily and quiet, until the five of the worked example were held at `JUMP`."""
    home(folder, now=now)
    shutil.copyfile(_history(days), folder / "snapshot.db")
    return folder


@cache
def _history(days: int) -> Path:
    """Make that snapshot once for all tests; each gets a copy."""
    path = Path(MADE.name) / f"{days}.db"
    db = open_snapshot(path)
    store = main_store(db)
    for back in range(days, 0, -1):
        read(db, store, JUMP - timedelta(days=back), quiet())
    read(db, store, JUMP, jumped())
    explain(db, store)
    db.close()
    return path


def explain(db: Database, store: int) -> None:
    """Record what was measured on the five: a small main picture on four, a missing brand on one."""
    ids = open_period_ids(db, store, [*REJECTED, IN_AUDIT])
    small = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 350, "height": 350, "minimum": 800})
    brand = Reason("attribute.brand_missing", Provenance.CHECK, measured={"names": ["Brand Name"], "choices": 14})
    for product_id, period in ids.items():
        found = [brand] if product_id == IN_AUDIT else [small]
        record_reasons(db, period, found, {Provenance.CHECK}, JUMP)
    record_details(db, store, [detail(FIRST)], JUMP)
    record_pictures(
        db, [PictureFacts(f"https://pictures.example/{FIRST}.jpg", "measured", 350, 350, "JPEG", 20_480)], JUMP
    )


def detail(product_id: int) -> Detail:
    return Detail(
        product_id,
        Status.REJECTED,
        "editingRequired",
        200003482,
        {"en_US": HOSTILE, "ru_RU": "Настольная лампа"},
        (f"https://pictures.example/{product_id}.jpg",),
        (ListingAttribute(10, "Material", None, "Brass | *solid*"),),
        (Sku("12000", "SKU-1", "12.50", 7, "USD"),),
        None,
        None,
    )


def failed(folder: Path, at: datetime) -> None:
    """Let the last run of a home fail."""
    db = open_snapshot(folder / "snapshot.db")
    record_failure(
        db,
        main_store(db),
        kind="pulse",
        started_at=at,
        finished_at=at,
        error_kind="unreachable",
        message="The gateway api-sg.aliexpress.com cannot be reached.",
        calls=1,
    )
    db.close()


def find(folder: Path, found: Mapping[int, Sequence[Reason]], at: datetime = NOW) -> None:
    """Let the checks find this on listings, and nothing else any more."""
    set_reasons(folder, found, Provenance.CHECK, at)


def set_reasons(folder: Path, found: Mapping[int, Sequence[Reason]], by: Provenance, at: datetime = NOW) -> None:
    """Replace the reasons of one provenance for these listings."""
    db = open_snapshot(folder / "snapshot.db")
    ids = open_period_ids(db, main_store(db), found)
    for product_id, reasons in found.items():
        record_reasons(db, ids[product_id], reasons, {by}, at)
    db.close()

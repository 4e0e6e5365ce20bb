"""A home with two stores, three weeks of readings, people and a profile: what questions are tried on."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aexdash.ask.workspace import Workspace, open_workspace
from aexdash.config.settings import Settings, load_settings
from aexdash.desk.decisions.work import Desk
from aexdash.desk.profiles import Profiles
from aexdash.model import Provenance, Reason, Stage, Status
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from tests.snapshot.store import ACTIVE, AUDITING, OFFLINE, REJECTED, Store, shown

NOW = datetime(2026, 11, 26, 10, 0, 30, tzinfo=UTC)
"""A Thursday, half a minute after the last reading."""

FIRST = 1005000000000001
LISTINGS = 40
DAYS = 24
CATEGORIES = {380230: "Dresses", 200000346: "Phone cases"}
REASONS = (
    "image.main_too_small",
    "image.text_or_watermark",
    "attribute.brand_missing",
    "title.too_long",
    "ip.trademark",
)

CONFIG = """
[workspace]
zone = "UTC"

[store.madrid]
model = "overseas"
title = "Madrid"
stale_after_seconds = 86400

[store.outlet]
model = "overseas"
title = "Outlet"
stale_after_seconds = 86400
"""

NEXT = {
    ACTIVE: ((ACTIVE, 88), (AUDITING, 5), (REJECTED, 5), (OFFLINE, 2)),
    AUDITING: ((AUDITING, 55), (ACTIVE, 25), (REJECTED, 20)),
    REJECTED: ((REJECTED, 65), (AUDITING, 30), (ACTIVE, 5)),
    OFFLINE: ((OFFLINE, 90), (ACTIVE, 10)),
}


@dataclass(frozen=True)
class Home:
    """A home, its settings, and what questions are asked of at `NOW`."""

    folder: Path
    settings: Settings
    workspace: Workspace


def make(folder: Path) -> Home:
    """Make the home."""
    (folder / "aexdash.toml").write_text(CONFIG)
    for number, key in enumerate(("madrid", "outlet")):
        _live(folder, key, random.Random(number))
    desk = Desk(folder / "desk.db")
    held = [FIRST + index for index in range(LISTINGS)]
    desk.set_owner("madrid", held[::3], "Ana", by="Ana", now=NOW - timedelta(days=1))
    desk.set_owner("outlet", held[::4], "Li Wei", by="Li Wei", now=NOW - timedelta(days=1))
    desk.set_stage("madrid", held[::5], Stage.TAKEN, by="Ana", now=NOW - timedelta(hours=3))
    desk.set_note("outlet", held[::6], "ask the supplier", by="Li Wei", now=NOW - timedelta(hours=3))
    Profiles(folder / "desk.db").make("Europe", ["madrid"], by="Ana", now=NOW)
    settings = load_settings(folder)
    return Home(folder, settings, open_workspace(settings, lambda: NOW))


def _live(folder: Path, key: str, chance: random.Random) -> None:
    """Let a store live: a reading every twelve hours, the last half a minute ago."""
    store = Store(folder, key, now=NOW - timedelta(days=DAYS, seconds=30))
    for category, name in CATEGORIES.items():
        store.db["category"].upsert(
            {
                "store_id": store.id,
                "category_id": category,
                "name": name,
                "rules": "[]",
                "read_at": "2026-11-01T00:00:00.000Z",
            },
            pk=("store_id", "category_id"),
        )
    statuses = {FIRST + index: ACTIVE for index in range(LISTINGS)}
    for _ in range(2 * DAYS + 1):
        store.sweep({one: _observed(one, status) for one, status in statuses.items()})
        _find_reasons(store, statuses, chance)
        statuses = {one: _next(status, chance) for one, status in statuses.items()}
        store.after(hours=12)
    store.db.close()


def _observed(product_id: int, status: Status) -> object:
    cause = {"cause": "violate_offline"} if status is OFFLINE else {}
    category = tuple(CATEGORIES)[product_id % 2]
    return shown(product_id, status, category_id=category, title=f"Listing {product_id % 100} red dress", **cause)


def _next(status: Status, chance: random.Random) -> Status:
    options = NEXT[status]
    return chance.choices([one for one, _ in options], [weight for _, weight in options])[0]


def _find_reasons(store: Store, statuses: dict[int, Status], chance: random.Random) -> None:
    """Give held listings reasons that are the same as long as they stay, and some on sale a finding."""
    periods = open_period_ids(store.db, store.id, statuses)
    for product_id, period in sorted(periods.items()):
        status = statuses[product_id]
        known = store.db.conn.execute("SELECT checked FROM status_period WHERE id = ?", [period]).fetchone()[0]
        if known:
            continue
        codes = chance.sample(REASONS, chance.choice((0, 1, 1, 1, 2))) if status in (REJECTED, AUDITING) else []
        codes = [REASONS[0]] if status is ACTIVE and chance.random() < 0.2 else codes
        found = [Reason(code, chance.choice((Provenance.CHECK, Provenance.PLATFORM))) for code in codes]
        if status is ACTIVE:
            found = [Reason(one.code, Provenance.CHECK) for one in found]
        record_reasons(store.db, period, found, {Provenance.CHECK, Provenance.PLATFORM}, store.now)

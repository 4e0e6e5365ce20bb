"""Random lives of a few listings in two stores, recorded by the real runs and kept as plain stays beside."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from aexdash.clock import DAY, from_text, to_text
from aexdash.model import HELD, Provenance, Reason, Status
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from tests.cards.plainly import TAKEN_DOWN, Stay
from tests.snapshot.store import ACTIVE, AUDITING, DELETED, NOON, OFFLINE, REJECTED, Store, shown

LISTINGS = range(1, 9)
PLACES = [(ACTIVE, None), (AUDITING, None), (REJECTED, None), (OFFLINE, "expire_offline"), (OFFLINE, TAKEN_DOWN)]

FINDING = Reason("image.main_too_small", Provenance.CHECK, measured={"width": 400})

SOLD = """
INSERT INTO held_sales
    (period_id, units_low, units_high, amount_low, amount_high, currency, sold, in_stock, computed_at)
SELECT id, product_id, product_id, product_id, product_id, 'USD', 1, 1, ? FROM status_period
WHERE store_id = ? AND status IN ('auditing', 'rejected') AND product_id % 2 = 0
    AND id NOT IN (SELECT period_id FROM held_sales)
"""

moves = st.dictionaries(st.sampled_from(LISTINGS), st.sampled_from([*PLACES, (DELETED, None)]), max_size=6)
readings = st.tuples(st.sampled_from(["first", "second"]), st.integers(1, 300), moves)
stories = st.lists(readings, min_size=2, max_size=10)
"""Which store is read, how many hours after the reading before, and where listings have moved by then."""


@dataclass
class Story:
    """Two stores of one snapshot; `stays` is what was seen of them, `connected` when each was first read."""

    folder: Path
    stays: list[Stay] = field(default_factory=list)
    connected: dict[str, datetime] = field(default_factory=dict)
    stores: dict[str, Store] = field(default_factory=dict)
    places: dict[str, dict[int, tuple[Status, str | None]]] = field(default_factory=dict)
    readings: dict[str, list[datetime]] = field(default_factory=dict)
    now: datetime = NOON

    def covered(self, moment: datetime) -> dict[str, datetime]:
        """The stores whose readings speak for a moment, with when each was first read."""
        spoken = {key for key, read in self.readings.items() if any(at <= moment <= at + DAY for at in read)}
        return {key: since for key, since in self.connected.items() if key in spoken}

    def read(self, key: str, hours: int, moved: dict[int, tuple[Status, str | None]]) -> None:
        """Record a sweep of a store that shows where its listings are now."""
        self.now += timedelta(hours=hours)
        if key not in self.stores:
            self.stores[key] = Store(self.folder, key, self.now)
            self.places[key] = {}
        store, places = self.stores[key], self.places[key]
        store.now = self.now
        moved = {one: place for one, place in moved.items() if one in places or place[0] is not DELETED}
        for one, place in moved.items():
            self._move(key, one, place)
        self.connected.setdefault(key, self.now)
        self.readings.setdefault(key, []).append(self.now)
        self._record(store, places)

    def _move(self, key: str, one: int, place: tuple[Status, str | None]) -> None:
        before = self.places[key].get(one)
        if before == place:
            return
        self.stays = [
            replace(stay, end=self.now) if (stay.store, stay.listing, stay.end) == (key, one, None) else stay
            for stay in self.stays
        ]
        status, cause = place
        self.places[key][one] = place
        self.stays.append(
            Stay(
                store=key,
                listing=one,
                status=status,
                start=self.now,
                end=None,
                seen=key in self.connected,
                cause=cause,
                sold=float(one) if status in HELD and one % 2 == 0 else None,
                finding=one % 3 == 0,
                came=any(at < self.now <= at + DAY for at in self.readings.get(key, ())),
            )
        )

    def _record(self, store: Store, places: dict[int, tuple[Status, str | None]]) -> None:
        """Record the run, then what is known beside it: findings, and what was sold."""
        staging = store.stage({one: shown(one, status, cause=cause) for one, (status, cause) in places.items()})
        for one, (status, _) in places.items():
            if status is DELETED:
                staging.add_look_up(shown(one, DELETED))
        store.record(staging)
        for one, period in open_period_ids(store.db, store.id, [one for one in places if one % 3 == 0]).items():
            if places[one][0] is ACTIVE:
                record_reasons(store.db, period, [FINDING], {Provenance.CHECK}, self.now)
        store.db.execute(SOLD, [to_text(self.now), store.id])
        store.db.execute("INSERT OR REPLACE INTO order_state (store_id, connected) VALUES (?, 1)", [store.id])

    def read_at(self, key: str, moment: datetime) -> datetime:
        """When a store was last completely read, at or before a moment."""
        spells = self.stores[key].rows("SELECT from_at, to_at FROM coverage WHERE store_id = ?", self.stores[key].id)
        return max(min(moment, from_text(str(end))) for begin, end in spells if from_text(str(begin)) <= moment)

    def moments(self) -> list[datetime]:
        """Moments worth asking about: each reading, just before it, the middle between two, midnights, much later."""
        read = sorted({stay.start for stay in self.stays} | {self.now})
        middles = [one + (other - one) / 2 for one, other in itertools.pairwise(read)]
        around = [at + timedelta(milliseconds=by) for at in read for by in (-1, 0)]
        midnights = [at.replace(hour=0) + timedelta(days=1) for at in read]
        return sorted({*around, *middles, *midnights, self.now + timedelta(days=25)})

    def close(self) -> None:
        for store in self.stores.values():
            store.db.close()

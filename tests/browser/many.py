"""A home with as many held listings as a test wants, made by the functions of a sync, and its app; no platform."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from aexdash.cli import serve
from aexdash.model import Provenance, Reason, Status
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.snapshot.file import open_snapshot
from tests.browser.stage import open_app
from tests.ui.sample import HOSTILE, home, main_store, read, set_clock, shown

FIRST = 1005008000000000
BEGAN = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
NOW = datetime.fromisoformat("2026-03-09T12:04:00+00:00")

GOODS = ("Desk lamp", "USB-C cable", "Cotton tote bag", "Stainless steel thermos", "Wireless earbuds case", "Yoga mat")
WORDS = (
    "for home and office, adjustable, warm white light, with a heavy base that does not tip over",
    "1 m, braided",
    "printed on both sides, 38 × 42 cm, thick handles for shopping and the beach",
    "500 ml, keeps warm for 12 hours",
)
REASONS = (
    [Reason("image.main_too_small", Provenance.CHECK, measured={"width": 350, "height": 350, "minimum": 800})],
    [Reason("attribute.brand_missing", Provenance.CHECK, measured={"names": ["Brand Name"], "choices": 14})],
    [
        Reason("image.text_or_watermark", Provenance.SELLER_CENTER, "Main picture contains text", "en"),
        Reason("title.too_long", Provenance.CHECK, measured={"length": 240, "maximum": 218}),
        Reason("image.main_too_small", Provenance.CHECK, measured={"width": 600, "height": 600, "minimum": 800}),
    ],
    [Reason("title.too_long", Provenance.CHECK, measured={"length": 240, "maximum": 218})],
    [],
)


class Many:
    """A home with held listings, whose numbers count from `FIRST`, and an app on it once it is opened.

    The title of the one with the number `hostile` is hostile. `explained` False: nothing was found on any.
    """

    def __init__(self, folder: Path, count: int, *, hostile: int | None = None, explained: bool = True) -> None:
        self.home = home(folder, now=NOW)
        self.hostile = hostile
        self._app = None
        self._now = NOW
        db = open_snapshot(folder / "snapshot.db")
        store = main_store(db)
        self._read(db, store, BEGAN - timedelta(days=1), held=[], on_sale=range(count))
        for at in range(6):
            held = range(count * (at + 1) // 6)
            self._read(db, store, BEGAN + timedelta(days=at, hours=at), held=held, on_sale=range(len(held), count))
        if explained:
            self._explain(db, store, range(count))
        self._read(db, store, NOW - timedelta(minutes=2), held=range(count), on_sale=())
        db.close()

    def read(self, held: Sequence[int], *, on_sale: Sequence[int] = (), minutes: int = 1) -> None:
        """Record a reading, so many minutes after the last moment, that shows just these listings."""
        self._now += timedelta(minutes=minutes)
        db = open_snapshot(self.home / "snapshot.db")
        self._read(db, main_store(db), self._now, held=held, on_sale=on_sale)
        db.close()
        set_clock(self.home, self._now)

    def _read(self, db, store: int, at: datetime, *, held: Sequence[int], on_sale: Sequence[int]) -> None:
        walks = {status: [] for status in (Status.AUDITING, Status.REJECTED, Status.ACTIVE, Status.OFFLINE)}
        for number in held:
            status = Status.AUDITING if number % 7 == 3 else Status.REJECTED
            walks[status].append(self._listing(number, status))
        walks[Status.ACTIVE] = [self._listing(number, Status.ACTIVE) for number in on_sale]
        read(db, store, at, walks)

    def _listing(self, number: int, status: Status):
        words = HOSTILE if number == self.hostile else f"{GOODS[number % 6]} {number}, {WORDS[number % 4]}"
        return shown(FIRST + number, status, words)

    @staticmethod
    def _explain(db, store: int, numbers: Sequence[int]) -> None:
        periods = open_period_ids(db, store, [FIRST + number for number in numbers])
        for number in numbers:
            found = REASONS[number % len(REASONS)]
            for by in {reason.provenance for reason in found}:
                of_it = [reason for reason in found if reason.provenance is by]
                record_reasons(db, periods[FIRST + number], of_it, {by}, NOW)

    def open_app(self) -> str:
        """Start the app and return its address once it answers."""
        url, self._app = open_app(self.home, self.home / "clock.txt")
        return url

    def close(self) -> None:
        if self._app:
            serve.end(self._app)

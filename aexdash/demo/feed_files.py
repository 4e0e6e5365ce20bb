"""The feed of a store of the demo: validation files of the last days, one that arrives each hour, and its status call.

The files are plain CSV, as an export of the validation is laid into the store's feed folder. Their SKUs are those of
the simulated store, so that rejected rows lead to listings. What a file says depends on the world and its moment alone.
"""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from aexdash.clock import DAY, Clock, to_text
from aexdash.demo.platform.server import Respond
from aexdash.demo.world.mixing import mix
from aexdash.demo.world.world import StoreWorld
from aexdash.desk.feed_columns import PART
from aexdash.model import Status

PATH = "/_demo/feed"
ACCOUNT, KEY = "demo", "not-a-secret-of-a-feed"

DAYS = 7
"""Days before today of which there is a file each: those that the card counts."""

KEPT = 10 * DAY
"""How long a file stays in the folder."""

ROWS = 240
FIRST_ARRIVAL = timedelta(seconds=20)
EVERY = timedelta(hours=1)

REJECTED_OF_1000, WARNED_OF_1000 = 30, 40
REJECTED_OF_ARRIVALS = 90
"""Of a thousand rows of a file that arrives while somebody watches: more than usual, so that something is seen."""

HEADINGS = ("SKU", "Severity", "Error Code", "Message", "Attribute", "Date")

REJECTIONS = (
    ("IMG-02", "Main image is smaller than 800 x 800 pixels", "image_link"),
    ("GTIN-01", "GTIN is missing", "gtin"),
    ("GTIN-01", "GTIN is missing", "gtin"),
    ("ATTR-07", "Required attribute is empty", "material"),
    ("PRICE-03", "Sale price is higher than price", "sale_price"),
)
WARNINGS = (
    ("TITLE-04", "Title is longer than 128 characters and will be cut", "title"),
    ("DESC-01", "Description is shorter than recommended", "description"),
)


class FeedFiles:
    """Lays the validation files of a store into its feed folder. For one thread at a time."""

    def __init__(self, world: StoreWorld, folder: Path, clock: Clock) -> None:
        self._world, self._folder, self._clock = world, folder, clock

    def past(self) -> Iterator[tuple[datetime, Path]]:
        """Take away files that are too old, lay down those of the last days that are missing; say when each came.

        The oldest comes first, and the next is laid down when it is asked for: so each can be read on its own day, and
        the history of the feed begins before the demo.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        now = self._clock()
        for old in self._folder.glob("validation-*.csv"):
            if old.name < f"validation-{now - KEPT:%Y-%m-%d}":
                old.unlink()
        for days in range(DAYS, 0, -1):
            noon = now.replace(hour=12, minute=0) - days * DAY
            name = f"validation-{noon:%Y-%m-%d}.csv"
            if not (self._folder / name).exists():
                yield noon, self._lay_down(name, noon, REJECTED_OF_1000)

    def arrive(self) -> Path:
        """Lay down a file of now, as the feed does when its validation has ended; return its path."""
        now = self._clock()
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._lay_down(f"validation-{now:%Y-%m-%d-%H%M}.csv", now, REJECTED_OF_ARRIVALS)

    def keep_arriving(self, stop: threading.Event) -> None:
        """Lay down a file soon, and one each hour, until told to stop."""
        wait = FIRST_ARRIVAL
        while not stop.wait(wait.total_seconds()):
            with suppress(OSError):  # a full disk: the next one may find room
                self.arrive()
            wait = EVERY

    def _lay_down(self, name: str, at: datetime, rejected_of_1000: int) -> Path:
        """Write a file under another name first, so that nobody reads half of it."""
        beside = self._folder / f".{name}{PART}"
        beside.write_text(content(self._world, at, rejected_of_1000), "utf-8")
        return beside.replace(self._folder / name)


def content(world: StoreWorld, at: datetime, rejected_of_1000: int) -> str:
    """Return the validation of some listings on sale at a moment, each with its first SKU, as CSV."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(HEADINGS)
    on_sale = world.ids(Status.ACTIVE, at)
    seed = mix(int(at.timestamp()) // 3600)
    chosen = Random(seed).sample(on_sale, min(ROWS, len(on_sale)))
    for number, product_id in enumerate(chosen):
        listing = world.listing(product_id, at)
        if listing is not None:
            lines.writerow(
                [listing.facts.skus[0].code, *_said(mix(seed, number, 2), rejected_of_1000), f"{at:%Y-%m-%d}"]
            )
    return text.getvalue()


def _said(chance: int, rejected_of_1000: int) -> tuple[str, str, str, str]:
    """Return severity, code, message and attribute of a row; most say nothing."""
    of_1000, which = chance % 1000, chance // 1000
    if of_1000 < rejected_of_1000:
        return ("Error", *REJECTIONS[which % len(REJECTIONS)])
    if of_1000 < rejected_of_1000 + WARNED_OF_1000:
        return ("Warning", *WARNINGS[which % len(WARNINGS)])
    return ("", "", "", "")


def before(respond: Respond, clock: Clock) -> Respond:
    """Return what answers the status call of the feed, and leaves everything else to `respond`."""

    def answer(verb: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        if urlsplit(url).path != f"{PATH}/accounts/{ACCOUNT}/status":
            return respond(verb, url, headers, body)
        given = {name.lower(): value for name, value in headers.items()}
        if given.get("x-api-key") != KEY:
            return 401, {"Content-Type": "text/plain"}, b"unknown key"
        ran = clock().replace(minute=0, second=0, microsecond=0)
        told = [
            {"name": "Demo feed", "import_status": "finished", "export_status": "finished", "last_run": to_text(ran)}
        ]
        return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()

    return answer

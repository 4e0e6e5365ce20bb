"""A store's listings checked for the first time, and again: `python -m tests.benchmarks.bench_checks`.

5,000 listings, nearly all on sale, at a simulated AliExpress in a process of its own, over real HTTP with the limiter
lifted. The time is that of one sweep with all its evidence: walks, details, categories, words, pictures (those of the
held whole, the others by their first bytes), diagnosis, twins and checks. The second sweep finds nothing new: it asks
for no detail, no word and no picture.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from aexdash.aliexpress.listings import Seller, connect
from aexdash.aliexpress.protocol.account import Account
from aexdash.model import Outcome
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording.record import ensure_store
from aexdash.sync.kit import ALL_EVIDENCE
from aexdash.sync.run import sync_store
from tests.benchmarks.common import Bench, Figure, processor_seconds, report
from tests.benchmarks.simulated import Simulated, simulated
from tests.support import APP_KEY, APP_SECRET, MovedClock, kit_in

MOST_SECONDS = 90
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


EVIDENCE = ("detail", "words", "fetch_picture", "fetch_picture_head")


class Counting:
    """A store that counts what is asked of it beside the walks."""

    def __init__(self, seller: Seller) -> None:
        self._seller = seller
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name):
        told = getattr(self._seller, name)
        if name not in EVIDENCE:
            return told

        def ask(*question):
            self.asked[name] += 1
            return told(*question)

        return ask


def figures(bench: Bench) -> Iterator[Figure]:
    """Sweep twice and count."""
    folder = bench.fresh("checks")
    size = bench.size
    with simulated(size.checked, NOW) as platform, closing(open_snapshot(folder / "snapshot.db")) as db:
        seller = Counting(connect(account_at(platform, folder), clock=MovedClock(NOW)))
        store = ensure_store(db, key="main", title="Main", model="overseas", now=NOW)
        for number, what in enumerate(("(i) first check of", "    the same again,")):
            seller.asked.clear()
            calls, begun, used = seller.calls, time.perf_counter(), _processors(platform)
            kit = kit_in(folder, ALL_EVIDENCE, ALL_EVIDENCE)
            result = sync_store(seller, db, store, "sweep", kit, clock=MovedClock(NOW))
            took = time.perf_counter() - begun
            if (result.outcome, result.message) != (Outcome.COMPLETE, ""):
                raise SystemExit(f"not the sweep that was meant: {result}")
            yield from _told(f"{what} {size.checked:,} listings", number == 0, took, seller, seller.calls - calls, db)
            ours, theirs = (after - before for before, after in zip(used, _processors(platform), strict=True))
            yield Figure("      processor time, ours and the simulated", "", f"{ours:.1f} s and {theirs:.1f} s")
        seller.close()


def account_at(platform: Simulated, folder: Path) -> Account:
    """The account of the simulated store, without a pause between calls."""
    return Account(
        key="main",
        model="overseas",
        gateway=platform.url,
        app_key=APP_KEY,
        app_secret=APP_SECRET,
        access_token=platform.access_token,
        refresh_token=platform.refresh_token,
        token_file=folder / "token.json",
        calls_per_second=None,
    )


def _processors(platform: Simulated) -> tuple[float, float]:
    return processor_seconds(), processor_seconds(platform.pid)


def _told(what: str, first: bool, took: float, seller: Counting, calls: int, db: Database) -> Iterator[Figure]:
    asked = seller.asked
    pictures = asked["fetch_picture"] + asked["fetch_picture_head"]
    target, met = (f"<= {MOST_SECONDS} s", took <= MOST_SECONDS) if first else ("", None)
    yield Figure(what, target, f"{took:.1f} s, {calls:,} calls", met)
    again, none = ("", None) if first else ("0 and 0", pictures == asked["detail"] == 0)
    counted = f"{asked['detail']:,} and {pictures:,}"
    yield Figure("      details and pictures asked for", again, counted, none)
    yield Figure("      titles asked about, pictures whole", "", f"{asked['words']:,}, {asked['fetch_picture']:,}")
    ((checked, found),) = db.execute(
        "SELECT sum(checked), sum(instr(codes, '@check') > 0) FROM status_period WHERE ended_at IS NULL"
    ).fetchall()
    yield Figure("      listings checked, with a finding", "", f"{checked:,}, {found:,}")


if __name__ == "__main__":
    report(figures)

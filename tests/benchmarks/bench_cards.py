"""What the cards ask of a snapshot of a million listings: `python -m tests.benchmarks.bench_cards`.

Each fact by itself, at present and as of 200 days ago, then all cards together, and what a sync writes down after a
run. Quality, sales and the feed are filled in for every listing they concern: the most there can be.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from aexdash.cards import values
from aexdash.cards.recording import record_cards
from aexdash.clock import to_text
from aexdash.model import Status
from aexdash.snapshot.file import open_snapshot, transaction
from aexdash.snapshot.history import card_values
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.query import Snapshot
from aexdash.statement import Span
from tests.benchmarks.common import Bench, Figure, report, side_by_side, spread, timed, within
from tests.benchmarks.synthetic import NOW

ALL_CARDS = "all cards"
HERO = "aex_rejected_auditing_listings"
TARGET_MS = 150


def last_day(until: datetime) -> Span:
    """The 24 hours up to a moment."""
    return until - timedelta(days=1), until


def last_month(until: datetime) -> Span:
    """The 30 days up to a moment."""
    return until - timedelta(days=30), until


LONG_AGO = NOW - timedelta(days=200)

FILL = (
    """
    INSERT INTO listing_quality
    SELECT store_id, product_id, product_id % 101, product_id % 101, product_id % 91, 50, 60, 70, 8, 5 + product_id % 4,
        'pictures', :now
    FROM status_period WHERE ended_at IS NULL AND status = 'active'
    """,
    """
    INSERT INTO held_sales
    SELECT id, 1, 2, 10, 20, 'USD', product_id % 3 > 0, 1, :now FROM status_period
    WHERE status IN ('auditing', 'rejected')
    """,
    "INSERT INTO order_state (store_id, connected) VALUES (1, 1)",
    "INSERT INTO feed_file (store_id, name, digest, read_at, rows, rejected) VALUES (1, 'feed', 'feed', :now, 999, 30)",
)

FACTS: dict[str, Callable[[Measures], object]] = {
    "counts": lambda measures: measures.counts(),
    "rejected in 24 hours": lambda measures: measures.rejected(last_day),
    "oldest": lambda measures: measures.oldest(Status.REJECTED),
    "spells closed in 30 days": lambda measures: measures.spells_closed(last_month),
    "stuck in audit": lambda measures: measures.stuck(),
    "rejections of 30 days": lambda measures: measures.rejections(last_month),
    "at risk": lambda measures: measures.at_risk(),
    "completeness and quality": lambda measures: (measures.completeness(), measures.quality()),
    "money held back": lambda measures: measures.money(),
    ALL_CARDS: values,
}


def filled(bench: Bench) -> Path:
    """The large snapshot with what the cards of trade and quality need."""

    def fill(path: Path) -> None:
        shutil.copy(bench.snapshot(), path)
        db = open_snapshot(path)
        with transaction(db) as connection:
            for statement in FILL:
                connection.execute(statement, {"now": to_text(NOW)})
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()

    return bench.built("cards", fill)


def figures(bench: Bench) -> Iterator[Figure]:
    """Measure what a sync writes down, then every fact at two moments."""
    path = shutil.copy(filled(bench), bench.fresh("cards"))
    db = open_snapshot(path)
    first = timed(lambda: record_cards(db, 1, NOW))
    yield Figure("(l) cards written after the first run, with 14 days that are over", "", f"{first:.0f} ms")
    cardbook_is_full(db)
    again = [timed(lambda: record_cards(db, 1, NOW)) for _ in range(bench.size.few_rounds)]
    yield Figure("(l) cards written after any other run", "", spread(again, "ms"))
    db.close()
    snapshot = Snapshot(Path(path), clock=lambda: NOW)
    for moment, as_of in (("now", None), ("200 days ago", LONG_AGO)):
        asked = {
            name: lambda fact=fact, as_of=as_of: fact(snapshot.measures(None, as_of)) for name, fact in FACTS.items()
        }
        for name, times in side_by_side(asked, bench.size.few_rounds).items():
            what = f"(l) {name}, {moment}"
            one_fact = name != ALL_CARDS
            yield within(what, TARGET_MS, times, "ms", 1) if one_fact else Figure(what, "", spread(times, "ms", 1))


def cardbook_is_full(db: Database) -> None:
    """End the days that are over, a few a run, until none is left."""
    while card_values.days_to_end(db.conn, 1, HERO, NOW, 1):
        record_cards(db, 1, NOW)


if __name__ == "__main__":
    report(figures)

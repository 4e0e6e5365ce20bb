"""Rules after a sync: `python -m tests.benchmarks alerts`.

200 rules of every kind watch 50 stores with 90 days of past, read every five minutes; cards that say something else
every hour. Measured is a whole round of the engine, with its writing to the desk: the first of a process, which reads
the past; the round after every store was read again; and one for which nothing is new. Then a back-test of 90 days.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from aexdash.alerts.backtest import backtest
from aexdash.alerts.conditions import (
    Anomaly,
    Concentration,
    Condition,
    NewReason,
    NoData,
    OneListing,
    Rise,
    Subject,
    Threshold,
)
from aexdash.alerts.engine import Engine
from aexdash.alerts.model import Rule
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.cards import CARDS
from aexdash.clock import to_text
from aexdash.config.settings import load_settings
from aexdash.model import Severity, Status
from aexdash.snapshot.file import transaction
from aexdash.snapshot.history.card_values import mark_valued
from aexdash.snapshot.query import Snapshot
from tests.benchmarks.common import Bench, Figure, asked_again, report, spread, timed, within
from tests.benchmarks.synthetic import NOW
from tests.snapshot.store import Store

LISTINGS = 200
MOST_MS = 1000
HOUR = timedelta(hours=1)

RUN = """
INSERT INTO sync_run (store_id, kind, started_at, finished_at, as_of, outcome, changes)
VALUES (?, 'sweep', ?, ?, ?, 'complete', 1)
"""

CARD_VALUE = "INSERT INTO card_value (store_id, card_key, at, value) VALUES (?, ?, ?, ?)"
STORE = '[store.s{number}]\nmodel = "overseas"\napp_key = "1"\n'


def conditions(chance: random.Random) -> Iterator[Condition]:
    """Conditions without end: thresholds, rises and anomalies of any card, and now and then one of every other kind."""
    cards = list(CARDS)
    while True:
        card, limit = chance.choice(cards), float(chance.randint(1, 60))
        yield Threshold(card=card, limit=limit)
        yield Rise(card=card, limit=limit, days=chance.choice((1, 7, 28)))
        yield Anomaly(card=card, limit=chance.choice((3.0, 4.0, 5.0)), weeks=chance.choice((4, 8, 12)))
        yield Threshold(card=chance.choice(cards), limit=limit)
        yield chance.choice(
            (
                Concentration(),
                NewReason(),
                OneListing(subject=Subject.STUCK),
                OneListing(subject=Subject.REGRESSED),
                NoData(limit=30),
            )
        )


def rules(number: int) -> list[Rule]:
    """So many rules, those that ship among them."""
    found = conditions(random.Random(7))
    more = [
        Rule(key=f"rule-{number}", title=f"Rule {number}", condition=next(found), severity=Severity.MEDIUM)
        for number in range(number - len(DEFAULTS))
    ]
    return [*DEFAULTS.values(), *more]


def stores(folder: Path, number: int, days: int) -> list[Store]:
    """Stores of which each card has said something else every hour."""
    chance = random.Random(11)
    found = []
    for index in range(number):
        store = Store(folder, f"s{index}", NOW - timedelta(days=days), tolerance=timedelta(days=days))
        places = dict.fromkeys(range(1, LISTINGS + 1), Status.ACTIVE)
        store.sweep(places)
        store.now = NOW
        store.sweep(places | dict.fromkeys(chance.sample(range(1, LISTINGS + 1), 6), Status.REJECTED))
        steps = [
            (store.id, card, to_text(NOW - hours * HOUR), float(max(0, round(chance.gauss(6, 3)))))
            for card in CARDS
            for hours in range(days * 24)
        ]
        hourly = [(store.id, *[to_text(NOW - hours * HOUR)] * 3) for hours in range(1, days * 24)]
        with transaction(store.db) as connection:
            connection.executemany(CARD_VALUE, steps)
            connection.executemany(RUN, hourly)
        mark_valued(store.db, store.id)
        found.append(store)
    return found


def home(bench: Bench) -> tuple[Path, list[Store]]:
    """A home with these stores and these rules."""
    folder = bench.fresh("alerts")
    (folder / "aexdash.toml").write_text("".join(STORE.format(number=number) for number in range(bench.size.stores)))
    book = RuleStore(folder / "desk.db")
    for rule in rules(bench.size.rules)[len(DEFAULTS) :]:
        book.save(rule, by="bench", now=NOW)
    return folder, stores(folder, bench.size.stores, bench.size.days_of_rules)


def read_again(stores: list[Store], minutes: int) -> None:
    """Read every store once more; nothing has moved."""
    for store in stores:
        store.now = NOW + timedelta(minutes=minutes)
        store.pulse({})
        mark_valued(store.db, store.id)


def figures(bench: Bench) -> Iterator[Figure]:
    """Measure the rounds and a back-test."""
    size = bench.size
    folder, watched = home(bench)
    settings = load_settings(folder)
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: watched[0].now)
    engine = Engine(settings, snapshot)
    begun = time.perf_counter()
    opened = len(engine.round(NOW))
    what = f"(m) {size.rules} rules x {size.stores} stores"
    yield Figure(f"{what}, the first round of a process", "", f"{time.perf_counter() - begun:.2f} s, {opened} events")
    after, again = rounds(engine, watched, size.few_rounds)
    yield within(f"{what}, after all were read", MOST_MS, after, "ms")
    yield Figure(f"{what}, nothing new", "", spread(again, "ms"))
    for key in ("held", "worse-than-usual", "one-cause"):
        facts, begins = snapshot.alert_facts("s0"), NOW - timedelta(days=size.days_of_rules)
        took = asked_again(lambda: backtest(DEFAULTS[key], facts, begins, NOW), size.few_rounds)  # noqa: B023
        yield Figure(f"(m) {key} tried on {size.days_of_rules} days", "", spread(took, "ms"))
    for store in watched:
        store.db.close()


def rounds(engine: Engine, watched: list[Store], number: int) -> tuple[list[float], list[float]]:
    """The milliseconds of so many rounds after every store was read, and of as many for which nothing is new."""
    after, again = [], []
    for index in range(number):
        read_again(watched, 5 * (index + 1))
        after.append(timed(lambda: engine.round(watched[0].now)))
        again.append(timed(lambda: engine.round(watched[0].now)))
    return after, again


if __name__ == "__main__":
    report(figures)

"""A home of two stores with something of each everywhere: what is of the second says Zebra, or has an id of its own.

`one_store` is the same home as if the second had never been, so that all that is told of the first can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from aexdash.alerts.engine import Engine
from aexdash.causes.kept import Reports
from aexdash.causes.movement import Movement, What
from aexdash.causes.report import examine, to_json
from aexdash.clock import to_text
from aexdash.desk.annotations import Annotations
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.decisions.assignment import AssignmentRule, AssignmentRules
from aexdash.desk.decisions.items import Fix, Note, Seen, Take
from aexdash.desk.decisions.proposals import Proposal
from aexdash.desk.decisions.work import Desk
from aexdash.desk.feed_columns import folder_of
from aexdash.desk.profiles import Profiles
from aexdash.desk.saved_views import SavedViews, Scope
from aexdash.feed.fetched import Fetched, write_fetched
from aexdash.model import Status
from aexdash.people.names import Person
from aexdash.platform_data import Observation
from aexdash.reconcile import examine as reconciling
from aexdash.reconcile.kept import Reconciliations
from aexdash.reconcile.model import TheirList, TheirRow
from aexdash.snapshot.shops.readmodels import Matching
from aexdash.snapshot.shops.recording import ensure_shop
from aexdash.snapshot.trade import feed_files
from aexdash.sources.validation import FeedLine, Validation
from aexdash.supervision.states import LoopState, WorkerState
from tests.alerts.watched import ACTIVE, AUDITING, REJECTED, Watched, home_of
from tests.snapshot.shops.shop import ShopStory, product
from tests.snapshot.store import NOON, shown

MARK = "zebra"
"""What is in every text of the second store, in any case."""

FIRST, SECOND = 1005006000000001, 2005007000000001
"""The first product id of each store."""

STORE = '[store.{key}]\ntitle = "{title}"\nmodel = "overseas"\napp_key = "1"\n'

OF_BOTH = '[channel.ops]\nkind = "webhook"\n'

OF_SECOND = """
[channel.zebras]
kind = "webhook"
stores = ["zeb"]

[shop.zebrashop]
kind = "csv"
title = "Zebra shop"
file = "zebra.csv"
stores = ["zeb"]
"""

NOW = NOON + timedelta(hours=3)


@dataclass(frozen=True)
class Of:
    """What is of a store: its title, the first id of its listings, the word in all texts, and who works on it."""

    title: str
    first: int
    word: str
    who: Person


OF = {
    "eu": Of("European store", FIRST, "Lamp", Person("Ana")),
    "zeb": Of("Zebra store", SECOND, "Zebra lamp", Person("Zebra Zoe")),
}


def one_store(folder: Path) -> Path:
    """Make a home of the first store alone; return it."""
    return _made(folder, ("eu",))


def two_stores(folder: Path) -> Path:
    """Make the same home with the second store beside it; return it."""
    return _made(folder, ("eu", "zeb"))


def _made(folder: Path, keys: Sequence[str]) -> Path:
    stores = [Watched(folder, key) for key in keys]
    settings = home_of(folder, *keys)
    for one in stores:
        one.settings = settings
        one.engine = Engine(settings, stores[0].store.snapshot) if one is stores[0] else stores[0].engine
        one.store.db.execute("UPDATE store SET title = ? WHERE key = ?", [OF[one.key].title, one.key])
    for hours in (0, 2, 1):
        for one in stores:
            _read(one, hours)
    for one in stores:
        _decided(folder, one, OF[one.key])
        _brought(folder, one, OF[one.key])
        one.close()
    _told(folder, keys)
    return folder


def _told(folder: Path, keys: Sequence[str]) -> None:
    """Write what the settings and the worker say of the stores."""
    named = "".join(STORE.format(key=key, title=OF[key].title) for key in keys)
    (folder / "aexdash.toml").write_text(named + OF_BOTH + (OF_SECOND if "zeb" in keys else ""), "utf-8")
    (folder / "clock.txt").write_text(to_text(NOW), "ascii")
    loops = {"alerts": LoopState(), "sync-eu": LoopState()}
    if "zeb" in keys:
        loops["sync-zeb"] = LoopState(failing_since=NOW - timedelta(hours=1), error="Zebra cannot be read.", restarts=9)
    state = WorkerState(pid=1, began_at=NOW - timedelta(hours=2), at=NOW, loops=loops)
    (folder / "worker.json").write_text(state.model_dump_json(), "utf-8")


def _read(one: Watched, hours: int) -> None:
    """Read a store; at the second reading most of it has come to be held, for a reason that most of that shares."""
    of = OF[one.key]
    if hours == 2:
        held = {of.first + number: REJECTED if number < 40 else AUDITING for number in range(45)}
        listed = {number: _listing(number, status, of.word) for number, status in held.items()}
        one.read(listed, codes=dict.fromkeys(list(held)[:30], "image.main_too_small"), hours=hours)
    elif hours:
        one.read(hours=hours)
    else:
        one.read({of.first + number: _listing(of.first + number, ACTIVE, of.word) for number in range(60)})


def _listing(product_id: int, status: Status, word: str) -> Observation:
    return shown(product_id, status, title=f"{word} {product_id % 100}", sku_codes=(f"{word}-{product_id % 100}",))


def _decided(folder: Path, watched: Watched, of: Of) -> None:
    path, now, key, first, word, who = folder / "desk.db", watched.store.now, watched.key, of.first, of.word, of.who
    desk = Desk(path)
    rows = watched.store.snapshot.rows_of([(key, first + number) for number in range(6)])
    seen = [Seen.of(row) for row in sorted(rows, key=lambda row: row.product_id)]
    desk.act(Take(), seen[:1], who=who, now=now, through="page")
    desk.act(Note(f"{word} asked"), seen[1:2], who=who, now=now, through="page")
    proposal = Proposal(key, first + 2, "image.main_too_small", "Picture", f"{word}.jpg")
    desk.act(Fix(), seen[2:3], who=who, now=now, through=f"file {word}.xlsx", proposals=[proposal])
    members = [(key, first + number) for number in range(5)]
    due = date(2026, 3, 20)
    Campaigns(path).make(f"{word} march", f"store={key}", members, due_on=due, responsible=who.name, who=who, now=now)
    Profiles(path).make(f"{word} profile", [key], by=who.name, now=now)
    SavedViews(path).save(f"{word} view", f"store={key}", Scope.TEAM, who=who, now=now)
    if key == "zeb":
        rule = AssignmentRule("", f"{word} rule", who.name, stores=(key,))
        AssignmentRules(path).save(rule, 1, by=who.name, now=now)


def _brought(folder: Path, watched: Watched, of: Of) -> None:
    path, now, key, store = folder / "desk.db", watched.store.now, watched.key, watched.store
    first, word, who = of.first, of.word, of.who
    texts = [(first + number, f"{word} says nobody knows what") for number in range(3)]
    Annotations(path).add(key, texts, source=f"{word}.csv", by=who.name, now=now)
    movement = Movement(What.HELD, now - timedelta(hours=2), now, (key,))
    Reports(path).keep(movement.key, to_json(examine(store.snapshot, movement, now)), by=who.name, now=now)
    theirs = TheirList(f"{word}.csv", tuple(TheirRow(row, str(one), one) for row, one in enumerate([first, 7], 2)))
    result = reconciling.of_list(store.snapshot, theirs, listed=(REJECTED, AUDITING), at=now, scope=(key,), now=now)
    Reconciliations(path).keep(result, by=who.name)
    line = FeedLine(1, f"{word}-1", f"{word} has no GTIN", "E7", "gtin", "Error", True, now)
    feed_files.record_file(store.db, store.id, f"{word}-feed.csv", word, read=Validation(5, 1, (line,)), now=now)
    feed_files.record_file(store.db, store.id, f"{word}-bad.csv", f"{word}2", read=f"{word} is no table.", now=now)
    folder_of(folder, key).mkdir(parents=True)
    write_fetched(folder, key, Fetched(looked_at=now, trouble=f"{word} server is away.", latest=f"{word}-feed.csv"))
    _shop(folder, key, word, now)


def _shop(folder: Path, key: str, word: str, now: datetime) -> None:
    shop = ShopStory(folder, "zebrashop" if key == "zeb" else "lampshop", now=now)
    ensure_shop(shop.db, key=shop.key, kind="csv", title=f"{word} shop", matching=Matching.SKU, stores=[key], now=now)
    goods = [product(f"{word}-{number}", title=f"{word} {number}", price=Decimal(5)) for number in range(3)]
    shop.read([part for parts in goods for part in parts])
    shop.db.close()

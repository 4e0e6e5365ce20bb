"""The promises of docs/design.md, each as a comparison of what the files say with what a plain model knows.

Each check raises `Broken` with its name. docs/evidence.md lists, for each, a fault of the code by which it was seen to.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from aexdash.cards import CARDS, values
from aexdash.cards.model import Need, Window
from aexdash.cards.window import Ending
from aexdash.doctor.inside_snapshot import COUNT_CARDS
from aexdash.model import HELD, Outcome, Status
from aexdash.snapshot.file import reading
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.recount import differences
from aexdash.statement import Claim
from aexdash.view import View
from aexdash.words.cards import verdict
from tests.promises.readings import AHEAD, Model

if TYPE_CHECKING:
    from tests.simulation.known import Known

GOOD = {"Performing", "Stable", "Needs attention"}
WORST_FIRST = ("never", "ahead", "failed", "stale", "partial", "fresh")


class Promise(StrEnum):
    """What is checked, in the words of docs/design.md §1 where it is one of those."""

    NO_FALSE_ZERO = "no false zero"
    GOES_WHERE_SAID = "a listing moves only where AliExpress said"
    WHOLE = "read whole means read whole"
    ONE_ROW = "one listing, one row"
    TWO_CLOCKS = "two clocks on every number"
    BOOKS = "the books balance"
    ALL_OR_NOTHING = "all of a run is kept, or nothing"
    DECISIONS = "people's decisions are theirs"
    LOG = "the log of decisions only grows"
    CONFLICTS = "nobody's change is lost"
    SECRETS = "secrets stay out"
    EXPLAINED = "no error that nobody foresaw"
    NO_OVERCLAIM = "no number claims more than was read"
    GREEN_LIGHT = "a green light says only what it checked"
    ONE_WRITER = "one process writes"
    ALERTS = "no alert is cleared by ignorance"
    MESSAGES = "every alert is told at least once"
    READS_ON = "when all is well again, everything is read"
    SHOPS = "of a shop stands what its readings showed"
    SHOP_WHOLE = "a shop is read whole only where all of it came"
    SHOP_LOSS = "what a shop loses at once is believed the second time"
    FEED = "a feed file is read whole, and once"
    ONE_WORKER = "one worker keeps a home"
    TAKES_OVER = "the next worker takes over from a dead one"
    UPGRADE = "an upgrade keeps what there was"
    WHOLE_FILES = "the files stay whole"


class Broken(BaseException):
    """A promise was broken; the text says what was found. No `except Exception` of the product takes it."""

    def __init__(self, promise: Promise, found: object) -> None:
        self.promise = promise
        super().__init__(f"{promise}: {found}")


def keep(promise: Promise, holds: object, found: object) -> None:
    """Raise where a promise does not hold."""
    if not holds:
        raise Broken(promise, found)


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file as nobody of the product does."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        yield connection


def open_statuses(connection: sqlite3.Connection, store: int) -> dict[int, Status]:
    """Where the open periods have each listing; one that is deleted is nowhere."""
    sql = "SELECT product_id, status FROM status_period WHERE store_id = ? AND ended_at IS NULL AND status <> 'deleted'"
    rows = connection.execute(sql, [store]).fetchall()
    keep(Promise.ONE_ROW, len(rows) == len(dict(rows)), "a listing has two open periods")
    return {number: Status(status) for number, status in rows}


@dataclass
class Look:
    """What is looked at: the stores that the snapshot knows, and chance for the moments."""

    snapshot: Snapshot
    stores: Mapping[str, Known]
    now: datetime
    chance: Random

    def present(self) -> None:
        """Compare everything that is said of now: all stores together, and one of them."""
        with self.snapshot.together():
            self._present()

    def _present(self) -> None:
        for keys in (tuple(self.stores), (self.chance.choice(list(self.stores)),)):
            self._moment(Model([self.stores[key] for key in keys], self.now))
        self._worklist()
        self._freshness()

    def past(self) -> None:
        """Compare what is said of some moment of the past, and the books of a span."""
        edges = [at for store in self.stores.values() for at in store.moments()]
        if not edges:
            return
        at, start, end = (self.chance.choice(edges) for _ in range(3))
        with self.snapshot.together():
            self._moment(Model(list(self.stores.values()), self.now, at))
            self._books(self.chance.choice(list(self.stores)), *sorted((start, end)))

    def _moment(self, model: Model) -> None:
        keys = tuple(store.key for store in model.stores)
        hero = self.snapshot.hero(View(profile="asked", stores=keys, as_of=model.at), with_stuck=False)
        of = model.of("held")
        about = f"{', '.join(keys)} at {model.at or 'present'}"
        wanted = (
            model.count("held", *HELD),
            model.count("held", Status.REJECTED),
            model.count("active", Status.ACTIVE),
        )
        said = (hero.held, hero.rejected, hero.active)
        keep(Promise.NO_FALSE_ZERO, said == wanted, f"{about}: said {said}, read {wanted}")
        keep(Promise.NO_FALSE_ZERO, hero.total == model.total, f"{about}: total {hero.total}, read {model.total}")
        claim = model.claim("held")
        keep(Promise.NO_OVERCLAIM, hero.reach.claim is claim, f"{about}: {hero.reach.claim}, may be {claim}")
        missing = {store.key for store in model.stores if store not in of}
        named = {one.store for one in hero.reach.missing}
        keep(Promise.NO_OVERCLAIM, named == missing, f"{about}: missing {missing}, named {named}")
        since = model.held_since()
        if hero.held:
            keep(Promise.TWO_CLOCKS, hero.since == since, f"{about}: held since {hero.since}, read {since}")

    def _worklist(self) -> None:
        rows = list(self.snapshot.rows(View(profile="asked", stores=tuple(self.stores))))
        for key, store in self.stores.items():
            mine = [row for row in rows if row.store == key]
            ids, held = [row.product_id for row in mine], store.held_ids()
            keep(Promise.ONE_ROW, len(ids) == len(set(ids)) and set(ids) == held, f"{key}: rows {ids}, held {held}")
            for row in mine:
                since = store.held_for(row.product_id)
                keep(Promise.TWO_CLOCKS, row.held_since == since, f"{row.product_id}: {row.held_since}, read {since}")
                changed = store.since(row.product_id, row.status)
                keep(Promise.TWO_CLOCKS, row.started_at == changed, f"{row.product_id}: {row.started_at}, {changed}")

    def _freshness(self) -> None:
        tolerances = {key: store.tolerance.total_seconds() for key, store in self.stores.items()}

        def state(*keys: str) -> str:
            return self.snapshot.freshness(keys, self.now, tolerances.__getitem__).state

        each = {key: store.freshness(self.now) for key, store in self.stores.items()}
        said = {key: state(key) for key in self.stores}
        keep(Promise.GREEN_LIGHT, said == each, f"said {said}, is {each}")
        worst = min(each.values(), key=WORST_FIRST.index)
        keep(Promise.GREEN_LIGHT, state(*self.stores) == worst, f"of all {state(*self.stores)}, is {worst}")

    def _books(self, key: str, start: datetime, end: datetime) -> None:
        books, store = self.snapshot.past(key).books(start, end), self.stores[key]
        came, left = store.entries(start, end)
        opening, closing = len(store.held_ids(start)), len(store.held_ids(end))
        said = (books.opening, books.first_seen + books.entered, books.left, books.closing)
        wanted = (opening, came, left, closing)
        keep(Promise.BOOKS, said == wanted, f"{key} {start} to {end}: said {said}, read {wanted}")
        keep(Promise.BOOKS, said[0] + said[1] - said[2] == said[3], f"{key} {start} to {end}: {said}")

    def cards(self) -> None:
        """Compare what each card claims, and the values of those that can be worked out from lists alone."""
        model, keys = Model(list(self.stores.values()), self.now), tuple(self.stores)
        said = values(self.snapshot.measures(keys))
        for key, card in CARDS.items():
            if Need.FEED in card.needs or card.throughout:  # the latter leaves out stores that joined in its window
                continue
            window = None if card.window is Window.RT else Ending(card.window)
            claim = model.claim(card.counts, window)
            keep(
                Promise.NO_OVERCLAIM, said[key].reach.claim is claim, f"{key}: {said[key].reach.claim}, may be {claim}"
            )
            judged = verdict(said[key], card.band).word in GOOD
            keep(Promise.NO_OVERCLAIM, claim is Claim.KNOWN or not judged, f"{key} is judged and {claim}")
            known = model.of(card.counts) or said[key].value is None
            keep(Promise.NO_FALSE_ZERO, known, f"{key} says {said[key].value} and nobody has read")
        rejected = model.rejected_in(Ending(Window.H24))
        card = said["aex_rejected_listings_24h"].value
        keep(Promise.BOOKS, card == rejected, f"rejected in 24 hours: {card}, read {rejected}")


def recounted(path: Path) -> None:
    """Count again all that the snapshot keeps."""
    with reading(path) as connection:
        found = differences(connection, COUNT_CARDS)
    keep(Promise.GREEN_LIGHT, not found, [str(one) for one in found[:3]])


def whole(path: Path) -> None:
    """Let SQLite check every page of a file, where there is one."""
    if path.exists() and path.stat().st_size:
        try:
            with read_only(path) as connection:
                found = connection.execute("PRAGMA integrity_check(3)").fetchall()
        except sqlite3.DatabaseError as error:
            found = error
        keep(Promise.WHOLE_FILES, found == [("ok",)], f"{path.name}: {found}")


def alerts(
    events: Sequence[tuple[str, str, str]], is_open: set[tuple[str, str]], stores: Mapping[str, Known], now: datetime
) -> None:
    """Compare new events (rule, store, kind) with what was read, and which episodes are open after a round."""
    for rule, key, kind in events:
        store, closed = stores[key], kind == "closed"
        held = len(store.held_ids())
        if rule == "anything":
            keep(Promise.ALERTS, store.current(now), f"{key}: {kind} on what was read {store.freshness(now)}")
            keep(Promise.ALERTS, (held == 0) is closed, f"{key}: {kind} with {held} held")
        elif closed:
            complete = [run.at for run in store.runs if run.outcome is Outcome.COMPLETE and run.at]
            lately = bool(complete) and -AHEAD <= now - complete[-1] <= timedelta(hours=50)
            keep(Promise.ALERTS, lately, f"{key}: no data closed, last complete reading {complete[-1:]}")
    for key, store in stores.items():
        if store.current(now):
            held, fires = len(store.held_ids()), ("anything", key) in is_open
            keep(Promise.ALERTS, fires is (held > 0), f"{key}: {held} held, alert {'open' if fires else 'not open'}")


def events_of(message: object) -> set[int]:
    """The numbers of the events that a message tells."""
    payload = message.payload
    return {number for part in payload.get("episodes", [payload]) for number in part.get("events", ())}


def tokens_in(path: Path) -> list[str]:
    """The tokens in the file that is there to keep them."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    return [str(kept[name]) for name in ("access_token", "refresh_token")]

"""A desk with something in every table, as people and the worker put it there; and everything that reads it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.episodes.rounds import load_places
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.cards import CARDS
from aexdash.causes.kept import Reports
from aexdash.causes.reread import numbered
from aexdash.config.settings import Settings
from aexdash.desk import channel_state, outbox
from aexdash.desk.annotations import Annotations
from aexdash.desk.bands import Band, Direction, Sensitivity
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.decisions.assignment import AssignmentRule, AssignmentRules, assign_arrivals
from aexdash.desk.decisions.items import Fix, Note, Seen, Snooze, Take
from aexdash.desk.decisions.proposals import Proposal
from aexdash.desk.decisions.stage_marks import stage_marks
from aexdash.desk.decisions.work import Desk
from aexdash.desk.feed_columns import FeedDesk
from aexdash.desk.profiles import Profiles
from aexdash.desk.saved_views import SavedViews, Scope
from aexdash.desk.sessions import Sessions
from aexdash.desk.settings import Preferences, WorkSettingsDesk
from aexdash.model import SnoozeUntil, Stage
from aexdash.notify.channel_states import states
from aexdash.notify.waiting import waiting
from aexdash.people.identity import Identity
from aexdash.people.names import Person
from aexdash.reconcile.kept import Reconciliations
from aexdash.snapshot.query import Snapshot
from aexdash.sources.feedonomics import FeedColumns
from aexdash.sources.seller_center import ColumnMap
from aexdash.view import View
from tests.alerts.watched import REJECTED, Watched

ANA = Person("Ana")

CHANNEL = '[channel.ops]\nkind = "webhook"\n'

REPORT = '{"findings": [{"name": "image"}]}'

HELD = next(iter(CARDS.values()))


def full(folder: Path) -> Watched:
    """Make a home whose stores are read and whose desk has a row in every table that is looked at."""
    watched = Watched(folder, more=CHANNEL)
    watched.read(dict.fromkeys(range(1, 5), REJECTED))
    path, now = watched.store.desk_path, watched.store.now
    desk = Desk(path)
    seen = [Seen.of(row) for row in watched.store.snapshot.rows(View())]
    first = desk.act(Take(), seen[:1], who=ANA, now=now, through="page")
    desk.act(Note("ask"), [_again(seen[0], first)], who=ANA, now=now, through="panel")
    worse = Snooze(now + timedelta(days=2), SnoozeUntil.WORSE, 3, {})
    desk.act(worse, seen[1:2], who=ANA, now=now, through="page")
    proposal = Proposal("main", 3, "image.ratio", "Picture", "b.jpg")
    desk.act(Fix(), seen[2:3], who=ANA, now=now, through="file a.xlsx", proposals=[proposal])
    Annotations(path).add("main", [(1, "Brand is missing")], source="pasted", by="Ana", now=now)
    Annotations(path).remember_columns(["id", "why"], ColumnMap("id", None, ("why",)), "Ana", now)
    FeedDesk(path).remember(["SKU", "Why"], FeedColumns(sku="SKU", message="Why"), by="Ana", now=now)
    Profiles(path).make("Europe", ["main"], by="Ana", now=now)
    Sensitivity(path).set_band(None, HELD, Band(Direction.LOWER, 1, 5), by="Ana", now=now)
    SavedViews(path).save("Mine", "owner=Ana", Scope.TEAM, who=ANA, now=now)
    Campaigns(path).make("March", "", [("main", 1)], due_on=date(2026, 3, 20), responsible="", who=ANA, now=now)
    AssignmentRules(path).save(AssignmentRule("", "Pictures", "Bo"), 1, by="Ana", now=now)
    WorkSettingsDesk(path).set("waiting_hours", 48, by="Ana", now=now)
    Preferences(path).keep("Ana", "profile", "europe")
    RuleStore(path).switch(next(iter(DEFAULTS)), False, by="Ana", now=now)
    watched.read(dict.fromkeys(range(1, 40), REJECTED), minutes=30)
    watched.read(dict.fromkeys(range(1, 60), REJECTED), minutes=30)
    if opened := watched.episodes.open():
        watched.episodes.note(opened[0].id, "seen", by="Ana", now=now)
    channel_state.record_failure(path, "ops", "no answer", now)
    Reports(path).keep("held", REPORT, by="Ana", now=now)
    Sessions(path).start(Identity("https://id.example.com|1", "Ana", ("leads",)), now)
    _rest(path)
    return watched


def _again(seen: Seen, outcome: object) -> Seen:
    (item,) = outcome.items.values()  # type: ignore[attr-defined]
    return Seen(seen.store, seen.product_id, item.version, seen.period, seen.attempt, seen.codes)


def _rest(path: Path) -> None:
    """Write what takes a whole comparison, or a channel that gets an alert, to make."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (event,) = connection.execute("SELECT max(id) FROM alert_event").fetchone()
        connection.execute(
            "INSERT OR IGNORE INTO alert_delivery (event_id, channel, due_at) VALUES (?, 'ops', ?)",
            [event, "2026-03-09T12:00:00.000Z"],
        )
        connection.execute(
            "INSERT INTO reconciliation (made_at, by, at, scope, listed, numbers, outcome, differs_by, report)"
            " VALUES (?1, 'Ana', ?1, '[\"main\"]', '[\"auditing\", \"rejected\"]', 0, 'agrees', 0, '{}')",
            ["2026-03-09T12:00:00.000Z"],
        )
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def readers(settings: Settings, path: Path, snapshot: Snapshot) -> dict[str, Callable[[], object]]:
    """Everything that reads the desk for pages, commands and the worker, by a name."""
    now, desk = snapshot.now(), Desk(path)
    people, listing = ANA, ("main", 1)
    return {
        "items": lambda: desk.items([("main", one) for one in range(1, 5)]),
        "log": lambda: [desk.log("main", one) for one in range(1, 5)],
        "changes": lambda: desk.changes(now - timedelta(days=30), now),
        "last": lambda: desk.last_of(people, now - timedelta(days=30)),
        "owners": desk.owners,
        "mark": desk.mark,
        "proposals": lambda: desk.proposals("main", 3),
        "fixed": lambda: stage_marks(path, Stage.FIXED, now - timedelta(days=30), now),
        "annotations": lambda: Annotations(path).latest("main"),
        "annotations of": lambda: Annotations(path).of(*listing),
        "texts": Annotations(path).texts,
        "columns": lambda: Annotations(path).columns_for(["id", "why"]),
        "feed columns": lambda: FeedDesk(path).columns_for(["SKU", "Why"]),
        "feed changed": FeedDesk(path).changed_at,
        "profiles": Profiles(path).all,
        "bands": lambda: Sensitivity(path).standing(None, list(CARDS.values())),
        "band history": lambda: Sensitivity(path).history(None),
        "saved views": lambda: SavedViews(path).all(people),
        "campaigns": Campaigns(path).open,
        "campaign": lambda: [Campaigns(path).get(key) for key in Campaigns(path).keys()],  # noqa: SIM118
        "members": lambda: Campaigns(path).members("march"),
        "assignment": AssignmentRules(path).all,
        "work settings": WorkSettingsDesk(path).read,
        "setting history": WorkSettingsDesk(path).history,
        "preference": lambda: Preferences(path).read("Ana", "profile"),
        "rules": RuleStore(path).read,
        "rule history": lambda: RuleStore(path).history(next(iter(DEFAULTS))),
        "places": lambda: load_places(path),
        "episodes": lambda: Episodes(path).recent(50),
        "events": lambda: [Episodes(path).events(one) for one in range(1, 6)],
        "episode log": lambda: [Episodes(path).log(one) for one in range(1, 6)],
        "deliveries": lambda: [outbox.deliveries_of(path, one) for one in range(1, 6)],
        "waiting": lambda: waiting(path, "ops", now),
        "channels": lambda: states(path, settings.channels),
        "reports": lambda: Reports(path).latest(10),
        "report read": lambda: numbered(Reports(path), 1),
        "comparisons": lambda: Reconciliations(path).latest(10),
        "comparison": lambda: Reconciliations(path).get(1),
        "worklist": lambda: list(snapshot.rows(View())),
        "worklist then": lambda: list(snapshot.rows(View(as_of=now))),
        "tabs": lambda: snapshot.tabs(View(), me="Ana"),
        "facets": lambda: snapshot.facets(View()),
        "hero": lambda: snapshot.hero(View()),
        "campaign progress": lambda: snapshot.campaign("march"),
        "undo": lambda: [desk.undo(one, who=people, now=now) for one in range(1, 5)],
        "assign": lambda: assign_arrivals(path, snapshot, "main", now),
        "ask": desk.take_sync_requests,
        "sessions": lambda: Sessions(path).open(now, timedelta(days=1)),
    }

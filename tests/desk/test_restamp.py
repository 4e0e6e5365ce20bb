"""What people decided by a clock that was ahead counts after the repair as what was decided by a right one."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from aexdash.clock import CLOCK_TOLERANCE, from_text, to_text
from aexdash.desk import restamp
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.decisions.items import Back, Decision, Fix, Note, Seen, Snooze, Take
from aexdash.desk.decisions.work import Desk
from aexdash.desk.file import writing
from aexdash.model import Lane, Mark, SnoozeUntil, Stage
from aexdash.snapshot.recording.repair import repair
from aexdash.view import View
from tests.desk.deciding import ANN
from tests.desk.migrations.test_upgrade import content, every_version, opened_from
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, Store
from tests.storage.published import SCHEMA
from tests.support import examples

AHEAD = timedelta(days=40)
HOUR = timedelta(hours=1)


def act(store: Store, decision: Decision, one: int = 1) -> int | None:
    seen = [Seen.of(row) for row in store.snapshot.rows_of([(store.key, one)])]
    return Desk(store.desk_path).act(decision, seen, who=ANN, now=store.now, through="page").change


def mend(store: Store) -> str:
    """Repair snapshot and desk as the command does; return what is said of the desk."""
    repaired = repair(store.db, store.now, {}, future_moments=True)
    moved = restamp.move_back(store.desk_path, store.now, {one.of: one.places for one in repaired.moved})
    return str(moved[0]) if moved else ""


def shown(store: Store, one: int = 1) -> tuple[Lane, Stage, set[Mark]]:
    [row] = store.snapshot.rows_of([(store.key, one)])
    return row.lane, row.stage, set(row.marks)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def mistaken(store: Store) -> Store:
    """On sale at noon; an hour later, which the clock takes for 40 days later, it is rejected."""
    store.sweep({1: ACTIVE})
    store.after(days=40, hours=1).sweep({1: REJECTED})
    return store


def back(store: Store) -> Store:
    """Set the clock right, an hour after it was ahead."""
    store.now = NOON + 2 * HOUR
    return store


def test_what_was_marked_fixed_by_a_clock_ahead_is_left_alone_too_long_in_time(mistaken: Store) -> None:
    act(mistaken, Fix())
    said = mend(back(mistaken))
    assert said.startswith("desk: ")
    assert "moments ahead of the clock moved back in their order, the latest from 2026-04-18 13:00:00 to " in said
    assert shown(mistaken) == (Lane.WAITING, Stage.FIXED, set())
    mistaken.after(days=4).sweep({1: REJECTED})
    assert shown(mistaken) == (Lane.TODO, Stage.FIXED, {Mark.TOO_LONG})
    assert restamp.ahead(mistaken.desk_path, mistaken.now) == []


def test_what_was_put_back_by_a_clock_ahead_is_untouched_in_time(mistaken: Store) -> None:
    act(mistaken, Take())
    act(mistaken.after(minutes=1), Back())
    mend(back(mistaken))
    mistaken.after(days=2).sweep({1: REJECTED})
    assert shown(mistaken) == (Lane.TODO, Stage.NEW, {Mark.UNTOUCHED})


@pytest.mark.parametrize("decision", [Snooze(), Snooze(event=SnoozeUntil.STATUS), Take()])
def test_what_leaves_and_comes_back_is_new_whatever_was_decided_by_a_clock_ahead(
    mistaken: Store, decision: Decision
) -> None:
    act(mistaken, decision)
    mend(back(mistaken))
    assert shown(mistaken)[1] is not Stage.NEW
    mistaken.after(hours=1).sweep({1: ACTIVE})
    mistaken.after(days=30).sweep({1: AUDITING})
    assert shown(mistaken)[:2] == (Lane.WAITING, Stage.NEW)


def test_a_snooze_until_the_status_changes_ends_after_the_repair(mistaken: Store) -> None:
    act(mistaken, Snooze(event=SnoozeUntil.STATUS))
    mend(back(mistaken))
    mistaken.after(hours=1).sweep({1: AUDITING})
    assert shown(mistaken) == (Lane.WAITING, Stage.NEW, {Mark.WOKEN})


def test_a_snooze_lasts_as_long_as_it_was_meant_to(mistaken: Store) -> None:
    until = mistaken.now + timedelta(days=3)
    act(mistaken, Snooze(until=until))
    undone = act(mistaken.after(minutes=1), Take())
    assert undone is not None
    mend(back(mistaken))
    Desk(mistaken.desk_path).undo(undone, who=ANN, now=mistaken.now)  # brings the snooze back, from the log
    [row] = mistaken.snapshot.rows_of([("main", 1)])
    assert row.stage_at is not None
    assert row.snoozed_until == row.stage_at + timedelta(days=3)
    mistaken.after(days=3).sweep({1: REJECTED})
    assert Mark.WOKEN in shown(mistaken)[2]


def test_a_snooze_by_a_right_clock_keeps_its_end(store: Store) -> None:
    store.sweep({1: REJECTED})
    until = store.now + timedelta(days=90)
    act(store, Snooze(until=until))
    assert restamp.ahead(store.desk_path, store.now) == []
    assert restamp.move_back(store.desk_path, store.now, {}) is None
    [row] = store.snapshot.rows_of([("main", 1)])
    assert row.snoozed_until == until


def test_a_decision_by_a_right_clock_on_a_period_stamped_ahead_goes_with_the_period(mistaken: Store) -> None:
    act(back(mistaken), Fix())
    mistaken.after(minutes=5)
    assert mend(mistaken).startswith("desk: 1 moments ahead")
    assert shown(mistaken) == (Lane.WAITING, Stage.FIXED, set())
    mistaken.after(hours=1).sweep({1: ACTIVE})
    mistaken.after(hours=1).sweep({1: AUDITING})
    assert shown(mistaken)[:2] == (Lane.WAITING, Stage.NEW)


def test_a_desk_that_an_earlier_repair_left_ahead_is_mended_too(mistaken: Store) -> None:
    act(mistaken, Fix())
    repair(back(mistaken).db, mistaken.now, {}, future_moments=True)
    assert restamp.ahead(mistaken.desk_path, mistaken.now) != []
    mend(mistaken.after(minutes=5))
    assert shown(mistaken) == (Lane.WAITING, Stage.FIXED, set())
    mistaken.after(hours=1).sweep({1: ACTIVE})
    mistaken.after(hours=1).sweep({1: AUDITING})
    assert shown(mistaken)[:2] == (Lane.WAITING, Stage.NEW)


def test_what_is_logged_stays_in_its_order_and_can_only_grow_afterwards(mistaken: Store) -> None:
    mistaken.now = NOON + HOUR / 2
    act(mistaken, Note("before"))
    mistaken.now = NOON + AHEAD + HOUR
    act(mistaken, Note("ahead"))
    Campaigns(mistaken.desk_path).make("Summer", "", [("main", 1)], who=ANN, now=mistaken.now)
    mistaken.now = NOON + 2 * HOUR
    act(mistaken, Note("since"))
    mend(mistaken.after(hours=1))
    told = [entry.at for entry in reversed(Desk(mistaken.desk_path).log("main", 1))]
    assert told[0] == NOON + HOUR / 2
    assert told[2] == NOON + 2 * HOUR
    assert told[0] < told[1] < told[2]
    [made] = Campaigns(mistaken.desk_path).open()
    assert told[0] < made.made_at <= told[2]
    for at, note in ((told[0], "before"), (told[1], "ahead"), (told[2], "since")):
        [row] = mistaken.snapshot.rows_of([("main", 1)], as_of=at)
        assert row.note == note
    with pytest.raises(sqlite3.IntegrityError, match="can only grow"), writing(mistaken.desk_path) as connection:
        connection.execute("UPDATE work_log SET at = ''")


def test_a_copy_of_the_desk_as_it_was_is_kept(mistaken: Store) -> None:
    act(mistaken, Fix())
    found = restamp.move_back(mistaken.desk_path, back(mistaken).now, {})
    assert found is not None
    with closing(sqlite3.connect(found[1])) as copy:
        assert copy.execute("SELECT stage_at FROM work_item").fetchone()[0] == to_text(NOON + AHEAD + HOUR)
    assert [path.name for path in Path(mistaken.folder).glob("*.repairing")] == []


def test_every_moment_of_the_desk_is_moved_or_planned(store: Store) -> None:
    with writing(store.desk_path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        named = re.compile(r"(.*_)?(at|since|until)")
        found = {
            (table, column)
            for table in tables
            for _, column, *_ in connection.execute(f"PRAGMA table_info({table})")
            if named.fullmatch(column) and table != "_sqlite_migrations"
        }
    known = {
        (table, column) for of in (restamp.STAMPED, restamp.PLANNED) for table, names in of.items() for column in names
    }
    assert found == known


@every_version
def test_of_a_desk_of_every_version_all_moments_are_moved_and_all_rows_kept(tmp_path: Path, dump: Path) -> None:
    path, now = opened_from(dump, tmp_path / "desk.db"), NOON - timedelta(days=700)
    late = restamp.ahead(path, now)
    assert late
    found = restamp.move_back(path, now, {})
    assert found is not None
    assert set(late) == set(map(from_text, found[0].places))
    assert restamp.ahead(path, now) == []
    with writing(path) as desk, writing(found[1]) as copy, writing(tmp_path / "new.db") as new:
        assert desk.execute(SCHEMA).fetchall() == new.execute(SCHEMA).fetchall()
        kept, before = content(desk), content(copy)
    assert {table: len(rows) for table, rows in kept.items()} == {table: len(rows) for table, rows in before.items()}
    assert kept["proposal"] == before["proposal"]


def test_messages_and_rules_of_alerts_move_with_the_clock_that_stamped_them(store: Store) -> None:
    now, late = to_text(store.now), store.now + AHEAD
    with writing(store.desk_path) as connection:
        connection.execute(
            "INSERT INTO alert_episode (trace, rule_key, title, store_key, severity, since, opened_at, at, reading)"
            " VALUES ('t', 'held', 'Held', 'main', 'high', ?, ?, ?, ?)",
            [
                to_text(late - HOUR),
                to_text(late),
                to_text(late),
                f'{{"at":"{(late - HOUR):%Y-%m-%dT%H:%M:%SZ}","of":"9999-99-99T99:99:99Z"}}',
            ],
        )
        connection.execute(
            "INSERT INTO alert_event (episode_id, kind, at, severity, since, reading, rule, codes, codes_before)"
            " VALUES (1, 'opened', ?, 'high', ?, '{}', '{}', '{}', '{}')",
            [to_text(late), to_text(late)],
        )
        connection.execute(
            "INSERT INTO alert_delivery (event_id, channel, due_at) VALUES (1, 'mail', ?)", [to_text(late + 8 * HOUR)]
        )
        connection.execute("INSERT INTO channel_state (channel, digest_at) VALUES ('mail', ?)", [to_text(late)])
    assert restamp.move_back(store.desk_path, store.now, {}) is not None
    with closing(sqlite3.connect(store.desk_path)) as desk:
        assert desk.execute("SELECT opened_at, at, since, reading FROM alert_episode").fetchone() == (
            *(now, now, to_text(store.now - HOUR)),
            f'{{"at":"{to_text(store.now - HOUR)}","of":"9999-99-99T99:99:99Z"}}',
        )
        assert desk.execute("SELECT due_at FROM alert_delivery").fetchone() == (to_text(store.now + 8 * HOUR),)
        assert desk.execute("SELECT digest_at FROM channel_state").fetchone() == (now,)


DECISIONS: list[Decision] = [Take(), Fix(), Snooze(), Snooze(event=SnoozeUntil.STATUS), Note("x"), Back()]

STEPS = some.lists(
    some.tuples(
        some.sampled_from([timedelta(), timedelta(), 2 * HOUR, AHEAD]),  # how far the clock is ahead
        some.one_of(
            some.dictionaries(some.integers(1, 3), some.sampled_from([ACTIVE, AUDITING, REJECTED]), min_size=1),
            some.tuples(some.integers(1, 3), some.sampled_from(DECISIONS)),
        ),
    ),
    min_size=3,
    max_size=8,
)


@dataclass
class Twins:
    """The same runs and decisions by a clock that is ahead at times, and by one that is always right."""

    mistaken: Store
    right: Store
    real: datetime = NOON
    known: dict[int, object] = field(default_factory=lambda: dict.fromkeys((1, 2, 3), REJECTED))

    def step(self, ahead: timedelta, what: object) -> None:
        self.real += HOUR
        self.mistaken.now, self.right.now = self.real + ahead, self.real
        if isinstance(what, dict):
            self.known |= what
            for store in (self.mistaken, self.right):
                store.sweep(self.known)  # type: ignore[arg-type]
        else:
            for store in (self.mistaken, self.right):
                act(store, what[1], what[0])  # type: ignore[index]

    def stages(self) -> list[dict[int, Stage]]:
        self.mistaken.now = self.right.now = self.real + HOUR
        return [
            {row.product_id: row.stage for row in store.snapshot.rows(View())} for store in (self.mistaken, self.right)
        ]


@pytest.mark.slow
@settings(max_examples=examples(24), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, later=some.dictionaries(some.integers(1, 3), some.sampled_from([ACTIVE, AUDITING, REJECTED])))
def test_however_far_the_clock_was_ahead_every_decision_counts_as_by_a_right_one(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[timedelta, object]], later: dict[int, object]
) -> None:
    twins = Twins(*(Store(tmp_path_factory.mktemp(name)) for name in ("mistaken", "right")))
    for store in (twins.mistaken, twins.right):
        store.sweep(twins.known)  # type: ignore[arg-type]
    for ahead, what in steps:
        twins.step(ahead, what)
    twins.stages()
    mend(twins.mistaken)
    assert restamp.ahead(twins.mistaken.desk_path, twins.mistaken.now) == []
    with writing(twins.mistaken.desk_path) as connection:
        told = [from_text(at) for (at,) in connection.execute("SELECT at FROM work_change ORDER BY id")]
    assert all(at <= twins.mistaken.now + CLOCK_TOLERANCE for at in told)
    mistaken, right = twins.stages()
    assert mistaken == right
    twins.step(timedelta(), later)
    mistaken, right = twins.stages()
    assert mistaken == right

"""Each held listing is in exactly one lane, by what people decided and what AliExpress did since."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

import aexdash
from aexdash.cards import CARDS
from aexdash.desk.decisions.changes import Outcome
from aexdash.desk.decisions.items import Back, Decision, Fix, Note, Seen, Snooze, Take
from aexdash.desk.decisions.work import Desk
from aexdash.desk.settings import WorkSettingsDesk
from aexdash.model import Lane, Mark, Provenance, Reason, SnoozeUntil, Stage, Status
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import Tabs, WorkRow
from aexdash.snapshot.recording.repair import repair
from aexdash.view import View
from tests.desk.deciding import ANN
from tests.snapshot.store import ACTIVE, AUDITING, REJECTED, Store

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TODO, WAITING, SNOOZED = Lane.TODO, Lane.WAITING, Lane.SNOOZED


def rows(store: Store, **view: object) -> dict[int, WorkRow]:
    return {row.product_id: row for row in store.snapshot.rows(View(**view))}  # type: ignore[arg-type]


def act(store: Store, decision: Decision, *ids: int) -> Outcome:
    """Decide on listings as they are shown now."""
    seen = [Seen.of(row) for row in store.snapshot.rows_of([(store.key, one) for one in ids])]
    return Desk(store.desk_path).act(decision, seen, who=ANN, now=store.now, through="page")


def reasons(store: Store, product_id: int, *codes: str) -> None:
    """Let these findings stand on a listing, and no others."""
    for period in open_period_ids(store.db, store.id, [product_id]).values():
        found = [Reason(code, Provenance.CHECK) for code in codes]
        record_reasons(store.db, period, found, {Provenance.CHECK}, store.now)


def places(store: Store, **view: object) -> dict[int, tuple[Lane, Stage, set[Mark]]]:
    return {one: (row.lane, row.stage, set(row.marks)) for one, row in rows(store, **view).items()}


def place(store: Store, product_id: int = 1) -> tuple[Lane, Stage, set[Mark]]:
    return places(store)[product_id]


@pytest.fixture
def held(store: Store) -> Store:
    """1 was rejected an hour ago, 2 was put into audit then, 3 is on sale."""
    store.sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE})
    store.after(hours=1).sweep({1: REJECTED, 2: AUDITING, 3: ACTIVE})
    return store.after(hours=1)


def again(store: Store, status: Status = REJECTED, second: Status = AUDITING, **span: float) -> Store:
    """Read the store so much later, with 1 in a status and 2 in another."""
    store.after(**span).sweep({1: status, 2: second, 3: ACTIVE})
    return store


def test_what_nobody_touched_is_to_do_or_in_audit(held: Store) -> None:
    assert places(held) == {1: (TODO, Stage.NEW, set()), 2: (WAITING, Stage.NEW, set())}


def test_what_is_taken_stays_to_do(held: Store) -> None:
    act(held, Take(), 1, 2)
    assert places(held) == {1: (TODO, Stage.TAKEN, set()), 2: (WAITING, Stage.TAKEN, set())}


def test_what_is_fixed_waits(held: Store) -> None:
    act(held, Fix(), 1)
    assert place(held) == (WAITING, Stage.FIXED, set())
    again(held, AUDITING, hours=1)
    assert place(held) == (WAITING, Stage.FIXED, set())


def test_what_is_fixed_and_left_alone_comes_back_after_the_set_time(held: Store) -> None:
    act(held, Fix(), 1)
    again(held, hours=71)
    assert place(held) == (WAITING, Stage.FIXED, set())
    again(held, hours=1)
    assert place(held) == (TODO, Stage.FIXED, {Mark.TOO_LONG})
    act(held, Fix(), 1)
    assert place(held) == (WAITING, Stage.FIXED, set())
    WorkSettingsDesk(held.desk_path).set("waiting_hours", 10, by="ann", now=held.now)
    again(held, hours=11)
    assert place(held) == (TODO, Stage.FIXED, {Mark.TOO_LONG})


def test_what_is_fixed_and_stuck_in_audit_comes_back(held: Store) -> None:
    act(held, Fix(), 1)
    again(held, AUDITING, hours=1)
    again(held, AUDITING, days=3)
    assert place(held) == (WAITING, Stage.FIXED, set())
    again(held, AUDITING, hours=1)
    assert place(held) == (TODO, Stage.FIXED, {Mark.TOO_LONG, Mark.STUCK})


def test_what_is_fixed_while_it_is_stuck_has_its_own_time_first(held: Store) -> None:
    again(held, second=AUDITING, days=3)
    assert place(held, 2) == (TODO, Stage.NEW, {Mark.STUCK})
    act(held, Fix(), 2)
    assert place(held, 2) == (WAITING, Stage.FIXED, {Mark.STUCK})
    again(held, second=AUDITING, days=3)
    assert place(held, 2) == (TODO, Stage.FIXED, {Mark.STUCK, Mark.TOO_LONG})


def test_a_rejection_after_the_fix_makes_it_new_and_regressed(held: Store) -> None:
    act(held, Fix(), 1)
    again(held, AUDITING, hours=1)
    again(held, REJECTED, hours=1)
    assert place(held) == (TODO, Stage.NEW, {Mark.REGRESSED})
    assert rows(held)[1].attempt == 2
    act(held, Take(), 1)
    assert place(held) == (TODO, Stage.TAKEN, {Mark.REGRESSED})
    act(held, Fix(), 1)
    assert place(held) == (WAITING, Stage.FIXED, set())


def test_a_rejection_that_was_not_seen_by_who_decided_counts(held: Store) -> None:
    """She decides on what she saw in audit; meanwhile it was rejected."""
    seen = [Seen.of(rows(held)[2])]
    again(held, second=REJECTED, hours=1)
    Desk(held.desk_path).act(Fix(), seen, who=ANN, now=held.after(minutes=1).now, through="page")
    assert place(held, 2) == (TODO, Stage.NEW, set())


def test_a_snooze_until_a_moment_is_over_then(held: Store) -> None:
    act(held, Snooze(until=held.now + DAY), 1, 2)
    assert {one: lane for one, (lane, *_) in places(held).items()} == {1: SNOOZED, 2: SNOOZED}
    again(held, days=1)
    assert places(held) == {1: (TODO, Stage.NEW, {Mark.WOKEN}), 2: (WAITING, Stage.NEW, {Mark.WOKEN})}


def test_a_snooze_until_aliexpress_changes_the_status_is_over_then(held: Store) -> None:
    act(held, Snooze(event=SnoozeUntil.STATUS), 1)
    again(held, days=9)
    assert place(held) == (SNOOZED, Stage.SNOOZED, set())
    again(held, AUDITING, hours=1)
    assert place(held) == (WAITING, Stage.NEW, {Mark.WOKEN})


def test_a_snooze_until_the_status_changes_is_over_where_it_had_changed_meanwhile(held: Store) -> None:
    seen = [Seen.of(rows(held)[1])]
    again(held, AUDITING, hours=1)
    snooze, now = Snooze(event=SnoozeUntil.STATUS), held.after(minutes=1).now
    Desk(held.desk_path).act(snooze, seen, who=ANN, now=now, through="page")
    assert place(held) == (WAITING, Stage.NEW, {Mark.WOKEN})


def test_a_snooze_until_it_gets_worse_ends_with_a_new_reason(held: Store) -> None:
    reasons(held, 1, "image.main_too_small", "image.watermark")
    act(held, Snooze(event=SnoozeUntil.WORSE), 1)
    reasons(held, 1, "image.watermark")
    assert place(held) == (SNOOZED, Stage.SNOOZED, set())
    reasons(held, 1, "image.watermark", "attribute.brand")
    assert place(held) == (TODO, Stage.NEW, {Mark.WOKEN})
    reasons(held, 1, "image.watermark")
    assert place(held) == (SNOOZED, Stage.SNOOZED, set())


def test_a_snooze_until_it_gets_worse_ends_with_a_rejection_and_not_with_an_audit(held: Store) -> None:
    act(held, Snooze(event=SnoozeUntil.WORSE), 1)
    again(held, AUDITING, hours=1)
    assert place(held) == (SNOOZED, Stage.SNOOZED, set())
    again(held, REJECTED, hours=1)
    assert place(held) == (TODO, Stage.NEW, {Mark.REGRESSED, Mark.WOKEN})


def test_a_snooze_ends_with_so_many_more_of_the_same_reason_in_its_store(store: Store) -> None:
    store.sweep(dict.fromkeys(range(1, 6), REJECTED))
    other = Store(store.folder, key="other", now=store.now)
    other.sweep(dict.fromkeys(range(11, 16), REJECTED))
    for one in (1, 2):
        reasons(store, one, "image.watermark")
    act(store, Snooze(event=SnoozeUntil.WORSE, more=2, same=store.snapshot.codes_held(None)), 1)
    for one in range(11, 16):
        reasons(other, one, "image.watermark")
    reasons(store, 3, "image.watermark", "image.main_too_small")
    assert store.snapshot.codes_held(None)["main"] == {"image.watermark": 3, "image.main_too_small": 1}
    assert place(store) == (SNOOZED, Stage.SNOOZED, set())
    then = store.now
    reasons(store.after(hours=1), 4, "image.watermark")
    assert place(store) == (TODO, Stage.NEW, {Mark.WOKEN})
    assert places(store, as_of=then)[1] == (SNOOZED, Stage.SNOOZED, set())
    assert places(store, as_of=store.now)[1] == (TODO, Stage.NEW, {Mark.WOKEN})
    assert [row.lane for row in store.snapshot.rows_of([("main", 1)])] == [TODO]


def test_a_snooze_without_an_end_lasts_until_somebody_says_otherwise(held: Store) -> None:
    act(held, Snooze(), 1)
    again(held, AUDITING, days=30)
    assert place(held) == (SNOOZED, Stage.SNOOZED, set())
    act(held, Back(), 1)
    assert place(held)[1] is Stage.NEW


def test_what_left_and_came_back_is_new_whatever_it_was_before(held: Store) -> None:
    act(held, Snooze(), 1)
    act(held, Fix(), 2)
    act(held, Note("ask the supplier"), 1)
    held.after(hours=1).sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE})
    again(held, AUDITING, REJECTED, days=90)
    assert places(held) == {1: (WAITING, Stage.NEW, set()), 2: (TODO, Stage.NEW, set())}
    assert rows(held)[1].note == "ask the supplier"


def test_untouched_is_what_nobody_took_for_the_set_time(held: Store) -> None:
    again(held, hours=22)
    assert place(held) == (TODO, Stage.NEW, set())
    again(held, hours=1)
    assert place(held) == (TODO, Stage.NEW, {Mark.UNTOUCHED})
    act(held, Take(), 1)
    assert place(held) == (TODO, Stage.TAKEN, set())
    act(held, Back(), 1)
    assert place(held) == (TODO, Stage.NEW, set())
    WorkSettingsDesk(held.desk_path).set("untouched_hours", 2, by="ann", now=held.now)
    again(held, hours=2)
    assert place(held) == (TODO, Stage.NEW, {Mark.UNTOUCHED})


def test_a_stuck_audit_is_untouched_only_after_it_was_stuck_for_the_set_time(held: Store) -> None:
    again(held, second=AUDITING, days=3)
    assert place(held, 2) == (TODO, Stage.NEW, {Mark.STUCK})
    again(held, second=AUDITING, days=1)
    assert place(held, 2) == (TODO, Stage.NEW, {Mark.STUCK, Mark.UNTOUCHED})


def test_what_wakes_is_untouched_only_after_the_set_time(held: Store) -> None:
    act(held, Snooze(until=held.now + 5 * DAY), 1)
    again(held, days=5)
    assert place(held) == (TODO, Stage.NEW, {Mark.WOKEN})
    again(held, days=1)
    assert place(held) == (TODO, Stage.NEW, {Mark.WOKEN, Mark.UNTOUCHED})


def test_a_store_that_nobody_reads_makes_nothing_too_long(held: Store) -> None:
    act(held, Fix(), 1)
    again(held, hours=1)
    said = places(held)
    held.after(days=60)
    assert places(held) == said == {1: (WAITING, Stage.FIXED, set()), 2: (WAITING, Stage.NEW, set())}


def test_the_urgent_come_first_and_then_the_oldest(store: Store) -> None:
    store.sweep(dict.fromkeys(range(1, 6), REJECTED))
    act(store, Fix(), 3)
    store.after(hours=1).sweep({1: REJECTED, 2: AUDITING, 3: REJECTED, 4: REJECTED, 5: REJECTED})
    store.after(hours=80).sweep({1: REJECTED, 2: REJECTED, 3: REJECTED, 4: REJECTED, 5: REJECTED, 6: REJECTED})
    act(store, Take(), 1)
    found = [(row.product_id, set(row.marks)) for row in rows(store, order="urgent").values()]
    assert found == [
        (2, {Mark.REGRESSED}),
        (3, {Mark.TOO_LONG}),
        (4, {Mark.UNTOUCHED}),
        (5, {Mark.UNTOUCHED}),
        (1, set()),
        (6, set()),
    ]


def test_a_repair_of_moments_ahead_of_the_clock_loses_no_decision(held: Store) -> None:
    """The clock was a day ahead as she decided; the period is moved back, and a rejection in that day still counts."""
    right = held.now
    held.after(days=1).sweep({1: AUDITING, 2: AUDITING, 3: ACTIVE})
    act(held, Fix(), 1)
    held.now = right
    repair(held.db, right, {}, future_moments=True)
    assert rows(held)[1].started_at <= right
    assert place(held) == (WAITING, Stage.FIXED, set())
    again(held, REJECTED, hours=2)
    assert rows(held)[1].started_at == held.now
    assert place(held) == (TODO, Stage.NEW, {Mark.REGRESSED})


def test_without_a_desk_the_lanes_are_the_numbers_of_the_hero(held: Store) -> None:
    again(held, REJECTED, AUDITING, days=4)
    held.after(hours=1).sweep({1: REJECTED, 2: AUDITING, 3: AUDITING, 4: REJECTED})
    bare = Snapshot(held.path, clock=lambda: held.now)
    for as_of in (None, held.now, held.now - HOUR):
        hero, tabs = bare.hero(View(as_of=as_of)), bare.tabs(View(as_of=as_of))
        assert hero.rejected is not None
        assert hero.auditing is not None
        assert hero.stuck is not None
        assert tabs.todo == hero.rejected + hero.stuck
        assert tabs.waiting == hero.auditing - hero.stuck
        assert (tabs.rejected, tabs.auditing, tabs.marks.get(Mark.STUCK, 0)) == (hero.rejected, hero.stuck, hero.stuck)
    assert bare.tabs(View()) == Tabs(
        todo=3, waiting=1, snoozed=0, rejected=2, auditing=1, marks={Mark.STUCK: 1, Mark.UNTOUCHED: 2}
    )


def test_alerts_and_cards_know_no_lanes() -> None:
    """They read the snapshot without the desk, where lanes are those without people."""
    package = Path(aexdash.__file__).parent
    sources = [source for room in ("alerts", "cards") for source in sorted((package / room).rglob("*.py"))]
    words = re.compile(r"\b(lanes?|tabs|rows_of|targets|campaign|noted|Lane|Mark)\b|View\([^)]*marks=|urgent")
    assert len(sources) > 10
    assert [(source.name, found) for source in sources for found in words.findall(source.read_text("utf-8"))] == []
    views = [card.view for card in CARDS.values() if card.view]
    assert all(view.lanes == view.marks == () for view in views)


def test_the_past_has_the_settings_of_then(held: Store) -> None:
    act(held, Fix(), 1)
    again(held, hours=30)
    then = held.now
    WorkSettingsDesk(held.desk_path).set("waiting_hours", 2, by="ann", now=held.after(minutes=1).now)
    assert place(held) == (TODO, Stage.FIXED, {Mark.TOO_LONG})
    assert places(held, as_of=then)[1] == (WAITING, Stage.FIXED, set())


def test_a_past_moment_that_nobody_read_has_the_lanes_of_the_reading_before(held: Store) -> None:
    again(held, second=AUDITING, days=3)
    read = held.now
    assert place(held, 2) == (TODO, Stage.NEW, {Mark.STUCK})
    between = held.after(days=2).now
    assert place(held, 2) == (TODO, Stage.NEW, {Mark.STUCK})
    again(held, second=AUDITING, days=2)
    for moment in (read, between):
        assert places(held, as_of=moment)[2] == (TODO, Stage.NEW, {Mark.STUCK})
        assert held.snapshot.tabs(View(as_of=moment)).waiting == 0


def test_an_undo_is_right_in_the_past_too(held: Store) -> None:
    desk = Desk(held.desk_path)
    act(held, Snooze(event=SnoozeUntil.STATUS), 1)
    snoozed_at = held.now
    fixed = act(held.after(hours=1), Fix(), 1)
    fixed_at = held.now
    assert fixed.change is not None
    desk.undo(fixed.change, who=ANN, now=held.after(hours=1).now)
    assert place(held) == (SNOOZED, Stage.SNOOZED, set())
    lanes = [places(held, as_of=at)[1][0] for at in (snoozed_at, fixed_at, held.now)]
    assert lanes == [SNOOZED, WAITING, SNOOZED]
    again(held, AUDITING, hours=1)
    assert place(held) == places(held, as_of=held.now)[1] == (WAITING, Stage.NEW, {Mark.WOKEN})

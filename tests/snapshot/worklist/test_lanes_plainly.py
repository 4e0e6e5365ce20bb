"""Lanes, stages and marks are those of a plain model of what was read and decided, now and as of every moment."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.clock import from_text
from aexdash.desk.decisions.items import Assign, Back, Decision, Fix, Item, Note, Snooze, Take
from aexdash.desk.decisions.work import Desk
from aexdash.model import HELD, Lane, Mark, SnoozeUntil, Stage, Status
from aexdash.storage.one_state import one_state
from aexdash.view import View
from tests.desk.deciding import ANN
from tests.snapshot.store import ACTIVE, AUDITING, OFFLINE, REJECTED, Store
from tests.snapshot.worklist.test_lanes import DAY, HOUR, MINUTE, SNOOZED, TODO, WAITING, act, places, reasons
from tests.support import examples

IDS = range(1, 5)
CODES = ("image.watermark", "image.main_too_small", "attribute.brand")
STATUSES = (ACTIVE, REJECTED, AUDITING, OFFLINE)
STUCK_AFTER = 3 * DAY  # of a store in which fewer than twenty audits have ended
Items = dict[int, Item]
Codes = dict[int, tuple[str, ...]]


@dataclass
class Plainly:
    """All that was shown, found and decided, kept whole; lanes by reading it from the beginning."""

    runs: list[tuple[datetime, dict[int, Status]]] = field(default_factory=list)
    found: list[tuple[datetime, int, tuple[str, ...]]] = field(default_factory=list)
    items: list[tuple[datetime, Items]] = field(default_factory=list)

    def places(self, at: datetime) -> dict[int, tuple[Lane, Stage, set[Mark]]]:
        """Lane, stage and marks of each held listing at a moment."""
        runs = [(moment, shown) for moment, shown in self.runs if moment <= at]
        statuses = runs[-1][1] if runs else {}
        items = next((items for moment, items in reversed(self.items) if moment <= at), {})
        codes = self.codes(at)
        same = Counter(code for one in statuses if statuses[one] in HELD for code in codes.get(one, ()))
        return {
            one: self.place(one, runs, items.get(one, Item()), codes.get(one, ()), same, at)
            for one, status in statuses.items()
            if status in HELD
        }

    def codes(self, at: datetime) -> Codes:
        """The standing reasons of each listing, which are those of its present period."""
        stand: Codes = {}
        before: dict[int, Status] = {}
        events = sorted(
            [(moment, 0, (shown, None)) for moment, shown in self.runs if moment <= at]
            + [(moment, 1, (one, codes)) for moment, one, codes in self.found if moment <= at],
            key=lambda event: event[:2],
        )
        for _, kind, (first, second) in events:
            if kind:
                stand[first] = second
                continue
            stand = {one: codes for one, codes in stand.items() if before.get(one) is first[one]}
            before = first
        return stand

    def place(
        self,
        one: int,
        runs: list[tuple[datetime, dict[int, Status]]],
        item: Item,
        codes: tuple[str, ...],
        same: Mapping[str, int],
        at: datetime,
    ) -> tuple[Lane, Stage, set[Mark]]:
        """Where one listing is, told once more in plain words."""
        statuses = [(moment, shown[one]) for moment, shown in runs]
        read_at, status = statuses[-1]
        started = held = read_at
        for moment, was in reversed(statuses):
            if was is not status:
                break
            started = moment
        for moment, was in reversed(statuses):
            if was not in HELD:
                break
            held = moment
        pairs = zip([None, *(was for _, was in statuses)], (was for _, was in statuses), strict=False)
        attempt = sum(was is REJECTED and before is not REJECTED for before, was in pairs)
        marks: set[Mark] = set()
        stuck = status is AUDITING and read_at - started > STUCK_AFTER
        basis = json.loads(item.basis)
        on = from_text(basis["period"]) if "period" in basis else item.stage_at
        in_spell = on is not None and on >= held
        over = in_spell and status is REJECTED and on is not None and on < started
        stage = item.stage if in_spell and not over else Stage.NEW
        since = started + STUCK_AFTER if status is AUDITING else started
        if in_spell and item.stage_at is not None:
            since = max(since, item.stage_at)
        if in_spell and item.stage is Stage.SNOOZED:
            ended = over
            if item.snoozed_until is not None and item.snoozed_until <= at:
                ended = True
                since = since if over else max(since, item.snoozed_until)
            if item.snooze_event is SnoozeUntil.STATUS and on is not None and started > on:
                ended = True
            if item.snooze_event is SnoozeUntil.WORSE:
                ended = ended or bool(set(codes) - set(basis["codes"]))
                more = item.snooze_more
                ended = ended or (more > 0 and any(same[code] >= had + more for code, had in basis["same"].items()))
            if ended:
                marks.add(Mark.WOKEN)
                stage = Stage.NEW
        lane = TODO if status is REJECTED or stuck else WAITING
        if stage is Stage.SNOOZED:
            lane = SNOOZED
        elif stage is Stage.FIXED:
            assert item.stage_at is not None
            long = read_at - max(item.stage_at, started) >= 3 * DAY
            if status is AUDITING:
                long = stuck and (item.stage_at <= started or read_at - item.stage_at >= 3 * DAY)
            lane = TODO if long else WAITING
            marks |= {Mark.TOO_LONG} if long else set()
        if stuck:
            marks.add(Mark.STUCK)
        if lane is TODO and status is REJECTED and attempt > 1:
            marks.add(Mark.REGRESSED)
        if lane is TODO and stage is Stage.NEW and read_at - since >= DAY:
            marks.add(Mark.UNTOUCHED)
        return lane, stage, marks


def present(store: Store) -> Items:
    """What the desk holds of each listing."""
    return {one: item for (_, one), item in Desk(store.desk_path).items((store.key, one) for one in IDS).items()}


spans = st.sampled_from([MINUTE, HOUR, 5 * HOUR, 23 * HOUR, DAY, 30 * HOUR, 3 * DAY, 3 * DAY + MINUTE, 4 * DAY])
chosen = st.sets(st.sampled_from(IDS), min_size=1)
decisions = st.one_of(
    st.sampled_from([Take(), Fix(), Back(), Note("n"), Assign("Bob"), Assign("")]),
    st.builds(lambda span: ("until", span), spans),
    st.builds(lambda event, more: ("event", event, more), st.sampled_from(SnoozeUntil), st.integers(0, 2)),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("sync"), spans, st.fixed_dictionaries({one: st.sampled_from(STATUSES) for one in IDS})),
        st.tuples(st.just("act"), decisions, chosen),
        st.tuples(st.just("undo"), st.none(), st.none()),
        st.tuples(st.just("find"), st.sampled_from(IDS), st.sets(st.sampled_from(CODES))),
    ),
    min_size=1,
    max_size=14,
)


def decision_of(drawn: object, store: Store) -> Decision:
    match drawn:
        case ("until", timedelta() as span):
            return Snooze(until=store.now + span)
        case ("event", SnoozeUntil() as event, int() as more):
            return Snooze(event=event, more=more, same=store.snapshot.codes_held(None))
    return drawn  # type: ignore[return-value]


@pytest.mark.slow
@settings(max_examples=examples(150), deadline=None)
@given(steps, st.sampled_from([timedelta(), MINUTE, 2 * DAY, 9 * DAY]))
def test_lanes_are_those_of_a_plain_model_now_and_as_of_every_moment(
    tmp_path_factory: pytest.TempPathFactory, story: list[tuple[str, object, object]], unread: timedelta
) -> None:
    store, plainly = Store(tmp_path_factory.mktemp("lanes")), Plainly()
    statuses: dict[int, Status] = dict.fromkeys(IDS, REJECTED)
    desk = Desk(store.desk_path)
    last = None
    for kind, first, second in (("sync", HOUR, statuses), *story):
        store.after(minutes=1)
        if kind == "sync":
            store.now += first  # type: ignore[operator]
            store.sweep(second)  # type: ignore[arg-type]
            plainly.runs.append((store.now, second))  # type: ignore[arg-type]
        elif kind == "find":
            codes = tuple(sorted(second))  # type: ignore[call-overload]
            if plainly.runs[-1][1][first] in HELD:  # type: ignore[index]
                reasons(store, first, *codes)  # type: ignore[arg-type]
                plainly.found.append((store.now, first, codes))  # type: ignore[arg-type]
        elif kind == "act":
            assert isinstance(second, Collection)
            ids = [one for one in sorted(second) if plainly.runs[-1][1][one] in HELD]
            last = act(store, decision_of(first, store), *ids).change or last
            plainly.items.append((store.now, present(store)))
        elif last is not None:
            desk.undo(last, who=ANN, now=store.now)
            plainly.items.append((store.now, present(store)))
        assert places(store) == plainly.places(store.now)
    store.now += unread
    assert_as_plainly(store, plainly)
    store.db.close()


@one_state()
def assert_as_plainly(store: Store, plainly: Plainly) -> None:
    """The lanes, stages and marks of now and of every moment, their tabs and their filters."""
    assert places(store) == plainly.places(store.now)
    moments = [moment for moment, _ in plainly.runs] + [moment for moment, *_ in (*plainly.items, *plainly.found)]
    for moment in (*moments, *(run + 2 * DAY for run, _ in plainly.runs)):
        assert places(store, as_of=moment) == plainly.places(moment), moment
    for view in (View(), View(as_of=plainly.runs[-1][0])):
        of_all = list(store.snapshot.rows(view))
        tabs = store.snapshot.tabs(view)
        counted = Counter(row.lane for row in of_all)
        assert (tabs.todo, tabs.waiting, tabs.snoozed) == (counted[TODO], counted[WAITING], counted[SNOOZED])
        for lane in Lane:
            asked = store.snapshot.rows(view.replace(lanes=(lane,)))
            assert {row.product_id for row in asked} == {row.product_id for row in of_all if row.lane is lane}
        for mark in Mark:
            asked = store.snapshot.rows(view.replace(marks=(mark,)))
            assert {row.product_id for row in asked} == {row.product_id for row in of_all if mark in row.marks}

"""Counts of lanes, of the hero and of campaigns over stores that are read, behind, partly read, never read or archived.

All that was shown is kept whole in a plain model, which tells each count by reading it from the beginning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.desk.decisions.items import Seen, Snooze
from aexdash.desk.decisions.work import Desk
from aexdash.model import HELD, Lane, Outcome, Status
from aexdash.snapshot.readmodels import Tabs
from aexdash.snapshot.tallies import CampaignProgress
from aexdash.storage.one_state import one_state
from aexdash.view import View
from aexdash.words.listings.work import progress_words
from tests.desk.deciding import ANN
from tests.snapshot.store import ACTIVE, AUDITING, EVERY, NOON, OFFLINE, REJECTED, Store, ensure_store
from tests.support import examples

KEYS = ("one", "two", "three")
UNKNOWN = "four"
IDS = (1, 2, 3)
MEMBERS = [(key, one) for key in (*KEYS, UNKNOWN) for one in (1, 2)]
DAY = timedelta(days=1)
STUCK_AFTER = 3 * DAY


@dataclass
class Plain:
    """One store: what was shown when, which of these readings were complete, and what was snoozed on which period."""

    shown: list[tuple[datetime, Mapping[int, Status], bool]] = field(default_factory=list)
    snoozed: list[tuple[datetime, int, datetime]] = field(default_factory=list)
    archived: bool = False

    def read_at(self, at: datetime) -> datetime | None:
        return max((moment for moment, _, complete in self.shown if complete and moment <= at), default=None)

    def is_covered(self, at: datetime) -> bool:
        """Whether a complete reading speaks for a past moment."""
        read_at = self.read_at(at)
        return read_at is not None and at - read_at <= DAY

    def path(self, one: int, at: datetime) -> list[tuple[datetime, Status]]:
        """The statuses of a listing, each with the moment since when it has it."""
        told: list[tuple[datetime, Status]] = []
        for moment, shown, _ in self.shown:
            if moment <= at and one in shown and (not told or told[-1][1] is not shown[one]):
                told.append((moment, shown[one]))
        return told

    def status(self, one: int, at: datetime) -> Status | None:
        told = self.path(one, at)
        return told[-1][1] if told else None

    def lane(self, one: int, at: datetime) -> Lane | None:
        """The lane of a listing; None where it is not held."""
        told = self.path(one, at)
        if not told or told[-1][1] not in HELD:
            return None
        started, status = told[-1]
        held = started
        for moment, was in reversed(told):
            if was not in HELD:
                break
            held = moment
        on = [period for moment, which, period in self.snoozed if which == one and moment <= at]
        if on and on[-1] >= held and not (status is REJECTED and on[-1] < started):
            return Lane.SNOOZED
        read_at = self.read_at(at)
        stuck = read_at is not None and read_at - started > STUCK_AFTER
        return Lane.TODO if status is REJECTED or stuck else Lane.WAITING

    def lanes(self, at: datetime) -> Counter[Lane | None]:
        return Counter(self.lane(one, at) for one in IDS)


def tabs_of(stores: Sequence[Plain], at: datetime) -> tuple[int, int, int]:
    lanes = sum((store.lanes(at) for store in stores), Counter[Lane | None]())
    return lanes[Lane.TODO], lanes[Lane.WAITING], lanes[Lane.SNOOZED]


def counted(tabs: Tabs) -> tuple[int, int, int]:
    return tabs.todo, tabs.waiting, tabs.snoozed


def progress_of(stores: Mapping[str, Plain], at: datetime) -> CampaignProgress:
    count: Counter[str] = Counter()
    for key, one in MEMBERS:
        store = stores.get(key, Plain())
        if store.archived:
            count["archived"] += 1
        elif store.read_at(at) is None:
            count["unread"] += 1
        elif lane := store.lane(one, at):
            count[lane.value] += 1
        else:
            status, was_held = store.status(one, at), any(was in HELD for _, was in store.path(one, at))
            on_sale = "cleared" if was_held else "never_held"
            count[{ACTIVE: on_sale, OFFLINE: "offline"}.get(status, "other") if status else "other"] += 1
    names = ("cleared", "never_held", "offline", "deleted", *Lane, "other", "unread", "archived")
    return CampaignProgress(**{name: count[name] for name in names})


@one_state()
def assert_alike(store: Store, plain: Mapping[str, Plain], past: Sequence[datetime]) -> None:
    snapshot, now = store.snapshot, store.now
    watched = {key: one for key, one in plain.items() if not one.archived}
    for at in (None, *past):
        tabs = snapshot.tabs(View(as_of=at))
        assert counted(tabs) == tabs_of([*watched.values()], at or now), at
        assert snapshot.count(View(as_of=at)) == tabs.total
        known = [one for one in watched.values() if (one.is_covered(at) if at else one.read_at(now))]
        held = sum(sum(tabs_of([one], at or now)) for one in known)
        assert snapshot.hero(View(as_of=at)).held == (held if known else None), at
        for key, one in plain.items():
            assert counted(snapshot.tabs(View(store=key, as_of=at))) == tabs_of([one], at or now), (key, at)
    progress = snapshot.campaign("all", MEMBERS)
    assert progress.total == len(MEMBERS)
    expected = progress_of(plain, now)
    assert replace(progress, regressed=0) == expected
    behind = {key for key, one in watched.items() if one.read_at(now) and not is_current(one, now)}
    assert behind == {one.store for one in progress.reach.behind}
    words = progress_words(progress, None, "", date(2026, 3, 9))
    assert (("when last read" in words) or ("not confirmed" in words)) == bool(behind)
    assert words.startswith("not known" if not progress.read else f"{progress.cleared} of {progress.read} listing")


def is_current(store: Plain, now: datetime) -> bool:
    return store.is_covered(now) and store.shown[-1][2]


statuses = st.sampled_from([ACTIVE, REJECTED, AUDITING, OFFLINE])
spans = st.sampled_from([timedelta(hours=1), timedelta(hours=20), 2 * DAY, 3 * DAY + timedelta(hours=1)])
steps = st.lists(
    st.tuples(
        spans,
        st.sampled_from(KEYS),
        st.one_of(
            st.fixed_dictionaries(dict.fromkeys(IDS, statuses)),
            st.fixed_dictionaries({}, optional=dict.fromkeys(IDS, st.sampled_from([REJECTED, AUDITING]))).map(
                lambda shown: ("partly", shown)
            ),
            st.sampled_from(IDS),
            st.just("archive"),
        ),
    ),
    min_size=1,
    max_size=9,
)


@pytest.mark.slow
@settings(max_examples=examples(100), deadline=None)
@given(steps, spans)
def test_every_count_is_that_of_a_plain_model(
    tmp_path_factory: pytest.TempPathFactory, story: list[tuple[timedelta, str, object]], later: timedelta
) -> None:
    folder: Path = tmp_path_factory.mktemp("stores")
    stores = {key: Store(folder, key) for key in KEYS}
    plain = {key: Plain() for key in KEYS}
    now, past = NOON, [NOON - DAY]
    for span, key, what in story:
        now += span
        store, model = stores[key], plain[key]
        store.now = now
        if isinstance(what, dict):
            store.sweep(what)
            model.shown.append((now, what, True))
        elif isinstance(what, tuple):
            store.record(store.stage(what[1], incomplete=EVERY), outcome=Outcome.PARTIAL)
            model.shown.append((now, what[1], False))
        elif isinstance(what, int):
            rows = store.snapshot.rows_of([(key, what)])
            if rows and rows[0].status in HELD:
                seen = [Seen.of(row) for row in rows]
                Desk(store.desk_path).act(Snooze(), seen, who=ANN, now=now, through="page")
                model.snoozed.append((now, what, rows[0].started_at))
        else:
            ensure_store(store.db, key=key, title=key, model="overseas", watched=model.archived, now=now)
            model.archived = not model.archived
        past += [now, now + timedelta(hours=26)]
    first = stores[KEYS[0]]
    first.now = now + later
    assert_alike(first, plain, [at for at in past if at <= first.now])
    for store in stores.values():
        store.db.close()

"""Random stories of reasons and moves: what is kept beside the periods always equals what their reasons say."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aexdash.model import Provenance, Reason, Resubmit, Status
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.view import View
from tests.snapshot import plain
from tests.snapshot.store import ACTIVE, AUDITING, OFFLINE, REJECTED, Store, shown
from tests.support import examples

IDS = range(1, 6)
CODES = ("image.main_too_small", "image.ratio", "attribute.brand_missing", "title.too_long", "unsorted")
PLACES = [(REJECTED, None), (REJECTED, None), (AUDITING, None), (ACTIVE, None)]
PLACES += [(OFFLINE, cause) for cause in ("pending_launch", "punish_offline", "expire_offline")]
SHOWN = (REJECTED, AUDITING, OFFLINE, ACTIVE)

says = st.tuples(
    st.sampled_from(IDS), st.sampled_from(list(Provenance)), st.lists(st.sampled_from(CODES), max_size=2, unique=True)
)
moves = st.dictionaries(st.sampled_from(IDS), st.sampled_from(PLACES), max_size=2)
stories = st.lists(says | says | says | moves, max_size=14)


class Story:
    """A store whose listings move and are spoken of, and what its pages showed after each step."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.places: dict[int, tuple[Status, str | None]] = dict(zip(IDS, PLACES, strict=False))
        self.shown: dict[datetime, object] = {}
        self.move({})

    def step(self, happened: object) -> None:
        self.store.after(minutes=1)
        self.move(happened) if isinstance(happened, dict) else self.say(*happened)  # type: ignore[misc]
        self.shown[self.store.now] = self.pages(None)

    def move(self, changes: dict[int, tuple[Status, str | None]]) -> None:
        self.places |= changes
        self.store.sweep({one: shown(one, status, cause=cause) for one, (status, cause) in self.places.items()})

    def say(self, one: int, by: Provenance, codes: list[str]) -> None:
        period = open_period_ids(self.store.db, self.store.id, [one])[one]
        record_reasons(self.store.db, period, [Reason(code, by) for code in codes], {by}, self.store.now)

    def pages(self, as_of: datetime | None) -> object:
        """Everything a page would show of each status, with what may be resubmitted."""
        snapshot = self.store.snapshot
        views = {status: View(statuses=(status,), as_of=as_of) for status in SHOWN}
        ready = {word: snapshot.count(View(resubmit=(word,), as_of=as_of)) for word in Resubmit}
        return (
            {status: [(row.product_id, row.resubmit) for row in snapshot.rows(view)] for status, view in views.items()},
            [snapshot.reason_counts(view) for view in views.values()],
            [snapshot.family_counts(view) for view in views.values()],
            snapshot.risk_counts(View(as_of=as_of)),
            snapshot.at_risk(View(as_of=as_of)).listings,
            snapshot.facets(View(statuses=SHOWN, as_of=as_of)),
            ready,
        )

    def check(self) -> None:
        periods = plain.open_periods(self.store)
        kept = self.store.rows("SELECT product_id, codes, resubmit FROM status_period WHERE ended_at IS NULL")
        assert sorted(kept) == sorted((one, period.codes, period.resubmit) for one, period in periods.items())
        self.check_counts(periods)
        self.check_rows(periods)

    def check_counts(self, periods: dict[int, plain.Period]) -> None:
        snapshot = self.store.snapshot
        held = [period for period in periods.values() if period.held]
        risky = [period for period in periods.values() if period.at_risk]
        families = {count.code: (count.listings, count.sole) for count in snapshot.family_counts(View())}
        codes = {count.code: (count.listings, count.sole) for count in snapshot.reason_counts(View())}
        risks = {count.code: (count.listings, count.sole) for count in snapshot.risk_counts(View())}
        assert families == plain.counts(
            [(one.status, {(plain.family(code), by) for code, by in one.standing}) for one in held]
        )
        assert codes == plain.counts([(one.status, one.standing) for one in held])
        assert risks == plain.counts([(one.status, {(code, "check") for code in one.found}) for one in risky])
        assert snapshot.at_risk(View(store="main")).listings == len(risky)

    def check_rows(self, periods: dict[int, plain.Period]) -> None:
        snapshot = self.store.snapshot
        at_risk = {row.product_id for row in snapshot.rows(View(statuses=(ACTIVE,)))}
        taken_down = {row.product_id for row in snapshot.rows(View(statuses=(OFFLINE,)))}
        assert at_risk == {one for one, period in periods.items() if period.at_risk}
        assert taken_down == {one for one, period in periods.items() if period.cause in plain.TAKEN_DOWN}
        assert snapshot.hero(View()).taken_down == len(taken_down)
        facets = snapshot.facets(View(statuses=SHOWN))
        advice = Counter(period.resubmit for period in periods.values() if period.resubmit)
        assert {facet.value: facet.listings for facet in facets["resubmit"]} == advice
        assert {facet.value: facet.listings for facet in facets["status"]}.get("active", 0) == len(at_risk)


@pytest.mark.slow
@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories)
def test_advice_codes_and_counts_are_what_the_reasons_say_now_and_at_any_moment(story: list[object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        told = Story(Path(folder))
        for happened in story:
            told.step(happened)
            told.check()
        for moment, pages in told.shown.items():
            assert told.pages(moment) == pages
        told.store.db.close()

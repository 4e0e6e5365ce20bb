"""Days on the pages begin in the time zone of the workspace, and say whose they are."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aexdash.clock import zone_named
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.history.series import Grain
from aexdash.snapshot.query import Snapshot
from aexdash.ui.history.chart import figure
from aexdash.ui.history.series import table
from aexdash.ui.history.span import HistoryChoices, read
from aexdash.words.common import day, full_day, moment, place, since_words, when_last_read
from tests.ui.plotted import checked
from tests.ui.reading import captions, ids_of, said, tick
from tests.ui.sample import JUMP, TOML, jumped, main_store, with_history
from tests.ui.sample import read as read_store

LATE = datetime(2026, 3, 9, 16, 30, tzinfo=UTC)
"""Half past midnight on 10 March in Shanghai."""

SHANGHAI, BERLIN = zone_named("Asia/Shanghai"), zone_named("Europe/Berlin")


@pytest.fixture(scope="module")
def read_late(tmp_path_factory) -> Path:
    """The worked example, read again after midnight in Shanghai, in a workspace there."""
    folder = with_history(tmp_path_factory.mktemp("late"), now=LATE)
    (folder / "aexdash.toml").write_text(f'[workspace]\nzone = "Asia/Shanghai"\n{TOML}', encoding="utf-8")
    db = open_snapshot(folder / "snapshot.db")
    for minutes in range(5, 271, 5):
        read_store(db, main_store(db), JUMP + timedelta(minutes=minutes), jumped())
    db.close()
    return folder


@pytest.fixture
def late(read_late, tmp_path) -> Path:
    """A copy of it, to read and to write in."""
    return shutil.copytree(read_late, tmp_path / "late")


def test_today_is_the_day_of_the_workspace(open_page, late):
    page = open_page(late)
    assert "**Today, Shanghai:** 5 at midnight + 0 entered − 0 left = **5**" in said(page)
    then = open_page(late, "overview", as_of="2026-03-09T15:59:00Z")
    assert "**9 Mar, Shanghai:** 0 at midnight + 5 entered − 0 left = **5**" in said(then)


def test_without_a_zone_days_are_those_of_utc(open_page, late):
    (late / "aexdash.toml").write_text(TOML, encoding="utf-8")
    assert "**Today:** 0 at midnight + 5 entered − 0 left = **5**" in said(open_page(late))


def test_history_names_and_picks_days_of_the_workspace(open_page, late):
    page = open_page(late, "history", span="custom", **{"from": "2026-03-08", "to": "2026-03-10"})
    assert not page.exception
    assert [picker.label for picker in page.date_input] == ["From day (Shanghai)", "To day (Shanghai)"]
    assert [picker.value for picker in page.date_input] == [date(2026, 3, 8), date(2026, 3, 10)]
    assert any("These are of Shanghai: a week begins on Monday" in caption for caption in captions(page))


def test_the_time_machine_and_the_books_show_and_take_moments_of_the_workspace(open_page, late):
    page = open_page(late, "history", as_of="2026-03-09T15:59:00Z")
    assert "**As it was 9 Mar 2026 23:59 Shanghai**" in " ".join(said(page))
    fields = {field.label: field for field in page.get("datetime_input")}
    assert list(fields) == ["As it was at (Shanghai)", "From (Shanghai)", "To (Shanghai)"]
    assert fields["As it was at (Shanghai)"].value == datetime.fromisoformat("2026-03-09T23:59")
    assert "UTC" not in " ".join([*said(page), *captions(page)])
    fields["As it was at (Shanghai)"].set_value(datetime.fromisoformat("2026-03-10T00:15")).run()
    assert page.query_params["as_of"] == "2026-03-09T16:15:00.000Z"
    fields = {field.label: field for field in page.get("datetime_input")}
    fields["From (Shanghai)"].set_value(datetime.fromisoformat("2026-03-09T01:30")).run()
    assert page.query_params["opening"] == "2026-03-08T17:30:00.000Z"


def test_the_panel_of_a_listing_writes_its_moments_in_the_zone(open_page, late):
    page = open_page(late, "worklist", listing=f"main/{1005006000000005}")
    tables = " ".join(str(frame.value.to_dict()) for frame in page.dataframe)
    assert "Shanghai" in tables
    assert "UTC" not in tables + " ".join([*said(page), *captions(page)])


def test_a_snooze_ends_at_a_midnight_of_the_workspace(open_page, late):
    worklist = open_page(late, "worklist")
    tick(worklist, next(iter(ids_of(worklist))))
    assert "Until (00:00 Shanghai)" in [picker.label for picker in worklist.date_input]


def test_a_custom_span_holds_whole_days_of_the_zone():
    query = {"span": "custom", "from": "2026-03-29", "to": "2026-03-29", "grain": "hour"}
    asked = read(query, LATE + timedelta(days=40), BERLIN)
    assert (asked.start, asked.until) == (
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 21, 59, 59, 999_000, tzinfo=UTC),
    )
    assert (asked.last, len(asked.cut)) == (date(2026, 3, 29), 23)
    assert read({}, LATE, SHANGHAI).first == date(2026, 2, 9)


def test_hours_among_which_clocks_were_changed_are_named_by_utc():
    def choices(grain: Grain, until: datetime) -> HistoryChoices:
        return HistoryChoices("custom", date(2026, 10, 24), until, grain, (), zone=BERLIN)

    assert choices(Grain.HOUR, datetime(2026, 10, 26, tzinfo=UTC)).clocks == UTC
    assert choices(Grain.HOUR, datetime(2026, 10, 24, 23, tzinfo=UTC)).clocks == BERLIN
    assert choices(Grain.DAY, datetime(2026, 10, 26, tzinfo=UTC)).clocks == BERLIN


def test_chart_and_table_name_the_days_of_the_zone(late):
    asked = read({"span": "7d"}, LATE, SHANGHAI)
    points = Snapshot(late / "snapshot.db", zone=SHANGHAI).held_series(None, asked.cut, LATE)
    told = table(points, (), Grain.DAY, SHANGHAI)
    assert list(told["Day (Shanghai)"][:3]) == [date(2026, 3, 10), date(2026, 3, 9), date(2026, 3, 8)]
    assert list(told["Held"][:3]) == [5, 5, 0]
    drawn = checked(figure(points, (), (), Grain.DAY, "light", zone=SHANGHAI))
    assert list(drawn.data[0].x)[-2:] == ["2026-03-09 00:00", "2026-03-10 00:00"]


def test_days_in_texts_are_those_of_the_zone():
    at = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert (day(at), day(at, SHANGHAI), full_day(at, SHANGHAI)) == ("31 Dec", "1 Jan", "1 Jan 2027")
    assert since_words(at, SHANGHAI, or_earlier=True) == "1 Jan or earlier"
    assert when_last_read(at, at + timedelta(days=1), 300, SHANGHAI) == " on 1 Jan, when last read"
    assert (place(SHANGHAI), place(zone_named("America/New_York")), place(UTC)) == ("Shanghai", "New York", "UTC")
    assert moment(at) == "31 Dec 2026 16:30 UTC"

"""Whatever stands in a workbook or in a column of dates: it is read, or refused in one sentence that names the file."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aexdash.sources.columns.dates import AHEAD, EARLIEST, read_dates
from aexdash.sources.errors import SourceError
from aexdash.sources.tables import read_tables
from tests.sources.written import archive, workbook, xls
from tests.support import examples

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
ROWS = [["id", "Reason", "Date"], [1005006123456789, "dark", "2026-03-01"], [1005006123456790, "=1+1", 46082.5]]
MARKS = [
    "<row",
    "r='1'",
    'r="A1048576"',
    "</c>",
    "<f>1</f>",
    "&#0;",
    "<!ENTITY a 'b'>",
    "]]>",
    't="s"',
    "<v>9e999</v>",
    "",
]
MORE = [
    "Product ID",
    "\x00",
    "９９",
    "9" * 400,
    "-0",
    "NaN",
    "Infinity",
    "1e400",
    "#REF!",
    "=HYPERLINK(1)",
    "0x1F",
]


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


GOOD = parts_of(workbook({"A": ROWS}))
BOOKS = {"a.xlsx": archive(GOOD), "a.xls": xls(ROWS)}


def is_read_or_refused(name: str, content: bytes) -> None:
    try:
        tables, refused = read_tables(name, content), ""
    except SourceError as error:
        tables, refused = [], str(error)
    assert tables or refused.startswith(f"{name} ")
    assert "\n" not in refused
    if tables:
        assert all(len(row.cells) == len(table.headings) for table in tables for row in table.rows)


bytes_changed = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6)


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(BOOKS)), bytes_changed)
def test_a_workbook_with_any_bytes_changed(name: str, changes: list[tuple[float, int]]) -> None:
    content = bytearray(BOOKS[name])
    for where, byte in changes:
        content[int(where * len(content))] = byte
    is_read_or_refused(name, bytes(content))


marks = st.sampled_from(MARKS) | st.text(max_size=9)


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(GOOD)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 12), marks)),
)
def test_a_workbook_whose_parts_say_something_else(part: str, edits: list[tuple[float, int, str]]) -> None:
    """The archive is whole; the XML in it has other marks in it, or lacks some."""
    told = GOOD[part]
    for where, length, text in edits:
        at = int(where * len(told))
        told = told[:at] + text.encode("utf-8", "surrogatepass") + told[at + length :]
    is_read_or_refused("a.xlsx", archive({**GOOD, part: told}))


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(st.sampled_from(MORE) | st.text(max_size=5) | st.integers() | st.floats(), max_size=4), max_size=4
    )
)
def test_a_workbook_with_any_cells(rows: list[list[object]]) -> None:
    content = workbook({"A": [["Product ID", "Reason"], *rows]})
    is_read_or_refused("a.xlsx", content)


digits = st.text(alphabet="0123456789/.-:TZ ,apm+", max_size=24)
cells = digits | st.text(max_size=12) | st.just("\ud800") | st.sampled_from(MORE) | st.integers() | st.floats()
zones = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))


@settings(max_examples=examples(1600))
@given(st.lists(cells, max_size=4), zones)
def test_any_column_of_dates_is_moments_that_may_be_or_nothing(column: list[object], zone: timezone) -> None:
    found = read_dates(column, NOW, zone)
    assert len(found) == len(column)
    day = timedelta(days=1)  # a day of a zone begins before that of UTC, or after it
    assert all(EARLIEST - day <= moment <= NOW + AHEAD + day for moment in found if moment)


@settings(max_examples=examples(400))
@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2026, 3, 1)),  # noqa: DTZ001 - hypothesis wants them so
    st.sampled_from(["%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d %H:%M:%S"]),
)
def test_a_moment_that_is_written_plainly_is_read_as_it_is(moment: datetime, form: str) -> None:
    whole = moment.replace(microsecond=0, tzinfo=UTC)
    assert read_dates([whole.strftime(form)], NOW) == [whole]

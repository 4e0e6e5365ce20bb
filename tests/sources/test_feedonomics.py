"""Validation files of a feed. These are ours: nobody has published what a file of Feedonomics looks like."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.sources.columns.cell_words import Meaning, meaning_of
from aexdash.sources.columns.dates import read_dates
from aexdash.sources.errors import SourceError
from aexdash.sources.feedonomics import (
    MOST_LINES,
    SAY_IT,
    FeedColumns,
    Headings,
    columns_of,
    guess,
    validate,
)
from aexdash.sources.tables import read_tables
from aexdash.sources.validation import FeedLine, Validation
from tests.sources.written import workbook

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
DAY = datetime(2026, 3, 9, tzinfo=UTC)


def answered(headings: Headings) -> FeedColumns:
    """The columns as they are guessed, after a person said that every message means rejected."""
    return replace(guess(headings), every_message=True)


def validated(content: bytes, name: str = "report.csv", now: datetime = NOW) -> Validation:
    tables = read_tables(name, content)
    return validate(name, tables, columns_of(tables, answered), now)


def counts(content: bytes) -> tuple[int, int]:
    read = validated(content)
    return read.rejected, read.rows


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_file_is_read_as_its_columns_say(separator: str) -> None:
    lines = (
        ("SKU", "Severity", "Error Code", "Message", "Attribute", "Date"),
        ("A-1", "Error", "E7", "GTIN is missing", "gtin", "2026-03-09"),
        ("A-2", "Warning", "W1", "Title is long", "title", "2026-03-08"),
        ("A-3", "", "", "", "", ""),
    )
    assert validated("\n".join(separator.join(line) for line in lines).encode()) == Validation(
        rows=3,
        rejected=1,
        lines=(
            FeedLine(2, "A-1", "GTIN is missing", "E7", "gtin", "Error", True, DAY),
            FeedLine(3, "A-2", "Title is long", "W1", "title", "Warning", False, DAY - timedelta(days=1)),
        ),
        dated_at=DAY,
    )


def test_a_workbook_is_read_sheet_by_sheet_and_its_rows_are_counted_on() -> None:
    content = workbook({"A": [["sku", "error"], ["A-1", "x"]], "B": [["sku", "error"], ["A-1", ""], [12345, "y"]]})
    read = validated(content, "report.xlsx")
    assert [(line.row, line.sku) for line in read.lines] == [(2, "A-1"), (5, "12345")]
    assert (read.rejected, read.rows, read.repeated) == (2, 2, 1)


def test_a_sku_counts_once_however_many_rows_name_it() -> None:
    read = validated(b"sku,message\nA,one\nA,two\nB,\nA,\n")
    assert (read.rejected, read.rows, read.repeated, len(read.lines)) == (1, 2, 2, 2)
    assert read.remarks == ("Rows that name a SKU once more: 2.",)


def test_the_severity_decides_and_where_there_is_none_the_message_does() -> None:
    rows = "A,error,\nB,warning,text\nC,7,text\nD,7,\nE,,text\nF,,\nG,not accepted,text\nH,No errors,\n"
    read = validated(f"sku,severity,message\n{rows}".encode())
    assert (read.rejected, read.rows) == (3, 6)  # A, E and G of those but C and D
    assert (read.unknown_skus, read.unknown_words) == (2, ("7",))


def test_a_dash_and_an_ok_are_no_message() -> None:
    assert counts(b"sku,message,code\nA,-,0\nB,OK,\nC,n/a,\nD,None,\nE,-,17\n") == (1, 5)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ERROR", Meaning.REJECTED),
        ("critical (2)", Meaning.REJECTED),
        ("Disapproved", Meaning.REJECTED),
        ("Invalid", Meaning.REJECTED),
        ("ошибка", Meaning.REJECTED),
        ("错误", Meaning.REJECTED),
        ("Warning", Meaning.NOT_REJECTED),
        ("passed", Meaning.NOT_REJECTED),
        ("предупреждение", Meaning.NOT_REJECTED),
        ("unsuccessful", Meaning.UNKNOWN),
        ("no error", Meaning.NOT_REJECTED),
        ("3", Meaning.UNKNOWN),
        ("", Meaning.UNKNOWN),
    ],
)
def test_severities_of_four_languages(text: str, meant: Meaning) -> None:
    assert meaning_of(text) is meant


def test_columns_are_guessed_each_once() -> None:
    headings = ("Item", "Status", "Seller SKU", "Field Name", "Validation Message", "Error Code", "Run date")
    assert guess(headings) == FeedColumns(
        "Seller SKU", "Status", "Validation Message", "Error Code", "Field Name", "Run date"
    )
    assert guess(("id", "Rejection reason")) == FeedColumns(sku="id", message="Rejection reason", every_message=True)
    assert guess(("商品编码", "错误信息")) == FeedColumns(sku="商品编码", message="错误信息", every_message=True)
    assert not guess(("sku", "price")).complete


def test_what_a_person_mapped_goes_before_the_guess() -> None:
    tables = read_tables("a.csv", b"sku,message,what\nA,sold well,\nB,,bad\n")
    mapped = FeedColumns(sku="sku", message="what", every_message=True)
    read = validate("a.csv", tables, columns_of(tables, lambda _: mapped), NOW)
    assert [line.sku for line in read.lines] == ["B"]


def test_a_file_that_does_not_say_what_was_rejected_is_no_zero() -> None:
    with pytest.raises(SourceError) as refused:
        validated(b"sku,price\nA,1\n", "prices.csv")
    assert str(refused.value) == (
        "prices.csv does not say which SKUs were rejected: it needs a column with the SKU, and one that tells "
        f"rejections from warnings, such as a severity. {SAY_IT}"
    )


def test_a_file_without_a_sku_column_is_refused() -> None:
    with pytest.raises(SourceError, match="no heading row with product ids or SKU codes"):
        validated(b"name,message\nLamp,dark\n")


def test_rows_without_a_sku_and_unreadable_dates_are_told() -> None:
    read = validated(b"sku,message,date\n,x,2026-03-01\nA,y,soon\nB,,2031-01-01\nC,,2026-03-08T23:30:00+02:00\n")
    assert (read.rows, read.rejected, read.dated_at) == (3, 1, datetime(2026, 3, 8, 21, 30, tzinfo=UTC))
    assert read.remarks == ("Rows without a SKU, passed over: 1.", "Dates that could not be read: 2.")


def test_a_list_of_rejected_rows_alone_is_told_for_what_it_may_be() -> None:
    assert "the share means nothing" in validated(b"sku,message\nA,x\nB,y\n").remarks[-1]


@pytest.mark.slow
def test_the_text_of_so_many_rows_is_kept_and_the_others_are_counted() -> None:
    rows = "".join(f"W{number},warning,w\n" for number in range(10))
    rows += "".join(f"S{number},error,e\n" for number in range(MOST_LINES))
    read = validated(f"sku,severity,message\n{rows}".encode())
    assert (len(read.lines), read.lines_left, read.rejected) == (MOST_LINES, 10, MOST_LINES)
    assert all(line.rejected for line in read.lines)


def test_a_text_is_kept_only_so_long() -> None:
    [line] = validated(f"sku,code,message\n{'s' * 900},{'c' * 900},{'m' * 9000}\n".encode()).lines
    assert tuple(map(len, (line.sku, line.code, line.message))) == (120, 120, 500)


@pytest.mark.parametrize(
    ("column", "read"),
    [
        (["2026-03-01", "20260302", "2026/3/3", "2026-03-04 05:06:07"], [(3, 1), (3, 2), (3, 3), (3, 4)]),
        (["03/04/2026"], [None]),
        (["03/03/2026"], [(3, 3)]),
        (["01/02/2026", "02/13/2026"], [(1, 2), (2, 13)]),
        (["01/02/2026", "13/02/2026"], [(2, 1), (2, 13)]),
        (["01/13/2026", "13/01/2026"], [None, None]),
        (["01.02.2026"], [(2, 1)]),
        (["31.02.2026", "", "yesterday", "2026-13-01", "1999-01-01"], [None] * 5),
        (["02/28/2026 1:05 PM"], [(2, 28)]),
        ([20260302.0], [(3, 2)]),
    ],
)
def test_dates_are_read_or_left_and_never_guessed(
    column: list[str | float], read: list[tuple[int, int] | None]
) -> None:
    assert [found and (found.month, found.day) for found in read_dates(column, NOW)] == read


def test_the_hour_of_a_date_is_kept() -> None:
    assert read_dates(["02/28/2026 12:05 am", "02/28/2026 1:05:09 PM"], NOW) == [
        datetime(2026, 2, 28, 0, 5, tzinfo=UTC),
        datetime(2026, 2, 28, 13, 5, 9, tzinfo=UTC),
    ]


@given(st.integers(0, 825_000_000), st.integers(-12, 14))
def test_any_moment_with_its_zone_is_read_exactly(seconds: int, hours: int) -> None:
    aware = (datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(timezone(timedelta(hours=hours)))
    assert read_dates([aware.isoformat()], NOW) == [aware]


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["", "x", "-"]), st.text(max_size=8))))
def test_any_rows_give_a_share_between_nothing_and_all(rows: list[tuple[str, str, str]]) -> None:
    from aexdash.sources.cells import Row, Table  # noqa: PLC0415

    table = Table("", ("sku", "message", "severity"), [Row(n, row) for n, row in enumerate(rows, 2)])
    with contextlib.suppress(SourceError):  # nobody knows what any of the severities means
        read = validate("a", [table], columns_of([table], answered), NOW)
        assert 0 <= read.rejected <= read.rows
        assert read.rows + read.unknown_skus == len({sku for sku, _, _ in rows})

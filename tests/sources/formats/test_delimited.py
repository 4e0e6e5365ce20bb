"""CSV as spreadsheets of four languages write it."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.sources.formats.code_pages import DETECTED
from aexdash.sources.tables import Row, SourceError, Table, read_tables

ID = "1005006123456789"
ENGLISH = (("Product ID", "Title", "Reason"), (ID, "Lamp", "Brand is missing"))
CHINESE = (("商品ID", "*商品标题", "审核原因"), (ID, "灯", "主图不符合要求，请重新上传"))
RUSSIAN = (("ID товара", "Название", "Причина"), (ID, "ЛАМПА", "Нет бренда – укажите «Бренд»"))
SPANISH = (("ID producto", "Título", "Motivo"), (ID, "Lámpara", "La imagen tiene poca resolución, ¿está borrosa?"))


def written(rows: tuple[tuple[str, ...], ...], separator: str, encoding: str) -> bytes:
    lines = (separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in rows)
    return "".join(f"{line}\r\n" for line in lines).encode(encoding)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("rows", "encodings"),
    [
        (ENGLISH, ("ascii", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")),
        (CHINESE, ("utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030")),
        (RUSSIAN, ("utf-8", "utf-8-sig", "utf-16", "cp1251")),
        (SPANISH, ("utf-8", "utf-8-sig", "utf-16", "cp1252")),
    ],
    ids=["en", "zh", "ru", "es"],
)
def test_encodings_and_separators_are_told_from_the_file(
    separator: str, rows: tuple[tuple[str, ...], ...], encodings: tuple[str, ...]
) -> None:
    for encoding in encodings:
        tables = read_tables("a.csv", written(rows, separator, encoding))
        assert [replace(table, note="") for table in tables] == [Table("", rows[0], [Row(2, rows[1])])], encoding
        assert bool(tables[0].note) == (encoding in DETECTED or encoding == "gbk"), encoding


def test_ids_of_a_csv_stay_texts() -> None:
    assert read_tables("a.csv", b"id,Reason\n0001005006123456789,x\n")[0].rows == [Row(2, ("0001005006123456789", "x"))]


def test_a_cell_may_hold_lines_and_quotes_and_a_row_counts_as_one() -> None:
    content = b'sep=;\nid;Reason\n1005006123456789;"dark\nand ""blurred"""\n1005006123456790;x\n'
    assert read_tables("a.csv", content)[0].rows == [
        Row(3, (ID, 'dark\nand "blurred"')),
        Row(4, ("1005006123456790", "x")),
    ]


@pytest.mark.slow
def test_a_letter_cut_in_two_by_the_reading_is_whole() -> None:
    rows = [("id", "原因"), *((str(10**15 + number), "主图" * 40) for number in range(9_000))]
    for encoding in ("utf-8", "gb18030"):
        [table] = read_tables("a.csv", "\n".join(map(",".join, rows)).encode(encoding))
        assert [row.cells for row in table.rows] == rows[1:]


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused_in_one_sentence(content: bytes) -> None:
    with contextlib.suppress(SourceError):
        tables = read_tables("a.csv", content)
        assert all(len(row.cells) == len(table.headings) for table in tables for row in table.rows)


@given(st.binary(max_size=300))
def test_any_bytes_below_headings_are_rows_or_refused(content: bytes) -> None:
    with contextlib.suppress(SourceError):
        [table] = read_tables("a.csv", b"id,Reason\n" + content)
        assert table.headings == ("id", "Reason")

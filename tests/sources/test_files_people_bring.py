"""Files as people bring them: of every row it is known what became of it. All contents are invented."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from aexdash.model import Status
from aexdash.sources.columns.cell_words import is_total
from aexdash.sources.columns.dates import read_dates
from aexdash.sources.columns.ids import NoProductId, NoSkuCode, product_id_of, sku_code_of
from aexdash.sources.errors import SourceError
from aexdash.sources.feedonomics import columns_of, guess, validate
from aexdash.sources.formats.code_pages import CodePageUnclear
from aexdash.sources.seller_center import ColumnMap, Preview, guesses, preview
from aexdash.sources.tables import read_tables
from aexdash.sources.validation import Validation
from tests.sources.written import Number, workbook

FIRST = 1005007000000011
IDS = [FIRST + 10_001 * number for number in range(5)]
TEXTS = ["Picture is blurred", "No brand given", "Wrong category", "Title has 200 letters", "A trademark is used"]
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Listing:
    store: str
    product_id: int
    title: str = "Lamp"
    status: Status = Status.REJECTED
    watched: bool = True


class Shelf:
    """The listings that a snapshot would know."""

    def __init__(self, *listings: Listing) -> None:
        self.listings = listings or tuple(Listing("main", number) for number in IDS)

    def known_ids(self, ids: Iterable[int]) -> dict[int, list[Listing]]:
        wanted = set(ids)
        found = {one.product_id for one in self.listings} & wanted
        return {number: [one for one in self.listings if one.product_id == number] for number in found}

    def known_skus(self, codes: Iterable[str]) -> dict[str, list[Listing]]:
        return {}


def brought(content: bytes, name: str = "a.csv", shelf: Shelf | None = None, **options: bool) -> Preview:
    tables = read_tables(name, content)
    return preview(tables, guesses(tables), shelf or Shelf(), None, **options)


def texts(found: Preview) -> list[tuple[int, str]]:
    return [(one.product_id, one.text) for one in found.matched]


def csv_of(rows: Iterable[Iterable[object]], **options: str) -> str:
    text = io.StringIO()
    csv.writer(text, **options).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


def table(ids: Iterable[object], *, headings: tuple[str, ...] = ("Product ID", "Reason")) -> str:
    return csv_of([headings, *zip(ids, TEXTS, strict=True)])


ALL = list(zip(IDS, TEXTS, strict=True))


def validated(content: bytes, name: str = "report.csv", **answers: object) -> Validation:
    tables = read_tables(name, content)
    columns = {headings: replace(one, **answers) for headings, one in columns_of(tables, lambda _: None).items()}  # type: ignore[arg-type]
    return validate(name, tables, columns, NOW)


def test_a_quotation_mark_that_never_closes_swallows_no_row() -> None:
    rows = 'p1,error,No brand\np2,error,"No code\np3,error,No price\np4,warning,Long\n'
    read = validated(f"SKU,Severity,Message\n{rows}".encode())
    assert (read.rejected, read.rows) == (3, 4)
    assert [line.message for line in read.lines] == ["No brand", "No code", "No price", "Long"]
    assert read.notes == ("A quotation mark does not close in row 3: read to the end of the line, so check it.",)


@pytest.mark.parametrize(
    "rows",
    [
        'p1,error,"No brand\np2,error,"No code\np3,error,x\n',
        'p1,error,"\np2,error,No code\np3,error,"\n',
        'p1,error,"No brand\np2,error,No code",\np3,error,x\n',
        'p1,"error,No brand\np2,"error,No code\np3,error,x\n',
    ],
)
def test_two_open_marks_that_close_each_other_swallow_no_row(rows: str) -> None:
    [read] = read_tables("a.csv", f"SKU,Severity,Message\n{rows}p4,error,y\n".encode())
    assert [row.cells[0] for row in read.rows] == ["p1", "p2", "p3", "p4"]
    assert "A quotation mark does not close in row" in read.note


def test_a_listing_is_never_given_the_ids_and_reasons_of_the_next_ones() -> None:
    broken = csv_of([("Product ID", "Reason")]) + "".join(
        f"{number},{chr(34) if place == 1 else ''}{text}\r\n" for place, (number, text) in enumerate(ALL)
    )
    assert texts(brought(broken.encode())) == ALL
    first = "Reason,Product ID\n" + f'"{TEXTS[0]},{IDS[0]}\n{TEXTS[1]}",{IDS[1]}\n{TEXTS[2]},{IDS[2]}\n'
    assert [number for number, _ in texts(brought(first.encode()))] == IDS[:3]


@pytest.mark.slow
def test_a_file_of_open_marks_alone_loses_no_row() -> None:
    lines = [f'S-{number},error,"No brand {number}' for number in range(3_000)]
    [read] = read_tables("a.csv", "\n".join(["SKU,Severity,Message", *lines]).encode())
    assert [row.cells[0] for row in read.rows] == [f"S-{number}" for number in range(3_000)]
    assert read.note.startswith("A quotation mark does not close in rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2,990 more")


def test_a_text_of_several_lines_is_still_one_cell() -> None:
    told = 'Dark, blurred\nand "small", see A4, page 2\nsize 20, or 30'
    content = csv_of([("Product ID", "Reason"), (IDS[0], told), (IDS[1], "x")])
    assert texts(brought(content.encode())) == [(IDS[0], told.replace("\n", "\n")), (IDS[1], "x")]


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("big5", ("商品ID", "原因", "圖片模糊，請重新上傳清晰的商品圖片")),
        ("cp949", ("상품 ID", "사유", "이미지가 흐릿합니다. 다시 올려 주세요")),
        ("cp932", ("商品ID", "理由", "メイン画像がぼやけています")),
        ("gbk", ("商品ID", "原因", "图片模糊，请重新上传清晰的商品图片")),
        ("koi8-r", ("ID товара", "Причина", "Главное изображение размыто, замените его")),
        ("cp866", ("ID товара", "Причина", "Главное изображение размыто, замените его")),
        ("cp1254", ("Ürün ID", "Neden", "Ana görsel bulanık, lütfen değiştirin")),
        ("cp1252", ("Product ID", "Motivo", "La imagen está borrosa, ¿puede cambiarla?")),
    ],
)
def test_a_code_page_of_sellers_countries_is_told_from_the_letters(page: str, told: tuple[str, str, str]) -> None:
    content = csv_of([told[:2], (IDS[0], told[2])]).encode(page)
    found = brought(content)
    assert texts(found) == [(IDS[0], told[2])]
    assert "Read in the code page" in found.notes[0]


def test_a_code_page_that_is_not_clear_is_asked_for_with_a_line_as_each_reads_it() -> None:
    content = f"Product ID,Reason\n{IDS[0]},Rozmazane zdjęcie główne, źródło\n".encode("cp1250")
    with pytest.raises(CodePageUnclear) as unclear:
        read_tables("a.csv", content)
    assert unclear.value.samples["cp1250"] == f"{IDS[0]},Rozmazane zdjęcie główne, źródło"
    [chosen] = read_tables("a.csv", content, "cp1250")
    assert chosen.rows[0].cells == (str(IDS[0]), "Rozmazane zdjęcie główne")


LONG = "Upload a main picture of 800 by 800 pixels, which is sharp and shows nothing but the product itself"


def listed(owner: str, what_to_do: str) -> str:
    """A list as we write it, with one owner filled in."""
    rows = [(one, what_to_do, owner if one == IDS[0] else "", "2026-03-09 12:00") for one in IDS]
    return csv_of([("Product id", "Advice", "Owner", "Read at"), *rows])


def test_of_long_lines_that_part_is_shown_which_tells_the_code_pages_apart() -> None:
    with pytest.raises(CodePageUnclear) as unclear:
        read_tables("a.csv", listed("Bób", LONG).encode("cp1252"))
    samples = unclear.value.samples
    assert samples["cp1252"] == 'the product itself",Bób,2026-03-09 12:00'
    assert len(samples) == len(set(samples.values())) > 1


@pytest.mark.parametrize("what_to_do", ["450 × 450 px: make it 800 × 800 – or more", "“sharp” pictures…", "5 € more"])
def test_signs_that_stand_alone_are_no_russian(what_to_do: str) -> None:
    [read] = read_tables("a.csv", listed("Zoë", what_to_do).encode("cp1252"))
    assert [row.cells[1:3] for row in read.rows[:2]] == [(what_to_do, "Zoë"), (what_to_do, "")]
    assert "Windows-1252" in read.note


def test_signs_beside_letters_of_central_europe_leave_the_question_between_its_code_pages() -> None:
    with pytest.raises(CodePageUnclear) as unclear:
        read_tables("a.csv", listed("Łukasz", "450 × 450 px").encode("cp1250"))
    assert set(unclear.value.samples) >= {"cp1250", "cp1252"}
    assert "Łukasz" in unclear.value.samples["cp1250"]


def test_a_character_cut_in_two_names_its_one_cell_and_the_rest_is_read() -> None:
    whole = csv_of(
        [("商品ID", "商品标题", "原因"), (IDS[0], "台灯", "图片模糊"), (IDS[1], "落地灯", "没有品牌")]
    ).encode()
    cut = whole.replace("台灯".encode(), "台灯".encode()[:-1])
    found = brought(cut)
    assert texts(found) == [(IDS[0], "图片模糊"), (IDS[1], "没有品牌")]
    assert found.notes == ("A character was cut in '商品标题' of row 2.",)


def test_the_id_column_is_the_one_whose_values_look_like_product_ids() -> None:
    numbered = csv_of([("ID", "Product ID", "Reason"), *((place, *row) for place, row in enumerate(ALL, 1))])
    assert texts(brought(numbered.encode())) == ALL
    cases = [[40_000_000_01 + place, str(number), text] for place, (number, text) in enumerate(ALL)]
    assert texts(brought(workbook({"A": [["ID", "商品ID", "原因"], *cases]}), "a.xlsx")) == ALL


def test_other_long_numbers_beside_a_sku_are_not_taken_for_product_ids() -> None:
    for number in ("4006381333931", "8100200030004000"):
        rows = csv_of([("Number", "SKU", "Reason"), (number, "A-1", "x"), (number, "A-2", "y")])
        [columns] = guesses(read_tables("a.csv", rows.encode())).values()
        assert columns == ColumnMap(None, "SKU", ("Reason",))
    with pytest.raises(SourceError, match="has no heading row"):
        read_tables("a.csv", b"Barcode,Reason\n4006381333931,x\n4006381333931,y\n")


def test_an_id_inside_a_title_is_read_from_there() -> None:
    cells = [f"Desk lamp, red ID: {number}" for number in IDS]
    assert texts(brought(table(cells, headings=("Product", "Reason")).encode())) == ALL
    counted = csv_of([("ID", "Product", "Reason"), *zip(range(1, 6), cells, TEXTS, strict=True)])
    assert texts(brought(counted.encode())) == ALL


def test_headings_in_two_rows_are_joined_and_said() -> None:
    rows = [["Product ID", "Audit", ""], ["", "Reason", "Date"], *([str(number), text, "x"] for number, text in ALL)]
    found = brought(workbook({"A": rows}), "a.xlsx")
    assert texts(found) == ALL
    assert found.notes == ("The headings stand in two rows and were joined: 'Audit Reason', 'Audit Date'.",)
    above = [["Product", "Reason"], ["ID", ""], *([str(number), text] for number, text in ALL)]
    assert texts(brought(workbook({"A": above}), "a.xlsx")) == ALL


def test_a_first_row_without_its_id_is_no_second_row_of_headings() -> None:
    read = validated(b"sku,severity,message\n,error,Missing brand\nA,error,x\n")
    assert (read.rows, read.without_sku) == (1, 1)


def test_a_preamble_may_be_long() -> None:
    preamble = csv_of([(f"Line {number} of a long note", "", "") for number in range(60)])
    assert texts(brought((preamble + table(IDS)).encode())) == ALL


@pytest.mark.parametrize(
    "written",
    ["“{}”", "«{}»", "'{}", "‘{}’", "\u00a0{}\u00a0", '="{}"', "ID:{}", "ID：{}", "#{}", "№ {}", "{:,}", "`{}`"],
)
def test_odd_ids_are_recovered_where_they_are_exact(written: str) -> None:
    assert product_id_of(written.format(IDS[0])) == IDS[0]


def test_wide_digits_and_groups_of_four_are_an_id_and_two_ids_are_none() -> None:
    assert product_id_of("".join(chr(ord(digit) + 0xFEE0) for digit in str(IDS[0]))) == IDS[0]
    assert product_id_of("1005 0070 0000 0011") == FIRST
    with pytest.raises(NoProductId):
        product_id_of(f"{IDS[0]} {IDS[1]}")


def test_rounded_ids_are_offered_where_one_listing_alone_fits() -> None:
    rounded = [number // 10 * 10 for number in IDS]
    found = brought(table(rounded).encode())
    assert (found.matched, found.unmatched, len(found.rounded)) == ((), (), 5)
    assert found.rounded[0].note == (
        f"looks rounded by a spreadsheet: only {IDS[0]} in store main fits, and may be taken"
    )
    assert texts(brought(table(rounded).encode(), take_rounded=True)) == ALL


def test_a_rounded_id_that_several_listings_fit_is_nobodys_though_one_has_it_exactly() -> None:
    twins = Shelf(*(Listing("main", number) for number in (*IDS, IDS[0] // 10 * 10)))
    found = brought(table([number // 10 * 10 for number in IDS]).encode(), shelf=twins, take_rounded=True)
    assert texts(found) == ALL[1:]
    assert "looks rounded by a spreadsheet, and stands for 2 listings" in found.ambiguous[0].note


def test_an_id_that_ends_in_zero_by_itself_is_taken_as_it_is() -> None:
    even = Shelf(
        Listing("main", 1005007000000020), Listing("main", 1005007000000021), Listing("main", 1005007000000035)
    )
    content = csv_of([("id", "Reason"), (1005007000000020, "a"), (1005007000000035, "b")]).encode()
    assert texts(brought(content, shelf=even)) == [(1005007000000020, "a"), (1005007000000035, "b")]


def test_a_listing_of_an_archived_store_makes_nothing_ambiguous() -> None:
    both = Shelf(*(Listing(store, number, watched=store == "main") for store in ("main", "old") for number in IDS))
    assert {one.store for one in brought(table(IDS).encode(), shelf=both).matched} == {"main"}
    archived = Shelf(*(Listing("old", number, watched=False) for number in IDS))
    assert {one.store for one in brought(table(IDS).encode(), shelf=archived).matched} == {"old"}


def test_skus_that_lost_digits_are_refused_by_row_and_never_fall_together() -> None:
    rows = [["SKU", "Severity", "Message"], *([Number(str(9_100_000_000_000_001 + n)), "error", "x"] for n in range(4))]
    content = workbook({"A": [*rows, ["S-1", "error", "x"], ["9.1E+15", "error", "y"]]})
    read = validated(content, "a.xlsx")
    assert (read.rejected, read.rows, read.refused) == (1, 1, (2, 3, 4, 5, 7))
    assert "Refused, because digits of the SKU are lost: rows 2, 3, 4, 5 and 7" in read.remarks[0]
    with pytest.raises(SourceError, match=r"has no SKU that can be counted\. Refused, because digits"):
        validated(workbook({"A": rows}), "a.xlsx")


def test_codes_that_only_look_scientific_are_codes() -> None:
    assert [sku_code_of(cell) for cell in ("12E3", "1E5", "E+12", 12.0, '="007"', "'007", "\t007")] == [
        *("12E3", "1E5", "E+12", "12", "007", "007", "007")
    ]
    for cell in ("1.23457E+11", "1,23457E+11", 2.0**53, float("inf"), "A\ufffd1"):
        with pytest.raises(NoSkuCode):
            sku_code_of(cell)


def test_a_row_without_a_sku_belongs_to_the_one_above_and_is_named() -> None:
    read = validated(b"SKU,Severity,Message,Date\nA,warning,x,\n,error,y,\n,,,2026-03-08\nB,warning,z,\n")
    assert (read.rejected, read.rows, read.joined, read.without_sku) == (1, 2, (3,), 1)
    assert "Without a SKU, and counted with the one above: row 3." in read.remarks


def test_totals_are_left_out_and_named() -> None:
    read = validated(
        b"SKU,Severity,Message\nA,error,x\nB,warning,y\nTotal,2,\n\xe5\x90\x88\xe8\xae\xa1,,\n,error,see above\n"
    )
    assert (read.rejected, read.rows, read.totals, read.without_sku) == (1, 2, (4, 5), 1)
    assert "Left out as totals: rows 4 and 5." in read.remarks
    assert not any(map(is_total, ("TOTAL-1", "Total black lamp", "Sum-3", "A-Total")))


@pytest.mark.parametrize("column", ["Product ID", "SKU"])
def test_totals_below_annotations_are_no_listings_and_are_named(column: str) -> None:
    rows = [(IDS[0] if column == "Product ID" else "A", "No brand"), ("Total", 1), ("Grand total: 2 rows", "see above")]
    found = brought(csv_of([(column, "Reason"), *rows]).encode())
    assert len(found.matched) + len(found.unmatched) == 1
    assert (found.refused, found.silent) == ((), 0)
    assert found.notes == ("The file: left out as totals: rows 3 and 4.",)


def test_a_date_without_a_time_is_the_day_of_that_name_in_the_zone() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    day = datetime(2026, 3, 7, 16, tzinfo=UTC)
    for written in ("2026-03-08", "08.03.2026", "2026-03-08T00:00:00", 20260308.0):
        assert read_dates([written], NOW, shanghai) == [day]
    assert read_dates(["2026-03-08 05:00", "2026-03-08T00:00:00+00:00"], NOW, shanghai) == [
        datetime(2026, 3, 8, 5, tzinfo=UTC),
        datetime(2026, 3, 8, tzinfo=UTC),
    ]


LETTERS = st.characters(codec="cp1251", exclude_categories=("Cc", "Zl", "Zp"), exclude_characters="\ufffd")
CELL = st.text(LETTERS, max_size=12) | st.sampled_from(['say "no"', "a, b; c|d\te", "two\nlines", "Нет бренда, увы"])
PREAMBLE = st.lists(st.sampled_from(["Report of a day", "Страница 1 из 2", 'with "marks"', "x,y;z"]), max_size=30)
WRITTEN = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
SEPARATOR = st.sampled_from([",", ";", "\t", "|"])
QUOTING = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])


def encoded(text: str, page: str) -> tuple[bytes, str | None]:
    """The bytes of a text, and the code page that a person chooses where the bytes do not tell it."""
    return text.encode(page), page if page == "cp1251" else None


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.sampled_from([*map(str, IDS), "1005007999999999", "lamp", ""]), CELL), max_size=15),
    PREAMBLE,
    WRITTEN,
    SEPARATOR,
    QUOTING,
)
@example([(str(IDS[0]), "two\nlines"), (str(IDS[1]), 'x "')], ["with"], "cp1251", ";", csv.QUOTE_MINIMAL)
def test_rows_matched_and_rows_named_are_the_rows_of_the_file(
    rows: list[tuple[str, str]], preamble: list[str], page: str, separator: str, quoting: int
) -> None:
    lines = [(line,) for line in preamble] + [("Product ID", "Reason"), *rows]
    content, chosen = encoded(csv_of(lines, delimiter=separator, quoting=quoting), page)  # type: ignore[arg-type]
    tables = read_tables("a.csv", content, chosen)
    found = preview(tables, ColumnMap("Product ID", None, ("Reason",)), Shelf(), None)
    told = [(written, " ".join(text.split())) for written, text in rows if text.strip()]
    known = {(int(written), text) for written, text in told if written in map(str, IDS)}
    assert len(tables[0].rows) == sum(bool(written or text) for written, text in rows)
    assert {(one.product_id, " ".join(one.text.split())) for one in found.matched if one.text.count("\n") < 1} <= known
    assert {one.product_id for one in found.matched} == {number for number, _ in known}
    assert len(found.unmatched) == sum(written == "1005007999999999" for written, _ in told)
    assert len(found.refused) == sum(written in ("lamp", "") for written, _ in told)
    assert found.silent == sum(bool(written) and not text.strip() for written, text in rows)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A-1", "A-2", "B", "", "Total", "9.1E+15"]),
            st.sampled_from(["error", "warning", "passed", "kaput", ""]),
            st.sampled_from(["", "-", "No brand", "two\nlines", 'say "no"']),
        ),
        max_size=15,
    ),
    PREAMBLE,
    WRITTEN,
    SEPARATOR,
)
def test_rows_counted_and_rows_named_are_the_rows_of_the_file(
    rows: list[tuple[str, str, str]], preamble: list[str], page: str, separator: str
) -> None:
    lines = [(line,) for line in preamble] + [("SKU", "Severity", "Message"), *rows]
    content, chosen = encoded(csv_of(lines, delimiter=separator), page)
    tables = read_tables("a.csv", content, chosen)
    filled = [row for row in rows if any(row)]
    assume(any(sku not in ("", "Total", "9.1E+15") and word != "kaput" for sku, word, _ in filled))
    columns = {tables[0].headings: replace(guess(tables[0].headings), every_message=True)}
    try:
        read = validate("a.csv", tables, columns, NOW)
    except SourceError as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert "would count as nothing rejected" in refusal
        assert any(word in ("error", "kaput", "") for _, word, _ in filled)
        assert not any(sku in ("A-1", "A-2", "B") and word == "error" for sku, word, _ in filled)
        return
    skus = Counter(sku for sku, _, _ in filled)
    assert read.rows + read.unknown_skus == len(skus.keys() - {"", "Total", "9.1E+15"})
    assert (len(read.totals), len(read.refused)) == (skus["Total"], skus["9.1E+15"])
    assert read.without_sku + len(read.joined) == skus[""]
    named = read.repeated + read.without_sku + len(read.totals) + len(read.refused)
    assert read.rows + read.unknown_skus + named == len(filled)

"""Which listings the rows of a file are about, and what they say: nothing lost silently, nothing guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.model import Status
from aexdash.sources.seller_center import ColumnMap, Match, Preview, RowNote, guess, preview
from aexdash.sources.tables import Row, Table, read_tables
from tests.sources.written import workbook
from tests.support import examples

FIRST = 1005006123456700
BY_ID = ColumnMap("id", None, ("Reason",))


@dataclass(frozen=True)
class Listing:
    store: str
    product_id: int
    title: str
    status: Status
    skus: tuple[str, ...] = ()
    watched: bool = True


class Shelf:
    """The listings that a snapshot would know; it counts how often it is asked."""

    def __init__(self, *listings: Listing) -> None:
        self.listings, self.asked = listings, 0

    def known_ids(self, ids: Iterable[int]) -> dict[int, list[Listing]]:
        self.asked += 1
        wanted, found = set(ids), defaultdict(list)
        for listing in self.listings:
            if listing.product_id in wanted:
                found[listing.product_id].append(listing)
        return dict(found)

    def known_skus(self, codes: Iterable[str]) -> dict[str, list[Listing]]:
        self.asked += 1
        carriers = {code: [listing for listing in self.listings if code in listing.skus] for code in set(codes)}
        return {code: found for code, found in carriers.items() if found}


def listing(number: int, *skus: str, store: str = "main", status: Status = Status.REJECTED) -> Listing:
    return Listing(store, FIRST + number, f"Lamp {number}", status, skus)


def match(number: int, row: int, text: str, *, store: str = "main", sheet: str = "") -> Match:
    return Match(row, store, FIRST + number, f"Lamp {number}", Status.REJECTED, text, sheet)


def table(*rows: tuple[object, ...], headings: tuple[str, ...] = ("id", "Reason"), sheet: str = "") -> Table:
    return Table(sheet, headings, [Row(number, cells) for number, cells in enumerate(rows, start=2)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("Title", "Product ID", "SKU", "Rejection reason"), ColumnMap("Product ID", "SKU", ("Rejection reason",))),
        (("商品ID", "*商品标题", "审核不通过原因", "备注"), ColumnMap("商品ID", None, ("审核不通过原因",))),
        (("ID товара", "Артикул", "Причина отклонения"), ColumnMap("ID товара", "Артикул", ("Причина отклонения",))),
        (("ID producto", "Motivo de rechazo"), ColumnMap("ID producto", None, ("Motivo de rechazo",))),
        (("id", "Reason", "Reason (2)"), ColumnMap("id", None, ("Reason", "Reason (2)"))),
        (("ItemId", "产品中文名称", "备注"), ColumnMap("ItemId", None, ("备注",))),
        (("来源渠道", "售价"), ColumnMap(None, None, ())),
    ],
)
def test_columns_are_guessed_by_their_headings(headings: tuple[str, ...], expected: ColumnMap) -> None:
    assert guess(headings) == expected


def test_rows_are_matched_unmatched_ambiguous_or_refused_with_their_number() -> None:
    shelf = Shelf(listing(1), listing(2, store="other"), listing(3, "LAMP", "LAMP-3"), listing(4, "LAMP"))
    rows = table(
        (str(FIRST + 1), "", "Brand is missing"),
        (float(FIRST + 2), "", "Picture too small"),
        ("", "LAMP-3", "Certificate"),
        ("", "LAMP", "Dark"),
        (str(FIRST + 9), "", "Dark"),
        ("1.00501E+15", "", "Dark"),
        ("", "", "Dark"),
        (str(FIRST + 3), "", ""),
        headings=("id", "SKU", "Reason"),
    )
    assert preview([rows], ColumnMap("id", "SKU", ("Reason",)), shelf, None) == Preview(
        matched=(
            match(1, 2, "Brand is missing"),
            match(2, 3, "Picture too small", store="other"),
            match(3, 4, "Certificate"),
        ),
        unmatched=(RowNote(6, str(FIRST + 9), "the snapshot knows no such listing"),),
        ambiguous=(RowNote(5, "LAMP", f"stands for 2 listings: {FIRST + 3} in store main, {FIRST + 4} in store main"),),
        refused=(
            RowNote(7, "1.00501E+15", "1.00501E+15 does not show all digits of the id; write the column as text"),
            RowNote(8, "", "no product id and no SKU code"),
        ),
        repeated=0,
        silent=1,
    )


def test_what_is_kept_is_told_by_store() -> None:
    shelf = Shelf(listing(1), listing(2, store="other"))
    found = preview([table((str(FIRST + 1), "a"), (str(FIRST + 2), "b"))], BY_ID, shelf, None)
    assert found.by_store() == {"main": [(FIRST + 1, "a")], "other": [(FIRST + 2, "b")]}


def test_one_store_alone_may_be_meant() -> None:
    shelf = Shelf(listing(1), listing(1, store="other"), listing(2, store="other"))
    rows = [table((str(FIRST + 1), "a"), (str(FIRST + 2), "b"), (str(FIRST + 3), "c"))]
    assert preview(rows, BY_ID, shelf, "main").matched == (match(1, 2, "a"),)
    assert [note.note for note in preview(rows, BY_ID, shelf, "main").unmatched] == [
        "not in store main, but in store other",
        "the snapshot knows no such listing in store main",
    ]
    assert [(note.row, note.id) for note in preview(rows, BY_ID, shelf, None).ambiguous] == [(2, str(FIRST + 1))]


def test_rows_that_say_the_same_count_once_and_others_add_what_they_say() -> None:
    one = str(FIRST + 1)
    rows = table((one, "Dark"), (float(one), "Dark "), (one, "Brand"), (f"{one[0]}.{one[1:]}E+15", "Dark"))
    found = preview([rows], BY_ID, Shelf(listing(1)), None)
    assert (found.matched, found.repeated) == ((match(1, 2, "Dark\nBrand"),), 2)


def test_several_text_columns_and_lines_in_a_cell_are_several_reasons() -> None:
    rows = table((str(FIRST + 1), "Dark", "Dark", "Brand\nTitle"), headings=("id", "a", "b", "c"))
    found = preview([rows], ColumnMap("id", None, ("a", "b", "c")), Shelf(listing(1)), None)
    assert found.matched == (match(1, 2, "Dark\nBrand\nTitle"),)


def test_every_sheet_is_read_by_its_own_id_column_and_those_without_the_text_are_named() -> None:
    sheets = [
        table((str(FIRST + 1), "a"), sheet="Lamps"),
        table(("b", str(FIRST + 2)), headings=("Reason", "Product ID"), sheet="Chairs"),
        table((str(FIRST + 3), 5), headings=("id", "Price"), sheet="Prices"),
    ]
    found = preview(sheets, BY_ID, Shelf(*map(listing, (1, 2, 3))), None)
    assert found.matched == (match(1, 2, "a", sheet="Lamps"), match(2, 2, "b", sheet="Chairs"))
    assert found.notes == ("Sheet 'Prices' has no column 'Reason', so its 1 row was left out.",)


def test_each_heading_set_may_have_columns_of_its_own() -> None:
    sheets = [
        table((str(FIRST + 1), "a"), sheet="Lamps"),
        table(("b", str(FIRST + 2)), headings=("Feedback", "nr"), sheet="Chairs"),
        table((str(FIRST + 3), "c"), headings=("id", "Note"), sheet="Notes"),
    ]
    columns = {("id", "Reason"): BY_ID, ("Feedback", "nr"): ColumnMap("nr", None, ("Feedback",))}
    found = preview(sheets, columns, Shelf(*map(listing, (1, 2, 3))), None)
    assert found.matched == (match(1, 2, "a", sheet="Lamps"), match(2, 2, "b", sheet="Chairs"))
    assert found.notes == ("Sheet 'Notes' has no text column that was chosen, so its 1 row was left out.",)


def test_what_the_file_kept_back_is_said() -> None:
    told = Table("A", ("id", "Reason"), [], note="2 formulas came without their value and read as empty cells.")
    assert preview([told], BY_ID, Shelf(), None).notes == (told.note,)


def test_the_snapshot_is_asked_once_however_long_the_file() -> None:
    shelf = Shelf(*map(listing, range(50)))
    rows = table(*((str(FIRST + number), "a") for number in range(50)))
    assert len(preview([rows], BY_ID, shelf, None).matched) == 50
    assert shelf.asked == 2


@settings(deadline=None, max_examples=examples(25))  # each starts the process that reads workbooks
@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc"), st.sampled_from("tnfs")), max_size=12))
def test_every_row_is_accounted_for_and_no_id_becomes_another(rows: list[tuple[int, str, str]]) -> None:
    """Ids as text, numbers, number texts and in scientific notation, in a real workbook; five of ten are known."""
    cells = [[_written(FIRST + number, way), text] for number, text, way in rows]
    tables = read_tables("a.xlsx", workbook({"A": [["id", "Reason"], *cells, ["", "end"]]}))
    found = preview(tables, BY_ID, Shelf(*map(listing, range(5))), None)
    said = {FIRST + number: set() for number, _, _ in rows if number < 5}
    for number, text, _ in rows:
        said.get(FIRST + number, set()).add(text)
    assert {one.product_id: set(one.text.split("\n")) for one in found.matched} == said
    assert len(found.unmatched) == sum(number >= 5 for number, _, _ in rows)
    assert found.refused == (RowNote(len(rows) + 2, "", "no product id and no SKU code", "A"),)
    assert sum(len(said[number]) for number in said) + found.repeated + len(found.unmatched) == len(rows)


def _written(number: int, way: str) -> object:
    text = str(number)
    return {"t": text, "n": number, "f": f"{text}.0", "s": f"{text[0]}.{text[1:]}E+15"}[way]

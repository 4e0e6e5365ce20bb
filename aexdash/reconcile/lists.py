"""Their list, from a file of any layout, or from what somebody copied: the rows with the ids or SKUs they name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from aexdash.model import Status
from aexdash.reconcile.model import TheirList, TheirRow
from aexdash.sources.cells import Cell, Row, Table, named_rows
from aexdash.sources.columns.cell_words import totals_among
from aexdash.sources.columns.headings import STATUS_HEADINGS, is_one_of, names_id, names_sku
from aexdash.sources.columns.id_columns import USUAL_DIGITS, id_column
from aexdash.sources.columns.ids import NoProductId, NoSkuCode, product_id_of, sku_code_of
from aexdash.sources.errors import SourceError

PASTED = "copied ids"

MOST_ROWS = 200_000
"""As many as of a file are read."""

STATUS_WORDS: Mapping[Status, tuple[str, ...]] = {
    Status.REJECTED: (
        *("rejected", "editingrequired", "editing required", "refuse", "refused", "not approved", "disapproved"),
        *("审核不通过", "審核不通過", "未通过", "审核失败", "отклонён", "отклонен", "отклонено"),
    ),
    Status.AUDITING: (
        *(
            "auditing",
            "in audit",
            "under review",
            "in review",
            "pending",
            "pending review",
            "审核中",
            "審核中",
            "待审核",
        ),
        *("на модерации", "на проверке"),
    ),
    Status.ACTIVE: (
        *("active", "onselling", "on selling", "on sale", "selling", "online", "approved", "上架", "正在销售", "在售"),
        *("審核通過", "审核通过", "в продаже", "активен"),
    ),
    Status.OFFLINE: ("offline", "inactive", "off sale", "off shelf", "下架", "已下架", "снят с продажи"),
    Status.DELETED: (
        "deleted",
        "service_delete",
        "service delete",
        "客服删除",
        "已删除",
        "所有删除商品",
        "удалён",
        "удален",
    ),
}
"""What Seller Center and its interfaces call a status (reference sources.md §2.2), in lower case."""

_WORD_TO_STATUS = {word: status for status, words in STATUS_WORDS.items() for word in words}

_IS_STATUS_HEADING = is_one_of(STATUS_HEADINGS)

_BETWEEN = re.compile(r"[\s,;|，、；،؛｜]+")
"""Between two of several ids in a line, as they are separated in English, Chinese and Arabic."""


def status_of(word: str) -> Status | None:
    """Return the status that a word of Seller Center means; None for one that is not known."""
    return _WORD_TO_STATUS.get(" ".join(unicodedata.normalize("NFKC", word).casefold().split()))


def of_tables(source: str, tables: Iterable[Table]) -> TheirList:
    """Read the rows of a file. `source` is what the person calls it.

    Each sheet is read by the column that holds its ids, else by that of its SKU codes, and by a column of statuses
    where it has one whose words are known.

    Raises:
        SourceError: no sheet has such a column, or there are more than 200,000 rows.
    """
    rows: list[TheirRow] = []
    notes: list[str] = []
    read = 0
    for table in tables:
        notes += [table.note] if table.note else []
        found = _rows_of(table, notes)
        if found is None:
            notes.append(f"{_place(table)} has no column of ids or SKU codes, and was left out.")
        else:
            read += 1
            rows += found
    if not read:
        raise SourceError(f"{source} has no column of product ids or SKU codes: choose a list that has one.")
    return TheirList(source, _few_enough(source, rows), tuple(notes))


def of_text(text: str) -> TheirList:
    """Read ids that somebody copied, one a word: separated by line breaks, spaces, commas or semicolons.

    A line that says *ID: 1005…* or holds one address of a listing is read as that id, whatever else it says.

    Raises:
        SourceError: there are more than 200,000 of them.
    """
    rows: list[TheirRow] = []
    for number, line in enumerate(text.splitlines(), start=1):
        rows += _rows_of_line(number, line)
    return TheirList(PASTED, _few_enough("What was pasted", rows))


def _rows_of_line(number: int, line: str) -> list[TheirRow]:
    """Read the ids of a line. One without any is left out, unless it is a single word with a digit: that is no id."""
    words = [word for word in _BETWEEN.split(line) if word]
    try:
        return [TheirRow(number, line.strip()[:80], product_id_of(line))]
    except NoProductId as error:
        found = [one for one in (_row_of_id(number, word) for word in words) if not one.note]
        if len(words) == 1 and any(map(str.isdecimal, words[0])):
            return [TheirRow(number, words[0][:80], None, note=str(error))]
        usual = [one for one in found if len(str(one.product_id)) == USUAL_DIGITS]
        return usual or found  # beside an id of 16 digits, a number of another length is a price or a bar code


def _row_of_id(number: int, written: Cell, status: Status | None = None, sheet: str = "") -> TheirRow:
    try:
        return TheirRow(number, str(written)[:80], product_id_of(written), status=status, sheet=sheet)
    except NoProductId as error:
        return TheirRow(number, str(written)[:80], None, status=status, note=str(error), sheet=sheet)


def _rows_of(table: Table, notes: list[str]) -> list[TheirRow] | None:
    places = {heading: place for place, heading in enumerate(table.headings)}
    sku = next(filter(names_sku, table.headings), None)
    named = list(filter(names_id, table.headings))
    by_id = id_column(table.headings, (row.cells for row in table.rows), named) if named or not sku else None
    if by_id is None and sku is None:
        return None
    status = _status_column(table, notes)
    id_place, sku_place = places.get(by_id or ""), places.get(sku or "")
    totals = totals_among(table.rows, id_place, sku_place)
    if totals:
        notes.append(f"{_place(table)}: left out as totals: {named_rows(totals)}.")
    rows = {row.number: _read(table, row, id_place, sku_place, status) for row in table.rows}
    if nameless := [number for number, one in rows.items() if one is None]:
        notes.append(f"{_place(table)}: passed over, because they name no listing: {named_rows(nameless)}.")
    left_out = frozenset(totals)
    return [one for number, one in rows.items() if one is not None and number not in left_out]


def _read(table: Table, row: Row, by_id: int | None, by_sku: int | None, by_status: int | None) -> TheirRow | None:
    status = None if by_status is None else status_of(str(row.cells[by_status]))
    written: Cell = "" if by_id is None else row.cells[by_id]
    code: Cell = "" if by_sku is None else row.cells[by_sku]
    if written != "":
        return _row_of_id(row.number, written, status, table.sheet)
    if code == "":
        return None
    try:
        return TheirRow(row.number, str(code)[:80], None, sku_code_of(code), status, sheet=table.sheet)
    except NoSkuCode as error:
        return TheirRow(row.number, str(code)[:80], None, status=status, note=str(error), sheet=table.sheet)


def _status_column(table: Table, notes: list[str]) -> int | None:
    """Return the place of the column with statuses of Seller Center; words that are not known are named in a note."""
    for place, heading in enumerate(table.headings):
        words = [str(row.cells[place]).strip() for row in table.rows if row.cells[place] != ""]
        if not _IS_STATUS_HEADING(heading) or not any(map(status_of, words)):
            continue
        if strange := list(dict.fromkeys(word for word in words if status_of(word) is None)):
            shown = ", ".join(repr(word[:40]) for word in strange[:3])
            notes.append(f"{_place(table)}: nobody knows which status is meant by {shown}; those rows count as listed.")
        return place
    return None


def _place(table: Table) -> str:
    return f"Sheet {table.sheet!r}" if table.sheet else "The file"


def _few_enough(source: str, rows: Sequence[TheirRow]) -> tuple[TheirRow, ...]:
    if len(rows) > MOST_ROWS:
        raise SourceError(f"{source}: more than {MOST_ROWS:,} rows. Compare one status or one store at a time.")
    return tuple(rows)

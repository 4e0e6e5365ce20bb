"""The fix sheet of one reason: one row for each listing, with what it has now, what is asked, and cells for the fix.

The columns differ by reason (`fix_kinds`); attributes get a column each, with the values that the category allows.
The workbook offers those values as drop-downs, the CSV lists them in a column of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from aexdash.exports.csv_file import csv_of
from aexdash.exports.fixsheets.fix_kinds import ATTRIBUTE, kind_of, to_fill
from aexdash.exports.fixsheets.fix_table import Blank, FixCell, FixSheet
from aexdash.exports.table import Column, NoSuchExport, page_of, write_whole
from aexdash.exports.worklist.worklist import ExportContext, decided, sentences
from aexdash.model import Provenance, unsaid
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import ListingCard, ReasonRow, WorkRow
from aexdash.snapshot.tallies import ReasonCount
from aexdash.sources.round_trip import (
    EDITABLE,
    EXPORTED_AT,
    FIX_OF,
    NEVER_FILLED,
    PRODUCT_ID,
    ROW_CHECK,
    STORE,
    STORE_KEY,
    row_check,
)
from aexdash.view import View
from aexdash.words.common import RESUBMIT_WORDS
from aexdash.words.listings.listing import status_words

MOST_VALUES = 40
"""The most allowed values that a cell of the CSV lists; of the others it gives the number."""

OTHER_REASONS = "Other reasons"
"""The heading of what else holds a listing: with this one fix alone it does not come back."""

COMMENT = "Comment"

Cards = Callable[[str, int], ListingCard | None]
"""A function that returns everything known of a listing, by store key and product id, such as `Snapshot.listing`."""


LISTING = (
    Column("product_id", PRODUCT_ID, "identifier", 20),
    Column("title", "Title", "text", 40),
    Column("store", STORE, "word", 14),
    Column("what_to_do", "What to do", "text", 50),
)

DECIDED = (
    Column("comment", COMMENT, "fill", 24),
    Column("stage", "Stage", "kept", 14),
    Column("owner", "Owner", "kept", 14),
    Column("note", "Note", "kept", 30),
)
"""What a fixer writes beside the fix itself; both stand before what only informs."""

COMMON = (
    Column("measured", "Measured", "text", 26),
    Column("asked", "Asked by AliExpress", "word", 40),
    Column("raw_text", "Text it was said in", "text", 24),
    Column("others", OTHER_REASONS, "word", 30),
    Column("status", "Status", "word", 12),
    Column("resubmit", "Resubmit", "word", 18),
    Column("edit_link", "Edit page", "link", 40),
    Column("fix_of", FIX_OF, "word", 22),
    Column("exported_at", EXPORTED_AT, "identifier", 22),
    Column("store_key", STORE_KEY, "identifier", 12),
    Column("row_check", ROW_CHECK, "word", 14),
)


OTHER_ATTRIBUTE = "Attribute and value"
"""The heading of the column for listings whose missing attribute nobody named."""


def fix_columns(code: str, attributes: Sequence[str] = ()) -> tuple[Column, ...]:
    """Return the columns of the fix sheet of a reason; `attributes` are those to be filled in, a column each."""
    kind = kind_of(code)
    named = tuple(to_fill(f"attribute {name}", _of_attribute(name)) for name in attributes)
    fill = named if kind is ATTRIBUTE else kind.fill
    return (*LISTING, *fill, *DECIDED, *kind.now, *COMMON)


def code_for(reasons: Sequence[str], counts: Callable[[], Iterable[ReasonCount]], taxonomy: Taxonomy) -> str | None:
    """Return the one code that the reasons of a view stand for; None where there is not one.

    A family stands for its code where the taxonomy has one of it, or the listings of the view have. `counts` are the
    codes of those listings, asked for only where that decides.
    """
    if len(reasons) != 1:
        return None
    [reason] = reasons
    of_family = [code for code in taxonomy.codes if code.partition(".")[0] == reason]
    if reason in taxonomy.codes or not of_family:
        return reason if reason in taxonomy.codes else None
    if len(of_family) > 1:
        of_family = [one.code for one in counts() if one.code in of_family and one.listings]
    return of_family[0] if len(of_family) == 1 else None


def _of_attribute(name: str) -> str:
    """Return the heading of an attribute's column: its name, unless a column of every fix sheet is called so."""
    return f"{name} (attribute)" if name in NEVER_FILLED or name == COMMENT else name


def fixsheet(code: str, rows: Iterable[WorkRow], context: ExportContext, cards: Cards | None = None) -> FixSheet:
    """Make the fix sheet of a reason; rows of listings without this reason are left out.

    `cards` is called once for each category, to learn the attribute values that it allows. All lines are held in
    memory.

    Raises:
        NoSuchExport: there is no such code.
    """
    _check_code(code, context.taxonomy)
    affected = [(row, reason) for row in rows if (reason := _reason_of(row, code)) is not None]
    attributes = _attributes(reason for _, reason in affected) if kind_of(code) is ATTRIBUTE else ()
    lines = _Lines(code, attributes, context, _AllowedValues(cards))
    return FixSheet(code, fix_columns(code, attributes), [lines.line(row, reason) for row, reason in affected])


def csv_fixsheet(sheet: FixSheet) -> Iterator[bytes]:
    """Write a fix sheet as CSV: the same columns, those to fill in empty, and a column with the allowed values."""
    columns = [column._replace(kind="text") if column.kind == "fill" else column for column in sheet.columns]
    allowed = Column("allowed", "Allowed values", "text")
    lines = (
        [*("" if isinstance(cell, Blank) else cell for cell in line), _allowed_values(sheet.columns, line)]
        for line in sheet.lines
    )
    return csv_of([*columns, allowed], lines)


def write_fixsheet(
    target: Path | IO[bytes], code: str, rows: Iterable[WorkRow], context: ExportContext, cards: Cards | None = None
) -> int:
    """Write the workbook of a fix sheet; return how many listings it holds.

    Raises:
        ExportError: there is no such code, or more rows than a worksheet holds.
    """
    from aexdash.exports.fixsheets.fix_workbook import FixBook  # noqa: PLC0415 - xlsxwriter is loaded when a workbook is asked for

    sheet = fixsheet(code, rows, context, cards)
    with FixBook(target) as book:
        book.table(sheet, context.taxonomy.label(code))
        book.about(code, context)
    return len(sheet.lines)


def write_view(target: Path, code: str, snapshot: Snapshot, view: View, context: ExportContext) -> None:
    """Write the workbook of the fix sheet of a view; raises what `write_fixsheet` and `Snapshot` do."""
    write_fixsheet(target, code, snapshot.rows(view), context, cards_of(snapshot, view))


def cards_of(snapshot: Snapshot, view: View) -> Cards:
    """Return what reads all that is known of a listing at the moment of a view."""
    return lambda store, product_id: snapshot.listing(store, product_id, view.as_of)


def save(path: Path, code: str, rows: Iterable[WorkRow], context: ExportContext, cards: Cards | None = None) -> int:
    """Write a fix sheet to a .csv or .xlsx file, whole or not at all; return how many listings it holds.

    Raises:
        ExportError: there is no such code, another ending, or the file cannot be written.
    """
    written = 0

    def write(file: IO[bytes], suffix: str) -> None:
        nonlocal written
        if suffix == ".xlsx":
            written = write_fixsheet(file, code, rows, context, cards)
            return
        sheet = fixsheet(code, rows, context, cards)
        file.writelines(csv_fixsheet(sheet))
        written = len(sheet.lines)

    _check_code(code, context.taxonomy)
    write_whole(path, write)
    return written


def _check_code(code: str, taxonomy: Taxonomy) -> None:
    if code in taxonomy.codes:
        return
    of_family = [other for other in taxonomy.codes if other.partition(".")[0] == code]
    if of_family:
        raise NoSuchExport(f"{code} is a family of reasons: name one of {', '.join(of_family)}.")
    raise NoSuchExport(f"There is no reason {code!r}: name a code like image.main_too_small.")


def _reason_of(row: WorkRow, code: str) -> ReasonRow | None:
    """Return the reason of this code that has the most figures; None where the listing has no such reason."""
    if not row.reasons and unsaid(row.status) == code:
        return ReasonRow(code, Provenance.CHECK, "", None, {}, row.started_at)
    reasons = [reason for reason in row.reasons if reason.code == code]
    return max(reasons, key=lambda reason: len(reason.measured), default=None)


def _attributes(reasons: Iterable[ReasonRow]) -> tuple[str, ...]:
    named: dict[str, None] = {}
    unnamed = False
    for reason in reasons:
        names = _names(reason)
        unnamed = unnamed or not names
        named.update(dict.fromkeys(names))
    return (*named, OTHER_ATTRIBUTE) if unnamed else tuple(named)


def _names(reason: ReasonRow) -> list[str]:
    """Return the attributes that a reason names; one with a wrong value is stored as `Material: Silk`."""
    names = reason.measured.get("names")
    wrong = reason.code == "attribute.value_not_allowed"
    return [str(name).partition(": ")[0] if wrong else str(name) for name in names] if isinstance(names, list) else []


def _allowed_values(columns: Sequence[Column], line: Sequence[FixCell]) -> str:
    blanks = [(column, cell) for column, cell in zip(columns, line, strict=True) if isinstance(cell, Blank)]
    return "; ".join(f"{column.title}: {_values(cell.choices)}" for column, cell in blanks if cell.choices)


def _values(choices: Sequence[str]) -> str:
    more = len(choices) - MOST_VALUES
    return " | ".join(choices[:MOST_VALUES]) + (f" and {more:,} more" if more > 0 else "")


class _AllowedValues:
    """The attribute values that categories allow, read once for each category with one of its listings."""

    def __init__(self, cards: Cards | None) -> None:
        self._cards = cards
        self._known: dict[tuple[str, int | None], dict[str, tuple[str, ...]]] = {}

    def values(self, row: WorkRow, attribute: str) -> tuple[str, ...]:
        """Return the allowed values of an attribute of a listing; empty where any is allowed or nothing is known."""
        category = (row.store, row.category_id)
        if category not in self._known:
            card = self._cards(row.store, row.product_id) if self._cards else None
            self._known[category] = {rule.name: rule.values for rule in card.rules} if card else {}
        return self._known[category].get(attribute, ())


@dataclass(frozen=True)
class _Lines:
    """Makes the lines of one fix sheet."""

    code: str
    attributes: Sequence[str]
    context: ExportContext
    allowed: _AllowedValues

    def line(self, row: WorkRow, reason: ReasonRow) -> tuple[FixCell, ...]:
        """Return the cells of a listing in the order of the columns."""
        taxonomy, product_id = self.context.taxonomy, str(row.product_id)
        texts = sentences(other for other in row.reasons if other.code == self.code)
        kept = {
            STORE_KEY: row.store,
            PRODUCT_ID: product_id,
            "Title": row.title,
            "What to do": taxonomy.remedy(reason),
            OTHER_REASONS: " | ".join(self._others(row)),
            "Status": status_words(row),
            **decided(row),
            EXPORTED_AT: self.context.exported,
        }
        return (
            product_id,
            row.title,
            self.context.title_of(row.store),
            kept["What to do"],
            *self._fill(row, reason),
            Blank(),
            *(kept[name] for name in EDITABLE),
            *kind_of(self.code).cells(row, reason),
            taxonomy.figures(reason),
            "; ".join(ask.limit for ask in taxonomy.codes[self.code].asks),
            " | ".join(texts),
            kept[OTHER_REASONS],
            kept["Status"],
            RESUBMIT_WORDS[row.resubmit] if row.resubmit else None,
            page_of(self.context.edit_urls, row.store, product_id),
            self.code,
            kept[EXPORTED_AT],
            row.store,
            row_check(kept),
        )

    def _others(self, row: WorkRow) -> list[str]:
        codes = dict.fromkeys(reason.code for reason in row.reasons if reason.code != self.code)
        return [self.context.taxonomy.label(code) for code in codes]

    def _fill(self, row: WorkRow, reason: ReasonRow) -> list[Blank | None]:
        kind = kind_of(self.code)
        if kind is not ATTRIBUTE:
            return [Blank(kind.choices) for _ in kind.fill]
        wanted = _names(reason) or [OTHER_ATTRIBUTE]
        return [Blank(self.allowed.values(row, name)) if name in wanted else None for name in self.attributes]

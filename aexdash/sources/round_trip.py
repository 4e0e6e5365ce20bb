"""Our own files on their way back: which columns people may change, the letters that guard a row, and its reader.

A row of a worklist or a fix sheet ends with its *Row check*: five letters for the listing it is about, and five for
each column that matters. So a file says by itself which cells somebody has changed since it was written, whatever a
spreadsheet did to its types, its order and its columns, and without asking any clock. They are letters because
spreadsheets make a number of `12345e10`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import product
from pathlib import Path
from string import ascii_lowercase

from aexdash.clock import to_text
from aexdash.model import Stage
from aexdash.sources.cells import Cell, Row, Table, WithoutValue, code_of
from aexdash.sources.columns.ids import NoProductId, fitting, looks_rounded, product_id_of
from aexdash.sources.errors import SourceError
from aexdash.sources.formats.workbooks import LOST
from aexdash.sources.tables import every_table
from aexdash.storage.text import visible

PRODUCT_ID, STORE, STORE_KEY = "Product id", "Store", "Store key"
"""*Store* is its title, for people; files from before *Store key* have the key there."""

EXPORTED_AT, ROW_CHECK = "Exported at (UTC)", "Row check"

EDITABLE: Mapping[str, str] = {"Stage": "stage", "Owner": "owner", "Note": "note"}
"""The columns that people may change, with the field of a listing that each is."""

LOCKED = ("Title", "Status", "Why", "Other reasons", "What to do")
"""The columns that a row may not be changed in: it would no longer say what was decided on."""

STAGES: Mapping[str, Stage] = {
    "to do": Stage.NEW,
    "new": Stage.NEW,
    "in audit: waiting for aliexpress": Stage.NEW,
    "taken": Stage.TAKEN,
    "fixed": Stage.FIXED,
    "fixed, waiting for aliexpress": Stage.FIXED,
    "snoozed": Stage.SNOOZED,
}
"""The words for a stage that a cell may hold, in lower case: those of the page and those of addresses."""

FIX_OF = "Fix sheet of"
"""The heading of the reason code that a fix sheet is of: what is filled into it is proposed for that reason."""

NEVER_FILLED = frozenset(
    (
        *(PRODUCT_ID, STORE, STORE_KEY, EXPORTED_AT, ROW_CHECK, FIX_OF, *LOCKED, *EDITABLE),
        *("Measured", "Asked by AliExpress", "Text it was said in", "Resubmit", "Edit page", "Allowed values"),
        *("Present picture", "Present size (px)", "Present format", "Present length", "Price from", "Price to"),
        *("Currency", "SKUs", "Present category", "Present category id", "The same as", "Missing"),
        *("What is missing or wrong", "Present weight (kg)", "Present sides (cm)"),
    )
)
"""The headings of a fix sheet under which nothing is to be filled in."""

STARTS = "=+@＝＋－＠-"
"""With one of these begins what a spreadsheet runs as a formula."""

UNSEEN = r"\x00-\x20\"\xa0\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3000\ufeff"
"""Characters that are not seen, as a class of a pattern: behind them a cell may begin for a spreadsheet."""

SAVE_IT = "open it in a spreadsheet, save it there, and bring it back"

LETTERS = 5
_ABSENT = "a" * LETTERS
_GROUPS = ("", *LOCKED, *EDITABLE)
_CHECK = re.compile(f"[a-z]{{{LETTERS * len(_GROUPS)}}}")

_GUARD_BEFORE = re.compile(f"(?<![;{UNSEEN}])([;{UNSEEN}]++)'(?=[{STARTS}])")
_GUARD_FIRST = re.compile(rf"'(?=[\t\r\n{STARTS}]|\Z)")
_BREAK = re.compile("[;\t\r\n]")
_NOT_KEPT = re.compile("[\ud800-\udfff\ufffe\uffff\ufffd]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_FORMULA_PLACE = re.compile(f"(?:^|[;\t\r\n])[\\s;'{UNSEEN}]*")
_LOOKED_AT = 10_000
"""Characters of a cell that its letters are made of; a workbook cuts off what is behind the 32,767th."""


@dataclass(frozen=True, slots=True)
class BroughtRow:
    """A row of ours as it came back.

    `changed` are the fields of `EDITABLE` whose cell is not the one exported, with what it holds now. `seen` are the
    letters of those fields as they were exported: `is_as_exported` compares a value with them. `filled` is what was
    filled into a fix sheet of the code `fix_of`, by its headings. `refusal` says why the
    row cannot be used; then only `sheet`, `number` and `id` stand. `recovered`: its id came back as a number, in
    another form or rounded, and is known all the same.
    """

    sheet: str
    number: int
    id: str
    store: str = ""
    product_id: int = 0
    exported_at: datetime | None = None
    changed: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)
    fix_of: str = ""
    filled: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    recovered: bool = False

    def is_as_exported(self, name: str, value: str) -> bool:
        """Whether a value is the one that a field had when the row was exported."""
        return self.seen.get(name) == (_stage_letters if name == EDITABLE["Stage"] else letters)(value)


def row_check(cells: Mapping[str, str]) -> str:
    """Return the letters of a row by its texts under their headings; a column that is not among them is not guarded."""
    return listing_letters(cells[STORE_KEY], cells[PRODUCT_ID], cells[EXPORTED_AT]) + guards(cells, _GROUPS[1:])


def guards(cells: Mapping[str, str], headings: Sequence[str]) -> str:
    """Return that part of a row check which guards the texts under these headings."""
    return "".join([_group(cells, heading) for heading in headings])


def _group(cells: Mapping[str, str], heading: str) -> str:
    if heading not in cells:
        return _ABSENT
    return _stage_letters(cells[heading]) if heading == "Stage" else letters(cells[heading])


_EMPTY = blake2b(digest_size=8)  # to copy it takes half the time that it takes to make one


def _letters(text: str) -> str:
    digest = _EMPTY.copy()
    digest.update(normalised(text).encode())
    number = int.from_bytes(digest.digest())
    return _spelled(1 + number % (26**LETTERS - 1))


letters = lru_cache(maxsize=8192)(_letters)
"""Returns five letters that say whether a text is the same: never `aaaaa`, which stands for a column left out."""


@lru_cache(maxsize=256)
def _stage_letters(word: str) -> str:
    """Return the letters of a stage; two words for the same stage are the same."""
    return _letters(stage_of(word) or word)


def stage_of(word: str) -> Stage | None:
    """Return the stage that a word of a cell stands for; None for any other."""
    return STAGES.get(normalised(word).lower())


def normalised(text: str) -> str:
    """Return a text without what exports and spreadsheets do to it: spaces, lost characters, and apostrophes.

    Where a spreadsheet could begin to read a formula, an apostrophe may be our mark or its own: it is no change there.
    What turns the direction of a text is written out by exports, which is no change either.
    """
    if text.isascii() and text.isprintable() and "'" not in text:
        # Nothing of what is below is in it, as in most texts, and of all spaces it can only have the plain one.
        return " ".join(text[:_LOOKED_AT].split()) if "  " in text or len(text) > _LOOKED_AT else text.strip()
    kept = _CONTROL.sub("", _NOT_KEPT.sub("?", unicodedata.normalize("NFC", visible(text[:_LOOKED_AT]))))
    return " ".join(_FORMULA_PLACE.sub(lambda run: run[0].replace("'", ""), kept).split())


def unguarded(text: str) -> str:
    """Take off the apostrophes that our CSV puts before whatever a spreadsheet would run."""
    bare = text[1:] if _GUARD_FIRST.match(text) else text
    return _GUARD_BEFORE.sub(_without_guard, bare)


def _without_guard(found: re.Match[str]) -> str:
    return found[1] if found.start() == 0 or _BREAK.search(found[1]) else found[0]


def listing_letters(store: str, product_id: str, exported_at: str) -> str:
    """Return the part of a row check that says which listing the row is of, and which export."""
    return _letters(f"{store} {product_id} {exported_at}")


_FIRST_TWO, _LAST_THREE = (["".join(one) for one in product(ascii_lowercase, repeat=length)] for length in (2, 3))


def _spelled(number: int) -> str:
    """Write a number in letters as digits of 26, as many as there always are."""
    return _FIRST_TWO[number // len(_LAST_THREE)] + _LAST_THREE[number % len(_LAST_THREE)]


def moment_text(at: datetime) -> str:
    """Write the moment of an export to the second, in UTC, as its column holds it: `2026-03-09T12:00:00Z`."""
    return f"{to_text(at)[:19]}Z"


def read_back(name: str, data: bytes | Path, code_page: str | None = None) -> list[BroughtRow]:
    """Read the rows of a worklist or a fix sheet of ours that somebody brings back; sheets of others are left out.

    Raises:
        CodePageUnclear: several code pages fit a text, and none was chosen.
        SourceError: the file cannot be read, or no table in it is one of ours that can come back.
    """
    tables = [table for table in every_table(name, data, code_page) if {ROW_CHECK, PRODUCT_ID} <= {*table.headings}]
    if not tables:
        raise SourceError(
            f"{name} has no columns {PRODUCT_ID!r} and {ROW_CHECK!r}, by which a row of ours is known: export the "
            "worklist or the fix sheet again, change that file, and leave these columns in it."
        )
    if any(LOST in table.note for table in tables):
        raise SourceError(
            f"{name} was written by a program that left the values of its formulas out, so nobody knows what they say: "
            f"{SAVE_IT}."
        )
    return [brought for table in tables for brought in _rows(table)]


def _rows(table: Table) -> Iterator[BroughtRow]:
    for row in table.rows:
        cells = {heading: _text(cell) for heading, cell in zip(table.headings, row.cells, strict=True)}
        if not any(cells.values()):
            continue
        unknown = _without_value(table, row)
        if unknown:
            refused = BroughtRow(table.sheet, row.number, cells[PRODUCT_ID].strip())
            yield _refuse(
                refused, f"{_and(unknown)}: a formula with an error or without its value. Mend it, or {SAVE_IT}"
            )
        else:
            yield _row(table, row, cells)


def _without_value(table: Table, row: Row) -> list[str]:
    """Name the columns that say something here, in which a row has an error or a formula without a value."""
    says = {*_GROUPS[1:], PRODUCT_ID, STORE_KEY, EXPORTED_AT, ROW_CHECK, FIX_OF}
    says |= {STORE} if STORE_KEY not in table.headings else set()
    cells = zip(table.headings, row.cells, strict=True)
    bare = [heading for heading, cell in cells if isinstance(cell, WithoutValue)]
    return [heading for heading in bare if heading in says or (FIX_OF in table.headings and _may_be_filled(heading))]


def _may_be_filled(heading: str) -> bool:
    return heading not in NEVER_FILLED


def _row(table: Table, row: Row, cells: Mapping[str, str]) -> BroughtRow:
    written = cells[PRODUCT_ID].strip()
    refused = BroughtRow(table.sheet, row.number, written)
    check = cells[ROW_CHECK].strip().lower()
    exported_at = _moment(cells.get(EXPORTED_AT, ""))
    store = STORE_KEY if STORE_KEY in cells else STORE
    lacking = [heading for heading in (store, EXPORTED_AT) if heading not in cells]
    if lacking or exported_at is None or not _CHECK.fullmatch(check):
        return _refuse(refused, _no_check(lacking, exported_at, check))
    cell = row.cells[table.headings.index(PRODUCT_ID)]
    try:
        product_id = product_id_of(cell)
    except NoProductId as error:
        return _refuse(refused, str(error))
    groups = dict(zip(_GROUPS, _cut(check), strict=True))
    known = _known_id(product_id, cells[store].strip(), exported_at, groups[""])
    if known is None:
        return _refuse(refused, f"{store}, {PRODUCT_ID} or {EXPORTED_AT} is not the one that was exported in this row")
    differing = [heading for heading in LOCKED if _differs(heading, cells, groups)]
    if differing:
        verb = "was" if len(differing) == 1 else "were"
        may = [*EDITABLE, *(["the cells to fill in"] if FIX_OF in cells else [])]
        return _refuse(refused, f"{_and(differing)} {verb} changed in the file: only {_and(may)} can be")
    changed = {EDITABLE[heading]: _edited(cells[heading]) for heading in EDITABLE if _differs(heading, cells, groups)}
    return BroughtRow(
        table.sheet,
        row.number,
        written,
        store=cells[store].strip(),
        product_id=known,
        exported_at=exported_at,
        changed=changed,
        seen={EDITABLE[heading]: groups[heading] for heading in EDITABLE if groups[heading] != _ABSENT},
        fix_of=cells.get(FIX_OF, "").strip(),
        filled={
            heading: value
            for heading, cell in cells.items()
            if FIX_OF in cells and _may_be_filled(heading) and (value := _edited(cell))
        },
        recovered=not isinstance(cell, str) or written != str(known),
    )


def _refuse(row: BroughtRow, why: str) -> BroughtRow:
    return BroughtRow(row.sheet, row.number, row.id, refusal=why)


def _no_check(lacking: list[str], exported_at: datetime | None, check: str) -> str:
    if lacking:
        return f"the file has no column {' and no column '.join(map(repr, lacking))}: it says which listing was meant"
    if not check:
        return f"it has no {ROW_CHECK}, so nobody knows what it said when it was exported"
    if exported_at is None:
        return f"its {EXPORTED_AT} is no moment"
    return f"its {ROW_CHECK} is not the one that was exported"


def _cut(check: str) -> Iterator[str]:
    return (check[place : place + LETTERS] for place in range(0, len(check), LETTERS))


def _known_id(product_id: int, store: str, exported_at: datetime, of_listing: str) -> int | None:
    """Return the id by which the letters were made: the one in the cell, or the one of which a spreadsheet made it."""
    at = moment_text(exported_at)
    near = fitting(product_id) if looks_rounded(product_id) else ()
    if listing_letters(store, str(product_id), at) == of_listing:
        return product_id
    fits = [one for one in near if listing_letters(store, str(one), at) == of_listing]
    return fits[0] if len(fits) == 1 else None


def _differs(heading: str, cells: Mapping[str, str], groups: Mapping[str, str]) -> bool:
    return heading in cells and groups[heading] != _ABSENT and _group(cells, heading) != groups[heading]


def _edited(cell: str) -> str:
    """Return what somebody wrote into a cell, as it was meant: no marks against formulas, one kind of line break."""
    return unguarded(cell).replace("\r\n", "\n").replace("\r", "\n").strip()


def _text(cell: Cell) -> str:
    return str(cell).upper() if isinstance(cell, bool) else code_of(cell)


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(unguarded(text).strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _and(headings: Iterable[str]) -> str:
    *first, last = headings
    return f"{', '.join(first)} and {last}" if first else last

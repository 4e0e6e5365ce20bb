"""Reads validation files of a feed, exported by Feedonomics or another tool: which SKUs were rejected, and why.

No public document gives the layout of such a file (reference sources.md §1): a person says once which column holds
what, `guess` proposes it, and nothing here claims a layout to be theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from aexdash.sources.cells import Cell, Row, Table, code_of, named_rows
from aexdash.sources.columns.cell_words import Meaning, is_total, meaning_of, says_nothing
from aexdash.sources.columns.dates import EARLIEST, read_dates
from aexdash.sources.columns.headings import (
    FEED_HEADINGS,
    SEVERITY_HEADINGS,
    STATUS_HEADINGS,
    is_one_of,
    names_id,
    names_reason,
    names_rejection,
    names_remark,
    names_sku,
)
from aexdash.sources.columns.id_columns import id_column
from aexdash.sources.columns.ids import NoSkuCode, sku_code_of
from aexdash.sources.errors import SourceError
from aexdash.sources.validation import FeedLine, Validation

MOST_LINES = 20_000
"""Rows of a file whose text is kept at most; the others are counted."""

LONGEST_MESSAGE, LONGEST_WORD = 500, 120

NO_WORD = "(empty)"
"""How an empty cell of a status is asked about."""

MOST_QUOTED = 5

SAY_IT = (
    "Say it on the page Feed, or to `aexdash feed` with --column, --every-message, --rejected and --not-rejected; if "
    "this is no validation file, leave it out."
)

TELLING = ("severity", "message", "code")
"""What a row must have to tell something of a SKU."""

Headings = tuple[str, ...]

ROLES = ("sku", "severity", "message", "code", "attribute", "date")
"""What a column may hold."""


@dataclass(frozen=True, slots=True)
class FeedColumns:
    """Which columns, by heading, hold what, and what a person said of the words in them.

    `every_message` says that a row with a message or a code and without a status was rejected. `rejected_words` and
    `other_words` are statuses that nobody but that person knows, in lower case: rejected, or not.
    """

    sku: str | None = None
    severity: str | None = None
    message: str | None = None
    code: str | None = None
    attribute: str | None = None
    date: str | None = None
    every_message: bool = False
    rejected_words: tuple[str, ...] = ()
    other_words: tuple[str, ...] = ()

    @classmethod
    def of(cls, headings: Mapping[str, str | None]) -> FeedColumns:
        """Make the columns of headings by role; a role without one has no column."""
        sku, severity, message, code, attribute, date = (headings.get(role) for role in ROLES)
        return cls(sku, severity, message, code, attribute, date)

    @property
    def complete(self) -> bool:
        """Whether there are columns for the SKU and for knowing that a row was rejected, and not only remarked on."""
        return bool(self.sku and (self.severity or (self.every_message and (self.message or self.code))))

    def meaning(self, word: str) -> Meaning:
        """Tell what a status means: as a person said, or else as its words say."""
        plain = plain_word(word)
        if plain in self.rejected_words:
            return Meaning.REJECTED
        return Meaning.NOT_REJECTED if plain in self.other_words else meaning_of(word)


def plain_word(word: str) -> str:
    """Return a status as it is remembered: in lower case, an empty one as `(empty)`."""
    return " ".join(word.split()).casefold() or NO_WORD


def guess(headings: Sequence[str], rows: Iterable[Sequence[Cell]] = ()) -> FeedColumns:
    """Propose which column holds what, each column once; `rows` tell which of several ids is that of the listing.

    A message is proposed to mean *rejected* only where its heading says so.
    """
    found: dict[str, str | None] = {"sku": next(filter(names_sku, headings), None)}
    found["sku"] = found["sku"] or id_column(headings, rows, list(filter(names_id, headings)))
    found["severity"] = _first(headings, is_one_of(SEVERITY_HEADINGS), found.values())
    status = _first(headings, is_one_of(STATUS_HEADINGS), found.values())
    taken = {*found.values(), status}
    for role, known in FEED_HEADINGS.items():
        found[role] = _first(headings, is_one_of(known), {*taken, *found.values()})
    for names in (names_reason, names_remark):
        found["message"] = found["message"] or _first(headings, names, {*taken, *found.values()})
    if found["message"] or found["code"]:
        found["severity"] = found["severity"] or status
    every_message = not found["severity"] and names_rejection(found["message"] or found["code"] or "")
    return replace(FeedColumns.of(found), every_message=every_message)


def _first(headings: Iterable[str], names: Callable[[str], bool], taken: Collection[str | None]) -> str | None:
    return next((heading for heading in headings if heading not in taken and names(heading)), None)


def columns_of(
    tables: Iterable[Table], known: Callable[[Headings], FeedColumns | None], *, complete: bool = True
) -> dict[Headings, FeedColumns]:
    """Return the columns of each set of headings, remembered or guessed; with `complete` only sets that can be read."""
    columns: dict[Headings, FeedColumns] = {}
    for table in tables:
        if table.headings not in columns:
            cells = (row.cells for row in table.rows)
            columns[table.headings] = known(table.headings) or guess(table.headings, cells)
    return {headings: mapped for headings, mapped in columns.items() if mapped.complete or not complete}


def unknown_words(table: Table, columns: FeedColumns) -> dict[str, int]:
    """Return the statuses of a table of which nobody said what they mean, with their number of rows, most first."""
    undated = replace(columns, date=None)
    lines = _Tally().lines_of(table, undated, EARLIEST, UTC)
    words = Counter(plain_word(line.severity) for line in lines if line.rejected is None)
    return dict(words.most_common())


def validate(
    name: str,
    tables: Sequence[Table],
    columns: Mapping[Headings, FeedColumns],
    now: datetime,
    zone: tzinfo = UTC,
) -> Validation:
    """Count and keep the rows of all sheets with known columns; other sheets are left out, and a note says so.

    A date without a time is that day in `zone`.

    Raises:
        SourceError: no sheet has columns that tell which SKU was rejected, or none of their words is known; or nothing
            counts as rejected, and there are rows that may be rejections and cannot be counted.
    """
    used = [table for table in tables if table.headings in columns]
    if not used:
        raise SourceError(
            f"{name} does not say which SKUs were rejected: it needs a column with the SKU, and one that tells "
            f"rejections from warnings, such as a severity. {SAY_IT}"
        )
    tally = _Tally()
    for table in used:
        tally.add(table, columns[table.headings], now, zone)
    notes = [table.note for table in tables if table.note]
    notes += [f"Sheet {table.sheet!r} was left out." for table in tables if table.headings not in columns]
    found = tally.validation(tuple(notes))
    if found.rows == 0 and found.unknown_skus:
        raise SourceError(
            f"{name} says of no SKU whether it was rejected: nobody said what {_quoted(tally.words)} means. {SAY_IT}"
        )
    if found.rows == 0 and any(table.rows for table in used):
        raise SourceError(f"{name} has no SKU that can be counted. {' '.join(found.remarks)}")
    if not found.rejected and found.unknown_skus:
        raise SourceError(
            f"{name} would count as nothing rejected, while nobody said what {_quoted(tally.words)} means. {SAY_IT}"
        )
    if not found.rejected and tally.nobodys:
        raise SourceError(
            f"{name} would count as nothing rejected, though it may have rejected SKUs that cannot be told: "
            f"{named_rows(tally.nobodys)}. {' '.join(found.remarks)}"
        )
    return found


def _quoted(words: Collection[str]) -> str:
    more = f" and {len(words) - MOST_QUOTED:,} more" if len(words) > MOST_QUOTED else ""
    return ", ".join(map(repr, list(words)[:MOST_QUOTED])) + more


class _Tally:
    """Adds up the rows of a file, SKU by SKU. Each row is counted in exactly one place.

    `verdicts` has every SKU with whether it was rejected, None where nobody said what its status means. `nobodys` are
    the rows that may say so of a SKU that cannot be told.
    """

    def __init__(self) -> None:
        self.verdicts: dict[str, bool | None] = {}
        self.lines: list[FeedLine] = []
        self.words: dict[str, None] = {}
        self.repeated = self.without_sku = self.undated = self.before = 0
        self.joined: list[int] = []
        self.totals: list[int] = []
        self.refused: list[int] = []
        self.nobodys: list[int] = []
        self.newest: datetime | None = None

    def add(self, table: Table, columns: FeedColumns, now: datetime, zone: tzinfo) -> None:
        """Add the rows of a sheet; their numbers are counted on from sheet to sheet."""
        for line in self.lines_of(table, columns, now, zone):
            self._take(line)
        self.before += max((row.number for row in table.rows), default=0)

    def lines_of(self, table: Table, columns: FeedColumns, now: datetime, zone: tzinfo) -> Iterator[FeedLine]:
        """Read the rows of a sheet; those that name no SKU, or none that can be read, are counted and not returned.

        A row without a SKU below one that has it is the rest of a merged cell, and belongs to that SKU.
        """
        at = _places(table, columns)
        above = ""
        dates = self._dates(table, at["date"], now, zone)
        for row, dated_at in zip(table.rows, dates, strict=True):
            number, cells = self.before + row.number, {role: _cell(row, at[role]) for role in ROLES}
            sku = self._sku(number, cells["sku"])
            if not sku and cells["sku"] == "" and above and any(cells[role] != "" for role in TELLING):
                self.joined.append(number)
                sku = above
            above = sku if sku or cells["sku"] != "" else above
            line = _line(number, sku, cells, columns, dated_at)
            if sku:
                yield line
            elif cells["sku"] == "":
                self.without_sku += 1
                self.nobodys += [number] if line.rejected else []
            elif number not in self.totals[-1:]:
                self.nobodys += [number] if line.rejected is not False else []

    def _sku(self, number: int, cell: Cell) -> str:
        """The SKU code of a row; empty where there is none, where digits of it are lost, and in the row of a total."""
        try:
            sku = sku_code_of(cell)[:LONGEST_WORD]
        except NoSkuCode:
            self.refused.append(number)
            return ""
        if is_total(sku):
            self.totals.append(number)
            return ""
        return sku

    def _dates(self, table: Table, place: int | None, now: datetime, zone: tzinfo) -> Iterator[datetime | None]:
        cells = [_cell(row, place) for row in table.rows]
        dates = read_dates(cells, now, zone)
        self.undated += sum(date is None and cell != "" for date, cell in zip(dates, cells, strict=True))
        newest = max((min(date, now) for date in dates if date), default=None)
        self.newest = max(filter(None, (self.newest, newest)), default=None)
        return iter(dates)

    def _take(self, line: FeedLine) -> None:
        earlier = self.verdicts.get(line.sku)
        self.repeated += line.sku in self.verdicts
        self.verdicts[line.sku] = line.rejected if earlier is None else earlier or bool(line.rejected)
        if line.rejected is None:
            self.words[plain_word(line.severity)] = None
        if line.rejected or line.message or line.code:
            self.lines.append(line)

    def validation(self, notes: tuple[str, ...]) -> Validation:
        """Return what was counted."""
        ranked = sorted(self.lines, key=lambda line: not line.rejected)
        known = [verdict for verdict in self.verdicts.values() if verdict is not None]
        return Validation(
            rows=len(known),
            rejected=sum(known),
            lines=tuple(sorted(ranked[:MOST_LINES], key=lambda line: line.row)),
            lines_left=max(0, len(ranked) - MOST_LINES),
            repeated=self.repeated,
            without_sku=self.without_sku,
            undated=self.undated,
            dated_at=self.newest,
            notes=notes,
            joined=tuple(self.joined),
            totals=tuple(self.totals),
            refused=tuple(self.refused),
            unknown_skus=len(self.verdicts) - len(known),
            unknown_words=tuple(self.words),
        )


def _places(table: Table, columns: FeedColumns) -> dict[str, int | None]:
    places = {heading: place for place, heading in enumerate(table.headings)}
    return {role: places.get(getattr(columns, role)) for role in ROLES}


def _cell(row: Row, place: int | None) -> Cell:
    return "" if place is None else row.cells[place]


def _line(
    number: int, sku: str, cells: Mapping[str, Cell], columns: FeedColumns, dated_at: datetime | None
) -> FeedLine:
    words = {role: code_of(cells[role])[:LONGEST_WORD] for role in ("code", "attribute", "severity")}
    message = " ".join(str(cells["message"]).split())[:LONGEST_MESSAGE]
    says = not (says_nothing(message) and says_nothing(words["code"]))
    rejected = _is_rejected(words["severity"], columns, says=says)
    return FeedLine(number, sku, message, words["code"], words["attribute"], words["severity"], rejected, dated_at)


def _is_rejected(severity: str, columns: FeedColumns, *, says: bool) -> bool | None:
    """Whether a row is rejected; None where it says something, and nobody knows whether that is a rejection."""
    if not says and says_nothing(severity):
        return False
    meant = columns.meaning(severity)
    if meant is not Meaning.UNKNOWN:
        return meant is Meaning.REJECTED
    return True if columns.every_message and says_nothing(severity) else None

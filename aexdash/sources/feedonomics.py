"""Reads validation files of a feed, exported by Feedonomics or another tool: which SKUs were rejected, and why.

No public document gives the layout of such a file (reference sources.md §1): a person says once which column holds
what, `guess` proposes it, and nothing here claims a layout to be theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from functools import lru_cache

from aexdash.sources.cells import Cell, Table, code_of
from aexdash.sources.dates import read_dates
from aexdash.sources.errors import SourceError
from aexdash.sources.headings import names_id, names_reason, names_remark, names_sku, plain_heading
from aexdash.sources.validation import FeedLine, Validation

MOST_LINES = 20_000
"""Rows of a file whose text is kept at most; the others are counted."""

LONGEST_MESSAGE, LONGEST_WORD = 500, 120

Headings = tuple[str, ...]

HEADINGS = {
    "severity": (
        *("severity", "severity level", "level", "error level", "issue level", "status", "validation status"),
        *("严重程度", "级别", "状态", "уровень", "критичность", "статус", "gravedad", "severidad", "nivel", "estado"),
    ),
    "code": (
        *("code", "error code", "issue code", "message code", "reason code", "rule", "rule id", "error id"),
        *("错误代码", "错误码", "代码", "код", "код ошибки", "código", "código de error"),
    ),
    "attribute": (
        *("attribute", "attribute name", "field", "field name", "affected field", "column", "property"),
        *("属性", "字段", "атрибут", "поле", "atributo", "campo"),
    ),
    "date": (
        *("date", "datetime", "timestamp", "time", "run date", "run at", "checked at", "processed at", "validated at"),
        *("created at", "updated at", "last seen", "日期", "时间", "дата", "время", "fecha", "hora"),
    ),
    "message": (
        *("message", "error", "errors", "error message", "issue", "issues", "validation message", "details"),
        *("错误", "错误信息", "消息", "ошибка", "ошибки", "сообщение", "error de validación", "mensaje", "errores"),
    ),
}
"""The headings by which `guess` proposes columns, in four languages."""

SAY_NOTHING = frozenset(("", "-", "–", "—", "n/a", "na", "none", "null", "nil", "ok", "0", "no error", "no errors"))

GRAVE = (
    *("error", "critical", "fatal", "reject", "fail", "block", "disapprov", "invalid", "denied", "refus"),
    *("错误", "严重", "致命", "拒绝", "失败", "ошибк", "критич", "отклон", "rechaz", "crític", "critic", "bloque"),
)
MILD = (
    *("warn", "info", "notice", "ok", "pass", "succe", "valid", "accept", "approv", "suggest", "recommend", "hint"),
    *("警告", "提示", "信息", "通过", "成功", "предупр", "информ", "успе", "принят", "advert", "aviso", "acept"),
)
NEGATIONS = frozenset(("no", "not", "non", "without", "не", "нет", "без", "sin"))

_WORDS = re.compile(r"[^\W\d_]+")


class FeedSeverity(Enum):
    """What the words of a severity mean."""

    ERROR = "error"
    MILD = "mild"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FeedColumns:
    """Which columns, by heading, hold what."""

    sku: str | None = None
    severity: str | None = None
    message: str | None = None
    code: str | None = None
    attribute: str | None = None
    date: str | None = None

    @property
    def complete(self) -> bool:
        """Whether there are columns for the SKU and for knowing that a row was rejected."""
        return bool(self.sku and (self.severity or self.message or self.code))


ROLES = tuple(field.name for field in fields(FeedColumns))


def guess(headings: Sequence[str]) -> FeedColumns:
    """Propose which column holds what, each column once."""
    sku = next(filter(names_sku, headings), None) or next(filter(names_id, headings), None)
    found: dict[str, str | None] = {"sku": sku}
    for role, known in HEADINGS.items():
        found[role] = _first(headings, _is_one_of(known), found.values())
    for names in (names_reason, names_remark):
        found["message"] = found["message"] or _first(headings, names, found.values())
    return FeedColumns(**found)


def _is_one_of(known: Iterable[str]) -> Callable[[str], bool]:
    plain = frozenset(map(plain_heading, known))
    return lambda heading: plain_heading(heading) in plain


def _first(headings: Iterable[str], names: Callable[[str], bool], taken: Collection[str | None]) -> str | None:
    return next((heading for heading in headings if heading not in taken and names(heading)), None)


def columns_of(tables: Iterable[Table], known: Callable[[Headings], FeedColumns | None]) -> dict[Headings, FeedColumns]:
    """Return the columns of each set of headings, remembered or guessed; sets with incomplete columns are left out."""
    sets = dict.fromkeys(table.headings for table in tables)
    columns = {headings: known(headings) or guess(headings) for headings in sets}
    return {headings: mapped for headings, mapped in columns.items() if mapped.complete}


@lru_cache(maxsize=1024)
def severity_of(text: str) -> FeedSeverity:
    """Tell what a severity means; UNKNOWN for words we do not know and for a negation such as *not an error*."""
    words = [word.casefold() for word in _WORDS.findall(text)]
    if NEGATIONS.intersection(words):
        return FeedSeverity.UNKNOWN
    if any(word.startswith(GRAVE) for word in words):
        return FeedSeverity.ERROR
    return FeedSeverity.MILD if any(word.startswith(MILD) for word in words) else FeedSeverity.UNKNOWN


def validate(name: str, tables: Sequence[Table], columns: Mapping[Headings, FeedColumns], now: datetime) -> Validation:
    """Count and keep the rows of all sheets with known columns; other sheets are left out, and a note says so.

    Raises:
        SourceError: no sheet has columns that tell which SKU was rejected.
    """
    used = [table for table in tables if table.headings in columns]
    if not used:
        raise SourceError(
            f"{name} does not say which column holds the SKU and which the severity, message or code: "
            "drop it on the page Feed once and choose them there."
        )
    tally = _Tally()
    for table in used:
        tally.add(table, columns[table.headings], now)
    notes = [table.note for table in tables if table.note]
    notes += [f"Sheet {table.sheet!r} was left out." for table in tables if table.headings not in columns]
    return tally.validation(tuple(notes))


class _Tally:
    """Adds up the rows of a file, SKU by SKU."""

    def __init__(self) -> None:
        self.rejected: dict[str, bool] = {}
        self.lines: list[FeedLine] = []
        self.repeated = self.without_sku = self.undated = self.above = 0
        self.newest: datetime | None = None

    def add(self, table: Table, columns: FeedColumns, now: datetime) -> None:
        places = {heading: place for place, heading in enumerate(table.headings)}
        at = {role: places.get(getattr(columns, role)) for role in ROLES}
        dates = self._dates(table, at["date"], now)
        for row, dated_at in zip(table.rows, dates, strict=True):
            self._take(_line(self.above + row.number, {role: _cell(row.cells, at[role]) for role in ROLES}, dated_at))
        self.above += max((row.number for row in table.rows), default=0)

    def _dates(self, table: Table, place: int | None, now: datetime) -> Iterator[datetime | None]:
        cells = [_cell(row.cells, place) for row in table.rows]
        dates = read_dates(cells, now)
        self.undated += sum(date is None and cell != "" for date, cell in zip(dates, cells, strict=True))
        newest = max((min(date, now) for date in dates if date), default=None)
        self.newest = max(filter(None, (self.newest, newest)), default=None)
        return iter(dates)

    def _take(self, line: FeedLine) -> None:
        if not line.sku:
            self.without_sku += 1
            return
        self.repeated += line.sku in self.rejected
        self.rejected[line.sku] = self.rejected.get(line.sku, False) or line.rejected
        if line.rejected or line.message or line.code:
            self.lines.append(line)

    def validation(self, notes: tuple[str, ...]) -> Validation:
        ranked = sorted(self.lines, key=lambda line: not line.rejected)
        return Validation(
            rows=len(self.rejected),
            rejected=sum(self.rejected.values()),
            lines=tuple(sorted(ranked[:MOST_LINES], key=lambda line: line.row)),
            lines_left=max(0, len(ranked) - MOST_LINES),
            repeated=self.repeated,
            without_sku=self.without_sku,
            undated=self.undated,
            dated_at=self.newest,
            notes=notes,
        )


def _cell(cells: Sequence[Cell], place: int | None) -> Cell:
    return "" if place is None else cells[place]


def _line(number: int, cells: Mapping[str, Cell], dated_at: datetime | None) -> FeedLine:
    words = {role: code_of(cells[role])[:LONGEST_WORD] for role in ("sku", "code", "attribute", "severity")}
    message = " ".join(str(cells["message"]).split())[:LONGEST_MESSAGE]
    meant = severity_of(words["severity"])
    says = any(text.casefold() not in SAY_NOTHING for text in (message, words["code"]))
    rejected = meant is FeedSeverity.ERROR or (meant is FeedSeverity.UNKNOWN and says)
    return FeedLine(number, message=message, rejected=rejected, dated_at=dated_at, **words)

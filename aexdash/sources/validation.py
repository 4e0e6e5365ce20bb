"""Value objects of a feed's validation file, and the rule by which a row counts as rejected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aexdash.sources.cells import NAMED, named_rows

RULE = (
    "A row counts as rejected where its status says so (error, critical, failed, rejected, not passed …). Warnings, "
    "words that say passed, a dash, n/a, none, ok and 0 do not. A status that is not known is asked about, and counts "
    "neither way until it is answered. A SKU counts once a file, however many rows name it."
)
"""The rule as shown on the page."""


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A row with a text or a rejection; `row` is its number, counted on from sheet to sheet.

    `rejected` is None where nobody said what its status means.
    """

    row: int
    sku: str
    message: str
    code: str
    attribute: str
    severity: str
    rejected: bool | None
    dated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Validation:
    """A file as it was read: `rejected` of `rows` different SKUs.

    `lines` are the rows that tell something, rejected ones first and only so many; `lines_left` is how many more
    there were. `dated_at` is the newest date of any row, where there is one. `unknown_skus` are in no other number:
    nobody said what their status means. Each row of the file is the first of a SKU, or in exactly one of `repeated`,
    `without_sku`, `totals` and `refused`; `joined` are those of `repeated` that name no SKU themselves.
    """

    rows: int
    rejected: int
    lines: tuple[FeedLine, ...]
    lines_left: int = 0
    repeated: int = 0
    without_sku: int = 0
    undated: int = 0
    dated_at: datetime | None = None
    notes: tuple[str, ...] = ()
    joined: tuple[int, ...] = ()
    totals: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    unknown_skus: int = 0
    unknown_words: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks on the numbers, a sentence each."""
        every = self.rows > 1 and self.rejected == self.rows
        words = ", ".join(map(repr, self.unknown_words[:NAMED]))
        said = {
            f"SKUs not counted, because nobody said what their status means: {self.unknown_skus:,} ({words}).": (
                self.unknown_skus
            ),
            f"Refused, because digits of the SKU are lost: {named_rows(self.refused)}. Write the column as text.": (
                self.refused
            ),
            f"Left out as totals: {named_rows(self.totals)}.": self.totals,
            f"Without a SKU, and counted with the one above: {named_rows(self.joined)}.": self.joined,
            f"Rows that name a SKU once more: {self.repeated - len(self.joined):,}.": self.repeated - len(self.joined),
            f"Rows without a SKU, passed over: {self.without_sku:,}.": self.without_sku,
            f"Dates that could not be read: {self.undated:,}.": self.undated,
            f"Rows that count but whose text is not kept: {self.lines_left:,}.": self.lines_left,
            "Every SKU of the file is rejected: if it lists rejected rows only, the share means nothing.": every,
        }
        return (*self.notes, *(sentence for sentence, true in said.items() if true))


@dataclass(frozen=True, slots=True)
class FeedRun:
    """The answer of the status call: when the feed last ran and its state, or in `note` why that is not known."""

    ran_at: datetime | None = None
    status: str = ""
    note: str = ""

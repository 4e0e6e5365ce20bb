"""Value objects of a feed's validation file, and the rule by which a row counts as rejected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

RULE = (
    "A row counts as rejected where its severity says error (error, critical, fatal, failed, rejected, blocked …). "
    "Where there is no severity column, or a severity that we do not know, it counts where it has a message or a code; "
    "a dash, n/a, none, ok and 0 say nothing. A SKU counts once a file, however many rows name it."
)
"""The rule as shown on the page."""


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A row with a text or a rejection; `row` is its number, counted on from sheet to sheet."""

    row: int
    sku: str
    message: str
    code: str
    attribute: str
    severity: str
    rejected: bool
    dated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Validation:
    """A file as it was read: `rejected` of `rows` different SKUs.

    `lines` are the rows that tell something, rejected ones first and only so many; `lines_left` is how many more
    there were. `dated_at` is the newest date of any row, where there is one.
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

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks on the numbers, a sentence each."""
        every = self.rows > 1 and self.rejected == self.rows
        said = {
            f"Rows that name a SKU once more: {self.repeated:,}.": self.repeated,
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

"""What a process says while it runs: lines for people, and which loop, store and run each is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Self


class Line(str):
    """A line of the log. `fields` say what it is about; a `detail` is shown only to whoever asked to see everything."""

    __slots__ = ("detail", "fields", "trace")

    detail: bool
    fields: Mapping[str, str | int]
    trace: str

    def __new__(cls, text: str, *, detail: bool = False, trace: str = "", **fields: str | int | None) -> Self:
        """Make a line. Fields that are None are left out; `trace` is where in the code something went wrong."""
        line = super().__new__(cls, text)
        line.detail, line.trace = detail, trace
        line.fields = {name: value for name, value in fields.items() if value is not None}
        return line

    def also(self, fields: Mapping[str, str | int]) -> Line:
        """Return the line with these fields too; those that it has stand."""
        line = Line(self, detail=self.detail, trace=self.trace)
        line.fields = {**fields, **self.fields}
        return line


Log = Callable[[str], None]
"""Takes a line; a plain text is a line about nothing in particular."""


def about(log: Log, **fields: str | int) -> Log:
    """Return a log whose lines are also about these fields; what a line says of itself stands."""

    def log_about(line: str) -> None:
        log((line if isinstance(line, Line) else Line(line)).also(fields))

    return log_about

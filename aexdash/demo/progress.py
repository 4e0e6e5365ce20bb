"""How far the demo is with reading its past: one line in the terminal, and a sentence for its pages."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from aexdash.clock import Clock, system_clock
from aexdash.config import preparing
from aexdash.words.common import plural

EVERY_SECONDS = 5.0
"""The least time between two lines where lines cannot be rewritten."""


class Progress:
    """Counts `readings` that stand for `days` of past; `timer` counts seconds.

    In a terminal the line is rewritten and gone in the end; elsewhere it is written anew now and then.
    """

    def __init__(
        self,
        home: Path,
        readings: int,
        days: int,
        *,
        out: TextIO | None = None,
        clock: Clock = system_clock,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._home, self._readings, self._days = home, readings, days
        self._out, self._clock, self._timer = out or sys.stdout, clock, timer
        self._done, self._shown_at, self._width = 0, float("-inf"), 0

    def __enter__(self) -> Progress:
        self._tell()
        return self

    def __exit__(self, *_: object) -> None:
        preparing.end(self._home)
        if self._width:
            self._out.write(f"\r{' ' * self._width}\r")
            self._out.flush()

    def step(self) -> None:
        """Count a reading."""
        self._done += 1
        self._tell()

    def _tell(self) -> None:
        if self._done >= self._readings:
            return
        day = 1 + self._days * self._done // self._readings
        where = f"day {day} of {self._days}" if self._days else "since it last ran"
        preparing.tell(self._home, f"The demo is reading its past, {where}", self._clock())
        past = f"{plural(self._days, 'day')} of past: {day} of {self._days}" if self._days else "what happened since"
        line = f"Reading {past}"
        if self._out.isatty():
            self._out.write(f"\r{line.ljust(self._width)}")
            self._width = max(self._width, len(line))
        elif (seconds := self._timer()) - self._shown_at >= EVERY_SECONDS:
            self._out.write(f"{line}\n")
            self._shown_at = seconds
        self._out.flush()

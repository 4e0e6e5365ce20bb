"""Asking many questions side by side: until a moment, and not on and on where nobody answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from aexdash.aliexpress.errors import PlatformError, Throttled
from aexdash.clock import Clock
from aexdash.http.errors import PictureUnreachable

Asked = TypeVar("Asked")
Told = TypeVar("Told")

WORKERS = 4
"""Threads that ask side by side; the limiter of the store sets the pace."""

BATCH = 48
"""So many answers are recorded at a time: a killed process loses no more."""

MOST_IN_VAIN = 12
"""After so many failures in a row the rest is left to a later run."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[Asked, Told]):
    """What came of one question: an answer or an error."""

    asked: Asked
    told: Told | None
    error: PlatformError | PictureUnreachable | None = None


@dataclass(slots=True)
class Asking:
    """One kind of question. `over` when `ends_at` has come or too many failed in a row: then nothing more is asked."""

    clock: Clock
    ends_at: datetime | None = None
    in_vain: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def over(self) -> bool:
        """Whether the rest is left to a later run."""
        return self.in_vain >= MOST_IN_VAIN or (self.ends_at is not None and self.clock() >= self.ends_at)

    def batches(
        self, question: Callable[[Asked], Told], all_asked: Sequence[Asked]
    ) -> Iterator[list[Answer[Asked, Told]]]:
        """Yield answers batch by batch; what there was no time for is in none of them.

        Raises:
            Throttled: a ban; the answers of its batch are lost.
        """
        with ThreadPoolExecutor(WORKERS) as pool:
            for start in range(0, len(all_asked), BATCH):
                if self.over:
                    return
                answers = pool.map(lambda asked: self._one(question, asked), all_asked[start : start + BATCH])
                yield [answer for answer in answers if answer is not None]

    def _one(self, question: Callable[[Asked], Told], asked: Asked) -> Answer[Asked, Told] | None:
        if self.over:
            return None
        try:
            told = question(asked)
        except Throttled:
            raise
        except (PlatformError, PictureUnreachable) as error:
            with self._counting:
                self.in_vain += 1
            return Answer(asked, None, error)
        self.in_vain = 0
        return Answer(asked, told)

"""Runs questions on four threads until a deadline; stops after twelve failures without a success between them."""

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
"""Threads; how many calls are made a second is up to the store's limiter."""

BATCH = 48
"""Answers handed over for recording at a time: a killed process loses at most these."""

MOST_IN_VAIN = 12
"""Failures without a success between them after which the rest is left to a later run."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[Asked, Told]):
    """What came of one question: an answer or an error."""

    asked: Asked
    told: Told | None
    error: PlatformError | PictureUnreachable | None = None


@dataclass(slots=True)
class Asking:
    """One kind of question. Asking is `over` at `ends_at`, or after too many failures in a row."""

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
        """Yield answers batch by batch; questions that there was no time for are left out.

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

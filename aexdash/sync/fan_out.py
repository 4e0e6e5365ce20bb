"""Makes calls on four threads until a deadline; stops after twelve failures without a success between them."""

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

Item = TypeVar("Item")
Result = TypeVar("Result")

WORKERS = 4
"""Threads; how many calls are made a second is up to the store's limiter."""

BATCH = 48
"""Answers handed over for recording at a time: a killed process loses at most these."""

MAX_FAILURES = 12
"""Failures without a success between them after which the rest is left to a later run."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[Item, Result]):
    """What a call for one item returned: a result or an error."""

    item: Item
    result: Result | None
    error: PlatformError | PictureUnreachable | None = None


@dataclass(slots=True)
class FanOut:
    """Calls of one kind on several threads. It stops at `ends_at`, or after too many failures in a row."""

    clock: Clock
    ends_at: datetime | None = None
    failures: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def over(self) -> bool:
        """Whether no further call is made; the rest is left to a later run."""
        return self.failures >= MAX_FAILURES or (self.ends_at is not None and self.clock() >= self.ends_at)

    def batches(self, call: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[list[Answer[Item, Result]]]:
        """Call for each item and yield the answers batch by batch; items that no call was made for are left out.

        Raises:
            Throttled: a ban; the answers of its batch are lost.
        """
        with ThreadPoolExecutor(WORKERS) as pool:
            for start in range(0, len(items), BATCH):
                if self.over:
                    return
                answers = pool.map(lambda item: self._one(call, item), items[start : start + BATCH])
                yield [answer for answer in answers if answer is not None]

    def _one(self, call: Callable[[Item], Result], item: Item) -> Answer[Item, Result] | None:
        if self.over:
            return None
        try:
            result = call(item)
        except Throttled:
            raise
        except (PlatformError, PictureUnreachable) as error:
            with self._counting:
                self.failures += 1
            return Answer(item, None, error)
        self.failures = 0
        return Answer(item, result)

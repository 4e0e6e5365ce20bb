"""Makes calls on four threads until a deadline; stops after twelve failures without a success between them.

A call that is under way at the deadline is given a moment, then left behind: a host that drips a byte a second holds up
nothing of ours. What it answers later is not heard.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar, cast

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


GRACE = timedelta(seconds=2)
"""How long after the deadline a call may still come to its end."""

SLOW = timedelta(seconds=5)
"""A call that is left behind after it took so long counts as one that failed, so that others are made before it."""

LOOK = 0.1
"""Seconds between two looks at the clock while calls are waited for."""


class OutOfTime(Exception):
    """The deadline has come before the end."""


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
        pool = ThreadPoolExecutor(WORKERS)
        try:
            for start in range(0, len(items), BATCH):
                if self.over:
                    return
                chunk = items[start : start + BATCH]
                began: dict[int, datetime] = {}
                calls = [pool.submit(self._one, call, item, began, place) for place, item in enumerate(chunk)]
                wait_until(calls, self.clock, self.ends_at)
                yield list(self._answers(chunk, calls, began))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _answers(
        self,
        items: Sequence[Item],
        calls: Sequence[Future[Answer[Item, Result] | None]],
        began: dict[int, datetime],
    ) -> Iterator[Answer[Item, Result]]:
        for place, (item, call) in enumerate(zip(items, calls, strict=True)):
            if call.done():
                if (answer := call.result()) is not None:
                    yield answer
            elif place in began and (took := self.clock() - began[place]) >= SLOW:
                yield Answer(item, None, PictureUnreachable(f"it took longer than {took.total_seconds():.0f} seconds"))

    def _one(
        self, call: Callable[[Item], Result], item: Item, began: dict[int, datetime], place: int
    ) -> Answer[Item, Result] | None:
        if self.over:
            return None
        began[place] = self.clock()
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


def wait_until(calls: Sequence[Future[Result]], clock: Clock, ends_at: datetime | None) -> bool:
    """Wait until the calls have come to their end, or `GRACE` after the deadline; return whether they have."""
    while wait(calls, timeout=LOOK).not_done:
        if ends_at is not None and clock() >= ends_at + GRACE:
            return False
    return True


def pages_until(pages: Iterable[Result], clock: Clock, ends_at: datetime | None) -> Iterator[Result]:
    """Yield pages as they come, none after the deadline; what is asked for next is asked for in a thread.

    Raises:
        OutOfTime: there may be more, and the deadline has come.
    """
    end, rest = object(), iter(pages)
    pool = ThreadPoolExecutor(1)
    try:
        while True:
            if ends_at is not None and clock() >= ends_at:
                raise OutOfTime
            page = pool.submit(lambda: next(rest, end))
            if not wait_until([page], clock, ends_at):
                raise OutOfTime
            if (told := page.result()) is end:
                return
            yield cast("Result", told)
    finally:
        pool.shutdown(wait=False)

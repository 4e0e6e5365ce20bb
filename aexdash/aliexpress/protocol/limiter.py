"""The limiter of a store: calls a second, calls an hour, and bans until a moment."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from aexdash.aliexpress.errors import Throttled
from aexdash.clock import HOUR, Clock, system_clock

WAITED_OUT = 10.0
"""Seconds: a ban shorter than this is waited out, a longer one is raised so that no process hangs silently."""

OWN_BUDGET = "Nothing to do: calls go on by themselves then. A longer sync interval uses fewer calls."
SLOWEST = timedelta(seconds=1)
FIRST_SPACING = timedelta(milliseconds=50)
EASING = 0.98


class Limiter:
    """Spaces the calls of a store, counts them over the trailing hour and honours bans. Safe among threads.

    It learns: every ban doubles the time between calls, up to one a second, and every call afterwards eases it by 2 %
    back to `calls_per_second` (None: no spacing). `sleep` takes seconds; it must move `clock`.
    """

    def __init__(
        self,
        calls_per_second: float | None,
        calls_per_hour: int | None,
        clock: Clock = system_clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.calls_budget = calls_per_hour
        self.ban_text = ""
        self._usual = timedelta(seconds=1 / calls_per_second) if calls_per_second else timedelta()
        self._spacing = self._usual
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._calls: deque[datetime] = deque()
        self._ban_ends: datetime | None = None
        self._next_turn: datetime | None = None
        self._looked_at: datetime | None = None

    def wait(self) -> None:
        """Return when the next call may be made, and count it.

        Raises:
            Throttled: a ban of ten seconds or more is running, or the hour's budget is used up.
        """
        with self._lock:
            now = self._now()
            self._refuse_if_banned(now)
            self._refuse_if_used_up(now)
            turn = max(now, self._next_turn or now, self._ban_ends or now)
            self._next_turn = turn + self._spacing
            self._spacing = max(self._usual, self._spacing * EASING)
            self._calls.append(turn)
        # Slept outside the lock: the turn is reserved, and others may reserve theirs meanwhile.
        if turn > now:
            self._sleep((turn - now).total_seconds())

    def ban(self, until: datetime, text: str) -> None:
        """Let no call pass before `until` (UTC); `text` is the sentence that *health* shows."""
        with self._lock:
            if self._ban_ends is None or until > self._ban_ends:
                self._ban_ends = until
                self.ban_text = text
            self._spacing = min(SLOWEST, max(self._spacing, FIRST_SPACING) * 2)

    def lift(self) -> None:
        """Forget the running ban: a person says that it cannot be true."""
        with self._lock:
            self._ban_ends, self.ban_text = None, ""

    @property
    def calls_this_hour(self) -> int:
        """Calls made in the trailing hour."""
        with self._lock:
            self._forget_before(self._clock() - HOUR)
            return len(self._calls)

    @property
    def banned_until(self) -> datetime | None:
        """When the running ban ends (UTC), None when there is none."""
        with self._lock:
            running = self._ban_ends is not None and self._ban_ends > self._clock()
            return self._ban_ends if running else None

    def _now(self) -> datetime:
        now = self._clock()
        if self._looked_at is not None and now < self._looked_at:
            self._next_turn = None  # somebody set the clock back: turns handed out by the old time mean nothing
        self._looked_at = now
        return now

    def _refuse_if_banned(self, now: datetime) -> None:
        if self._ban_ends is None or self._ban_ends <= now:
            self._ban_ends, self.ban_text = None, ""
            return
        left = (self._ban_ends - now).total_seconds()
        if left >= WAITED_OUT:
            raise Throttled(self.ban_text, until=self._ban_ends, seconds=left)

    def _refuse_if_used_up(self, now: datetime) -> None:
        self._forget_before(now - HOUR)
        if self.calls_budget is None or len(self._calls) < self.calls_budget:
            return
        frees = (self._calls[0] if self._calls else now) + HOUR
        message = f"The budget of {self.calls_budget} calls an hour is used up until {frees:%Y-%m-%d %H:%M:%S} UTC."
        seconds = (frees - now).total_seconds()
        raise Throttled(message, until=frees, seconds=seconds, code="calls_per_hour", advice=OWN_BUDGET)

    def _forget_before(self, moment: datetime) -> None:
        while self._calls and self._calls[0] <= moment:
            self._calls.popleft()

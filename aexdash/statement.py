"""What a number may speak for: which stores were read, when each was, and how much of a window.

The healthy value is zero, so a number never travels alone. Whoever shows it, asks its `Reach` what may be claimed;
`aexdash/words/statements.py` has the words for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

Span = tuple[datetime, datetime]
"""The moments after which and up to which something is counted."""

WindowUpTo = Callable[[datetime], Span]
"""Returns the window that ends at, or before the day of, a moment. Equal windows are equal objects."""


class Claim(StrEnum):
    """What a number may claim, the strongest first."""

    KNOWN = "known"  # every store was read, and the whole window
    AT_LEAST = "at least"  # parts of the window were not read
    PART = "part"  # some stores were never read, or not at that moment; the number is of the others
    NOT_READ_SINCE = "not read since"  # the number is of the last reading, and nobody has read since
    NEVER_READ = "never read"  # no store was read: there is no number


@dataclass(frozen=True, slots=True)
class StoreReading:
    """How far one store was read at a moment.

    `read_at` is the last complete reading of what is held, up to the moment; None: none so far. `current`: it still
    speaks for the moment. `read_again_at` is the next complete reading, where the moment of the past lies between two
    that are too far apart. `partly`: a later run read a part, so that the number is not that of `read_at` either;
    without a `read_at`, a part is all that was ever read. `shop_read_at` is when the shop of the store was last read,
    where the number is also made of that and it speaks for the moment no longer; `but_shop`: the store itself does.
    `first_read_at`: the past moment lies before the first reading of all, which was then; None: it does not, or there
    was none.
    `behind` is how far the copy that this was read from is behind the file of the worker; None: it is that file.
    `window` is what was counted of this store, None for a number without window, and `unread` how much of it no
    reading covers.
    """

    store: str
    title: str
    read_at: datetime | None
    current: bool
    read_again_at: datetime | None = None
    partly: bool = False
    but_shop: bool = False
    shop_read_at: datetime | None = None
    first_read_at: datetime | None = None
    behind: timedelta | None = None
    window: Span | None = None
    unread: timedelta = timedelta()

    @property
    def is_of(self) -> datetime | None:
        """The moment that the number is of: the last reading of the store, or of its shop where that is older."""
        return min((at for at in (self.read_at, self.shop_read_at) if at), default=None) if self.read_at else None


@dataclass(frozen=True, slots=True)
class Reach:
    """Which stores a number speaks for, of all that were asked.

    `moment` is the past moment that was asked for, None for the present. `was` is, for a past moment that no store's
    reading covers, the number when the stores were last read before it.
    """

    readings: tuple[StoreReading, ...] = ()
    moment: datetime | None = None
    was: float | None = None

    @property
    def read(self) -> tuple[StoreReading, ...]:
        """The stores that the number is of.

        At present these are all that were ever read; at a past moment those whose readings cover it.
        """
        return tuple(one for one in self.readings if one.read_at and (one.current or self.moment is None))

    @property
    def missing(self) -> tuple[StoreReading, ...]:
        """The stores that the number knows nothing of."""
        return tuple(one for one in self.readings if one not in self.read)

    @property
    def behind(self) -> tuple[StoreReading, ...]:
        """The stores that the number contains as they were when last read, which is too long ago."""
        return tuple(one for one in self.read if not one.current)

    @property
    def read_at(self) -> datetime | None:
        """The oldest of the last readings of the stores that the number is of; None: there is none."""
        return min((one.is_of for one in self.read if one.is_of), default=None)

    @property
    def unread(self) -> timedelta:
        """How much of the window no reading covers; of several stores the most."""
        return max((one.unread for one in self.read), default=timedelta())

    @property
    def is_window_read(self) -> bool:
        """Whether all of the window was read in every store that was ever read."""
        return not any(one.unread for one in self.readings)

    @property
    def is_window_unread(self) -> bool:
        """Whether no reading of any store covers any of the window: that nothing was seen in it is no news then."""
        return not any(one.window and one.unread < one.window[1] - one.window[0] for one in self.readings)

    @property
    def copy_behind(self) -> timedelta | None:
        """How far the copy that the number was read from is behind the file of the worker; None: it is no copy."""
        return max((one.behind for one in self.readings if one.behind is not None), default=None)

    @property
    def claim(self) -> Claim:
        """What the number may claim: the weakest of what holds."""
        if not self.read:
            return Claim.NEVER_READ if all(one.read_at is None for one in self.readings) else Claim.NOT_READ_SINCE
        if self.behind:
            return Claim.NOT_READ_SINCE
        if self.missing:
            return Claim.PART
        return Claim.AT_LEAST if self.unread else Claim.KNOWN

    @property
    def is_whole(self) -> bool:
        """Whether a verdict, a difference, and the words *now* and *today* are allowed."""
        return self.claim is Claim.KNOWN

    def as_of_shops(self, read_at: Mapping[str, datetime]) -> Reach:
        """Return the reach of a number that is also made of the shops of some stores, which speak no longer.

        `read_at` says by store when its shop was last read: the number is not of a later moment, however often the
        store itself was read since.
        """
        return replace(self, readings=tuple(self._as_of_shop(one, read_at.get(one.store)) for one in self.readings))

    def _as_of_shop(self, one: StoreReading, read_at: datetime | None) -> StoreReading:
        gap = self.moment is not None and not one.current
        if read_at is None or one.read_at is None or gap:
            return one
        return replace(one, shop_read_at=read_at, current=False, but_shop=one.current)

    def with_copy_behind(self, behind: timedelta | None) -> Reach:
        """Return the reach with how far the copy is behind by now, for a number that was read a while ago."""
        return replace(self, readings=tuple(replace(one, behind=behind) for one in self.readings))

    def known_with(self, other: Reach) -> tuple[str, ...]:
        """Return the keys of the stores that both numbers are of, the only ones that may be compared."""
        of_other = {one.store for one in other.read}
        return tuple(one.store for one in self.read if one.store in of_other)

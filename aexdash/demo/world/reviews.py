"""Routine re-reviews, so that the store changes while somebody watches; computed by a formula, without memory.

Time is cut into slots; in each, one steady listing goes from active to auditing for most of a day and back.
So a store that is read every quarter of a minute finds as many as one that is read once a day, and today looks like its
past.
Nothing about it is edited. Slot n concerns the listing at (A·n + B) mod N, a permutation, so a listing's latest slot is
found by inverting it.
"""

from __future__ import annotations

from math import gcd

from aexdash.demo.world.mixing import mix

SHORTEST, LONGEST, JITTER = 55_800, 64_800, 600
"""Seconds: how long such an audit lasts, and how far into its slot it may start.

With slots of 5400 s at least (55 800 − 600) // 5400 = 10 and at most 13 of them run at a time; one begins every
6000 s at most.
"""


class RoutineReviews:
    """The audits of steady listings from `begins` on, one a slot of `slot` seconds."""

    def __init__(self, seed: int, steady: tuple[int, ...], begins: int, slot: int) -> None:
        self._seed, self._steady, self._begins, self._slot = seed, steady, begins, slot
        self._size = len(steady)
        self._factor = _coprime(self._size)
        self._shift = mix(seed, 91) % self._size if self._size else 0
        self._inverse = pow(self._factor, -1, self._size) if self._size > 1 else 0
        self._position = {ordinal: position for position, ordinal in enumerate(steady)}

    def running(self, moment: int) -> tuple[int, ...]:
        """Return the ordinals in routine audit at that moment, the longest running first."""
        if not self._size or moment < self._begins:
            return ()
        latest = (moment - self._begins) // self._slot
        oldest = max(0, latest - (LONGEST + JITTER) // self._slot - 1)
        return tuple(self._concerned(slot) for slot in range(oldest, latest + 1) if self._runs(slot, moment))

    def concerns(self, ordinal: int, moment: int) -> bool:
        """Tell whether this listing is in routine audit at that moment."""
        position = self._position.get(ordinal)
        if position is None or moment < self._begins:
            return False
        latest = (moment - self._begins) // self._slot
        offset = (position - self._shift) * self._inverse % self._size
        slot = latest - (latest - offset) % self._size
        return slot >= 0 and self._runs(slot, moment)

    def _concerned(self, slot: int) -> int:
        return self._steady[(slot * self._factor + self._shift) % self._size]

    def _runs(self, slot: int, moment: int) -> bool:
        bits = mix(self._seed, slot, 7)
        start = self._begins + slot * self._slot + bits % (JITTER + 1)
        return start <= moment < start + SHORTEST + (bits >> 8) % (LONGEST - SHORTEST + 1)


def _coprime(size: int) -> int:
    factor = int(size * 0.618) | 1
    while size > 1 and gcd(factor, size) != 1:
        factor += 2
    return factor

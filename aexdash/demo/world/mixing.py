"""Numbers that look random and are always the same: the only source of chance in the simulated store."""

from __future__ import annotations

_MASK = (1 << 64) - 1


def mix(*numbers: int) -> int:
    """Return 64 well-mixed bits that depend on all the numbers and their order (splitmix64 finaliser)."""
    state = 0x9E3779B97F4A7C15
    for number in numbers:
        state = (state ^ (number & _MASK)) * 0xBF58476D1CE4E5B9 & _MASK
        state = (state ^ (state >> 30)) * 0x94D049BB133111EB & _MASK
        state ^= state >> 31
    return state


_PRIME = 99_999_999_977
_FACTOR = 61_803_398_849


def product_id(seed: int, ordinal: int) -> int:
    """Return the 16-digit id of the listing: unique within a seed and in no visible order."""
    scattered = (ordinal * _FACTOR + mix(seed, 5) % _PRIME) % _PRIME
    return 1_005_000_000_000_000 + scattered

"""How likely a slice is by chance, and how many times as often its listings were rejected. Pure functions of counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]

SMALLEST = 1e-14
"""A term of the sum below, in parts of the first, after which the others change nothing that is shown."""


def log_tail(k: Codes, of: Codes, of_rejected: Codes, n: Codes) -> Floats:
    """Return ln P(X >= k) for each slice, X being how many of n of `of` listings are among the `of_rejected` ones.

    Exact: the first term is that of the distribution, and each further one follows from the one before. Where no more
    are rejected than would be at random, the chance is near a half or above and of no interest: 1 is returned, which
    can only make less be found.
    """
    from scipy.stats import hypergeom  # noqa: PLC0415 - a second to load, and reports are read without it

    result = np.zeros(k.shape)
    ask = k.astype(float) * of > n.astype(float) * of_rejected
    if not ask.any():
        return result
    hits, all_, rejected, listings = (one[ask].astype(float) for one in (k, of, of_rejected, n))
    first = hypergeom.logpmf(hits, all_, rejected, listings)
    result[ask] = np.minimum(first + np.log(_series(hits, all_, rejected, listings)), 0.0)
    return result


def _series(k: Floats, of: Floats, of_rejected: Floats, n: Floats) -> Floats:
    """Sum P(X = k + j) / P(X = k) over all j: above the mean the terms fall faster and faster."""
    total, term, j = np.ones_like(k), np.ones_like(k), 0
    while term.max() > SMALLEST:
        up = np.maximum((of_rejected - k - j) * (n - k - j), 0.0)
        term = term * up / ((k + j + 1) * (of - of_rejected - n + k + j + 1))
        total += term
        j += 1
    return total


def ratio_of(k: int, n: int, of_rejected: int, of: int) -> tuple[float, float, float]:
    """Return the risk ratio of a slice against the rest, and the limits of its interval of 95 %.

    Half a listing is added to each of the four counts, so that none is divided by zero.
    """
    a, b = k + 0.5, n - k + 0.5
    c, d = of_rejected - k + 0.5, of - n - of_rejected + k + 0.5
    ratio = (a / (a + b)) / (c / (c + d))
    width = 1.96 * float(np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)))
    return ratio, float(ratio * np.exp(-width)), float(ratio * np.exp(width))

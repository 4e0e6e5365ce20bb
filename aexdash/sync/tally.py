"""Adds up the pages of a walk, and says why it is not complete where its pages contradict each other."""

from __future__ import annotations

from array import array

import numpy

from aexdash.platform_data import Page


class Tally:
    """Adds up the pages of one walk and says whether they agree with each other and with the reported total."""

    def __init__(self) -> None:
        self.pages = 0
        self._ids = array("q")  # eight bytes a listing; a set of a million ids would need far more memory
        self._totals: list[int | None] = []

    def add(self, page: Page) -> None:
        """Count one page."""
        self.pages += 1
        self._ids.extend(observation.product_id for observation in page.observations)
        self._totals.append(page.reported)

    @property
    def seen(self) -> int:
        """Listings shown, repeats counted."""
        return len(self._ids)

    @property
    def distinct(self) -> int:
        """Distinct listings shown."""
        if not self._ids:
            return 0
        # Sorted, because `numpy.unique` makes a table that is several times as large.
        ids = numpy.sort(numpy.frombuffer(self._ids, dtype=numpy.int64))
        return 1 + int(numpy.count_nonzero(ids[1:] != ids[:-1]))

    @property
    def reported(self) -> int | None:
        """The total that the last page reported."""
        return self._totals[-1] if self._totals else None

    def contradiction(self) -> str:
        """Say in one sentence why the walk is not complete; empty when it is."""
        if not self._totals or None in self._totals:
            return "AliExpress named no total, so it cannot be told whether the list was whole."
        if len(set(self._totals)) > 1:
            return f"The total moved from {self._totals[0]} to {self._totals[-1]} while the pages were read."
        if self.distinct < self.seen:
            return f"{self.seen - self.distinct} of {self.seen} listings were shown twice while the pages were read."
        if self.seen != self.reported:
            return f"AliExpress reported {self.reported} listings and showed {self.seen}."
        return ""

"""How long the pages take on the server, for /metrics of this process: one run of a page's script each time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Histogram

FRONT = "overview"
"""The page that is served under `/`."""

OF_PAGES = CollectorRegistry()

SECONDS = Histogram(
    "aexdash_page_seconds",
    "Seconds that the server took to run a page.",
    ("page",),
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=OF_PAGES,
)


@contextmanager
def measured(page: str) -> Iterator[None]:
    """Measure the run of a page, also one that a click has ended early."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        SECONDS.labels(page or FRONT).observe(time.perf_counter() - begun)

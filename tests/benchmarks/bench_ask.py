"""Questions in plain words on a large store: `python -m tests.benchmarks ask`.

Each is read, counted, divided and given its small chart, as the page does it. The median over all of them is what
somebody waits for who asks; beside it stands each question, and reading the words alone.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from time import perf_counter

from aexdash.ask.answers.answering import answer
from aexdash.ask.reading import read
from aexdash.ask.vocabulary import build
from aexdash.ask.workspace import Workspace
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.query import Snapshot
from tests.benchmarks.common import Bench, Figure, report, within
from tests.benchmarks.synthetic import NOW

MOST_MS = 30

QUESTIONS = (
    "how many are held",
    "how many are on sale",
    "rejected listings",
    "rejected by reason",
    "how many have been held for more than 7 days",
    "held listings with main picture too small",
    "how many were rejected last week",
    "how many were rejected yesterday compared with the day before",
    "how many came back on sale last week",
    "money held back",
    "what share is held",
    "how many were held at the end of last week",
)


def figures(bench: Bench) -> Iterator[Figure]:
    """Ask every question several times."""
    snapshot = Snapshot(bench.snapshot(), clock=lambda: NOW)
    workspace = Workspace(snapshot, load_taxonomy(), tuple(snapshot.stores()))
    lexicon = build(workspace)
    every: list[float] = []
    each: dict[str, list[float]] = {}
    for _ in range(bench.size.few_rounds):
        for words in QUESTIONS:
            begun = perf_counter()
            told = answer(words, workspace, NOW, lexicon=lexicon)
            assert told.refusal is None, words
            each.setdefault(words, []).append(1000 * (perf_counter() - begun))
            every.append(each[words][-1])
    yield within(
        f"(y) a question, median of {len(QUESTIONS)}, {bench.size.listings:,} listings", MOST_MS, every, "ms", 1
    )
    for words, times in each.items():
        yield Figure(f"    {words}", "", f"{statistics.median(times):,.1f} ms")
    begun = perf_counter()
    for words in QUESTIONS:
        read(words, workspace, lexicon, NOW)
    yield Figure("    reading the words alone", "", f"{1000 * (perf_counter() - begun) / len(QUESTIONS):,.1f} ms")


if __name__ == "__main__":
    report(figures)

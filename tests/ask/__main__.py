"""Asks the questions of a file and says how they came out: `python -m tests.ask fresh`; with `-v` each that failed."""

from __future__ import annotations

import statistics
import sys
import time

from aexdash.ask.vocabulary import build
from tests.ask import blind
from tests.ask.asked import OUTCOMES, REFUSED, WRONG, names


def main(name: str, *, told: bool) -> None:
    """Print the outcomes by language, and the median of reading a question, in milliseconds."""
    workspace = names()
    lexicon = build(workspace)
    taken = []
    for one in blind.questions(name):
        begun = time.perf_counter()
        understood = blind.asked(one, workspace, lexicon)
        taken.append((time.perf_counter() - begun) * 1000)
        how = blind.outcome(one, workspace, lexicon)
        if told and how in (REFUSED, WRONG):
            print(f"{how}: {one.text}\n    {understood.refusal or understood.question}")
    for language, counts in blind.tally(name, workspace, lexicon).items():
        print(language, {outcome: counts[outcome] for outcome in OUTCOMES})
    print(f"{len(taken)} read, {statistics.median(taken):.1f} ms in the median")


if __name__ == "__main__":
    main(sys.argv[1], told="-v" in sys.argv[2:])

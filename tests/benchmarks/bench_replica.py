"""Copies on another machine, both on this one: `python -m tests.benchmarks replica`.

- *Reads of a copy*: two readers without a pause, while transactions are patched into the copy and the Litestream that
  patches it is killed (`kill -9`) again and again. A read is torn where it finds two states at once; it is refused
  where nobody patches the copy any more, until it is restored anew.
- *Lag*: from a transaction's commit at the writer until it is read on the copy.
- *Back*: from the start of `aexdash follow`, after it was killed with its Litestream, until the copy is read again.

The writer is a loop of transactions over a synthetic snapshot, replicated as the worker has it done; of torn reads over
one of a hundred thousand listings, so that restoring it takes less time than patching.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from aexdash.replica.litestream import LitestreamMissing, program
from tests.benchmarks.common import Bench, Figure, Skipped, middle, report
from tests.benchmarks.synthetic import build
from tests.replica.churn import Churn, back_after_kill, following, homes, lags, readable, replicated, torn_reads
from tests.replica.machines import until

LONGEST_LAG, LONGEST_BACK = 5.0, 60.0


def figures(bench: Bench) -> Iterator[Figure]:
    """Torn reads, lag and recovery."""
    try:
        program()
    except LitestreamMissing as missing:
        raise Skipped(str(missing)) from None
    size = bench.size
    source = bench.fresh("torn") / "source.db"
    build(source, size.small, size.small // 50, 60).close()
    small = f"{size.small:,} listings, {source.stat().st_size / 1e6:,.0f} MB"
    told = torn_reads(bench.folder / "torn", source, rows=size.changed // 10, reads=size.reads, kills=size.kills)
    others = ", ".join(f"{told[one]:,} {one}" for one in ("refused", "busy", "damaged", "missing"))
    what = f"(r1) Torn among {told['whole'] + told['torn']:,} reads of a copy, {small}"
    reached = f"{told['torn']} torn ({others}); {told['transactions']:,} transactions, {told['kills']} kills"
    yield Figure(what, "0", reached, told["torn"] + told["damaged"] == 0)
    shutil.rmtree(bench.folder / "torn")
    yield from lag_and_back(bench)


def lag_and_back(bench: Bench) -> Iterator[Figure]:
    """The lag of transactions, and how long a killed follower takes until its copy is read again."""
    size = bench.size
    large = f"{size.listings:,} listings, {bench.snapshot().stat().st_size / 1e6:,.0f} MB"
    writer, home = homes(bench.fresh("lag"))
    shutil.copy(bench.snapshot(), writer / "snapshot.db")
    churn = Churn(writer / "snapshot.db", size.changed)
    churn.write()
    with replicated(writer), following(home) as follower:
        first = until(lambda: readable(follower.copy, size.changed), within=1200)
        found = sorted(lags(churn, follower.copy, size.lags))
        p99 = found[min(len(found) - 1, int(len(found) * 0.99))]
        what = f"(r2) Lag of {size.changed:,} changed listings, {large}: p50, p99, longest of {len(found)}"
        reached = f"{middle(found):.1f} s, {p99:.1f} s, {found[-1]:.1f} s"
        yield Figure(what, f"p99 <= {LONGEST_LAG:g} s", reached, p99 <= LONGEST_LAG)
        backs = [back_after_kill(follower, size.changed) for _ in range(size.starts)]
        what = f"(r3) A killed follower is read again, {large}"
        reached = f"{middle(backs):.0f} s ({min(backs):.0f}–{max(backs):.0f}); the first of all {first:.0f} s"
        yield Figure(what, f"<= {LONGEST_BACK:g} s", reached, max(backs) <= LONGEST_BACK)
    shutil.rmtree(bench.folder / "lag")


if __name__ == "__main__":
    report(figures)

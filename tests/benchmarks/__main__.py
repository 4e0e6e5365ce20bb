"""All benchmarks, or those named, and one table: `python -m tests.benchmarks [record pulse click …]`.

The large snapshot is built once and shared; `AEXDASH_BENCH_FOLDER` names a folder in which it is kept for the next
run. Exit code 0 whatever was reached: figures of a machine are no test of it.
"""

from __future__ import annotations

import sys

from tests.benchmarks import (
    bench_alerts,
    bench_cards,
    bench_checks,
    bench_click,
    bench_datasette,
    bench_hero,
    bench_history,
    bench_memory,
    bench_past,
    bench_pulse,
    bench_record,
    bench_start,
)
from tests.benchmarks.common import Figure, bench

ALL = {
    "record": bench_record.figures,
    "pulse": bench_pulse.figures,
    "click": bench_click.figures,
    "datasette": bench_datasette.figures,
    "hero": bench_hero.figures,
    "history": bench_history.figures,
    "past": bench_past.figures,
    "start": bench_start.figures,
    "memory": bench_memory.figures,
    "checks": bench_checks.figures,
    "cards": bench_cards.figures,
    "alerts": bench_alerts.figures,
}


def main(names: list[str]) -> int:
    """Print each figure as it comes, under one heading."""
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}: name some of {', '.join(ALL)}.", file=sys.stderr)
        return 2
    print(Figure("what", "target", "reached").line())
    with bench() as shared:
        for name in names or ALL:
            for figure in ALL[name](shared):
                print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""All benchmarks, or those named, and one table: `python -m tests.benchmarks [--toy] [record pulse click …]`.

Every part runs, whatever became of the one before; at the end the parts are listed with how they went, and the exit
code is 1 if one failed. Figures that miss their target fail nothing: they are of a machine. With `--toy` there is
little of everything, and one app and one browser for all parts, so that a broken part is found soon. The large
snapshots are built once and shared; `AEXDASH_BENCH_FOLDER` names a folder in which they are kept for the next run.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.benchmarks import (
    bench_alerts,
    bench_ask,
    bench_cards,
    bench_causes,
    bench_checks,
    bench_click,
    bench_compare,
    bench_datasette,
    bench_garbage,
    bench_growth,
    bench_hero,
    bench_history,
    bench_lanes,
    bench_load,
    bench_memory,
    bench_past,
    bench_pulse,
    bench_record,
    bench_replica,
    bench_scale,
    bench_search,
    bench_shift,
    bench_shop,
    bench_soak,
    bench_start,
    bench_viewers,
)
from tests.benchmarks.common import FULL, TOY, Bench, Figure, Skipped, bench

Part = Callable[[Bench], Iterator[Figure]]

ALL: Mapping[str, Part] = {
    "record": bench_record.figures,
    "pulse": bench_pulse.figures,
    "click": bench_click.figures,
    "load": bench_load.figures,
    "shift": bench_shift.figures,
    "viewers": bench_viewers.figures,
    "garbage": bench_garbage.figures,
    "datasette": bench_datasette.figures,
    "hero": bench_hero.figures,
    "lanes": bench_lanes.figures,
    "history": bench_history.figures,
    "past": bench_past.figures,
    "search": bench_search.figures,
    "start": bench_start.figures,
    "memory": bench_memory.figures,
    "checks": bench_checks.figures,
    "cards": bench_cards.figures,
    "causes": bench_causes.figures,
    "ask": bench_ask.figures,
    "alerts": bench_alerts.figures,
    "shop": bench_shop.figures,
    "compare": bench_compare.figures,
    "replica": bench_replica.figures,
    "scale": bench_scale.figures,
    "growth": bench_growth.figures,
    "soak": bench_soak.figures,
}


@dataclass(frozen=True)
class Went:
    """How a part went: ok, skipped or FAILED, why if not ok, and the seconds it took."""

    part: str
    how: str
    why: str
    seconds: float

    def line(self) -> str:
        """The part as a row of the last table."""
        return f"{self.part:12}  {self.how:8}  {self.seconds:6.1f} s  {self.why}".rstrip()


def run(name: str, part: Part, folder: Bench) -> Went:
    """Print the figures of a part as they come, and say how it went."""
    begun, how, why = time.perf_counter(), "ok", ""
    try:
        lines = [print(figure.line(), flush=True) for figure in part(folder)]
        if not lines:
            how, why = "FAILED", "it measured nothing"
    except Skipped as reason:
        how, why = "skipped", str(reason)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also SystemExit, and what pytest raises for a server that does not come up
        traceback.print_exc()
        how, why = "FAILED", f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"
    return Went(name, how, why, time.perf_counter() - begun)


def run_all(parts: Mapping[str, Part], names: Iterable[str], folder: Bench) -> int:
    """Run the parts named; return the exit code, 1 if one failed."""
    print(Figure("what", "target", "reached").line())
    went = [run(name, parts[name], folder) for name in names]
    print("\n" + "\n".join(one.line() for one in went), flush=True)
    return int(any(one.how == "FAILED" for one in went))


def main(words: list[str]) -> int:
    """Read the words of the command line and run."""
    names = [word for word in words if word != "--toy"]
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}: name some of {', '.join(ALL)}.", file=sys.stderr)
        return 2
    with bench(TOY if "--toy" in words else FULL) as folder:
        return run_all(ALL, names or ALL, folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

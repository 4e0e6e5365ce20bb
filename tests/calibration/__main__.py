"""Print the tables of docs/explanation/estimates.md: `python -m tests.calibration`."""

from __future__ import annotations

from tests.calibration.stores import (
    SCORES,
    SHARES,
    SHARES_READ,
    Calibration,
    of_a_mean,
    of_a_share,
    with_held_first,
)

RUNS = 10_000


def row(name: str, cells: list[Calibration]) -> str:
    """A row of a table: how often the truth is held, and how wide the interval is."""
    return f"| {name} | {' | '.join(f'{100 * one.holds:.1f} ({one.width:.2f})' for one in cells)} |"


def main() -> None:
    """Print a column for each share of the listings that was read."""
    print(f"| | {' | '.join(f'{100 * read:g} % read' for read in SHARES_READ)} |")
    print(f"|---|{'---|' * len(SHARES_READ)}")
    for good in SHARES:
        print(row(f"{100 * good:g} % complete", [of_a_share(good, read, RUNS) for read in SHARES_READ]))
    print(row("95 %, worse ones read first", [with_held_first(read, RUNS) for read in SHARES_READ]))
    for kind in SCORES:
        print(row(f"score, {kind}", [of_a_mean(kind, read, RUNS // 2) for read in SHARES_READ]))


if __name__ == "__main__":
    main()

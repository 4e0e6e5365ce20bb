"""The table of docs/evidence.md: how many statements were searched in each world, and how many of them overclaim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.docs.writing import ROOT, table
from tests.worlds.made import WORLDS
from tests.worlds.overclaims import searched
from tests.worlds.surfaces import Said

PAGE = ROOT / "docs" / "evidence.md"
SURFACES = ("pages", "exports", "commands", "messages")
BEGIN, END = "<!-- worlds: written by python -m tests.worlds -->\n", "<!-- end of worlds -->"

Spoken = Mapping[str, Sequence[Said]]
"""What was said in each world, by its name."""


def worlds_table(spoken: Spoken) -> str:
    """A row a world: the least number of statements searched on each surface, and the overclaims."""
    rows = []
    for world in WORLDS:
        said = spoken[world.name]
        many = Counter(one.surface for one in said)
        counts = [f"at least {_rounded_down(many[surface]):,}" for surface in SURFACES]
        rows.append([world.name, *counts, str(len(searched(world, said)))])
    return table(("World", *(surface.title() for surface in SURFACES), "Overclaims"), rows)


def _rounded_down(count: int) -> int:
    """Round a count down, so that a sentence less makes the page no liar."""
    return count // 10 * 10 if count >= 20 else count // 2 * 2


def written(spoken: Spoken, page: Path = PAGE) -> str:
    """The page with its table written anew."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    return f"{before}{BEGIN}{worlds_table(spoken)}{END}{rest.split(END, 1)[1]}"


def counts_of(page: str) -> dict[str, list[int]]:
    """The numbers of each row of the table of a page, by the world."""
    rows = [line.strip("| \n").split(" | ") for line in page.split(BEGIN, 1)[1].split(END, 1)[0].splitlines()[2:]]
    return {name: [int(cell.removeprefix("at least ").replace(",", "")) for cell in cells] for name, *cells in rows}

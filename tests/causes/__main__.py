"""Write the tables on causes into docs/evidence.md: `python -m tests.causes`. It takes some minutes."""

from __future__ import annotations

from tests.causes.simulated import PLANTED, QUIET, Cell, share_first, share_silent
from tests.docs.writing import ROOT, table

PAGE = ROOT / "docs" / "evidence.md"
BEGIN, END = "<!-- causes: written by python -m tests.causes -->\n", "<!-- end of causes -->"
RUNS = 200


def tables(runs: int = RUNS) -> str:
    """How often a planted cause is found first, a row a ratio, and how often nothing is named where there is none."""
    shares = sorted({cell.share for cell in PLANTED})
    rows = []
    for rejected, ratio in sorted({(cell.rejected, cell.ratio) for cell in PLANTED}):
        found = [share_first(Cell(share, ratio, rejected), runs) for share in shares]
        rows.append([str(rejected), str(ratio), *(f"{100 * one:.0f} %" for one in found)])
    silent = [[f"{cell.rejected:,}", f"{100 * share_silent(cell, runs):.1f} %"] for cell in QUIET]
    headings = ("Rejected", "Ratio", *(f"{100 * share:g} % of the listings" for share in shares))
    return f"{table(headings, rows)}\n{table(('Rejected, no cause', 'Nothing named'), silent)}"


if __name__ == "__main__":
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN, 1)
    PAGE.write_text(f"{before}{BEGIN}{tables()}{END}{rest.split(END, 1)[1]}", encoding="utf-8")

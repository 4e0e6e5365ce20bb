"""How pages of the docs are written: their beginning, tables, and parts between two marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "aexdash"


def filled(path: str, **parts: Callable[[], str]) -> str:
    """A page with what stands between the marks of each part written anew.

    Raises:
        ValueError: the marks are missing.
    """
    text = (ROOT / path).read_text(encoding="utf-8")
    for name, write in parts.items():
        begin, end = f"<!-- {name}: written by make docs -->\n", f"<!-- end of {name} -->"
        if begin not in text or end not in text:
            raise ValueError(f"{path} lacks the marks of {name}: {begin.strip()} and {end}")
        before, rest = text.split(begin, 1)
        text = f"{before}{begin}{write()}{end}{rest.split(end, 1)[1]}"
    return text


def written_page(title: str, says: str, *parts: str) -> str:
    """A page that begins by saying that nobody should edit it."""
    return "\n".join([f"# {title}\n", f"{says}\nThis page is written from the code by `make docs`.\n", *parts])


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown; a bar inside a cell does not end it."""
    titles = tuple(headings)
    lines = [titles, ("---",) * len(titles), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)

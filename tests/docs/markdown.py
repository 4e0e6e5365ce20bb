"""The Markdown of the project, taken apart: its pages, headings, links, code spans and fenced blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.docs.writing import ROOT

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<code>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_PICTURE = re.compile(r'\bsrc(?:set)?="([^"]+)"')
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its code without indent, and the line it stands on."""

    language: str
    code: str
    line: int


@dataclass(frozen=True)
class Page:
    """A page by its path from the root."""

    path: str

    @property
    def file(self) -> Path:
        """Where it lies."""
        return ROOT / self.path

    @property
    def text(self) -> str:
        """All of it."""
        return self.file.read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """What is left without its blocks."""
        return _FENCE.sub("", self.text)

    @property
    def blocks(self) -> list[Block]:
        """Its fenced blocks."""
        text = self.text
        return [
            Block(
                found["language"],
                re.sub(f"(?m)^{found['indent']}", "", found["code"]),
                text.count("\n", 0, found.start()) + 1,
            )
            for found in _FENCE.finditer(text)
        ]

    @property
    def links(self) -> list[str]:
        """Where its links and pictures lead."""
        prose = _SPAN.sub("", self.prose)
        return _LINK.findall(prose) + _PICTURE.findall(prose)

    @property
    def spans(self) -> list[str]:
        """What stands between single backticks."""
        return _SPAN.findall(self.prose)


@cache
def anchors(path: Path) -> frozenset[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    prose = _FENCE.sub("", path.read_text(encoding="utf-8"))
    return frozenset(_slug(heading) for heading in _HEADING.findall(prose))


def _slug(heading: str) -> str:
    plain = _LINK.sub("", heading) if heading.startswith("[") and "](" in heading else heading
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


def all_pages() -> list[Page]:
    """Every page of the root and of docs/."""
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [Page(str(file.relative_to(ROOT))) for file in sorted(files)]

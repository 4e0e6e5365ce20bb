"""The labelled texts of texts.toml and refusals.toml and their parts. They are invented; see the heads of the files."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FILE = Path(__file__).with_name("texts.toml")
REFUSALS = Path(__file__).with_name("refusals.toml")

Part = Literal["tune", "report", "blind", "learn", "held", "fresh"]
BLIND_ROUND = 4


@dataclass(frozen=True)
class Labelled:
    """A text and the codes it means, none for a text that names no reason. `language` is `mixed` for several."""

    language: str
    codes: tuple[str, ...]
    text: str
    round: int = 1
    refusal: bool = False

    @property
    def part(self) -> Part:
        """Where the text belongs, by a rule that was fixed before anything was tuned."""
        odd = hashlib.sha256(self.text.encode()).digest()[0] % 2
        if self.refusal:
            return {1: "held" if odd else "learn", 2: "learn"}.get(self.round, "fresh")
        if self.round > 1:
            return "blind" if self.round == BLIND_ROUND else "tune"
        return "report" if odd else "tune"

    @property
    def families(self) -> frozenset[str]:
        """The families it means."""
        return frozenset(code.partition(".")[0] for code in self.codes)


def read_texts(part: Part | None = None) -> Sequence[Labelled]:
    """The labelled texts of texts.toml, or those of one part, in the order of the file."""
    return [text for text in _read(FILE) if part in (None, text.part)]


def read_refusals(part: Part | None = None) -> Sequence[Labelled]:
    """The labelled texts of refusals.toml, or those of one part."""
    return [text for text in _read(REFUSALS, refusal=True) if part in (None, text.part)]


def _read(file: Path, *, refusal: bool = False) -> Iterator[Labelled]:
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["texts"]
    return (Labelled(**entry | {"codes": tuple(entry["codes"]), "refusal": refusal}) for entry in entries)

"""The labelled texts of texts.toml and their three parts. They are invented; see the head of that file."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FILE = Path(__file__).with_name("texts.toml")

Part = Literal["tune", "report", "blind"]
BLIND_ROUND = 4


@dataclass(frozen=True)
class Labelled:
    """A text and the codes it means, none for a text that names no reason. `language` is `mixed` for several."""

    language: str
    codes: tuple[str, ...]
    text: str
    round: int = 1

    @property
    def part(self) -> Part:
        """Where the text belongs, by a rule that was fixed before anything was tuned."""
        if self.round > 1:
            return "blind" if self.round == BLIND_ROUND else "tune"
        return "report" if hashlib.sha256(self.text.encode()).digest()[0] % 2 else "tune"

    @property
    def families(self) -> frozenset[str]:
        """The families it means."""
        return frozenset(code.partition(".")[0] for code in self.codes)


def read_texts(part: Part | None = None) -> Sequence[Labelled]:
    """All labelled texts, or those of one part, in the order of the file."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))["texts"]
    texts = [Labelled(**entry | {"codes": tuple(entry["codes"])}) for entry in entries]
    return [text for text in texts if part in (None, text.part)]

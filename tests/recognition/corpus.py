"""The labelled texts of texts.toml and their two halves. They are invented; see the head of that file."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FILE = Path(__file__).with_name("texts.toml")

Half = Literal["tune", "report"]


@dataclass(frozen=True)
class Labelled:
    """A text and the codes it means, none for a text that names no reason. `language` is `mixed` for several."""

    language: str
    codes: tuple[str, ...]
    text: str

    @property
    def half(self) -> Half:
        """Where the text belongs, by a rule that was fixed before anything was tuned."""
        return "report" if hashlib.sha256(self.text.encode()).digest()[0] % 2 else "tune"

    @property
    def families(self) -> frozenset[str]:
        """The families it means."""
        return frozenset(code.partition(".")[0] for code in self.codes)


def read_texts(half: Half | None = None) -> Sequence[Labelled]:
    """All labelled texts, or those of one half, in the order of the file."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))["texts"]
    texts = [Labelled(entry["language"], tuple(entry["codes"]), entry["text"]) for entry in entries]
    return [text for text in texts if half in (None, text.half)]

"""The words of data/questions.toml: what questions may be worded with, in four languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DATA_FILE = Path(__file__).resolve().parents[3] / "data" / "questions.toml"
"""The words lie beside the package, where a lead can read them and add to them."""

Phrases = Mapping[str, tuple[str, ...]]


@cache
def load() -> Mapping[str, Phrases]:
    """Return the phrases by section and what they stand for."""
    content = tomllib.loads(DATA_FILE.read_text(encoding="utf-8"))
    return {section: {key: tuple(phrases) for key, phrases in told.items()} for section, told in content.items()}

"""Texts in a form that SQLite can store, and in one that shows all that they hold."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring as json_text

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates of direction: they turn what stands behind them, also words of others."""


def visible(text: str) -> str:
    """Write the characters that turn the direction of a text as what they are, `‹U+202E›`, where a person reads it.

    Marks that belong to one letter (U+200E, U+200F) stay: they turn nothing that stands around a text.
    """
    return _TURNS.sub(lambda found: f"‹U+{ord(found[0]):04X}›", text)


def fold(text: str | None) -> str:
    """Fold the case of a text, so that two that differ in it alone are equal; SQL may call it too.

    A NUL, at which SQLite's index of texts would end, becomes U+FFFD.
    """
    return text.casefold().replace("\0", "\ufffd") if text else ""


def storable(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot encode, by U+FFFD; everything else stays as it is."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def storable_row(row: tuple[object, ...]) -> tuple[object, ...]:
    """Apply `storable` to every text of a row; other values stay as they are."""
    return tuple(storable(value) if isinstance(value, str) else value for value in row)


def json_array(texts: tuple[str, ...]) -> str:
    """Write texts as a JSON array, without escaping what is not ASCII."""
    return f"[{', '.join(map(json_text, texts))}]" if texts else "[]"


def texts_from(array: str) -> list[str]:
    """Read a JSON array of texts.

    Raises:
        ValueError: it is none.
    """
    found = json.loads(array)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"{array!r} is no list of texts")
    return found

"""Texts in a form that SQLite can store."""

from __future__ import annotations

import re
from json.encoder import encode_basestring as json_text

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot encode, by U+FFFD; everything else stays as it is."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def storable_row(row: tuple[object, ...]) -> tuple[object, ...]:
    """Apply `storable` to every text of a row; other values stay as they are."""
    return tuple(storable(value) if isinstance(value, str) else value for value in row)


def json_array(texts: tuple[str, ...]) -> str:
    """Write texts as a JSON array, without escaping what is not ASCII."""
    return f"[{', '.join(map(json_text, texts))}]" if texts else "[]"

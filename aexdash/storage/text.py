"""Texts as a file can hold them."""

from __future__ import annotations

import re
from json.encoder import encode_basestring as json_text

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """Replace lone surrogates, which no file can hold, by U+FFFD; everything else stays as it came."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def storable_row(row: tuple[object, ...]) -> tuple[object, ...]:
    """Make every text of a row storable."""
    return tuple(storable(value) if isinstance(value, str) else value for value in row)


def json_array(texts: tuple[str, ...]) -> str:
    """Write texts as a JSON array, readable as they came."""
    return f"[{', '.join(map(json_text, texts))}]" if texts else "[]"

"""Reading single fields of an answer, in every form they are known to come in. An absent field is normal, no error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Set
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aexdash.aliexpress.errors import UnreadableAnswer

PACIFIC = ZoneInfo("America/Los_Angeles")
"""The zone of product times, which carry none in their text (reference §3.8)."""

LARGEST = 2**63 - 1
"""The largest number the snapshot can hold; product ids go beyond 2^53 (reference §3.1)."""

WHOLE = re.compile(r"-?[0-9]{1,19}")


def as_list(value: object) -> list[Any]:
    """Return a list however it was sent: plain, under one item-named key, alone or not at all (reference §1.6)."""
    if value is None or value == "":
        return []
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping):
        return [value]
    if len(value) > 1:
        return [value]
    inner = next(iter(value.values()), None)
    return [inner] if isinstance(inner, Mapping) else as_list(inner)


def records(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list, also of one that was sent as a JSON text; whatever else is in it is left out."""
    return [item for item in as_list(_decoded(value)) if isinstance(item, dict)]


def _decoded(value: object) -> object:
    """What a JSON text of a list or an object holds; anything else as it is."""
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        with suppress(ValueError, RecursionError):
            return json.loads(value, strict=False, parse_float=str, parse_constant=str)
    return value


def text(value: object) -> str | None:
    """Return a text, None for an absent or empty one; numbers come as they were written."""
    if type(value) is str:  # nearly always; a sweep reads a dozen texts of each listing
        return (value if value.isascii() else writable(value)) or None
    if value is None or isinstance(value, (dict, list)):
        return None
    return writable(str(value)) or None


def writable(written: str) -> str:
    """Replace half characters, which JSON can carry and no file can."""
    if written.isascii():
        return written
    return written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def whole(value: object) -> int | None:
    """Return a whole number of at most 64 bits sent as number or text, None for anything else."""
    if value is None or isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    if isinstance(value, str):
        written = value.strip()
        if not WHOLE.fullmatch(written):
            return None
        value = int(written)
    return value if abs(value) <= LARGEST else None


def count(value: object) -> int | None:
    """Return a number of things, None when absent or below zero."""
    number = whole(value)
    return number if number is not None and number >= 0 else None


def flag(value: object) -> bool:
    """Read a truth sent as JSON, as text or as a number."""
    return str(value).strip().lower() in ("true", "1", "y", "yes")


def product_id(fields: Mapping[str, Any]) -> int:
    """Return a listing's id, which may lie above 2^53 and may be sent as text (reference §3.1).

    Raises:
        UnreadableAnswer: there is none. Leaving such a listing out would be a false absence.
    """
    number = whole(fields.get("product_id"))
    if number is None or number <= 0:
        raise UnreadableAnswer(
            "AliExpress sent a listing without a usable product_id.", advice="Nothing to do: the next sync asks again."
        )
    return number


def pacific(value: object) -> datetime | None:
    """Read a product time and return it in UTC, None when absent or unreadable (reference §3.8).

    The text is US Pacific time unless it names a zone itself; 13 digits are milliseconds since 1970. Of the two moments
    that an hour in autumn names, the first is meant; an hour that spring leaves out is read as if it had not been.
    """
    written = text(value)
    if not written:
        return None
    try:
        if written.isascii() and written.isdigit() and len(written) == 13:
            return datetime.fromtimestamp(int(written) / 1000, UTC)
        moment = datetime.fromisoformat(written.strip())
        if moment.tzinfo:
            return moment.astimezone(UTC)
        offset = PACIFIC.utcoffset(moment)  # a third of the time that `replace` and `astimezone` take
        return datetime.combine(moment, moment.time(), UTC) - offset if offset is not None else None
    except (ValueError, OverflowError, OSError):
        return None


def images(value: object) -> tuple[str, ...]:
    """Return picture addresses, sent as one text with `;` between or as a list (reference §3.1), each once."""
    if type(value) is str and value.isascii():
        return tuple(dict.fromkeys([url for part in value.split(";") if (url := part.strip())]))
    parts = as_list(value)
    urls = [writable(url.strip()) for part in parts if isinstance(part, str) for url in part.split(";")]
    return tuple(dict.fromkeys(url for url in urls if url))


def by_language(value: object) -> dict[str, str]:
    """Return texts by language; category names come as a JSON text of an object (reference §4.8)."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {"": writable(str(value))} if value else {}
    if isinstance(value, Mapping):
        return {str(language): writable(str(name)) for language, name in value.items() if name}
    return {"": writable(str(value))} if value else {}


def in_english(names: Mapping[str, str]) -> str:
    """Return the English text, else the first there is, else nothing."""
    for language in ("en", "en_US"):
        if names.get(language):
            return names[language]
    return next(iter(names.values()), "")


def rest(fields: Mapping[str, Any], known: Set[str]) -> str:
    """Return the fields we have no name for as one JSON text, in a fixed order; empty when there are none."""
    if fields.keys() <= known:
        return ""
    unknown = {name: value for name, value in fields.items() if name not in known and value not in (None, "", [], {})}
    if not unknown:
        return ""
    return writable(json.dumps(unknown, ensure_ascii=False, sort_keys=True, separators=(",", ":")))

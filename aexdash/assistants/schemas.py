"""JSON schemas in few words: they are sent with every question that a person asks an assistant, so each costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LEFT_OUT = {
    "title", "default", "additionalProperties", "description", "$defs", "required", "maxLength", "maxItems", "minimum"
}  # fmt: skip

_TEXT = {"type": "string"}

_ENOUGH_TEXTS = 3
"""From so many texts on an object names them together, which is shorter than one by one."""


def compact(schema: Mapping[str, Any], *, takes: bool = False) -> dict[str, Any]:
    """Return the schema of an object without titles, defaults and references, and without the texts of its classes.

    `takes`: it is of arguments. What the descriptions of single fields say stays. In an object with many texts, these
    are the properties that are *required* and not described: all others are texts.
    """
    plain: dict[str, Any] = _plain(schema, schema.get("$defs", {}), takes=takes)
    return {"type": "object", **plain}


def _plain(schema: Mapping[str, Any], parts: Mapping[str, Mapping[str, Any]], *, takes: bool) -> dict[str, Any]:
    if "$ref" in schema:
        return _plain(parts[schema["$ref"].rpartition("/")[2]], parts, takes=takes)
    if choices := schema.get("anyOf"):
        return _either([_plain(one, parts, takes=takes) for one in choices])
    plain = {name: value for name, value in schema.items() if name not in _LEFT_OUT}
    if "enum" in plain or "properties" in plain:
        del plain["type"]
    if "properties" in plain:
        plain["properties"] = {
            name: _plain(one, parts, takes=takes) | {key: one[key] for key in ("description",) if key in one}
            for name, one in schema["properties"].items()
        }
        plain |= {} if takes else _texts_together(plain["properties"])
        if takes and "required" in schema:
            plain["required"] = schema["required"]
        if not plain["properties"]:
            del plain["properties"]
    if "items" in plain:
        plain["items"] = _plain(schema["items"], parts, takes=takes)
        if not takes:
            del plain["type"]  # nothing but a list has items
    if isinstance(values := schema.get("additionalProperties"), Mapping):
        plain["additionalProperties"] = _plain(values, parts, takes=takes)
    return plain


def _either(choices: list[dict[str, Any]]) -> dict[str, Any]:
    """Write *this or null* the short way; an object that may be absent is described as what it is where it is there."""
    (first,) = [one for one in choices if one != {"type": "null"}]
    return {**first, "type": [first["type"], "null"]} if "type" in first else first


def _texts_together(properties: Mapping[str, Any]) -> dict[str, Any]:
    texts = [name for name, schema in properties.items() if schema == _TEXT]
    if len(texts) < _ENOUGH_TEXTS:
        return {}
    others = {name: schema for name, schema in properties.items() if name not in texts}
    return {"properties": others, "additionalProperties": _TEXT, "required": texts}

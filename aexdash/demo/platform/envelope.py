"""The forms of the simulated gateway's answers and errors: wrapped and item-named, or flat (reference §1.6, §6.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aexdash.demo.platform.invented import TEXTS, item_name

KNOWN_TEXTS: dict[str, str] = {
    "IllegalAccessToken": "The specified access token is invalid or expired",
    "IncompleteSignature": "The request signature does not conform to platform standards",
    "ApiCallLimit": "Api access frequency exceeds the limit. this ban will last {seconds} seconds",
}
"""Texts as captured from the platform (reference §6.2, §6.4)."""

ITEM_NAMES: dict[str, str] = {
    "aeop_ae_product_propertys": "global_aeop_ae_product_property",
    "aeop_ae_product_s_k_us": "global_aeop_ae_product_sku",
    "aeop_s_k_u_property_list": "global_aeop_sku_property",
    "multi_language_subject_list": "global_subject",
    "multi_language_description_list": "global_description",
    "group_ids": "number",
}
"""Item keys of lists that the reference names (§1.6, §4.1); the product lists name theirs themselves."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list in an answer; `key` is its item key when that hangs on the method. `deep`: its items hold lists too."""

    values: list[Any]
    key: str = ""
    deep: bool = True


class Refused(Exception):
    """The gateway refuses a call. `sub_code` set: the older form with `code` 15 and `sub_code` (reference §6.1)."""

    def __init__(self, code: str, *, sub_code: str = "", **named: object) -> None:
        text = KNOWN_TEXTS.get(code) or TEXTS[sub_code or code]
        super().__init__(text.format(**named))
        self.code, self.sub_code, self.text = code, sub_code, text.format(**named)

    @classmethod
    def parameter(cls, name: str) -> Refused:
        """Return the refusal of a parameter's value."""
        return cls("", sub_code="isv.invalid-parameter", name=name)


def plain(value: Any) -> Any:
    """Return an answer with its lists as plain arrays: what `simplify=true` asks for."""
    if isinstance(value, Items):
        return [plain(item) for item in value.values] if value.deep else value.values
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


def item_named(value: Any, name: str = "") -> Any:
    """Return an answer with every list as an object of one item-named key: what comes without `simplify`."""
    if isinstance(value, Items):
        key = value.key or ITEM_NAMES.get(name) or item_name(name)
        return {key: [item_named(item) for item in value.values] if value.deep else value.values}
    if isinstance(value, dict):
        return {inner: item_named(item, inner) for inner, item in value.items()}
    return value


def answer(method: str, body: Mapping[str, Any], request_id: str, *, simplify: bool, wrap: bool) -> dict[str, Any]:
    """Return the reply of a business method; `wrap` keeps the `*_response` key."""
    written = {name: plain(value) if simplify else item_named(value, name) for name, value in body.items()}
    written["request_id"] = request_id
    return {f"{method.replace('.', '_')}_response": written} if wrap else written


def business_error(refused: Refused, request_id: str) -> dict[str, Any]:
    """Return an error as `/sync` gives it."""
    if refused.sub_code:
        body: dict[str, Any] = {
            "code": 15,
            "msg": "Remote service error",
            "sub_code": refused.sub_code,
            "sub_msg": refused.text,
        }
    else:
        body = {"type": "ISV", "code": refused.code, "msg": refused.text}
    return {"error_response": {**body, "request_id": request_id}}


def system_error(refused: Refused, request_id: str) -> dict[str, Any]:
    """Return an error as `/rest` gives it: never wrapped, with `message`."""
    return {"type": "ISV", "code": refused.code, "message": refused.text, "request_id": request_id}


def to_bytes(body: Mapping[str, Any]) -> bytes:
    """Write a reply as the platform does: compact JSON in UTF-8."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

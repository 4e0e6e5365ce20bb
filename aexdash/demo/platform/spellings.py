"""Answers and errors in other spellings than the usual one, and bytes that are not quite JSON.

Each is a fault to switch on. Texts and addresses are invented here; a client must understand the shape.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aexdash.demo.platform.envelope import to_bytes
from aexdash.demo.platform.faults import FaultKind

Answer = tuple[int, dict[str, str], bytes]
Struck = Mapping[FaultKind, float]
Change = Callable[[dict[str, Any], float], None]

JSON_TYPE = {"Content-Type": "application/json;charset=utf-8"}
XML_TYPE = {"Content-Type": "text/xml;charset=utf-8"}
HTML_TYPE = {"Content-Type": "text/html;charset=utf-8"}
TEXT_TYPE = {"Content-Type": "text/plain;charset=utf-8"}

A_BAN = 30
A_PAGE = 20
SOMEBODY_ELSE = 9_000_000_001
"""A seller account that no simulated store has."""

UNHEARD_STATUS = "suspendedForChecks"
BROKEN_BYTE, RAW_BREAK = "\ue000", "\ue001"
"""Characters of nobody, replaced in the bytes by what JSON does not allow."""


def instead(struck: Struck, request_id: str) -> Answer | None:
    """Return what comes instead of any answer, None where no such fault struck."""
    for kind, value in struck.items():
        if kind in _INSTEAD:
            return _INSTEAD[kind](value, request_id)
    return None


def written(body: Mapping[str, Any], struck: Struck) -> bytes:
    """Write an answer as bytes, changed by the faults that struck."""
    changes = [(_CHANGES[kind], value) for kind, value in struck.items() if kind in _CHANGES]
    if not changes:
        return to_bytes(body)
    content = json.loads(to_bytes(body))  # a copy: the items of lists are kept by the platform
    for change, value in changes:
        change(content, value)
    sent = to_bytes(content).replace(BROKEN_BYTE.encode(), b"\xff").replace(RAW_BREAK.encode(), b"\n\t")
    return sent + (b"\n<!-- served by a9 -->" if FaultKind.TRAILING_TEXT in struck else b"")


def _json(content: Mapping[str, Any], request_id: str) -> Answer:
    return 200, JSON_TYPE, to_bytes({**content, "request_id": request_id})


def _seconds(value: float) -> str:
    seconds = int(value) or A_BAN
    return f"{seconds} more second{'' if seconds == 1 else 's'}"


def _xml_ban(value: float, request_id: str) -> Answer:
    text = (
        '<?xml version="1.0" encoding="utf-8" ?><error_response><code>7</code><msg>App Call Limited</msg>'
        "<sub_code>accesscontrol.limited-by-app-api-access-count</sub_code>"
        f"<sub_msg>This ban will last for {_seconds(value)}</sub_msg><request_id>{request_id}</request_id>"
        "</error_response>"
    )
    return 200, XML_TYPE, text.encode()


def _retry_after(value: float, _request_id: str) -> Answer:
    return 503, {**HTML_TYPE, "Retry-After": str(int(value) or A_BAN)}, b"<html>Service unavailable</html>"


def _error(fields: Mapping[str, Any], request_id: str) -> Answer:
    return 200, JSON_TYPE, to_bytes({"error_response": {**fields, "request_id": request_id}})


_INSTEAD: dict[FaultKind, Callable[[float, str], Answer]] = {
    FaultKind.IS_SUCCESS: lambda _, request_id: _json(
        {"result": {"is_success": "false", "error_code": 90_001, "error_msg": "The list is closed for now"}}, request_id
    ),
    FaultKind.ERROR_CODE_ALONE: lambda _, request_id: _json(
        {"result": {"error_code": 90_002, "error_message": "No list today", "product_count": 0, "total_page": 0}},
        request_id,
    ),
    FaultKind.NESTED_ERROR: lambda _, request_id: _json(
        {"list_response": {"result": {"error_response": {"code": "InvalidApiPath", "msg": "Not served"}}}}, request_id
    ),
    FaultKind.ERROR_AS_TEXT: lambda _, request_id: _json(
        {"error_response": '{"code": "InvalidApiPath", "msg": "Not served"}'}, request_id
    ),
    FaultKind.FLAT_BAN: lambda value, request_id: _json(
        {
            "type": "ISV",
            "code": "ApiCallLimit",
            "message": f"Api access frequency exceeds the limit. this ban will last {_seconds(value)}",
            "result": None,
        },
        request_id,
    ),
    FaultKind.XML_BAN: _xml_ban,
    FaultKind.RETRY_AFTER: _retry_after,
    FaultKind.RISK_PAGE: lambda _value, _request_id: (
        200,
        JSON_TYPE,
        to_bytes({"ret": ["FAIL_SYS_USER_VALIDATE", "RGV000_ERROR::SM"], "data": {"url": "https://risk.example/"}}),
    ),
    FaultKind.NOT_LISTED: lambda _, request_id: _error(
        {
            "code": 11,
            "msg": "Insufficient isv permissions",
            "sub_code": "isv.permission-ip-whitelist-limit",
            "sub_msg": "calls are taken from 192.0.2.* only, but your ip is 192.0.3.7",
        },
        request_id,
    ),
    FaultKind.PLATFORM_FAULT: lambda value, request_id: _error(
        {"code": int(value) or 50, "msg": "Remote service error", "sub_code": "isp.service-error", "sub_msg": "again"},
        request_id,
    ),
    FaultKind.OFFLINE_FOR_GOOD: lambda _, request_id: _error(
        {"code": 10, "msg": "Platform System blacklist: this platform has been offline, move to the new one"},
        request_id,
    ),
    FaultKind.NOT_FOUND: lambda _value, _request_id: (404, HTML_TYPE, b"<html>404 Not Found</html>"),
    FaultKind.SYSTEM_ERROR: lambda _, request_id: _json(
        {"result": {"success": False, "error_code": 90_003, "error_message": "System error, please try again later"}},
        request_id,
    ),
    FaultKind.NO_LIST: lambda _, request_id: _json({"notice": "Welcome"}, request_id),
}


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in an answer, outer ones first."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)


def _first_item(content: dict[str, Any]) -> dict[str, Any]:
    """The first listing of a list, an empty object where there is none."""
    items = (each for each in _objects(content) if "product_id" in each and ("subject" in each or "title" in each))
    return next(items, {})


def _in_title(mark: str) -> Change:
    def change(content: dict[str, Any], _value: float) -> None:
        item = _first_item(content)
        for name in ("subject", "title"):
            if name in item:
                item[name] = f"Mended {mark} {item[name]}"

    return change


def _without_id(content: dict[str, Any], _value: float) -> None:
    _first_item(content).pop("product_id", None)


def _another_seller(content: dict[str, Any], value: float) -> None:
    for each in _objects(content):
        for name in ("seller_id", "user_id"):
            if name in each:
                each[name] = str(int(value) or SOMEBODY_ELSE)


def _properties(content: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    names = ("aeop_ae_product_propertys", "product_property_list")
    yield from ((each, name) for each in _objects(content) for name in names if name in each)


def _as_intervals(content: dict[str, Any], _value: float) -> None:
    for each, name in list(_properties(content)):
        each[name] = [
            {
                "attr_name_id": filled.get("attr_name_id"),
                "attr_name": filled.get("attr_name"),
                "attr_value_start": "2",
                "attr_value_end": "5",
                "attr_value_unit": "cm",
            }
            for filled in _objects(each[name])
            if "attr_name" in filled
        ]


def _as_text(content: dict[str, Any], _value: float) -> None:
    for each, name in list(_properties(content)):
        each[name] = json.dumps(each[name])


def _unheard_status(content: dict[str, Any], _value: float) -> None:
    for each in _objects(content):
        if "product_status_type" in each:
            each["product_status_type"] = UNHEARD_STATUS


_CHANGES: dict[FaultKind, Change] = {
    FaultKind.RAW_CONTROLS: _in_title(RAW_BREAK),
    FaultKind.BROKEN_BYTE: _in_title(BROKEN_BYTE),
    FaultKind.TRAILING_TEXT: lambda _content, _value: None,
    FaultKind.ITEM_WITHOUT_ID: _without_id,
    FaultKind.ANOTHER_SELLER: _another_seller,
    FaultKind.INTERVALS: _as_intervals,
    FaultKind.PROPERTIES_AS_TEXT: _as_text,
    FaultKind.UNHEARD_STATUS: _unheard_status,
}

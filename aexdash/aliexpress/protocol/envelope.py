"""Reads the content or the failure out of an answer, in every envelope of reference §1.6 and §6.1."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SUCCESS_CODES = ("", "0")
"""`code` of a success on `/rest`, and of an answer that carries none (reference §1.6)."""

SUCCESS_WORDS = frozenset({"ok", "success", "successful"})
"""What stands in the message of some answers that succeeded."""

SUCCESS_FLAGS = ("success", "is_success", "result_success")
NO = frozenset({"false", "0", "no", "n", "f"})
ERROR_TYPES = frozenset({"ISV", "ISP", "SYSTEM"})
ERROR_CODE_NAMES = ("error_code", "err_code")
ERROR_TEXT_NAMES = ("error_message", "error_msg", "err_msg")

NOT_DATA = frozenset(
    {
        *(name.replace("_", "") for name in (*SUCCESS_FLAGS, *ERROR_CODE_NAMES, *ERROR_TEXT_NAMES)),
        *("code", "type", "msg", "message", "subcode", "submsg", "requestid", "traceid", "timestamp"),
        *("currentpage", "pagesize", "totalpage", "totalpages"),
    }
)
"""Fields that say nothing about a store; the pages are those of the question."""

RISK_WORDS = re.compile(r"USER_VALIDATE|RGV\d+|CAPTCHA|PUNISH", re.IGNORECASE)
RISK_TYPE = "RISK"
"""`Failure.type` of a page of the platform's risk control, which stops calls that look like a robot's."""

RAW_CONTROLS = re.compile("[\x00-\x1f]+")

XML_FIELD = re.compile(r"<(code|type|msg|message|sub_code|sub_msg|request_id)>(.*?)</\1>", re.DOTALL)
XML_LOOKED_AT = 20_000
NESTED = 6
"""How deep an `error_response` is looked for, and how often a text inside a text is read."""


class NotAnAnswer(ValueError):
    """The bytes are not a JSON object; the text says what they look like."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure in the platform's words. `business`: it stood inside a success envelope."""

    code: str
    text: str
    sub_code: str = ""
    sub_text: str = ""
    type: str = ""
    request_id: str = ""
    business: bool = False


def parse(body: bytes) -> dict[str, Any]:
    """Read a JSON object whatever media type it came with (reference §1.5).

    Numbers with a fraction stay the text that was sent, so that a price is not rounded on its way. JSON that is not
    quite right is read as far as its meaning is clear: raw control characters inside texts (a space), a bad byte
    (U+FFFD), words after its end. An error that comes as XML, although JSON was asked for, is read as the same error.

    Raises:
        NotAnAnswer: empty, HTML, cut off, not JSON, not one object.
    """
    if not body.strip():
        raise NotAnAnswer("an empty body")
    if (error := _error_in_xml(body)) is not None:
        return error
    content = _decoded(body)
    if not isinstance(content, dict):
        raise NotAnAnswer("JSON that is not an object")
    return content


def failure_of(answer: Mapping[str, Any]) -> Failure | None:
    """Return how a parsed answer failed, None when it is a success.

    Takes `error_response` with `msg` or `message` at any depth or as a text, the flat error of `/rest` with and without
    an empty `result`, integer or word codes (reference §6.1), a page of the risk control, and a business failure inside
    a success envelope: a flag that says no, or an error code with no data beside it. Data decide over a message beside
    them, because documented samples carry both (reference §3.1).
    """
    wrapped = _error_response(answer)
    if wrapped is not None:
        return _platform_failure(wrapped)
    return _risk_page(answer) or _flat_failure(answer) or _business_failure(answer)


def unwrap(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Take off the `*_response` wrapper and then `result`, where there are any (reference §1.6)."""
    *_, content = _levels(answer)
    return dict(content)


def _decoded(body: bytes) -> Any:
    text = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff \t\r\n")
    try:
        content, end = _first_json(text)
    except (ValueError, RecursionError):
        # Raw control characters are what JSON forbids inside texts; between them they are spaces anyway.
        text = RAW_CONTROLS.sub(" ", text)
        try:
            content, end = _first_json(text)
        except (ValueError, RecursionError) as error:
            raise NotAnAnswer(_looks_like(body)) from error
    # Another object behind the first may be the error that belongs to it: then neither is believed.
    if text[end:].lstrip().startswith(("{", "[")):
        raise NotAnAnswer("more than one JSON text")
    return content


def _first_json(text: str) -> tuple[Any, int]:
    return json.JSONDecoder(parse_float=str, parse_constant=str).raw_decode(text)


def _error_in_xml(body: bytes) -> dict[str, Any] | None:
    """The fields of an error in XML (TOP's default format, reference §1.4); None for HTML and anything else."""
    start = body[:XML_LOOKED_AT].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if not start.startswith("<") or not ("<error_response" in start or start.startswith("<?xml")):
        return None
    fields = {name: _xml_text(written) for name, written in XML_FIELD.findall(start)}
    return {"error_response": fields} if "code" in fields else None


def _xml_text(written: str) -> str:
    return html.unescape(written.strip().removeprefix("<![CDATA[").removesuffix("]]>"))


def _levels(answer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The answer, what is inside its `*_response`, and the `result` inside that; each as far as there is one."""
    yield answer
    wrappers = [inner for name in answer if name.endswith("_response") and (inner := _object(answer[name])) is not None]
    content = wrappers[0] if len(wrappers) == 1 else answer
    if content is not answer:
        yield content
    result = _object(content.get("result"))
    if result is not None:
        yield result


def _error_response(answer: Mapping[str, Any], depth: int = NESTED) -> Mapping[str, Any] | None:
    """The fields of an `error_response`, however deep it stands; lists are data and not looked into."""
    if "error_response" in answer:
        found = answer["error_response"]
        fields = _object(found)
        if fields is not None or found:
            return fields if fields is not None else {"msg": str(found)}
    inside = (inner for value in answer.values() if depth and (inner := _object(value)) is not None)
    return next((found for inner in inside if (found := _error_response(inner, depth - 1)) is not None), None)


def _risk_page(answer: Mapping[str, Any]) -> Failure | None:
    """A page of the risk control instead of an answer: `ret` with a word of failure, or a flag with an address."""
    told = answer.get("ret")
    words = [_word(each) for each in told] if isinstance(told, list) else [_word(told)] if told else []
    flagged = [name for name in answer if RISK_WORDS.match(name)]
    if not flagged and (not words or all(word.upper().startswith("SUCCESS") for word in words)):
        return None
    code, text = (words or flagged)[0], " ".join(words[1:])
    risk = bool(flagged) or any(RISK_WORDS.search(word) for word in words)
    return Failure(code, text, type=RISK_TYPE if risk else "SYSTEM")


def _flat_failure(answer: Mapping[str, Any]) -> Failure | None:
    """The error of `/rest`, in which some put an empty `result`; its `type` makes it one whatever stands beside."""
    code = _word(answer.get("code"))
    speaks = any(name in answer for name in ("msg", "message", "type"))
    failure = _platform_failure(answer)
    marked = failure.type in ERROR_TYPES
    if code in SUCCESS_CODES or not speaks or not (marked or _is_empty(answer.get("result"))):
        return None
    return None if failure.text.lower() in SUCCESS_WORDS and not marked else failure


def _platform_failure(fields: Mapping[str, Any]) -> Failure:
    return Failure(
        code=_word(fields.get("code")),
        text=_word(fields.get("msg")) or _word(fields.get("message")),
        sub_code=_word(fields.get("sub_code")),
        sub_text=_word(fields.get("sub_msg")),
        type=_word(fields.get("type")),
        request_id=_word(fields.get("request_id")),
    )


def _business_failure(answer: Mapping[str, Any]) -> Failure | None:
    levels = [_plain_names(level) for level in _levels(answer)]
    failed = next((level for level in reversed(levels) if _failed(level)), None)
    if failed is None:
        return None
    around = [failed, *reversed(levels)]
    return Failure(
        code=_first(around, *ERROR_CODE_NAMES) or _first([failed], "code"),
        text=_first(around, *ERROR_TEXT_NAMES) or _first([failed], "msg", "message"),
        sub_code=_first(around, "sub_code"),
        sub_text=_first(around, "sub_msg"),
        request_id=_first(around, "request_id"),
        business=True,
    )


def _failed(level: Mapping[str, Any]) -> bool:
    """Whether a level says no; where it says neither yes nor no, an error without any data beside it is a no."""
    said = [word for name in SUCCESS_FLAGS if (word := _first([level], name))]
    if any(word.lower() in NO for word in said):
        return True
    if _holds_data(level):
        return False
    coded = _first([level], *ERROR_CODE_NAMES) not in SUCCESS_CODES
    text = _first([level], *ERROR_TEXT_NAMES)
    return coded or bool(not said and text and text.lower() not in SUCCESS_WORDS)


def _holds_data(level: Mapping[str, Any]) -> bool:
    return any(name not in NOT_DATA and not _is_empty(value) for name, value in level.items())


def _is_empty(value: object) -> bool:
    """Whether a value says nothing: absent, zero, no, or a container of nothing else."""
    if isinstance(value, Mapping):
        return not _holds_data(_plain_names(value))
    if isinstance(value, list):
        return all(_is_empty(item) for item in value)
    return _word(value).lower() in ("", "false", "0", "null", "{}", "[]")


def _first(levels: list[Mapping[str, Any]], *names: str) -> str:
    plain = [name.replace("_", "") for name in names]
    found = (_word(level[name]) for level in levels for name in plain if name in level)
    return next((word for word in found if word), "")


def _plain_names(level: Mapping[str, Any]) -> dict[str, Any]:
    """The same with `isSuccess`, `is_success` and `issuccess` under one name."""
    return {name.replace("_", "").lower(): value for name, value in level.items()}


def _object(value: object) -> Mapping[str, Any] | None:
    """An object, also one that was sent as a JSON text; None for anything else."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value, strict=False, parse_float=str, parse_constant=str)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, Mapping) else None


def _looks_like(body: bytes) -> str:
    start = body.lstrip()[:200].lower()
    if start.startswith(b"<"):
        return "an HTML or XML page"
    if start.startswith((b"{", b"[")):
        return "JSON that breaks off or is damaged"
    return "text that is not JSON"


def _word(value: object) -> str:
    return "" if value is None or isinstance(value, Mapping | list) else str(value).strip()

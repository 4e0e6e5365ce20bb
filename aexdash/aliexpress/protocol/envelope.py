"""Reads the content or the failure out of an answer, in every envelope of reference §1.6 and §6.1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SUCCESS_CODES = ("", "0")
"""`code` of a success on `/rest`, and of an answer that carries none (reference §1.6)."""

FAILURE_FIELDS = frozenset({"error_code", "error_message", "error_msg", "request_id", "_trace_id_", "time_stamp"})


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

    Numbers with a fraction stay the text that was sent, so that a price is not rounded on its way.

    Raises:
        NotAnAnswer: empty, HTML, cut off, not JSON or not an object.
    """
    if not body.strip():
        raise NotAnAnswer("an empty body")
    try:
        content = json.loads(body, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise NotAnAnswer(_looks_like(body)) from error
    if not isinstance(content, dict):
        raise NotAnAnswer("JSON that is not an object")
    return content


def failure_of(answer: Mapping[str, Any]) -> Failure | None:
    """Return how a parsed answer failed, None when it is a success.

    Takes `error_response` with `msg` or `message`, the flat error of `/rest`, integer or word codes (reference §6.1),
    and a business failure inside a success envelope, where `success` decides and `error_message` beside data does not.
    """
    wrapped = answer.get("error_response")
    if isinstance(wrapped, Mapping):
        return _platform_failure(wrapped)
    speaks_of_failure = any(name in answer for name in ("msg", "message", "type"))
    if _word(answer.get("code")) not in SUCCESS_CODES and speaks_of_failure and "result" not in answer:
        return _platform_failure(answer)
    return _business_failure(unwrap(answer), _word(answer.get("request_id")))


def unwrap(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Take off the `*_response` wrapper and then `result`, where there are any (reference §1.6)."""
    wrappers = [name for name in answer if name.endswith("_response") and isinstance(answer[name], Mapping)]
    content = answer[wrappers[0]] if len(wrappers) == 1 else answer
    result = content.get("result")
    return dict(result if isinstance(result, Mapping) else content)


def _platform_failure(fields: Mapping[str, Any]) -> Failure:
    return Failure(
        code=_word(fields.get("code")),
        text=_word(fields.get("msg")) or _word(fields.get("message")),
        sub_code=_word(fields.get("sub_code")),
        sub_text=_word(fields.get("sub_msg")),
        type=_word(fields.get("type")),
        request_id=_word(fields.get("request_id")),
    )


def _business_failure(content: Mapping[str, Any], request_id: str) -> Failure | None:
    said = [content[name] for name in ("success", "result_success") if content.get(name) is not None]
    # Where `success` is there it decides: documented samples carry an error_message beside data (reference §3.1).
    if said:
        failed = any(_word(value).lower() in ("false", "0") for value in said)
    else:
        failed = _word(content.get("error_code")) not in SUCCESS_CODES and content.keys() <= FAILURE_FIELDS
    if not failed:
        return None
    return Failure(
        code=_word(content.get("error_code")),
        text=_word(content.get("error_message")) or _word(content.get("error_msg")),
        request_id=_word(content.get("request_id")) or request_id,
        business=True,
    )


def _looks_like(body: bytes) -> str:
    start = body.lstrip()[:200].lower()
    if start.startswith(b"<"):
        return "an HTML or XML page"
    if start.startswith((b"{", b"[")):
        return "JSON that breaks off or is damaged"
    return "text that is not JSON"


def _word(value: object) -> str:
    return "" if value is None else str(value).strip()

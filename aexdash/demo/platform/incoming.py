"""Reads a request: parameters from the query, the body, or both (reference §1.5), its signature and its clock."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl, unquote, urlsplit

from aexdash.demo.platform.envelope import Refused
from aexdash.demo.world.listing import EPOCH

CLOCK_TOLERANCE = timedelta(seconds=7200)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as the gateway reads it. `parameters` is the union of query and text fields of the body.

    `wanted` is the `Range` header: the part of a picture that is asked for. `by_browser`: a person sees the answer.
    """

    verb: str
    path: str
    origin: str
    parameters: Mapping[str, str]
    body: bytes
    wanted: str = ""
    by_browser: bool = False


def read_request(verb: str, url: str, headers: Mapping[str, str], body: bytes) -> Incoming:
    """Read a request whose `url` is absolute or begins with its path."""
    parts = urlsplit(url)
    named = {name.lower(): value for name, value in headers.items()}
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"http://{named.get('host', '127.0.0.1')}"
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    parameters.update(_fields(named.get("content-type", ""), body))
    by_browser = "text/html" in named.get("accept", "")
    return Incoming(verb.upper(), unquote(parts.path), origin, parameters, body, named.get("range", ""), by_browser)


def _fields(content_type: str, body: bytes) -> dict[str, str]:
    if not body or content_type.startswith("application/json"):
        return {}
    if content_type.startswith("multipart/form-data"):
        return _multipart(content_type, body)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _multipart(content_type: str, body: bytes) -> dict[str, str]:
    """Return the text fields of a multipart body; files are never signed (reference §1.3)."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    fields: dict[str, str] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and part.get_filename() is None and isinstance(payload, bytes):
            fields[name] = payload.decode("utf-8", "replace")
    return fields


def signature(parameters: Mapping[str, str], secret: str, method: str, prefix: str = "") -> str:
    """Return the signature of the parameters: HMAC-SHA256 over name and value in byte order, or TOP's MD5 (§1.3, §1.4).

    Raises:
        Refused: the sign method is none of those the gateway takes.
    """
    named = sorted((name, value) for name, value in parameters.items() if name != "sign")
    match method.lower():
        case "sha256" | "hmacsha256" | "hmac-sha256" | "":
            text = prefix + "".join(name + value for name, value in named if value.strip())
            return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest().upper()
        case "md5":  # the TOP SDKs sign empty parameters too
            text = prefix + "".join(name + value for name, value in named)
            return hashlib.md5(f"{secret}{text}{secret}".encode(), usedforsecurity=False).hexdigest().upper()
        case _:
            raise Refused("IncompleteSignature")


def check_signature(incoming: Incoming, secret: str, prefixes: tuple[str, ...]) -> None:
    """Verify the request's signature, with any of the path prefixes that its route allows.

    Raises:
        Refused: `IncompleteSignature`.
    """
    method = incoming.parameters.get("sign_method", "sha256")
    given = incoming.parameters.get("sign", "").upper().encode()
    expected = (signature(incoming.parameters, secret, method, prefix).encode() for prefix in prefixes)
    if not any(hmac.compare_digest(given, each) for each in expected):
        raise Refused("IncompleteSignature")


def check_timestamp(text: str, now: datetime) -> None:
    """Verify that the request's clock is within 7200 s of ours: milliseconds, or `yyyy-MM-dd HH:mm:ss` in UTC (§1.2).

    Raises:
        Refused: `IllegalTimestamp`.
    """
    try:
        if text.isdigit():
            sent = EPOCH + timedelta(milliseconds=int(text))
        else:
            sent = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Refused("IllegalTimestamp") from None
    if abs(sent - now) > CLOCK_TOLERANCE:
        raise Refused("IllegalTimestamp")

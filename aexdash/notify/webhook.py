"""The webhook channel: posts a message as JSON with a signature for the receiver (docs/reference/webhook.md)."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import closing
from datetime import datetime
from urllib.parse import urlsplit

from aexdash.config.sections.channels import Channel
from aexdash.http.errors import HttpError
from aexdash.http.wire import Wire
from aexdash.notify.errors import NotDelivered
from aexdash.notify.messages import Message

TIMEOUT = 10.0
"""Seconds for connecting and for each silence; a whole answer may take four times that."""


def post(channel: Channel, message: Message, now: datetime, *, timeout: float = TIMEOUT) -> None:
    """Post a message; it is delivered when the status of the answer is 200 to 299.

    Raises:
        NotDelivered: there was no such answer. It may have arrived all the same; the next try has the same id.
    """
    parts = urlsplit(channel.url.get_secret_value())
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    body = message.json()
    try:
        with closing(Wire(f"{parts.scheme}://{parts.netloc}", timeout=timeout)) as wire:
            reply = wire.post_json(path, body, headers(channel, message, body, now))
            if not 200 <= reply.status < 300:
                raise NotDelivered(f"{wire.host} answered with status {reply.status}.")
    except HttpError as error:
        raise NotDelivered(str(error)) from error


def headers(channel: Channel, message: Message, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers: time of signing, signature, and the id that copies of a message share."""
    stamp = str(int(now.timestamp()))
    return {
        "X-Aexdash-Timestamp": stamp,
        "X-Aexdash-Signature": f"sha256={signature(channel.key.get_secret_value(), stamp, body)}",
        "Idempotency-Key": message.id,
    }


def signature(key: str, stamp: str, body: bytes) -> str:
    """Return the signature of time stamp and body: HMAC-SHA-256 in hexadecimal digits."""
    return hmac.new(key.encode(), stamp.encode("ascii") + b"." + body, hashlib.sha256).hexdigest()

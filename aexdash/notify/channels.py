"""Sends a message over a channel; a failure is one sentence without any secret in it.

Logs and errors of the libraries below may hold addresses with tokens, so none of their words is passed on.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from aexdash.config.sections.channels import Channel, Kind
from aexdash.http.addresses import is_loopback
from aexdash.notify.errors import NotDelivered
from aexdash.notify.messages import Message, MessageKind

if TYPE_CHECKING:
    from datetime import datetime

    from apprise import AppriseResult, NotifyBase

SILENT = logging.CRITICAL + 1

PATIENCE = 30.0
"""Seconds that a channel may take for one message."""

TALKATIVE = {"apprise": logging.WARNING, "httpcore": SILENT, "httpx": SILENT, "urllib3": SILENT}
"""Loggers that print addresses, and the least level that we read of each to find out why a delivery failed."""

_STATUS = re.compile(r"error=(?P<status>[1-5][0-9]{2})\b")
_UNREACHABLE = re.compile(r"connection error|socket exception|connection exception|smtp|sending email", re.IGNORECASE)

IN_THE_CLEAR = (
    "Its mails, and its password where it has one, travel without encryption and can be read on the way: "
    "mailtos:// encrypts them."
)

NOTHING_SAID = "it did not take the message: check its address, and whether it may be written to"


def send(channel: Channel, message: Message, now: datetime) -> None:
    """Send a message over a channel; it has arrived when this returns.

    Raises:
        NotDelivered: it did not arrive, or nobody knows.
    """
    hush()
    if channel.lacking:
        raise NotDelivered(channel.lacking)
    if channel.kind is Kind.WEBHOOK:
        from aexdash.notify.webhook import post  # noqa: PLC0415 - who has no webhook loads no HTTP

        post(channel, message, now)
    else:
        _tell(channel, message)


def check(channel: Channel) -> str:
    """Say in a sentence why a channel cannot be used, without calling it; empty when nothing is wrong."""
    hush()
    try:
        if not channel.lacking and channel.kind is Kind.APPRISE:
            _service(channel)
    except NotDelivered as error:
        return str(error)
    return channel.lacking


def in_the_clear(channel: Channel) -> str:
    """Say in a sentence that mails of a channel can be read on their way to its server; empty where they cannot.

    To a server on this machine there is no way. What cannot be used at all is told by `check`.
    """
    hush()
    if channel.lacking or channel.kind is not Kind.APPRISE or not channel.url.get_secret_value():
        return ""
    try:
        service = _service(channel)
    except NotDelivered:
        return ""
    mode, server = getattr(service, "secure_mode", ""), getattr(service, "smtp_host", "")
    return IN_THE_CLEAR if mode == "insecure" and not is_loopback(server) else ""


def hush() -> None:
    """Silence the loggers of the libraries: their lines may hold addresses with tokens."""
    for name, level in TALKATIVE.items():
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def _tell(channel: Channel, message: Message) -> None:
    from apprise import Apprise, NotifyFormat, NotifyType  # noqa: PLC0415 - takes half a second

    service = _service(channel)
    marked = service.resolve_format(NotifyFormat.MARKDOWN) is NotifyFormat.MARKDOWN
    form = NotifyFormat.MARKDOWN if marked else NotifyFormat.TEXT
    well = (MessageKind.CLOSED, MessageKind.TEST, MessageKind.DIGEST)
    result = Apprise(service).notify(
        body=message.markdown() if marked else message.text(),
        title=message.title,
        body_format=form,
        notify_type=NotifyType.INFO if message.kind in well else NotifyType.WARNING,
        timeout=PATIENCE,
    )
    if not result:
        raise NotDelivered(f"{service.service_name}: {_why(result)}.")


def _service(channel: Channel) -> NotifyBase:
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415

    address = channel.url.get_secret_value()
    asset = AppriseAsset(app_id="aexdash", app_desc="aexdash alerts", storage_mode="memory", service_timeout=PATIENCE)
    service = Apprise.instantiate(address, asset=asset)
    if service is None:
        scheme = address.partition("://")[0].lower()
        known = "is none that apprise knows" if scheme not in _schemes() else "lacks a part that such a one needs"
        raise NotDelivered(f"The address of channel {channel.name} ({scheme}://…) {known}: correct it in secrets.toml.")
    return service


def _schemes() -> frozenset[str]:
    from apprise.manager_plugins import NotificationManager  # noqa: PLC0415

    return frozenset(NotificationManager().schemas())  # type: ignore[no-untyped-call]


def _why(result: AppriseResult) -> str:
    """Say why it failed in our own words, because those of the library may quote addresses and answers."""
    from apprise.result import AppriseResultStatus  # noqa: PLC0415

    said = " ".join(entry.message for service in result.results for entry in service.logs())
    if result.status is AppriseResultStatus.TIMEOUT:
        return "it did not answer in time"
    if status := _STATUS.search(said):
        return f"it answered with status {status['status']}"
    return "it could not be reached, or refused us" if _UNREACHABLE.search(said) else NOTHING_SAID

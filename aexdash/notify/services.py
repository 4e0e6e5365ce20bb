"""The services over which people can be told, as a form asks for them: fields, and the address that comes of them.

Addresses are those of apprise; most services hand out one of their own that apprise takes as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from aexdash.config.sections.channels import Kind

Said = Mapping[str, str]
"""What somebody said, by the name of the field."""

SECURITIES: Final = {"starttls": "STARTTLS", "ssl": "TLS from the start", "insecure": "none (this machine alone)"}


class NoAddress(ValueError):
    """What was said makes no address; the text is a sentence without secrets."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field: its name, what stands beside it, and whether nobody may read it. `choices` are values with words."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    default: str = ""
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service: what it is called, what it asks for, and how its address is made of that; `key` signs a webhook."""

    name: str
    label: str
    asked: tuple[Asked, ...]
    make: Callable[[Said], str]
    kind: Kind = Kind.APPRISE

    def address(self, said: Said) -> str:
        """Return the address of what was said.

        Raises:
            NoAddress: a field is missing or cannot be used.
        """
        told = {name: text.strip() for name, text in said.items()}
        return self.make(told)


def _needed(said: Said, name: str, label: str) -> str:
    if not said.get(name):
        raise NoAddress(f"{label} is missing.")
    return said[name]


def _mail(said: Said) -> str:
    server, sender = _needed(said, "server", "The mail server"), _needed(said, "sender", "The sender's address")
    to = [one.strip() for one in _needed(said, "to", "The address to write to").split(",")]
    for one in (sender, *to):
        if one.count("@") != 1 or any(letter.isspace() for letter in one):
            raise NoAddress(f"{one!r} is no mail address.")
    if not re.fullmatch(r"[A-Za-z0-9.-]+", server):
        raise NoAddress("The mail server must be a name like smtp.example.com, without a port.")
    port = said.get("port", "") or "587"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise NoAddress("The port must be a number of 1 to 65535.")
    security = said.get("security", "starttls")
    who = f"{quote(said['user'], safe='')}:{quote(said.get('password', ''), safe='')}@" if said.get("user") else ""
    query = urlencode({"from": sender, "to": ",".join(to), "mode": security})
    return f"{'mailto' if security == 'insecure' else 'mailtos'}://{who}{server}:{port}?{query}"


def _telegram(said: Said) -> str:
    token, chat = _needed(said, "token", "The bot's token"), _needed(said, "chat", "The chat")
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", token):
        raise NoAddress("The bot's token must be as BotFather gave it: digits, a colon, letters.")
    if not re.fullmatch(r"-?[0-9]+|@[A-Za-z0-9_]+", chat):
        raise NoAddress("The chat must be a number, as -1001234567890, or a name with @.")
    return f"tgram://{token}/{chat}"


def _handed_out(hosts: tuple[str, ...], example: str) -> Callable[[Said], str]:
    """An address that the service itself hands out, on one of its hosts."""

    def make(said: Said) -> str:
        address = _needed(said, "address", "The address of the webhook")
        host = _host(address)
        if not address.startswith("https://") or not any(host == one or host.endswith(f".{one}") for one in hosts):
            raise NoAddress(f"The address must be one that the service hands out, like {example}")
        return address

    return make


def _host(address: str) -> str:
    """The host of an address; empty where it is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # a bracket of an IPv6 address that never closes
        return ""


def _as_it_is(said: Said) -> str:
    return _needed(said, "address", "The address")


def _signed(said: Said) -> str:
    address = _as_it_is(said)
    _needed(said, "key", "The key")  # nothing is sent unsigned
    return address


_WEBHOOK_ADDRESS = Asked("address", "Address of the webhook", "As the service shows it.", secret=True)

SERVICES: Final = {
    one.name: one
    for one in (
        Service(
            "mail",
            "Mail",
            (
                Asked("server", "Mail server", "As smtp.example.com."),
                Asked("port", "Port", default="587"),
                Asked("security", "Encryption", default="starttls", choices=SECURITIES),
                Asked("user", "User", "Empty where the server asks for none."),
                Asked("password", "Password", secret=True),
                Asked("sender", "From"),
                Asked("to", "To", "Several addresses with commas between them."),
            ),
            _mail,
        ),
        Service(
            "slack", "Slack", (_WEBHOOK_ADDRESS,), _handed_out(("slack.com",), "https://hooks.slack.com/services/…")
        ),
        Service(
            "teams",
            "Teams",
            (_WEBHOOK_ADDRESS,),
            _handed_out(
                ("logic.azure.com", "powerplatform.com", "office.com"), "https://….logic.azure.com/workflows/…"
            ),
        ),
        Service(
            "telegram",
            "Telegram",
            (
                Asked("token", "Token of the bot", "As BotFather gave it.", secret=True),
                Asked("chat", "Chat", "Its number, as -1001234567890, or @name."),
            ),
            _telegram,
        ),
        Service(
            "discord",
            "Discord",
            (_WEBHOOK_ADDRESS,),
            _handed_out(("discord.com", "discordapp.com"), "https://discord.com/api/webhooks/…"),
        ),
        Service(
            "webhook",
            "Webhook (signed JSON)",
            (
                Asked("address", "Address", "An https address of your own.", secret=True),
                Asked("key", "Key", "A long random text; it signs each message.", secret=True),
            ),
            _signed,
            Kind.WEBHOOK,
        ),
        Service(
            "other",
            "Another service",
            (Asked("address", "Address of apprise", "As its documentation writes it.", secret=True),),
            _as_it_is,
        ),
    )
}
"""By name, in the order in which they are offered."""

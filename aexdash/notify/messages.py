"""A message to a channel in three forms: plain text, Markdown and JSON.

Titles of listings and names are written by others: `harmless` removes whatever a channel might read as a mention, a
link, Markdown or HTML. Only the JSON form has them unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from aexdash.clock import to_text

VERSION = 1
"""The version of the JSON form of docs/reference/webhook.md; raised by a change that would mislead older readers."""

_LOOKALIKES = str.maketrans("<>@`*_~[]|\\", "‹›＠ˋ∗＿∼［］¦＼")
_JOINER = "\u2060"


class MessageKind(StrEnum):
    """What a message says."""

    OPENED = "opened"
    WORSENED = "worsened"
    CHANGED = "changed"
    CLOSED = "closed"
    PASSED = "passed"  # an episode opened and closed while nobody could be told
    SUMMARY = "summary"  # of several episodes that waited
    DIGEST = "digest"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One line of a message: a label, a text, and a list of items."""

    label: str
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `id` is the same whenever it is sent again; `trace` is that of its episode."""

    kind: MessageKind
    id: str
    trace: str
    title: str
    lines: tuple[MessageLine, ...]
    link: str
    payload: Mapping[str, object] = field(default_factory=dict)

    def text(self) -> str:
        """The message as plain text, without its title."""
        return "\n".join([*(_text(line) for line in self.lines), self.link])

    def markdown(self) -> str:
        """The message as Markdown, without its title."""
        return "\n\n".join([*(_markdown(line) for line in self.lines), f"[Open in aexdash]({self.link})"])

    def json(self) -> bytes:
        """The message as JSON in ASCII."""
        return json.dumps(self.payload, sort_keys=True, default=to_text).encode("ascii")


def harmless(text: str) -> str:
    """Return a text safe for any channel: one line in which nothing acts as mention, link, Markdown or HTML."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(shown.split()).translate(_LOOKALIKES)
    return line.replace("://", f":{_JOINER}//").replace("&#", "＆#").replace("www.", f"www{_JOINER}.")


def _text(line: MessageLine) -> str:
    head = f"{line.label}: {line.text}" if line.text else f"{line.label}:"
    return "\n".join([head, *(f"  - {item}" for item in line.items)])


def _markdown(line: MessageLine) -> str:
    head = f"**{line.label}**: {line.text}" if line.text else f"**{line.label}**"
    return head + "".join(f"\n- {item}" if number else f"\n\n- {item}" for number, item in enumerate(line.items))

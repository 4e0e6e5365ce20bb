"""A message to a channel in four forms: plain text, Markdown, HTML and JSON.

Titles of listings and names are written by others: `harmless` removes whatever a channel might read as a mention, a
link, Markdown or HTML. Only the JSON form has them unchanged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape

from aexdash.clock import to_text

VERSION = 1
"""The version of the JSON form of docs/reference/webhook.md; raised by a change that would mislead older readers."""

_LOOKALIKES = str.maketrans("<>@`*_~[]|\\", "‹›＠ˋ∗＿∼［］¦＼")
_JOINER = "\u2060"

_LINK = re.compile(r"https?://[!-~]+")
"""An address in a line. What others wrote has none: `harmless` parts them."""

_BRACKET = re.compile(r"[\[\]\\]")
_ESCAPED = r"\\\g<0>"

_BODY = "font-family:sans-serif;font-size:14px"
_HEAD = "text-align:left;vertical-align:top;padding:4px 16px 4px 2px;white-space:nowrap"
_CELL = "vertical-align:top;padding:4px"


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

    def html(self) -> str:
        """The message as a page of HTML for a mail, with its title: one table, styles inside, no script, no picture."""
        rows = "".join(f'\n<tr><th style="{_HEAD}">{escape(line.label)}</th>{_cell(line)}</tr>' for line in self.lines)
        link = f'<p><a href="{escape(self.link)}">Open in aexdash</a></p>'
        body = f'<h2>{escape(self.title)}</h2>\n<table style="border-collapse:collapse">{rows}\n</table>\n{link}'
        return f'<!doctype html><html><head><meta charset="utf-8"></head><body style="{_BODY}">{body}</body></html>'

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
    items = [f"- {_linked_in_markdown(item)}" for item in line.items]
    return "\n".join([f"{head}\n", *items]) if items else head


def _cell(line: MessageLine) -> str:
    parts = [part for part in (line.text, *line.items) if part]
    lines = "<br>\n".join(map(_linked, parts))
    return f'<td style="{_CELL}">{lines}</td>'


def _linked(text: str) -> str:
    """Escape a text for HTML; an address at its end becomes a link that is called what stands before it."""
    words, address = _parted(text)
    return f'<a href="{escape(address)}">{escape(words or address)}</a>' if address else escape(text)


def _linked_in_markdown(text: str) -> str:
    """Write a text as Markdown; an address at its end becomes a link that is called what stands before it."""
    words, address = _parted(text)
    if not address:
        return text
    target = address.replace("(", "%28").replace(")", "%29")
    return f"[{_BRACKET.sub(_ESCAPED, words or address)}]({target})"


def _parted(text: str) -> tuple[str, str]:
    """Part a text from the one address at its end; the address is empty where it does not end with one."""
    places = list(_LINK.finditer(text))
    if len(places) != 1 or places[0].end() != len(text):
        return text, ""
    return text[: places[0].start()].strip(), places[0][0]

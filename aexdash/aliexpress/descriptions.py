"""Counts the characters and pictures of a listing's description. The HTML itself is not kept.

Descriptions come by locale as `[{locale, web_detail, mobile_detail}]`, in overseas details also as one plain `detail`
(reference §3.3, §3.5, §4.1). What `mobile_detail` looks like is not documented, so it is not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from aexdash.aliexpress.reading import in_english, records, text

MOST_READ = 100_000
"""Characters of HTML that are looked at: far more than any measure of ours asks for, so that no answer takes long."""

UNSEEN = frozenset({"script", "style", "template", "title"})
"""Elements whose text no buyer sees."""


@dataclass(frozen=True, slots=True)
class Description:
    """Characters of text that a buyer sees, white space in a row as one, and pictures; None where it was not told."""

    chars: int | None = None
    pictures: int | None = None


NOT_TOLD = Description()


def description(by_locale: object, plain: object = None) -> Description:
    """Measure the description in the main language: the plain one, else the English one, else the first."""
    found = records(by_locale)
    written = {str(item.get("locale") or ""): html for item in found if (html := text(item.get("web_detail")))}
    html = text(plain) or in_english(written)
    if html:
        return measured(html)
    for_phones_alone = any(text(item.get("mobile_detail")) for item in found)
    return NOT_TOLD if for_phones_alone or not found else Description(0, 0)


def measured(html: str) -> Description:
    """Count the text and the pictures of a description; every tag stands for a space.

    The parser fails on marked sections that it does not know, so they are read as comments. It is not closed: it would
    then read again and again what never ends.
    """
    reader = _TextCounter()
    reader.feed(html[:MOST_READ].replace("<![", "<!-") + "\n")
    return Description(len(" ".join("".join(reader.parts).split())), reader.pictures)


class _TextCounter(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.pictures = 0
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(" ")
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "img" and any(name == "src" and value for name, value in attrs):
            self.pictures += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        if tag not in UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(" ")
        if tag in UNSEEN:
            self._unseen = max(self._unseen - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)

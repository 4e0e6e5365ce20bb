"""Counts the characters and pictures of a listing's description, and finds what it names outside. It is not kept.

Descriptions come by locale as `[{locale, web_detail, mobile_detail}]`, in overseas details also as one plain `detail`
(reference §3.3, §3.5, §4.1). What `mobile_detail` looks like is not documented, so it is not read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any

from aexdash.aliexpress.outside import MOST, named_in
from aexdash.aliexpress.reading import in_english, records, text
from aexdash.platform_data import Outside

MOST_READ = 100_000
"""Characters of HTML that are looked at: far more than any measure of ours asks for, so that no answer takes long."""

UNSEEN = frozenset({"script", "style", "template", "title"})
"""Elements whose text no buyer sees."""


@dataclass(frozen=True, slots=True)
class Description:
    """Characters of text that a buyer sees, white space in a row as one, and pictures; None where it was not told.

    `outside` is what it names in all its languages.
    """

    chars: int | None = None
    pictures: int | None = None
    outside: Outside | None = None


NOT_TOLD, EMPTY = Description(), Description(0, 0, Outside())


def description(by_locale: object, plain: object = None) -> Description:
    """Measure the description in the main language: the plain one, else the English one, else the first."""
    found = records(by_locale)
    written = {str(item.get("locale") or ""): html for item in found if (html := text(item.get("web_detail")))}
    html = text(plain) or in_english(written)
    if html:
        main = measured(html)
        others = (measured(other).outside for other in written.values() if other != html)
        return replace(main, outside=_together([main.outside, *others]))
    for_phones_alone = any(text(item.get("mobile_detail")) for item in found)
    return NOT_TOLD if for_phones_alone or not found else EMPTY


def _together(each: Iterable[Outside | None]) -> Outside:
    told = [one for one in each if one]
    kinds = ([one.links for one in told], [one.contacts for one in told], [one.shops for one in told])
    return Outside(*(tuple(sorted({name for names in kind for name in names}))[:MOST] for kind in kinds))


def measured(html: str) -> Description:
    """Count the text and the pictures of a description, and find what it names; every tag stands for a space.

    The parser fails on marked sections that it does not know, so they are read as comments. It is not closed: it would
    then read again and again what never ends.
    """
    reader = _TextCounter()
    reader.feed(html[:MOST_READ].replace("<![", "<!-") + "\n")
    seen = " ".join("".join(reader.parts).split())
    return Description(len(seen), reader.pictures, named_in(seen, reader.addresses))


class _TextCounter(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.pictures = 0
        self.addresses: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(" ")
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "img" and any(name == "src" and value for name, value in attrs):
            self.pictures += 1
        elif tag in ("a", "area"):
            self.addresses += [value for name, value in attrs if name == "href" and value]

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

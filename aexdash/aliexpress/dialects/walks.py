"""Reads all pages of a status one after the other, and ends even when the platform repeats pages without end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from aexdash.aliexpress.errors import InvalidRequest, UnreadableAnswer
from aexdash.clock import Clock
from aexdash.model import Observation, Page

MAX_PAGES = 20_000
MAX_REPEATS = 2
"""Pages in a row without a new listing after which a list has ended, whatever it says of its length."""


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as the platform sent it.

    `listed`: whether the list was there at all, be it empty. `identity`: the fields by which an item is told from
    another, so that a page that repeats the one before is known.
    """

    items: tuple[dict[str, Any], ...]
    reported: int | None
    total_pages: int | None
    listed: bool
    identity: tuple[str, ...] = ("product_id",)

    @property
    def ids(self) -> frozenset[tuple[str, ...]]:
        """The items it shows."""
        return frozenset(tuple(str(item.get(name)) for name in self.identity) for item in self.items)


Ask = Callable[[str, int], RawPage]
"""A platform status word and a page number to that page."""

Observe = Callable[[dict[str, Any], str], Observation]
"""An item and the status word it was listed under to an observation."""


def walk_pages(words: tuple[str, ...], ask: Ask, observe: Observe, *, page_size: int, clock: Clock) -> Iterator[Page]:
    """Yield the pages of one of our statuses, which may be several words of the platform.

    The first page of each word is read before any is yielded, so that every page carries the total of all.
    """
    firsts = {word: ask(word, 1) for word in words}
    totals = {word: first.reported for word, first in firsts.items()}
    lengths = {word: _last_page(first, page_size) or 1 for word, first in firsts.items()}
    number = 0
    for word in words:
        for raw in raw_pages(word, firsts[word], ask, page_size):
            number += 1
            totals[word] = raw.reported
            lengths[word] = _last_page(raw, page_size) or lengths[word]
            observations = tuple(observe(item, word) for item in raw.items)
            yield Page(number, sum(lengths.values()), _sum(totals), observations, clock())


def raw_pages(word: str, first: RawPage, ask: Ask, page_size: int) -> Iterator[RawPage]:
    """Yield the pages of one list until they end; `word` is what its pages are asked for by.

    When the last page is full one more is asked for, because a total that is too low would hide listings; what lies
    beyond the end is not known (reference §3.9), so an empty page, a repeat and a refusal there all mean nothing.
    """
    yield first
    before, seen, repeats = first, len(first.items), 0
    for number in range(2, MAX_PAGES + 1):
        beyond = _is_last(before, number - 1, seen, page_size)
        if not before.items or (beyond and len(before.items) < page_size):
            return
        raw = _ask_beyond(word, number, ask) if beyond else ask(word, number)
        repeats = repeats + 1 if raw.ids <= before.ids else 0
        if not raw.items or repeats == MAX_REPEATS or (repeats and beyond):
            return
        yield raw
        before, seen = raw, seen + len(raw.items)
    raise UnreadableAnswer(
        f"AliExpress' list of {word} listings does not end after {MAX_PAGES} pages.",
        advice="Nothing to do: the next sync asks again.",
    )


def _ask_beyond(word: str, number: int, ask: Ask) -> RawPage:
    try:
        return ask(word, number)
    except InvalidRequest:
        return RawPage((), None, None, listed=False)


def _is_last(raw: RawPage, number: int, seen: int, page_size: int) -> bool:
    if raw.total_pages is None:
        return raw.reported is not None and seen >= raw.reported
    return number >= (_last_page(raw, page_size) or 1)


def _last_page(raw: RawPage, page_size: int) -> int | None:
    """The greater of what the platform says and what its total asks for, None where it says neither."""
    needed = None if raw.reported is None else ceil(raw.reported / page_size)
    told = [pages for pages in (raw.total_pages, needed) if pages is not None]
    return max(told, default=None)


def _sum(totals: Mapping[str, int | None]) -> int | None:
    known = [total for total in totals.values() if total is not None]
    return sum(known) if len(known) == len(totals) else None

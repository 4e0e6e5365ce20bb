"""Reads all pages of a status one after the other, and ends even when the platform repeats pages without end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from aexdash.aliexpress.errors import InvalidRequest, UnreadableAnswer
from aexdash.aliexpress.protocol.envelope import SUCCESS_FLAGS
from aexdash.aliexpress.reading import text
from aexdash.clock import Clock
from aexdash.platform_data import Observation, Page

MAX_PAGES = 20_000
LONGEST_TITLE = 80
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


def require_list(page: RawPage, result: Mapping[str, Any], number: int) -> RawPage:
    """Return the page, when the first page of a list is one: it shows the list, counts it, or says that it worked.

    Raises:
        UnreadableAnswer: the answer is of another sort. Beyond the first page it only means that the list has ended.
    """
    counted = page.reported is not None or page.total_pages is not None
    if page.listed or counted or number > 1 or any(name in result for name in SUCCESS_FLAGS):
        return page
    raise UnreadableAnswer(
        "AliExpress answered the question for a list of listings with something else than a list.",
        advice="Nothing to do: the next sync asks again.",
    )


def walk_pages(words: tuple[str, ...], ask: Ask, observe: Observe, *, page_size: int, clock: Clock) -> Iterator[Page]:
    """Yield the pages of one of our statuses, which may be several words of the platform.

    The first page of each word is read before any is yielded, so that every page carries the total of all. An item that
    cannot be read is named in the notes of its page; the others are there.
    """
    firsts = {word: ask(word, 1) for word in words}
    totals = {word: first.reported for word, first in firsts.items()}
    served = {word: _served(first, page_size) for word, first in firsts.items()}
    lengths = {word: _last_page(first, served[word]) or 1 for word, first in firsts.items()}
    number = 0
    for word in words:
        for raw in raw_pages(word, firsts[word], ask, page_size):
            number += 1
            totals[word] = raw.reported
            lengths[word] = _last_page(raw, served[word]) or lengths[word]
            observations, notes = _read(raw, word, observe)
            yield Page(number, sum(lengths.values()), _sum(totals), observations, clock(), notes)


def _read(raw: RawPage, word: str, observe: Observe) -> tuple[tuple[Observation, ...], tuple[str, ...]]:
    observations, notes = [], []
    for item in raw.items:
        try:
            observations.append(observe(item, word))
        except UnreadableAnswer:
            title = text(item.get("subject")) or text(item.get("title")) or "without a title"
            notes.append(f"AliExpress listed an item as {word} without a usable product_id: {title[:LONGEST_TITLE]}.")
    return tuple(observations), tuple(notes)


def raw_pages(word: str, first: RawPage, ask: Ask, page_size: int) -> Iterator[RawPage]:
    """Yield the pages of one list until they end; `word` is what its pages are asked for by.

    When the last page is full one more is asked for, because a total that is too low would hide listings; what lies
    beyond the end is not known (reference §3.9), so an empty page, a repeat and a refusal there all mean nothing. Where
    the first page is smaller than was asked for although there are more, pages of its size are counted.
    """
    yield first
    size = _served(first, page_size)
    # A list that tells no number of pages ends with its total, whatever the size of its pages.
    full = page_size if first.total_pages is None else size
    before, shown_before, seen, repeats = first, first.ids, len(first.items), 0
    for number in range(2, MAX_PAGES + 1):
        last = _is_last(before, number - 1, seen, size)
        if not before.items or (last and len(before.items) < full):
            return
        beyond = last or (before.total_pages is not None and number > before.total_pages)
        raw = _ask_beyond(word, number, ask) if beyond else ask(word, number)
        shown = raw.ids
        repeats = repeats + 1 if shown <= shown_before else 0
        if not raw.items or repeats == MAX_REPEATS or (repeats and beyond):
            return
        yield raw
        before, shown_before, seen = raw, shown, seen + len(raw.items)
    raise UnreadableAnswer(
        f"AliExpress' list of {word} listings does not end after {MAX_PAGES} pages.",
        advice="Nothing to do: the next sync asks again.",
    )


def _served(first: RawPage, asked: int) -> int:
    """How many items a page has: as many as asked for, or fewer where the platform caps its pages."""
    shown = len(first.items)
    return shown if 0 < shown < min(asked, first.reported or 0) else asked


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

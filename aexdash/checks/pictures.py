"""Pictures: how many, how large, of which shape, format and weight, and whether they can be had (reference §5.3)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from aexdash.checks.facts import CheckInput, finding
from aexdash.model import Reason
from aexdash.platform_data import PictureFacts

SMALLEST_SIDE = 800
"""Pixels that either side of a picture should have (reference §5.3)."""

MOST_PICTURES = 6
WIDEST_RATIO = (13, 10)
FORMATS = ("JPEG", "PNG")
HEAVIEST_MB = 5
MEBIBYTE = 1024 * 1024
NOT_HAD = frozenset({"unreachable", "refused", "not_a_picture"})


def picture_findings(facts: CheckInput) -> Iterator[Reason]:
    """Check the main picture apart from the others: it is what a review looks at first."""
    urls = gallery(facts)
    if not urls:
        if facts.detail is not None:
            yield finding("image.none")
        return
    if len(urls) > MOST_PICTURES:
        yield finding("image.too_many", count=len(urls), maximum=MOST_PICTURES)
    known = [facts.pictures[url] for url in dict.fromkeys(urls) if url in facts.pictures]
    if known and known[0].url == urls[0]:
        yield from _main_picture(known[0])
    yield from _too_small([picture for picture in known if picture.url != urls[0]])
    yield from _too_heavy(known)
    yield from _unreachable(known)


def gallery(facts: CheckInput) -> tuple[str, ...]:
    """The pictures as the listing has them now, the main one first.

    Where the detail was read before the main picture was changed, the main one alone is sure.
    """
    if facts.detail is None or not facts.image_urls:
        return facts.image_urls
    shown = facts.detail.image_urls
    return shown if shown[:1] == facts.image_urls[:1] else facts.image_urls[:1]


def _main_picture(picture: PictureFacts) -> Iterator[Reason]:
    width, height = picture.width, picture.height
    if width and height:
        if min(width, height) < SMALLEST_SIDE:
            yield finding("image.main_too_small", width=width, height=height, minimum=SMALLEST_SIDE, url=picture.url)
        longer, shorter = max(width, height), min(width, height)
        if longer * WIDEST_RATIO[1] > shorter * WIDEST_RATIO[0]:
            ratio = f"{longer / shorter:.2f}:1"
            yield finding("image.ratio", width=width, height=height, ratio=ratio, url=picture.url)
    if picture.format is not None and picture.format not in FORMATS:
        yield finding("image.format", format=picture.format, url=picture.url)


def _too_small(others: list[PictureFacts]) -> Iterator[Reason]:
    sizes = [(picture.width, picture.height) for picture in others if picture.width and picture.height]
    small = [size for size in sizes if min(size) < SMALLEST_SIDE]
    if small:
        width, height = min(small, key=lambda size: (min(size), size))
        yield finding("image.too_small", count=len(small), minimum=SMALLEST_SIDE, smallest=f"{width}×{height}")


def _too_heavy(known: list[PictureFacts]) -> Iterator[Reason]:
    size, url = max(((picture.size_bytes or 0, picture.url) for picture in known), default=(0, ""))
    if size > HEAVIEST_MB * MEBIBYTE:
        megabytes = math.ceil(size * 100 / MEBIBYTE) / 100  # upwards: one byte too many does not read as 5 of 5
        yield finding("image.too_heavy", megabytes=megabytes, maximum=HEAVIEST_MB, url=url)


def _unreachable(known: list[PictureFacts]) -> Iterator[Reason]:
    lost = [picture.url for picture in known if picture.state in NOT_HAD]
    if lost:
        yield finding("image.unreachable", count=len(lost), url=lost[0])

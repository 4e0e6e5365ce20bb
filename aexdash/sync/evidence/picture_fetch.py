"""Fetches a picture of at most 8 MB and measures it. A bad picture is no error but a fact that is recorded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from aexdash.http.errors import PictureNotServed, PictureRefused, PictureTooLarge
from aexdash.platform_data import PictureFacts
from aexdash.sync.evidence import thumbnails as pictures

PICTURE_LIMIT_BYTES = 8 * 1024 * 1024
"""AliExpress accepts main pictures of at most 5 MB (reference §5.3); far larger ones need not be downloaded."""

NOT_KEPT = f"The picture has more than {PICTURE_LIMIT_BYTES // 1024 // 1024} MB: no thumbnail is kept."


class PictureSource(Protocol):
    """Where pictures are fetched from; the `Seller` of `aexdash.aliexpress.listings` is one."""

    def fetch_picture(self, url: str, limit_bytes: int) -> bytes:
        """Fetch a picture, at most `limit_bytes` of it; raises PictureError."""

    def fetch_picture_head(self, url: str, first_bytes: int) -> tuple[bytes, int | None]:
        """Fetch the first bytes of a picture, with its whole size where told; raises PictureError."""


def measure_whole(source: PictureSource, url: str, thumbnails: Path) -> PictureFacts:
    """Fetch a whole picture, measure it and store a thumbnail; if it is too large, measure its first bytes.

    Raises:
        PictureUnreachable: no host answered; our own network may be down.
    """
    try:
        return pictures.measure(url, source.fetch_picture(url, PICTURE_LIMIT_BYTES), thumbnails)
    except PictureTooLarge as error:
        return _too_large(source, url, str(error))
    except PictureRefused as error:
        return PictureFacts(url, "refused", note=str(error))
    except PictureNotServed as error:
        return PictureFacts(url, "unreachable", note=str(error))


def measure_first_bytes(source: PictureSource, url: str, thumbnails: Path) -> PictureFacts:
    """Measure a picture by its first 16 kB; fetch it whole if these are not enough.

    Raises:
        PictureUnreachable: no host answered; our own network may be down.
    """
    try:
        head, size = source.fetch_picture_head(url, pictures.HEAD_BYTES)
    except PictureRefused as error:
        return PictureFacts(url, "refused", note=str(error))
    except PictureNotServed as error:
        return PictureFacts(url, "unreachable", note=str(error))
    return pictures.measure_head(url, head, size) or measure_whole(source, url, thumbnails)


def _too_large(source: PictureSource, url: str, note: str) -> PictureFacts:
    head, size = source.fetch_picture_head(url, pictures.HEAD_BYTES)
    facts = pictures.measure_head(url, head, size)
    if facts is None or facts.state != "measured":
        return PictureFacts(url, "too_large", size_bytes=size, note=note)
    return replace(facts, note=NOT_KEPT)

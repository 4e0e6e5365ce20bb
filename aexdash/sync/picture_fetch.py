"""Fetches a picture of at most 8 MB and measures it; what is wrong with a picture is recorded as a fact, not raised."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from aexdash.http.errors import PictureNotServed, PictureRefused, PictureTooLarge
from aexdash.model import PictureFacts
from aexdash.sync import thumbnails as pictures

PICTURE_LIMIT_BYTES = 8 * 1024 * 1024
"""AliExpress takes main pictures of at most 5 MB (reference §5.3); what is larger is a finding, not a download."""

NOT_KEPT = f"The picture has more than {PICTURE_LIMIT_BYTES // 1024 // 1024} MB: no thumbnail is kept."


class PictureSource(Protocol):
    """Where pictures are fetched from; the `Seller` of `aexdash.aliexpress.listings` is one."""

    def fetch_picture(self, url: str, limit_bytes: int) -> bytes:
        """Fetch a picture, at most `limit_bytes` of it; raises PictureError."""

    def fetch_picture_head(self, url: str, first_bytes: int) -> tuple[bytes, int | None]:
        """Fetch the first bytes of a picture, with its whole size where told; raises PictureError."""


def measure_whole(source: PictureSource, url: str, thumbnails: Path) -> PictureFacts:
    """Fetch a picture whole, measure it and keep a thumbnail; of one that is too large the first bytes are measured.

    Raises:
        PictureUnreachable: no host answered, which may be our own network's fault.
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
    """Measure a picture by its first 16 kB; one that they do not tell enough of is fetched whole.

    Raises:
        PictureUnreachable: no host answered, which may be our own network's fault.
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

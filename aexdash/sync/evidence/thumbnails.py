"""Measures a picture (size, format, bytes) and makes its thumbnail. Knows no HTTP: the caller passes the bytes."""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from aexdash.platform_data import PictureFacts

MAX_PIXELS = 50_000_000
"""Larger pictures are not opened. The platform's picture bank takes at most half of it, 5000×5000 (reference §5.3)."""

THUMBNAIL_SIDE = 160

HEAD_BYTES = 16 * 1024
"""Enough first bytes for the size and format of almost every JPEG and PNG, and to tell one picture from another."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")
"""The only formats that are opened: Pillow reads them without starting another program or reading another file."""

_BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, OverflowError, struct.error)
"""What Pillow raises on bytes that are no picture, or the beginning of one."""

_warnings_lock = threading.Lock()


def measure(url: str, data: bytes, thumbnails: Path) -> PictureFacts:
    """Measure a whole picture and store a thumbnail of it in the folder `thumbnails`.

    A bad picture is no error: its state says what is wrong. A picture with a good header and a broken rest is measured
    but gets no thumbnail.
    """
    facts = _header(url, data)
    if facts is None:
        return PictureFacts(url, "not_a_picture", size_bytes=len(data), note=_what_it_is(data))
    if facts.state != "measured":
        return replace(facts, size_bytes=len(data))
    thumbnail, note = _thumbnail(url, data, thumbnails)
    return replace(facts, size_bytes=len(data), thumbnail=thumbnail, note=note, content=content(data, len(data)))


def measure_head(url: str, first_bytes: bytes, size: int | None) -> PictureFacts | None:
    """Measure a picture by its first bytes and its whole size in bytes; None when these are not enough."""
    facts = _header(url, first_bytes)
    return facts and replace(facts, size_bytes=size, content=content(first_bytes, size))


def content(first_bytes: bytes, size: int | None) -> str | None:
    """Return a text that is the same for the same picture under different URLs; None where its size is not known."""
    if size is None:
        return None
    return f"{size}-{hashlib.sha256(first_bytes[:HEAD_BYTES]).hexdigest()[:32]}"


def thumbnail_name(url: str) -> str:
    """Return the file name of a picture's thumbnail: the hash of its URL, so that no platform text names a file."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest() + ".jpg"


def _header(url: str, data: bytes) -> PictureFacts | None:
    try:
        with _opened(data) as picture:
            width, height = picture.size
            kind = "JPEG" if picture.format == "MPO" else picture.format  # a JPEG that holds a preview of itself
    except Image.DecompressionBombError:
        return PictureFacts(url, "too_large", note=f"The picture claims more than {MAX_PIXELS:,} pixels.")
    except _BROKEN:
        return None
    if width * height > MAX_PIXELS:
        return PictureFacts(url, "too_large", width, height, kind, note=f"More than {MAX_PIXELS:,} pixels.")
    return PictureFacts(url, "measured", width, height, kind)


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """Open a picture without Pillow's warnings on size and damage, which are checked here.

    One at a time, because warning filters belong to all threads.
    """
    with _warnings_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            yield picture


def _thumbnail(url: str, data: bytes, folder: Path) -> tuple[str | None, str]:
    try:
        small = _shrunk(data)
    except (*_BROKEN, Image.DecompressionBombError):
        return None, "The picture is cut short or damaged: its size is known, it cannot be shown."
    name = thumbnail_name(url)
    try:
        _write(folder / name, small)
    except OSError as error:
        return None, f"The thumbnail could not be kept in {folder.name}: {error.strerror}."
    return name, ""


def _shrunk(data: bytes) -> bytes:
    """Return a JPEG of at most 160 pixels a side, upright and on white."""
    with _opened(data) as picture:
        picture.draft("RGB", (2 * THUMBNAIL_SIDE, 2 * THUMBNAIL_SIDE))  # a JPEG is decoded at a smaller size at once
        picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        upright = ImageOps.exif_transpose(picture)
        coloured = upright.convert("RGBA")
        ground = Image.new("RGB", coloured.size, "white")
        ground.paste(coloured, mask=coloured.getchannel("A"))
    out = BytesIO()
    ground.save(out, "JPEG", quality=80)
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Write to another name and rename, so that a page never reads half a thumbnail."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(beside).replace(path)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise


def _what_it_is(data: bytes) -> str:
    if not data:
        return "The answer was empty."
    if data.lstrip()[:1] == b"<":
        return "The answer is a web page or SVG, not a picture."
    return "The bytes are not a picture of a known format."

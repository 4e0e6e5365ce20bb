"""What a picture is: its real size, format and bytes, and a thumbnail of it. Knows no HTTP: the bytes are given."""

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

from aexdash.model import PictureFacts

MAX_PIXELS = 50_000_000
"""Twice the largest picture that the platform's own picture bank takes, 5000×5000 (reference §5.3)."""

THUMBNAIL_SIDE = 160

HEAD_BYTES = 16 * 1024
"""So many first bytes tell size and format of almost every JPEG and PNG, and tell one picture from another."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")
"""The formats that are opened at all: none of them starts another program or reads another file."""

_BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, OverflowError, struct.error)
"""What Pillow raises on bytes that are not, or only begin as, a picture."""

_quiet = threading.Lock()


def measure(url: str, data: bytes, thumbnails: Path) -> PictureFacts:
    """Measure a whole picture and keep a thumbnail of it; whatever is wrong with it is itself the fact.

    A picture whose header is good and whose rest is broken is measured and has no thumbnail.
    """
    facts = _header(url, data)
    if facts is None:
        return PictureFacts(url, "not_a_picture", size_bytes=len(data), note=_what_it_is(data))
    if facts.state != "measured":
        return replace(facts, size_bytes=len(data))
    thumbnail, note = _thumbnail(url, data, thumbnails)
    return replace(facts, size_bytes=len(data), thumbnail=thumbnail, note=note, content=content(data, len(data)))


def measure_head(url: str, first_bytes: bytes, size: int | None) -> PictureFacts | None:
    """Measure a picture by its first bytes and its whole size; None when they do not tell enough."""
    facts = _header(url, first_bytes)
    return facts and replace(facts, size_bytes=size, content=content(first_bytes, size))


def content(first_bytes: bytes, size: int | None) -> str | None:
    """What is the same for the same picture under every address; None where its size is not known."""
    if size is None:
        return None
    return f"{size}-{hashlib.sha256(first_bytes[:HEAD_BYTES]).hexdigest()[:32]}"


def thumbnail_name(url: str) -> str:
    """The file name of a picture's thumbnail; made of the URL's hash, so no platform text becomes a file name."""
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
    """Open without Pillow's warnings: size and damage are judged here. One at a time: warnings are shared."""
    with _quiet, warnings.catch_warnings():
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
    """A JPEG of at most 160 pixels a side, upright and on white."""
    with _opened(data) as picture:
        picture.draft("RGB", (2 * THUMBNAIL_SIDE, 2 * THUMBNAIL_SIDE))  # JPEG is decoded small at once
        picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        upright = ImageOps.exif_transpose(picture)
        coloured = upright.convert("RGBA")
        ground = Image.new("RGB", coloured.size, "white")
        ground.paste(coloured, mask=coloured.getchannel("A"))
    out = BytesIO()
    ground.save(out, "JPEG", quality=80)
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Write beside and rename, so that a page never sees half a thumbnail."""
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

"""The pictures of the simulated store: real JPEG and PNG bytes of exactly the size their address states.

Drawing and encoding take long, so the bytes of a shape in a size are kept. A comment near their front gives each
address bytes of its own.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from functools import lru_cache
from typing import NamedTuple

from PIL import Image

from aexdash.demo.world.drawing import drawing
from aexdash.demo.world.mixing import mix

_ADDRESS = re.compile(r"/img/(\d{1,18})-(\d{1,6})-(\d{1,4})x(\d{1,4})\.(jpg|png)")
_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
_LARGEST = 5000
_HUES = 6
_KEPT = 1024
_JPEG_START = 2
_PNG_START = 33  # signature of 8 bytes, then the header chunk of 25


class PictureAddress(NamedTuple):
    """What a picture's address says of it; width and height in pixels."""

    product_id: int
    number: int
    width: int
    height: int
    extension: str


def read_address(path: str) -> PictureAddress | None:
    """Read the path of a picture; None when it is none of ours or larger than 5000 a side."""
    found = _ADDRESS.fullmatch(path)
    if found is None:
        return None
    product_id, number, width, height = (int(found[position]) for position in range(1, 5))
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        return None
    return PictureAddress(product_id, number, width, height, found[5])


def picture_bytes(address: PictureAddress, shape: str) -> bytes:
    """Return the picture of an address: a shape in a hue of the listing's own, no two addresses with the same bytes."""
    hue = mix(address.product_id) % _HUES
    encoded = _encoded(shape, hue, address.width, address.height, address.extension)
    label = f"{address.product_id}-{address.number}".encode()
    return _commented_png(encoded, label) if address.extension == "png" else _commented_jpeg(encoded, label)


def part_of(wanted: str, size: int) -> range | None:
    """Read a `Range` header over so many bytes: the part asked for, empty where there is none; None: all of it.

    One part is understood, `bytes=0-99`, `bytes=100-` or `bytes=-50`; whatever else a client may say is ignored.
    """
    found = _RANGE.fullmatch(wanted.replace(" ", ""))
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return range(max(0, size - int(found[2])), size)
    first, last = int(found[1]), int(found[2] or size)
    return None if last < first else range(first, min(last + 1, size))


@lru_cache(maxsize=_KEPT)
def _encoded(shape: str, hue: int, width: int, height: int, extension: str) -> bytes:
    """Draw small, enlarge and encode; colours for a palette are chosen while the drawing is small."""
    small, file = drawing(shape, hue / _HUES), io.BytesIO()
    if extension == "png":
        few = small.quantize(64, method=Image.Quantize.FASTOCTREE)
        few.resize((width, height), Image.Resampling.NEAREST).save(file, "PNG", compress_level=1)
    else:
        small.resize((width, height), Image.Resampling.BILINEAR).save(file, "JPEG", quality=82)
    return file.getvalue()


def _commented_jpeg(encoded: bytes, label: bytes) -> bytes:
    """Put a comment segment in front of all others."""
    comment = b"\xff\xfe" + struct.pack(">H", len(label) + 2) + label
    return encoded[:_JPEG_START] + comment + encoded[_JPEG_START:]


def _commented_png(encoded: bytes, label: bytes) -> bytes:
    """Put a text chunk behind the header chunk, which has to be the first."""
    chunk = b"tEXt" + b"Comment\x00" + label
    framed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return encoded[:_PNG_START] + framed + encoded[_PNG_START:]

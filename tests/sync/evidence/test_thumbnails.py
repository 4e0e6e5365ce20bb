from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from aexdash.platform_data import PictureFacts
from aexdash.sync.evidence.thumbnails import HEAD_BYTES, content, measure, measure_head, thumbnail_name
from tests.support import examples

URL = "https://ae01.alicdn.com/kf/S1.jpg"


def drawn(kind: str, size: tuple[int, int], mode: str = "RGB", **options: object) -> bytes:
    out = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **options)
    return out.getvalue()


def claimed_png(width: int, height: int) -> bytes:
    """A PNG whose header claims a size that its data does not have."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 99)))
    written = (struct.pack(">I", len(c)) + n + c + struct.pack(">I", zlib.crc32(n + c)) for n, c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_the_real_size_and_a_thumbnail(tmp_path: Path, kind: str) -> None:
    data = drawn(kind, (640, 480))
    facts = measure(URL, data, tmp_path)
    assert facts == PictureFacts(
        URL, "measured", 640, 480, kind, len(data), thumbnail_name(URL), content=content(data, len(data))
    )
    with Image.open(tmp_path / thumbnail_name(URL)) as small:
        assert (small.format, small.size) == ("JPEG", (160, 120))
    assert [path.name for path in tmp_path.iterdir()] == [thumbnail_name(URL)]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "L", "I;16"])
def test_transparent_and_unusual_pictures_are_shown_on_white(tmp_path: Path, mode: str) -> None:
    facts = measure(URL, drawn("PNG", (300, 300), mode), tmp_path)
    assert (facts.state, facts.thumbnail, facts.note) == ("measured", thumbnail_name(URL), "")


def test_a_palette_with_transparency_in_bytes(tmp_path: Path) -> None:
    facts = measure(URL, drawn("PNG", (300, 300), "P", transparency=b"\0\xff\x80"), tmp_path)
    assert facts.thumbnail == thumbnail_name(URL)


def test_the_first_kilobytes_tell_the_size() -> None:
    data = drawn("JPEG", (1000, 1300))
    told = PictureFacts(URL, "measured", 1000, 1300, "JPEG", 54_321, content=content(data[:2048], 54_321))
    assert measure_head(URL, data[:2048], 54_321) == told
    assert measure_head(URL, data[:2048], None) == replace(told, size_bytes=None, content=None)
    assert measure_head(URL, data[:10], 54_321) is None
    assert measure_head(URL, b"", 0) is None


def test_the_same_picture_has_the_same_content_read_whole_or_in_part(tmp_path: Path) -> None:
    data = drawn("PNG", (900, 900)) + bytes(2 * HEAD_BYTES)
    whole = measure(URL, data, tmp_path)
    head = measure_head("https://ae01.alicdn.com/kf/other.png", data[:HEAD_BYTES], len(data))
    assert head is not None
    assert whole.content == head.content == content(data, len(data))
    assert content(data, len(data) + 1) != whole.content
    assert content(b"x" + data, len(data)) != whole.content


def test_a_jpeg_that_holds_a_preview_of_itself_is_a_jpeg(tmp_path: Path) -> None:
    out = BytesIO()
    picture = Image.linear_gradient("L").resize((900, 900)).convert("RGB")
    picture.save(out, "MPO", save_all=True, append_images=[picture.resize((90, 90))])
    assert measure(URL, out.getvalue(), tmp_path).format == "JPEG"


def test_a_picture_cut_short_is_measured_and_not_shown(tmp_path: Path) -> None:
    data = drawn("JPEG", (900, 900))[:3000]
    note = "The picture is cut short or damaged: its size is known, it cannot be shown."
    expected = PictureFacts(URL, "measured", 900, 900, "JPEG", 3000, None, note, content(data, 3000))
    assert measure(URL, data, tmp_path) == expected
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("width", "height"), [(10_000, 10_000), (9_000, 6_000), (100_000, 100_000), (2**31 - 1, 1)])
def test_a_bomb_is_too_large_and_never_unpacked(tmp_path: Path, width: int, height: int) -> None:
    facts = measure(URL, claimed_png(width, height), tmp_path)
    assert (facts.state, facts.thumbnail) == ("too_large", None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"", "The answer was empty."),
        (b"<!doctype html><title>403</title>", "The answer is a web page or SVG, not a picture."),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "The bytes are not a picture of a known format."),
        (b"\xff\xd8\xff", "The bytes are not a picture of a known format."),
    ],
)
def test_what_is_not_a_picture(tmp_path: Path, data: bytes, note: str) -> None:
    assert measure(URL, data, tmp_path) == PictureFacts(URL, "not_a_picture", size_bytes=len(data), note=note)


@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "BMP"]), st.data())
def test_no_bytes_break_the_measuring(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    damaged = bytearray(drawn(kind, (40, 30)))
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    assert measure(URL, bytes(damaged[:cut]), tmp_path).state in {"measured", "not_a_picture", "too_large"}


@given(st.text())
def test_a_thumbnail_is_never_named_by_platform_text(url: str) -> None:
    name = thumbnail_name(url)
    assert len(name) == 68
    assert name.strip("0123456789abcdef") == ".jpg"


def test_a_folder_that_cannot_be_written_costs_only_the_thumbnail(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("in the way")
    facts = measure(URL, drawn("JPEG", (900, 900)), tmp_path / "pictures")
    assert (facts.state, facts.width, facts.thumbnail) == ("measured", 900, None)
    assert facts.note == "The thumbnail could not be kept in pictures: File exists."

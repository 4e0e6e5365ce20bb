"""Fetching and measuring: first bytes where they tell enough, the whole where they do not, and never more."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from aexdash.http.errors import PictureNotServed, PictureRefused, PictureTooLarge, PictureUnreachable
from aexdash.platform_data import PictureFacts
from aexdash.sync.evidence.picture_fetch import (
    NOT_KEPT,
    PICTURE_LIMIT_BYTES,
    measure_first_bytes,
    measure_whole,
)
from aexdash.sync.evidence.thumbnails import HEAD_BYTES, content, thumbnail_name

URL = "https://ae01.alicdn.com/kf/S1.jpg"


def drawn(kind: str, side: int = 900) -> bytes:
    out = BytesIO()
    Image.linear_gradient("L").resize((side, side)).convert("RGB").save(out, kind)
    return out.getvalue()


class Host:
    """Serves one picture, or raises; counts the bytes that left it."""

    def __init__(self, served: bytes | Exception) -> None:
        self.served, self.asked, self.sent = served, [], 0

    def fetch_picture(self, _url, limit_bytes):
        self.asked.append("whole")
        if len(self._bytes()) > limit_bytes:
            raise PictureTooLarge(f"more than {limit_bytes} bytes")
        self.sent += len(self._bytes())
        return self._bytes()

    def fetch_picture_head(self, _url, first_bytes):
        self.asked.append("head")
        head = self._bytes()[:first_bytes]
        self.sent += len(head)
        return head, len(self._bytes())

    def _bytes(self) -> bytes:
        if isinstance(self.served, Exception):
            raise self.served
        return self.served


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_first_bytes_tell_size_format_and_weight(tmp_path, kind):
    data = drawn(kind) + bytes(3 * HEAD_BYTES)
    host = Host(data)
    expected = PictureFacts(URL, "measured", 900, 900, kind, len(data), content=content(data, len(data)))
    assert measure_first_bytes(host, URL, tmp_path) == expected
    assert (host.asked, host.sent) == (["head"], HEAD_BYTES)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_whose_first_bytes_do_not_tell_is_fetched_whole(tmp_path):
    exif = b"\xff\xe1" + (40_000).to_bytes(2) + bytes(39_998)
    jpeg = drawn("JPEG")
    host = Host(jpeg[:2] + exif + jpeg[2:])
    facts = measure_first_bytes(host, URL, tmp_path)
    assert (facts.state, facts.width, facts.format, host.asked) == ("measured", 900, "JPEG", ["head", "whole"])


def test_a_held_picture_is_fetched_whole_and_kept_small(tmp_path):
    host = Host(drawn("JPEG"))
    assert measure_whole(host, URL, tmp_path).thumbnail == thumbnail_name(URL)
    assert host.asked == ["whole"]


def test_a_picture_that_is_too_large_is_measured_by_its_first_bytes(tmp_path):
    data = drawn("JPEG") + bytes(PICTURE_LIMIT_BYTES)
    expected = PictureFacts(URL, "measured", 900, 900, "JPEG", len(data), None, NOT_KEPT, content(data, len(data)))
    assert measure_whole(Host(data), URL, tmp_path) == expected


def test_of_many_bytes_that_are_no_picture_only_their_number_is_known(tmp_path):
    data = bytes(PICTURE_LIMIT_BYTES + 1)
    facts = measure_first_bytes(Host(data), URL, tmp_path)
    assert (facts.state, facts.size_bytes) == ("too_large", len(data))


@pytest.mark.parametrize(
    ("error", "state"), [(PictureRefused("not a public address"), "refused"), (PictureNotServed("404"), "unreachable")]
)
@pytest.mark.parametrize("measure", [measure_whole, measure_first_bytes])
def test_what_the_host_says_no_to_is_a_fact(tmp_path, measure, error, state):
    assert measure(Host(error), URL, tmp_path) == PictureFacts(URL, state, note=str(error))


@pytest.mark.parametrize("measure", [measure_whole, measure_first_bytes])
def test_that_nobody_answers_is_no_fact_about_the_picture(tmp_path, measure):
    with pytest.raises(PictureUnreachable):
        measure(Host(PictureUnreachable("no connection")), URL, tmp_path)

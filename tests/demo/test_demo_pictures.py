from __future__ import annotations

import io

import pytest
from PIL import Image

from aexdash.demo.world.catalogue import CATEGORIES
from aexdash.demo.world.moments import MARCH_JUMP
from aexdash.demo.world.pictures import PictureAddress, part_of, picture_bytes
from tests.demo.conftest import ORIGIN, Caller
from tests.demo.march import MARCH_PICTURE_IDS


@pytest.mark.parametrize(("width", "height"), [(640, 640), (1000, 1300), (1, 1), (1200, 628)])
@pytest.mark.parametrize(("extension", "kind"), [("jpg", "JPEG"), ("png", "PNG")])
def test_a_picture_has_exactly_the_stated_size_and_kind(width: int, height: int, extension: str, kind: str) -> None:
    image = Image.open(io.BytesIO(picture_bytes(PictureAddress(1005, 1, width, height, extension), "phone")))
    image.load()
    assert (image.size, image.format) == ((width, height), kind)


@pytest.mark.parametrize("extension", ["jpg", "png"])
def test_no_two_addresses_have_the_same_first_bytes_and_one_always_has_the_same(extension: str) -> None:
    addresses = [PictureAddress(1005 + n, number, 900, 900, extension) for n in range(40) for number in (1, 2, 11)]
    starts = {address: picture_bytes(address, "ring")[:1024] for address in addresses}
    assert len(set(starts.values())) == 120
    assert all(picture_bytes(address, "ring").startswith(start) for address, start in starts.items())


@pytest.mark.parametrize("shape", sorted({category.shape for category in CATEGORIES}))
def test_every_shape_is_a_picture_of_its_own(shape: str) -> None:
    address = PictureAddress(1005, 1, 200, 200, "jpg")
    assert (picture_bytes(address, shape) == picture_bytes(address, "no such shape")) == (shape == "box")


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("", None),
        ("bytes=0-99", range(100)),
        ("bytes=900-", range(900, 1000)),
        ("bytes=-10", range(990, 1000)),
        ("bytes=-5000", range(1000)),
        ("bytes=990-4000", range(990, 1000)),
        ("bytes=1000-", range(1000, 1000)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("pages=1-2", None),
    ],
)
def test_the_part_of_a_picture_that_is_asked_for(wanted: str, part: range | None) -> None:
    assert part_of(wanted, 1000) == part


def test_the_first_bytes_of_a_picture_tell_its_size(caller: Caller) -> None:
    address = f"{ORIGIN}/img/1005-1-1200x1200.jpg"
    whole = caller.platform.respond("GET", address, {}, b"")[2]
    status, headers, head = caller.platform.respond("GET", address, {"Range": "bytes=0-4095"}, b"")
    assert (status, headers["Content-Range"]) == (206, f"bytes 0-4095/{len(whole)}")
    assert head == whole[:4096]
    assert Image.open(io.BytesIO(head)).size == (1200, 1200)
    past = caller.platform.respond("GET", address, {"range": f"bytes={len(whole)}-"}, b"")
    assert (past[0], past[1]["Content-Range"]) == (416, f"bytes */{len(whole)}")
    caller.platform.faults.add("whole_picture", method="picture", times=1)
    assert caller.platform.respond("GET", address, {"Range": "bytes=0-4095"}, b"")[0::2] == (200, whole)


def test_the_pictures_of_march_measure_640(caller: Caller) -> None:
    caller.clock.now = MARCH_JUMP
    caller.token = caller.platform.issue_tokens("123456")["access_token"]
    items = caller.page("editingRequired")["aeop_a_e_product_display_d_t_o_list"]
    assert {item["product_id"] for item in items} == set(MARCH_PICTURE_IDS)
    for item in items:
        status, headers, body = caller.platform.respond("GET", item["image_u_r_ls"].split(";")[0], {}, b"")
        assert (status, headers["Content-Type"]) == (200, "image/jpeg")
        assert Image.open(io.BytesIO(body)).size == (640, 640)


def test_pictures_can_fail_as_calls_can(caller: Caller) -> None:
    caller.platform.faults.add("server_error", 500, method="picture", times=1)
    path = f"{ORIGIN}/img/1005-1-100x100.png"
    assert [caller.platform.respond("GET", path, {}, b"")[0] for _ in range(2)] == [500, 200]

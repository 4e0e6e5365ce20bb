from __future__ import annotations

import io

import pytest
from PIL import Image

from aexdash.demo.categories import CATEGORIES
from aexdash.demo.moments import MARCH_JUMP
from aexdash.demo.pictures import PictureAddress, draw
from aexdash.demo.world import MARCH_PICTURE_IDS
from tests.demo.conftest import ORIGIN, Caller


@pytest.mark.parametrize(("width", "height"), [(640, 640), (1000, 1300), (1, 1), (1200, 628)])
@pytest.mark.parametrize(("extension", "kind"), [("jpg", "JPEG"), ("png", "PNG")])
def test_a_picture_has_exactly_the_stated_size_and_kind(width: int, height: int, extension: str, kind: str) -> None:
    image = Image.open(io.BytesIO(draw(PictureAddress(1005, 1, width, height, extension), "phone")))
    image.load()
    assert (image.size, image.format) == ((width, height), kind)


@pytest.mark.parametrize("shape", sorted({category.shape for category in CATEGORIES}))
def test_every_shape_is_drawn_and_differs_by_listing(shape: str) -> None:
    one, other = (draw(PictureAddress(number, 1, 200, 200, "jpg"), shape) for number in (1, 2))
    assert one != other
    draw.cache_clear()
    assert draw(PictureAddress(1, 1, 200, 200, "jpg"), shape) == one


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

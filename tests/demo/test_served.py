"""The simulated platform over real HTTP, asked by a client that nobody here wrote."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from aliexpress_api import skd
from aliexpress_api.skd.api.base import RestApi, TopException
from PIL import Image

from aexdash.demo.platform.faults import Faults
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.server import Served, serve_in_thread
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.world import World

LIST = "aliexpress.solution.product.list.get"


class ListGet(RestApi):
    """The list method in the manner of that package: its attributes are the business parameters."""

    def __init__(self, port: int, secret: str) -> None:
        super().__init__("127.0.0.1", port)
        self.set_app_info(skd.appinfo("123456", secret))
        self.aeop_a_e_product_list_query = json.dumps({"product_status_type": "editingRequired", "subject": ""})

    def get_request_header(self) -> dict[str, str]:
        return {**super().get_request_header(), "Connection": "close"}  # else it leaves its socket open

    def getapiname(self) -> str:
        return LIST


@pytest.fixture
def platform(world: World) -> SimulatedAliExpress:
    return SimulatedAliExpress({"123456": SimulatedStore("123456", "s3cret", world)}, faults=Faults(), controls=True)


@pytest.fixture
def served(platform: SimulatedAliExpress) -> Iterator[Served]:
    with platform.serve() as running:
        yield running


def test_a_foreign_client_gets_its_listings(platform: SimulatedAliExpress, served: Served) -> None:
    token = platform.issue_tokens("123456")["access_token"]
    answer = ListGet(served.port, "s3cret").getResponse(authrize=token)
    result = answer["aliexpress_solution_product_list_get_response"]["result"]
    items = result["aeop_a_e_product_display_d_t_o_list"]["item_display_dto"]
    assert (result["success"], len(items)) == (True, min(20, result["product_count"]))
    with urlopen(items[0]["image_u_r_ls"].split(";")[0], timeout=20) as picture:
        assert min(Image.open(io.BytesIO(picture.read())).size) > 100


def test_a_foreign_client_with_a_wrong_secret_gets_incomplete_signature(
    platform: SimulatedAliExpress, served: Served
) -> None:
    token = platform.issue_tokens("123456")["access_token"]
    with pytest.raises(TopException) as caught:
        ListGet(served.port, "wrong").getResponse(authrize=token)
    assert caught.value.errorcode == "IncompleteSignature"
    assert caught.value.message == "The request signature does not conform to platform standards"


def test_a_call_given_up_on_is_a_gateway_time_out(platform: SimulatedAliExpress, served: Served) -> None:
    platform.faults.add("timeout", 0)
    with pytest.raises(HTTPError) as caught, urlopen(f"{served.url}/sync?method={LIST}", timeout=20):
        pass
    caught.value.close()
    assert caught.value.code == 504


def test_a_part_of_a_picture_is_sent_when_asked_for(served: Served) -> None:
    asked = Request(f"{served.url}/img/1005-1-900x900.png?v=2", headers={"Range": "bytes=0-99"})
    with urlopen(asked, timeout=20) as answer:
        head = answer.read()
    assert (answer.status, len(head), head[:8]) == (206, 100, b"\x89PNG\r\n\x1a\n")
    with urlopen(f"{served.url}/img/1005-1-900x900.png", timeout=20) as answer:
        assert answer.read().startswith(head)


def test_an_answer_that_takes_its_time_holds_up_no_other(platform: SimulatedAliExpress, served: Served) -> None:
    platform.faults.add("latency", 3600, method="picture", times=1)
    picture = f"{served.url}/img/1005-1-200x200.jpg"
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(lambda: urlopen(picture, timeout=60).close())
        while platform.faults.show():  # until the slow one was struck
            urlopen(f"{served.url}/_demo/faults", timeout=20).close()
        with urlopen(picture, timeout=20) as quick:
            assert quick.status == 200
        assert not slow.done()
        platform.faults.release()
        slow.result(timeout=20)


def test_a_port_in_use_is_an_error_at_once(platform: SimulatedAliExpress, served: Served) -> None:
    with pytest.raises(OSError, match="in use"):
        serve_in_thread(platform.asgi(), served.port)


def test_a_stopped_server_frees_its_port_and_can_be_stopped_twice(platform: SimulatedAliExpress) -> None:
    first = platform.serve()
    first.stop()
    first.stop()
    with platform.serve(first.port) as second:
        assert second.port == first.port

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable

import pytest

from aexdash.demo.platform.faults import FaultKind, Faults, wait_for
from aexdash.demo.platform.gateway import SimulatedAliExpress
from tests.demo.conftest import ORIGIN, Caller
from tests.demo.scripted import ScriptedWorld, plain_listing

LIST = "aliexpress.solution.product.list.get"
ITEMS = "aeop_a_e_product_display_d_t_o_list"
PROFILE = "aliexpress.merchant.profile.get"


@pytest.fixture
def walked(call_store: Callable[..., Caller]) -> Caller:
    """A caller of a store of thirty active listings, numbered from 1."""
    return call_store(ScriptedWorld([plain_listing(number) for number in range(1, 31)]))


def ids(caller: Caller, page: int) -> list[int]:
    return [item["product_id"] for item in caller.page("onSelling", page, 10)[ITEMS]]


def raw(caller: Caller, method: str = PROFILE) -> tuple[int, bytes]:
    return caller.post("/sync", {"method": method})


def test_a_fault_waits_strikes_so_many_times_and_is_gone(walked: Caller) -> None:
    walked.platform.faults.add("html", method="aliexpress.merchant.*", after=1, times=2)
    bodies = [raw(walked)[1][:1] for _ in range(4)]
    assert bodies == [b"{", b"<", b"<", b"{"]
    assert walked.platform.faults.show() == []


def test_a_fault_strikes_only_the_methods_it_names(walked: Caller) -> None:
    walked.platform.faults.add("server_error", 503, method=LIST)
    assert raw(walked)[0] == 200
    assert raw(walked, LIST)[0] == 503
    walked.platform.faults.clear()
    assert raw(walked, LIST)[0] == 200


def test_chance_comes_from_the_seed_alone() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add("html", probability=0.4)
        return [bool(faults.strike("x")) for _ in range(200)]

    assert struck(3) == struck(3) != struck(4)
    assert 50 < sum(struck(3)) < 110


def test_latency_passes_before_the_answer(walked: Caller) -> None:
    walked.platform.faults.add("latency", 2.5, times=1)
    assert raw(walked)[0] == 200
    assert walked.waited == [2.5]


def test_a_call_that_is_never_answered_ends_in_a_time_out(walked: Caller) -> None:
    walked.platform.faults.add("timeout", 30, times=1)
    with pytest.raises(TimeoutError, match=re.escape(f"never answered {PROFILE}")):
        raw(walked)
    assert walked.waited == [30]


def test_stopping_the_platform_ends_its_waits() -> None:
    faults = Faults()
    waiting = threading.Thread(target=faults.pass_time, args=(3600.0,))
    waiting.start()
    faults.release()
    waiting.join(timeout=20)
    assert not waiting.is_alive()
    wait_for(threading.Event(), 0)


def test_a_truncated_body_breaks_off(walked: Caller) -> None:
    whole = raw(walked)[1]
    walked.platform.faults.add("truncated", 0.25)
    assert len(raw(walked)[1]) == len(whole) // 4


@pytest.mark.parametrize(("seconds", "code"), [(5, "ApiCallLimit"), (14229, "AppApiCallLimit")])
def test_a_ban_names_the_seconds_that_are_left(walked: Caller, seconds: int, code: str) -> None:
    walked.platform.faults.add("ban", seconds, times=1)
    first = walked(PROFILE)["error_response"]
    walked.clock.turn(seconds=2)
    second = walked(PROFILE)["error_response"]
    assert (first["code"], code) == (code, second["code"])
    assert f"ban will last {seconds} seconds" in first["msg"]
    assert f"ban will last {seconds - 2} seconds" in second["msg"]
    walked.clock.turn(seconds=seconds)
    walked.token = walked.platform.issue_tokens("123456")["access_token"]
    assert "profile" in walked(PROFILE)


def test_a_token_expires_in_the_middle_of_a_walk(walked: Caller) -> None:
    walked.platform.faults.add("expired_token", after=1, times=1)
    assert ids(walked, 1) == list(range(1, 11))
    assert [walked.page("onSelling", page).get("error_response", {}).get("code") for page in (2, 2)] == [
        "IllegalAccessToken",
        "IllegalAccessToken",
    ]
    walked.token = walked.platform.issue_tokens("123456")["access_token"]
    assert ids(walked, 2) == list(range(11, 21))


def test_pages_shift_repeat_and_empty_themselves(walked: Caller) -> None:
    faults = walked.platform.faults
    faults.add("shift", 3, times=1)
    assert ids(walked, 2) == list(range(14, 24))
    faults.add("repeat", times=1)
    assert ids(walked, 2) == list(range(1, 11))
    faults.add("empty_page", times=1)
    assert ids(walked, 2) == []
    assert ids(walked, 2) == list(range(11, 21))


def test_a_total_lies_and_a_list_key_is_missing(walked: Caller) -> None:
    faults = walked.platform.faults
    faults.add("lying_total", -4, times=1)
    page = walked.page("onSelling", 1, 10)
    assert (page["product_count"], page["total_page"]) == (26, 3)
    faults.add("missing_list", times=1)
    assert ITEMS not in walked.page("onSelling", 1, 10)
    faults.add("missing_past_end")
    assert ITEMS not in walked.page("onSelling", 4, 10)
    assert ids(walked, 3) == list(range(21, 31))


def test_a_platform_clock_that_is_ahead_refuses_ours(walked: Caller) -> None:
    walked.platform.faults.add("clock_skew", 9000, times=1)
    assert walked.error(PROFILE) == "IllegalTimestamp"
    assert "profile" in walked(PROFILE)


def test_switches_are_turned_over_http(walked: Caller) -> None:
    respond = walked.platform.respond
    asked = json.dumps([{"kind": "html", "times": 1}, {"kind": "ban", "value": 30, "method": LIST}]).encode()
    status, _, body = respond("POST", f"{ORIGIN}/_demo/faults", {"content-type": "application/json"}, asked)
    shown = json.loads(body)
    assert (status, [fault["kind"] for fault in shown["faults"]]) == (200, ["html", "ban"])
    assert shown["kinds"] == [str(kind) for kind in FaultKind]
    assert json.loads(respond("GET", f"{ORIGIN}/_demo/faults", {}, b"")[2])["faults"] == shown["faults"]
    assert json.loads(respond("DELETE", f"{ORIGIN}/_demo/faults", {}, b"")[2])["faults"] == []


@pytest.mark.parametrize("asked", ["{", "5", "[5]", '{"kind": "unheard"}', '{"kind": "html", "colour": 1}', "{}"])
def test_a_switch_that_is_none_changes_nothing(walked: Caller, asked: str) -> None:
    status, _, body = walked.platform.respond("POST", f"{ORIGIN}/_demo/faults", {}, asked.encode())
    assert (status, walked.platform.faults.show()) == (400, [])
    assert json.loads(body)["error"]


def test_the_switches_are_closed_unless_opened(walked: Caller) -> None:
    closed = SimulatedAliExpress(walked.platform.stores, walked.clock)
    assert closed.respond("GET", f"{ORIGIN}/_demo/faults", {}, b"")[0] == 404

"""What every call meets before it is answered: routes, signature, clock, tokens, permission, throttling, envelopes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from aexdash.demo.world.world import World
from aexdash.model import Status
from tests.demo.conftest import ORIGIN, SECRET, Caller, signed

LIST = "aliexpress.solution.product.list.get"
QUERY = json.dumps({"product_status_type": "auditing"})


def common(caller: Caller, **more: str) -> dict[str, str]:
    return caller.common(method=LIST, session=caller.token, aeop_a_e_product_list_query=QUERY, **more)


def read(answer: tuple[int, dict[str, str], bytes]) -> dict[str, dict[str, object]]:
    status, _, body = answer
    assert status == 200
    decoded: dict[str, dict[str, object]] = json.loads(body)
    return decoded


def test_parameters_may_be_in_the_query_the_body_or_both_with_get_or_post(caller: Caller) -> None:
    fields = signed(common(caller, simplify="true"), SECRET)
    form = {"content-type": "application/x-www-form-urlencoded;charset=UTF-8"}
    business = {name: fields.pop(name) for name in ("aeop_a_e_product_list_query",)}
    respond = caller.platform.respond
    everything = urlencode({**fields, **business})
    answers = [
        read(respond("GET", f"{ORIGIN}/sync?{everything}", {}, b"")),
        read(respond("POST", f"{ORIGIN}/sync", form, everything.encode())),
        read(respond("POST", f"{ORIGIN}/sync?{urlencode(fields)}", form, urlencode(business).encode())),
    ]
    for answer in answers:
        del answer["request_id"]
    auditing = caller.platform.stores["123456"].world.ids(Status.AUDITING, caller.clock.now)
    assert answers[0]["result"]["product_count"] == len(auditing) > 0
    assert answers[0] == answers[1] == answers[2]


def test_the_token_may_be_called_access_token(caller: Caller) -> None:
    fields = common(caller)
    fields["access_token"] = fields.pop("session")
    answer = json.loads(caller.post("/sync", signed(fields, SECRET))[1])
    assert "aliexpress_solution_product_list_get_response" in answer


def test_get_on_rest_with_a_method_keeps_the_wrapper(caller: Caller) -> None:
    fields = signed(common(caller, simplify="true"), SECRET)
    status, headers, body = caller.platform.respond("GET", f"{ORIGIN}/rest?{urlencode(fields)}", {}, b"")
    answer = json.loads(body)["aliexpress_solution_product_list_get_response"]
    assert (status, headers["Content-Type"]) == (200, "text/plain;charset=utf-8")
    assert isinstance(answer["result"]["aeop_a_e_product_display_d_t_o_list"], list)


def test_md5_as_the_top_sdks_sign_is_taken_too(caller: Caller) -> None:
    fields = common(caller) | {"sign_method": "md5", "empty": ""}
    text = "".join(name + fields[name] for name in sorted(fields))
    fields["sign"] = hashlib.md5(f"{SECRET}{text}{SECRET}".encode()).hexdigest().upper()
    assert "error_response" not in json.loads(caller.post("/sync", fields)[1])


def test_a_wrong_secret_is_an_incomplete_signature_in_both_envelopes(caller: Caller) -> None:
    caller.secret = "wrong"
    business = caller(LIST, aeop_a_e_product_list_query=QUERY)["error_response"]
    assert business.pop("request_id")
    text = "The request signature does not conform to platform standards"
    assert business == {"type": "ISV", "code": "IncompleteSignature", "msg": text}
    system = caller.system("/auth/token/create", code="x")
    assert system.pop("request_id")
    assert system == {"type": "ISV", "code": "IncompleteSignature", "message": text}


def test_an_unknown_sign_method_is_refused(caller: Caller) -> None:
    fields = signed(common(caller) | {"sign_method": "rot13"}, SECRET)
    assert json.loads(caller.post("/sync", fields)[1])["error_response"]["code"] == "IncompleteSignature"


def test_a_clock_more_than_two_hours_off_is_refused(caller: Caller) -> None:
    fields = common(caller)
    fields["timestamp"] = str(int(fields["timestamp"]) - 7_201_000)
    answer = json.loads(caller.post("/sync", signed(fields, SECRET))[1])
    assert answer["error_response"]["code"] == "IllegalTimestamp"


def test_an_unknown_token_has_the_text_that_was_captured(caller: Caller) -> None:
    caller.token = "stale"
    error = caller(LIST, aeop_a_e_product_list_query=QUERY)["error_response"]
    assert (error["code"], error["msg"]) == ("IllegalAccessToken", "The specified access token is invalid or expired")


def test_refusals_name_what_is_wrong(caller: Caller) -> None:
    assert caller.error("aliexpress.no.such.method") == "InvalidApiPath"
    assert caller.error("") == "MissingParameter"
    assert caller.error(LIST) == "MissingParameter"
    assert caller.error(LIST, aeop_a_e_product_list_query={}) == "MissingParameter"
    assert caller.error(LIST, aeop_a_e_product_list_query="[1]") == "isv.invalid-parameter"
    assert caller.error(LIST, aeop_a_e_product_list_query="{") == "isv.invalid-parameter"
    assert caller.error("aliexpress.solution.product.info.get", product_id="abc") == "isv.invalid-parameter"
    assert caller.system("/no/such/path")["code"] == "InvalidApiPath"
    caller.app_key = "999"
    assert caller.error(LIST) == "IllegalAppKey"


def test_an_app_without_permission_and_a_method_of_another_model_are_refused(
    call_store: Callable[..., Caller], small_world: World
) -> None:
    caller = call_store(small_world, forbidden=frozenset({"aliexpress.merchant.profile.get"}))
    assert caller.error("aliexpress.merchant.profile.get") == "InsufficientPermission"
    assert caller.error("aliexpress.choice.products.list") == "InsufficientPermission"


def test_calls_above_the_allowed_rate_are_banned_for_a_second(
    call_store: Callable[..., Caller], small_world: World
) -> None:
    caller = call_store(small_world, calls_per_second=3)
    codes = [caller("aliexpress.merchant.profile.get").get("error_response", {}).get("msg") for _ in range(4)]
    assert codes == [None, None, None, "Api access frequency exceeds the limit. this ban will last 1 seconds"]
    caller.clock.turn(seconds=1)
    assert "profile" in caller("aliexpress.merchant.profile.get")


def test_codes_and_refresh_tokens_are_good_once(caller: Caller) -> None:
    code = caller.platform.issue_code("123456")
    first = caller.system("/auth/token/create", code=code)
    assert (first["code"], first["expires_in"], first["refresh_expires_in"]) == ("0", "86400", "172800")
    assert first["expire_time"] == int((caller.clock.now + timedelta(days=1)).timestamp() * 1000)
    assert caller.system("/auth/token/create", code=code)["code"] == "InvalidCode"
    second = caller.system("/auth/token/refresh", refresh_token=first["refresh_token"])
    assert second["access_token"] != first["access_token"]
    assert caller.system("/auth/token/refresh", refresh_token=first["refresh_token"])["code"] == "IllegalRefreshToken"
    caller.token = second["access_token"]
    assert "profile" in caller("aliexpress.merchant.profile.get")


def test_tokens_end_when_they_said_they_would(caller: Caller) -> None:
    pair = caller.platform.issue_tokens("123456")
    caller.token = pair["access_token"]
    caller.clock.turn(hours=23, minutes=59)
    assert "profile" in caller("aliexpress.merchant.profile.get")
    caller.clock.turn(minutes=1)
    assert caller.error("aliexpress.merchant.profile.get") == "IllegalAccessToken"
    caller.clock.turn(hours=24)
    assert caller.system("/auth/token/refresh", refresh_token=pair["refresh_token"])["code"] == "IllegalRefreshToken"


def test_a_revoked_token_is_refused_and_a_restarted_platform_knows_the_others(
    call_store: Callable[..., Caller], small_world: World
) -> None:
    before, after = call_store(small_world), call_store(small_world)
    after.token = before.token
    assert "profile" in after("aliexpress.merchant.profile.get")
    after.platform.void(before.token)
    assert after.error("aliexpress.merchant.profile.get") == "IllegalAccessToken"


def test_tokens_can_be_made_through_sync(caller: Caller) -> None:
    fields = caller.common(method="/auth/token/create", code=caller.platform.issue_code("123456"))
    answer = json.loads(caller.post("/sync", signed(fields, SECRET, "/auth/token/create"))[1])
    assert (answer["code"], answer["sp"]) == ("0", "ae")


def test_authorising_sends_the_browser_back_with_a_code(caller: Caller) -> None:
    asked = {
        "response_type": "code",
        "client_id": "123456",
        "redirect_uri": "http://127.0.0.1:9/cb?a=1",
        "state": "s&1",
    }
    status, headers, _ = caller.platform.respond("GET", f"{ORIGIN}/oauth/authorize?{urlencode(asked)}", {}, b"")
    assert status == 302
    target, _, query = headers["Location"].partition("&code=")
    code, _, state = query.partition("&state=")
    assert (target, state) == ("http://127.0.0.1:9/cb?a=1", "s%261")
    assert caller.system("/auth/token/create", code=code)["code"] == "0"


@pytest.mark.parametrize("target", ["javascript:alert(1)", "", "http://elsewhere/", "http://a/\r\nSet-Cookie: b=c"])
def test_authorising_goes_nowhere_but_to_the_registered_callback(
    call_store: Callable[..., Caller], small_world: World, target: str
) -> None:
    caller = call_store(small_world, callback="http://127.0.0.1:9/cb")
    asked = urlencode({"client_id": "123456", "redirect_uri": target})
    assert caller.platform.respond("GET", f"{ORIGIN}/oauth/authorize?{asked}", {}, b"")[0] == 400


def test_a_store_never_shows_its_secret(caller: Caller) -> None:
    assert SECRET not in repr(caller.platform.stores["123456"])


@pytest.mark.parametrize(
    "path", ["/", "/sync/x", "/_demo/other", "/img/../x", "/img/1-1-9999x10.jpg", "/img/1-1-0x1.jpg"]
)
def test_other_paths_are_not_found(caller: Caller, path: str) -> None:
    assert caller.platform.respond("GET", ORIGIN + path, {}, b"")[0] == 404

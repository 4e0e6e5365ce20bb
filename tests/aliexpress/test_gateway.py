import logging
from datetime import UTC, datetime

import pytest

from aexdash.aliexpress.errors import (
    AddressNotListed,
    AuthenticationError,
    BusinessFailure,
    ClockError,
    GatewayGone,
    InvalidRequest,
    PermissionDenied,
    PlatformFault,
    Throttled,
    Unreachable,
    UnreadableAnswer,
)
from aexdash.aliexpress.protocol.signing import sign
from tests.aliexpress.played import REFRESH, SECRET, TOKEN, Played, Time, error, gateway

METHOD = "aliexpress.solution.product.list.get"
OK = {"result": {"success": True, "product_count": 0}}


class Tokens:
    """Two tokens, the second for whoever finds the first refused."""

    def __init__(self):
        self.renewed: list[str] = []

    def current(self, gateway):
        return TOKEN

    def renew(self, gateway, refused):
        self.renewed.append(refused)
        return "access-token-2"

    def secrets(self):
        return (TOKEN, REFRESH, "access-token-2")


def failure(*answers, **more):
    """Call once against the answers and return the error with what was played."""
    platform, time = Played(*answers), Time()
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the tests compare type and text of what comes out
        gateway(platform, time=time, **more).call(METHOD, {"a": 1})
    return caught.value, platform, time


def test_a_business_call_as_it_goes_over_the_wire():
    """Method in the URL and signed; everything else in the form, objects as one JSON text, signed as sent."""
    platform = Played(OK)
    called = gateway(platform, tokens=Tokens())
    assert called.call(
        METHOD, {"query": {"page_size": 99, "subject": "ü"}, "blank": " ", "none": None, "flag": True}
    ) == {
        "success": True,
        "product_count": 0,
    }
    (asked,) = platform.asked
    signature = asked.form.pop("sign")
    assert asked.verb == "POST"
    assert (asked.path, asked.query) == ("/sync", {"method": METHOD})
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded;charset=UTF-8"
    assert asked.form == {
        "app_key": "123456",
        "timestamp": "1773057600000",
        "format": "json",
        "v": "2.0",
        "sign_method": "sha256",
        "simplify": "true",
        "session": TOKEN,
        "query": '{"page_size":99,"subject":"\\u00fc"}',
        "flag": "true",
    }
    assert signature == sign({**asked.query, **asked.form}, SECRET)
    assert called.calls == 1


def test_a_system_call_as_it_goes_over_the_wire():
    platform = Played({"code": "0", "access_token": "a"})
    answer = gateway(platform, tokens=Tokens()).system("/auth/token/create", {"code": "c"})
    (asked,) = platform.asked
    signature = asked.form.pop("sign")
    assert answer == {"code": "0", "access_token": "a"}
    assert (asked.path, asked.query) == ("/rest/auth/token/create", {})
    assert asked.form == {"app_key": "123456", "timestamp": "1773057600000", "sign_method": "sha256", "code": "c"}
    assert signature == sign(asked.form, SECRET, "/auth/token/create")


@pytest.mark.parametrize("code", ["IncompleteSignature", 24, 25, "25"])
def test_a_wrong_secret_is_named_with_what_to_do(code):
    caught, platform, _ = failure(error(code, "The request signature does not conform to platform standards"))
    assert type(caught) is AuthenticationError
    assert str(caught) == ("AliExpress refused the signature of app 123456: the app secret of store main is wrong.")
    assert (caught.advice, caught.request_id) == ("Put the right one into secrets.toml.", "r1")
    assert len(platform.asked) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (error("IllegalAppKey"), AuthenticationError, "AliExpress does not know app key 123456 of store main."),
        (
            error("IllegalAccessToken"),
            AuthenticationError,
            "AliExpress does not accept the access token of store main (invalid or expired).",
        ),
        (
            error("IllegalRefreshToken"),
            AuthenticationError,
            "AliExpress does not renew the sign-in of store main: its refresh token is invalid, used up or expired.",
        ),
        (error("InvalidCode"), AuthenticationError, "AliExpress did not accept the sign-in code of store main."),
        (
            error("InsufficientPermission"),
            PermissionDenied,
            f"App 123456 may not call {METHOD} for store main.",
        ),
        (error(11), PermissionDenied, f"App 123456 may not call {METHOD} for store main."),
        (
            error(15, "Remote service error", sub_code="isv.insufficient-permission"),
            PermissionDenied,
            f"App 123456 may not call {METHOD} for store main.",
        ),
        (
            error(15, "Remote service error", sub_code="isv.account-migration-check-fail", sub_msg="x"),
            PermissionDenied,
            (
                "AliExpress has not moved the seller account of store main to the platform this app belongs to. "
                "AliExpress says: x."
            ),
        ),
        (
            error(12, "Insufficient session permissions", sub_code="isv.permission-api-package-limit", sub_msg="id 7"),
            PermissionDenied,
            f"App 123456 may not call {METHOD} for store main. AliExpress says: isv.permission-api-package-limit id 7.",
        ),
        (
            error("InvalidApiPath", "no such path"),
            InvalidRequest,
            f"AliExpress refused {METHOD} for store main: InvalidApiPath no such path.",
        ),
        (
            error(15, "Remote service error", sub_code="isv.invalid-parameter", sub_msg="page_size"),
            InvalidRequest,
            f"AliExpress refused {METHOD} for store main: 15 Remote service error isv.invalid-parameter page_size.",
        ),
        (
            {"result": {"success": False, "error_code": 13, "error_message": "product  not\nfound."}},
            BusinessFailure,
            f"AliExpress could not do {METHOD} for store main: 13 product not found.",
        ),
    ],
)
def test_what_asking_again_does_not_mend_is_raised_at_once(answer, kind, sentence):
    caught, platform, time = failure(answer)
    assert (type(caught), str(caught)) == (kind, sentence)
    assert caught.advice
    assert (len(platform.asked), time.slept) == (1, [])


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (
            error("ServiceUnavailable", "busy", type="ISP"),
            PlatformFault,
            f"AliExpress had a fault of its own at {METHOD} for store main: ServiceUnavailable busy.",
        ),
        (
            error("Whatever", "down", type="SYSTEM"),
            PlatformFault,
            f"AliExpress had a fault of its own at {METHOD} for store main: Whatever down.",
        ),
        (
            error(50, "Remote service error", type="ISV", sub_code="isp.service-error", sub_msg="once more"),
            PlatformFault,
            (
                f"AliExpress had a fault of its own at {METHOD} for store main: "
                "50 Remote service error isp.service-error once more."
            ),
        ),
        (
            error(42, "Forbidden", sub_code="isp.top-parse-error"),
            PlatformFault,
            f"AliExpress had a fault of its own at {METHOD} for store main: 42 Forbidden isp.top-parse-error.",
        ),
        (
            {"result": {"success": False, "error_code": 16009999, "error_message": "系统错误,请稍后重试"}},
            PlatformFault,
            f"AliExpress had a fault of its own at {METHOD} for store main: 16009999 系统错误,请稍后重试.",
        ),
        (
            (403, {}, b"{}"),
            PlatformFault,
            f"api-sg.aliexpress.com could not answer {METHOD} for store main (status 403).",
        ),
        (
            (503, {}, b"<html>"),
            PlatformFault,
            f"api-sg.aliexpress.com could not answer {METHOD} for store main (status 503).",
        ),
        (
            (200, {"content-type": "text/html"}, b"<html>login</html>"),
            UnreadableAnswer,
            f"api-sg.aliexpress.com answered {METHOD} for store main with an HTML or XML page (status 200).",
        ),
        (
            b"",
            UnreadableAnswer,
            f"api-sg.aliexpress.com answered {METHOD} for store main with an empty body (status 200).",
        ),
        (
            b'{"result": {"succ',
            UnreadableAnswer,
            (
                f"api-sg.aliexpress.com answered {METHOD} for store main with JSON that breaks off or is damaged"
                " (status 200)."
            ),
        ),
        (
            (302, {"location": "https://elsewhere.example/"}, b""),
            UnreadableAnswer,
            f"api-sg.aliexpress.com answered {METHOD} for store main with an empty body (status 302).",
        ),
        (TimeoutError(), Unreachable, "api-sg.aliexpress.com could not be reached: it did not answer in time."),
        (
            ConnectionRefusedError(),
            Unreachable,
            "api-sg.aliexpress.com could not be reached: it refused the connection.",
        ),
    ],
)
def test_what_may_be_better_in_a_moment_is_tried_four_times(answer, kind, sentence):
    caught, platform, time = failure(answer)
    assert (type(caught), str(caught)) == (kind, sentence)
    assert caught.advice
    assert len(platform.asked) == 4
    first, second, third = time.slept
    assert 0.5 <= first <= 0.75
    assert 1 <= second <= 1.5
    assert 2 <= third <= 3


def test_an_answer_after_faults_is_an_answer():
    platform = Played((502, {}, b"Bad gateway"), b"{", TimeoutError(), OK)
    called = gateway(platform)
    assert called.call(METHOD, {}) == OK["result"]
    assert called.calls == 4


@pytest.mark.parametrize("media_type", ["text/plain", "text/html", "application/json;charset=GBK", ""])
def test_the_media_type_does_not_matter(media_type):
    answer = (200, {"content-type": media_type}, b'{"result": {"product_count": 3}}')
    assert gateway(Played(answer)).call(METHOD, {}) == {"product_count": 3}


def test_an_error_with_status_400_is_read():
    caught, _, _ = failure((400, {}, b'{"type":"ISV","code":"IllegalAccessToken","message":"x","request_id":"r"}'))
    assert (type(caught), caught.code) == (AuthenticationError, "IllegalAccessToken")


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (error("ApiCallLimit", "Api access frequency exceeds the limit. this ban will last 1 seconds"), 1),
        (error("ApiCallLimit"), 1),
        (error(7, "App Call Limited", sub_msg="This ban will last for 2 more seconds"), 2),
        (error("SellerCallLimit", "slow down for 3 seconds"), 3),
        ((429, {"retry-after": "4"}, b""), 4),
        ((503, {"retry-after": "5"}, b"<html>"), 5),
        ((503, {"Retry-After": "Mon, 09 Mar 2026 15:00:06 GMT", "Date": "Mon, 09 Mar 2026 15:00:00 GMT"}, b""), 6),
        ((503, {"retry-after": "3"}, b'{"error_response":{"code":"ServiceUnavailable","msg":"busy"}}'), 3),
        ((429, {"retry-after": "2"}, b'{"error_response":{"code":"ApiCallLimit","msg":"will last 7 seconds"}}'), 7),
        (error("ApiCallLimit", "this ban will last 1 second"), 1),
        (error("ApiCallLimit", "This ban will last 2.5 SECONDS"), 3),
        (error("ApiCallLimit", "this ban will last 0 seconds"), 1),
        ({"result": {"success": False, "error_message": "This ban will last 4 more seconds"}}, 4),
        ({"type": "ISV", "code": "ApiCallLimit", "message": "for 2 seconds", "result": None}, 2),
        (
            b'<?xml version="1.0"?><error_response><code>7</code><sub_msg>6 more seconds</sub_msg></error_response>',
            6,
        ),
        ((429, {}, b"<html>"), 1),
    ],
)
def test_a_short_throttle_is_waited_out_to_the_second(answer, seconds):
    platform, time = Played(answer, OK), Time()
    called = gateway(platform, time=time)
    assert called.call(METHOD, {}) == OK["result"]
    assert time.slept[0] == seconds
    assert called.calls == 2


@pytest.mark.parametrize(
    ("answer", "seconds", "until"),
    [
        (error("AppApiCallLimit", "This ban will last 14229 seconds"), 14229, "2026-03-09 15:57:09"),
        (error("AppApiCallLimit", "slow down"), 3600, "2026-03-09 13:00:00"),
        (error("ApiCallLimit", "this ban will last 10 seconds"), 10, "2026-03-09 12:00:10"),
    ],
)
def test_a_long_throttle_is_raised_and_stands_at_the_limiter(answer, seconds, until):
    platform, time = Played(answer), Time()
    called = gateway(platform, time=time)
    with pytest.raises(Throttled) as caught:
        called.call(METHOD, {})
    sentence = (
        f"AliExpress lets app 123456 make no calls for store main for {seconds} seconds, "
        f"until {until} UTC ({answer['error_response']['code']})."
    )
    assert (str(caught.value), caught.value.seconds) == (sentence, seconds)
    assert (called.limiter.banned_until, called.limiter.ban_text) == (caught.value.until, sentence)
    with pytest.raises(Throttled):
        called.call(METHOD, {})
    assert (len(platform.asked), time.slept) == (1, [])


@pytest.mark.parametrize("named", ["99999999 seconds", "9" * 400 + " seconds", "90000 seconds", "25 hours"])
def test_a_ban_of_absurd_length_lasts_a_day_and_says_so(named):
    caught, platform, _ = failure(error("AppApiCallLimit", f"This ban will last {named}"))
    assert (type(caught), caught.seconds) == (Throttled, 86_400)
    assert str(caught) == (
        "AliExpress lets app 123456 make no calls for store main for 86400 seconds, until 2026-03-10 12:00:00 UTC "
        "(AppApiCallLimit). AliExpress named a longer time, which no ban of its has."
    )
    assert len(platform.asked) == 1


@pytest.mark.parametrize(
    "refusal",
    [
        error(11, "Insufficient isv permissions", sub_code="isv.permission-ip-whitelist-limit", sub_msg="your ip is 9"),
        error("AppWhiteIpLimit", "your ip is 9"),
        error("InsufficientPermission", "your ip is 9"),
    ],
)
def test_an_address_that_is_not_on_the_list_is_named_in_the_platform_s_words(refusal):
    caught, platform, _ = failure(refusal)
    assert (type(caught), caught.kind, len(platform.asked)) == (AddressNotListed, "authentication", 1)
    assert str(caught) == (
        "AliExpress takes calls of app 123456 only from the addresses on its list, and this machine's is not on it. "
        "AliExpress says: your ip is 9."
    )
    assert caught.advice.startswith("Put this machine's address on the app's list (IP white list)")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            error(10, "Platform System blacklist: this platform has been offline, please migrate"),
            "10 Platform System blacklist: this platform has been offline, please migrate",
        ),
        ((404, {}, b"<html>no such page</html>"), "status 404 api-sg.aliexpress.com"),
        ((404, {}, b"{}"), "status 404 api-sg.aliexpress.com"),
        ((410, {}, b""), "status 410 api-sg.aliexpress.com"),
    ],
)
def test_a_gateway_that_is_gone_names_the_setting_and_is_not_asked_again(answer, says):
    caught, platform, time = failure(answer)
    assert type(caught) is GatewayGone
    assert str(caught) == f"The gateway of store main does not serve {METHOD}: {says}."
    assert caught.advice == (
        'This gateway is gone: set gateway = "https://api-sg.aliexpress.com" under [store.main] in aexdash.toml, '
        "without a path behind it."
    )
    assert (len(platform.asked), time.slept) == (1, [])


@pytest.mark.parametrize(
    "page",
    [
        {"ret": ["FAIL_SYS_USER_VALIDATE", "RGV000_ERROR::SM"], "data": {"url": "https://punish.example/y"}},
        {"ret": "FAIL_SYS_USER_VALIDATE", "v": "1.0"},
        {"rgv000_flag": "sm", "url": "https://punish.example/y"},
    ],
)
def test_a_page_of_the_risk_control_stops_the_calls_for_ten_minutes(page):
    platform, time = Played(page), Time()
    called = gateway(platform, time=time)
    for _ in range(3):
        with pytest.raises(Throttled) as caught:
            called.call(METHOD, {})
    assert str(caught.value).startswith("AliExpress' risk control stopped the calls of app 123456 for store main: ")
    assert str(caught.value).endswith("No call is made until 2026-03-09 12:10:00 UTC.")
    assert (len(platform.asked), called.limiter.banned_until) == (1, datetime(2026, 3, 9, 12, 10, tzinfo=UTC))


def test_short_throttles_without_end_are_raised():
    caught, platform, _ = failure(error("ApiCallLimit", "this ban will last 1 seconds"))
    assert type(caught) is Throttled
    assert len(platform.asked) == 4


def test_a_wrong_clock_is_corrected_by_the_platform_s_date():
    """The call is signed again with the platform's time, and so are the calls after it."""
    refused = (200, {"Date": "Mon, 09 Mar 2026 15:30:00 GMT"}, b'{"error_response":{"code":"IllegalTimestamp"}}')
    platform = Played(refused, OK)
    called = gateway(platform)
    assert called.call(METHOD, {}) == OK["result"]
    assert called.call(METHOD, {}) == OK["result"]
    assert [int(asked.form["timestamp"]) for asked in platform.asked] == [1773057600000, 1773070200000, 1773070200000]


def test_a_wrong_clock_without_the_platform_s_date_is_raised():
    caught, platform, _ = failure(error("IllegalTimestamp"))
    assert type(caught) is ClockError
    assert str(caught) == (
        "AliExpress refused the time of a call for store main: this machine's clock reads 2026-03-09 12:00:00 UTC."
    )
    assert len(platform.asked) == 1


def test_a_clock_that_is_refused_twice_is_raised_with_both_times():
    refused = (200, {"Date": "Mon, 09 Mar 2026 15:30:00 GMT"}, b'{"error_response":{"code":31}}')
    caught, platform, _ = failure(refused)
    assert type(caught) is ClockError
    assert caught.server_time == datetime(2026, 3, 9, 15, 30, tzinfo=UTC)
    assert str(caught).endswith("reads 2026-03-09 12:00:00 UTC, AliExpress' clock 2026-03-09 15:30:00 UTC.")
    assert len(platform.asked) == 2


def test_a_refused_token_is_renewed_once_and_the_call_made_again():
    platform, tokens = Played(error("IllegalAccessToken"), OK), Tokens()
    assert gateway(platform, tokens=tokens).call(METHOD, {}) == OK["result"]
    assert tokens.renewed == [TOKEN]
    assert [asked.form["session"] for asked in platform.asked] == [TOKEN, "access-token-2"]


def test_a_token_that_is_refused_again_is_raised():
    tokens = Tokens()
    caught, platform, _ = failure(error("IllegalAccessToken"), tokens=tokens)
    assert type(caught) is AuthenticationError
    assert (len(platform.asked), tokens.renewed) == (2, [TOKEN])


def test_a_wrong_secret_does_not_use_up_the_refresh_token():
    tokens = Tokens()
    failure(error("IncompleteSignature"), tokens=tokens)
    assert tokens.renewed == []


@pytest.mark.parametrize("code", ["InvalidApiPath", "InternalError", "Whatever", "ApiCallLimit", "IllegalTimestamp"])
def test_no_secret_is_in_any_word_of_an_error_or_a_log(code, caplog):
    """Even when the platform echoes them; httpx and httpcore log at their loudest here."""
    caplog.set_level(logging.DEBUG)
    echo = f"secret {SECRET} token {TOKEN} refresh {REFRESH}"
    caught, platform, _ = failure(error(code, echo, sub_msg=echo), tokens=Tokens())
    signature = platform.asked[0].form["sign"]
    told = "\n".join((str(caught), repr(caught), caught.advice, caplog.text, *map(str, caplog.records)))
    told += "\n".join(str(vars(record)) for record in caplog.records)
    for secret in (SECRET, TOKEN, REFRESH, signature):
        assert secret not in told


def test_platform_texts_are_one_short_line_in_an_error():
    caught, _, _ = failure(error("Odd", "a\nb\x1b[31m" + "c" * 5000))
    assert str(caught) == f"AliExpress refused {METHOD} for store main: Odd a b [31m{'c' * 288}."


def test_calls_without_a_token_are_possible():
    platform = Played(OK)
    gateway(platform).call(METHOD, {})
    assert "session" not in platform.asked[0].form

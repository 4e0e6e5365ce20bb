import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.aliexpress.protocol.envelope import Failure, NotAnAnswer, failure_of, parse, unwrap
from aexdash.aliexpress.reading import as_list

LISTING = {"product_id": 1005001234567890}


@pytest.mark.parametrize(
    "answer",
    [
        {"aliexpress_solution_product_list_get_response": {"result": {"product_count": 1}, "request_id": "r"}},
        {"result": {"product_count": 1}, "request_id": "r"},
        {"product_count": 1},
        {"some_response": {"product_count": 1}},
        {"code": "0", "result": {"product_count": 1}},
    ],
)
def test_content_is_found_in_every_wrapper(answer):
    assert failure_of(answer) is None
    assert unwrap(answer)["product_count"] == 1


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (None, []),
        ("", []),
        ([], []),
        ({}, []),
        ({"item_display_dto": None}, []),
        ({"item_display_dto": []}, []),
        ([LISTING], [LISTING]),
        ({"item_display_dto": [LISTING]}, [LISTING]),
        ({"item_display_dto": {"product_id": 1, "subject": "x"}}, [{"product_id": 1, "subject": "x"}]),
        ({"product_id": 1, "subject": "x"}, [{"product_id": 1, "subject": "x"}]),
        ({"number": [1, 2]}, [1, 2]),
        ({"number": 7}, [7]),
    ],
)
def test_a_list_is_read_in_every_form_it_is_sent(sent, read):
    assert as_list(sent) == read


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (
            {"error_response": {"type": "ISV", "code": "IllegalAccessToken", "msg": "expired", "request_id": "r"}},
            Failure("IllegalAccessToken", "expired", type="ISV", request_id="r"),
        ),
        (
            {"error_response": {"code": 15, "msg": "Remote service error", "sub_code": "isv.x", "sub_msg": "y"}},
            Failure("15", "Remote service error", sub_code="isv.x", sub_text="y"),
        ),
        ({"error_response": {"code": "A", "message": "only message"}}, Failure("A", "only message")),
        (
            {"type": "ISV", "code": "IncompleteSignature", "message": "no", "request_id": "r"},
            Failure("IncompleteSignature", "no", type="ISV", request_id="r"),
        ),
        (
            {"x_response": {"result": {"success": False, "error_code": 16009999, "error_message": "no"}}},
            Failure("16009999", "no", business=True),
        ),
        (
            {"result": {"success": "false", "error_code": "F00", "error_msg": "not"}, "request_id": "r"},
            Failure("F00", "not", request_id="r", business=True),
        ),
        ({"result": {"result_success": False, "error_message": "m"}}, Failure("", "m", business=True)),
        ({"result": {"error_code": 7, "error_message": "alone"}}, Failure("7", "alone", business=True)),
        ({"result": {"is_success": False, "error_code": "1"}}, Failure("1", "", business=True)),
        ({"result": {"isSuccess": "False", "errorMessage": "m"}}, Failure("", "m", business=True)),
        ({"is_success": "false", "result": {"product_count": 0}}, Failure("", "", business=True)),
        (
            {"x_response": {"success": "n", "result": {"product_list": []}, "error_code": 9, "request_id": "r"}},
            Failure("9", "", request_id="r", business=True),
        ),
        (
            {"result": {"error_code": 15, "error_msg": "busy", "product_count": 0, "total_page": 1, "list": {"x": []}}},
            Failure("15", "busy", business=True),
        ),
        ({"result": {"success": True, "error_code": 15, "product_count": 0}}, Failure("15", "", business=True)),
        ({"result": {"error_msg": "busy", "product_count": 0}}, Failure("", "busy", business=True)),
        ({"error_code": 7, "error_msg": "flat", "result": None}, Failure("7", "flat", business=True)),
        ({"success": False, "code": "B", "message": "flat"}, Failure("B", "flat")),
        ({"success": False, "code": "B"}, Failure("B", "", business=True)),
        *(
            (
                {"type": "ISV", "code": "ApiCallLimit", "message": "m", "result": nothing},
                Failure("ApiCallLimit", "m", type="ISV"),
            )
            for nothing in (None, "", {}, [], {"product_count": 0}, {"product_count": 3})
        ),
        ({"code": "Odd", "message": "m", "result": {"product_count": 0, "list": []}}, Failure("Odd", "m")),
        ({"a": {"b": {"error_response": {"code": 7, "msg": "deep"}}}}, Failure("7", "deep")),
        ({"x_response": {"result": {"error_response": {"code": 7}}}}, Failure("7", "")),
        ({"error_response": '{"code": 7, "sub_code": "isp.x"}'}, Failure("7", "", sub_code="isp.x")),
        ({"result": '{"error_response": {"code": "A", "msg": "in a text"}}'}, Failure("A", "in a text")),
        ({"error_response": "no more calls"}, Failure("", "no more calls")),
        ({"result": '{"success": false, "error_code": 3}'}, Failure("3", "", business=True)),
        ({"ret": ["FAIL_SYS_USER_VALIDATE", "RGV"], "v": "1"}, Failure("FAIL_SYS_USER_VALIDATE", "RGV", type="RISK")),
        ({"ret": ["FAIL_SYS_SERVICE_FAULT"], "data": {}}, Failure("FAIL_SYS_SERVICE_FAULT", "", type="SYSTEM")),
    ],
)
def test_a_failure_is_found_wherever_it_stands(answer, failure):
    assert failure_of(answer) == failure


@pytest.mark.parametrize(
    "answer",
    [
        {"result": {"success": True, "error_code": 16009999, "error_message": "1", "product_count": 1201}},
        {"result": {"success": "true", "error_code": "0", "error_message": ""}},
        {"result": {"product_id": 1, "status": "refuse", "error_code": 5, "error_message": "beside data"}},
        {"code": "0", "access_token": "a", "request_id": "r"},
        {"code": 0, "message": "fine"},
        {},
        {"result": {"success": True, "product_count": 0, "total_page": 0, "product_list": []}},
        {"result": {"is_success": "true", "product_count": 0, "error_message": "none found"}},
        {"result": {"product_count": 0, "error_code": 0, "error_message": None}},
        {"result": {"product_count": 0, "error_msg": "SUCCESS"}},
        {"result": {"product_count": 2, "error_code": 5, "error_msg": "beside data"}},
        {"result": {"product_list": [{"product_id": 1}], "error_code": 5}},
        {"code": 200, "message": "OK", "result": {"product_count": 2}},
        {"code": 200, "message": "OK", "result": {"product_count": 0}},
        {"error_response": None, "result": {"product_count": 2}},
        {"result": {"product_list": [{"error_response": "a word in data"}]}},
        {"ret": ["SUCCESS::done"], "data": {"product_count": 2}},
    ],
)
def test_success_decides_and_a_message_beside_data_does_not(answer):
    assert failure_of(answer) is None


@pytest.mark.parametrize(
    ("body", "looks_like"),
    [
        (b"", "an empty body"),
        (b" \r\n ", "an empty body"),
        (b"<html><body>502 Bad Gateway</body></html>", "an HTML or XML page"),
        (b'{"result": {"success": tr', "JSON that breaks off or is damaged"),
        (b'{"result": \xff}', "JSON that breaks off or is damaged"),
        (b"[" * 100_000, "JSON that breaks off or is damaged"),
        (b"upstream timed out", "text that is not JSON"),
        (b"[1, 2]", "JSON that is not an object"),
        (b"null", "JSON that is not an object"),
        (b'{"result": {"product_count": 0}}{"error_response": {"code": 7}}', "more than one JSON text"),
        (b"<html><code>7</code><p>error_response</p></html>", "an HTML or XML page"),
        (b'<?xml version="1.0"?><x_response><product_count>0</product_count></x_response>', "an HTML or XML page"),
    ],
)
def test_what_is_no_answer_is_described_without_being_quoted(body, looks_like):
    with pytest.raises(NotAnAnswer) as caught:
        parse(body)
    assert str(caught.value) == looks_like


def test_numbers_keep_their_digits():
    """Ids above 2^53 stay whole numbers, prices stay the text that was sent."""
    assert parse(b'\xef\xbb\xbf{"id": 9007199254740993, "price": 2113.10}') == {
        "id": 9007199254740993,
        "price": "2113.10",
    }


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b'{"subject": "Vase\n\tblue\x01"}', {"subject": "Vase blue "}),
        (b'{"subject": "Vase \xff blue"}', {"subject": "Vase \ufffd blue"}),
        (b'{"subject": "caf\xc3"}', {"subject": "caf\ufffd"}),
        (b'{\n\t"subject": "Vase\n\tblue",\r\n"n": 1}', {"subject": "Vase blue", "n": 1}),
        (b'{"subject": "escaped\\n\\tstays \\u0000"}', {"subject": "escaped\n\tstays \x00"}),
        (b'{"n": 1} <!-- served by a9 -->', {"n": 1}),
        (b'{"n": 1};\n\x00', {"n": 1}),
        (b'\r\n {"n": 1}', {"n": 1}),
        ('{"subject": "ü"}'.encode("utf-16"), {"subject": "ü"}),
    ],
)
def test_json_that_is_not_quite_right_is_read(body, read):
    assert parse(body) == read


def test_an_error_in_xml_is_the_same_error():
    """Although JSON was asked for; entities and marked sections are read as what they stand for."""
    body = (
        b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8" ?>\n<error_response><code>7</code><msg>App &amp; Call</msg>'
        b"<sub_code>accesscontrol.x</sub_code><sub_msg><![CDATA[ban <2> seconds]]></sub_msg>"
        b"<request_id>r</request_id></error_response><!-- t -->"
    )
    assert failure_of(parse(body)) == Failure(
        "7", "App & Call", sub_code="accesscontrol.x", sub_text="ban <2> seconds", request_id="r"
    )


def test_a_result_that_is_a_json_text_is_read():
    assert unwrap({"x_response": {"result": '{"product_count": 4}'}}) == {"product_count": 4}
    assert unwrap({"result": "{broken", "product_count": 4}) == {"result": "{broken", "product_count": 4}


NO_DATA = st.dictionaries(
    st.sampled_from(["product_count", "total_page", "current_page", "product_list", "request_id", "total_count"]),
    st.sampled_from([0, "0", None, "", [], {}, {"item_display_dto": []}]),
)
SAYS_NO = st.sampled_from(
    [
        *(
            {name: no}
            for name in ("success", "is_success", "result_success", "isSuccess")
            for no in (False, "false", 0)
        ),
        *({name: code} for name in ("error_code", "errorCode") for code in (7, "F00", -1)),
        {"success": True, "error_code": 15},
        {"error_message": "closed"},
    ]
)
WRAPPED = st.lists(st.sampled_from(["plain", "result", "text", "response"]), max_size=1) | st.just(
    ["response", "result"]
)


def wrap(content, wrappers):
    for wrapper in reversed(wrappers):
        if wrapper == "text":
            content = {"result": json.dumps(content)}
        elif wrapper != "plain":
            content = {"x_response" if wrapper == "response" else "result": content}
    return content


@given(SAYS_NO, NO_DATA, WRAPPED)
def test_a_failure_without_data_is_a_failure_in_every_spelling_and_wrapper(failure, beside, wrappers):
    assert failure_of(wrap({**beside, **failure}, wrappers)) is not None


@given(st.sampled_from([{}, {"success": True}, {"is_success": "true"}]), NO_DATA, WRAPPED)
def test_a_zero_without_a_word_of_failure_is_a_zero(said, beside, wrappers):
    assert failure_of(wrap({**beside, **said}, wrappers)) is None


@given(st.sampled_from([{}, {"success": True}]), st.sampled_from([7, "F00"]), st.text(max_size=9), WRAPPED)
def test_an_error_beside_data_is_data(said, code, text, wrappers):
    content = {**said, "error_code": code, "error_message": text, "product_list": [LISTING]}
    assert failure_of(wrap(content, wrappers)) is None

import pytest

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

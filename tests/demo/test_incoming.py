from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aexdash.demo.platform.envelope import Refused
from aexdash.demo.platform.incoming import check_timestamp, read_request, signature

STAMP = {"sign_method": "sha256", "timestamp": "1517820392000"}
VECTORS = [
    (
        {
            "access_token": "test",
            "aliexpress_category_id": "200135143",
            "app_key": "123456",
            "method": "aliexpress.logistics.redefining.getonlinelogisticsinfo",
        },
        "",
        "F7F7926B67316C9D1E8E15F7E66940ED3059B1638C497D77973F30046EFB5BBB",
    ),
    (
        {"app_key": "12345678", "code": "3_500102_JxZ05Ux3cnnSSUm6dCxYg6Q26"},
        "/auth/token/create",
        "35607762342831B6A417A0DED84B79C05FEFBF116969C48AD6DC00279A9F4D81",
    ),
    (
        {"app_key": "12345678", "method": "aliexpress.affiliate.category.get"},
        "",
        "F3ABBAB059750C3CD6D341A2FDA939ECB0FA892120E9196270ED67D6EC1511DD",
    ),
    (
        {"access_token": "test", "app_key": "123456", "order_id": "1234"},
        "/order/get",
        "4190D32361CFB9581350222F345CB77F3B19F0E31D162316848A2C1FFD5FAB4A",
    ),
]


@pytest.mark.parametrize(("parameters", "prefix", "expected"), VECTORS)
def test_published_signatures_are_recomputed(parameters: dict[str, str], prefix: str, expected: str) -> None:
    """Reference §1.3, vectors a to d."""
    assert (
        signature({**parameters, **STAMP, "sign": "ignored", "blank": " "}, "helloworld", "sha256", prefix) == expected
    )


def test_query_and_body_are_one_set_of_parameters() -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}
    read = read_request("post", "/sync?method=a&v=2.0", form | {"Host": "127.0.0.1:99"}, b"subject=%D0%A8%D1%82&empty=")
    assert (read.verb, read.path, read.origin) == ("POST", "/sync", "http://127.0.0.1:99")
    assert read.parameters == {"method": "a", "v": "2.0", "subject": "Шт", "empty": ""}


def test_text_fields_of_a_multipart_body_are_parameters_and_files_are_not() -> None:
    body = (
        '--edge\r\nContent-Disposition: form-data; name="subject"\r\n\r\nШтора\r\n'
        '--edge\r\nContent-Disposition: form-data; name="image_bytes"; filename="a.jpg"\r\n\r\nbytes\r\n--edge--\r\n'
    ).encode()
    read = read_request("POST", "http://h/sync", {"content-type": "multipart/form-data; boundary=edge"}, body)
    assert read.parameters == {"subject": "Штора"}


NOON = datetime(2026, 5, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-05-02 12:00:00", "2026-05-02 10:00:00", "1777723200000", "1777730400000"])
def test_clocks_up_to_two_hours_off_are_taken(text: str) -> None:
    check_timestamp(text, NOON)


@pytest.mark.parametrize(
    "text", ["2026-05-02 09:59:59", "1777730401000", "yesterday", "9" * 30, "2026-05-02T12:00:00Z"]
)
def test_other_clocks_are_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        check_timestamp(text, NOON)
    assert caught.value.code == "IllegalTimestamp"

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.aliexpress.errors import UnreadableAnswer
from aexdash.aliexpress.reading import (
    by_language,
    count,
    flag,
    images,
    in_english,
    pacific,
    product_id,
    rest,
    text,
    whole,
)

PACIFIC = ZoneInfo("America/Los_Angeles")

FIRST, LAST = datetime(1990, 1, 1), datetime(2090, 1, 1)  # noqa: DTZ001 - hypothesis takes bounds without a zone

local_times = st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(microsecond=0))


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-01-15 08:00:00", datetime(2026, 1, 15, 16, tzinfo=UTC)),
        ("2026-07-15 08:00:00", datetime(2026, 7, 15, 15, tzinfo=UTC)),
        ("2026-03-08 02:30:00", datetime(2026, 3, 8, 10, 30, tzinfo=UTC)),  # spring leaves this hour out
        ("2026-11-01 01:30:00", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),  # autumn has this hour twice
        ("2026-07-15 08:00:00.123", datetime(2026, 7, 15, 15, 0, 0, 123000, tzinfo=UTC)),
        ("2026-07-15T08:00:00+08:00", datetime(2026, 7, 15, 0, tzinfo=UTC)),
        (" 2026-07-15 08:00 ", datetime(2026, 7, 15, 15, tzinfo=UTC)),
        ("1773057600000", datetime(2026, 3, 9, 12, tzinfo=UTC)),
        (1773057600000, datetime(2026, 3, 9, 12, tzinfo=UTC)),
        (None, None),
        ("", None),
        ("0000-00-00 00:00:00", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31 23:59:59", None),
        ({"time": 1}, None),
    ],
)
def test_product_times_are_pacific_unless_they_say_otherwise(written, utc):
    assert pacific(written) == utc


@given(local_times)
def test_no_local_hour_of_any_day_is_unreadable(moment):
    """Whatever DST does to it, a time is read, and lies seven or eight hours behind UTC."""
    read = pacific(f"{moment:%Y-%m-%d %H:%M:%S}")
    assert read is not None
    assert read.replace(tzinfo=None) - moment in (timedelta(hours=7), timedelta(hours=8))


@given(st.datetimes(FIRST, LAST, timezones=st.just(UTC)))
def test_a_moment_written_in_pacific_time_is_read_back(moment):
    """But for the doubled hour in autumn, of which the first is taken."""
    moment = moment.replace(microsecond=0)
    local = moment.astimezone(PACIFIC)
    assert pacific(f"{local:%Y-%m-%d %H:%M:%S}") == moment - timedelta(hours=local.fold)


@given(st.text() | st.integers() | st.none() | st.booleans())
def test_no_time_text_ever_raises(written):
    read = pacific(written)
    assert read is None or read.tzinfo is UTC


@pytest.mark.parametrize(
    ("sent", "urls"),
    [
        ("https://a/1.jpg;https://a/2.jpg", ("https://a/1.jpg", "https://a/2.jpg")),
        (" https://a/1.jpg ;;https://a/1.jpg; ", ("https://a/1.jpg",)),
        ({"string": ["https://a/1.jpg", "https://a/2.jpg"]}, ("https://a/1.jpg", "https://a/2.jpg")),
        (["javascript:alert(1)", 7, None], ("javascript:alert(1)",)),
        ("", ()),
        (None, ()),
    ],
)
def test_pictures_are_split_and_kept_as_they_came(sent, urls):
    assert images(sent) == urls


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        (9007199254740993, 9007199254740993),
        ("9007199254740993", 9007199254740993),
        (" 12 ", 12),
        ("-3", -3),
        ("1_000", None),
        ("1.5", None),
        (True, None),
        (None, None),
        ([], None),
        (2**63, None),
        ("9" * 5000, None),
    ],
)
def test_whole_numbers(sent, number):
    assert whole(sent) == number


def test_a_count_is_never_below_zero():
    assert (count(-1), count("0"), count("17")) == (None, 0, 17)


@pytest.mark.parametrize("sent", [None, 0, -5, "", "abc", 2**63, True])
def test_a_listing_without_a_usable_id_is_an_unreadable_answer(sent):
    with pytest.raises(UnreadableAnswer, match="without a usable product_id"):
        product_id({"product_id": sent})


def test_texts_keep_everything_but_half_characters():
    assert text("<b>=1+1\u202e😀") == "<b>=1+1\u202e😀"
    assert text("\ud83d alone") == "\ufffd alone"
    assert (text(0), text(""), text(None), text({})) == ("0", None, None, None)


def test_truths():
    assert [flag(sent) for sent in (True, "true", 1, "y", False, "false", 0, None, "")] == [True] * 4 + [False] * 5


def test_names_of_many_languages():
    assert by_language('{"zh": "品牌", "en": "Brand Name"}') == {"zh": "品牌", "en": "Brand Name"}
    assert in_english({"zh": "品牌", "en": "Brand Name"}) == "Brand Name"
    assert in_english({"zh": "品牌"}) == "品牌"
    assert by_language("Brand") == {"": "Brand"}
    assert (by_language(None), by_language(""), in_english({})) == ({}, {}, "")


def test_unknown_fields_are_kept_in_a_fixed_order():
    fields = {"z": [1], "a": {"c": 1, "b": "é"}, "known": 1, "empty": "", "none": None}
    assert rest(fields, {"known"}) == '{"a":{"b":"é","c":1},"z":[1]}'
    assert rest({"known": 1}, {"known"}) == ""

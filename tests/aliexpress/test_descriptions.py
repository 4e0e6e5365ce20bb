"""What a description says is counted, whatever HTML it is, and nothing is counted that was not told."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.aliexpress.descriptions import EMPTY, MOST_READ, NOT_TOLD, Description, description, measured
from aexdash.platform_data import Outside

NONE = Outside()

PIECES = st.sampled_from(["<", ">", "</", "<!", "<![", "<!--", "-->", "<a ", "=", "'", '"', "&", "&amp;", "<script>"])
HTML = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=40).map("".join)


@pytest.mark.parametrize(
    ("html", "chars", "pictures"),
    [
        ("", 0, 0),
        ("Plain text", 10, 0),
        ("<p>Warm&nbsp;&amp; soft</p>\n\n  <p>wool</p>", 16, 0),
        ('<img src="a.jpg"><IMG SRC=b.jpg/><img>', 0, 2),
        ("<style>p { color: red }</style><script>go()</script>Wool", 4, 0),
        ("<p>暖かい</p>", 3, 0),
        ("<![CDATA[ hidden ]]>Wool", 4, 0),
        ("Wool <img src='a.jpg", 4, 0),
        ("Black & white", 13, 0),
    ],
)
def test_text_and_pictures_of_a_description(html: str, chars: int, pictures: int) -> None:
    assert measured(html) == Description(chars, pictures, NONE)


@given(HTML)
def test_any_html_is_measured_and_says_no_more_than_it_holds(html: str) -> None:
    found = measured(html)
    assert found == measured(html)
    assert 0 <= (found.chars or 0) <= len(html)
    assert 0 <= (found.pictures or 0) <= html.lower().count("<img")


@pytest.mark.parametrize("piece", ["<", "<!--", "<a ", "<a b='", "&", "<script>", "<![CDATA[", "<p>x</p>"])
def test_html_made_to_be_slow_is_measured_in_passing(piece: str) -> None:
    begun = time.process_time()
    measured(piece * MOST_READ)
    assert time.process_time() - begun < 5


def test_the_main_language_is_the_plain_one_then_english_then_the_first() -> None:
    several = [{"locale": "es_ES", "web_detail": "hola"}, {"locale": "en_US", "web_detail": "<b>hi</b>"}]
    assert description(several, "<p>plain</p>") == Description(5, 0, NONE)
    assert description(several) == Description(2, 0, NONE)
    assert description({"global_description": several[:1]}) == Description(4, 0, NONE)


def test_what_was_not_told_is_not_an_empty_description() -> None:
    assert description(None) == NOT_TOLD
    assert description([], "") == NOT_TOLD
    assert description([{"locale": "en_US", "web_detail": "", "mobile_detail": '{"moduleList":[]}'}]) == NOT_TOLD
    assert description([{"locale": "en_US", "web_detail": ""}]) == EMPTY

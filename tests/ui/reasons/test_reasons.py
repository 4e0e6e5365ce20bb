import tomllib
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from aexdash.config.settings import load_settings
from aexdash.desk.annotations import Annotations, TextCount
from aexdash.reasons.recognise import Recogniser
from aexdash.ui.reasons.unrecognised import not_recognised, phrase_lines
from tests.ui.reading import said
from tests.ui.sample import FIRST, HOSTILE, NOW, REJECTED, with_history

EARLIER = datetime(2026, 3, 8, 9, 0, tzinfo=UTC)


def labels(page):
    return [expander.label for expander in page.expander]


def test_the_family_that_holds_most_is_open_and_its_codes_say_what_is_held(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "reasons")
    assert not page.exception
    assert page.pills(key="family-picked").value == "image"
    assert "Main picture too small :gray[image\\.main\\_too\\_small] · **4 held**" in labels(page)


def test_a_code_says_what_is_asked_where_that_is_written_what_to_do_and_by_what_it_is_recognised(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "reasons", code="image.main_too_small")
    opened = next(expander for expander in page.expander if expander.proto.expanded)
    assert opened.label.startswith("Main picture too small")
    told = "\n".join(element.value for element in opened.markdown)
    for part in ("edit and submit again", "**AliExpress asks**", "800 × 800", "**What to do**", "\n1. ", "English: "):
        assert part in told, part


def test_an_appeal_has_its_clock(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "reasons", code="other.taken_down_violation")
    assert page.pills(key="family-picked").value == "other"
    assert any("an appeal is open for 7 days" in text for text in said(page))


def test_a_picked_family_is_in_the_address_and_an_unknown_one_is_passed_over(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "reasons", family="nonsense", code="no.such")
    page.pills(key="family-picked").set_value("title").run()
    assert not page.exception
    assert page.query_params["family"] == "title"
    assert "code" not in page.query_params


def test_what_was_not_recognised_is_listed_with_its_listings_and_when_it_was_first_seen(open_page, tmp_path):
    annotate(with_history(tmp_path), {FIRST: HOSTILE, REJECTED[1]: HOSTILE, REJECTED[2]: "main image is too small"})
    page = open_page(tmp_path, "reasons")
    assert not page.exception
    table = page.dataframe[0].value
    assert table.to_dict("records") == [{"Text": HOSTILE, "Listings": 2, "First seen": "8 Mar 2026"}]


def test_without_texts_the_page_says_so(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "reasons")
    assert "No text from Seller Center has been saved so far." in [caption.value for caption in page.caption]


def test_texts_on_most_listings_come_first_and_recognised_ones_are_left_out(tmp_path):
    recogniser = Recogniser(load_settings(tmp_path).taxonomy())
    few, many, plain = (
        TextCount("zzz qqq", 1, NOW),
        TextCount("xxx yyy", 9, NOW),
        TextCount("main image is too small", 5, NOW),
    )
    assert not_recognised([few, plain, many], recogniser) == [many, few]


@given(st.lists(st.text(), min_size=1, max_size=3))
def test_the_lines_that_teach_a_phrase_are_read_back_as_that_phrase(phrases):
    written = phrase_lines("image.main_too_small", phrases)
    assert tomllib.loads(written) == {"phrases": {"image.main_too_small": phrases}}


def annotate(home, texts):
    Annotations(home / "desk.db").add("main", texts.items(), source="pasted", by="Ana", now=EARLIER)

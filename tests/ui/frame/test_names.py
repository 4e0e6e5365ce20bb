import json
import re
from collections import Counter
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from aexdash.desk.profiles import Profiles
from tests.ui.alerts.alerted import kept, opened, severe
from tests.ui.sample import NOW, with_history


def names(app: AppTest) -> dict[str, str | list[str]]:
    """What a page tells the browser to call its controls, by the class of the place they stand in."""
    bodies = " ".join(block.proto.body for block in app.get("html"))
    told: dict[str, str | list[str]] = {}
    for text in re.findall(r'data-names="([^"]*)"', bodies):
        told |= json.loads(unescape(text))
    return told


def called(app: AppTest, label: str) -> list[str]:
    """The names of all buttons that say one word."""
    told = names(app)
    return [str(told.get(f"st-key-{button.key}", button.label)) for button in app.button if button.label == label]


def test_a_button_to_change_a_band_says_of_which_card(open_page, tmp_path):
    page = open_page(with_history(tmp_path), "sensitivity", card="aex_active_listings")
    said = called(page, "Change") + called(page, "Close")
    assert "Change band of Suppressed share" in said
    assert "Close band of Active listings" in said
    assert len(said) == len(set(said)) == 19


@pytest.mark.parametrize("part", ["rules", "episodes"])
def test_no_two_controls_of_a_part_have_one_name(open_page, tmp_path, part):
    kept(with_history(tmp_path), opened(), severe())
    page = open_page(tmp_path, "sensitivity", part=part)
    told = Counter(words if isinstance(words, str) else words[0] for words in names(page).values())
    assert len(told) > 5
    assert [words for words, times in told.items() if times > 1] == []


def test_a_rule_is_switched_muted_and_edited_by_its_name(open_page, tmp_path):
    told = names(open_page(with_history(tmp_path), "sensitivity", part="rules"))
    assert [told[f"st-key-{key}"] for key in ("switch-held", "mute-held", "edit-rule-held")] == [
        "On: Anything is held",
        "Mute Anything is held",
        "Edit Anything is held",
    ]


def test_what_a_person_wrote_is_a_name_and_no_markup(open_page, tmp_path):
    title = "Spring \"<b>' & co"
    Profiles(with_history(tmp_path) / "desk.db").make(title, ["main"], by="Ann", now=NOW)
    page = open_page(tmp_path, "sensitivity", person='Ann "<script>')
    told = names(page)
    assert f"Change profile {title}" in told.values()
    assert told["st-key-person"] == 'Ann "<script> is your name; change it'
    assert not [block for block in page.get("html") if "<b>" in block.proto.body or "<script>" in block.proto.body]

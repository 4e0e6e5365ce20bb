"""Names that people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.people.names import NoName, Person, legible, named, owner_named


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Olga", "Olga"),
        ("  Ann \n Lee ", "Ann Lee"),
        ("Smith, Jane", "Smith, Jane"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("Ол\u202eьга\0", "Ольга"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("7", "7"),
        ("Ann\u202e \x00 Lee", "Ann Lee"),
        ('"<b>=1+1', '"<b>=1+1'),
    ],
)
def test_a_name_is_one_line_as_people_see_it(typed, name):
    assert named(typed) == Person(name)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "A name needs a letter or a digit in it."),
        (" - ", "A name needs a letter or a digit in it."),
        ("\u202e", "A name needs a letter or a digit in it."),
        ("a" * 61, "A name has at most 60 characters; this one has 61."),
        ("\u3164\u2800", "A name needs a letter or a digit in it."),
        ("-", "A name needs a letter or a digit in it."),
        ("Nobody", "Nobody stands for no person in lists and logs of aexdash; write another name."),
        (" rule\u200b", "rule stands for no person in lists and logs of aexdash; write another name."),
        ("Command  Line", "Command Line stands for no person in lists and logs of aexdash; write another name."),
        ("AliExpress", "AliExpress stands for no person in lists and logs of aexdash; write another name."),
    ],
)
def test_what_is_no_name_is_said_in_a_sentence(typed, sentence):
    with pytest.raises(NoName) as told:
        named(typed)
    assert str(told.value) == sentence


@given(st.text())
def test_a_name_that_was_read_is_read_again_as_it_is(text):
    try:
        person = named(text)
    except NoName:
        return
    assert named(person.name) == person


def test_what_is_kept_of_a_person_is_kept_under_the_sign_in_where_there_is_one():
    assert Person("Olga").id == "Olga"
    assert Person("Olga", "https://accounts.example|7").id == "https://accounts.example|7"


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u202e\u2066", "\u3164", "\u2800 \u2800", "\u200d", "\ufe0f"])
def test_a_text_in_which_nothing_is_seen_is_none(text):
    assert legible(text) == ""


@pytest.mark.parametrize("text", ["Photos", "🔥", "—", "图片", "👩\u200d🔧"])
def test_a_text_in_which_something_is_seen_stays(text):
    assert legible(f" {text}\u202e ") == text


def test_an_empty_owner_is_nobody_and_any_other_is_a_name():
    assert (owner_named(" "), owner_named(" Ann\u202e ")) == ("", "Ann")

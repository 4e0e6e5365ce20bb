import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.desk.people import LONGEST, NoName, Person, named


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Olga", "Olga"),
        ("  Olga\u00a0 Petrova\n", "Olga Petrova"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("Smith, Ann", "Smith, Ann"),
        ('Ann "the fix" <b>', 'Ann "the fix" <b>'),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("7", "7"),
        ("Ann\u202e \x00 gnA", "Ann gnA"),
        ("李" * LONGEST, "李" * LONGEST),
    ],
)
def test_a_name_is_kept_as_people_read_it(typed, kept):
    assert named(typed) == Person(kept)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "A name needs a letter or a digit in it."),
        (" - ", "A name needs a letter or a digit in it."),
        ("\u202e\x00", "A name needs a letter or a digit in it."),
        ("x" * 61, "A name has at most 60 characters; this one has 61."),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_in_a_sentence(typed, sentence):
    with pytest.raises(NoName, match=f"^{re.escape(sentence)}$"):
        named(typed)


@given(st.text())
def test_a_name_that_was_read_is_read_again_as_it_is(text):
    try:
        person = named(text)
    except NoName:
        return
    assert named(person.name) == person


def test_what_is_private_is_kept_under_the_key_of_a_sign_in_once_there_is_one():
    assert Person("Olga").id == "Olga"
    assert Person("Olga", "https://id.example|42").id == "https://id.example|42"

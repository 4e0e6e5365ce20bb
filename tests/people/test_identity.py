"""Who somebody is by the word of a provider, whatever it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.people.identity import Identity, NoIdentity, identity_of
from aexdash.people.names import LONGEST, named


def read(**claims):
    return identity_of({"iss": "https://id", "sub": "1", **claims}, name_claim="name", groups_claim="groups")


def test_a_person_is_the_providers_subject_under_the_name_that_it_told():
    assert read(name="Ana Ruiz", groups=["leads", "desk"]) == Identity("https://id|1", "Ana Ruiz", ("leads", "desk"))
    assert read(name="Ana Ruiz").person.key == "https://id|1"


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"email": "ana@example.com"}, "ana@example.com"),
        ({"name": "  ", "preferred_username": "ana"}, "ana"),
        ({"name": "nobody", "email": "ana@example.com"}, "ana@example.com"),
        ({"name": ["Ana"]}, "1"),
        ({"name": "A\u202ena\u2066"}, "Ana"),
        ({"name": "Ana " * 40}, "Ana " * 14 + "Ana"),
    ],
)
def test_without_a_usable_name_it_is_the_next_thing_that_can_be_shown(claims, name):
    assert read(**claims).name == name


@pytest.mark.parametrize("subject", [None, "", 7, ["1"]])
def test_nobody_is_let_in_without_a_subject(subject):
    with pytest.raises(NoIdentity, match="no subject"):
        read(name="Ana", sub=subject)


@pytest.mark.parametrize(
    ("told", "groups"),
    [("leads", ("leads",)), (None, ()), (["a", 1, "", "a", "b"], ("a", "b")), ({"a": 1}, ()), (7, ())],
)
def test_groups_are_texts_however_they_are_told(told, groups):
    assert read(groups=told).groups == groups


@given(
    st.dictionaries(
        st.sampled_from(["name", "email", "preferred_username", "groups", "iss"]), st.text() | st.integers()
    )
)
def test_any_claims_give_a_name_that_could_have_been_typed_or_a_sentence(claims):
    name = read(**claims).name
    assert named(name).name == name
    assert len(name) <= LONGEST

"""Which words of a text stand for a word of a phrase, and how like they have to be."""

from __future__ import annotations

import pytest

from aexdash.reasons.lexicon import Hit, Lexicon
from aexdash.reasons.phrasing import sentences


def found(lexicon: Lexicon, text: str) -> dict[int, list[tuple[int, int, float]]]:
    (sentence,) = sentences(text)
    hits = lexicon.find(sentence)
    return {slot: [(hit.start, hit.end, round(hit.likeness, 1)) for hit in some] for slot, some in hits.items()}


@pytest.mark.parametrize(
    ("word", "written", "likeness"),
    [
        ("map", "map", 100.0),
        ("map", "maps", None),  # of three letters, spelled exactly
        ("mops", "mopss", 88.9),
        ("mops", "mopsst", None),  # 80 %, four letters ask for 86
        ("photo", "phota", 80.0),
        ("photos", "phot", None),  # the shorter word says how many letters there are
        ("picture", "pictzzre", 80.0),
        ("picture", "pictzzzre", None),  # 75 %
        ("watermark", "watermxxk", None),  # 77.8 %, longer words ask for 78
        ("watermarks", "watermxxks", 80.0),
        ("characteristic", "characxxxistic", 78.6),
        ("photo", "foto", None),  # slips at the first letter are rare
        ("12345", "12346", None),
    ],
)
def test_a_word_may_be_spelled_nearly_so(word: str, written: str, likeness: float | None) -> None:
    expected = {} if likeness is None else {1: [(0, 1, likeness)]}
    assert found(Lexicon([[word]], frozenset()), written) == expected


def test_a_lexicon_may_ask_for_words_exactly() -> None:
    exact = Lexicon([["photo"]], frozenset(), exact=True)
    assert (found(exact, "phota"), found(exact, "photo")) == ({}, {1: [(0, 1, 100.0)]})


def test_of_several_like_words_the_likest_count() -> None:
    lexicon = Lexicon([["photograph"], ["photography"]], frozenset())
    assert found(lexicon, "photographs") == {1: [(0, 1, 95.2)]}
    assert found(lexicon, "photography") == {2: [(0, 1, 100.0)]}


def test_words_of_a_group_stand_for_each_other() -> None:
    lexicon = Lexicon([["picture", "photo"], ["small", "tiny"]], frozenset())
    assert lexicon.slots("photo tiny") == lexicon.slots("picture small") == (1, 2)
    assert lexicon.slots("pictures small") == (1, 2)
    assert lexicon.groups_of(["tiny", "photo"]) == {1, 2}


def test_a_phrase_of_one_term_is_taken_literally() -> None:
    lexicon = Lexicon([["picture", "photo"]], frozenset({"the"}))
    assert lexicon.slots("the photo") == lexicon.slots("photo") == (2,)
    assert lexicon.slots("the") == ()
    assert lexicon.slots("kettle") == (3,)
    assert found(lexicon, "kettle") == {3: [(0, 1, 100.0)]}
    assert lexicon.slots("photo photo") == (4,)
    assert found(lexicon, "picture photo") == {1: [(0, 1, 100.0), (1, 2, 100.0)], 2: [(1, 2, 100.0)]}


def test_words_that_a_group_has_as_one_are_put_together() -> None:
    lexicon = Lexicon([["marca de agua"], ["marca"], ["falta"]], frozenset())
    assert lexicon.slots("falta marca de agua") == (3, 1)
    assert lexicon.slots("falta marca") == (3, 2)


def test_a_term_of_several_words_stands_within_a_clause_and_rules_out_its_parts() -> None:
    lexicon = Lexicon([["water mark"], ["water"]], frozenset())
    assert found(lexicon, "big water mark") == {1: [(1, 3, 100.0)]}
    assert found(lexicon, "water, mark") == {2: [(0, 1, 100.0)]}
    assert found(lexicon, "mark water") == {2: [(1, 2, 100.0)]}
    assert found(lexicon, "water marked") == {2: [(0, 1, 100.0)]}
    assert found(Lexicon([["water picture"]], frozenset()), "waters picturs") == {1: [(0, 2, 85.7)]}


def test_a_longer_chinese_term_rules_out_none() -> None:
    lexicon = Lexicon([["水印"], ["水"]], frozenset())
    assert found(lexicon, "水印") == {1: [(0, 2, 100.0)], 2: [(0, 1, 100.0)]}


def test_places_beside_within_and_over_each_other() -> None:
    one, beside, over, far = Hit(2, 4, 0, 100), Hit(4, 5, 0, 100), Hit(1, 4, 0, 100), Hit(7, 9, 0, 100)
    assert (one.distance(far), far.distance(one), one.distance(beside)) == (3, 3, 0)
    assert (one.overlaps(over), over.overlaps(one), one.overlaps(beside), beside.overlaps(one)) == (
        True,
        True,
        False,
        False,
    )
    assert (one.inside(over), over.inside(one), one.inside(one), one.inside(Hit(2, 5, 0, 100))) == (
        True,
        False,
        False,
        True,
    )
    assert list(one.units) == [2, 3]

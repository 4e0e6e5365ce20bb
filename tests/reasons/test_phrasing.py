"""A text cut into sentences, clauses and folded words."""

from __future__ import annotations

import pytest

from aexdash.reasons.phrasing import Unit, folded, is_character, sentences, term


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("No brand, photo", [[Unit("no", 0, 2, 0), Unit("brand", 3, 8, 0), Unit("photo", 10, 15, 1)]]),
        ("Brand. Photo", [[Unit("brand", 0, 5, 0)], [Unit("photo", 7, 12, 1)]]),
        ("1. Brand", [[Unit("brand", 3, 8, 1)]]),
        ("v1.5", [[Unit("v", 0, 1, 0), Unit("1", 1, 2, 0), Unit("5", 3, 4, 0)]]),
        ("500 x 600 px", [[Unit("800x800", 0, 9, 0), Unit("px", 10, 12, 0)]]),
        ("主图 small", [[Unit("主", 0, 1, 0), Unit("图", 1, 2, 0), Unit("small", 3, 8, 0)]]),
        (
            "isn't CAN’T dont Ñandú's o'clock",
            [
                [
                    Unit("not", 0, 5, 0),
                    Unit("not", 6, 11, 0),
                    Unit("not", 12, 16, 0),
                    Unit("nandu", 17, 24, 0),
                    Unit("oclock", 25, 32, 0),
                ]
            ],
        ),
        ("XX kettle", [[Unit("xx", 0, 2, 0), Unit("kettle", 3, 9, 0)]]),
        ("a - b-c", [[Unit("a", 0, 1, 0), Unit("b", 4, 5, 1), Unit("c", 6, 7, 1)]]),
        (
            "40 by 50; 4x5",
            [[Unit("800x800", 0, 8, 0)], [Unit("4", 10, 11, 1), Unit("x", 11, 12, 1), Unit("5", 12, 13, 1)]],
        ),
        ("… ; \n", []),
    ],
)
def test_a_text_is_cut_into_sentences_clauses_and_folded_words(text: str, units: list[list[Unit]]) -> None:
    assert list(sentences(text)) == units


def test_a_sentence_without_an_end_is_cut_after_eighty_words() -> None:
    lengths = [len(sentence) for sentence in sentences("word " * 165)]
    assert lengths == [80, 80, 5]
    assert [len(sentence) for sentence in sentences("the word " * 80, ["the"])] == [80]


@pytest.mark.parametrize(
    "word",
    ["cannot", "dont", "doesnt", "isnt", "arent", "cant", "wasnt", "don't", "hasn’t", "WON'T"],
)
def test_every_way_of_writing_not_is_one_word(word: str) -> None:
    assert (folded(word), term(f"{word} fit")) == ("not", ("not", "fit"))


@pytest.mark.parametrize(
    ("word", "alone"),
    [("图", True), ("㐀", True), ("한", True), ("힣", True), ("X", False), ("の", False), ("б", False)],
)
def test_a_han_character_or_a_hangul_syllable_stands_for_itself(word: str, alone: bool) -> None:
    assert is_character(word) is alone


def test_korean_reads_the_same_with_and_without_spaces() -> None:
    assert term("대표 이미지") == term("대표이미지") == ("대", "표", "이", "미", "지")


@pytest.mark.parametrize("word", ["YANLIŞ", "Yanlış", "yanliş", "YANLİŞ", "yanlis"])
def test_the_letters_i_of_turkish_are_one(word: str) -> None:
    assert folded(word) == "yanlis"


def test_what_is_elided_before_an_apostrophe_is_passed_over() -> None:
    assert term("L'image n’est pas d'origine, qu'importe") == ("image", "est", "pas", "origine", "importe")
    assert term("don't o'clock marca d'água") == ("not", "oclock", "marca", "agua")

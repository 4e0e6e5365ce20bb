"""Phrases of many forms: what stands for what, and that a phrase that says more is not cut."""

from __future__ import annotations

import pytest

from aexdash.ask.language import counts, patterns, synonyms
from aexdash.ask.language.lexicon import Lexicon, Meaning, Tag
from aexdash.ask.language.text import words_of
from aexdash.ask.question import DONE_NAMES, OPEN, By, Move
from aexdash.ask.vocabulary import STATE_WORDS
from aexdash.cards import CARDS
from aexdash.view import FILTERS

FILTER = {one.name: one for one in FILTERS}


def _hits(text, lexicon=None):
    words = words_of(text)
    return patterns.hits(lexicon or Lexicon(), words, [False] * len(words))


@pytest.mark.parametrize("name", synonyms.load()["pattern"])
def test_what_a_pattern_stands_for_is_known(name):
    section, _, value = name.partition(".")
    known = {
        "card": {*CARDS, "time_to_clear"},
        "move": set(Move),
        "state": {*STATE_WORDS, "again"},
        "alone": set(By),
        "order": set(FILTER) | {"oldest", "money", "price", "urgent"},
        "plain": set(synonyms.load()["plain"]),
        "done": set(DONE_NAMES),
        "alerts": {OPEN},
    }
    if section == "where":
        filtered, _, word = value.partition(".")
        assert FILTER[filtered].value_of(word)
    else:
        assert value in known[section]


@pytest.mark.parametrize(
    "text",
    [
        "nobody has taken yet",
        "никто ещё не взял в работу",
        "nadie los ha tomado",
        "还没人领取",
        "still to be picked up",
    ],
)
def test_every_combination_of_choices_is_one_phrase(text):
    [hit] = _hits(text)
    assert (hit.first, hit.after) == (0, len(words_of(text)))
    assert hit.meanings == (Meaning(Tag.WHERE, "new", "stage"),)


def test_a_longer_phrase_is_not_cut_by_a_form():
    lexicon = Lexicon()
    lexicon.add(["nobody has taken the blame"], Meaning(Tag.PLAIN, "stop"))
    [hit] = _hits("nobody has taken the blame", lexicon)
    assert hit.meanings == (Meaning(Tag.PLAIN, "stop"),)


def test_what_turns_a_meaning_round_before_a_form_keeps_its_words():
    lexicon = Lexicon()
    lexicon.add(["but not"], Meaning(Tag.NEGATION, ""))
    lexicon.add(["taken"], Meaning(Tag.WHERE, "taken", "stage"))
    assert [hit.meanings[0].tag for hit in _hits("held but not taken", lexicon)] == [Tag.NEGATION, Tag.WHERE]


def test_a_form_does_not_stand_within_a_word():
    assert _hits("unrecovereds") == []


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("vs the 7 before", 7, ""),
        ("compared with the seven days before that", 7, "day"),
        ("frente a los 7 anteriores", 7, ""),
        ("по сравнению с предыдущими 7", 7, ""),
        ("和前7天比", 7, "day"),
        ("than the previous 3", 3, ""),
    ],
)
def test_so_many_before_are_found_where_they_are_compared_with(text, count, unit):
    [found] = counts.befores(text)
    assert (found.count, found.unit) == (count, unit)


@pytest.mark.parametrize("text", ["held 7 days before", "the previous 7 days", "vs the previous 7 days", "前7天被拒"])
def test_elsewhere_they_are_left_to_the_grammar_of_times(text):
    assert list(counts.befores(text)) == []

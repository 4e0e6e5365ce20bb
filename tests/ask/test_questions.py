"""Our own questions in four languages: those that were tuned on are all right, and none at all is read wrongly."""

from __future__ import annotations

import pytest

from aexdash.ask.answer import Why
from aexdash.ask.reading import read
from tests.ask.asked import OUTCOMES, REFUSED, RIGHT, WRONG, outcome, questions, tally
from tests.ask.made import NOW

ASKED = list(questions())


def test_there_are_enough_of_them_in_four_languages_and_half_are_held_out():
    assert len(ASKED) >= 400
    assert {one.language for one in ASKED} == {"en", "zh", "ru", "es"}
    assert len({one.text for one in ASKED}) == len(ASKED)
    assert 0.4 < sum(one.held_out for one in ASKED) / len(ASKED) < 0.7


@pytest.mark.parametrize("asked", [one for one in ASKED if not one.held_out], ids=lambda one: one.text)
def test_what_was_tuned_on_is_read_rightly_or_refused_rightly(asked, home, lexicon):
    assert outcome(asked, home.workspace, lexicon) not in (WRONG, REFUSED)


@pytest.mark.slow
def test_of_those_held_out_none_is_wrong_and_at_least_95_in_100_are_right(home, lexicon):
    counts = tally([one for one in ASKED if one.held_out], home.workspace, lexicon)
    summed = {told: sum(count[told] for count in counts.values()) for told in OUTCOMES}
    assert summed[WRONG] == 0
    assert summed[REFUSED] <= 0.05 * sum(summed.values())
    assert summed[RIGHT] > 100


@pytest.mark.parametrize(
    "words",
    [
        "how many flibber listings are rejected",
        "how many rejected listings of brand Acme",
        "rejected listings cheaper than 5",
        "how many rejected listings below 3 stars",
        "被拒的蓝色商品",
        "сколько синих отклонённых товаров",
        "cuántos productos azules rechazados",
    ],
)
def test_a_word_that_is_not_understood_is_never_dropped(words, home, lexicon):
    told = read(words, home.workspace, lexicon, NOW)
    assert told.refusal is not None
    assert told.refusal.why in (Why.NOT_UNDERSTOOD, Why.INCOMPLETE)


def test_what_is_ignored_is_said(home, lexicon):
    told = read("hello, please tell me how many are rejected, thanks", home.workspace, lexicon, NOW)
    assert told.question is not None
    assert {"hello", "please", "thanks"} <= set(told.question.ignored)


def test_each_word_says_what_it_was_read_as(home, lexicon):
    told = read("which rejcted listings in Madrid have a watermark", home.workspace, lexicon, NOW)
    read_as = {one.words: one.meaning for one in told.question.read}
    assert read_as["rejcted"] == "rejected: rejected"
    assert read_as["Madrid"] == "madrid"
    assert read_as["watermark"] == "Text or watermark on a picture"


@pytest.mark.slow
def test_two_readings_are_two_choices_that_are_read_as_one_each(home, lexicon):
    for one in ASKED:
        told = read(one.text, home.workspace, lexicon, NOW)
        for choice in told.refusal.choices if told.refusal else ():
            again = read(choice.words, home.workspace, lexicon, NOW)
            assert again.question is not None, (one.text, choice.words, again.refusal)


@pytest.mark.parametrize(
    "words", ["", "   ", "?", "a" * 5000, "\x00\x01", "🙂🙂", "how many are held " * 60, '"', "status:", ":" * 50]
)
def test_nonsense_is_refused_in_a_sentence(words, home, lexicon):
    told = read(words, home.workspace, lexicon, NOW)
    assert told.refusal is not None
    assert told.refusal.sentence.endswith(".")

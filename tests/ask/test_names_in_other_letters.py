"""Names of stores and people in Russian or Chinese letters are those names, where one name alone fits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aexdash.ask.reading import read
from aexdash.ask.vocabulary import build
from tests.ask import blind
from tests.ask.made import NOW

READ = {
    "в мадриде отклонённые": "listings store:madrid status:rejected",
    "что висит на модерации в Мадриде": "listings store:madrid status:auditing",
    "отклонено в аутлете": "listings store:outlet status:rejected",
    "отклонённые у Олега": "listings status:rejected owner:Oleg",
    "李伟的被拒商品": 'listings status:rejected owner:"Li Wei"',
    "王芳有多少被拒的商品": 'listings status:rejected owner:"Wang Fang"',
}

PEOPLE = ("Ana", "Li Wei", "Oleg", "Wang Fang")


@pytest.fixture
def workspace(home):
    return replace(home.workspace, people=PEOPLE)


@pytest.mark.parametrize(("text", "words"), READ.items())
def test_a_name_is_read_in_any_case(workspace, text, words):
    told = read(text, workspace, build(workspace), NOW)
    assert told.question is not None, told.refusal
    assert blind.is_read_as(told.question, words, workspace)


def test_read_as_says_what_a_name_was_taken_for(workspace):
    told = read("李伟的被拒商品", workspace, build(workspace), NOW).question
    assert {one.words: one.meaning for one in told.read}["李伟"] == "li wei"


@pytest.mark.parametrize("text", ["李韦的被拒商品", "в лиссабоне отклонённые", "отклонённые у Ольги"])
def test_what_is_spelt_like_no_name_is_not_understood(workspace, text):
    others = replace(workspace, people=("Ana", "Li Wen", "Oleg"))
    assert read(text, others, build(others), NOW).question is None


def test_what_two_names_fit_is_neither(workspace):
    two = replace(workspace, people=("Li Wei", "Liwei"))
    refusal = read("李伟的被拒商品", two, build(two), NOW).refusal
    assert refusal is not None
    assert refusal.why.value == "not understood"


def test_a_word_that_asks_is_no_name(workspace):
    there = replace(workspace, people=("Li",))
    told = read("есть ли отклонённые", there, build(there), NOW).question
    assert "owner" not in told.filters


@pytest.mark.parametrize("text", ["鞋被拒多少", "灯被拒多少", "сколько отклонено без марки", "отклонённые розы"])
def test_what_only_sounds_like_a_name_is_none(workspace, text):
    there = replace(workspace, people=("Xie", "Deng", "Mark", "Roza"))
    assert read(text, there, build(there), NOW).question is None

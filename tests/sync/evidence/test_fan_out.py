"""Many questions side by side: all answered in batches, none after its time, and not on and on in vain."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from aexdash.aliexpress.errors import Throttled, UnreadableAnswer
from aexdash.http.errors import PictureUnreachable
from aexdash.sync.evidence.fan_out import BATCH, MAX_FAILURES, Answer, FanOut, OutOfTime, pages_until
from tests.support import NOON, MovedClock


def answers_of(asking, question, wanted):
    return [answer for batch in asking.batches(question, wanted) for answer in batch]


def test_answers_come_in_order_and_in_batches():
    sizes = [len(batch) for batch in FanOut(MovedClock()).batches(str, range(2 * BATCH + 1))]
    assert sizes == [BATCH, BATCH, 1]
    assert answers_of(FanOut(MovedClock()), str, [3, 1, 2]) == [Answer(3, "3"), Answer(1, "1"), Answer(2, "2")]


def test_an_error_belongs_to_its_question():
    silence = PictureUnreachable("nobody answered")

    def question(number):
        if number == 2:
            raise silence
        return number

    assert answers_of(FanOut(MovedClock()), question, [1, 2, 3]) == [
        Answer(1, 1),
        Answer(2, None, silence),
        Answer(3, 3),
    ]


def test_nothing_is_asked_after_the_end():
    clock = MovedClock()
    asking = FanOut(clock, NOON + timedelta(seconds=10))

    def question(number):
        clock.sleep(1)
        return number

    told = answers_of(asking, question, range(1000))
    assert 10 <= len(told) < 10 + 4  # those that had begun were let finish
    assert asking.over
    assert answers_of(asking, question, range(1000)) == []


def test_after_many_failures_in_a_row_the_rest_is_left():
    def question(number):
        raise UnreadableAnswer(f"no {number}")

    asking = FanOut(MovedClock())
    assert MAX_FAILURES <= len(answers_of(asking, question, range(1000))) < MAX_FAILURES + 4
    assert asking.over


def test_failures_here_and_there_end_nothing():
    def question(number):
        if number % 2:
            raise UnreadableAnswer(f"no {number}")
        return number

    assert len(answers_of(FanOut(MovedClock()), question, range(200))) == 200


def test_a_ban_ends_it_all():
    def question(_number):
        raise Throttled("banned", until=NOON, seconds=60)

    with pytest.raises(Throttled):
        answers_of(FanOut(MovedClock()), question, range(1000))


def test_what_does_not_come_back_is_left_behind_after_the_end():
    """Of three questions one is never answered: its host drips."""
    clock, drips = MovedClock(), threading.Event()

    def question(number):
        if number == 1:
            clock.move(seconds=60)
            drips.wait()
        return number

    asking = FanOut(clock, NOON + timedelta(seconds=30))
    try:
        told = answers_of(asking, question, [1, 2, 3])
    finally:
        drips.set()
    late = [answer for answer in told if answer.error]
    assert [(answer.item, str(answer.error)) for answer in late] == [(1, "it took longer than 60 seconds")]


def test_a_question_that_was_asked_just_now_is_not_called_slow():
    clock, drips = MovedClock(NOON), threading.Event()

    def question(_number):
        clock.move(seconds=4)
        drips.wait()

    try:
        assert answers_of(FanOut(clock, NOON + timedelta(seconds=1)), question, [1]) == []
    finally:
        drips.set()


def test_pages_come_until_the_end_of_the_time_and_no_longer():
    clock, drips, taken = MovedClock(), threading.Event(), []

    def pages():
        yield 1
        clock.move(seconds=20)
        yield 2
        clock.move(seconds=20)
        drips.wait()
        yield 3

    try:
        for page in pages_until(pages(), clock, NOON + timedelta(seconds=30)):
            taken.append(page)
    except OutOfTime:
        taken.append("out of time")
    finally:
        drips.set()
    assert taken == [1, 2, "out of time"]
    assert list(pages_until(iter("ab"), clock, None)) == ["a", "b"]
    with pytest.raises(OutOfTime):
        list(pages_until(iter("ab"), clock, NOON))

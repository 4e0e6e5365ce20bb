"""Many questions side by side: all answered in batches, none after its time, and not on and on in vain."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.aliexpress.errors import Throttled, UnreadableAnswer
from aexdash.http.errors import PictureUnreachable
from aexdash.sync.fan_out import BATCH, MAX_FAILURES, Answer, FanOut
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

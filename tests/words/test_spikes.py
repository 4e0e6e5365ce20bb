from datetime import UTC, date, datetime

from aexdash.snapshot.history.spikes import Spike, SpikeReason
from aexdash.words.spikes import share_words, spike_words

AT, BEFORE = datetime(2026, 11, 16, 23, 59, tzinfo=UTC), datetime(2026, 11, 15, 23, 59, tzinfo=UTC)
REASON = SpikeReason("image.main_too_small", 44, 1, (("demo", 40), ("supplier", 4)))
SPIKE = Spike(date(2026, 11, 16), AT, 63, 20.5, 30, BEFORE, 23, (REASON,))


def test_a_spike_is_told_beside_what_is_usual():
    assert spike_words(SPIKE, UTC) == "▾ 16 Nov: **63 held**, usually 20 in the 30 days before"


def test_the_share_of_a_reason_is_told_beside_that_of_the_last_usual_day():
    assert share_words(SPIKE, REASON, UTC) == "70 % of it, 4 % on 15 Nov"
    nothing_before = Spike(date(2026, 11, 16), AT, 63, 20, 30, None, 0, (REASON,))
    assert share_words(nothing_before, REASON, UTC) == "70 % of it"
    assert share_words(Spike(date(2026, 11, 16), AT, 63, 0, 30, BEFORE, 0), REASON, UTC) == "70 % of it, 0 % on 15 Nov"

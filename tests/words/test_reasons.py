"""Until when an appeal is open, counted from the two readings between which a listing came into its status."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.model import Provenance, Status
from aexdash.snapshot.readmodels import ReasonRow
from aexdash.words.reasons import appeal_clock, taken_down_words
from tests.exports.test_worklist import NOW
from tests.exports.test_worklist import row as work_row

DAYS = {"other.taken_down_violation": 7}
WEEK, HOUR = timedelta(days=7), timedelta(hours=1)
RULE = ReasonRow("other.taken_down_violation", Provenance.PLATFORM, "", None, {}, NOW)
FIRST, LAST = (f"18 Mar 2026 {hour}:{NOW:%M} UTC" for hour in (NOW.hour - 2, NOW.hour))


def down(**changes):
    """A listing that was seen taken down now, and two hours before it was not."""
    values = {"status": Status.OFFLINE, "cause": "violate_offline", "reasons": (RULE,), "started_at": NOW}
    return work_row(**{**values, "started_after": NOW - 2 * HOUR, **changes})


@pytest.mark.parametrize(
    ("at", "after", "short", "sentence"),
    [
        (NOW, NOW - 2 * HOUR, f"Appeal until {FIRST} at least", f"until {FIRST} at least."),
        (NOW + WEEK - HOUR, NOW - 2 * HOUR, f"Appeal until {LAST} at the latest, perhaps over", "and may be over."),
        (NOW + WEEK, NOW - 2 * HOUR, "Time for an appeal is over", f"over since {LAST} at the latest."),
        (NOW, None, f"Appeal until {LAST} at the latest, perhaps over", "read the end in Seller Center."),
        (NOW + WEEK, None, "Time for an appeal is over", f"over since {LAST} at the latest."),
    ],
)
def test_it_is_open_until_a_moment_or_over_and_between_nobody_knows(at, after, short, sentence):
    row = down(started_after=after)
    assert taken_down_words(row, DAYS, at) == short
    assert appeal_clock(row, 7, at).endswith(sentence)


def test_nothing_is_said_of_what_was_not_taken_down_or_where_no_days_are_known():
    assert not taken_down_words(down(cause="user_offline"), DAYS, NOW)
    assert not taken_down_words(down(), {}, NOW)

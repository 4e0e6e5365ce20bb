"""What *health* says of AliExpress's own counts beside ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aexdash.model import Outcome
from aexdash.snapshot.store_rows import RunRow
from aexdash.words.health import cross_checks

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
LAG = "Its counter may lag; if it stays so, run `aexdash sync --sweep`."


def run(**facts):
    told = {"as_of": NOON, "platform_auditing": None, "our_auditing": None, **facts}
    return RunRow(1, "main", "pulse", NOON, NOON, told.pop("as_of"), Outcome.COMPLETE, 1, 1, 0, 0, None, "", **told)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, []),
        (
            {"platform_auditing": 2, "our_auditing": 2},
            [(False, "main: AliExpress counted 2 in audit at 9 Mar 2026 12:00 UTC, and so did we.")],
        ),
        (
            {"platform_auditing": 3, "our_auditing": 2},
            [(True, f"main: AliExpress counted 3 in audit at 9 Mar 2026 12:00 UTC, we 2. {LAG}")],
        ),
        (
            {"platform_active": 9, "our_active": 9, "our_active_at": NOON},
            [(False, "main: AliExpress counted 9 on sale at 9 Mar 2026 12:00 UTC, and so did we.")],
        ),
        (
            {"platform_active": 9, "our_active": 8, "our_active_at": NOON},
            [(True, f"main: AliExpress counted 9 on sale at 9 Mar 2026 12:00 UTC, we 8. {LAG}")],
        ),
        (
            {"platform_active": 9, "our_active": 8, "our_active_at": NOON - timedelta(hours=1)},
            [
                (
                    False,
                    (
                        "main: AliExpress counted 9 on sale at 9 Mar 2026 12:00 UTC, we 8, when we last read it at "
                        f"9 Mar 2026 11:00 UTC. {LAG}"
                    ),
                )
            ],
        ),
        (
            {"platform_active": 9},
            [(False, "main: AliExpress counted 9 on sale at 9 Mar 2026 12:00 UTC, and we have not read that yet.")],
        ),
    ],
)
def test_each_count_of_aliexpress_stands_beside_ours_with_when_ours_was_read(facts, told):
    assert cross_checks("main", [run(**facts)]) == told

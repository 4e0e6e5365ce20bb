"""What counts of all that a run has read: attempts, walks and look-ups beside each other."""

from __future__ import annotations

import pytest

from aexdash.snapshot.recording.record import Missing, Staging
from tests.snapshot.store import ACTIVE, AUDITING, HELD, NOON, REJECTED, Store, report, shown


@pytest.fixture
def staging(store: Store) -> Staging:
    """Walks of a store whose listings 1, 2 and 3 were rejected."""
    store.sweep({1: REJECTED, 2: REJECTED, 3: REJECTED})
    return Staging(store.db, store.id)


def test_a_look_up_during_a_walk_outlives_the_attempts_of_that_walk(store: Store, staging: Staging) -> None:
    staging.begin_walk(REJECTED)
    staging.add([shown(1, REJECTED), shown(2, REJECTED)])
    staging.add_look_up(shown(3, ACTIVE))
    staging.begin_walk(REJECTED)
    staging.add([shown(1, REJECTED), shown(2, REJECTED)])
    staging.end_walk(report(REJECTED, NOON))
    assert staging.seen == 3
    store.after(minutes=1).record(staging)
    assert store.open_statuses() == {1: "rejected", 2: "rejected", 3: "active"}


def test_reading_may_go_on_after_what_is_missing_was_asked(store: Store, staging: Staging) -> None:
    """Twice a listing is shown by two walks, of which the later counts; each time the missing ones are asked for."""
    for status in (AUDITING, REJECTED):
        staging.begin_walk(status)
        staging.add([shown(1, status, title=status)])
        staging.end_walk(report(status, NOON))
    assert staging.missing() == [Missing(2, REJECTED), Missing(3, REJECTED)]
    staging.begin_walk(ACTIVE)
    staging.add([shown(1, ACTIVE, title="last"), shown(2, ACTIVE)])
    staging.end_walk(report(ACTIVE, NOON))
    assert (staging.missing(), staging.missing_count()) == ([Missing(3, REJECTED)], 1)
    store.after(minutes=1).record(staging)
    assert store.rows("SELECT product_id, title FROM listing WHERE product_id < 3") == [(1, "last"), (2, "Listing 2")]
    assert store.open_statuses() == {1: "active", 2: "active", 3: "rejected"}


def test_a_walk_that_is_said_again_to_have_been_incomplete_misses_nobody(staging: Staging) -> None:
    for complete, missing in ((True, 3), (False, 0), (True, 3)):
        staging.end_walk(report(REJECTED, NOON, complete=complete))
        assert staging.missing_count() == missing
    assert [one.complete for one in staging.reports.values()] == [True]


def test_a_new_staging_discards_what_the_last_one_held(store: Store, staging: Staging) -> None:
    staging.begin_walk(REJECTED)
    staging.add([shown(9, REJECTED)])
    staging.end_walk(report(REJECTED, NOON))
    staging.settle()
    again = Staging(store.db, store.id)
    assert (again.seen, again.missing(), again.showed([1, 9]), again.reports) == (0, [], set(), {})


def test_only_attempts_of_the_walk_that_ended_complete_are_forgotten(store: Store, staging: Staging) -> None:
    staging.begin_walk(AUDITING)
    staging.add([shown(4, AUDITING)])
    staging.end_walk(report(AUDITING, NOON))
    for page in ([1, 2, 3], [1, 2], [1]):
        staging.begin_walk(REJECTED)
        staging.add([shown(one, REJECTED) for one in page])
    staging.end_walk(report(REJECTED, NOON))
    assert (staging.seen, staging.showed([1, 2, 3, 4])) == (2, {1, 4})
    assert staging.missing() == [Missing(2, REJECTED), Missing(3, REJECTED)]


def test_what_is_missing_is_asked_of_one_store(store: Store) -> None:
    other = Store(store.folder, "other")
    store.sweep({1: REJECTED})
    other.sweep({2: REJECTED})
    assert store.after(minutes=1).stage({}, walks=HELD).missing() == [Missing(1, REJECTED)]
    assert other.stage({}, walks=HELD).missing() == [Missing(2, REJECTED)]

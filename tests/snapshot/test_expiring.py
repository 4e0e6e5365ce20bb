"""Which listings on sale expire soon, and of how many that is known."""

from __future__ import annotations

from datetime import timedelta

from aexdash.model import Status
from aexdash.words.reconcile.gone import ends_words, expiring_words
from tests.snapshot.store import ACTIVE, NOON, OFFLINE, REJECTED, Store, shown

DAY = timedelta(days=1)


def ends(one: int, status=ACTIVE, **after: float):
    at = NOON + timedelta(**after)
    return shown(one, status, offline_at=at, offline_raw=at.strftime("%Y-%m-%d %H:%M:%S"))


def soon(store: Store, days: int = 7):
    return store.snapshot.comparison(None).expiring(NOON, NOON + days * DAY)


def words(store: Store, days: int = 7) -> str:
    reads = store.snapshot.comparison(None).standings().reads(NOON, [Status.ACTIVE])
    return expiring_words(soon(store, days), days, reads)


def test_those_on_sale_are_listed_the_earliest_first_with_the_days_left(store):
    store.sweep(
        {
            1: ends(1, days=3, hours=1),
            2: ends(2, hours=5),
            3: ends(3, days=8),
            4: ends(4, days=-1),
            5: ACTIVE,
            6: ends(6, REJECTED, days=2),
            7: ends(7, OFFLINE, days=2),
        }
    )
    found = soon(store)
    assert [(one.product_id, ends_words(one, NOON)) for one in found.listings] == [
        (2, "within a day, 9 Mar 2026 17:00 UTC"),
        (1, "in 3 days, 12 Mar 2026 13:00 UTC"),
    ]
    assert words(store) == (
        "Of 5 on sale the date is known of 4: of these, 2 listings expire within 7 days; "
        "the date of 1 is over, and they were on sale when last read. "
        "Last read 9 Mar 2026 12:00 UTC."
    )
    assert [one.product_id for one in soon(store, days=9).listings] == [2, 1, 3]


def test_the_end_of_an_earlier_time_on_sale_is_no_end_of_this_one(store):
    store.sweep({1: ends(1, OFFLINE, days=-1), 2: ends(2, days=3)})
    store.after(hours=1).sweep({1: ACTIVE, 2: ends(2, days=3)})
    assert (soon(store).dated, soon(store).overdue) == (1, 0)
    assert words(store).startswith("Of 2 on sale the date is known of 1: of these, 1 listing expires within 7 days. ")


def test_without_any_date_it_is_not_known_and_never_none(store):
    store.sweep({1: ACTIVE, 2: ACTIVE})
    assert words(store) == "Not known: AliExpress tells no end date of the 2 listings on sale."


def test_none_is_said_only_where_dates_are_known(store):
    store.sweep({1: ends(1, days=20)})
    assert words(store) == "None expires within 7 days. Last read 9 Mar 2026 12:00 UTC."
    assert words(store, 30) == "1 listing expires within 30 days. Last read 9 Mar 2026 12:00 UTC."
    store.after(hours=1).sweep({1: ends(1, days=20), 2: ACTIVE, 3: ACTIVE})
    assert words(store) == (
        "Of 3 on sale the date is known of 1: of these, none expires within 7 days. Last read 9 Mar 2026 12:00 UTC."
    )


def test_nothing_on_sale_has_nothing_to_expire(store):
    store.sweep({1: REJECTED})
    assert words(store) == "No listing was on sale when last read, 9 Mar 2026 12:00 UTC."


def test_where_nobody_read_what_is_on_sale_nothing_is_known(store):
    store.pulse({1: REJECTED})
    assert words(store) == "Not known: what is on sale was never read."

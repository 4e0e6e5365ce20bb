"""Which approved listings were changed again: seen in audit once more, or edited while on sale."""

from __future__ import annotations

from datetime import timedelta

from aexdash.model import Status
from aexdash.words.reconcile.on_sale import again_words, approved_words, changed_words
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, Store, shown

HOUR = timedelta(hours=1)
SPAN = "after 9 Mar 2026 11:00 UTC and up to 9 Mar 2026 17:00 UTC"


def edited(one: int, after: timedelta):
    at = NOON + after
    return shown(one, ACTIVE, modified_at=at, modified_raw=at.isoformat())


def approved(store: Store) -> Store:
    """At noon six are held and one is on sale; all are on sale at one."""
    store.sweep({1: AUDITING, 2: REJECTED, 3: AUDITING, 4: AUDITING, 5: AUDITING, 6: AUDITING, 7: ACTIVE})
    store.after(hours=1).sweep(dict.fromkeys(range(1, 8), ACTIVE))
    then = {1: AUDITING, 2: edited(2, 2 * HOUR), 3: edited(3, HOUR / 2), 4: REJECTED, 5: AUDITING, 6: ACTIVE}
    store.after(hours=2).sweep({**then, 7: AUDITING})
    store.after(hours=1).sweep({**then, 5: REJECTED, 7: AUDITING})
    return store


def found(store: Store, start=NOON - HOUR, end=NOON + 5 * HOUR):
    return store.snapshot.comparison(None).changed_again(start, end)


def words(store: Store, start=NOON - HOUR, end=NOON + 5 * HOUR) -> str:
    reads = store.snapshot.comparison(None).standings().reads(end, [Status.ACTIVE])
    return changed_words(found(store, start, end), start, end, reads)


def test_each_says_when_it_was_approved_and_how_it_changed(store):
    approved(store)
    told = {one.product_id: again_words(one) for one in found(store)}
    again = "in audit again after 9 Mar 2026 12:59 UTC, by 9 Mar 2026 15:00 UTC; now"
    assert told == {
        1: f"{again} in audit",
        2: "edited 9 Mar 2026 14:00 UTC by AliExpress' word, on sale still",
        5: f"{again} rejected",
    }
    assert approved_words(found(store)[0]) == "after 9 Mar 2026 11:59 UTC, by 9 Mar 2026 13:00 UTC"
    assert words(store) == (
        f"At least 3 listings approved {SPAN} and changed again: 2 went into audit again, 1 on sale still, edited "
        "since. First read 9 Mar 2026 12:00 UTC: nothing is known before."
    )


def test_what_was_approved_outside_the_span_is_none_of_it(store):
    approved(store)
    assert found(store, start=NOON + HOUR) == []
    assert words(store, start=NOON + HOUR).startswith("No listing approved after 9 Mar 2026 13:00 UTC")


def test_a_span_that_nobody_read_is_not_known(store):
    store.pulse({1: AUDITING})
    assert words(store) == f"Not known: what is on sale was not read {SPAN}."

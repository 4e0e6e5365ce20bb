"""Which listings left sale: when, for where, with what stock, and whether they are back."""

from __future__ import annotations

from datetime import UTC, timedelta

from aexdash.model import Status
from aexdash.platform_data import Detail, Sku
from aexdash.snapshot.evidence.api import record_details
from aexdash.words.reconcile.gone import read_words, stock_words, summary, when_words, where_words
from tests.snapshot.store import ACTIVE, AUDITING, DELETED, EVERY, NOON, OFFLINE, REJECTED, Store, shown

HOUR = timedelta(hours=1)


def store_of_five(store: Store) -> Store:
    """Five on sale at noon; an hour later one each is offline, rejected, in audit and deleted."""
    store.sweep(dict.fromkeys(range(1, 6), ACTIVE))
    skus = (Sku("1", "A", None, 3), Sku("2", "B", None, 4))
    details = [Detail(1, ACTIVE, "x", None, {}, (), (), skus, None, None)]
    details += [Detail(2, ACTIVE, "x", None, {}, (), (), (Sku("3", "C", None, None), *skus), None, None)]
    record_details(store.db, store.id, details, store.now)
    expired = shown(1, OFFLINE, cause="expire_offline")
    then = {1: expired, 2: REJECTED, 3: AUDITING, 4: DELETED, 5: ACTIVE}
    store.record(store.after(hours=1).stage(then, walks=(*EVERY, DELETED)))
    return store


BEGUN = "First read 9 Mar 2026 12:00 UTC: nothing is known before."


def asked(store: Store, start=NOON - HOUR, end=NOON + 2 * HOUR):
    comparison = store.snapshot.comparison(None)
    return comparison.left_sale(start, end), comparison.standings().reads(end, [Status.ACTIVE])


def test_each_says_when_where_to_and_with_what_stock(store):
    found, reads = asked(store_of_five(store))
    assert [(one.product_id, where_words(one), stock_words(one)) for one in found] == [
        (1, "offline (expired)", "7 on 9 Mar 2026 12:00 UTC"),
        (2, "rejected", "not known"),
        (3, "in audit", "not known"),
        (4, "deleted", "not known"),
    ]
    assert when_words(found[0]) == "after 9 Mar 2026 11:59 UTC, by 9 Mar 2026 13:00 UTC"
    assert summary(found, NOON - HOUR, NOON + HOUR, reads, UTC).startswith(
        "At least 4 listings seen to leave sale after 9 Mar 2026 11:00 UTC and up to 9 Mar 2026 13:00 UTC: "
        "1 offline (expired), "
    )


def test_a_span_is_half_open_and_what_is_back_is_said(store):
    store_of_five(store).after(hours=1).sweep({1: ACTIVE, 2: REJECTED, 3: AUDITING, 5: ACTIVE})
    assert asked(store, start=NOON + HOUR)[0] == []
    found, reads = asked(store, end=NOON + HOUR)
    assert [one.product_id for one in found if one.is_back] == [1]
    words = summary(found, NOON - HOUR, NOON + HOUR, reads)
    assert words.startswith("At least 4 listings seen to leave sale")
    assert words.endswith(f"; 1 of them is on sale again. {BEGUN}")


def test_where_nobody_read_what_is_on_sale_it_is_not_known_and_never_none(store):
    store.pulse({2: REJECTED})
    found, reads = asked(store)
    span = "after 9 Mar 2026 11:00 UTC and up to 9 Mar 2026 12:00 UTC"
    assert summary(found, NOON - HOUR, NOON, reads) == f"Not known: what is on sale was not read {span}."
    assert read_words(reads, NOON - HOUR) == "Not read in this span: main."
    store.sweep({1: ACTIVE, 2: REJECTED})
    found, reads = asked(store)
    assert summary(found, NOON - HOUR, NOON, reads) == f"No listing was seen to leave sale {span}. {BEGUN}"
    assert read_words(reads, NOON - HOUR).startswith("What is on sale was last read 9 Mar 2026 12:00 UTC")
    assert summary(found, NOON + HOUR, NOON + 2 * HOUR, reads).startswith("Not known")

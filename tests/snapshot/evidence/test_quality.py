"""Quality is kept as it was last scored, and the store's score and completeness are those of its listings on sale."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.cards.recording import record_cards
from aexdash.estimate import Range
from aexdash.model import ListingQuality
from aexdash.platform_data import AttributeRule, CategoryRules, Detail, ListingAttribute
from aexdash.snapshot.evidence.api import record_category, record_details, record_quality
from aexdash.snapshot.evidence.quality_sums import PARTS
from aexdash.snapshot.measures.facts import Completeness, Estimated, Quality
from aexdash.sync.evidence import gathering
from tests.snapshot.store import ACTIVE, AUDITING, NOON, OFFLINE, REJECTED, Store, shown
from tests.support import examples

FAIR = ListingQuality(81.5, dict.fromkeys(PARTS, 81.5), 4, 3, "Title: write more, which adds 2.0 points.")
BOOTS = CategoryRules(7, "Boots", (AttributeRule(2, "Brand", True), AttributeRule(3, "Origin", True)))


def detail_of(product_id: int) -> Detail:
    return Detail(
        product_id=product_id,
        status=ACTIVE,
        platform_status="onSelling",
        category_id=7,
        titles={},
        image_urls=(),
        attributes=(ListingAttribute(2, "Brand", None, "Acme"),),
        skus=(),
        modified_raw=None,
        modified_at=None,
        description_chars=150,
        description_pictures=3,
    )


def version(store: Store) -> object:
    return store.rows("SELECT number FROM version")


def test_the_same_quality_again_writes_nothing(store: Store) -> None:
    store.sweep({1: ACTIVE})
    record_quality(store.db, store.id, 1, FAIR, NOON)
    before = store.rows("SELECT * FROM listing_quality"), version(store)
    record_quality(store.db, store.id, 1, FAIR, store.after(hours=1).now)
    assert (store.rows("SELECT * FROM listing_quality"), version(store)) == before
    record_quality(store.db, store.id, 1, replace(FAIR, filled=4), store.now)
    assert store.rows("SELECT filled, at FROM listing_quality") == [(4, "2026-03-09T13:00:00.000Z")]
    assert version(store) > before[1]


def test_the_card_of_a_listing_has_its_quality_as_it_was_scored(store: Store) -> None:
    store.sweep({1: shown(1, REJECTED), 2: ACTIVE})
    scored = replace(FAIR, parts={**FAIR.parts, "description": None}, required=None, filled=None)
    record_quality(store.db, store.id, 1, scored, store.after(hours=1).now)
    cards = [
        store.snapshot.listing("main", 1),
        store.snapshot.listing("main", 2),
        store.snapshot.listing("main", 1, NOON),
    ]
    assert [card and card.quality for card in cards] == [scored, None, None]


def test_listings_are_scored_by_the_checks_once_detail_and_category_are_known(store: Store) -> None:
    store.sweep({1: ACTIVE, 2: REJECTED, 3: shown(3, OFFLINE, cause="pending_launch"), 4: REJECTED})
    record_details(store.db, store.id, [detail_of(number) for number in (1, 2, 3)], NOON)
    gathering.check(store.db, store.id, NOON)
    early = store.rows("SELECT product_id FROM listing_quality")
    record_category(store.db, store.id, BOOTS, NOON)
    gathering.check(store.db, store.id, NOON)
    scored = store.rows("SELECT product_id, attributes, description, required, filled FROM listing_quality")
    assert (early, scored) == ([], [(1, 57.9, 70.0, 2, 1), (2, 57.9, 70.0, 2, 1)])


tenths = st.integers(0, 1000).map(lambda number: number / 10)
qualities = st.builds(
    lambda score, parts, counts: ListingQuality(score, dict(zip(PARTS, parts, strict=True)), *counts),
    tenths,
    st.lists(st.one_of(st.none(), tenths), min_size=len(PARTS), max_size=len(PARTS)),
    st.one_of(
        st.just((None, None)),
        st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda pair: (max(pair), min(pair))),
    ),
)
listings = st.dictionaries(
    st.integers(1, 12),
    st.tuples(st.sampled_from([ACTIVE, AUDITING, REJECTED, OFFLINE]), st.one_of(st.none(), qualities)),
    max_size=12,
)


def told(known: Completeness | Quality | None) -> object:
    """What is known, to compare, without what adding in another order changes."""
    if known is None:
        return None
    if isinstance(known, Completeness):
        return estimated(known.complete), known.filled, known.required
    return estimated(known.score), {part: pytest.approx(value) for part, value in known.parts.items()}


def estimated(one: Estimated) -> object:
    """The limits of an estimate, without what adding in another order changes, and of how many it is."""
    limits = (one.total.low, one.total.high) if one.total else None
    return limits and tuple(pytest.approx(limit) for limit in limits), one.known, one.of


def all_that_is_possible(values: Sequence[float], of: int, highest: float) -> Estimated:
    """The sum of values of which some are not known, where no detail was read: each of those may be anything."""
    low, high = sum(values), sum(values) + (of - len(values)) * highest
    return Estimated(sum(values) * of / len(values), Range(low, low, high), len(values), of)


def plainly(world: dict[int, tuple[object, ListingQuality | None]]) -> tuple[Completeness | None, Quality | None]:
    """The same facts, added up one listing after another."""
    on_sale = [scored for status, scored in world.values() if status is ACTIVE]
    scored = [each for each in on_sale if each]
    if not scored:
        return None, None
    counted = [(each.required, each.filled) for each in scored if each.required is not None]
    complete = [float(required == filled) for required, filled in counted]
    required, filled = (sum(pair[half] for pair in counted) for half in (0, 1))
    parts = {part: [each.parts[part] for each in scored if each.parts[part] is not None] for part in PARTS}
    means = {part: sum(values) / len(values) for part, values in parts.items() if values}
    score = all_that_is_possible([each.score for each in scored], len(on_sale), 100)
    return (
        Completeness(all_that_is_possible(complete, len(on_sale), 1), filled, required) if counted else None,
        Quality(score, means),
    )


@settings(max_examples=examples(25), deadline=None)
@given(before=listings, now=listings)
def test_score_and_completeness_are_those_of_a_plain_recomputation(before, now) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        for world in (before, {**before, **now}):
            store.after(minutes=1).sweep({number: status for number, (status, _) in world.items()})
            for number, (_, scored) in world.items():
                if scored:
                    record_quality(store.db, store.id, number, scored, store.now)
            record_cards(store.db, store.id, store.now)
        then = store.snapshot.measures(None, NOON.replace(minute=1))
        present = store.snapshot.measures(None)
        answers = [(told(each.completeness()), told(each.quality())) for each in (then, present)]
        wanted = [plainly(before), plainly(_scored_last(before, now))]
        store.db.close()
        assert answers == [(told(complete), told(score)) for complete, score in wanted]


def _scored_last(before, now):
    """A listing that is not scored again keeps its score."""
    return {
        **before,
        **{number: (status, scored or before.get(number, (None, None))[1]) for number, (status, scored) in now.items()},
    }

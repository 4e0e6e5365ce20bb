"""What was changed between two rejections, by what the seller edited in the simulated store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aexdash.demo.world.listing import Attribute, Edit, ListingFacts, Picture, edited
from aexdash.model import Provenance, Reason, Status
from aexdash.snapshot.evidence.api import open_period_ids, record_reasons
from aexdash.snapshot.readmodels import Attempt
from aexdash.snapshot.worklist.attempts import Changed, NotKnown, changes, not_known
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, Store, shown
from tests.support import NO_EVIDENCE, Shop

ONE = 1005001
BRAND, COLOUR = Attribute(2, "Brand Name", 1, "Acme"), Attribute(14, "Color", 173, "Blue")

Edited = Callable[[ListingFacts], ListingFacts]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    listing = plain_listing(
        ONE, Status.REJECTED, title="A phone case", pictures=(Picture(1), Picture(2)), attributes=(BRAND, COLOUR)
    )
    shop = Shop(tmp_path, ScriptedWorld([listing]))
    shop.sync()
    yield shop
    shop.close()


def reject_again(shop: Shop, edit: Edited, *, read: bool = True) -> list[Attempt]:
    """Let the seller edit and resubmit the listing, and AliExpress reject it again; every state is read."""
    limits = {} if read else {"limits": NO_EVIDENCE}
    listing = shop.world.listing(ONE, shop.clock())
    shop.world.put(replace(listing, facts=edit(listing.facts)))
    shop.world.move(ONE, Status.AUDITING, at=shop.clock.move(hours=1))
    shop.sync(**limits)
    shop.world.move(ONE, Status.REJECTED, at=shop.clock.move(hours=1))
    shop.sync(**limits)
    return shop.snapshot.attempts("main", ONE)


def told(shop: Shop, attempts: list[Attempt]) -> list[tuple[str, str, str, str]]:
    """The changes between the last two attempts, without reasons."""
    found = changes(attempts[-2], attempts[-1], shop.snapshot.same_picture(attempts))
    return [(one.field, one.of, one.before, one.after) for one in found if one.field != "reason"]


def test_a_listing_that_was_only_resubmitted_was_not_changed(shop: Shop) -> None:
    attempts = reject_again(shop, lambda facts: facts)
    assert [(one.number, one.ended_to) for one in attempts] == [(1, Status.AUDITING), (2, None)]
    assert told(shop, attempts) == []
    assert not_known(*attempts) == []


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit(added_words="for iPhone"), ["title", "title"]),
        (Edit(price_percent=150), ["price", "SKU"]),
        (Edit(dropped=("Brand Name",)), ["attribute"]),
        (Edit(main=Picture(9)), ["picture"]),
        (Edit(category_id=200000346), ["category"]),
    ],
)
def test_each_edit_of_the_simulated_seller_is_told(shop: Shop, edit: Edit, expected: list[str]) -> None:
    attempts = reject_again(shop, lambda facts: edited(facts, edit))
    derived = ("qualification", "length of the description")
    assert [field for field, *_ in told(shop, attempts) if field not in derived] == expected


def test_what_stood_before_and_what_stands_now_are_told(shop: Shop) -> None:
    def edit(facts: ListingFacts) -> ListingFacts:
        attributes = (replace(BRAND, value="Bosch"), Attribute(7, "Material", 8, "Wood"))
        return replace(
            facts, attributes=attributes, weight="0.500", sides=(30, 15, 6), eu_person=None, qualifications=()
        )

    before = shop.world.listing(ONE, shop.clock()).facts
    found = told(shop, reject_again(shop, edit))
    assert [one for one in found if one[0] not in ("qualification", "length of the description")] == [
        ("attribute", "Brand Name", "Acme", "Bosch"),
        ("attribute", "Color", "Blue", ""),
        ("attribute", "Material", "", "Wood"),
        ("weight", "", "0.350", "0.500"),
        ("sides", "", "20 × 15 × 6", "30 × 15 × 6"),
        ("responsible person", "", str(before.eu_person), ""),
    ]
    assert [one[2:] for one in found if one[0] == "qualification"] == [(key, "") for key in before.qualifications]
    assert before.qualifications


def test_pictures_are_replaced_added_removed_or_moved_to_the_front(shop: Shop) -> None:
    def pictures_of(*pictures: Picture) -> list[tuple[str, bool, bool]]:
        found = told(shop, reject_again(shop, lambda facts: replace(facts, pictures=pictures)))
        return [(field, bool(before), bool(after)) for field, _, before, after in found]

    assert pictures_of(Picture(3), Picture(2)) == [("picture", True, True)]
    assert pictures_of(Picture(3), Picture(2), Picture(4)) == [("picture", False, True)]
    assert pictures_of(Picture(3), Picture(2)) == [("picture", True, False)]
    assert pictures_of(Picture(2), Picture(3)) == [("main picture", True, True)]


def test_the_same_picture_at_another_address_is_no_change(shop: Shop) -> None:
    attempts = reject_again(shop, lambda facts: replace(facts, pictures=(Picture(1, version=1), Picture(2))))
    urls = [one.content.image_urls[0] for one in attempts if one.content]
    assert urls[0] != urls[1]
    assert told(shop, attempts) == []


def test_what_was_not_read_is_said_and_no_change(shop: Shop) -> None:
    edit = Edit(dropped=("Brand Name",), added_words="for iPhone")
    attempts = reject_again(shop, lambda facts: edited(facts, edit), read=False)
    assert [field for field, *_ in told(shop, attempts)] == ["title"]
    assert not_known(*attempts) == [NotKnown(2, "detail")]


def test_an_attempt_of_before_they_were_kept_is_said_to_be_unknown(shop: Shop) -> None:
    attempts = reject_again(shop, lambda facts: edited(facts, Edit(added_words="for iPhone")))
    before = replace(attempts[0], content=None)
    assert not_known(before, attempts[1]) == [NotKnown(1, "listing")]
    assert [one.field for one in changes(before, attempts[1], lambda one, other: one == other)] == ["reason"] * len(
        {*before.codes, *attempts[1].codes}
    )


def reasons(store: Store, *codes: str) -> None:
    for period in open_period_ids(store.db, store.id, [1]).values():
        found = [Reason(code, Provenance.CHECK) for code in codes]
        record_reasons(store.db, period, found, {Provenance.CHECK}, store.now)


def test_reasons_are_gone_new_or_still_there(store: Store) -> None:
    store.sweep({1: REJECTED})
    reasons(store, "image.main_too_small", "image.watermark")
    reasons(store.after(hours=1), "image.watermark")  # one was mended before it was resubmitted
    store.after(hours=1).sweep({1: AUDITING})
    store.after(hours=1).sweep({1: REJECTED})
    reasons(store, "attribute.brand", "image.watermark")
    first, second = store.snapshot.attempts("main", 1)
    assert (first.codes, second.codes) == (
        ("image.main_too_small", "image.watermark"),
        ("attribute.brand", "image.watermark"),
    )
    assert changes(first, second, lambda one, other: one == other) == [
        Changed("reason", "image.main_too_small", ""),
        Changed("reason", "", "attribute.brand"),
        Changed("reason", "image.watermark", "image.watermark"),
    ]


def test_attempts_are_counted_on_after_months_and_the_past_knows_only_those_of_then(store: Store) -> None:
    store.sweep({1: shown(1, REJECTED, price_min="9.90", price_max="12.00", currency="USD")})
    store.after(hours=1).sweep({1: shown(1, ACTIVE)})
    returned = store.after(days=120).now
    store.sweep({1: shown(1, REJECTED, price_min="8.90", price_max="12.00", currency="USD")})
    attempts = store.snapshot.attempts("main", 1)
    assert [(one.number, one.at, one.ended_to) for one in attempts] == [(1, NOON, ACTIVE), (2, returned, None)]
    assert changes(*attempts, lambda one, other: one == other) == [
        Changed("price", "9.90 to 12.00 USD", "8.90 to 12.00 USD")
    ]
    (then,) = store.snapshot.attempts("main", 1, as_of=NOON)
    assert (then.number, then.ended_at, then.ended_to) == (1, None, None)


def test_a_listing_or_a_store_that_is_not_known_has_no_attempts(store: Store) -> None:
    store.sweep({1: REJECTED, 2: ACTIVE})
    unknown = [("main", 9), ("main", 2), ("elsewhere", 1)]
    assert [store.snapshot.attempts(*one) for one in unknown] == [[], [], []]

"""What a check could find fault with in the simulated store: the flaws that are meant, and nothing besides."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.demo.world.catalogue import CATEGORY_BY_ID
from aexdash.demo.world.factory import make_facts
from aexdash.demo.world.flaws import Flaw
from aexdash.demo.world.listing import Listing, ListingFacts
from aexdash.demo.world.moments import CENSUS, CHURN_FROM, QUIET_FROM
from aexdash.demo.world.objectionable_words import TYPE_OF_WORD, objectionable
from aexdash.demo.world.world import World
from aexdash.model import Status
from tests.support import examples

LATER = CHURN_FROM + timedelta(days=260, hours=11)


def shown(world: World, at: datetime, *statuses: Status) -> list[Listing]:
    return [
        listing for status in statuses for number in world.ids(status, at) if (listing := world.listing(number, at))
    ]


def title_faults(facts: ListingFacts) -> set[str]:
    """Limits of reference §5.3, and what the simulated platform objects to."""
    words = [Counter(title.casefold().replace(",", " ").split()) for title in facts.titles.values()]
    return {
        *(["too long"] if any(len(title) > 218 for title in facts.titles.values()) else []),
        *(["not for pop"] if not facts.titles["en_US"].isascii() or len(facts.titles["en_US"]) > 128 else []),
        *(["repeated"] if any(max(counted.values()) > 1 for counted in words) else []),
        *(["word"] if any(objectionable(title) for title in facts.titles.values()) else []),
    }


def picture_faults(facts: ListingFacts) -> set[str]:
    sides = [sorted((picture.width, picture.height)) for picture in facts.pictures]
    return {
        *([] if 1 <= len(sides) <= 6 else ["number"]),
        *(["small"] if any(short < 800 for short, _ in sides) else []),
        *(["ratio"] if any(long / short > 1.3 for short, long in sides) else []),
    }


def field_faults(facts: ListingFacts) -> set[str]:
    category = CATEGORY_BY_ID[facts.category_id]
    filled = {each.name: each.value for each in facts.attributes}
    missing = {each.english for each in category.required_attributes()} - set(filled)
    choices = {each.english: each.values for each in category.attributes() if each.values}
    return {
        *missing,
        *(["value"] if any(filled[name] not in choices[name] for name in filled if name in choices) else []),
        *(["price"] if not all(0.01 <= float(sku.price) <= 100_000 for sku in facts.skus) else []),
        *(["weight"] if not 0.001 <= float(facts.weight) <= 500 else []),
        *(["sides"] if max(facts.sides) > 700 else []),
        *(["person"] if category.eu_person_needed and not facts.eu_person else []),
        *(["certificate"] if set(category.certificates()) - set(facts.qualifications) else []),
    }


def faults(facts: ListingFacts) -> set[str]:
    return title_faults(facts) | picture_faults(facts) | field_faults(facts)


@settings(deadline=None, max_examples=examples(300))
@given(st.integers(0, 10_000), st.integers(0, 90_000))
def test_no_fault_can_be_found_with_a_listing_as_it_is_made(seed: int, ordinal: int) -> None:
    assert faults(make_facts(seed, ordinal)) == set()


@pytest.mark.slow
def test_only_listings_with_a_flaw_or_refused_can_be_found_fault_with(world: World) -> None:
    at_fault = {
        listing.product_id
        for listing in shown(world, LATER, Status.ACTIVE, Status.OFFLINE)
        if listing.modified < LATER - timedelta(days=1) and faults(listing.facts)
    }
    pairs = {number for number, flaw in world.flaws.items() if flaw in ("same_title", "same_picture", "copied_picture")}
    assert at_fault == set(world.flaws) - pairs


EXPECTED = {
    Flaw.PICTURE_SMALL: {"small"},
    Flaw.PICTURE_RATIO: {"ratio"},
    Flaw.BRAND_MISSING: {"Brand Name"},
    Flaw.VALUE_NOT_ALLOWED: {"value"},
    Flaw.BANNED_WORD: {"word"},
    Flaw.BRAND_WORD: {"word"},
    Flaw.TITLE_TOO_LONG: {"too long", "not for pop"},
    Flaw.EU_PERSON_MISSING: {"person"},
    Flaw.CERTIFICATE_MISSING: {"certificate"},
    Flaw.TOO_HEAVY: {"weight"},
    Flaw.SAME_TITLE: set(),
    Flaw.SAME_PICTURE: set(),
    Flaw.COPIED_PICTURE: set(),
}


def test_a_flaw_is_what_its_name_says_and_no_other(world: World) -> None:
    for product_id, flaw in world.flaws.items():
        listing = world.listing(product_id, CENSUS)
        assert listing
        found = faults(listing.facts)
        if flaw is Flaw.ATTRIBUTE_MISSING:
            assert len(found - {"Brand Name"}) == len(found) == 1
        else:
            assert found == EXPECTED[flaw]


def test_the_types_of_objectionable_words_are_those_of_the_flaws(world: World) -> None:
    types: dict[Flaw, set[str]] = {Flaw.BANNED_WORD: set(), Flaw.BRAND_WORD: set()}
    for product_id, flaw in world.flaws.items():
        listing = world.listing(product_id, CENSUS)
        if flaw in types and listing:
            types[flaw] |= {kind for _, kind in objectionable(listing.title)}
    assert types == {Flaw.BANNED_WORD: {"FORBIDEN_TYPE"}, Flaw.BRAND_WORD: {"BRAND_TYPE"}}
    assert set(TYPE_OF_WORD.values()) > {"FORBIDEN_TYPE", "BRAND_TYPE"}


def test_titles_and_main_pictures_are_shared_by_the_pairs_and_by_no_others(world: World) -> None:
    listings = shown(world, LATER, Status.ACTIVE, Status.AUDITING, Status.REJECTED)
    titles = Counter(listing.title.casefold() for listing in listings)
    pictures = Counter(listing.facts.pictures[0].path(listing.product_id).partition("?")[0] for listing in listings)
    flaws = world.flaws
    for listing in listings:
        flaw = flaws.get(listing.product_id)
        main = listing.facts.pictures[0].path(listing.product_id).partition("?")[0]
        assert titles[listing.title.casefold()] == (2 if flaw is Flaw.SAME_TITLE else 1)
        assert pictures[main] == (2 if flaw in (Flaw.SAME_PICTURE, Flaw.COPIED_PICTURE) else 1)


def test_about_three_percent_have_a_flaw_of_every_kind(world: World, small_world: World) -> None:
    assert set(world.flaws.values()) == set(Flaw)
    assert 0.02 <= len(world.flaws) / 4310 <= 0.03
    assert 4 <= len(small_world.flaws) <= 9


@pytest.mark.parametrize("days", [0, 40, 57, 85, 300, 700])
def test_flaws_are_never_found_by_a_review_and_never_mended(world: World, days: int) -> None:
    at = CHURN_FROM + timedelta(days=days, hours=9)
    for product_id in world.flaws:
        first, now = world.listing(product_id, QUIET_FROM), world.listing(product_id, at)
        assert first
        assert now == first
        assert now.status is Status.ACTIVE


def test_listings_waiting_for_their_launch_stay_so_and_some_have_a_flaw() -> None:
    world = World(seed=11, listings=150, worked_example=False, waiting=6)
    waiting = [each for each in shown(world, LATER, Status.OFFLINE) if each.cause == "pending_launch"]
    assert len(waiting) == 6
    assert {each.product_id for each in waiting} & set(world.flaws)
    assert World(seed=11, listings=150, worked_example=False).counts(CENSUS) == world.counts(CENSUS)

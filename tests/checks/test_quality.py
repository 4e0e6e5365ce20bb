"""The quality score: what it looks at, what each thing weighs, and what would raise it most."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.checks import check_listing, quality
from aexdash.model import ListingQuality
from aexdash.platform_data import AttributeRule, ListingAttribute, ObjectionableWord, PictureFacts, Sku
from aexdash.snapshot.evidence.quality_sums import PARTS
from tests.checks.facts import Facts, category, detail
from tests.checks.test_any_facts import ANY_FACTS

URLS = tuple(f"https://pictures.example/{number}.jpg" for number in range(1, 6))
RULES = category(
    AttributeRule(2, "Brand", True),
    AttributeRule(219, "Origin", True, "list_box", ("Spain", "Turkey")),
    AttributeRule(10, "Material", False),
    AttributeRule(351, "Type", False),
)
SKUS = (Sku("1", "HARNESS-S", "9.90", 4), Sku("2", "HARNESS-M", "9.90", 7))
ATTRIBUTES = (
    ListingAttribute(2, "Brand", 201, "Oranta"),
    ListingAttribute(219, "Origin", 2191, "Spain"),
    ListingAttribute(10, "Material", None, "Cotton"),
)


def pictures(*sides: int) -> dict[str, PictureFacts]:
    return {
        url: PictureFacts(url, "measured", width=side, height=side, format="JPEG")
        for url, side in zip(URLS, sides, strict=False)
    }


GOOD = Facts(
    title="Oranta Dog Harness with Reflective Straps",
    image_urls=URLS,
    detail=detail(*ATTRIBUTES, image_urls=URLS, skus=SKUS, titles={}, description_chars=300, description_pictures=3),
    category=RULES,
    pictures=pictures(800, 800, 800, 800, 800),
    words=(),
)


def of(facts: Facts, **told: object) -> ListingQuality:
    """The score of a listing whose detail tells something else."""
    changed = replace(facts, detail=replace(facts.detail, **told)) if told else facts
    scored = quality.score(changed)
    assert scored is not None
    return scored


def test_a_listing_that_has_everything_has_100_and_nothing_to_raise() -> None:
    everything = {"pictures": 100.0, "attributes": 100.0, "title": 100.0, "description": 100.0, "skus": 100.0}
    assert of(GOOD) == ListingQuality(100.0, everything, required=2, filled=2, worst="")


def test_the_weights_are_open_and_add_up_to_100() -> None:
    assert [(part.key, part.weight) for part in quality.PARTS] == [
        ("pictures", 30),
        ("attributes", 25),
        ("title", 15),
        ("description", 15),
        ("skus", 15),
    ]
    assert tuple(part.key for part in quality.PARTS) == PARTS


def test_every_mark_says_what_earns_it_and_who_says_so() -> None:
    marks = [mark for part in quality.PARTS for mark in part.marks]
    assert all(mark.full and mark.advice and mark.points > 0 for mark in marks)
    assert all("reference §" in mark.source or mark.source.startswith("ours: ") for mark in marks)
    assert quality.PARTS[3].full == "it has at least 300 characters of text; it has at least 3 pictures."


@pytest.mark.parametrize(
    ("facts", "score", "worst"),
    [
        (replace(GOOD, pictures=pictures(400, 800)), 95.0, "make the main picture at least 800 px wide and high (400"),
        (replace(GOOD, pictures=pictures(800, 400, 400, 400, 800)), 95.5, "make the other pictures at least 800 px"),
        (replace(GOOD, title="Dog Harness of Oranta"), 97.2, "Title: write at least 40 characters, within what"),
        (replace(GOOD, title=f"{GOOD.title} ☃ ♥", model="pop"), 95.0, "Title: take out refused characters"),
        (replace(GOOD, words=(ObjectionableWord("nike", ("BRAND_TYPE",)),)), 96.0, "Title: take out the words to"),
    ],
)
def test_what_is_lacking_in_pictures_and_title(facts: Facts, score: float, worst: str) -> None:
    scored = of(facts)
    assert (scored.score, worst in scored.worst) == (score, True), scored


@pytest.mark.parametrize(
    ("told", "score", "worst"),
    [
        (
            {"attributes": ATTRIBUTES[1:]},
            92.0,
            "Attributes: fill the required attributes (1 of 2 now), which adds 8.0 points.",
        ),
        ({"description_chars": 0, "description_pictures": 0}, 85.0, "Description: write at least 300 characters"),
        ({"description_chars": 100}, 94.0, "Description: write at least 300 characters of text (100 now), which adds"),
        ({"description_pictures": 1}, 96.0, "Description: show at least 3 pictures in the description (1 now)"),
        ({"skus": (SKUS[0], replace(SKUS[1], stock=0))}, 97.5, "SKU data: restock the SKUs with nothing left"),
        ({"skus": (SKUS[0], replace(SKUS[1], code=""))}, 97.0, "SKU data: give every SKU a code of at most 20"),
        ({"skus": (SKUS[0], replace(SKUS[1], price="0"))}, 96.0, "SKU data: give every SKU a price in range (0 of 2"),
    ],
)
def test_what_is_lacking_in_the_detail(told: dict[str, object], score: float, worst: str) -> None:
    scored = of(GOOD, **told)
    assert (scored.score, scored.worst.startswith(worst)) == (score, True), scored


def test_a_part_that_was_not_told_counts_neither_way() -> None:
    scored = of(GOOD, description_chars=None, description_pictures=None, skus=())
    assert (scored.score, scored.parts["description"], scored.parts["skus"]) == (100.0, None, None)


def test_pictures_that_nobody_measured_yet_count_by_their_number_alone() -> None:
    scored = of(replace(GOOD, pictures={}, image_urls=URLS[:1]), image_urls=URLS[:1])
    assert scored.parts["pictures"] == 20.0
    assert scored.worst == "Pictures: show at least 5 pictures (1 now), which adds 10.0 points."


def test_how_many_pictures_there_are_is_not_sure_after_the_main_one_was_changed() -> None:
    changed = replace(GOOD, image_urls=("https://pictures.example/new.jpg", *URLS), pictures={})
    assert of(changed).parts["pictures"] is None


def test_a_listing_without_a_picture_earns_nothing_for_it() -> None:
    scored = of(replace(GOOD, image_urls=(), pictures={}), image_urls=())
    assert scored.parts["pictures"] == 0.0
    assert scored.worst.startswith("Pictures: make the main picture at least 800 px wide and high (none now)")


def test_required_attributes_are_counted_whatever_they_score() -> None:
    scored = of(replace(GOOD, category=category()), attributes=())
    assert (scored.required, scored.filled, scored.parts["attributes"]) == (0, 0, 100.0)
    unknown = of(replace(GOOD, category=None))
    assert (unknown.required, unknown.filled, unknown.parts["attributes"]) == (None, None, None)


def test_without_a_detail_there_is_no_score() -> None:
    assert quality.score(replace(GOOD, detail=None)) is None


COUNTS = st.one_of(st.none(), st.integers(0, 10**12))


@given(ANY_FACTS, COUNTS, COUNTS)
def test_whatever_is_known_the_score_stays_within_its_bounds(
    facts: Facts, chars: int | None, shown: int | None
) -> None:
    if facts.detail:
        facts.detail = replace(facts.detail, description_chars=chars, description_pictures=shown)
    scored = quality.score(facts)
    assert (scored is None) == (facts.detail is None)
    assert scored == quality.score(facts, check_listing(facts))
    if scored:
        assert all(0 <= value <= 100 for value in (scored.score, *scored.parts.values()) if value is not None)
        assert (scored.required or 0) >= (scored.filled or 0) >= 0
        assert scored.score < 100 or not scored.worst


def test_what_would_raise_a_store_most_goes_by_weight_and_not_by_the_lowest_part() -> None:
    parts = {"pictures": 70.0, "attributes": 100.0, "title": 60.0, "description": None, "skus": 100.0}
    found = quality.most_to_gain(parts)
    assert found is not None
    assert (found[0].name, round(found[1], 1)) == ("Pictures", 10.6)
    assert quality.most_to_gain({"title": 100.0, "skus": None}) is None
    assert quality.most_to_gain({}) is None

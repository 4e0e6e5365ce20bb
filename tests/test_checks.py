from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.checks import check_listing
from aexdash.model import AttributeRule, Detail, ListingAttribute, PictureFacts, Provenance, Reason, Status

MAIN = "https://ae01.alicdn.com/kf/main.jpg"


@dataclass
class Facts:
    image_urls: tuple[str, ...] = (MAIN,)
    detail: Detail | None = None
    category_rules: tuple[AttributeRule, ...] | None = None
    pictures: dict[str, PictureFacts] = field(default_factory=dict)


def picture(width: int | None, height: int | None, url: str = MAIN) -> dict[str, PictureFacts]:
    return {url: PictureFacts(url, "measured" if width else "unreachable", width, height)}


def detail(*attributes: ListingAttribute) -> Detail:
    return Detail(
        product_id=1005001234567890,
        status=Status.REJECTED,
        platform_status="editingRequired",
        category_id=200,
        titles={},
        image_urls=(MAIN,),
        attributes=attributes,
        skus=(),
        modified_raw=None,
        modified_at=None,
    )


def names(facts: Facts) -> dict[str, object]:
    return {reason.code: reason.measured["names"] for reason in check_listing(facts)}


def test_a_small_main_picture_is_measured() -> None:
    measured = {"width": 640, "height": 640, "minimum": 800, "url": MAIN}
    expected = Reason("image.main_too_small", Provenance.CHECK, measured=measured)
    assert check_listing(Facts(pictures=picture(640, 640))) == [expected]


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_either_side_below_800_is_too_small_and_nothing_else(width: int, height: int) -> None:
    found = [reason.code for reason in check_listing(Facts(pictures=picture(width, height)))]
    assert found == (["image.main_too_small"] if width < 800 or height < 800 else [])


@pytest.mark.parametrize(
    "facts",
    [
        Facts(),
        Facts(image_urls=()),
        Facts(pictures=picture(None, None)),
        Facts(image_urls=(MAIN, "https://x/2.jpg"), pictures=picture(100, 100, "https://x/2.jpg")),
        Facts(category_rules=(AttributeRule(10, "Material", required=True),)),
        Facts(detail=detail()),
    ],
    ids=["not measured", "no picture", "unreachable", "second picture", "no detail", "no rules"],
)
def test_what_is_not_known_gives_no_finding(facts: Facts) -> None:
    assert check_listing(facts) == []


def test_missing_attributes_by_name_and_the_brand_apart() -> None:
    rules = (
        AttributeRule(2, "Brand Name", required=True),
        AttributeRule(10, "Material", required=True),
        AttributeRule(11, "Origin", required=True),
        AttributeRule(12, "Season", required=False),
        AttributeRule(13, "Style", required=True),
    )
    filled = detail(ListingAttribute(13, "Style", None, "Casual"), ListingAttribute(10, "Material", None, "  "))
    assert check_listing(Facts(detail=filled, category_rules=rules)) == [
        Reason("attribute.brand_missing", Provenance.CHECK, measured={"names": ["Brand Name"]}),
        Reason("attribute.required_missing", Provenance.CHECK, measured={"names": ["Material", "Origin"]}),
    ]


@pytest.mark.parametrize("name", ["Brand", "品牌", "Бренд", "Marca", "BRAND "])
def test_a_brand_is_known_by_its_name_in_four_languages(name: str) -> None:
    rules = (AttributeRule(77, name, required=True),)
    assert names(Facts(detail=detail(), category_rules=rules)) == {"attribute.brand_missing": [name.strip()]}


@pytest.mark.parametrize(
    "attribute",
    [
        ListingAttribute(10, "Material", 155, ""),
        ListingAttribute(10, "", None, "Cotton"),
        ListingAttribute(None, "material", None, "Cotton"),
    ],
    ids=["value by id", "value by text", "named by the seller"],
)
def test_a_filled_attribute_is_no_finding(attribute: ListingAttribute) -> None:
    rules = (AttributeRule(10, "Material", required=True),)
    assert check_listing(Facts(detail=detail(attribute), category_rules=rules)) == []


def test_a_rule_without_a_name_is_told_by_its_number() -> None:
    rules = (AttributeRule(4321, "", required=True),)
    assert names(Facts(detail=detail(), category_rules=rules)) == {"attribute.required_missing": ["attribute 4321"]}

"""What we measure ourselves: at the limit, just inside, just outside, and nothing where nothing is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.checks import check_listing
from aexdash.model import Provenance, Reason
from aexdash.platform_data import (
    AttributeRule,
    ListingAttribute,
    ObjectionableWord,
    Outside,
    PictureFacts,
    QualificationRule,
    Sku,
)
from tests.checks.facts import MAIN, SECOND, Facts, category, detail, picture

MB = 1024 * 1024


def sized(width: int, height: int, url: str = MAIN) -> dict[str, PictureFacts]:
    return picture(url, width=width, height=height, format="JPEG")


def found(**facts: object) -> dict[str, dict[str, object]]:
    """What the checks find, by code."""
    return {reason.code: reason.measured for reason in check_listing(Facts(**facts))}


# Pictures.


def test_a_finding_is_a_reason_of_ours_with_its_figures() -> None:
    measured = {"width": 640, "height": 640, "minimum": 800, "url": MAIN}
    expected = Reason("image.main_too_small", Provenance.CHECK, measured=measured)
    assert check_listing(Facts(pictures=sized(640, 640))) == [expected]


@pytest.mark.parametrize(
    ("width", "height", "codes"),
    [
        (800, 800, []),
        (801, 801, []),
        (799, 800, ["image.main_too_small"]),
        (800, 799, ["image.main_too_small"]),
        (1000, 1300, []),
        (1300, 1000, []),
        (1000, 1299, []),
        (1000, 1301, ["image.ratio"]),
        (1301, 1000, ["image.ratio"]),
        (1200, 628, ["image.main_too_small", "image.ratio"]),
    ],
)
def test_the_main_picture_has_800_pixels_a_side_and_is_nearly_square(width: int, height: int, codes: list[str]) -> None:
    assert list(found(pictures=sized(width, height))) == codes


def test_the_ratio_is_longer_to_shorter() -> None:
    wide, tall = found(pictures=sized(1528, 800)), found(pictures=sized(800, 1528))
    assert wide["image.ratio"] == {"width": 1528, "height": 800, "ratio": "1.91:1", "url": MAIN}
    assert tall["image.ratio"] == {"width": 800, "height": 1528, "ratio": "1.91:1", "url": MAIN}


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_either_side_below_800_is_too_small(width: int, height: int) -> None:
    assert ("image.main_too_small" in found(pictures=sized(width, height))) == (width < 800 or height < 800)


@pytest.mark.parametrize(("kind", "refused"), [("JPEG", False), ("PNG", False), ("WEBP", True), ("GIF", True)])
def test_the_main_picture_is_jpeg_or_png(kind: str, refused: bool) -> None:
    expected = {"image.format": {"format": kind, "url": MAIN}} if refused else {}
    assert found(pictures=picture(width=900, height=900, format=kind)) == expected


@pytest.mark.parametrize(
    ("size", "megabytes"), [(5 * MB - 1, None), (5 * MB, None), (5 * MB + 1, 5.01), (7_654_321, 7.3)]
)
def test_a_picture_has_at_most_5_megabytes(size: int, megabytes: float | None) -> None:
    expected = {"image.too_heavy": {"megabytes": megabytes, "maximum": 5, "url": MAIN}} if megabytes else {}
    assert found(pictures=picture(size_bytes=size)) == expected


def test_the_heaviest_picture_is_the_one_that_is_named() -> None:
    pictures = picture(size_bytes=6 * MB) | picture(SECOND, size_bytes=9 * MB)
    measured = {"megabytes": 9.0, "maximum": 5, "url": SECOND}
    assert found(image_urls=(MAIN, SECOND), pictures=pictures) == {"image.too_heavy": measured}


@pytest.mark.parametrize("state", ["unreachable", "refused", "not_a_picture"])
def test_pictures_that_could_not_be_had_are_counted(state: str) -> None:
    pictures = picture(state=state) | picture(SECOND, state)
    expected = {"image.unreachable": {"count": 2, "url": MAIN}}
    assert found(image_urls=(MAIN, SECOND), pictures=pictures) == expected


def test_the_other_pictures_are_counted_and_the_smallest_is_named() -> None:
    urls = (MAIN, *(f"https://ae01.alicdn.com/kf/{number}.jpg" for number in range(4)))
    sizes = ((900, 900), (640, 900), (640, 480), (800, 800), (799, 799))
    pictures = {url: facts for url, size in zip(urls, sizes, strict=True) for facts in sized(*size, url).values()}
    measured = {"count": 3, "minimum": 800, "smallest": "640×480"}
    assert found(image_urls=urls, pictures=pictures) == {"image.too_small": measured}


@pytest.mark.parametrize(("count", "too_many"), [(5, False), (6, False), (7, True)])
def test_a_listing_shows_at_most_six_pictures(count: int, too_many: bool) -> None:
    urls = tuple(f"https://ae01.alicdn.com/kf/{number}.jpg" for number in range(count))
    expected = {"image.too_many": {"count": 7, "maximum": 6}} if too_many else {}
    assert found(image_urls=urls, detail=detail(image_urls=urls)) == expected
    assert found(image_urls=urls) == expected


def test_no_picture_at_all_is_a_finding_once_the_detail_says_so() -> None:
    assert found(image_urls=(), detail=detail(image_urls=())) == {"image.none": {}}
    assert found(image_urls=()) == {}


def test_pictures_of_a_detail_older_than_the_main_picture_are_not_counted() -> None:
    old = tuple(f"https://ae01.alicdn.com/kf/old-{number}.jpg" for number in range(6))
    pictures = sized(900, 900) | sized(100, 100, old[1])
    assert found(image_urls=(MAIN, *old), detail=detail(image_urls=old), pictures=pictures) == {}


# Attributes.


def test_missing_attributes_by_name_and_the_brand_apart() -> None:
    rules = (
        AttributeRule(2, "Brand Name", required=True),
        AttributeRule(11, "Origin", required=True),
        AttributeRule(10, "Material", required=True),
        AttributeRule(12, "Season", required=False),
        AttributeRule(13, "Style", required=True),
    )
    filled = detail(ListingAttribute(13, "Style", None, "Casual"), ListingAttribute(10, "Material", None, "  "))
    assert found(detail=filled, category=category(*rules)) == {
        "attribute.brand_missing": {"names": ["Brand Name"]},
        "attribute.required_missing": {"names": ["Material", "Origin"]},
    }


def test_the_brands_to_choose_from_are_counted() -> None:
    rule = AttributeRule(2, "Brand Name", required=True, values=tuple(f"Brand {number}" for number in range(14)))
    measured = {"names": ["Brand Name"], "choices": 14}
    assert found(detail=detail(), category=category(rule)) == {"attribute.brand_missing": measured}


@pytest.mark.parametrize("name", ["Brand", "品牌", "Бренд", "Marca", "BRAND "])
def test_a_brand_is_known_by_its_name_in_four_languages(name: str) -> None:
    rules = category(AttributeRule(77, name, required=True))
    assert found(detail=detail(), category=rules) == {"attribute.brand_missing": {"names": [name.strip()]}}


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
    assert found(detail=detail(attribute), category=category(AttributeRule(10, "Material", required=True))) == {}


def test_a_rule_without_a_name_is_told_by_its_number() -> None:
    rules = category(AttributeRule(4321, "", required=True))
    assert found(detail=detail(), category=rules) == {"attribute.required_missing": {"names": ["attribute 4321"]}}


MATERIALS = AttributeRule(10, "Material", required=True, input_type="list_box", values=("Cotton", "Nylon"))


@pytest.mark.parametrize(
    ("rule", "attribute", "refused"),
    [
        (MATERIALS, ListingAttribute(10, "Material", 4, "Silk"), ["Material: Silk"]),
        (MATERIALS, ListingAttribute(None, "material ", None, "Silk"), ["Material: Silk"]),
        (MATERIALS, ListingAttribute(10, "Material", 4, "x" * 80), ["Material: " + "x" * 60 + "…"]),
        (MATERIALS, ListingAttribute(10, "Material", 4, " cotton"), []),
        (MATERIALS, ListingAttribute(10, "Material", 47, "Хлопок"), []),
        (MATERIALS, ListingAttribute(10, "Material", 4, ""), []),
        (replace(MATERIALS, input_type="input"), ListingAttribute(10, "Material", 4, "Silk"), []),
        (replace(MATERIALS, values=()), ListingAttribute(10, "Material", 4, "Silk"), []),
        (replace(MATERIALS, values=("Cotton", "Other")), ListingAttribute(10, "Material", 4, "Silk"), []),
    ],
    ids=["written", "by name", "long", "allowed", "picked", "empty", "free", "no list", "other allowed"],
)
def test_a_value_written_where_one_has_to_be_picked(
    rule: AttributeRule, attribute: ListingAttribute, refused: list[str]
) -> None:
    expected = {"attribute.value_not_allowed": {"names": refused}} if refused else {}
    assert found(detail=detail(attribute), category=category(rule)) == expected


# The category and its papers.


@pytest.mark.parametrize(("leaf", "name", "said"), [(False, "Pets", "Pets"), (False, "", "200"), (True, "", None)])
def test_a_listing_belongs_into_a_leaf(leaf: bool, name: str, said: str | None) -> None:
    expected = {"category.not_leaf": {"category": said}} if said else {}
    assert found(category=category(leaf=leaf, name=name)) == expected


CERTIFICATES = (
    QualificationRule("ce", "CE certificate", required=True),
    QualificationRule("doc", "Declaration of conformity", required=True),
    QualificationRule("rohs", "RoHS report", required=False),
)


@pytest.mark.parametrize(
    ("has", "names"),
    [
        ((), ["CE certificate", "Declaration of conformity"]),
        (("ce",), ["Declaration of conformity"]),
        (("ce", "doc"), []),
        (None, []),
    ],
)
def test_certificates_that_the_category_requires(has: tuple[str, ...] | None, names: list[str]) -> None:
    told = found(detail=detail(qualifications=has), category=category(qualifications=CERTIFICATES))
    assert told == ({"qualification.certificate_missing": {"names": names}} if names else {})


@pytest.mark.parametrize(
    ("needed", "person", "missing"),
    [(True, "", True), (True, "77", False), (True, None, False), (False, "", False), (None, "", False)],
)
def test_the_eu_responsible_person(needed: bool | None, person: str | None, missing: bool) -> None:
    told = found(detail=detail(eu_person=person), category=category(eu_person_needed=needed))
    assert told == ({"qualification.eu_person_missing": {}} if missing else {})


# Titles.


@pytest.mark.parametrize(
    ("model", "length", "maximum"),
    [
        ("overseas", 217, None),
        ("overseas", 218, None),
        ("overseas", 219, 218),
        ("pop", 127, None),
        ("pop", 128, None),
        ("pop", 129, 128),
        ("choice", 218, None),
        ("choice", 219, 218),
    ],
)
def test_the_length_of_a_title(model: str, length: int, maximum: int | None) -> None:
    expected = {"title.too_long": {"length": length, "maximum": maximum}} if maximum else {}
    assert found(model=model, title="x" * length) == expected
    assert found(model=model, title="short", detail=detail(titles={"es_ES": "x" * length})) == expected


def test_a_title_is_empty_only_when_nobody_tells_one() -> None:
    assert found(title=" ", detail=detail()) == {"title.empty": {}}
    assert found(title="", detail=detail(titles={"en_US": "Dog Harness"})) == {}
    assert found(title="") == {}


@pytest.mark.parametrize(
    ("title", "characters"),
    [
        ("Dog Harness ~ 100% [new]!", None),
        ("Dog Harness – café", ["é", "–"]),
        ("Dog <b>Harness</b>", ["<", ">"]),
        ("Dog < Harness", None),
        ("Dog\tHarness \u202e", ["U+0009", "U+202E"]),
        ("Шлейка", ["Ш", "а", "е", "й", "к", "л"]),
    ],
)
def test_a_title_of_a_chinese_seller_is_plain_ascii(title: str, characters: list[str] | None) -> None:
    expected = {"title.characters": {"characters": characters}} if characters else {}
    assert found(model="pop", title=title) == expected
    assert found(model="pop", title="x", detail=detail(titles={"en_US": title})) == expected
    assert found(model="pop", title="x", detail=detail(titles={"ru_RU": title})) == {}


@pytest.mark.parametrize(
    ("locale", "title", "characters"),
    [
        ("es_ES", "Arnés para perro – ñandú", None),
        ("es_ES", "Arnés для perro", ["д", "л", "я"]),
        ("ru_RU", "Шлейка Lumora 35 µm Ω", None),
        ("ru_RU", "Шлейка 狗", ["狗"]),
        ("en-US", "Dog 狗 Harness", ["狗"]),
        ("ja_JP", "犬用ハーネス の", None),
        ("zh_CN", "狗 Шлейка", ["Ш", "а", "е", "й", "к", "л"]),
        ("xx_XX", "狗 Шлейка", None),
        ("", "狗 Шлейка", None),
    ],
)
def test_letters_foreign_to_the_language_of_a_title(locale: str, title: str, characters: list[str] | None) -> None:
    expected = {"title.characters": {"characters": characters}} if characters else {}
    assert found(title=title, detail=detail(titles={locale: title})) == expected


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Harness harness for dogs", None),
        ("Harness, harness HARNESS", ["harness"]),
        ("Case for A for B for C for D", None),
        ("XL XL XL XL", None),
        ("Dog dog dog cat cat cat", ["cat", "dog"]),
        ("Шлейка шлейка ШЛЕЙКА для для для", ["шлейка"]),
    ],
)
def test_a_word_three_times_in_one_title_is_repeated(title: str, words: list[str] | None) -> None:
    assert found(title=title) == ({"title.repeated_words": {"words": words}} if words else {})


def test_words_that_aliexpress_objects_to_by_their_types() -> None:
    words = (
        ObjectionableWord("Stun Baton", ("FORBIDEN_TYPE", "RESTRICT_TYPE")),
        ObjectionableWord("Replica", ("FORBIDEN_TYPE",)),
        ObjectionableWord("Replica", ("FORBIDEN_TYPE",)),
        ObjectionableWord("Nike", ("BRAND_TYPE",)),
        ObjectionableWord("Mickey", ("TORT_TYPE",)),
        ObjectionableWord("Odd", ("A_NEW_TYPE",)),
        ObjectionableWord(" ", ("BRAND_TYPE",)),
    )
    assert found(words=words) == {
        "prohibited.banned_word": {"words": ["Replica", "Stun Baton"]},
        "prohibited.restricted_word": {"words": ["Stun Baton"]},
        "ip.brand_word": {"words": ["Nike"]},
        "ip.infringing_word": {"words": ["Mickey"]},
    }
    assert found(words=()) == found(words=None) == {}


# Duplicates.


def test_duplicates_name_the_other_listings() -> None:
    others = (1005000000000009, 1005000000000002)
    assert found(same_title=others, same_picture=others[:1]) == {
        "duplicate.title": {"others": ["1005000000000002", "1005000000000009"]},
        "duplicate.picture": {"others": ["1005000000000009"], "url": MAIN},
    }


def test_a_store_of_one_title_does_not_outgrow_itself() -> None:
    assert len(found(same_title=tuple(range(5000)))["duplicate.title"]["others"]) == 50


# Prices and packages.


@pytest.mark.parametrize(
    ("model", "price", "maximum"),
    [
        ("overseas", "0.01", None),
        ("overseas", "0.011", None),
        ("overseas", "0.009", "999999"),
        ("overseas", "0", "999999"),
        ("overseas", "-1", "999999"),
        ("overseas", "999999", None),
        ("overseas", "999998.99", None),
        ("overseas", "999999.01", "999999"),
        ("pop", "100000.00", None),
        ("pop", "99999.99", None),
        ("pop", "100000.01", "100000"),
        ("overseas", None, None),
        ("overseas", "on request", None),
        ("overseas", "NaN", None),
        ("overseas", "Infinity", None),
    ],
)
def test_prices_between_a_cent_and_the_highest(model: str, price: str | None, maximum: str | None) -> None:
    skus = (Sku("1", "A-1", price, 5), Sku("2", "A-2", "9.90", 5))
    measured = {"skus": [f"A-1 at {price}"], "minimum": "0.01", "maximum": maximum}
    assert found(model=model, detail=detail(skus=skus)) == ({"price.out_of_range": measured} if maximum else {})


def test_a_high_price_in_roubles_is_an_ordinary_price() -> None:
    skus = (Sku("1", "A-1", "1500000", 5, "RUB"),)
    assert found(detail=detail(skus=skus)) == {}
    assert found(detail=detail(skus=(replace(skus[0], currency=None),)), currency=None) == {}


@pytest.mark.parametrize(
    ("weight", "refused"),
    [
        *(("0.001", False), ("0.0011", False), ("0.0009", True), ("0", True)),
        *(("500", False), ("499.9", False), ("500.001", True)),
        *(("", False), (None, False), ("heavy", False)),
    ],
)
def test_the_weight_of_a_package(weight: str | None, refused: bool) -> None:
    measured = {"weight": weight, "minimum": "0.001", "maximum": "500"}
    assert found(detail=detail(weight=weight)) == ({"price.weight_out_of_range": measured} if refused else {})


@pytest.mark.parametrize(
    ("sides", "refused"),
    [(("10", "20", "700"), False), (("10", "20", "699"), False), (("701", "20", "5"), True), (("", "?", ""), False)],
)
def test_the_sides_of_a_package(sides: tuple[str, ...], refused: bool) -> None:
    measured = {"sides": "×".join(sides), "maximum": 700}
    assert found(detail=detail(sides=sides)) == ({"price.package_too_large": measured} if refused else {})


# What is not known.


@pytest.mark.parametrize(
    "facts",
    [
        Facts(),
        Facts(image_urls=()),
        Facts(title=""),
        Facts(pictures=picture(format=None)),
        Facts(image_urls=(MAIN, SECOND), pictures=sized(900, 900, SECOND)),
        Facts(pictures=sized(100, 100, SECOND)),
        Facts(category=category(AttributeRule(10, "Material", required=True), qualifications=CERTIFICATES)),
        Facts(category=category(eu_person_needed=True)),
        Facts(detail=detail()),
        Facts(detail=detail(), category=category()),
    ],
    ids=[
        "nothing",
        "no picture",
        "no title",
        "no figures",
        "second",
        "another's",
        "no detail",
        "eu",
        "no rules",
        "free",
    ],
)
def test_what_is_not_known_gives_no_finding(facts: Facts) -> None:
    assert check_listing(facts) == []


@pytest.mark.parametrize(
    ("outside", "found"),
    [
        (None, {}),
        (Outside(), {}),
        (Outside(links=("shop.example",)), {"prohibited.outside_link": {"hosts": ["shop.example"]}}),
        (
            Outside(contacts=("e-mail",), shops=("eBay",)),
            {"prohibited.contact": {"kinds": ["e-mail"]}, "prohibited.other_shop": {"shops": ["eBay"]}},
        ),
    ],
)
def test_what_a_description_names_outside_of_aliexpress(outside, found):
    told = check_listing(Facts(detail=detail(outside=outside)))
    assert {one.code: one.measured for one in told if one.code.startswith("prohibited.")} == found

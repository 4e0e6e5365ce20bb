from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.model import Provenance, Reason
from aexdash.platform_data import PlatformSignal, Problem
from aexdash.reasons.taxonomy import DATA_FILE, Taxonomy, TaxonomyError, load_taxonomy

FAMILIES = [
    "image",
    "attribute",
    "ip",
    "prohibited",
    "category",
    "title",
    "duplicate",
    "price",
    "qualification",
    "basic",
    "risk",
    "account",
    "other",
    "unknown",
    "in_review",
    "nothing_found",
]

AUDIT_FAILURE_TYPES = {
    "audit_sub_status_basic": "basic.information_refused",
    "audit_sub_status_supply_price": "price.supply_price_refused",
    "audit_sub_status_cro": "risk.compliance_refused",
    "audit_sub_status_qf": "qualification.documents_refused",
    "audit_sub_status_sale_price": "price.retail_price_refused",
    "up_shelf_product": "other.putting_on_sale",
    "down_shelf_product": "other.taking_off_sale",
    "delete_product": "other.deletion",
    "audit_approve": "other.audit_passed",
    "audit_reject": "other.rejected_without_stage",
}

CAUSES = {
    "violate_offline": "other.taken_down_violation",
    "punish_offline": "other.taken_down_punishment",
    "degrade_offline": "other.taken_down_degraded",
    "industry_offline": "other.taken_down_industry",
    "expire_offline": "other.expired",
    "user_offline": "other.taken_off_by_seller",
}

PUBLISH_ERRORS = {
    "040003:productUnit_requiredValidator@post_tip": "basic.incomplete",
    "GPF.CHK_CATEGORY_ID_NOT_LEAF_CATEGORY": "category.not_leaf",
    "000003:Your operation rights have been suspended. Please contact customer service": "account.suspended",
    "150008:You've reached the maximum number of products you can publish!": "account.listing_limit",
    "7090001:Title:090001:Sorry, the subject information you filled in is not in English or security information.": (
        "title.characters"
    ),
    "None of your image url in main_image_urls_list existed in the seller's server, please check.": "image.unreachable",
    "Field:sku_code is empty, please check your input": "basic.incomplete",
    "F00-00-10007-015": "attribute.wrong",
    "CHK_BASIC_REQUIRED": "basic.incomplete",
}

MEASURED: dict[str, dict[str, object]] = {
    "image.main_too_small": {"width": 640, "height": 640, "minimum": 800, "url": "u"},
    "image.too_small": {"count": 3, "minimum": 800, "smallest": "640×480"},
    "image.ratio": {"width": 1910, "height": 1000, "ratio": "1.91:1", "url": "u"},
    "image.format": {"format": "WEBP", "url": "u"},
    "image.too_heavy": {"megabytes": 6.2, "maximum": 5, "url": "u"},
    "image.unreachable": {"count": 2, "url": "u"},
    "image.too_many": {"count": 8, "maximum": 6},
    "attribute.value_not_allowed": {"names": ["Material: Silk"]},
    "ip.brand_word": {"words": ["nike"]},
    "ip.infringing_word": {"words": ["nike"]},
    "prohibited.banned_word": {"words": ["gun"]},
    "prohibited.restricted_word": {"words": ["laser"]},
    "prohibited.outside_link": {"hosts": ["shop.example"]},
    "prohibited.contact": {"kinds": ["e-mail", "WhatsApp"]},
    "prohibited.other_shop": {"shops": ["eBay"]},
    "category.not_leaf": {"category": "Toys"},
    "title.too_long": {"length": 130, "maximum": 128},
    "title.characters": {"characters": "é"},
    "title.repeated_words": {"words": ["hot"]},
    "duplicate.title": {"others": ["1005000000000001"]},
    "duplicate.picture": {"others": ["1005000000000001"], "url": "u"},
    "price.out_of_range": {"skus": ["RED at 0"], "minimum": "0.01", "maximum": "999999"},
    "price.weight_out_of_range": {"weight": "900", "minimum": "0.001", "maximum": "500"},
    "price.package_too_large": {"sides": "710 × 20 × 20", "maximum": 700},
    "qualification.certificate_missing": {"names": ["CE"]},
    "other.quality_advice": {"problem_type": "new_type", "advice": "Do this."},
}


def broken(tmp_path: Path, old: str, new: str) -> str:
    file = tmp_path / "reasons.toml"
    text = DATA_FILE.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TaxonomyError) as caught:
        Taxonomy.load(file)
    return str(caught.value).replace(str(file), "FILE")


def line_of(start: str) -> int:
    lines = DATA_FILE.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(start))


def test_families_in_their_order() -> None:
    assert list(load_taxonomy().families) == FAMILIES


@pytest.mark.parametrize(("value", "code"), AUDIT_FAILURE_TYPES.items())
def test_every_audit_failure_type_has_a_code(value: str, code: str) -> None:
    reason = load_taxonomy().from_signal(PlatformSignal("audit_failure_type", value))
    assert reason == Reason(code, Provenance.PLATFORM, value)


@pytest.mark.parametrize(("value", "code"), AUDIT_FAILURE_TYPES.items())
def test_the_filter_of_managed_stores_means_the_same(value: str, code: str) -> None:
    assert load_taxonomy().from_signal(PlatformSignal("audit_failure_reason", value)) == Reason(
        code, Provenance.PLATFORM, value
    )


@pytest.mark.parametrize(("value", "code"), PUBLISH_ERRORS.items())
def test_every_publish_error_of_the_reference_has_a_code(value: str, code: str) -> None:
    reason = load_taxonomy().from_signal(PlatformSignal("error", value))
    assert reason == Reason(code, Provenance.PLATFORM, value)


@pytest.mark.parametrize(("value", "code"), CAUSES.items())
def test_every_offline_cause_has_a_code(value: str, code: str) -> None:
    assert load_taxonomy().from_signal(PlatformSignal("ws_display", value)) == Reason(code, Provenance.PLATFORM, value)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_word_nobody_knows_is_kept_and_shown(field: str, value: str) -> None:
    taxonomy = load_taxonomy()
    reason = taxonomy.from_signal(PlatformSignal("x_" + field, value))
    assert reason is not None
    assert (reason.code, reason.text) == ("other.platform_word", value)
    assert reason.measured == {"field": "x_" + field, "value": value}
    assert taxonomy.remedy(reason)


def test_an_unknown_enum_value_names_itself_in_the_remedy() -> None:
    reason = load_taxonomy().from_signal(PlatformSignal("audit_failure_type", "audit_sub_status_new"))
    assert reason is not None
    assert load_taxonomy().remedy(reason) == (
        "AliExpress says audit_failure_type = audit_sub_status_new: open Seller Center for what it means."
    )


@pytest.mark.parametrize("value", ["1", ""])
def test_an_approved_sku_is_no_reason(value: str) -> None:
    assert load_taxonomy().from_signal(PlatformSignal("sku_audit_status", value)) is None


def test_refused_skus_are_one_reason_with_their_prices() -> None:
    taxonomy = load_taxonomy()
    refused = [
        {"seller_sku": "RED-1", "supply_price": "9.90", "sku_audit_status": "2", "suggest_price": "8.50"},
        {"sku_id": "120000", "suggest_price": "7.00"},
        {},
    ]
    reason = taxonomy.from_signal(PlatformSignal("sku_audit_status", "2", "成本过高", {"skus": refused}))
    skus = ["RED-1 at 9.90 (suggested 8.50)", "120000 (suggested 7.00)", "a SKU"]
    assert reason == Reason("price.supply_price_refused", Provenance.PLATFORM, "2: 成本过高", measured={"skus": skus})
    assert taxonomy.remedy(reason) == (
        "Supply price refused: RED-1 at 9.90 (suggested 8.50), 120000 (suggested 7.00), a SKU: "
        "offer the suggested price or explain yours."
    )


def test_skus_that_only_one_of_two_words_names_are_kept() -> None:
    bare = PlatformSignal("audit_failure_type", "audit_sub_status_supply_price")
    named = PlatformSignal("sku_audit_status", "2", "", {"skus": [{"sku_id": "1"}]})
    for signals in ([bare, named], [named, bare]):
        (reason,) = load_taxonomy().from_signals(signals)
        assert (reason.code, reason.measured) == ("price.supply_price_refused", {"skus": ["1"]})


def test_a_suggested_price_is_a_refusal_without_a_status() -> None:
    signal = PlatformSignal("sku_audit_status", "", "", {"skus": [{"sku_id": "7", "suggest_price": "1.00"}]})
    reason = load_taxonomy().from_signal(signal)
    assert reason is not None
    assert (reason.code, reason.measured) == ("price.supply_price_refused", {"skus": ["7 (suggested 1.00)"]})


def test_words_that_mean_the_same_are_one_reason() -> None:
    one = PlatformSignal("audit_failure_type", "audit_sub_status_supply_price", "", {"skus": [{"sku_id": "1"}]})
    two = PlatformSignal("sku_audit_status", "2", "", {"skus": [{"sku_id": "1"}, {"sku_id": "2"}]})
    three = PlatformSignal("ws_display", "punish_offline")
    assert load_taxonomy().from_signals([one, two, three, PlatformSignal("sku_audit_status", "1")]) == [
        Reason(
            "price.supply_price_refused",
            Provenance.PLATFORM,
            "audit_sub_status_supply_price; 2",
            measured={"skus": ["1", "2"]},
        ),
        Reason("other.taken_down_punishment", Provenance.PLATFORM, "punish_offline"),
    ]


@pytest.mark.parametrize(
    ("code", "measured", "remedy", "figures"),
    [
        (
            "image.main_too_small",
            {"width": 640, "height": 640, "minimum": 800, "url": "https://x/1.jpg"},
            "Main picture 640×640: upload at least 800×800, 1:1, white ground, at most 5 MB.",
            "640×640 px, asked 800×800",
        ),
        (
            "attribute.brand_missing",
            {"names": ["Brand Name"], "choices": 14},
            "Brand Name is empty: choose one of your 14 authorised brands.",
            "empty: Brand Name",
        ),
        ("attribute.brand_missing", {"names": ["Brand"]}, "Brand is empty: fill in Brand.", "empty: Brand"),
        (
            "attribute.required_missing",
            {"names": ["Material", "Origin"]},
            "Required attributes empty: Material, Origin: fill them in.",
            "empty: Material, Origin",
        ),
        ("attribute.required_missing", {}, "Required attributes are empty: fill them in.", ""),
        (
            "image.main_too_small",
            {"width": 640},
            "Main picture too small: upload at least 800×800, 1:1, white ground, at most 5 MB.",
            "width 640",
        ),
        ("unknown", {}, "Reason unknown: open Seller Center and read the annotation there.", ""),
        ("gone.in_this_version", {}, "Reason unknown: open Seller Center and read the annotation there.", ""),
    ],
)
def test_remedies_are_specific(code: str, measured: dict[str, object], remedy: str, figures: str) -> None:
    reason = Reason(code, Provenance.CHECK, measured=measured)
    assert (load_taxonomy().remedy(reason), load_taxonomy().figures(reason)) == (remedy, figures)


def test_a_long_list_is_counted_and_not_spelled_out() -> None:
    reason = Reason("attribute.required_missing", Provenance.CHECK, measured={"names": [f"A{n}" for n in range(11)]})
    assert load_taxonomy().remedy(reason) == (
        "Required attributes empty: A0, A1, A2, A3, A4, A5, A6, A7 and 3 more: fill them in."
    )


def test_a_name_with_braces_is_not_read_as_a_template() -> None:
    reason = Reason("attribute.required_missing", Provenance.CHECK, measured={"names": ["{names} {0} %s"]})
    assert load_taxonomy().remedy(reason) == "Required attributes empty: {names} {0} %s: fill them in."


def test_labels_of_codes_families_and_strangers() -> None:
    taxonomy = load_taxonomy()
    codes = ("image.main_too_small", "image", "unknown", "gone.code")
    assert [taxonomy.label(code) for code in codes] == ["Main picture too small", "Image", "Unknown", "gone.code"]
    assert [taxonomy.family(code) for code in codes] == ["image", "image", "unknown", "other"]


@pytest.mark.parametrize(
    ("old", "new", "place", "complaint"),
    [
        (
            'resubmit = "edit"',
            'resubmit = "edti"',
            'resubmit = "edit"',
            "code.image.none: resubmit: input should be 'edit', 'appeal' or 'wait'.",
        ),
        (
            'remedy_plain = "Brand is',
            'remedi_plain = "Brand is',
            '[code."attribute.brand_missing"]',
            "code.attribute.brand_missing: remedy_plain: field required.",
        ),
        (
            '[code."basic.',
            '[code."basics.',
            '[code."basic.',
            "code.basics.information_refused: there is no family 'basics'.",
        ),
        (
            '"audit_sub_status_cro"',
            '"audit_sub_status_basic"',
            '[code."risk.',
            (
                "code.risk.compliance_refused: audit_failure_type 'audit_sub_status_basic' already means "
                "basic.information_refused."
            ),
        ),
    ],
)
def test_a_mistake_in_the_file_names_line_and_entry(
    tmp_path: Path, old: str, new: str, place: str, complaint: str
) -> None:
    assert broken(tmp_path, old, new) == f"FILE, line {line_of(place)}, {complaint}"


def test_a_needed_entry_and_a_needed_file(tmp_path: Path) -> None:
    assert broken(tmp_path, "[code.unknown]", "[code.other]") == (
        "FILE, line 1, code.unknown: the entry is missing and the program needs it."
    )
    with pytest.raises(TaxonomyError, match="is missing: run aexdash from its checkout"):
        Taxonomy.load(tmp_path / "nowhere.toml")


def test_text_that_is_not_toml(tmp_path: Path) -> None:
    (tmp_path / "reasons.toml").write_text("[family\n", encoding="utf-8")
    with pytest.raises(TaxonomyError, match=r"is not valid TOML: .*line 1"):
        Taxonomy.load(tmp_path / "reasons.toml")


@pytest.mark.parametrize(("code", "measured"), MEASURED.items())
def test_figures_of_a_check_fill_its_remedy(code: str, measured: dict[str, object]) -> None:
    taxonomy = load_taxonomy()
    reason = Reason(code, Provenance.CHECK, measured=measured)
    assert taxonomy.remedy(reason) != taxonomy.codes[code].remedy_plain
    assert "{" not in taxonomy.remedy(reason) + taxonomy.figures(reason)


def test_a_known_problem_of_the_diagnosis_has_its_code() -> None:
    problem = Problem(1, "repeat_repost", "Posted more than once", "Keep one.")
    assert load_taxonomy().from_problem(problem) == Reason(
        "duplicate.listing", Provenance.DIAGNOSIS, "Posted more than once: Keep one."
    )
    assert load_taxonomy().from_problem(Problem(1, "lack_white_image")).code == "image.no_white_background"


@pytest.mark.parametrize(
    ("advice", "remedy"),
    [
        ("Add a video.", "Add a video."),
        ("", "AliExpress's diagnosis says no_video: look it up in Seller Center."),
    ],
)
def test_another_problem_is_advice(advice: str, remedy: str) -> None:
    reason = load_taxonomy().from_problem(Problem(1, "no_video", "No video", advice))
    measured = {"problem_type": "no_video", "advice": advice}
    text = "No video: Add a video." if advice else "No video"
    assert reason == Reason("other.quality_advice", Provenance.DIAGNOSIS, text, measured=measured)
    assert load_taxonomy().remedy(reason) == remedy


def test_the_appeal_clock_stands_where_the_reference_has_one() -> None:
    clocks = {key: code.appeal_days for key, code in load_taxonomy().codes.items() if code.appeal_days}
    assert clocks == {"prohibited.goods": 7, "prohibited.restricted_goods": 7, "other.taken_down_violation": 7}


def test_only_codes_with_an_appeal_have_days_for_it() -> None:
    taxonomy = load_taxonomy()
    assert {type(days) for days in taxonomy.appeal_days.values()} == {int}
    assert 0 < len(taxonomy.appeal_days) < len(taxonomy.codes)


def test_a_code_has_phrases_in_all_nine_languages_or_in_none() -> None:
    spoken = {key: set(languages) for key, languages in load_taxonomy().phrases.items() if languages}
    assert spoken == {key: {"en", "zh", "ru", "es", "pt", "fr", "de", "tr", "ko"} for key in spoken}
    assert len(spoken) > 50


def test_own_phrases_join_those_of_the_file() -> None:
    phrases = load_taxonomy().with_phrases({"ip.patent": ("patented shape",)}).phrases
    assert phrases["ip.patent"] == {**load_taxonomy().phrases["ip.patent"], "own": ("patented shape",)}


def test_the_language_of_a_phrase_is_one_of_nine(tmp_path: Path) -> None:
    text = DATA_FILE.read_text(encoding="utf-8")
    line = text[: text.index("\nphrases.ru = ")].count("\n") + 2
    assert broken(tmp_path, "\nphrases.ru = ", "\nphrases.rus = ") == (
        f"FILE, line {line}, code.image.none: phrases rus: "
        "input should be 'en', 'zh', 'ru', 'es', 'pt', 'fr', 'de', 'tr' or 'ko'."
    )

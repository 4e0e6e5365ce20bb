from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.model import PlatformSignal, Provenance, Reason
from aexdash.reasons import DATA_FILE, Taxonomy, TaxonomyError, load_taxonomy

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

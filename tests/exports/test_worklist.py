from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.exports.csv_file import safe
from aexdash.exports.table import file_name
from aexdash.exports.worklist.worklist import COLUMNS, ExportContext, cells, csv_chunks
from aexdash.model import Lane, Provenance, Resubmit, SourceWord, Stage, Status
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.readmodels import HeldBack, ReasonRow, SourceTold, WorkRow
from aexdash.snapshot.store_rows import StoreRow
from aexdash.sources.round_trip import ROW_CHECK, row_check

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
SINCE = datetime(2026, 3, 9, 6, 30, tzinfo=UTC)
EDIT = "https://gsp.aliexpress.com/m_apps/product-publish/publish?productId={product_id}"
ITEM = "https://www.aliexpress.com/item/{product_id}.html"
STORE = StoreRow(1, "main", "My store", "overseas", "USD", EDIT, ITEM, watched=True)
CONTEXT = ExportContext.of([STORE], load_taxonomy(), NOW)
SMALL = ReasonRow(
    "image.main_too_small", Provenance.CHECK, "", None, {"width": 640, "height": 640, "minimum": 800}, SINCE
)
BRAND = ReasonRow("attribute.brand_missing", Provenance.CHECK, "", None, {"names": ["Brand"]}, SINCE)


def row(product_id: int = 1005001234567891, **changes: object) -> WorkRow:
    values: dict[str, object] = {
        "store": "main",
        "product_id": product_id,
        "title": "Wireless earbuds",
        "status": Status.REJECTED,
        "platform_status": "editingRequired",
        "cause": None,
        "audit_kind": None,
        "attempt": 2,
        "started_at": SINCE,
        "started_after": None,
        "held_since": SINCE,
        "held_after": None,
        "seen_at": NOW,
        "reasons": (SMALL, BRAND),
        "image_url": "https://ae01.alicdn.com/kf/1.jpg",
        "thumbnail": None,
        "sku_codes": ("0012", "RED-1"),
        "category_id": 200,
        "category": "Earphones",
        "price_min": "12.50",
        "price_max": "19.99",
        "currency": "USD",
        "modified_at": SINCE,
        "modified_raw": "2026-03-08 22:30:00",
        "stage": Stage.TAKEN,
        "owner": "Ana",
        "note": "",
        "resubmit": Resubmit.NOT_YET,
    }
    return WorkRow(**(values | changes))  # type: ignore[arg-type]


def written(rows: Iterable[WorkRow]) -> str:
    data = b"".join(csv_chunks(rows, CONTEXT))
    assert data.startswith(b"\xef\xbb\xbf")
    return data.decode("utf-8-sig")


CHANGED = (
    {"status": Status.AUDITING, "audit_kind": "resubmitted"},
    {"status": Status.AUDITING, "audit_kind": "re_review"},
    {"status": Status.OFFLINE, "cause": "violation"},
    {"status": Status.OFFLINE, "cause": "expired"},
    {"status": Status.ACTIVE, "reasons": (SMALL,)},
    {"platform_status": "another"},
    {"attempt": 3},
    {"resubmit": None},
    {"resubmit": Resubmit.READY, "reasons": ()},
    {"store": "other"},
    {"reasons": (BRAND,)},
    {"reasons": (SMALL._replace(measured={"width": 650, "height": 640, "minimum": 800}), BRAND)},
    {"reasons": (SMALL._replace(provenance=Provenance.PLATFORM, text="Too small", language="en"),)},
    {"reasons": (BRAND._replace(code="platform_word", provenance=Provenance.PLATFORM, text="audit_sub_status_basic"),)},
    {"stage": Stage.NEW, "lane": Lane.WAITING},
    {"stage": Stage.FIXED},
    {"owner": "Bo"},
    {"note": '=1+1 "so"'},
    {"category": "Other", "category_id": None},
    {"title": "\u202esdrawkcab"},
    {"money": HeldBack(1.5, 2.5, 10.0, 20.0, "USD", sold=True, in_stock=False)},
    {"source_words": (SourceWord.DRAFT,), "source": (SourceTold(SourceWord.DRAFT, "front", "draft", "on sale"),)},
)
"""What rows may have in common with others, or not."""


def test_words_that_rows_share_are_those_that_each_row_has_by_itself():
    rows = [row(1), *[row(number, **changes) for number, changes in enumerate(CHANGED, 2)], row(99)]
    together = written([*rows, *rows])
    apart = [
        b"".join(csv_chunks([one], replace(CONTEXT, claim=""))).decode("utf-8-sig").split("\r\n", 1)[1] for one in rows
    ]
    assert together.split("\r\n", 1)[1] == "".join([*apart, *apart])
    assert len(set(apart)) == len(rows)


def test_the_row_check_is_of_the_texts_of_the_row():
    for one in [row(number, **changes) for number, changes in enumerate(CHANGED, 1)]:
        texts = {column.title: cell or "" for column, cell in zip(COLUMNS, cells(one, CONTEXT), strict=True)}
        assert texts[ROW_CHECK] == row_check(texts)


def read(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def cell(text: str, key: str, line: int = 1) -> str:
    return read(text)[line][[column.key for column in COLUMNS].index(key)]


def test_a_row_says_what_whoever_fixes_needs_in_the_words_of_the_page() -> None:
    heading, values = read(written([row()]))
    said = dict(zip(heading, values, strict=True))
    assert heading[:8] == ["Product id", "Title", "Why", "What to do", "Stage", "Owner", "Note", "Resubmit"]
    assert len(said.pop("Row check")) == 45
    assert said == {
        "Product id": "\t1005001234567891",
        "Title": "Wireless earbuds",
        "Why": "Main picture too small | Brand missing",
        "What to do": (
            "Main picture 640×640: upload at least 800×800, 1:1, white ground, at most 5 MB. "
            "Brand is empty: fill in Brand."
        ),
        "Stage": "taken",
        "Owner": "Ana",
        "Note": "",
        "Resubmit": "do not resubmit yet",
        "Held for (days)": "2.2",
        "Held since (UTC)": "2026-03-09T06:30:00.000Z",
        "Held since then or earlier": "yes",
        "Measured": "640×640 px, asked 800×800 | empty: Brand",
        "Status": "rejected",
        "Store": "My store",
        "SKU codes": "\t0012, RED-1",
        "Edit page": "https://gsp.aliexpress.com/m_apps/product-publish/publish?productId=1005001234567891",
        "Said by": "measured",
        "How sure": "likely, AliExpress is silent",
        "Text it was said in": "",
        "Language of the text": "",
        "AliExpress calls it": "editingRequired",
        "Audit": "",
        "Rejections seen": "2",
        "In this status since (UTC)": "2026-03-09T06:30:00.000Z",
        "In this status (days)": "2.2",
        "Category": "Earphones",
        "Category id": "\t200",
        "Price from": "12.50",
        "Price to": "19.99",
        "Currency": "USD",
        "Sold before it was held": "",
        "Units a day from": "",
        "Units a day to": "",
        "Held back a day from": "",
        "Held back a day to": "",
        "Currency of held back": "",
        "Public page": "https://www.aliexpress.com/item/1005001234567891.html",
        "Main picture": "https://ae01.alicdn.com/kf/1.jpg",
        "Modified (as the platform wrote it)": "2026-03-08 22:30:00",
        "Read at (UTC)": "2026-03-11T12:00:00.000Z",
        "Known or not read": "",
        "Exported at (UTC)": "\t2026-03-11T12:00:00Z",
        "Store key": "\tmain",
        "Beside its shop": "",
        "What differs from its shop": "",
    }


def test_no_word_of_the_interface_stands_in_a_column_for_people() -> None:
    named = ReasonRow("basic.information_refused", Provenance.PLATFORM, "audit_sub_status_basic", None, {}, SINCE)
    audited = row(reasons=(named,), status=Status.AUDITING, audit_kind="re_review", resubmit=Resubmit.READY)
    heading, values = read(written([audited, row(stage=Stage.NEW, reasons=())]))[:2]
    said = dict(zip(heading, values, strict=True))
    assert said["AliExpress calls it"] == "editingRequired"
    unknown = named._replace(code="other.platform_word", text="audit_sub_status_new")
    assert cell(written([row(reasons=(unknown,))]), "platform_status") == "editingRequired | audit_sub_status_new"
    assert (said["Status"], said["Audit"], said["Resubmit"]) == ("in audit", "re-review", "ready to resubmit")
    assert (said["Said by"], said["How sure"]) == ("AliExpress says", "said by AliExpress or Seller Center")
    assert not [value for value in said.values() if "_" in value and "://" not in value]


@pytest.mark.parametrize(
    ("lane", "stage", "word"),
    [
        (Lane.WAITING, Stage.NEW, "in audit: waiting for AliExpress"),
        (Lane.TODO, Stage.NEW, "to do"),
        (Lane.WAITING, Stage.TAKEN, "taken"),
    ],
)
def test_what_waits_for_aliexpress_is_never_called_to_do(lane: Lane, stage: Stage, word: str) -> None:
    audited = row(status=Status.AUDITING, lane=lane, stage=stage, owner="")
    assert cell(written([audited]), "stage") == word


def test_of_a_listing_on_sale_nothing_says_that_it_is_held() -> None:
    text = written([row(status=Status.ACTIVE, platform_status="onSelling")])
    assert (cell(text, "status"), cell(text, "age_days"), cell(text, "held_since")) == ("on sale", "", "")
    assert cell(text, "or_earlier") == ""


@pytest.mark.parametrize("note", ["1/2", "2026-03-09", "007", "TRUE", "mar 1", "call 8 600"])
def test_what_a_spreadsheet_would_read_as_a_value_is_led_by_a_tab_in_the_columns_that_come_back(note: str) -> None:
    assert cell(written([row(note=note)]), "note") == f"\t{note}"
    assert cell(written([row(owner=note)]), "owner") == f"\t{note}"
    assert cell(written([row(note="ask Olga")]), "note") == "ask Olga"


def test_lines_end_with_crlf_and_an_empty_view_has_its_heading() -> None:
    text = written([])
    assert text.endswith(
        '"Read at (UTC)","Known or not read","Exported at (UTC)","Store key","Row check",'
        '"Beside its shop","What differs from its shop"\r\n'
    )
    assert text.count("\r\n") == 1


def test_the_export_streams() -> None:
    def rows() -> Iterator[WorkRow]:
        for number in range(501):
            asked.append(number)
            yield row(number)

    asked: list[int] = []
    chunks = csv_chunks(rows(), CONTEXT)
    next(chunks)
    assert asked == []
    next(chunks)
    assert len(asked) == 500


@given(st.integers(min_value=1, max_value=2**63 - 1))
def test_no_product_id_is_rounded(product_id: int) -> None:
    value = cell(written([row(product_id)]), "product_id")
    assert value == f"\t{product_id}"
    assert int(value) == product_id


def test_a_row_without_reasons_sends_to_seller_center() -> None:
    text = written([row(reasons=())])
    assert cell(text, "reasons") == "Unknown"
    assert cell(text, "provenance") == ""
    assert cell(text, "what_to_do") == "Reason unknown: open Seller Center and read the annotation there."


def test_the_platforms_own_words_stay_as_they_came() -> None:
    reason = ReasonRow("other.platform_word", Provenance.PLATFORM, "审核不通过", "zh", {}, SINCE)
    text = written([row(reasons=(reason,), cause="punish_offline", status=Status.OFFLINE, platform_status="offline")])
    assert cell(text, "raw_text") == "审核不通过"
    assert cell(text, "platform_status") == "offline punish_offline"
    assert cell(text, "language") == "zh"


MONEY = ("sold_before", "units_low", "units_high", "amount_low", "amount_high", "amount_currency")


@pytest.mark.parametrize(
    ("money", "cells"),
    [
        (HeldBack(0.5333, 1.0, 8.3333, 10.0, "USD", True, True), ["yes", "0.53", "1.0", "8.33", "10.0", "USD"]),
        (HeldBack(0.5, 1.0, 8.0, 10.0, "USD", True, False), ["out of stock", "0.5", "1.0", "8.0", "10.0", "USD"]),
        (HeldBack(0.0, 0.0, 0.0, 0.0, None, False, None), ["nothing", "0.0", "0.0", "0.0", "0.0", ""]),
        (None, [""] * 6),
    ],
)
def test_what_is_held_back_is_a_range_and_unknown_is_empty(money: HeldBack | None, cells: list[str]) -> None:
    assert [cell(written([row(money=money)]), key) for key in MONEY] == cells


def test_a_remedy_is_told_once_by_whoever_has_the_figures() -> None:
    said = ReasonRow(SMALL.code, Provenance.SELLER_CENTER, "图片太小", "zh", {"matched": "太小", "score": 100}, SINCE)
    text = written([row(reasons=(said, SMALL))])
    assert cell(text, "provenance") == "Seller Center says | measured"
    assert cell(text, "reasons") == "Main picture too small"
    assert cell(text, "what_to_do") == (
        "Main picture 640×640: upload at least 800×800, 1:1, white ground, at most 5 MB."
    )
    assert cell(text, "measured") == "640×640 px, asked 800×800"


@pytest.mark.parametrize(
    ("provenance", "expected"),
    [
        ((), "nobody has said why"),
        ((Provenance.DIAGNOSIS,), "advice, not the verdict"),
        ((Provenance.DIAGNOSIS, Provenance.CHECK), "likely, AliExpress is silent"),
        ((Provenance.CHECK, Provenance.SELLER_CENTER), "said by AliExpress or Seller Center"),
        ((Provenance.PLATFORM,), "said by AliExpress or Seller Center"),
    ],
)
def test_the_strongest_word_says_how_certain_a_row_is(provenance: tuple[Provenance, ...], expected: str) -> None:
    reasons = tuple(ReasonRow("image.main_too_small", who, "", None, {}, SINCE) for who in provenance)
    assert cell(written([row(reasons=reasons)]), "certainty") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-5 %", "'-5 %"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\rx", "'\rx"),
        ("＝1+1", "'＝1+1"),
        ("＠cmd", "'＠cmd"),
        ("  =1", "  '=1"),
        ("\u200e=1", "\u200e'=1"),
        ('"=1', "\"'=1"),
        ("a;=1+1", "a;'=1+1"),
        ('a;"=1+1', "a;\"'=1+1"),
        ("a\n=1+1", "a\n'=1+1"),
        ("a=1+1", "a=1+1"),
        ("🎧 set", "🎧 set"),
        ("наушники; синие", "наушники; синие"),
        ("", ""),
    ],
)
def test_formulas_are_led_by_an_apostrophe(text: str, expected: str) -> None:
    assert safe(text) == expected


def test_ten_thousand_line_breaks_are_looked_at_once() -> None:
    text = "a" + "\n;" * 100_000
    assert safe(text) == text
    assert safe(text + "=1") == text + "'=1"


nasty = st.text(st.sampled_from("=+-@＝＋;,\t\r\n\"' aЯ1\u200e|\0"), max_size=12)


@given(nasty, nasty, st.sampled_from([",", ";", "\t"]))
def test_no_spreadsheet_of_any_locale_finds_a_formula(title: str, note: str, delimiter: str) -> None:
    text = written([row(title=title, note=note, owner=title, sku_codes=(note,), category=note)])
    for line in read(text, delimiter)[1:]:
        for value in line:
            assert not value.strip("\"' \t\r\n\0\u200e").startswith(("=", "+", "-", "@", "＝", "＋")) or "'" in value


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_every_title_comes_back(title: str) -> None:
    value = cell(written([row(title=title)]), "title")
    assert value.replace("'", "") == title.replace("'", "")


def test_a_lone_surrogate_does_not_end_the_export() -> None:
    assert cell(written([row(title="a\ud800b")]), "title") == "a?b"


@pytest.mark.parametrize(
    ("price", "expected"),
    [("-5.00", "-5.00"), ("2113.0", "2113.0"), ("=1+1", "'=1+1"), ("-1+1", "'-1+1"), (None, ""), ("n/a", "n/a")],
)
def test_numbers_stay_numbers_and_what_is_none_is_text(price: str | None, expected: str) -> None:
    assert cell(written([row(price_min=price)]), "price_min") == expected


def test_a_listing_from_the_future_has_a_negative_age() -> None:
    text = written([row(held_since=NOW + timedelta(days=2))])
    assert cell(text, "age_days") == "-2.0"


def test_file_names_say_store_and_moment() -> None:
    assert file_name("main", NOW) == "aexdash-main-20260311T120000Z.csv"
    assert file_name(None, None, ".xlsx") == "aexdash-all-stores-no-data.xlsx"
    assert file_name("main", NOW, ".xlsx", "fix-image.main_too_small") == (
        "aexdash-fix-image-main_too_small-main-20260311T120000Z.xlsx"
    )
    assert file_name("../x", NOW) == "aexdash----x-20260311T120000Z.csv"


def test_ages_are_of_the_spell_and_the_present_status_has_columns_of_its_own() -> None:
    held, moved = SINCE - timedelta(days=69), SINCE + timedelta(days=1)
    text = written([row(held_since=held, held_after=held, started_at=moved, started_after=SINCE)])
    assert cell(text, "held_since") == "2025-12-30T06:30:00.000Z"
    assert (cell(text, "age_days"), cell(text, "or_earlier")) == ("71.2", "no")
    assert cell(text, "in_status_since") == "2026-03-10T06:30:00.000Z"
    assert cell(text, "in_status_days") == "1.2"


def test_an_age_ends_when_the_store_was_last_read_and_the_row_says_when() -> None:
    text = written([row(seen_at=SINCE + timedelta(hours=12))])
    assert (cell(text, "age_days"), cell(text, "read_at")) == ("0.5", "2026-03-09T18:30:00.000Z")


def test_what_differs_from_the_shop_is_in_words_with_both_sides_and_its_clock() -> None:
    told = SourceTold(SourceWord.PRICE, "front", "10.00 EUR", "=12", None, SINCE, figures={"percent": "+20 %"})
    words = (SourceWord.PRICE, SourceWord.FEEDBACK)
    [said] = csv.DictReader(io.StringIO(written([row(source=(told,), source_words=words)]), newline=""))
    assert said["Beside its shop"] == "price drift | a channel asks"
    when = f"{SINCE.day} {SINCE:%b %Y %H:%M} UTC"
    assert said["What differs from its shop"] == (
        f"price drift in front (so when first read, {when}): 10.00 EUR there, =12 here"
    )

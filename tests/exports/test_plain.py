"""The plain file is the file of before: its columns under their keys, their order, and words that scripts rely on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.exports.table import ExportError
from aexdash.exports.worklist.plain import COLUMNS, csv_plain, save
from aexdash.model import Provenance
from aexdash.snapshot.readmodels import ReasonRow, WorkRow
from tests.exports.test_worklist import CONTEXT, SINCE, SMALL, row

PROMISED = (
    *("store", "product_id", "title", "status", "platform_status", "audit", "held_since", "age_days", "attempts"),
    *("reasons", "provenance", "what_to_do", "measured", "raw_text", "sku_codes", "category", "category_id"),
    *("price_min", "price_max", "currency", "stage", "owner", "note", "item_link", "edit_link", "picture_url"),
    *("modified_raw", "read_at", "certainty", "resubmit", "language", "sold_before", "units_low", "units_high"),
    *("amount_low", "amount_high", "amount_currency", "in_status_since", "in_status_days", "or_earlier", "claim"),
    "source",
)


def written(rows: Iterable[WorkRow]) -> bytes:
    return b"".join(csv_plain(rows, CONTEXT))


def lines(rows: Iterable[WorkRow]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(rows).decode(), newline="")))


def test_no_column_is_renamed_removed_or_moved() -> None:
    assert tuple(column.key for column in COLUMNS)[: len(PROMISED)] == PROMISED


def test_the_plain_file_is_the_file_of_before() -> None:
    [said] = lines([row()])
    assert said == {
        "store": "main",
        "product_id": "1005001234567891",
        "title": "Wireless earbuds",
        "status": "rejected",
        "platform_status": "editingRequired",
        "audit": "",
        "held_since": "2026-03-09T06:30:00.000Z",
        "age_days": "2.2",
        "attempts": "2",
        "reasons": "Main picture too small | Brand missing",
        "provenance": "check | check",
        "what_to_do": (
            "Main picture 640×640: upload at least 800×800, 1:1, white ground, at most 5 MB. "
            "Brand is empty: fill in Brand."
        ),
        "measured": "640×640 px, asked 800×800 | empty: Brand",
        "raw_text": "",
        "sku_codes": "0012, RED-1",
        "category": "Earphones",
        "category_id": "200",
        "price_min": "12.50",
        "price_max": "19.99",
        "currency": "USD",
        "stage": "taken",
        "owner": "Ana",
        "note": "",
        "item_link": "https://www.aliexpress.com/item/1005001234567891.html",
        "edit_link": "https://gsp.aliexpress.com/m_apps/product-publish/publish?productId=1005001234567891",
        "picture_url": "https://ae01.alicdn.com/kf/1.jpg",
        "modified_raw": "2026-03-08 22:30:00",
        "read_at": "2026-03-11T12:00:00.000Z",
        "certainty": "likely",
        "resubmit": "not_yet",
        "language": "",
        "sold_before": "",
        "units_low": "",
        "units_high": "",
        "amount_low": "",
        "amount_high": "",
        "amount_currency": "",
        "in_status_since": "2026-03-09T06:30:00.000Z",
        "in_status_days": "2.2",
        "or_earlier": "yes",
        "claim": "",
        "source": "",
    }


def test_words_are_those_of_addresses_and_reasons_stand_one_for_one_beside_who_says_them() -> None:
    said = ReasonRow(SMALL.code, Provenance.SELLER_CENTER, "图片太小", "zh", {}, SINCE)
    [found] = lines([row(reasons=(said, SMALL))])
    assert found["provenance"] == "seller_center | check"
    assert found["reasons"] == "Main picture too small | Main picture too small"
    assert (found["certainty"], found["raw_text"], found["language"]) == ("told", "图片太小", "zh")


def test_it_has_no_byte_order_mark_and_its_lines_end_as_the_standard_says() -> None:
    content = written([row()])
    assert content.startswith(b"store,product_id,")
    assert content.count(b"\r\n") == content.count(b"\n") == 2


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.integers(10**9, 2**63 - 1))
def test_every_text_and_id_comes_back_without_a_mark(text: str, product_id: int) -> None:
    [said] = lines([row(product_id, title=text, note=text)])
    assert (said["product_id"], said["title"], said["note"]) == (str(product_id), text, text)


def test_a_lone_surrogate_does_not_end_the_export() -> None:
    assert lines([row(title="a\ud800b")])[0]["title"] == "a?b"


def test_the_plain_form_is_a_csv_alone(tmp_path: Path) -> None:
    assert save(tmp_path / "held.csv", [row(1), row(2)], CONTEXT) == 2
    assert (tmp_path / "held.csv").read_bytes() == written([row(1), row(2)])
    with pytest.raises(ExportError, match=r"held\.xlsx does not end in \.csv: the plain form is a CSV"):
        save(tmp_path / "held.xlsx", [], CONTEXT)

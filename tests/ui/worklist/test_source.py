"""What a listing is beside its shop, in the list, in its panel and in its exports."""

from __future__ import annotations

import csv
import io

from tests.ui.reading import captions, list_of, read_aloud, rows_of, said
from tests.ui.sample import FIRST, IN_AUDIT, with_history
from tests.ui.sample_shop import fixed_home, with_shop
from tests.ui.worklist.test_rows import WORK, labels


def test_the_list_has_a_column_of_it_where_the_store_has_a_shop(open_page, tmp_path):
    assert "Source" not in labels(open_page(with_history(tmp_path), "worklist"))
    page = open_page(with_shop(tmp_path / "b"), "worklist", order="product_id")
    assert labels(page)[: len(WORK) + 1] == [*WORK, "Source"]
    told = {row["Product id"]: row["Source"] for row in rows_of(page)}
    assert told == {
        str(FIRST): ["draft in front since 12:00", "another title in front since before 8 Mar"],
        str(FIRST + 1): ["no difference"],
        str(FIRST + 2): ["price drift in front -38 % since 12:00"],
        str(FIRST + 3): ["no difference"],
        str(IN_AUDIT): ["not in front"],
    }
    tones = {row["pid"]: row["sourceTone"] for row in list_of(page)["rows"]}
    assert (tones[str(FIRST)], tones[str(FIRST + 1)]) == ("orange", "")


def test_the_filter_opens_those_that_it_counts(open_page, tmp_path):
    page = open_page(with_shop(tmp_path), "worklist", source="draft,missing")
    assert {row["Product id"] for row in rows_of(page)} == {str(FIRST), str(IN_AUDIT)}


def test_the_panel_sets_both_sides_beside_each_other_and_marks_what_differs(open_page, tmp_path):
    page = open_page(with_shop(tmp_path), "worklist", listing=f"main/{FIRST + 2}")
    assert not page.exception
    [sides] = [table.value for table in page.dataframe if "Differs" in table.value]
    lines = {row[""]: (row["front"], row["AliExpress"], row["Differs"]) for _, row in sides.iterrows()}
    assert lines["Price"] == ("20 USD", "12.50–14.00 USD", "▲ price drift")
    assert lines["SKU"] == ("SKU-3", "SKU-3", "")
    assert lines["Channels"][0] == "not known"
    assert lines["Stock when it left sale"][0] == "5, shop read 9 Mar 2026 12:00 UTC"
    assert any(
        "price drift in front (after 8 Mar 2026 11:59 UTC, by 9 Mar 2026 12:00" in text
        for text in map(read_aloud, captions(page))
    )


def test_what_is_as_in_the_shop_says_so_and_what_has_no_shop_nothing(open_page, tmp_path):
    page = open_page(with_shop(tmp_path), "worklist", listing=f"main/{FIRST + 1}")
    assert "No difference." in said(page)
    page = open_page(with_history(tmp_path / "b"), "worklist", listing=f"main/{FIRST}")
    assert "## Beside its shop" not in said(page)


def test_the_exports_have_it(ask, tmp_path):
    with_shop(tmp_path)
    rows = list(csv.DictReader(io.StringIO(ask("/export.csv?source=price").text.lstrip("\ufeff"))))
    assert [row["Beside its shop"] for row in rows] == ["price drift"]
    plain = list(csv.DictReader(io.StringIO(ask("/export.csv?plain=1&source=missing").text)))
    assert [row["source"] for row in plain] == ["missing"]


def test_what_is_fixed_in_the_shop_is_said_first_with_what_to_do(open_page, tmp_path):
    page = open_page(fixed_home(tmp_path, 2), "worklist", listing=f"main/{FIRST + 1}")
    assert any("push it again from the shop" in text for text in said(page))
    page = open_page(tmp_path, "worklist", listing=f"main/{FIRST + 2}")
    assert not any("push it again from the shop" in text for text in said(page))

"""A workbook from Seller Center, dropped into the page in a real browser, until its reasons stand on the listings."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from aexdash.demo.moments import MARCH_JUMP
from aexdash.demo.world import MARCH_BRAND_ID, MARCH_PICTURE_IDS, World
from tests.browser.seller_center_file import write_workbook
from tests.browser.stage import A_MOMENT, IN_TIME

pytestmark = pytest.mark.browser

LAMPS, CABLES = MARCH_PICTURE_IDS[:2], MARCH_PICTURE_IDS[2:]

SMALL = "主图尺寸过小"
BRAND = "缺少品牌属性"
TWO = "Main image is too small\nBrand name is missing"
STRANGE = "qzx vrrk plonq"

SHEETS = {
    "灯具": [
        ["商品总数据"],
        ["商品ID", "商品标题", "驳回原因"],
        *([str(product_id), "台灯", SMALL] for product_id in LAMPS),
        [float(MARCH_BRAND_ID), "台灯", BRAND],
        [str(LAMPS[0]), "台灯", SMALL],
        ["1.00501E+15", "台灯", SMALL],
    ],
    "Cables": [
        ["Product ID", "Title", "Seen by Li"],
        [str(CABLES[0]), "Cable", TWO],
        [str(CABLES[1]), "Cable", STRANGE],
        ["1005009999999999", "Not ours", SMALL],
    ],
    "values_hide": [["商品ID", "驳回原因"], [str(CABLES[1]), BRAND]],
}


@pytest.fixture
def workbook(tmp_path) -> Path:
    """A workbook that the usual reader of workbooks refuses for its style sheet."""
    path = write_workbook(tmp_path / "rejected week 10.xlsx", SHEETS)
    with pytest.raises(ValueError, match="could not read stylesheet"):
        openpyxl.load_workbook(path)
    return path


def said_by_seller_center(csv_bytes: bytes) -> dict[int, tuple[str, str]]:
    """Reasons and raw texts of an export by product id."""
    rows = csv.DictReader(io.StringIO(csv_bytes.decode("utf-8-sig"), newline=""))
    return {int(row["Product id"]): (row["Reasons"], row["Platform text"]) for row in rows}


def test_a_workbook_is_dropped_in_mapped_saved_and_its_reasons_stand_in_the_worklist_and_the_csv(
    stage_of, page: Page, workbook
):
    stage = stage_of(World(), MARCH_JUMP + A_MOMENT)
    assert stage.sync("--pulse")["held"] == 5
    page.goto(f"{stage.open_app()}/reasons")
    page.locator("input[type=file]").set_input_files(workbook)
    figures = page.get_by_test_id("stMetric")
    expect(figures.filter(has_text="Matched").get_by_test_id("stMetricValue")).to_have_text("3", timeout=IN_TIME)
    expect(page.get_by_text("Choose the column with the reason")).to_be_visible()
    expect(page.get_by_text("values_hide")).to_have_count(0)

    page.get_by_role("combobox", name="Reason").last.click()
    page.get_by_role("option", name="Seen by Li").click()
    page.keyboard.press("Escape")
    for name, count in {"Matched": 5, "Not in the snapshot": 1, "Refused": 1, "Repeated": 1}.items():
        expect(figures.filter(has_text=name).get_by_test_id("stMetricValue")).to_have_text(str(count), timeout=IN_TIME)

    page.get_by_role("button", name="Save for 5 listings").click()
    expect(page.get_by_text("for 5 listings from rejected week 10.xlsx")).to_be_visible(timeout=IN_TIME)
    expect(figures).to_have_count(0)
    expect(page.get_by_text("1 text of")).to_be_visible()

    stage.sync("--pulse")
    page.get_by_role("link", name="See it in the worklist").click()
    expect(page.get_by_text("5 listings").first).to_be_visible(timeout=IN_TIME)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    stands = said_by_seller_center(Path(download.value.path()).read_bytes())
    assert set(stands) == {*MARCH_PICTURE_IDS, MARCH_BRAND_ID}
    assert {product_id: text for product_id, (_, text) in stands.items()} == {
        **dict.fromkeys(LAMPS, SMALL),
        MARCH_BRAND_ID: BRAND,
        CABLES[0]: TWO.replace("\n", " | "),
        CABLES[1]: STRANGE,
    }
    assert "Brand missing" in stands[CABLES[0]][0]
    assert "not recognised" in stands[CABLES[1]][0].lower()

    page.goto(f"{stage.url}/reasons")
    page.locator("input[type=file]").set_input_files(workbook)
    expect(figures.filter(has_text="Matched").get_by_test_id("stMetricValue")).to_have_text("5", timeout=IN_TIME)
    expect(page.get_by_text("as mapped before")).to_have_count(2)

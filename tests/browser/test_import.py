"""A workbook from Seller Center, dropped into the page in a real browser, until its reasons stand on the listings."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from aexdash.demo.world.moments import MARCH_JUMP
from aexdash.demo.world.world import World
from aexdash.desk.annotations import PASTED, Annotations
from tests.browser.seller_center_file import write_workbook
from tests.browser.stage import A_MOMENT, settled
from tests.demo.march import MARCH_BRAND_ID, MARCH_PICTURE_IDS

pytestmark = pytest.mark.browser

LAMPS, CABLES = MARCH_PICTURE_IDS[:2], MARCH_PICTURE_IDS[2:]

SMALL = "主图尺寸过小"
BRAND = "品牌为空"
TWO = ("Main image is too small", "Brand name is missing")
STRANGE = "qzx vrrk plonq"

FIRST_TICK = {"x": 16, "y": 48}
"""Where the first row of a grid is ticked: grids are drawn, they have no elements to click."""

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
        [str(CABLES[0]), "Cable", "\n".join(TWO)],
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


def exported(csv_bytes: bytes) -> dict[int, dict[str, str]]:
    """The rows of an export by product id."""
    rows = csv.DictReader(io.StringIO(csv_bytes.decode("utf-8-sig"), newline=""))
    return {int(row["Product id"]): row for row in rows}


def test_a_workbook_is_dropped_in_mapped_saved_and_its_reasons_stand_in_the_worklist_and_the_csv(
    stage_of, read, page: Page, workbook
):
    stage = stage_of(World(), MARCH_JUMP + A_MOMENT, read)
    page.goto(f"{stage.open_app()}/reasons")
    page.locator("input[type=file]").set_input_files(workbook)
    figures = page.get_by_test_id("stMetric")
    expect(figures.filter(has_text="Matched").get_by_test_id("stMetricValue")).to_have_text("3")
    expect(page.get_by_text("Choose the column with the reason")).to_be_visible()
    expect(page.get_by_text("values_hide")).to_have_count(0)

    settled(page)
    page.get_by_role("combobox", name="Reason").last.click()
    page.get_by_role("option", name="Seen by Li").click()
    page.keyboard.press("Escape")
    for name, count in {"Matched": 5, "Not in the snapshot": 1, "Refused": 1, "Repeated": 1}.items():
        expect(figures.filter(has_text=name).get_by_test_id("stMetricValue")).to_have_text(str(count))

    settled(page)
    page.get_by_role("button", name="Save for 5 listings").click()
    expect(page.get_by_text("for 5 listings from rejected week 10.xlsx")).to_be_visible()
    expect(figures).to_have_count(0)
    expect(page.get_by_text("1 text of")).to_be_visible()

    stage.sync("--pulse")
    page.get_by_role("link", name="See it in the worklist").click()
    expect(page.get_by_text("5 listings").first).to_be_visible()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    stands = exported(Path(download.value.path()).read_bytes())
    assert {product_id: set(row["Text it was said in"].split(" | ")) for product_id, row in stands.items()} == {
        **{product_id: {SMALL} for product_id in LAMPS},
        MARCH_BRAND_ID: {BRAND},
        CABLES[0]: set(TWO),
        CABLES[1]: {STRANGE},
    }
    assert all("Seller Center says" in row["Said by"] for row in stands.values())
    assert set(stands[CABLES[0]]["Why"].split(" | ")) == {"Main picture too small", "Brand missing"}
    assert "Annotation not recognised" in stands[CABLES[1]]["Why"]

    page.goto(f"{stage.url}/reasons")
    page.locator("input[type=file]").set_input_files(workbook)
    expect(figures.filter(has_text="Matched").get_by_test_id("stMetricValue")).to_have_text("5")
    expect(page.get_by_text("as mapped before")).to_have_count(2)


def test_a_text_that_is_not_recognised_is_taught_with_the_lines_the_page_shows(stage_of, read, page: Page):
    stage = stage_of(World(), MARCH_JUMP + A_MOMENT, read)
    annotations = Annotations(stage.home / "desk.db")
    annotations.add("main", [(MARCH_BRAND_ID, STRANGE)], source=PASTED, by="Ana", now=stage.now())
    page.goto(f"{stage.open_app()}/reasons")
    expect(page.get_by_text("1 text of 1")).to_be_visible()
    grid = page.get_by_test_id("stDataFrame").first
    expect(grid.locator("canvas [role=gridcell]").first).to_be_attached()
    settled(page)
    grid.click(position=FIRST_TICK)
    meaning = page.get_by_role("combobox", name="What they mean")
    expect(meaning).to_be_visible()
    settled(page)
    meaning.fill("watermark")
    expect(page.get_by_role("option").first).to_contain_text("watermark")
    meaning.press("Enter")
    expect(page.get_by_test_id("stCode")).to_contain_text("image.text_or_watermark")
    lines = page.get_by_test_id("stCode").inner_text()
    assert tomllib.loads(lines) == {"phrases": {"image.text_or_watermark": [STRANGE]}}

    with (stage.home / "aexdash.toml").open("a") as configuration:
        configuration.write(f"\n{lines}\n")
    stage.sync("--pulse")
    row = exported(stage.get("/export.csv?provenance=seller_center"))[MARCH_BRAND_ID]
    assert (row["Said by"], row["Text it was said in"]) == ("Seller Center says | measured", STRANGE)
    assert row["Why"].startswith("Text or watermark")
    expect(page.get_by_text("None: all 1 text")).to_be_visible()

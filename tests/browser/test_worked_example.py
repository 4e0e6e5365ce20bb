"""The worked example of March 2026, from the platform through HTTP, sync and page: 0, then 5, then 5, then 0."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from aexdash.demo.world.moments import (
    MARCH_CLEARED,
    MARCH_JUMP,
    MARCH_JUMP_BEGINS,
    MARCH_RESUBMITTED,
)
from aexdash.demo.world.world import World
from tests.browser.stage import A_MOMENT, Stage
from tests.demo.march import MARCH_BRAND_ID, MARCH_PICTURE_IDS

pytestmark = pytest.mark.browser


BEFORE = MARCH_JUMP_BEGINS - timedelta(hours=18)


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A stage before the jump, all of whose listings were read by the command, and what the command said of it."""
    stage = Stage(tmp_path_factory.mktemp("swept"), World(), BEFORE)
    yield stage, stage.sync("--sweep")
    stage.close()


def ids_in(csv_bytes: bytes) -> set[int]:
    """The product ids of an export, as a program reads them."""
    rows = csv.DictReader(io.StringIO(csv_bytes.decode("utf-8-sig"), newline=""))
    return {int(row["Product id"]) for row in rows}


def test_a_lead_sees_the_jump_fixes_it_and_sees_it_confirmed(stage_of, swept, page: Page):
    """One page stays open all the while: it follows each sync by itself."""
    stage = stage_of(World(), BEFORE, swept[0])
    url = stage.open_app()
    asked_elsewhere = []
    ours = (url, url.replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(ours) else asked_elsewhere.append(request.url))
    page.goto(url)
    expect(page.get_by_text("0 listings held")).to_be_visible()

    stage.move_to(MARCH_JUMP + A_MOMENT)
    stage.sync("--pulse")
    expect(page.get_by_text("5 listings held")).to_be_visible()
    for count in ("4 rejected", "1 in audit"):
        expect(page.get_by_role("link", name=count, exact=True)).to_be_visible()
    expect(page.get_by_text("Needs attention").first).to_be_visible()
    rejected_24h = page.get_by_test_id("stMetric").filter(has_text="Rejected, 24 hours")
    expect(rejected_24h.get_by_test_id("stMetricValue")).to_have_text(
        "at least 4"
    )  # of the 24 hours a few minutes were read
    assert ids_in(stage.get("/export.csv?reason=image.main_too_small")) == set(MARCH_PICTURE_IDS)
    assert ids_in(stage.get("/export.csv?reason=attribute.brand_missing")) == {MARCH_BRAND_ID}

    stage.move_to(MARCH_RESUBMITTED + A_MOMENT)
    stage.sync("--pulse")
    for count in ("0 rejected", "5 in audit"):
        expect(page.get_by_role("link", name=count, exact=True)).to_be_visible()
    expect(page.get_by_text("5 listings held")).to_be_visible()

    stage.move_to(MARCH_CLEARED + A_MOMENT)
    stage.sync("--pulse")
    expect(page.get_by_text("0 listings held")).to_be_visible()
    assert [
        address for address in asked_elsewhere if not address.startswith(("data:", "blob:", "ws://127.0.0.1"))
    ] == []


def test_the_commands_tell_the_same_story(stage_of, swept):
    begun, first = swept
    stage, told = stage_of(World(), BEFORE, begun), [first]
    for moment in (MARCH_JUMP, MARCH_RESUBMITTED, MARCH_CLEARED):
        stage.move_to(moment + A_MOMENT)
        told.append(stage.sync("--pulse"))
        if moment is MARCH_JUMP:
            rows = [json.loads(line) for line in stage.command("worklist", "--json").stdout.splitlines()]
            cards = json.loads(stage.command("cards", "--json").stdout)
            exported = stage.home / "fix.csv"
            assert stage.command("export", str(exported), "--reason", "image.main_too_small").returncode == 0
    counts = [(line["outcome"], line["held"], line["rejected"], line["auditing"]) for line in told]
    assert counts == [("complete", 0, 0, 0), ("complete", 5, 4, 1), ("complete", 5, 0, 5), ("complete", 0, 0, 0)]
    assert [line["as_of"] for line in told] == sorted(line["as_of"] for line in told)
    reasons = {int(row["product_id"]): [reason["code"] for reason in row["reasons"]] for row in rows}
    assert reasons == {
        **{product_id: ["image.main_too_small"] for product_id in MARCH_PICTURE_IDS},
        MARCH_BRAND_ID: ["attribute.brand_missing"],
    }
    hero, rejected_24h = cards["aex_rejected_auditing_listings"], cards["aex_rejected_listings_24h"]
    assert (hero["value"], hero["rejected"], hero["auditing"], hero["state"]) == (5, 4, 1, "fresh")
    assert rejected_24h["value"] == 4
    assert ids_in(exported.read_bytes()) == set(MARCH_PICTURE_IDS)

"""The page of a report that names something, and what can be done from it; the ways to it beside each movement."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, timedelta
from urllib.parse import parse_qsl

import pytest

from aexdash.causes.kept import Reports
from aexdash.causes.movement import Movement
from aexdash.causes.report import Outcome, from_json, to_json
from aexdash.causes.slices import Part
from aexdash.desk.campaigns import Campaigns
from aexdash.model import Status
from aexdash.snapshot.compared.listings import What
from aexdash.snapshot.file import open_snapshot
from aexdash.storage.errors import StorageNotWritable
from aexdash.ui.causes import chain_chart, ways
from aexdash.view import View
from tests.causes.reports import END, a_finding, a_report
from tests.support import ask_app
from tests.ui.alerts.alerted import kept as kept_alerts
from tests.ui.alerts.alerted import opened
from tests.ui.reading import captions, heading, ids_of, led_on, read_aloud, rows_of, said, tick
from tests.ui.sample import FIRST, JUMP, NOW, REJECTED, TAKEN_DOWN, home, main_store, quiet, read, shown, with_history
from tests.ui.worklist.acting import toasts

DAY = timedelta(days=1)
MOVEMENT = Movement(What.HELD, JUMP - DAY, JUMP, None, about="bridge")
ON_SALE = (("main", FIRST + 20), ("main", FIRST + 21))
WORDS = {"what": "held", "after": "2026-03-08T12:00:00Z", "until": "2026-03-09T12:00:00Z"}


@pytest.fixture
def folder(tmp_path):
    """The home of the worked example, with a report on it that names something: four rejected share it, two on sale."""
    made = with_history(tmp_path)
    finding = replace(a_finding(moved=4, on_sale=2), moved=tuple(("main", one) for one in REJECTED), at_risk=ON_SALE)
    finding = replace(finding, spared=ON_SALE, others=(("main", FIRST + 4),))
    keep(made, a_report(finding, movement=MOVEMENT, moved=5))
    return made


def keep(folder, report) -> int:
    return Reports(folder / "desk.db").keep(report.movement.key, to_json(report), by="Olga", now=NOW)


def plainly(page) -> list[str]:
    return [read_aloud(text) for text in said(page)]


def links(page) -> dict[str, dict[str, str]]:
    return {read_aloud(one.value): dict(parse_qsl(one.proto.query_string)) for one in page.page_link}


def asked_on(page) -> list[dict[str, str]]:
    """What the links with the short label ask."""
    return [dict(parse_qsl(one.proto.query_string)) for one in page.page_link if one.value == ways.LABEL]


def test_it_says_how_many_of_how_many_how_surely_and_what_it_may_speak_for(open_page, folder):
    page = open_page(folder, "causes", report="1")
    assert not page.exception
    told = plainly(page)
    assert "### Goes with picture address /img/#-600x600.jpg: 4 of 6, and of the others 51 of 4,340." in told
    assert (
        "**5 listings came to be held after 8 Mar 2026 12:00 UTC and up to 9 Mar 2026 12:00 UTC** · all stores" in told
    )
    assert "210 times as often (130 to 341); 4 of 55, 7 % of it; new: 0 of 13 in the span before." in told
    evidence = next(text for text in told if text.startswith("- Not explained"))
    assert "482 slices looked at; at most 5 % of what is named may be chance." in evidence
    assert "Reasons, of 5: Main picture too small 38." in evidence
    assert any(
        text.endswith("all of it read; examined 17 Nov 2026 12:00 UTC by Olga, report 1.")
        for text in map(read_aloud, captions(page))
    )
    words = {"because", "caused", "cause of"}
    assert not words & set(" ".join(told).split())


def test_the_numbers_before_it_are_told_with_their_lag_and_nothing_is_claimed_of_others(open_page, folder):
    told = next(text for text in plainly(open_page(folder, "causes", report="1")) if "moved before" in text)
    assert "Listing quality score: moved before, from 81 to 70 by 13 Nov 2026 12:00 UTC, 2 d before." in told
    assert "Rejected rows of the feed: not known, known for 3 of the 14 days before." in told


def test_it_leads_to_just_those_held_and_on_sale_and_to_the_counter_examples(open_page, folder):
    ways_on = links(open_page(folder, "causes", report="1"))
    assert ways_on["2 on sale now ›"] == {"shares": "1.1", "status": "active"}
    assert ways_on["4 held now ›"] == {"shares": "1.1"}
    assert ways_on[f"{FIRST + 20} ›"] == {"store": "main", "listing": f"main/{FIRST + 20}"}
    on_sale = open_page(folder, "worklist", shares="1.1", status="active")
    assert ids_of(on_sale) == [str(product_id) for _, product_id in ON_SALE]
    assert heading(on_sale).startswith("2 listings")
    assert "sharing what was rejected" in heading(on_sale)
    assert {row["Why"] for row in rows_of(on_sale)} == {"Nothing found so far"}
    assert any("They share **picture address" in text for text in plainly(on_sale))
    assert links(on_sale)["Report 1 ›"] == {"report": "1"}
    held = open_page(folder, "worklist", shares="1.1")
    assert sorted(map(int, ids_of(held))) == list(REJECTED)


def test_a_campaign_is_made_of_those_held_and_on_sale(open_page, folder):
    page = open_page(folder, "causes", report="1")
    assert page.button("make-campaign-1").label == "Make a campaign of these 6"
    page.button("make-campaign-1").click().run()
    assert not page.exception
    (made,) = Campaigns(folder / "desk.db").open()
    assert (made.listings, made.made_by, made.query) == (6, "Lead", "status=rejected%2Cauditing%2Cactive&shares=1.1")
    assert made.name == "Shares picture address /img/#-600x600.jpg"
    assert toasts(page) == ["The campaign of 6 listings is made; its link stands where the button was."]
    assert "Make a campaign of these 6" not in [button.label for button in page.button]
    shown = links(page)["Its campaign, 6 listings ›"]
    assert shown == {"status": "rejected,auditing,active", "campaign": made.key, "shares": "1.1"}
    campaign = open_page(folder, "worklist", **shown)
    assert len(ids_of(campaign)) == 6


def test_what_nobody_can_mend_is_at_no_risk_and_has_no_fix_sheet(open_page, folder):
    """Listings that are young have nothing to fix: only those that are held are somebody's to work on."""
    page = open_page(folder, "causes", report="1")
    assert len(fix_sheets(page)) == 1
    young = replace(a_finding(Part("age of the listing", "under 7 days"), moved=4, on_sale=2), at_risk=ON_SALE)
    young = replace(young, moved=tuple(("main", one) for one in REJECTED))
    number = keep(folder, a_report(young, movement=MOVEMENT, moved=5))
    page = open_page(folder, "causes", report=str(number))
    assert "**2 more on sale share it; nothing in them can be mended for that.**" in plainly(page)
    assert fix_sheets(page) == []
    assert page.button("make-campaign-1").label == "Make a campaign of these 4"


def fix_sheets(page) -> list:
    return [one for one in page.get("link_button") if "Fix sheet" in str(one.proto)]


def test_where_nothing_can_be_kept_the_answer_is_shown_all_the_same(open_page, folder, monkeypatch):
    """A disk that nobody can write to keeps no report, and hinders none from being read."""

    def full(self, *_words, **_more):
        raise StorageNotWritable(f"The desk {self.path} cannot be written: the disk is full.")

    monkeypatch.setattr(Reports, "keep", full)
    page = open_page(folder, "causes", **(WORDS | {"after": "2026-03-01T12:00:00Z"}))
    assert not page.exception
    (warning,) = [one for one in page.warning if one.proto.title == "Shown, and not kept"]
    assert "cannot be written" in warning.value
    told = plainly(page)
    assert any(text.startswith("### Too few to tell: 5 listings") for text in told)
    assert any(text.endswith("not kept.") for text in map(read_aloud, captions(page)))
    assert "examine-again" not in [one.key for one in page.button]


def test_its_files_are_sent_and_one_that_there_is_not_is_a_sentence(folder, monkeypatch):
    monkeypatch.setenv("AEXDASH_HOME", str(folder))
    told = {kind: ask_app(f"/causes.{kind}?report=1") for kind in ("md", "csv", "json")}
    assert {kind: answer.status_code for kind, answer in told.items()} == {"md": 200, "csv": 200, "json": 200}
    assert "Goes with picture address" in told["md"].text
    assert from_json(told["json"].text).moved == 5
    assert len(told["csv"].text.splitlines()) == 1 + 4 + 2
    assert told["md"].headers["content-disposition"] == 'attachment; filename="aexdash-report-1.md"'
    for wrong in ("/causes.md?report=9", "/causes.csv?report=x", "/causes.json"):
        answer = ask_app(wrong)
        assert answer.status_code == 404
        assert "There is no report" in answer.text


def test_without_a_report_in_the_address_the_last_ones_are_listed(open_page, folder):
    keep(folder, a_report(movement=replace(MOVEMENT, end=JUMP - timedelta(hours=1)), outcome=Outcome.NO_SINGLE_CAUSE))
    Reports(folder / "desk.db").keep("of another version", json.dumps({"made_at": 1}), by="", now=NOW)
    listed = [words for words in links(open_page(folder, "causes")).values() if "report" in words]
    assert listed == [{"report": "2"}, {"report": "1"}]


def test_a_bar_of_the_books_says_what_is_known_and_a_card_that_rose_leads_to_it(open_page, folder):
    page = open_page(folder, "history", span="7d", moves="came", opening=WORDS["after"], closing=WORDS["until"])
    way = "Goes with picture address /img/#-600x600.jpg: 4 of 6, and of the others 51 of 4,340 ›"
    assert links(page)[way]["about"] == "bridge"
    overview = open_page(folder, "overview")
    asked = asked_on(overview)
    assert {(words["what"], words["about"], words["until"]) for words in asked} <= {
        ("rejected", "card", "2026-03-09T12:00:00.000Z"),
        ("held", "card", "2026-03-09T12:00:00.000Z"),
    }
    assert asked


def test_the_sum_of_a_day_on_which_many_entered_leads_to_what_goes_with_them(open_page, tmp_path):
    db = open_snapshot(home(tmp_path) / "snapshot.db")
    store = main_store(db)
    read(db, store, JUMP - DAY, quiet())
    many = [FIRST + number for number in range(22) if FIRST + number != TAKEN_DOWN]
    walks = quiet()
    walks[Status.REJECTED] = [shown(one, Status.REJECTED) for one in many]
    walks[Status.ACTIVE] = [seen for seen in walks[Status.ACTIVE] if seen.product_id not in many]
    read(db, store, JUMP, walks)
    db.close()
    page = open_page(tmp_path, "overview")
    (words,) = [one for one in asked_on(page) if one["about"] == "bridge"]
    assert (words["after"], words["until"]) == ("2026-03-09T00:00:00.000Z", "2026-03-09T12:00:00.000Z")
    told = open_page(tmp_path, "causes", **words)
    assert "**21 listings came to be held after 9 Mar 2026 00:00 UTC and up to 9 Mar 2026 12:00 UTC** · all stores" in (
        plainly(told)
    )


def test_an_alert_leads_to_what_moved_up_to_its_opening_and_one_about_data_to_nothing(open_page, folder):
    kept_alerts(folder, opened(), opened("no-data", 2))
    page = open_page(folder, "sensitivity", part="episodes", episode="1")
    (words,) = [dict(parse_qsl(one.proto.query_string)) for one in page.page_link if one.value.startswith("Why?")]
    assert (words["store"], words["about"], words["until"]) == ("main", "alert", "2026-03-09T12:00:00.000Z")
    assert words["after"] == "2026-03-08T11:50:00.000Z"
    page = open_page(folder, "sensitivity", part="episodes", episode="2")
    assert not [one for one in page.page_link if one.value.startswith("Why?")]


def test_ticked_listings_are_asked_what_they_have_in_common(open_page, folder):
    page = open_page(folder, "worklist")
    assert page.button("in-common").disabled
    tick(page, *REJECTED[:3])
    page = led_on(page.button("in-common").click().run())
    assert not page.exception
    kept = Reports(folder / "desk.db").latest(1)[0]
    report = from_json(kept.report)
    assert (report.movement.keys, report.moved) == (tuple(("main", one) for one in REJECTED[:3]), 3)
    assert (report.movement.about, kept.by) == ("listings", "Lead")
    assert "**3 listings ticked** · My store" in plainly(page)
    assert page.query_params["report"] in (["2"], "2")


def test_a_seller_s_text_is_told_as_it_is(open_page, folder):
    finding = a_finding(Part("title begins", "<b>**x**</b> :material/home: [y](javascript:z)"))
    number = keep(folder, a_report(finding, movement=MOVEMENT))
    page = open_page(folder, "causes", report=str(number))
    assert not page.exception
    assert not [text for text in said(page) if "<b>" in text or "[y](" in text or ":material/home:" in text]


@pytest.mark.parametrize(
    ("query", "trouble"),
    [
        ({}, ""),
        ({"report": "12"}, ""),
        (WORDS, ""),
        (WORDS | {"what": ""}, ""),
        ({"report": "-1"}, "-1 is no number of a report."),
        ({"after": WORDS["after"]}, "The span has no two moments; write them like 2026-03-09T12:00:00Z."),
        (WORDS | {"until": "2027-01-01T00:00:00Z"}, "The span has to end after it begins, and not after the moment"),
    ],
)
def test_an_address_asks_for_a_report_a_movement_or_nothing(query, trouble):
    asked = ways.read(query, ("main",), NOW)
    assert asked.trouble.startswith(trouble)
    assert bool(asked.trouble) == bool(trouble)
    assert asked.number == (12 if query.get("report") == "12" else None)
    assert (asked.movement is not None) == (query.get("after") is not None and not trouble)


def test_the_address_of_a_movement_reads_as_that_movement():
    query = ways.to_query(replace(MOVEMENT, stores=("main",)), View(store="main"))
    assert query.pop("store") == "main"
    assert ways.read(query, ("main",), NOW).movement == replace(MOVEMENT, stores=("main",))


def test_the_numbers_before_it_stand_on_one_axis_with_what_was_held_and_end_where_nothing_was_read():
    report = a_report(a_finding())
    fell, unknown = report.chain
    known = [fell, replace(unknown, points=((END - 4 * DAY, None), (END - 3 * DAY, 7.0), (END - 2 * DAY, None)))]
    chart = chain_chart.figure(report, known, "light", UTC)
    held, quality, feed = chart.data
    assert [trace.xaxis for trace in chart.data] == ["x"] * 3
    assert [trace.yaxis for trace in chart.data] == ["y", "y2", "y3"]
    assert (f"{held.x[-1]:%d %b %H:%M}", held.y[-1]) == ("15 Nov 12:00", 10.0)
    assert quality.y[-3:] == (70.0, 70.0, 70.0)
    assert feed.y == (None, 7.0, None)
    assert not feed.connectgaps
    told = [one.text for one in chart.layout.annotations]
    assert told == [
        "Held at the end of the day",
        "Listing quality score",
        "Rejected rows of the feed: not known",
        "moved 2 d before",
    ]
    (band,) = chart.layout.shapes
    assert [f"{at:%d %b %H:%M}" for at in (band.x0, band.x1)] == ["15 Nov 12:00", "16 Nov 12:00"]

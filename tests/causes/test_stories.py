"""What is said of the worked example of March, of the spike of November, and of quiet days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aexdash.ask.answers.answering import answer
from aexdash.ask.workspace import Workspace
from aexdash.causes.chain import Moved
from aexdash.causes.movement import Base, Movement
from aexdash.causes.report import Age, Outcome, differences, examine, from_json, to_json
from aexdash.causes.slices import Part
from aexdash.clock import DAY
from aexdash.model import Status
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.compared.listings import What
from aexdash.view import View
from aexdash.words.causes import changed_lines, report_lines
from tests.causes.conftest import AFTER_MARCH, BEFORE_MARCH, SPIKE
from tests.demo.march import MARCH_BRAND_ID, MARCH_PICTURE_IDS

pytestmark = pytest.mark.slow

TEMPLATE = (Part("picture address", "/img/#-600x600.jpg"),)


@pytest.fixture(scope="module")
def of_march(march):
    return examine(march.snapshot, Movement(What.HELD, BEFORE_MARCH, AFTER_MARCH), AFTER_MARCH)


@pytest.fixture(scope="module")
def of_spike(november):
    return examine(november.snapshot, Movement(What.HELD, SPIKE - DAY, SPIKE), SPIKE)


def test_the_jump_of_march_is_too_few_to_tell_and_its_reasons_are_counted(of_march):
    assert (of_march.outcome, of_march.moved, of_march.findings) == (Outcome.TOO_FEW, 5, ())
    assert (of_march.base, of_march.of, of_march.unexplained) == (Base.ALL, 4309, 5)
    reasons = [(one.name, one.listings, one.of) for one in of_march.counted if one.name.startswith("reason")]
    assert reasons == [("reason: image.main_too_small", 4, 5), ("reason: attribute.brand_missing", 1, 5)]
    lines = list(report_lines(of_march))
    assert "Too few to tell: 5 listings, and nothing is said of fewer than 20." in lines
    assert "  reasons, of 5: image.main_too_small 4, attribute.brand_missing 1" in lines
    assert "picture size (known of 5 of 4,309)" in next(line for line in lines if line.startswith("Not compared"))


def test_an_answer_about_causes_says_each_thing_once_and_in_names(march):
    """No code of a reason, and nothing of a finding in two places."""
    stores = tuple(march.snapshot.stores())
    told = answer("why did it jump on 9 march", Workspace(march.snapshot, load_taxonomy(), stores), AFTER_MARCH)
    assert told.rows == ()
    assert "  reasons, of 5: Main picture too small 4, Brand missing 1" in told.lines
    said = [told.sentence, *told.lines]
    assert len(said) == len(set(said))
    assert not [line for line in said if "image." in line or "attribute." in line]


def test_nothing_is_claimed_of_days_before_that_were_not_read(of_march):
    assert {link.moved for link in of_march.chain} == {Moved.NOT_KNOWN}
    assert len(of_march.chain) == 4


def test_what_was_held_before_is_kept_and_a_day_that_nobody_read_is_no_zero(of_march, of_spike, november):
    held = november.snapshot.hero(View(as_of=SPIKE)).held
    assert (of_spike.held[-1], len(of_spike.held)) == ((SPIKE, held), 17)
    assert all(value is not None for _, value in of_spike.held[1:])
    assert [value for _, value in of_march.held if value is not None][-1] == 5
    assert None in [value for _, value in of_march.held]


def test_the_spike_of_november_goes_with_one_picture_template(of_spike):
    assert (of_spike.outcome, of_spike.moved, of_spike.of) == (Outcome.FOUND, 55, 4346)
    (finding,) = of_spike.findings
    one = finding.found.slice
    assert (one.parts, one.k, one.n, one.rest) == (TEMPLATE, 38, 44, (17, 4302))
    assert (finding.age, finding.before) == (Age.NEW, (0, 13))
    assert (finding.on_sale, len(finding.at_risk), len(finding.moved)) == (6, 6, 38)
    assert {store for store, _ in finding.moved} == {"main"}
    assert of_spike.unexplained == 17
    assert len(finding.spared) == len(finding.others) == 2


def test_it_says_so_with_the_size_of_the_evidence_and_never_why(of_spike):
    lines = list(report_lines(of_spike))
    assert lines[0].startswith("55 listings came to be held after 15 Nov 2026 12:00 UTC and up to 16 Nov")
    assert lines[1] == "Goes with picture address /img/#-600x600.jpg: 38 of 44, and of the others 17 of 4,302."
    assert lines[2] == "  210 times as often (130 to 341); 38 of 55, 69 % of it; new: 0 of 13 in the span before"
    assert lines[3] == "  6 more on sale share it: at risk"
    assert f"{of_spike.looked_at} slices looked at; at most 5 % of what is named may be chance." in " ".join(lines)
    assert not {"because", "caused", "cause of"} & set(" ".join(lines).split())


def test_the_listings_on_sale_that_share_it_are_on_sale_and_have_such_a_picture(of_spike, november):
    for _, product_id in of_spike.findings[0].at_risk:
        listing = november.world.listing(product_id, SPIKE)
        assert listing.status is Status.ACTIVE
        assert (listing.facts.pictures[0].width, listing.facts.pictures[0].height) == (600, 600)


def test_quiet_days_name_nothing(november):
    for days in range(1, 13):
        end = SPIKE - days * DAY
        told = examine(november.snapshot, Movement(What.HELD, end - DAY, end), SPIKE, with_chain=False)
        assert told.findings == (), (end, told.findings)
        assert told.outcome is Outcome.TOO_FEW


def test_a_span_that_nobody_read_is_not_read_and_no_quiet_one(november):
    start = SPIKE - 60 * DAY
    told = examine(november.snapshot, Movement(What.HELD, start, start + DAY), SPIKE)
    assert (told.outcome, told.moved, told.at_least) == (Outcome.NOT_READ, 0, True)
    assert "not all of this span was read" in " ".join(report_lines(told))


def test_a_span_that_was_read_in_part_says_at_least(november):
    told = examine(november.snapshot, Movement(What.HELD, SPIKE - DAY, SPIKE + 5 * DAY), SPIKE)
    assert told.unread_seconds == timedelta(days=3).total_seconds()
    assert next(report_lines(told)).startswith("At least 55 listings")


def test_what_was_there_at_the_first_reading_is_left_out(march):
    first = BEFORE_MARCH - 2 * DAY
    told = examine(march.snapshot, Movement(What.HELD, first, AFTER_MARCH), AFTER_MARCH)
    held_then = march.snapshot.past(None).books(first, AFTER_MARCH).first_seen
    assert (told.moved, told.first_seen) == (5, held_then)


def test_what_moved_is_what_the_books_count(november):
    start, end = SPIKE - 3 * DAY, SPIKE
    books = november.snapshot.past(None).books(start, end)
    told = examine(november.snapshot, Movement(What.HELD, start, end), SPIKE, with_chain=False)
    listings = {move.product_id for flow in ("rejected", "auditing") for move in _moves(november, flow, start, end)}
    assert told.moved == len(listings) <= books.entered


def _moves(shop, flow, start, end):
    return shop.snapshot.past(None).every_move(flow, start, end)


def test_ticked_listings_are_compared_with_all_others(march):
    keys = tuple(("main", number) for number in (*MARCH_PICTURE_IDS, MARCH_BRAND_ID))
    told = examine(march.snapshot, Movement(What.HELD, BEFORE_MARCH, AFTER_MARCH, keys=keys), AFTER_MARCH)
    assert (told.moved, told.outcome, told.chain) == (5, Outcome.TOO_FEW, ())
    assert next(report_lines(told)) == "5 listings ticked."


def test_a_kept_report_reads_as_it_was_made_and_is_compared_with_the_next(of_spike):
    assert from_json(to_json(of_spike)) == of_spike
    later = replace(of_spike, made_at=SPIKE + DAY, findings=(), moved=60)
    assert differences(of_spike, later) == {"no longer": [TEMPLATE], "new": [], "still": []}
    assert list(changed_lines(of_spike, later)) == [
        "Compared with the report of 16 Nov 2026 12:00 UTC: 55 then, 60 now.",
        "  no longer: picture address /img/#-600x600.jpg",
    ]


def test_the_same_spike_in_days_to_come_says_always_so(november, of_spike):
    day = Movement(What.HELD, SPIKE - DAY, SPIKE)
    next_day = replace(day, start=SPIKE, end=SPIKE + DAY)
    assert next_day.before() == day

"""What is gathered beside a run: on held listings all of it, on those at risk within a time; nothing twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from aexdash.aliexpress.errors import BusinessFailure, PlatformError
from aexdash.aliexpress.protocol.gateway import ATTEMPTS
from aexdash.demo.platform.faults import FaultKind
from aexdash.demo.world.flaws import Flaw
from aexdash.demo.world.listing import Picture
from aexdash.demo.world.world import World
from aexdash.http.errors import PictureUnreachable
from aexdash.model import Outcome, Status
from aexdash.platform_data import Problem
from aexdash.snapshot.evidence.api import unchecked
from aexdash.snapshot.file import transaction
from aexdash.sync.evidence.fan_out import BATCH, MAX_FAILURES
from aexdash.sync.kit import ALL_EVIDENCE, AT_RISK, Limits
from tests.demo.scripted import plain_listing
from tests.support import FIRST, ForgetfulWorld, Killed, Shop, world_of

DETAIL = "aliexpress.solution.product.info.get"
WORDS = "aliexpress.postproduct.redefining.findaeproductprohibitedwords"
PROBLEMS = "aliexpress.product.diagnosis.pageQueryProblem"
EVERYTHING = {"limits": ALL_EVIDENCE, "at_risk": ALL_EVIDENCE}


def findings(shop: Shop) -> dict[int, set[str]]:
    """The standing findings of our checks, by product id."""
    rows = shop.db.execute(
        "SELECT product_id, code FROM listing_reason WHERE provenance = 'check' AND vanished_at IS NULL"
    )
    found: dict[int, set[str]] = {}
    for product_id, code in rows:
        found.setdefault(product_id, set()).add(code)
    return found


# At risk: what a review would find, before it does.


FOUND_AS = {
    Flaw.PICTURE_SMALL: {"image.main_too_small"},
    Flaw.PICTURE_RATIO: {"image.ratio"},
    Flaw.BRAND_MISSING: {"attribute.brand_missing"},
    Flaw.ATTRIBUTE_MISSING: {"attribute.required_missing"},
    Flaw.VALUE_NOT_ALLOWED: {"attribute.value_not_allowed"},
    Flaw.BANNED_WORD: {"prohibited.banned_word"},
    Flaw.BRAND_WORD: {"ip.brand_word"},
    Flaw.TITLE_TOO_LONG: {"title.too_long"},
    Flaw.EU_PERSON_MISSING: {"qualification.eu_person_missing"},
    Flaw.CERTIFICATE_MISSING: {"qualification.certificate_missing"},
    Flaw.TOO_HEAVY: {"price.weight_out_of_range"},
    Flaw.SAME_TITLE: {"duplicate.title"},
    Flaw.SAME_PICTURE: {"duplicate.picture"},
    Flaw.COPIED_PICTURE: {"duplicate.picture"},
}


@pytest.mark.slow
def test_every_flaw_of_a_store_is_found_and_nothing_else(open_shop):
    world = World(listings=700, active=700, worked_example=False)
    shop = open_shop(world)
    result = shop.sync("sweep", **EVERYTHING)
    assert (result.outcome, result.message, result.left_at_risk) == (Outcome.COMPLETE, "", False)
    on_sale = {number for number, status in shop.open_statuses().items() if status is Status.ACTIVE}
    flaws = {number: FOUND_AS[flaw] for number, flaw in world.flaws.items() if number in on_sale}
    assert {number: codes for number, codes in findings(shop).items() if number in on_sale} == flaws
    assert set().union(*flaws.values()) >= {"image.main_too_small", "duplicate.title", "ip.brand_word"}


@pytest.mark.slow
def test_a_second_run_with_nothing_changed_asks_nothing_and_writes_nothing(open_shop):
    shop = open_shop(World(listings=120, active=118, worked_example=False))
    shop.sync("sweep", **EVERYTHING)
    before = shop.dump()
    shop.clock.move(minutes=1)
    result, asked = shop.calls_of("sweep", **EVERYTHING)
    assert asked.keys() - {"list", "counts", "problem types", "problems"} == set()
    assert (result.changes, {**shop.dump(), "coverage": before["coverage"]}) == (0, before)


def test_what_is_on_sale_is_measured_by_first_bytes_and_kept_small_once_it_is_held(open_shop):
    shop = open_shop(world_of(active=1))
    shop.sync("sweep", **EVERYTHING)
    assert [picture.thumbnail for picture in shop.snapshot.listing("main", FIRST).pictures] == [None]
    shop.world.move(FIRST, Status.REJECTED, at=shop.clock.move(minutes=1))
    shop.sync("pulse")
    (picture,) = shop.snapshot.listing("main", FIRST).pictures
    assert picture.thumbnail
    assert shop.calls_of("pulse")[1].get("picture", 0) == 0


def test_without_limits_for_it_nothing_is_asked_about_listings_on_sale(open_shop):
    shop = open_shop(world_of(active=3))
    _, asked = shop.calls_of("sweep")
    assert asked == {"list": 4, "counts": 1, "problem types": 1, "problems": 1}


@pytest.mark.slow
def test_gathering_is_bounded_by_time_and_goes_on_until_all_is_known(open_shop):
    """Ten calls a second: no run is longer than its walks and about fifteen seconds, and nothing is asked twice."""
    shop = open_shop(world_of(active=250, rejected=2), calls_per_second=10)
    shop.sync("sweep")
    runs, asked, left = 0, Counter(), True
    while left:
        begun = shop.clock()
        result, calls = shop.calls_of("pulse", at_risk=AT_RISK)
        took = (shop.clock() - begun).total_seconds()
        assert took < 20
        runs, left = runs + 1, result.left_at_risk
        asked.update(calls)
        shop.clock.move(seconds=60)
    assert (asked["detail"], asked["words"], asked["picture"]) == (250, 250, 250)
    assert 2 < runs < 8


def test_each_kind_of_evidence_has_its_share_of_the_time(open_shop):
    shop = open_shop(world_of(active=400), calls_per_second=10)
    _, asked = shop.calls_of("sweep", at_risk=replace(AT_RISK, seconds=8))
    assert asked["detail"] < 30
    assert asked["words"] > 10
    assert asked["picture"] > 10


@pytest.mark.slow
@pytest.mark.parametrize("call", [20, 90, 200, 300])
def test_a_killed_gathering_goes_on_where_it_stopped(open_shop, call):
    shop = open_shop(world_of(active=150))

    def kill(number):
        if number == call:
            raise Killed

    shop.between_calls = kill
    asked = Counter()
    with pytest.raises(Killed):
        shop.sync("sweep", **EVERYTHING)
    asked.update(shop.asked)
    shop.between_calls = lambda _call: None
    shop.restart()
    _, again = shop.calls_of("sweep", **EVERYTHING)
    assert findings(shop).keys() == {FIRST + number for number in range(150)}
    assert asked[DETAIL] + again.get("detail", 0) <= 150 + BATCH
    assert asked[WORDS] + again.get("words", 0) <= 150 + BATCH


# What cannot be had.


def test_a_ban_ends_the_gathering_and_the_next_run_goes_on(open_shop):
    shop = open_shop(world_of(active=3, rejected=1))
    shop.faults.add(FaultKind.BAN, 600, method=WORDS, times=1)
    result = shop.sync("sweep", **EVERYTHING)
    assert (result.outcome, result.evidence_left, result.left_at_risk) == (Outcome.COMPLETE, True, True)
    assert (result.banned_until - shop.clock()).total_seconds() == 600
    shop.clock.move(minutes=11)
    _, asked = shop.calls_of("pulse", **EVERYTHING)
    assert (asked["detail"], asked["words"], asked["picture"]) == (3, 4, 4)


def test_an_account_that_may_not_ask_about_words_is_not_asked_again(open_shop):
    shop = open_shop(world_of(rejected=2, active=2), store={"forbidden": frozenset({WORDS})})
    result, asked = shop.calls_of("sweep", **EVERYTHING)
    assert (result.message, result.evidence_left, result.left_at_risk) == ("", False, False)
    assert asked["words"] <= 2  # two titles are asked about side by side
    assert "words" not in shop.calls_of("sweep", **EVERYTHING)[1]
    assert all("ip.brand_word" not in codes for codes in findings(shop).values())


def test_a_title_that_cannot_be_asked_about_is_not_asked_about_again(open_shop):
    shop = open_shop(world_of(rejected=1))
    asked = []

    def refuse(category_id, title):
        asked.append((category_id, title))
        raise BusinessFailure("this category is closed")

    shop.seller.words = refuse
    assert shop.sync("sweep").message == shop.sync("pulse").message == ""
    assert asked == [(380230, f"Listing {FIRST}")]


@pytest.mark.parametrize(("answer", "told"), [(BusinessFailure("this category is closed"), None), ((), ())])
def test_a_title_that_the_platform_refuses_to_judge_stays_not_told(open_shop, answer, told):
    shop = open_shop(world_of(rejected=1))

    def judge(category_id, title):
        if isinstance(answer, PlatformError):
            raise answer
        return answer

    shop.seller.words = judge
    shop.sync("sweep")
    with transaction(shop.db) as connection:
        connection.execute("UPDATE status_period SET checked = 0")
    (known,) = unchecked(shop.db, shop.store_id, -1)
    assert known.words == told


@pytest.mark.slow
def test_after_many_failures_in_a_row_a_run_asks_no_more(open_shop):
    shop = open_shop(world_of(rejected=100))
    shop.faults.add(FaultKind.HTML, method=DETAIL)
    result, asked = shop.calls_of("sweep")
    assert MAX_FAILURES <= asked["detail"] / ATTEMPTS < MAX_FAILURES + 4
    assert result.evidence_left
    assert result.message.startswith(f"Evidence is incomplete: listing {FIRST}: ")


def deaf_to_pictures(shop: Shop, *, but: str = "nothing"):
    """Let no host answer for pictures, except for those whose address holds `but`."""
    asked = shop.seller.fetch_picture

    def fetch(url, limit_bytes):
        if but in url:
            return asked(url, limit_bytes)
        raise PictureUnreachable("the connection failed")

    shop.seller.fetch_picture = fetch


@pytest.mark.slow
def test_when_no_picture_at_all_can_be_fetched_nothing_is_said_of_them(open_shop):
    shop = open_shop(world_of(rejected=40))
    fetch = shop.seller.fetch_picture
    deaf_to_pictures(shop)
    result = shop.sync("sweep")
    assert "no picture could be fetched: the connection failed" in result.message
    assert not any("image.unreachable" in codes for codes in findings(shop).values())
    shop.seller.fetch_picture = fetch
    assert shop.calls_of("pulse")[1]["picture"] == 40


def test_pictures_that_alone_of_many_cannot_be_fetched_are_a_finding(open_shop):
    shop = open_shop(world_of(rejected=40))
    deaf_to_pictures(shop, but="7-1-")
    shop.sync("sweep")
    lost = {number for number, codes in findings(shop).items() if "image.unreachable" in codes}
    assert len(lost) >= MAX_FAILURES
    assert all(number % 10 != 7 for number in lost)


# The platform's quality diagnosis.


def with_problems(shop: Shop, *pages: list[Problem]):
    asked = []

    def problems():
        asked.append(1)
        yield from pages

    shop.seller.problems = problems
    return asked


def problem(number: int, kind: str = "lack_white_image") -> Problem:
    return Problem(FIRST + number, kind, "No white background", "Upload one")


def advice(shop: Shop) -> dict[int, list[str]]:
    return {
        number: sorted(reason.code for reason in row.reasons if reason.provenance == "diagnosis")
        for number, row in shop.rows().items()
    }


def test_sweeps_take_down_the_quality_advice_and_take_it_back(open_shop):
    shop = open_shop(world_of(rejected=2))
    asked = with_problems(shop, [problem(0)], [problem(1), problem(0, "repeat_repost")])
    shop.sync("sweep")
    assert advice(shop) == {
        FIRST: ["duplicate.listing", "image.no_white_background"],
        FIRST + 1: ["image.no_white_background"],
    }
    shop.sync("pulse")
    assert len(asked) == 1
    with_problems(shop, [problem(1)])
    shop.sync("sweep")
    assert advice(shop) == {FIRST: [], FIRST + 1: ["image.no_white_background"]}


def test_advice_read_in_part_takes_nothing_back(open_shop):
    shop = open_shop(world_of(rejected=2))
    with_problems(shop, [problem(0)], [problem(1)])
    shop.sync("sweep")
    with_problems(shop, [problem(1)], [problem(0)])
    result = shop.sync("sweep", limits=Limits(diagnosis=1))
    assert "quality diagnosis: only its first 1 pages were read." in result.message
    assert advice(shop) == {FIRST + number: ["image.no_white_background"] for number in range(2)}


def test_an_account_that_may_not_ask_for_the_diagnosis_is_read_all_the_same(open_shop):
    shop = open_shop(world_of(rejected=1), store={"forbidden": frozenset({PROBLEMS})})
    assert shop.sync("sweep").message == ""
    shop.clock.move(minutes=1)
    assert shop.calls_of("sweep")[1].get("problems", 0) == 0


# Twins.


def test_two_listings_with_one_title_and_one_picture_are_found_as_twins(open_shop):
    world = ForgetfulWorld(
        [
            plain_listing(FIRST, Status.ACTIVE, title="Dog Harness"),
            plain_listing(FIRST + 1, Status.REJECTED, title="dog harness"),
            plain_listing(FIRST + 2, Status.ACTIVE, title="Cat Harness", pictures=(Picture(2),)),
        ]
    )
    shop = open_shop(world)
    shop.sync("sweep", **EVERYTHING)
    assert {number for number, codes in findings(shop).items() if "duplicate.title" in codes} == {FIRST, FIRST + 1}
    shop.world.remove(FIRST)
    shop.clock.move(minutes=1)
    shop.sync("sweep", **EVERYTHING)
    assert not any("duplicate.title" in codes for codes in findings(shop).values())

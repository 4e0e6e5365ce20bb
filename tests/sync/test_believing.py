"""What a sync believes of listings that are gone: the real client over HTTP, and an AliExpress that is ill."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aexdash.aliexpress.errors import BusinessFailure
from aexdash.aliexpress.listings import connect
from aexdash.aliexpress.seller import says_no_such_product
from aexdash.clock import to_text
from aexdash.demo.platform.faults import FaultKind
from aexdash.demo.platform.spellings import UNHEARD_STATUS
from aexdash.model import Outcome, Status
from tests.snapshot.store import STALE_AFTER
from tests.support import FIRST, NO_EVIDENCE, NOON, Shop, world_of

LIST = "aliexpress.solution.product.list.get"
DETAIL = "aliexpress.solution.product.info.get"


class ServedShop(Shop):
    """A shop whose platform is asked over HTTP on this machine."""

    served = None

    def connect(self):
        self.served = self.served or self.platform.serve()
        account = replace(self.account, gateway=self.served.url)
        return connect(account, clock=self.clock, sleep=self.clock.sleep)

    def close(self):
        super().close()
        self.served.stop()

    def after(self, kind="pulse", **by):
        """Move the clock, a minute if nothing is said, and sync without evidence."""
        self.clock.move(**(by or {"minutes": 1}))
        return self.sync(kind, limits=NO_EVIDENCE)

    def ended(self) -> dict[int, tuple]:
        """Of each ended period, by product id: the status it left, the two ends of when, and where to."""
        rows = self.db.conn.execute(
            "SELECT product_id, status, ended_after, ended_at, ended_to FROM status_period WHERE ended_at IS NOT NULL"
        )
        return {number: tuple(rest) for number, *rest in rows}

    def note(self, product_id: int) -> str:
        """The evidence on the open period of a listing."""
        sql = "SELECT note FROM status_period WHERE product_id = ? AND ended_at IS NULL"
        return self.db.conn.execute(sql, [product_id]).fetchone()[0]

    def state(self) -> str:
        """How current the pages say the store is."""
        return self.snapshot.freshness("main", self.clock(), STALE_AFTER).state


@pytest.fixture
def open_shop(tmp_path):
    shops = []

    def open_(world):
        shop = ServedShop(tmp_path, world)
        shops.append(shop)
        assert shop.sync("sweep", limits=NO_EVIDENCE).outcome is Outcome.COMPLETE
        return shop

    yield open_
    for shop in shops:
        shop.close()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pulse", "sweep"])
@pytest.mark.parametrize("refusal", [FaultKind.SYSTEM_ERROR, FaultKind.UNKNOWN_PRODUCT, FaultKind.SERVER_ERROR])
def test_an_ill_platform_whose_lists_say_zero_changes_nothing_however_often_it_is_asked(open_shop, kind, refusal):
    """Also where every call says that there is no such product: then the canary does not exist either."""
    shop = open_shop(world_of(rejected=3, auditing=1, active=2))
    before, worklist = shop.dump(), shop.rows()
    shop.faults.add(FaultKind.NO_LISTINGS, method=LIST)
    shop.faults.add(refusal, method=DETAIL)
    for _ in range(3):
        result = shop.after(kind)
        assert (result.outcome, result.held, shop.state()) == (Outcome.PARTIAL, 4, "partial")
        assert "3 of 3 listings are gone and AliExpress shows them nowhere: not confirmed" in result.message
    after = shop.dump()
    assert {**after, "coverage": None} == {**before, "coverage": None}
    assert after["coverage"] == before["coverage"]  # nothing of those minutes counts as read
    assert shop.rows() == worklist
    shop.faults.clear()
    assert (shop.after(kind).outcome, shop.state(), shop.ended()) == (Outcome.COMPLETE, "fresh", {})
    assert shop.dump()["status_period"] == before["status_period"]  # the same periods: no age began anew


def test_a_refusal_that_does_not_mean_no_such_product_never_deletes(open_shop):
    shop = open_shop(world_of(rejected=4, active=1))
    shop.world.remove(FIRST)
    for _ in range(3):
        shop.faults.add(FaultKind.SYSTEM_ERROR, method=DETAIL, times=4)  # the call and its three repetitions
        result = shop.after()
        assert (result.outcome, shop.open_statuses()[FIRST]) == (Outcome.PARTIAL, Status.REJECTED)
        assert "system error" in result.message.lower()
    assert (shop.after().outcome, shop.open_statuses()[FIRST]) == (Outcome.COMPLETE, Status.DELETED)


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("16009999 The product does not exist or is not yours: 1005", True),
        ("F00-00 the item was not found", True),
        ("isv.product-not-exist", True),
        ("No such product", True),
        ("商品不存在", True),
        ("Товар не найден", True),
        ("system error, please try again later", False),
        ("InvalidApiPath The specified API path or method does not exist", False),
        ("service not found", False),
        ("the category of the product is not allowed: attribute does not exist", False),
        ("product service is unavailable", False),
        ("", False),
    ],
)
def test_only_words_that_say_so_mean_that_there_is_no_such_product(said, gone):
    refused = BusinessFailure(f"AliExpress could not do aliexpress.offer.product.query for store main: {said}.")
    assert says_no_such_product(refused) is gone


def test_nothing_is_deleted_while_a_listing_that_must_exist_is_not_answered(open_shop):
    shop = open_shop(world_of(rejected=4, active=1))
    shop.world.remove(FIRST)
    shop.faults.add(FaultKind.SYSTEM_ERROR, method=DETAIL, after=1)  # the first call asks for the missing listing
    result = shop.after()
    assert (result.outcome, shop.open_statuses()[FIRST]) == (Outcome.PARTIAL, Status.REJECTED)
    assert result.message.startswith(f"AliExpress does not answer for listing {FIRST + 3} either, which must exist: ")
    shop.faults.clear()
    assert (shop.after().outcome, shop.open_statuses()[FIRST]) == (Outcome.COMPLETE, Status.DELETED)
    assert shop.note(FIRST) == (
        "AliExpress says that there is no such product, and no list shows it: so in the run of 2026-03-09 12:02 UTC."
    )


def test_a_status_that_falls_to_zero_is_believed_when_a_second_run_agrees(open_shop):
    shop = open_shop(world_of(rejected=2, active=3))
    shop.after()
    last_seen = shop.clock()
    for number in (FIRST, FIRST + 1):
        shop.world.remove(number)
    first = shop.after()
    assert (first.outcome, first.held, set(shop.rows()), shop.ended()) == (
        Outcome.PARTIAL,
        2,
        {FIRST, FIRST + 1},
        {},
    )
    assert first.message.endswith(
        "rejected: 2 of 2 listings are gone and AliExpress shows them nowhere: not confirmed until a second run finds "
        "the same, so they stay where they were."
    )
    assert shop.walks()["rejected"].complete is False
    second = shop.after()
    assert (second.outcome, second.held, second.message, shop.rows()) == (Outcome.COMPLETE, 0, "", {})
    assert shop.ended() == {
        number: ("rejected", to_text(last_seen), to_text(shop.clock()), "deleted") for number in (FIRST, FIRST + 1)
    }
    assert shop.note(FIRST).endswith("so in the runs of 2026-03-09 12:02 UTC and 2026-03-09 12:03 UTC.")


def test_a_status_that_falls_to_zero_and_is_there_again_never_left(open_shop):
    shop = open_shop(world_of(rejected=2, active=3))
    before = shop.dump()["status_period"]
    shop.faults.add(FaultKind.NO_LISTINGS, method=LIST, after=1, times=1 + 2 * 4)  # the walk, then four lists for each
    shop.faults.add(FaultKind.UNKNOWN_PRODUCT, method=DETAIL, times=2)
    assert shop.after().outcome is Outcome.PARTIAL
    shop.faults.clear()
    assert (shop.after().outcome, shop.dump()["status_period"]) == (Outcome.COMPLETE, before)
    # It is forgotten: when they go in earnest, two runs have to agree again.
    for number in (FIRST, FIRST + 1):
        shop.world.remove(number)
    assert (shop.after().outcome, shop.after().outcome) == (Outcome.PARTIAL, Outcome.COMPLETE)


def test_a_walk_that_left_out_a_listing_deletes_no_other(open_shop):
    shop = open_shop(world_of(rejected=4, active=3))
    before = shop.dump()["status_period"]
    shop.faults.add(FaultKind.NO_LISTINGS, method=LIST, after=1, times=1 + 4)
    shop.faults.add(FaultKind.UNKNOWN_PRODUCT, method=DETAIL, times=1)  # of the first; the other three are answered
    assert (shop.after().outcome, shop.dump()["status_period"]) == (Outcome.PARTIAL, before)
    assert (shop.after().outcome, shop.dump()["status_period"]) == (Outcome.COMPLETE, before)


@pytest.mark.parametrize(("removed", "at_once"), [(5, True), (6, False)])
def test_more_than_half_of_a_status_does_not_go_in_one_run(open_shop, removed, at_once):
    shop = open_shop(world_of(rejected=10, active=1))
    for number in range(removed):
        shop.world.remove(FIRST + number)
    result = shop.after()
    assert result.outcome is (Outcome.COMPLETE if at_once else Outcome.PARTIAL)
    assert len(shop.rows()) == (10 - removed if at_once else 10)
    assert (shop.after().outcome, len(shop.rows())) == (Outcome.COMPLETE, 10 - removed)


def test_a_move_explains_that_a_status_falls_to_zero(open_shop):
    shop = open_shop(world_of(rejected=3, active=2))
    at = shop.clock.move(minutes=1)
    for number in range(3):
        shop.world.move(FIRST + number, Status.ACTIVE, at=at)
    result = shop.after()
    assert (result.outcome, result.held, result.active) == (Outcome.COMPLETE, 0, 5)


@pytest.mark.parametrize("status", ["rejected", "active"])
def test_the_only_listing_of_a_store_is_deleted_by_two_sweeps_because_no_other_can_be_asked_for(open_shop, status):
    shop = open_shop(world_of(**{status: 1}))
    shop.world.remove(FIRST)
    assert (shop.after("sweep").outcome, shop.open_statuses()[FIRST]) == (Outcome.PARTIAL, Status(status))
    assert (shop.after("sweep").outcome, shop.open_statuses()[FIRST]) == (Outcome.COMPLETE, Status.DELETED)


# Lists that ignore the id they are asked for.


def test_lists_that_ignore_the_id_delete_after_two_sweeps_with_the_evidence_noted(open_shop):
    shop = open_shop(world_of(rejected=4, auditing=1, active=2, offline=1))
    shop.faults.add(FaultKind.FILTER_IGNORED, method=LIST)
    shop.world.remove(FIRST)
    assert (shop.after("sweep").outcome, shop.open_statuses()[FIRST]) == (Outcome.PARTIAL, Status.REJECTED)
    for _ in range(3):
        assert (shop.after("pulse").outcome, shop.open_statuses()[FIRST]) == (Outcome.PARTIAL, Status.REJECTED)
    assert (shop.after("sweep").outcome, shop.open_statuses()[FIRST]) == (Outcome.COMPLETE, Status.DELETED)
    assert shop.note(FIRST) == (
        "AliExpress says that there is no such product, and no list showed it in the sweeps of 2026-03-09 12:01 UTC "
        "and 2026-03-09 12:05 UTC; the lists ignore its id."
    )
    assert shop.ended()[FIRST] == ("rejected", to_text(NOON), to_text(shop.clock()), "deleted")
    card = shop.snapshot.listing("main", FIRST)
    assert card
    assert [period.note for period in card.periods] == ["", shop.note(FIRST)]


def test_pulses_alone_never_delete_where_lists_ignore_the_id(open_shop):
    shop = open_shop(world_of(rejected=4, auditing=1, active=2))
    shop.faults.add(FaultKind.FILTER_IGNORED, method=LIST)
    shop.world.remove(FIRST)
    for _ in range(4):
        assert (shop.after("pulse").outcome, shop.open_statuses()[FIRST]) == (Outcome.PARTIAL, Status.REJECTED)


def test_two_sweeps_are_not_enough_with_an_incomplete_one_between_them(open_shop):
    shop = open_shop(world_of(rejected=4, auditing=1, active=2))
    shop.faults.add(FaultKind.FILTER_IGNORED, method=LIST)
    shop.world.remove(FIRST)
    shop.after("sweep")
    lie = shop.faults.add(FaultKind.LYING_TOTAL, 1, method=LIST, times=6)  # three readings of two calls
    shop.after("sweep")
    assert lie.times == 0
    assert (shop.after("sweep").outcome, shop.open_statuses()[FIRST]) == (Outcome.PARTIAL, Status.REJECTED)
    assert (shop.after("sweep").outcome, shop.open_statuses()[FIRST]) == (Outcome.COMPLETE, Status.DELETED)


@pytest.mark.slow
def test_where_lists_ignore_the_id_nothing_is_deleted_when_much_vanished_with_it(open_shop):
    shop = open_shop(world_of(rejected=30, auditing=1, active=2))
    shop.faults.add(FaultKind.FILTER_IGNORED, method=LIST)
    for number in range(11):
        shop.world.remove(FIRST + number)
    for _ in range(3):
        assert (shop.after("sweep").outcome, len(shop.rows())) == (Outcome.PARTIAL, 31)


# A status word that nobody knows.


def test_a_listing_with_an_unknown_status_word_stays_on_the_worklist_and_is_named(open_shop):
    shop = open_shop(world_of(rejected=3, active=1))
    shop.world.move(FIRST, Status.OFFLINE, at=shop.clock())
    shop.faults.add(FaultKind.UNHEARD_STATUS, method=DETAIL)
    for _ in range(2):
        result = shop.after()
        assert (result.outcome, result.held, set(shop.rows())) == (
            Outcome.PARTIAL,
            3,
            {FIRST, FIRST + 1, FIRST + 2},
        )
        assert result.message == (
            f"AliExpress gives listing {FIRST} the status '{UNHEARD_STATUS}', which aexdash does not know: counted "
            "where last seen."
        )
        assert shop.last_run().unresolved == 1
    word = shop.db.conn.execute(
        "SELECT platform_status FROM status_period WHERE product_id = ? AND ended_at IS NULL", [FIRST]
    )
    assert (word.fetchone()[0], shop.ended()) == (UNHEARD_STATUS, {})
    shop.faults.clear()
    assert (shop.after().outcome, shop.open_statuses()[FIRST]) == (Outcome.COMPLETE, Status.OFFLINE)


# Clocks.


@pytest.mark.parametrize("ahead", [timedelta(minutes=2, seconds=1), -timedelta(minutes=3), timedelta(days=400)])
def test_nothing_is_recorded_while_our_clock_and_the_platforms_disagree_by_more_than_two_minutes(open_shop, ahead):
    shop = open_shop(world_of(rejected=2, active=1))
    before = shop.dump()
    shop.world.move(FIRST, Status.ACTIVE, at=shop.clock())
    shop.faults.add(FaultKind.DATE, ahead.total_seconds())
    result = shop.after("sweep")
    ours, theirs = shop.clock(), shop.clock() + ahead
    assert (result.outcome, result.error_kind, shop.dump()) == (Outcome.FAILED, "clock", before)
    assert result.message == (
        f"Two clocks disagree, so nothing is recorded: this machine's clock reads {ours:%Y-%m-%d %H:%M:%S} UTC, "
        f"AliExpress' clock {theirs:%Y-%m-%d %H:%M:%S} UTC. Set the clock of this machine, best by NTP; the next sync "
        "reads the store again."
    )
    assert (shop.last_run().message, shop.last_run().as_of) == (result.message, None)
    shop.faults.clear()
    assert (shop.after("sweep").outcome, set(shop.rows())) == (Outcome.COMPLETE, {FIRST + 1})


def test_two_minutes_between_the_clocks_are_borne(open_shop):
    shop = open_shop(world_of(rejected=2, active=1))
    shop.faults.add(FaultKind.DATE, 119)
    assert shop.after("sweep").outcome is Outcome.COMPLETE


# Kept counts.


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (
            "UPDATE status_count SET listings = 0 WHERE status = 'rejected'",
            "the list accounts for 3, the snapshot has 3 open periods and keeps a count of 0",
        ),
        (
            "UPDATE status_period SET ended_at = started_at, ended_to = 'active' WHERE status = 'rejected'",
            "the list accounts for 3, the snapshot has 0 open periods and keeps a count of 3",
        ),
    ],
)
def test_a_run_fails_where_walk_periods_and_kept_count_differ_and_records_only_itself(open_shop, damage, says):
    shop = open_shop(world_of(rejected=3, active=1))
    shop.db.conn.execute(damage)
    before = shop.dump()
    for kind in ("pulse", "sweep"):
        result = shop.after(kind)
        assert (result.outcome, result.error_kind, shop.dump()) == (Outcome.FAILED, "counts", before)
        assert result.message == (
            f"The numbers of rejected listings do not agree: {says}. Nothing of this run was recorded. "
            "`aexdash doctor` names what differs, `aexdash repair` counts it again."
        )
        assert shop.state() == "failed"

"""One run of a sync: what it asks, what it believes, what it records. The real client reads the simulated platform."""

from __future__ import annotations

import csv
import io
import struct
import zlib
from dataclasses import dataclass, replace

import pytest

from aexdash.annotations import Annotations
from aexdash.demo.faults import FaultKind
from aexdash.demo.listing import Cause, plain_listing
from aexdash.export import COLUMNS, ExportContext, save
from aexdash.kit import ALL_EVIDENCE, Limits
from aexdash.measuring import PICTURE_LIMIT_BYTES
from aexdash.model import Outcome, Status
from aexdash.reasons import load_taxonomy
from aexdash.snapshot.errors import TwoStoresOneSeller
from aexdash.sync import LEFT_OUT, SWEEP_INSTEAD, sync_store
from aexdash.view import View
from tests.support import FIRST, NO_EVIDENCE, NOON, ForgetfulWorld, Shop, kit_in, world_of

LIST = "aliexpress.solution.product.list.get"
DETAIL = "aliexpress.solution.product.info.get"


def held_ids(shop: Shop) -> set[int]:
    return set(shop.rows())


# What a run of each kind asks for.


def test_a_sweep_reads_every_status_and_is_complete(open_shop):
    shop = open_shop(world_of(rejected=2, auditing=1, active=3, offline=1))
    result, asked = shop.calls_of("sweep", limits=NO_EVIDENCE)
    assert (result.outcome, result.message, result.error_kind, result.as_of) == (Outcome.COMPLETE, "", None, NOON)
    assert (result.held, result.rejected, result.auditing, result.active, result.total) == (3, 2, 1, 3, 7)
    assert (asked, result.calls, result.changes) == ({"list": 4, "counts": 1}, 5, 14)
    assert {
        status: (walk.reported, walk.seen, walk.attempts, walk.complete) for status, walk in shop.walks().items()
    } == {
        "rejected": (2, 2, 1, True),
        "auditing": (1, 1, 1, True),
        "active": (3, 3, 1, True),
        "offline": (1, 1, 1, True),
    }


def test_a_pulse_reads_the_held_statuses_and_nothing_else(open_shop):
    shop = open_shop(world_of(rejected=2, auditing=1, active=3))
    shop.sync("sweep")
    shop.clock.move(minutes=1)
    result, asked = shop.calls_of("pulse")
    assert (result.outcome, result.kind, result.changes, result.calls) == (Outcome.COMPLETE, "pulse", 0, 3)
    assert asked == {"list": 2, "counts": 1}
    assert (result.held, result.active, result.total) == (3, 3, 6)


def test_a_store_first_read_by_a_pulse_knows_what_is_held_and_nothing_of_the_rest(open_shop):
    shop = open_shop(world_of(rejected=1, active=3))
    result = shop.sync("pulse")
    hero = shop.hero()
    assert (result.outcome, result.held, result.rejected, result.auditing) == (Outcome.COMPLETE, 1, 1, 0)
    assert (result.active, result.total) == (None, None)
    assert (hero.held, hero.active, hero.total) == (1, None, None)


def test_the_same_sweep_again_writes_no_listing_and_asks_for_nothing_it_knows(open_shop):
    shop = open_shop(world_of(rejected=2, auditing=1, active=3))
    shop.sync("sweep")
    before, written = shop.dump(), watch_writes(shop)
    shop.clock.move(minutes=5)
    result, asked = shop.calls_of("sweep")
    assert (result.outcome, result.changes, written()) == (Outcome.COMPLETE, 0, 0)
    assert asked == {"list": 4, "counts": 1, "problem types": 1, "problems": 1}
    assert {**shop.dump(), "coverage": None} == {**before, "coverage": None}


def watch_writes(shop: Shop):
    """Count the rows written from now on to the tables of listings, whatever a run says of itself."""
    connection = shop.db.conn
    connection.execute("CREATE TEMP TABLE written (name TEXT)")
    for table in ("listing", "status_period", "listing_reason", "listing_detail", "picture", "fingerprint"):
        for verb in ("INSERT", "UPDATE", "DELETE"):
            connection.execute(
                f"CREATE TEMP TRIGGER watch_{table}_{verb} AFTER {verb} ON main.{table} "
                f"BEGIN INSERT INTO written VALUES ('{table}'); END"
            )
    return lambda: connection.execute("SELECT count(*) FROM temp.written").fetchone()[0]


# What a run believes: totals that move, pages that repeat, shift or lie.


def test_a_walk_whose_total_moves_is_read_again_until_it_stands_still(open_shop):
    """The first page claims one more than the last, and the pages show what the last one claims."""
    shop = open_shop(world_of(rejected=120))
    for attempt in range(2):
        shop.faults.add(FaultKind.LYING_TOTAL, 1, method=LIST, after=1 + 2 * attempt, times=1)
    result = shop.sync("pulse", limits=NO_EVIDENCE)
    assert (result.outcome, result.message, result.held) == (Outcome.COMPLETE, "", 120)
    assert (shop.walks()["rejected"].attempts, shop.walks()["rejected"].complete) == (3, True)
    assert shop.walks()["auditing"].attempts == 1


def test_after_three_attempts_arrivals_count_and_absences_do_not(open_shop):
    shop = open_shop(world_of(rejected=100, active=2))
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.world.move(FIRST, Status.ACTIVE, at=shop.clock.move(minutes=1))
    shop.world.move(FIRST + 100, Status.REJECTED, at=shop.clock())
    shop.faults.add(FaultKind.LYING_TOTAL, 3, method=LIST)
    shop.clock.move(minutes=4)
    before, read_at = held_ids(shop), shop.hero().as_of
    result, asked = shop.calls_of("pulse", limits=NO_EVIDENCE)
    assert result.outcome is Outcome.PARTIAL
    assert result.message == (
        "auditing: AliExpress reported 3 listings and showed 0. "
        "rejected: AliExpress reported 103 listings and showed 100."
    )
    assert {status: walk.attempts for status, walk in shop.walks().items() if not walk.complete} == {
        "rejected": 3,
        "auditing": 3,
    }
    assert asked == {"list": 3 + 3 * 2, "counts": 1}
    assert held_ids(shop) == before | {FIRST + 100}
    assert (shop.hero().rejected, shop.hero().as_of) == (101, read_at)
    assert shop.snapshot.freshness("main", shop.clock()).state == "partial"
    shop.faults.clear()
    assert shop.sync("pulse", limits=NO_EVIDENCE).outcome is Outcome.COMPLETE
    assert held_ids(shop) == (before | {FIRST + 100}) - {FIRST}


def test_a_page_shown_twice_is_not_believed_though_the_total_adds_up(open_shop):
    """Page 2 begins one listing early: 198 of 198 rows, one of them twice, one listing never shown."""
    shop = open_shop(world_of(rejected=198))
    shop.sync("pulse", limits=NO_EVIDENCE)
    for attempt in range(3):
        shop.faults.add(FaultKind.SHIFT, -1, method=LIST, after=2 + 3 * attempt, times=1)
    shop.clock.move(minutes=1)
    result = shop.sync("pulse", limits=NO_EVIDENCE)
    walk = shop.walks()["rejected"]
    assert (walk.reported, walk.seen, walk.attempts, walk.complete) == (198, 197, 3, False)
    assert result.message == "rejected: 1 of 198 listings were shown twice while the pages were read."
    assert (result.outcome, result.held, result.changes) == (Outcome.PARTIAL, 198, 0)


def test_pages_that_repeat_are_read_three_times_and_nothing_leaves(open_shop):
    shop = open_shop(world_of(rejected=120))
    shop.sync("pulse", limits=NO_EVIDENCE)
    shop.faults.add(FaultKind.REPEAT, method=LIST)
    result = shop.sync("pulse", limits=NO_EVIDENCE)
    walk = shop.walks()["rejected"]
    assert (walk.attempts, walk.complete, result.outcome, result.held) == (3, False, Outcome.PARTIAL, 120)


@pytest.mark.parametrize("kind", [FaultKind.EMPTY_PAGE, FaultKind.MISSING_LIST])
def test_an_empty_answer_beside_a_total_clears_nothing(open_shop, kind):
    shop = open_shop(world_of(rejected=3, auditing=1))
    shop.sync("pulse")
    shop.faults.add(kind, method=LIST)
    result = shop.sync("pulse")
    assert (result.outcome, result.held, result.changes) == (Outcome.PARTIAL, 4, 0)
    assert len(held_ids(shop)) == 4


def test_a_walk_that_leaves_out_what_the_look_up_still_finds_there_is_not_complete(open_shop):
    shop = open_shop(world_of(rejected=3, auditing=1))
    shop.sync("sweep")
    read_at = shop.hero().as_of
    shop.world.forgotten = frozenset({FIRST})
    shop.clock.move(minutes=1)
    result, asked = shop.calls_of("pulse")
    walk = shop.walks()["rejected"]
    assert (walk.reported, walk.seen, walk.attempts, walk.complete, walk.note) == (2, 2, 1, False, LEFT_OUT)
    assert (result.outcome, result.message) == (Outcome.PARTIAL, f"rejected: {LEFT_OUT}")
    assert (result.held, result.changes, asked) == (4, 0, {"list": 2, "detail": 1, "counts": 1})
    assert (len(held_ids(shop)), shop.hero().as_of) == (4, read_at)


def test_a_false_zero_that_adds_up_is_seen_through(open_shop):
    shop = open_shop(world_of(rejected=3, auditing=1, active=2))
    shop.sync("sweep")
    shop.world.forgotten = frozenset(range(FIRST, FIRST + 4))
    result = shop.sync("pulse")
    assert (result.outcome, result.held) == (Outcome.PARTIAL, 4)
    assert shop.snapshot.freshness("main", shop.clock()).state == "partial"


def test_a_listing_shown_in_two_walks_of_a_run_has_the_later_status(open_shop):
    shop = open_shop(world_of(auditing=2, active=1))
    shop.sync("sweep")
    shop.clock.move(minutes=1)
    # Call 0 reads the listings in audit; before call 1 reads the rejected ones, one of them moves there.
    shop.between_calls = lambda call: shop.world.move(FIRST, Status.REJECTED, at=shop.clock()) if call == 1 else None
    result = shop.sync("pulse")
    assert (result.outcome, result.rejected, result.auditing) == (Outcome.COMPLETE, 1, 1)
    assert shop.open_statuses()[FIRST] is Status.REJECTED


def test_a_first_run_that_is_partial_shows_no_zero(open_shop):
    shop = open_shop(world_of(active=2))
    shop.faults.add(FaultKind.LYING_TOTAL, 1, method=LIST)
    result = shop.sync("sweep")
    assert (result.outcome, result.held, result.rejected, result.auditing) == (Outcome.PARTIAL, None, None, None)
    assert (result.active, result.total) == (None, None)
    hero = shop.hero()
    assert (hero.held, hero.rejected, hero.auditing, hero.active, hero.total, hero.as_of) == (None,) * 6
    assert shop.snapshot.freshness("main", shop.clock()).state == "never"


# Where missing listings went.


def test_a_listing_that_left_is_looked_up_and_its_period_closes(open_shop):
    shop = open_shop(world_of(rejected=2, active=1))
    shop.sync("sweep")
    shop.world.move(FIRST, Status.ACTIVE, at=shop.clock.move(minutes=1))
    result, asked = shop.calls_of("pulse")
    assert (result.outcome, result.held, result.active) == (Outcome.COMPLETE, 1, 2)
    assert asked == {"list": 2, "detail": 1, "counts": 1}
    assert held_ids(shop) == {FIRST + 1}


def test_a_look_up_that_fails_leaves_the_listing_where_it_was_until_one_succeeds(open_shop):
    shop = open_shop(world_of(rejected=2))
    shop.sync("sweep")
    shop.world.move(FIRST, Status.ACTIVE, at=shop.clock.move(minutes=1))
    shop.faults.add(FaultKind.SERVER_ERROR, method=DETAIL)
    result = shop.sync("pulse")
    assert (result.outcome, result.held, held_ids(shop)) == (Outcome.PARTIAL, 2, {FIRST, FIRST + 1})
    assert result.message.startswith(f"Listing {FIRST} could not be looked up: 127.0.0.1 could not answer")
    assert (shop.last_run().unresolved, shop.walks()["rejected"].complete) == (1, True)
    shop.faults.clear()
    shop.clock.move(minutes=1)
    result = shop.sync("pulse")
    assert (result.outcome, result.held, held_ids(shop)) == (Outcome.COMPLETE, 1, {FIRST + 1})


@pytest.mark.parametrize(
    ("leavers", "asked"), [(SWEEP_INSTEAD, {"detail": 40, "list": 2}), (SWEEP_INSTEAD + 1, {"list": 4})]
)
def test_many_leavers_bring_the_sweep_forward(open_shop, leavers, asked):
    shop = open_shop(world_of(rejected=60, active=20))
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.clock.move(minutes=1)
    for number in range(leavers):
        shop.world.move(FIRST + number, Status.ACTIVE, at=shop.clock())
    result, made = shop.calls_of("pulse", limits=NO_EVIDENCE)
    assert (result.outcome, result.rejected, result.active) == (Outcome.COMPLETE, 60 - leavers, 20 + leavers)
    assert made == {**asked, "counts": 1}
    assert result.calls == sum(made.values())
    swept = "list" in asked and asked["list"] == 4
    assert result.message == ("Many listings left at once, so every status was read." if swept else "")


@pytest.mark.parametrize("unclear", [0, 1, 2, 3])
def test_deleted_needs_the_plain_no_of_every_list(open_shop, unclear):
    shop = open_shop(world_of(rejected=2, active=1))
    shop.sync("sweep")
    shop.world.remove(FIRST)
    shop.clock.move(minutes=1)
    # Two calls walk, then each of the four lists is asked for the id: one of them claims a listing and shows none.
    shop.faults.add(FaultKind.LYING_TOTAL, 1, method=LIST, after=2 + unclear, times=1)
    result = shop.sync("pulse")
    assert (result.outcome, result.held, shop.open_statuses()[FIRST]) == (Outcome.PARTIAL, 2, Status.REJECTED)
    assert f"AliExpress does not say clearly whether listing {FIRST} is" in result.message
    shop.clock.move(minutes=1)
    result, asked = shop.calls_of("pulse")
    assert (result.outcome, result.held, shop.open_statuses()[FIRST]) == (Outcome.COMPLETE, 1, Status.DELETED)
    assert asked == {"list": 2 + 4, "detail": 1, "counts": 1}
    assert (shop.hero().held, shop.hero().total) == (1, 2)


# Runs that fail.


@pytest.mark.parametrize(
    ("kind", "value", "error_kind", "says"),
    [
        (FaultKind.SERVER_ERROR, 0, "platform_fault", "127.0.0.1 could not answer"),
        (FaultKind.TIMEOUT, 30, "unreachable", "127.0.0.1 could not be reached: it did not answer in time."),
        (FaultKind.HTML, 0, "unreadable", "127.0.0.1 answered aliexpress.solution.product.list.get"),
        (FaultKind.TRUNCATED, 0, "unreadable", "127.0.0.1 answered aliexpress.solution.product.list.get"),
        (FaultKind.CLOCK_SKEW, 9000, "clock", "AliExpress refused the time of a call for store main"),
    ],
)
def test_a_failed_run_says_what_happened_and_changes_nothing_else(open_shop, kind, value, error_kind, says):
    shop = open_shop(world_of(rejected=2, active=2))
    shop.sync("sweep")
    before = shop.dump()
    shop.world.move(FIRST, Status.ACTIVE, at=shop.clock.move(minutes=1))
    shop.faults.add(kind, value, method=LIST, after=1)
    result = shop.sync("sweep")
    run = shop.last_run()
    assert (result.outcome, result.error_kind, result.held, result.as_of) == (Outcome.FAILED, error_kind, None, None)
    assert result.message.startswith(says)
    assert (run.outcome, run.error_kind, run.message, run.as_of) == (Outcome.FAILED, error_kind, result.message, None)
    assert shop.dump() == before
    assert shop.snapshot.freshness("main", shop.clock()).state == "failed"
    assert shop.hero().held == 2


def test_a_long_ban_ends_the_run_at_once_and_no_call_is_made_until_its_end(open_shop):
    shop = open_shop(world_of(rejected=2))
    shop.faults.add(FaultKind.BAN, 14229, method=LIST, after=1, times=1)
    result = shop.sync("sweep")
    end = NOON.timestamp() + 14229
    assert (result.outcome, result.error_kind, result.calls) == (Outcome.FAILED, "throttled", 2)
    assert (result.banned_until.timestamp(), shop.clock()) == (end, NOON)
    assert "for 14229 seconds, until 2026-03-09 15:57:09 UTC" in result.message
    assert shop.seller.limiter.banned_until == result.banned_until
    shop.clock.move(seconds=14219)  # ten seconds before the end; less than that would be waited out
    again, asked = shop.calls_of("pulse")
    assert (again.outcome, again.banned_until, again.calls, asked) == (Outcome.FAILED, result.banned_until, 0, {})
    shop.clock.move(seconds=10)
    assert shop.sync("sweep").outcome is Outcome.COMPLETE


def test_a_ban_while_evidence_is_gathered_leaves_the_run_complete(open_shop):
    shop = open_shop(world_of(rejected=2))
    shop.faults.add(FaultKind.BAN, 14229, method=DETAIL, times=1)
    result = shop.sync("sweep")
    assert (result.outcome, result.held, result.error_kind) == (Outcome.COMPLETE, 2, None)
    assert result.banned_until.timestamp() == NOON.timestamp() + 14229
    assert shop.last_run().outcome is Outcome.COMPLETE


def test_an_account_that_may_not_ask_for_counts_is_read_all_the_same(open_shop):
    shop = open_shop(world_of(rejected=1), store={"forbidden": frozenset({"aliexpress.merchant.profile.get"})})
    result = shop.sync("sweep")
    assert (result.outcome, result.message, shop.last_run().platform_auditing) == (Outcome.COMPLETE, "", None)


def test_counts_that_cannot_be_had_fail_no_run_that_was_read_whole(open_shop):
    shop = open_shop(world_of(rejected=1))
    shop.faults.add(FaultKind.SERVER_ERROR, method="aliexpress.merchant.profile.get")
    result = shop.sync("sweep")
    assert (result.outcome, result.held, shop.last_run().platform_auditing) == (Outcome.COMPLETE, 1, None)


def test_the_platforms_own_counts_stand_beside_ours(open_shop):
    shop = open_shop(world_of(rejected=1, auditing=2))
    shop.sync("sweep")
    assert (shop.last_run().platform_auditing, shop.last_run().our_auditing) == (2, 2)


def test_two_stores_of_one_seller_are_refused_before_anything_is_recorded(open_shop, tmp_path):
    shop = open_shop(world_of(rejected=1))
    shop.sync("sweep")
    before = shop.dump()
    twin = open_shop(shop.world, key="twin", clock=shop.clock)
    with pytest.raises(TwoStoresOneSeller, match="'main' are the same seller account"):
        twin.sync("sweep")
    assert shop.dump() == before
    assert [run.store for run in shop.snapshot.runs(9)] == ["main"]


def test_a_token_that_ends_in_the_middle_of_a_walk_is_renewed_once(open_shop):
    shop = open_shop(world_of(rejected=120, active=2))
    shop.faults.add(FaultKind.EXPIRED_TOKEN, method=LIST, after=2, times=1)
    result, asked = shop.calls_of("sweep", limits=NO_EVIDENCE)
    assert (result.outcome, result.held, result.total) == (Outcome.COMPLETE, 120, 122)
    assert asked == {"list": 6, "renewal": 1, "counts": 1}


def test_a_store_that_has_been_signed_out_for_good_says_what_to_do(open_shop):
    shop = open_shop(world_of(rejected=1), store={"refresh_seconds": 3600, "token_seconds": 1800})
    shop.sync("sweep")
    shop.clock.move(hours=2)
    result = shop.sync("pulse")
    assert (result.outcome, result.error_kind) == (Outcome.FAILED, "authentication")
    assert "sign-in of store main" in result.message
    assert shop.hero().held == 1


# The platform's own words.


def choice_shop(open_shop, *listings, **ways):
    return open_shop(ForgetfulWorld(listings), model="choice", **ways)


def reject(shop, number, cause):
    shop.world.move(number, Status.REJECTED, cause, at=shop.clock.move(minutes=1))


def test_the_platforms_reasons_appear_change_and_vanish(open_shop):
    shop = choice_shop(open_shop, plain_listing(FIRST, Status.ACTIVE), plain_listing(FIRST + 1, Status.ACTIVE))
    shop.sync("sweep", limits=NO_EVIDENCE)
    reject(shop, FIRST, Cause.PRICE)
    shop.sync("pulse", limits=NO_EVIDENCE)
    (priced,) = shop.reasons(FIRST)
    reject(shop, FIRST, Cause.QUALIFICATION)
    shop.clock.move(minutes=1)
    shop.sync("pulse", limits=NO_EVIDENCE)
    (qualified,) = shop.reasons(FIRST)
    assert (priced, qualified) == (
        ("price.supply_price_refused", "platform"),
        ("qualification.documents_refused", "platform"),
    )
    shop.world.move(FIRST, Status.ACTIVE, at=shop.clock.move(minutes=1))
    shop.sync("pulse", limits=NO_EVIDENCE)
    card = shop.snapshot.listing("main", FIRST)
    stood = [(reason.code, reason.vanished_at is not None) for period in card.periods for reason in period.reasons]
    assert sorted(stood) == [(priced[0], True), (qualified[0], True)]


def test_a_look_up_that_names_no_reason_takes_none_back(open_shop):
    """The detail call of the fully managed model names no failure, the list does (reference §3.3)."""
    shop = choice_shop(open_shop, plain_listing(FIRST, Status.ACTIVE))
    shop.sync("sweep", limits=NO_EVIDENCE)
    reject(shop, FIRST, Cause.PRICE)
    shop.sync("pulse", limits=NO_EVIDENCE)
    said = shop.reasons(FIRST)
    shop.world.forgotten = frozenset({FIRST})
    shop.clock.move(minutes=1)
    assert shop.sync("pulse", limits=NO_EVIDENCE).outcome is Outcome.PARTIAL
    assert said == [("price.supply_price_refused", "platform")]
    assert shop.reasons(FIRST) == said


def test_a_walk_that_could_not_tell_the_reasons_takes_none_back(open_shop):
    shop = choice_shop(open_shop, plain_listing(FIRST, Status.ACTIVE))
    reject(shop, FIRST, Cause.PRICE)
    shop.sync("sweep", limits=NO_EVIDENCE)
    said, walk = shop.reasons(FIRST), shop.seller.walk

    def walk_without_reasons(status):
        for page in walk(status):
            mute = (replace(seen, signals=(), signals_told=False) for seen in page.observations)
            yield replace(page, observations=tuple(mute))

    shop.seller.walk = walk_without_reasons
    shop.sync("pulse", limits=NO_EVIDENCE)
    assert shop.reasons(FIRST) == said == [("price.supply_price_refused", "platform")]
    shop.seller.walk = walk
    shop.world.move(FIRST, Status.REJECTED, Cause.QUALIFICATION, at=shop.clock.move(minutes=1))
    shop.sync("pulse", limits=NO_EVIDENCE)
    assert shop.reasons(FIRST) == [("qualification.documents_refused", "platform")]


# What people bring from Seller Center.


def test_what_was_brought_from_seller_center_stands_after_a_run_and_is_taken_back(open_shop):
    shop = open_shop(world_of(rejected=1))
    brought = Annotations(shop.folder / "desk.db")
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.clock.move(minutes=1)
    brought.add("main", [(FIRST, "The picture is blurred")], source="pasted", by="Ana", now=shop.clock())
    shop.sync("pulse", limits=NO_EVIDENCE)
    assert shop.reasons(FIRST) == [("other.unrecognised", "seller_center")]
    brought.add("main", [(FIRST, "")], source="pasted", by="Ana", now=shop.clock())
    shop.sync("pulse", limits=NO_EVIDENCE)
    assert shop.reasons(FIRST) == []


def test_a_desk_that_cannot_be_read_is_named_and_stops_no_run(open_shop):
    shop = open_shop(world_of(rejected=1))
    (shop.folder / "desk.db").write_bytes(b"not a database, " * 500)
    kit = kit_in(shop.folder, NO_EVIDENCE)
    result = sync_store(shop.seller, shop.db, shop.store_id, "sweep", kit, clock=shop.clock)
    assert (result.outcome, result.held) == (Outcome.COMPLETE, 1)
    assert result.message.startswith("Evidence is incomplete: The desk ")


def test_what_was_taken_down_keeps_its_cause_while_only_pulses_run(open_shop):
    world = world_of(active=1, rejected=1)
    world.put(plain_listing(FIRST + 7, Status.OFFLINE, cause="punish_offline"))
    shop = open_shop(world)
    shop.sync("sweep")
    said = shop.reasons(FIRST + 7)
    assert [provenance for _, provenance in said] == ["platform"]
    for _ in range(3):
        shop.clock.move(minutes=1)
        shop.sync("pulse")
    assert shop.reasons(FIRST + 7) == said
    shop.world.move(FIRST + 7, Status.ACTIVE, at=shop.clock.move(minutes=1))
    shop.sync("sweep")
    assert shop.rows(statuses=(Status.OFFLINE,)) == {}


# Evidence: limits, failures, pictures.


def test_limits_leave_the_rest_of_the_evidence_to_the_next_runs(open_shop):
    shop = open_shop(world_of(rejected=5))
    limits = Limits(details=2, pictures=3, categories=1)
    asked, left = [], []
    for _ in range(4):
        result, made = shop.calls_of("pulse", limits=limits)
        asked.append((made.get("detail", 0), made.get("picture", 0)))
        left.append(result.evidence_left)
        shop.clock.move(minutes=1)
    assert asked == [(2, 3), (2, 2), (1, 0), (0, 0)]
    assert left == [True, True, False, False]
    assert all(reasons == [("attribute.brand_missing", "check")] for reasons in map(brand_only, shop.rows().values()))


def brand_only(row):
    return [(reason.code, reason.provenance.value) for reason in row.reasons if "brand" in reason.code]


def test_a_detail_that_fails_is_tried_again_after_an_hour_and_not_before(open_shop):
    shop = open_shop(world_of(rejected=1))
    shop.faults.add(FaultKind.SERVER_ERROR, method=DETAIL)
    result = shop.sync("sweep")
    assert (result.outcome, result.held) == (Outcome.COMPLETE, 1)
    assert result.message.startswith(f"Evidence is incomplete: listing {FIRST}: 127.0.0.1 could not answer")
    assert shop.rows()[FIRST].reasons == ()
    shop.faults.clear()
    shop.clock.move(minutes=58)
    assert "detail" not in shop.calls_of("pulse")[1]
    shop.clock.move(minutes=3)
    assert shop.calls_of("pulse")[1]["detail"] == 1
    assert shop.reasons(FIRST) != []


def test_an_edited_listing_is_looked_into_again_and_an_unedited_one_is_not(open_shop):
    shop = open_shop(world_of(rejected=2))
    shop.sync("sweep")
    shop.world.move(FIRST, Status.REJECTED, at=shop.clock.move(minutes=5))
    assert shop.calls_of("pulse")[1] == {"list": 2, "counts": 1, "detail": 1}


@dataclass(frozen=True)
class Elsewhere:
    """A picture whose address the seller chose: `addresses` as the platform lists them, `;` between."""

    addresses: str

    def path(self, _product_id: int) -> str:
        return self.addresses


def png(width: int, height: int) -> bytes:
    """A PNG that claims a size, and holds no pixel."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>'

PICTURES = {
    "/img/page.jpg": (b"<!DOCTYPE html><p>busy</p>", "not_a_picture"),
    "/img/vector.svg": (SVG, "not_a_picture"),
    "/img/empty.jpg": (b"", "not_a_picture"),
    "/img/noise.jpg": (bytes(range(256)) * 8, "not_a_picture"),
    "/img/bomb.png": (png(60_000, 60_000), "too_large"),
    "/img/heavy.jpg": (b"\xff\xd8" + bytes(PICTURE_LIMIT_BYTES), "too_large"),
}


@pytest.mark.parametrize("path", PICTURES)
def test_what_is_not_a_picture_is_a_fact_and_tells_no_size(open_shop, path):
    body, state = PICTURES[path]
    shop = open_shop(ForgetfulWorld([plain_listing(FIRST, Status.REJECTED, pictures=(Elsewhere(path),))]))
    shop.sent[path] = (200, {"Content-Type": "image/jpeg"}, body)
    assert shop.sync("sweep").outcome is Outcome.COMPLETE
    assert [fact.state for fact in shop.snapshot.listing("main", FIRST).pictures] == [state]
    assert "image.main_too_small" not in dict(shop.reasons(FIRST))
    assert shop.rows()[FIRST].thumbnail is None


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/a.jpg",
        "http://[::1]/a.jpg",
        "http://127.0.0.1:22/a.jpg",
        "https://user:word@example.com/a.jpg",
        "//",
        "\\\\host\\share",
    ],
)
@pytest.mark.parametrize("status", [Status.REJECTED, Status.ACTIVE], ids=["fetched whole", "first bytes"])
def test_an_address_we_do_not_fetch_from_is_refused_and_tells_no_size(open_shop, address, status):
    shop = open_shop(ForgetfulWorld([plain_listing(FIRST, status, pictures=(Elsewhere(f";{address}"),))]))
    shop.sent[""] = shop.sent["/"] = (404, {}, b"")
    result, asked = shop.calls_of("sweep", at_risk=ALL_EVIDENCE)
    assert (result.outcome, asked.get("picture", 0)) == (Outcome.COMPLETE, 0)
    states = {fact.state for fact in shop.snapshot.listing("main", FIRST).pictures}
    assert states <= {"refused", "unreachable"}
    found = {code for (code,) in shop.db.execute("SELECT code FROM listing_reason WHERE provenance = 'check'")}
    assert "image.main_too_small" not in found
    assert "image.unreachable" in found


def test_a_picture_that_is_not_delivered_is_tried_again_after_a_day(open_shop):
    shop = open_shop(world_of(rejected=1))
    shop.faults.add(FaultKind.SERVER_ERROR, method="picture")
    shop.sync("sweep")
    assert [fact.state for fact in shop.snapshot.listing("main", FIRST).pictures] == ["unreachable"]
    shop.faults.clear()
    shop.clock.move(hours=23)
    assert "picture" not in shop.calls_of("pulse")[1]
    shop.clock.move(hours=2)
    assert shop.calls_of("pulse")[1]["picture"] == 1
    assert [fact.state for fact in shop.snapshot.listing("main", FIRST).pictures] == ["measured"]


# From the platform to the file, unharmed.

HOSTILE = {
    9007199254740993: "x" * 10_000,  # 2^53 + 1: the first id that a float cannot hold
    9223372036854775807: "<b>Lamp</b> <script>alert(1)</script> &amp; [x](javascript:alert(1)) **bold** $x^2$",
    1005000000000003: '=HYPERLINK("https://evil.example";"click")',
    1005000000000004: "+1 @SUM(A1) -2 \t=1+1\r\n=2+2;=3+3",
    1005000000000005: "\u202eevil \u200fעברית العربية\u202c",
    1005000000000006: "👩‍👩‍👧‍👦 фонарь 🇪🇸 ñandú 灯",
    1005000000000007: "quotes \" and ' and , and ; and \\ and \x00 and \x1b[31m",
    1005000000000008: "\ufeffbyte order mark",
}


def test_texts_and_ids_survive_from_the_platform_to_the_file(open_shop, tmp_path):
    listings = [plain_listing(number, Status.REJECTED, title=title) for number, title in HOSTILE.items()]
    shop = open_shop(ForgetfulWorld(listings))
    assert shop.sync("sweep").outcome is Outcome.COMPLETE
    assert {number: row.title for number, row in shop.rows().items()} == HOSTILE
    context = ExportContext.of(shop.snapshot.stores(), load_taxonomy(), NOON)
    save(tmp_path / "all.csv", shop.snapshot.rows(View()), context)
    text = (tmp_path / "all.csv").read_bytes().decode("utf-8-sig")
    rows = {int(row["Product id"]): row["Title"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert {number: title.replace("'", "") for number, title in rows.items()} == {
        number: title.replace("'", "") for number, title in HOSTILE.items()
    }
    assert all(title[0] not in "=+-@\t\r" for title in rows.values())
    assert len(text.splitlines()[0].split(",")) == len(COLUMNS)

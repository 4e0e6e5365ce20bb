"""One run of a sync: what it asks, what it believes, what it records. The real client reads the simulated platform."""

from __future__ import annotations

import csv
import io

import pytest

from aexdash.cards.held import HERO
from aexdash.cards.recording import record_cards
from aexdash.demo.platform.faults import FaultKind
from aexdash.exports.worklist.worklist import COLUMNS, ExportContext, save
from aexdash.model import Outcome, Status
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.history.card_values import latest, read_and_valued
from aexdash.snapshot.measures.on_sale import COMPLETENESS
from aexdash.snapshot.recording.record import TwoStoresOneSeller
from aexdash.storage.text import visible
from aexdash.sync import run
from aexdash.sync.evidence.gathering import Gathering
from aexdash.sync.walking import LEFT_OUT, SWEEP_INSTEAD
from aexdash.view import View
from tests.demo.scripted import plain_listing
from tests.snapshot.store import STALE_AFTER
from tests.support import ALL_EVIDENCE, FIRST, NO_EVIDENCE, NOON, ForgetfulWorld, Shop, world_of

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
    assert shop.snapshot.freshness("main", shop.clock(), STALE_AFTER).state == "partial"
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
    assert shop.snapshot.freshness("main", shop.clock(), STALE_AFTER).state == "partial"


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
    assert shop.snapshot.freshness("main", shop.clock(), STALE_AFTER).state == "never"


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
    assert asked == {"list": 2 + 4, "detail": 1 + 1, "counts": 1}  # one more detail: of a listing that must exist
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
    assert shop.snapshot.freshness("main", shop.clock(), STALE_AFTER).state == "failed"
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


def test_the_values_of_a_reading_are_stored_before_its_evidence_is_gathered(open_shop, monkeypatch):
    shop = open_shop(world_of(rejected=2, active=3))
    kept = []

    def nobody_gathers(gathering, **_):
        kept.append(latest(shop.db.conn, shop.store_id, HERO.key, shop.clock()))
        raise MemoryError

    monkeypatch.setattr(Gathering, "run", nobody_gathers)
    with pytest.raises(MemoryError):
        shop.sync("sweep")
    assert [entry.value for entry in kept] == [2]
    assert read_and_valued(shop.db.conn, shop.store_id) == (1, 1)


def test_the_cards_of_a_pulse_that_gathers_nothing_are_worked_out_once(open_shop, monkeypatch):
    shop = open_shop(world_of(rejected=2, active=3))
    shop.sync("sweep")
    shop.clock.move(minutes=1)
    worked_out = []
    monkeypatch.setattr(run, "record_cards", lambda *given: worked_out.append(record_cards(*given)))
    shop.sync("pulse")
    assert len(worked_out) == 1


def test_what_was_gathered_is_in_the_values_of_the_same_reading(open_shop):
    shop = open_shop(world_of(rejected=2, active=3))
    shop.sync("sweep", limits=NO_EVIDENCE)
    before = latest(shop.db.conn, shop.store_id, COMPLETENESS, NOON)
    shop.clock.move(minutes=1)
    shop.sync("sweep", at_risk=ALL_EVIDENCE)
    after = latest(shop.db.conn, shop.store_id, COMPLETENESS, shop.clock())
    assert (before.value, before.known, after.known) == (None, 0, 3)


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


def test_the_platforms_count_of_what_is_on_sale_stands_beside_ours_of_the_last_sweep(open_shop):
    shop = open_shop(world_of(rejected=1, active=3))
    shop.sync("pulse")
    unread = shop.last_run()
    assert (unread.platform_active, unread.our_active, unread.our_active_at) == (3, None, None)
    swept = shop.sync("sweep").as_of
    shop.clock.move(minutes=5)
    shop.sync("pulse")
    last = shop.last_run()
    assert (last.platform_active, last.our_active, last.our_active_at) == (3, 3, swept)


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
        number: visible(title).replace("'", "") for number, title in HOSTILE.items()
    }
    assert all(title[0] not in "=+-@\t\r" for title in rows.values())
    assert len(text.splitlines()[0].split(",")) == len(COLUMNS)

"""Promise 12. The platform's illness is not an emptiness."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aexdash.aliexpress.listings import sign_in
from aexdash.demo.platform.faults import FaultKind
from aexdash.model import Outcome, Status
from tests.support import APP_KEY, FIRST, LONG_SIGNED_IN, NO_EVIDENCE, Shop, world_of

LIST = "aliexpress.solution.product.list.get"
DETAIL = "aliexpress.solution.product.info.get"

FAILURES = [
    FaultKind.IS_SUCCESS,
    FaultKind.ERROR_CODE_ALONE,
    FaultKind.NESTED_ERROR,
    FaultKind.ERROR_AS_TEXT,
    FaultKind.FLAT_BAN,
    FaultKind.XML_BAN,
    FaultKind.RETRY_AFTER,
    FaultKind.RISK_PAGE,
    FaultKind.NOT_LISTED,
    FaultKind.PLATFORM_FAULT,
    FaultKind.OFFLINE_FOR_GOOD,
    FaultKind.NOT_FOUND,
    FaultKind.SYSTEM_ERROR,
    FaultKind.NO_LIST,
]
"""A failure in every spelling that is known."""

OTHER_REFUSALS = {
    FaultKind.SYSTEM_ERROR: 4,
    FaultKind.SERVER_ERROR: 4,
    FaultKind.PLATFORM_FAULT: 4,
    FaultKind.IS_SUCCESS: 1,
}
"""Refusals that do not mean *no such product*, and how many calls one look-up makes of each before it gives up."""


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_in_any_spelling_is_no_zero_of_a_new_store(open_shop, failure):
    shop = open_shop(world_of(rejected=2, auditing=1, active=2))
    shop.faults.add(failure, 60, method=LIST)
    result = shop.sync("sweep", limits=NO_EVIDENCE)
    assert result.outcome is not Outcome.COMPLETE
    assert (result.held, shop.hero().held, shop.dump()["coverage"]) == (None, None, [])


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_in_any_spelling_moves_no_listing(open_shop, failure):
    shop = open_shop(world_of(rejected=2, auditing=1, active=2), store=LONG_SIGNED_IN)
    shop.sync("sweep", limits=NO_EVIDENCE)
    before = shop.dump()
    shop.faults.add(failure, 60, method=LIST)
    for kind in ("pulse", "sweep"):
        shop.clock.move(hours=1)
        assert shop.sync(kind, limits=NO_EVIDENCE).outcome is not Outcome.COMPLETE
    assert shop.dump() == before


def test_a_store_that_is_really_empty_reads_zero(open_shop):
    shop = open_shop(world_of())
    result = shop.sync("sweep", limits=NO_EVIDENCE)
    assert (result.outcome, result.held, shop.hero().held) == (Outcome.COMPLETE, 0, 0)


@pytest.mark.parametrize("refusal", [*OTHER_REFUSALS, FaultKind.UNKNOWN_PRODUCT])
def test_lists_that_say_zero_while_other_calls_refuse_delete_nothing(open_shop, refusal):
    shop = open_shop(world_of(rejected=3, auditing=1, active=2), store=LONG_SIGNED_IN)
    shop.sync("sweep", limits=NO_EVIDENCE)
    periods = shop.periods()
    shop.faults.add(FaultKind.NO_LISTINGS, method=LIST)
    shop.faults.add(refusal, method=DETAIL)
    for kind in ("pulse", "sweep", "sweep"):
        shop.clock.move(hours=1)
        assert shop.sync(kind, limits=NO_EVIDENCE).outcome is not Outcome.COMPLETE
    assert shop.periods() == periods
    assert (shop.hero().held, len(shop.rows())) == (4, 4)


@pytest.mark.parametrize(("refusal", "calls"), OTHER_REFUSALS.items())
def test_only_the_answer_no_such_product_leads_to_deleted(open_shop, refusal, calls):
    """Also where every other listing is answered for."""
    shop = open_shop(world_of(rejected=4, active=2), store=LONG_SIGNED_IN)
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.world.remove(FIRST)
    for _ in range(2):
        shop.clock.move(hours=1)
        shop.faults.add(refusal, method=DETAIL, times=calls)
        assert shop.sync("sweep", limits=NO_EVIDENCE).outcome is Outcome.PARTIAL
        assert shop.open_statuses()[FIRST] is Status.REJECTED
        assert shop.faults.show() == []  # no other call was refused
    shop.clock.move(hours=1)
    assert shop.sync("sweep", limits=NO_EVIDENCE).outcome is Outcome.COMPLETE
    assert shop.open_statuses()[FIRST] is Status.DELETED


def test_a_store_stays_the_one_sellers_whose_listings_it_holds(open_shop):
    shop: Shop = open_shop(world_of(rejected=2, active=2), store=LONG_SIGNED_IN)
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.platform.stores[APP_KEY] = replace(
        shop.platform.stores[APP_KEY], seller_id="9999999999", world=world_of(active=1)
    )
    sign_in(shop.account, shop.platform.issue_code(APP_KEY), clock=shop.clock, respond=shop.platform.respond)
    shop.restart()
    before = shop.dump()
    shop.clock.move(seconds=timedelta(minutes=5).total_seconds())
    result = shop.sync("sweep", limits=NO_EVIDENCE)
    assert (result.outcome, result.error_kind) == (Outcome.FAILED, "another_seller")
    assert "of seller 9999999999, the snapshot of store main is of seller 2671514005" in result.message
    assert shop.dump() == before

"""Every fault of the simulated AliExpress, over real HTTP, read by the real client: what comes of it.

Each row says how a pulse of a store ends that was read whole before, which words its sentence holds, and how many calls
it made. Two things are the same for all rows: nothing held leaves the worklist, and a home that was never read shows no
zero while something is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.aliexpress.listings import Seller, connect, sign_in
from aexdash.demo.platform.faults import FaultKind
from aexdash.demo.platform.spellings import SOMEBODY_ELSE, UNHEARD_STATUS
from aexdash.demo.world.catalogue import CATEGORY_BY_ID
from aexdash.demo.world.listing import Attribute
from aexdash.model import Outcome, Status
from tests.demo.scripted import plain_listing
from tests.support import APP_KEY, FIRST, LONG_SIGNED_IN, NO_EVIDENCE, Shop, world_of

LIST = "aliexpress.solution.product.list.get"
DETAIL = "aliexpress.solution.product.info.get"
PICTURE = "picture"
COMPLETE, PARTIAL, FAILED = Outcome


class ServedShop(Shop):
    """A shop whose platform is reached over a socket."""

    def connect(self) -> Seller:
        self.served = self.platform.serve()
        account = replace(self.account, gateway=self.served.url)
        return connect(account, clock=self.clock, sleep=self.clock.sleep)

    def close(self) -> None:
        super().close()
        self.served.stop()


@dataclass(frozen=True)
class Row:
    """What is switched on and what comes of it. `calls` are those of a pulse; `ban` the seconds it lasts."""

    kind: FaultKind
    outcome: Outcome
    calls: int
    says: str = ""
    value: float = 0.0
    method: str = LIST
    error: str | None = None
    ban: float | None = None


K = FaultKind
HELD_CALLS = 2
"""Calls of a pulse that reads both held lists, without the one for the platform's counts."""

ALL_WELL = HELD_CALLS + 1
TRIED_FOUR_TIMES = 4
READ_THREE_TIMES = 3 * HELD_CALLS + 1

ROWS = (
    Row(K.LATENCY, COMPLETE, ALL_WELL, value=3),
    Row(K.TIMEOUT, FAILED, TRIED_FOUR_TIMES, "could not answer", value=30, error="platform_fault"),
    Row(K.SERVER_ERROR, FAILED, TRIED_FOUR_TIMES, "(status 502)", error="platform_fault"),
    Row(K.TRUNCATED, FAILED, TRIED_FOUR_TIMES, "JSON that breaks off", error="unreadable"),
    Row(K.HTML, FAILED, TRIED_FOUR_TIMES, "an HTML or XML page", error="unreadable"),
    Row(K.BAN, FAILED, 1, "no calls for store main for 14229 seconds", value=14229, error="throttled", ban=14229),
    Row(K.BAN, FAILED, 1, "for 86400 seconds", value=10**8, error="throttled", ban=86400),
    Row(K.EXPIRED_TOKEN, FAILED, 3, "does not accept the access token", error="authentication"),
    Row(K.SHIFT, COMPLETE, ALL_WELL),
    Row(K.REPEAT, COMPLETE, ALL_WELL),
    Row(K.LYING_TOTAL, PARTIAL, 13, "AliExpress reported 3 listings and showed 2.", value=1),
    Row(K.MISSING_LIST, PARTIAL, READ_THREE_TIMES, "AliExpress reported 2 listings and showed 0."),
    Row(K.EMPTY_PAGE, PARTIAL, READ_THREE_TIMES, "AliExpress reported 2 listings and showed 0."),
    Row(K.CLOCK_SKEW, FAILED, 1, "refused the time", value=9000, error="clock"),
    Row(K.MISSING_PAST_END, COMPLETE, ALL_WELL),
    Row(K.WHOLE_PICTURE, COMPLETE, ALL_WELL, method=PICTURE),
    Row(K.IS_SUCCESS, FAILED, 1, "90001 The list is closed for now", error="invalid_request"),
    Row(K.ERROR_CODE_ALONE, FAILED, 1, "90002 No list today", error="invalid_request"),
    Row(K.NESTED_ERROR, FAILED, 1, "InvalidApiPath Not served", error="invalid_request"),
    Row(K.ERROR_AS_TEXT, FAILED, 1, "InvalidApiPath Not served", error="invalid_request"),
    Row(K.FLAT_BAN, FAILED, 1, "for 2000 seconds", value=2000, error="throttled", ban=2000),
    Row(K.FLAT_BAN, FAILED, TRIED_FOUR_TIMES, "for 1 seconds", value=1, error="throttled", ban=1),
    Row(K.XML_BAN, FAILED, 1, "for 2000 seconds", value=2000, error="throttled", ban=2000),
    Row(K.RETRY_AFTER, FAILED, 1, "for 120 seconds", value=120, error="throttled", ban=120),
    Row(K.RISK_PAGE, FAILED, 1, "AliExpress' risk control stopped the calls", error="throttled", ban=600),
    Row(K.NOT_LISTED, FAILED, 1, "but your ip is 192.0.3.7. Put this machine's address on", error="authentication"),
    Row(K.PLATFORM_FAULT, FAILED, TRIED_FOUR_TIMES, "isp.service-error again", error="platform_fault"),
    Row(K.PLATFORM_FAULT, FAILED, TRIED_FOUR_TIMES, "77 Remote service error", value=77, error="platform_fault"),
    Row(K.OFFLINE_FOR_GOOD, FAILED, 1, 'set gateway = "https://api-sg.aliexpress.com"', error="gateway_gone"),
    Row(K.NOT_FOUND, FAILED, 1, "This gateway is gone: set gateway", error="gateway_gone"),
    Row(K.SYSTEM_ERROR, FAILED, TRIED_FOUR_TIMES, "System error, please try again", error="platform_fault"),
    Row(K.NO_LIST, FAILED, 1, "something else than a list", error="unreadable"),
    Row(K.UNKNOWN_PRODUCT, COMPLETE, ALL_WELL, method=DETAIL),
    Row(K.NO_LISTINGS, PARTIAL, 6, "AliExpress left listings out of this list that it still has"),
    Row(K.DATE, FAILED, 1, "Two clocks disagree", value=200, error="clock"),
    Row(K.RAW_CONTROLS, COMPLETE, ALL_WELL),
    Row(K.BROKEN_BYTE, COMPLETE, ALL_WELL),
    Row(K.TRAILING_TEXT, COMPLETE, ALL_WELL),
    Row(K.ITEM_WITHOUT_ID, PARTIAL, READ_THREE_TIMES, "as auditing without a usable product_id: "),
    Row(K.PAGE_CAP, COMPLETE, 5, value=1),
    Row(K.FILTER_IGNORED, COMPLETE, ALL_WELL),
    Row(K.UNHEARD_STATUS, COMPLETE, ALL_WELL, method=DETAIL),
    Row(K.INTERVALS, COMPLETE, ALL_WELL, method=DETAIL),
    Row(K.PROPERTIES_AS_TEXT, COMPLETE, ALL_WELL, method=DETAIL),
    Row(K.ANOTHER_SELLER, COMPLETE, ALL_WELL, method="/auth/token/refresh"),
)


@pytest.fixture
def open_served(tmp_path: Path) -> Iterator[Callable[[], ServedShop]]:
    opened: list[ServedShop] = []

    def open_(**ways: object) -> ServedShop:
        world = world_of(rejected=2, auditing=1, active=2)
        folder = tmp_path / str(len(opened))
        folder.mkdir()
        opened.append(ServedShop(folder, world, store=LONG_SIGNED_IN, **ways))
        return opened[-1]

    yield open_
    for shop in opened:
        shop.close()


def named(row: Row) -> str:
    return f"{row.kind}-{row.value:g}" if row.value else str(row.kind)


def test_every_fault_has_its_row() -> None:
    assert {row.kind for row in ROWS} == set(FaultKind)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_what_comes_of_a_fault(open_served: Callable[[], ServedShop], row: Row) -> None:
    shop = open_served()
    shop.sync("sweep", limits=NO_EVIDENCE)
    held = set(shop.rows())
    shop.clock.move(minutes=1)
    shop.faults.add(row.kind, row.value, method=row.method)
    result = shop.sync("pulse", limits=NO_EVIDENCE)
    assert (result.outcome, result.error_kind, result.calls) == (row.outcome, row.error, row.calls), result.message
    assert row.says in result.message
    assert bool(result.message) == (row.outcome is not COMPLETE)
    assert set(shop.rows()) == held == {FIRST, FIRST + 1, FIRST + 2}
    until = shop.seller.limiter.banned_until
    assert until == (row.ban and shop.clock() + timedelta(seconds=row.ban))


UNLIKE_AN_EMPTY_STORE = [row for row in ROWS if row.outcome is not COMPLETE and row.kind is not K.NO_LISTINGS]
"""The faults that a home never read can tell: whole lists of nothing are what a really empty store shows."""


@pytest.mark.parametrize("row", UNLIKE_AN_EMPTY_STORE, ids=named)
def test_a_home_that_was_never_read_shows_no_zero(open_served: Callable[[], ServedShop], row: Row) -> None:
    shop = open_served()
    shop.faults.add(row.kind, row.value, method=row.method)
    result = shop.sync("sweep", limits=NO_EVIDENCE)
    assert (result.outcome, result.held, result.total) == (row.outcome, None, None)
    assert (shop.hero().held, shop.hero().active, shop.hero().total) == (None, None, None)


@pytest.mark.parametrize("kind", [K.RAW_CONTROLS, K.BROKEN_BYTE, K.TRAILING_TEXT])
def test_what_is_not_quite_json_is_read_whole_by_a_home_that_is_new(
    open_served: Callable[[], ServedShop], kind: FaultKind
) -> None:
    shop = open_served()
    shop.faults.add(kind)
    result = shop.sync("sweep", limits=NO_EVIDENCE)
    assert (result.outcome, result.message, result.held, result.total) == (COMPLETE, "", 3, 5)
    mark = {K.RAW_CONTROLS: "Mended ", K.BROKEN_BYTE: "Mended \ufffd ", K.TRAILING_TEXT: ""}[kind]
    titles = [row.title for row in shop.rows().values()]
    assert sum(title.startswith(mark) and not {"\n", "\t"} & set(title) for title in titles) == (2 if mark else 3)


def test_an_item_without_an_id_costs_the_others_nothing(open_served: Callable[[], ServedShop]) -> None:
    shop = open_served()
    shop.faults.add(K.ITEM_WITHOUT_ID, method=LIST)
    result = shop.sync("sweep", limits=NO_EVIDENCE)
    assert "AliExpress listed an item as editingRequired without a usable product_id: " in result.message
    assert set(shop.open_statuses().values()) == {Status.REJECTED, Status.ACTIVE}
    shop.faults.clear()
    assert shop.sync("sweep", limits=NO_EVIDENCE).outcome is COMPLETE
    assert len(shop.rows()) == 3


@pytest.mark.parametrize("kind", [K.INTERVALS, K.PROPERTIES_AS_TEXT])
def test_attributes_that_are_filled_in_another_form_are_no_finding(
    open_served: Callable[[], ServedShop], kind: FaultKind
) -> None:
    shop = open_served()
    required = CATEGORY_BY_ID[380230].required_attributes()
    filled = tuple(Attribute(each.attribute_id, each.english, 0, "own words") for each in required)
    shop.world.put(plain_listing(FIRST, Status.REJECTED, attributes=filled))
    shop.world.put(plain_listing(FIRST + 1, Status.REJECTED, attributes=filled[:-1]))
    shop.faults.add(kind, method=DETAIL)
    shop.sync("sweep")
    missing = {number: "attribute.required_missing" in dict(shop.reasons(number)) for number in (FIRST, FIRST + 1)}
    assert missing == {FIRST: False, FIRST + 1: True}
    if kind is K.INTERVALS:
        assert {each.value for each in shop.seller.detail(FIRST).attributes} == {"2 to 5 cm"}


def test_a_status_that_no_document_knows_is_told_in_the_platform_s_word(open_served: Callable[[], ServedShop]) -> None:
    shop = open_served()
    shop.faults.add(K.UNHEARD_STATUS, method=DETAIL)
    seen = shop.seller.detail(FIRST)
    assert (seen.status, seen.platform_status) == (Status.OTHER, UNHEARD_STATUS)


def test_a_list_that_does_not_heed_the_id_is_unclear_and_no_proof_of_absence(
    open_served: Callable[[], ServedShop],
) -> None:
    shop = open_served()
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.faults.add(K.FILTER_IGNORED, method=LIST)
    shop.world.remove(FIRST)
    result = shop.sync("pulse", limits=NO_EVIDENCE)
    assert (result.outcome, FIRST in shop.rows()) == (PARTIAL, True)
    assert "does not say clearly whether listing" in result.message


def test_the_token_of_another_seller_reads_nothing(open_served: Callable[[], ServedShop]) -> None:
    shop = open_served()
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.faults.add(K.ANOTHER_SELLER)
    sign_in(replace(shop.account, gateway=shop.served.url), shop.platform.issue_code(APP_KEY), clock=shop.clock)
    shop.restart()
    before = shop.dump()
    for kind in ("pulse", "sweep"):
        shop.clock.move(minutes=1)
        calls = shop.platform.calls
        result = shop.sync(kind, limits=NO_EVIDENCE)
        assert (result.outcome, result.error_kind, result.calls) == (FAILED, "another_seller", 1)
        assert result.message.startswith(
            f"This token is of seller {SOMEBODY_ELSE}, the snapshot of store main is of seller 2671514005. Sign in with"
        )
        assert shop.platform.calls == calls + 1
    assert shop.dump() == before


def test_a_token_that_names_its_seller_in_another_way_than_the_profile_is_taken(
    open_served: Callable[[], ServedShop],
) -> None:
    """That both name an account alike is documented nowhere: one that agrees is enough, and costs no further call."""
    shop = open_served()
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.faults.add(K.ANOTHER_SELLER, method="/auth/*")
    sign_in(replace(shop.account, gateway=shop.served.url), shop.platform.issue_code(APP_KEY), clock=shop.clock)
    shop.restart()
    result = shop.sync("pulse", limits=NO_EVIDENCE)
    assert (result.outcome, result.held, result.calls) == (COMPLETE, 3, ALL_WELL)


def test_an_account_without_the_profile_is_known_by_its_sign_in(tmp_path: Path) -> None:
    forbidden = frozenset({"aliexpress.merchant.profile.get"})
    shop = ServedShop(tmp_path, world_of(rejected=1), store={**LONG_SIGNED_IN, "forbidden": forbidden})
    try:
        assert shop.sync("sweep", limits=NO_EVIDENCE).outcome is COMPLETE
        shop.faults.add(K.ANOTHER_SELLER)
        sign_in(replace(shop.account, gateway=shop.served.url), shop.platform.issue_code(APP_KEY), clock=shop.clock)
        shop.restart()
        assert shop.sync("pulse", limits=NO_EVIDENCE).error_kind == "another_seller"
    finally:
        shop.close()

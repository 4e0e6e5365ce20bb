"""Fixing a listing of the demo: its page, what the platform tells of it then, and what the real client makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.aliexpress.listings import connect, sign_in
from aexdash.aliexpress.protocol.account import Account
from aexdash.aliexpress.seller import GatewaySeller
from aexdash.demo.launch import prepare
from aexdash.demo.past import SECRET, DemoStore
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.server import application, serve_in_thread
from aexdash.demo.seller_center import AGAIN, NOT_HERE, NOTHING, OBJECTIONS, PATH, SellerCenter
from aexdash.demo.world.flaws import Flaw
from aexdash.demo.world.listing import Cause, Listing
from aexdash.demo.world.mending import REVIEW, MendedWorld
from aexdash.demo.world.moments import CENSUS
from aexdash.demo.world.world import World
from aexdash.model import Status
from aexdash.platform_data import Detail
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.history.facts import Flow
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.record import ensure_store
from aexdash.sync.kit import NO_EVIDENCE
from aexdash.sync.run import sync_store
from aexdash.words.listings.listing import link
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.support import MovedClock, examples, kit_in

FROM = datetime(2026, 5, 2, tzinfo=UTC)
STATUSES = (Status.ACTIVE, Status.OFFLINE, Status.AUDITING, Status.REJECTED, Status.DELETED)
QUIET = timedelta(minutes=10)
PULSE = timedelta(seconds=15)
APP_KEY = "50000009"
HOSTILE = "<script>alert('&')</script> {title}"


def statuses(world: World | MendedWorld, at: datetime) -> dict[int, Status]:
    """The status of every listing, as the lists have it."""
    return {number: status for status in STATUSES for number in world.ids(status, at)}


def rejected_then(world: World, cause: Cause, *, quiet: bool = True) -> tuple[int, datetime]:
    """A listing rejected for a cause, and a moment after which, with `quiet`, nothing happens for some minutes."""
    for hours in range(0, 180 * 24, 3):
        at = FROM + timedelta(hours=hours)
        for number in world.ids(Status.REJECTED, at):
            listing = world.listing(number, at)
            if listing is None or listing.rejected_for != cause:
                continue
            if not quiet or statuses(world, at) == statuses(world, at + QUIET):
                return number, at
    raise LookupError(cause)


def rejected_twice(world: World) -> tuple[int, datetime, datetime, datetime]:
    """A listing, when it is rejected, when it is in audit with the same flaw, and when it is rejected again."""
    found: dict[int, list[tuple[datetime, Listing]]] = {}
    for hour in range(120 * 24):
        at = FROM + timedelta(hours=hour)
        for number in (*world.ids(Status.REJECTED, at), *world.ids(Status.AUDITING, at)):
            listing, seen = world.listing(number, at), found.setdefault(number, [])
            if listing and (not seen or seen[-1][1] != listing):
                seen.append((at, listing))
            three = [one.status for _, one in seen[-3:]]
            near = seen[-1][0] - seen[-3][0] < timedelta(days=5) if len(seen) > 2 else False
            if near and three == [Status.REJECTED, Status.AUDITING, Status.REJECTED]:
                return number, seen[-3][0], seen[-2][0], seen[-1][0]
    raise LookupError


@dataclass
class Demo:
    """A store on the simulated platform, over HTTP, with its Seller Center and a clock to move."""

    world: MendedWorld
    clock: MovedClock
    url: str
    platform: SimulatedAliExpress
    file: Path
    http: httpx.Client

    def page(self, product_id: int | str, store: str = "shop") -> httpx.Response:
        return self.http.get(f"{self.url}{PATH}/{store}/{product_id}")

    def fix(self, product_id: int) -> httpx.Response:
        """Press the button of the page."""
        (form,) = re.findall('name="form" value="(.*?)"', self.page(product_id).text)
        return self.http.post(f"{self.url}{PATH}/shop/{product_id}", data={"form": unescape(form)})


@pytest.fixture
def demo(tmp_path: Path, small_world: World) -> Iterator[Demo]:
    clock, world = MovedClock(CENSUS), MendedWorld(small_world)
    hostile = plain_listing(1, title=HOSTILE, status=Status.REJECTED, rejected_for="price")
    stores = [
        DemoStore("shop", "Shop", APP_KEY, "overseas", world),
        DemoStore("kept", "Kept <store>", "50000008", "overseas", ScriptedWorld([hostile])),
    ]
    platform = SimulatedAliExpress({APP_KEY: stores[0].simulated()}, clock)
    file = tmp_path / "mended.jsonl"
    center = SellerCenter(stores, file, clock)
    with serve_in_thread(application(center.before(platform.respond))) as served, httpx.Client() as http:
        yield Demo(world, clock, served.url, platform, file, http)


@pytest.fixture
def client(demo: Demo, tmp_path: Path) -> Iterator[GatewaySeller]:
    """The real client, signed in over HTTP."""
    account = Account(
        key="shop",
        model="overseas",
        gateway=demo.url,
        app_key=APP_KEY,
        app_secret=SECRET,
        token_file=tmp_path / "token.json",
        calls_per_second=None,
    )
    sign_in(account, demo.platform.issue_code(APP_KEY), clock=demo.clock)
    seller = connect(account, clock=demo.clock)
    yield seller
    seller.close()


def told(client: GatewaySeller, number: int) -> tuple[list[Status], Detail, tuple[int | None, int | None]]:
    """What the platform tells of a listing: the lists it is in, its detail; and how many are on sale and in audit."""
    lists = [
        status
        for status in STATUSES[:4]
        for page in client.walk(status)
        for seen in page.observations
        if seen.product_id == number
    ]
    counts = client.counts()
    assert counts is not None
    return lists, client.detail(number), (counts.active, counts.auditing)


def test_after_a_fix_lists_detail_and_counts_agree_at_each_moment(demo, client, small_world):
    number, demo.clock.at = rejected_then(small_world, Cause.PICTURE_SMALL)
    fixed_at = demo.clock.at + timedelta(seconds=30)
    lists, before, (active, auditing) = told(client, number)
    assert (lists, before.status) == ([Status.REJECTED], Status.REJECTED)
    assert OBJECTIONS[Cause.PICTURE_SMALL] in demo.page(number).text

    demo.clock.at = fixed_at
    assert demo.fix(number).status_code == 303
    lists, detail, counts = told(client, number)
    assert (lists, detail.status, counts) == ([Status.AUDITING], Status.AUDITING, (active, auditing + 1))
    assert detail.modified_at == fixed_at
    assert "1000x1000" in detail.image_urls[0]
    assert detail.image_urls[0] != before.image_urls[0]
    assert demo.http.get(detail.image_urls[0]).status_code == 200
    assert "In audit" in demo.page(number).text

    demo.clock.at = fixed_at + REVIEW - timedelta(seconds=1)
    assert told(client, number)[0] == [Status.AUDITING]
    demo.clock.at = fixed_at + REVIEW
    lists, detail, counts = told(client, number)
    assert (lists, detail.status, counts) == ([Status.ACTIVE], Status.ACTIVE, (active + 1, auditing))
    assert detail.modified_at == fixed_at
    assert "On sale" in demo.page(number).text


def test_the_syncs_find_a_fix_and_the_books_have_it(tmp_path, demo, client, small_world):
    number, began = rejected_then(small_world, Cause.PICTURE_SMALL)
    demo.clock.at = began
    db = open_snapshot(tmp_path / "snapshot.db")
    store = ensure_store(db, key="shop", title="Shop", model="overseas", now=began)
    kit = kit_in(tmp_path, limits=NO_EVIDENCE)

    def read(kind: str) -> None:
        result = sync_store(client, db, store, kind, kit, clock=demo.clock)
        assert (result.outcome, result.message if result.error_kind else "") == ("complete", "")

    read("sweep")
    demo.fix(number)
    demo.clock.at = in_audit = began + PULSE
    read("pulse")
    demo.clock.at = passed = began + REVIEW + PULSE
    read("pulse")
    periods = db.conn.execute("SELECT status FROM status_period WHERE product_id = ? ORDER BY id", (number,)).fetchall()
    db.close()
    assert [status for (status,) in periods] == ["rejected", "auditing", "active"]
    past = Snapshot(tmp_path / "snapshot.db", tmp_path / "desk.db", clock=demo.clock).past("shop")
    first, second = past.books(began, in_audit), past.books(in_audit, passed)
    assert (first.opening, first.entered, first.left, first.closing) == (first.opening, 0, 0, first.opening)
    assert (second.entered, second.left, second.closing) == (0, 1, first.opening - 1)
    assert second.flows[Flow.ACTIVE] == 1


def test_a_listing_on_sale_loses_its_flaw_and_is_on_sale_again(demo, small_world):
    demo.clock.at = FROM
    number = next(one for one, flaw in small_world.flaws.items() if flaw is Flaw.TITLE_TOO_LONG)
    assert len(demo.world.listing(number, FROM).title) > 128
    demo.fix(number)
    assert demo.world.listing(number, FROM).status is Status.AUDITING
    passed = demo.world.listing(number, FROM + REVIEW)
    assert (passed.status, len(passed.title) < 128) == (Status.ACTIVE, True)
    assert demo.world.repaired(number, FROM + REVIEW) is None
    assert "<button>" not in demo.page(number).text


def test_every_flaw_of_a_listing_on_sale_can_be_mended_but_that_of_the_one_another_repeats(small_world):
    world = MendedWorld(small_world)
    paired = (Flaw.SAME_TITLE, Flaw.SAME_PICTURE, Flaw.COPIED_PICTURE)
    lasting = [flaw for number, flaw in small_world.flaws.items() if world.repaired(number, FROM) is None]
    pairs = [flaw for flaw in small_world.flaws.values() if flaw in paired]
    assert sorted(lasting * 2) == sorted(pairs)


def test_a_fixed_listing_that_the_world_rejects_again_can_be_fixed_again(demo, small_world):
    number, rejected, in_audit, again = rejected_twice(small_world)
    demo.clock.at = rejected
    demo.fix(number)
    assert demo.world.listing(number, rejected + REVIEW).status is Status.ACTIVE
    for moved in (in_audit, again):
        assert demo.world.listing(number, moved) == small_world.listing(number, moved)
    demo.clock.at = again
    assert "<button>" in demo.page(number).text
    demo.fix(number)
    shown = [demo.world.listing(number, at) for at in (rejected, in_audit, again, again + REVIEW)]
    assert [one.status for one in shown] == [Status.AUDITING, Status.AUDITING, Status.AUDITING, Status.ACTIVE]
    assert [one.modified for one in shown[2:]] == [again, again]


MINUTES = st.integers(0, 20 * 24 * 60)


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(st.tuples(MINUTES, st.integers(0, 30)), max_size=6), st.lists(MINUTES, min_size=1, max_size=4))
def test_whatever_is_mended_each_listing_is_in_one_list_and_counted_once(small_world, mends, asked):
    world, mended = MendedWorld(small_world), {}
    for minute, choice in sorted(mends):
        at = FROM + timedelta(minutes=minute)
        held = [*small_world.ids(Status.REJECTED, at), *small_world.flaws]
        number = held[choice % len(held)]
        if world.mend(number, at):
            mended.setdefault(number, []).append((at, small_world.listing(number, at)))
    for minute in asked + [minute + 1 for minute, _ in mends]:
        at = FROM + timedelta(minutes=minute)
        expected = statuses(small_world, at)
        for number, moments in mended.items():
            last = max((one for one in moments if one[0] <= at), key=lambda one: one[0], default=None)
            if last and last[1] == small_world.listing(number, at):
                expected[number] = Status.AUDITING if at < last[0] + REVIEW else Status.ACTIVE
        assert statuses(world, at) == expected
        assert {number: world.listing(number, at).status for number in expected} == expected
        for status in STATUSES:
            ids = list(world.ids(status, at))
            created = [world.listing(number, at).created for number in ids]
            assert (len(ids), created) == (world.counts(at)[status], sorted(created, reverse=True))


def test_nothing_of_a_listing_sells_while_its_fix_is_in_audit(small_world):
    end = FROM + timedelta(days=120)
    flawed = small_world.flaws
    sold = next(
        order
        for order in small_world.orders(FROM, end)
        if MendedWorld(small_world).repaired(order.lines[0].product_id, order.at)
        and order.lines[0].product_id in flawed
    )
    number = sold.lines[0].product_id
    for earlier, sells in ((timedelta(minutes=1), False), (timedelta(hours=1), True)):
        world = MendedWorld(small_world)
        assert world.mend(number, sold.at - earlier)
        day = timedelta(days=1)
        orders, before = world.orders(sold.at - day, sold.at + day), small_world.orders(sold.at - day, sold.at + day)
        assert len(before) - len(orders) == (not sells)
        assert (sold.order_id in {order.order_id for order in orders}) is sells


def test_a_fix_outlasts_a_restart_whatever_else_the_file_holds(demo, small_world):
    number, demo.clock.at = rejected_then(small_world, Cause.PICTURE_SMALL)
    demo.fix(number)
    with demo.file.open("a") as file:
        file.write('[1]\n{"store": "gone", "product_id": 1, "at": "2026-05-02"}\n{"store": "sh')
    world = MendedWorld(small_world)
    SellerCenter([DemoStore("shop", "Shop", APP_KEY, "overseas", world)], demo.file, demo.clock)
    for later in (timedelta(0), REVIEW):
        at = demo.clock.at + later
        assert world.listing(number, at) == demo.world.listing(number, at) != small_world.listing(number, at)


def test_a_form_of_another_page_changes_nothing(demo, small_world):
    number, demo.clock.at = rejected_then(small_world, Cause.PICTURE_SMALL)
    address = f"{demo.url}{PATH}/shop/{number}"
    (form,) = re.findall('name="form" value="(.*?)"', demo.page(number).text)
    sent = [
        demo.http.post(address),
        demo.http.post(address, data={"form": "guessed"}),
        demo.http.post(address, data={"form": form}, headers={"Origin": "http://elsewhere.example"}),
        demo.http.post(address, data={"form": form}, headers={"Origin": "null"}),
    ]
    assert [one.status_code for one in sent] == [403] * 4
    assert demo.world.listing(number, demo.clock.at).status is Status.REJECTED
    assert not demo.file.exists()
    assert demo.http.post(address, data={"form": form}, headers={"Origin": demo.url}).status_code == 303
    assert demo.world.listing(number, demo.clock.at).status is Status.AUDITING
    assert demo.http.post(address, data={"form": form}).status_code == 303
    assert len(demo.file.read_text().splitlines()) == 1


def test_an_address_of_no_listing_is_one_sentence(demo):
    for store, number in (
        ("shop", 1005000000000001),
        ("shop", "x"),
        ("shop", "1" * 5000),
        ("shop", "²"),
        ("shop", ""),
        ("nobody", 1),
    ):
        answer = demo.page(number, store)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain;charset=utf-8")
        assert answer.text == NOT_HERE


def test_a_title_is_text_and_a_store_that_is_kept_has_no_button(demo):
    answer = demo.page(1, "kept")
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    page = answer.text
    assert f"<h1>{escape(HOSTILE)}</h1>" in page
    assert "<script" not in page
    assert "This Seller Center is simulated" in page
    assert "nothing of it can be changed" in page
    assert "<button>" not in page


def test_what_is_objected_to_and_what_a_fix_changes_is_said_of_every_cause(demo, small_world):
    for cause in Cause:
        number, demo.clock.at = rejected_then(small_world, cause, quiet=False)
        page = demo.page(number).text
        assert escape(OBJECTIONS[cause]) in page
        changes = set(re.findall("<li>(.*?)</li>", page))
        assert changes
        assert (changes <= {NOTHING, AGAIN}) is (cause is Cause.UNEXPLAINED), cause


def test_where_nothing_can_be_kept_a_fix_lasts_as_long_as_the_demo(demo, small_world):
    number, demo.clock.at = rejected_then(small_world, Cause.PICTURE_SMALL)
    demo.file.mkdir()
    assert demo.fix(number).status_code == 303
    assert demo.world.listing(number, demo.clock.at).status is Status.AUDITING
    SellerCenter([], demo.file)


def test_the_stores_of_the_demo_lead_to_it(tmp_path, small_world):
    store = DemoStore("shop", "Shop", APP_KEY, "overseas", small_world)
    edit_url = prepare(tmp_path, [store], "http://127.0.0.1:18731").stores["shop"].edit_url
    assert link(edit_url, 42) == "http://127.0.0.1:18731/_demo/seller-center/shop/42"

"""Reasons of a sync: the platform's own, and what people brought, as they come, change and go."""

from __future__ import annotations

from dataclasses import replace

from aexdash.demo.world.listing import Cause
from aexdash.desk.annotations import Annotations
from aexdash.model import Outcome, Status
from aexdash.sync.run import sync_store
from tests.demo.scripted import plain_listing
from tests.support import FIRST, NO_EVIDENCE, ForgetfulWorld, kit_in, world_of


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

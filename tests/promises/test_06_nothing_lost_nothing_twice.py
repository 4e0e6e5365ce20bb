"""Promise 6. Nothing observed is lost, nothing unchanged is stored twice."""

from __future__ import annotations

from aexdash.model import Status
from tests.support import FIRST, NO_EVIDENCE, NOON, Killed, world_of


def rows_of(shop, *tables):
    return {table: shop.db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def test_runs_that_find_nothing_new_leave_every_table_as_long_as_it_was(open_shop):
    shop = open_shop(world_of(rejected=2, auditing=1, active=4))
    shop.sync("sweep")
    tables = ("listing", "status_period", "listing_reason", "listing_detail", "picture", "category", "count_change")
    before, version = rows_of(shop, *tables), shop.snapshot.version()
    for kind in ("pulse", "sweep", "pulse"):
        shop.clock.move(minutes=5)
        assert shop.sync(kind).changes == 0
    assert (rows_of(shop, *tables), shop.snapshot.version()) == (before, version)


def test_every_status_a_listing_was_seen_in_stays_on_its_timeline(open_shop):
    shop = open_shop(world_of(active=1))
    way = [Status.ACTIVE, Status.AUDITING, Status.REJECTED, Status.AUDITING, Status.REJECTED, Status.ACTIVE]
    for status in way:
        shop.world.move(FIRST, status, at=shop.clock.move(hours=1))
        shop.sync("sweep", limits=NO_EVIDENCE)
    shop.world.remove(FIRST)
    for _ in range(2):  # it was the only listing: that nothing is left is believed when a second run agrees
        shop.clock.move(hours=1)
        shop.sync("sweep", limits=NO_EVIDENCE)
    card = shop.snapshot.listing("main", FIRST)
    assert sorted(period.started_at for period in card.periods)[0] > NOON
    periods = sorted(card.periods, key=lambda period: period.started_at)
    assert [period.status for period in periods] == [*way, Status.DELETED]
    assert [period.audit_kind for period in periods if period.audit_kind] == ["re_review", "resubmitted"]
    assert [period.attempt for period in periods if period.status is Status.REJECTED] == [1, 2]
    assert card.row.title == f"Listing {FIRST}"


def test_a_killed_run_leaves_the_last_snapshot_as_it_was(open_shop):
    shop = open_shop(world_of(rejected=2, active=2))
    shop.sync("sweep", limits=NO_EVIDENCE)
    before = shop.dump()
    shop.world.move(FIRST, Status.ACTIVE, at=shop.clock.move(minutes=1))

    def kill(call):
        if call == 3:
            raise Killed

    shop.between_calls = kill
    try:
        shop.sync("sweep", limits=NO_EVIDENCE)
    except Killed:
        shop.restart()
    assert shop.dump() == before

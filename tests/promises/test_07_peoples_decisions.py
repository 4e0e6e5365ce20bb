"""Promise 7. No sync overwrites an owner, a note or a snooze."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from aexdash.demo.platform.faults import FaultKind
from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage, Status
from tests.support import FIRST, NOON, world_of


def work_items(shop):
    with sqlite3.connect(shop.folder / "desk.db") as connection:
        items = connection.execute("SELECT * FROM work_item ORDER BY product_id").fetchall()
        log = connection.execute("SELECT * FROM work_log ORDER BY id").fetchall()
    connection.close()
    return items, log


def test_whatever_the_platform_does_what_people_decided_stays(open_shop):
    shop = open_shop(world_of(rejected=3, active=2))
    shop.sync("sweep")
    desk, until = Desk(shop.folder / "desk.db"), NOON + timedelta(days=9)
    desk.set_owner("main", [FIRST, FIRST + 1], "Olga", by="lead", now=NOON)
    desk.set_note("main", [FIRST], "ask the supplier, =1+1", by="lead", now=NOON)
    desk.set_stage("main", [FIRST], Stage.SNOOZED, by="lead", now=NOON, snoozed_until=until)
    desk.set_stage("main", [FIRST + 1], Stage.TAKEN, by="Olga", now=NOON)
    before = work_items(shop)
    for kind, status in (("pulse", Status.AUDITING), ("sweep", Status.ACTIVE), ("pulse", Status.REJECTED)):
        for number in range(3):
            shop.world.move(FIRST + number, status, at=shop.clock.move(minutes=10))
        shop.sync(kind)
    shop.faults.add(FaultKind.HTML)
    shop.sync("sweep")
    shop.faults.clear()
    shop.world.remove(FIRST + 2)
    shop.sync("sweep")
    assert work_items(shop) == before
    row = shop.rows()[FIRST]
    assert (row.owner, row.note) == ("Olga", "ask the supplier, =1+1")
    assert shop.rows()[FIRST + 1].owner == "Olga"


def test_a_lost_snapshot_loses_no_decision(open_shop):
    shop = open_shop(world_of(rejected=1))
    shop.sync("sweep")
    Desk(shop.folder / "desk.db").set_owner("main", [FIRST], "Olga", by="lead", now=NOON)
    shop.close()
    for ending in ("", "-wal", "-shm"):
        (shop.folder / f"snapshot.db{ending}").unlink(missing_ok=True)
    shop.restart()
    assert shop.sync("sweep").held == 1
    assert shop.rows()[FIRST].owner == "Olga"

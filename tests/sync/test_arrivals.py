"""A run gives what has arrived to the owner of the first rule that fits, and a desk that is closed stops no run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aexdash.config.settings import Settings
from aexdash.desk.decisions.assignment import AssignmentRule, AssignmentRules
from aexdash.desk.decisions.items import Seen, Take
from aexdash.desk.decisions.work import Desk
from aexdash.model import Outcome, Status
from aexdash.people.names import Person
from aexdash.storage.errors import StorageNotWritable
from aexdash.sync.kit import kit_of
from aexdash.sync.run import sync_store
from tests.support import FIRST, Shop, kit_in, world_of


def run(shop: Shop, kind: str = "sweep"):
    """A run with the kit of an installation whose home is the folder of the shop."""
    kit = replace(kit_in(shop.folder), arrivals=kit_of(Settings(home=shop.folder)).arrivals)
    return sync_store(shop.seller, shop.db, shop.store_id, kind, kit, clock=shop.clock)


def owners(shop: Shop) -> dict[int, str]:
    return {number - FIRST: row.owner for number, row in shop.rows().items()}


def rule(folder: Path, shop: Shop, **conditions: object) -> None:
    AssignmentRules(folder / "desk.db").save(
        AssignmentRule("", "Night shift", "Olga", **conditions), 1, by="Ann", now=shop.clock()
    )


def test_what_arrives_is_somebodys_after_the_run_that_first_shows_it(tmp_path):
    shop = Shop(tmp_path, world_of(rejected=2, active=2))
    rule(tmp_path, shop, reasons=("unknown", "image", "attribute", "title", "other", "category"))
    result = run(shop)
    assert result.outcome is Outcome.COMPLETE
    assert owners(shop) == {0: "Olga", 1: "Olga"}
    [entry] = Desk(tmp_path / "desk.db").log("main", FIRST)
    assert (entry.by, entry.through, entry.field, entry.after) == ("rule", "rule Night shift", "owner", "Olga")
    shop.close()


def test_a_run_that_finds_nothing_new_changes_nothing_that_people_decided(tmp_path):
    shop = Shop(tmp_path, world_of(rejected=2))
    rule(tmp_path, shop)
    run(shop)
    desk = Desk(tmp_path / "desk.db")
    seen = [Seen("main", FIRST, 1, shop.clock(), 1, ())]
    desk.act(Take(), seen, who=Person("Bob"), now=shop.clock(), through="page")
    mark = desk.mark()
    for kind in ("pulse", "sweep"):
        shop.clock.move(minutes=5)
        run(shop, kind)
    assert (owners(shop), desk.mark()) == ({0: "Bob", 1: "Olga"}, mark)
    shop.close()


def test_a_desk_that_cannot_be_written_is_said_and_stops_no_run(tmp_path):
    shop = Shop(tmp_path, world_of(rejected=1))

    def closed(store_key, now):
        raise StorageNotWritable(f"The desk of {store_key} cannot be written at {now:%H:%M}.")

    kit = replace(kit_in(tmp_path), arrivals=closed)
    result = sync_store(shop.seller, shop.db, shop.store_id, "sweep", kit, clock=shop.clock)
    assert "The desk of main cannot be written at 12:00." in result.message
    assert shop.open_statuses() == {FIRST: Status.REJECTED}
    shop.close()


def test_without_rules_a_run_makes_no_desk(tmp_path):
    shop = Shop(tmp_path, world_of(rejected=1))
    run(shop)
    assert not (tmp_path / "desk.db").exists()
    shop.close()

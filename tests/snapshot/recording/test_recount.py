"""What the snapshot keeps beside its periods: counted again, named where it differs, and repaired."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from aexdash.cards.registry import CARDS
from aexdash.doctor.inside_snapshot import COUNT_CARDS, inside_snapshot
from aexdash.model import Status
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording import recount
from aexdash.snapshot.recording.repair import repair
from aexdash.storage.file import with_fold
from tests.demo.scripted import plain_listing
from tests.support import FIRST, NO_EVIDENCE, NOON, Shop, examples, world_of

KEPT = {
    "status_count": ("listings",),
    "count_change": ("listings",),
    "day_bridge": ("opening", "entered", "first_seen", "left_count", "closing"),
    "day_flow": ("listings",),
    "spell": ("begun_at", "ended_to", "seconds", "whole", "codes"),
    "quality_sum": ("complete", "counted", "filled", "score_tenths", "pictures_known"),
    "store": ("held_since",),
    "attempt": ("store_id", "product_id", "number", "at"),
    "status_period": ("codes", "listed"),
    "card_value": ("value",),
    "listing_text": ("title", "sku_codes", "product_id"),
}
"""The columns of kept rows that are damaged; where `WHICH` names a table only where the rows are kept copies."""

WHICH = {
    "status_count": "listings > 0",  # no row says as much as 0
    "status_period": "ended_at IS NULL AND status IN ('rejected', 'auditing')",
    "card_value": f"value IS NOT NULL AND card_key IN ({', '.join(repr(key) for key in COUNT_CARDS)})",
}

REMOVED = ("status_count", "count_change", "day_flow", "spell", "quality_sum", "day_bridge", "listing_text")


@pytest.fixture(scope="module")
def lived(tmp_path_factory) -> Path:
    """A snapshot of three days in which listings came, were rejected, went on sale and came back."""
    folder = tmp_path_factory.mktemp("lived")
    shop = Shop(folder, world_of(rejected=4, auditing=2, active=6, offline=2), store={"token_seconds": 10**8})
    world, clock = shop.world, shop.clock
    for step in range(9):
        at = clock.move(hours=7, minutes=step)
        world.move(FIRST + step, [Status.ACTIVE, Status.REJECTED, Status.AUDITING][step % 3], at=at)
        world.move(FIRST + (step * 5) % 12, [Status.REJECTED, Status.OFFLINE, Status.ACTIVE][step % 3], at=at)
        if step == 4:
            world.put(plain_listing(FIRST + 90, Status.REJECTED))
        shop.sync("sweep" if step % 2 == 0 else "pulse", **({} if step in (0, 8) else {"limits": NO_EVIDENCE}))
    shop.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shop.close()
    return folder / "snapshot.db"


def copied(lived: Path, folder: Path) -> Path:
    path = folder / "snapshot.db"
    shutil.copyfile(lived, path)
    return path


def everything(path: Path) -> dict[str, list[tuple]]:
    with closing(sqlite3.connect(path)) as connection:
        of_ours = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow'"
        tables = [name for (name,) in connection.execute(of_ours)]
        return {
            table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in tables
            if table != "version"
        }


def mend(path: Path, now=NOON + timedelta(days=30), **how):
    with closing(open_snapshot(path)) as db:
        return repair(db, now, COUNT_CARDS, **{"future_moments": False, **how})


def test_a_snapshot_that_was_only_synced_has_nothing_to_repair(lived, tmp_path):
    path = copied(lived, tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        with_fold(connection)
        for kept in recount.kinds(COUNT_CARDS):
            rows = kept.rows(connection)
            assert rows or kept.words in {"period that views can show", "fingerprint of a listing without a status"}
    before = everything(path)
    repaired = mend(path)
    assert (list(repaired.lines()), repaired.copy, everything(path)) == ([], None, before)
    assert sorted(each.name for each in tmp_path.iterdir() if "repair" in each.name) == []
    assert [found.well for found in inside_snapshot(path, NOON + timedelta(days=30))] == [True, True]


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_whatever_kept_row_is_damaged_is_named_and_repaired_and_a_second_repair_finds_nothing(
    lived, tmp_path_factory, data
):
    path = copied(lived, tmp_path_factory.mktemp("damaged"))
    before = everything(path)
    table = data.draw(some.sampled_from(sorted(KEPT)))
    with closing(sqlite3.connect(path)) as connection, connection:
        with_fold(connection)
        where = WHICH.get(table, "true")
        many = connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]
        number = data.draw(some.integers(0, many - 1))
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5]] or ["rowid"]
        key = connection.execute(
            f"SELECT {', '.join(columns)} FROM {table} WHERE {where} ORDER BY {', '.join(columns)} LIMIT 1 OFFSET ?",
            [number],
        ).fetchone()
        named = " AND ".join(f"{name} = ?" for name in columns)
        if table in REMOVED and data.draw(some.booleans(), label="removed"):
            connection.execute(f"DELETE FROM {table} WHERE {named}", key)
        else:
            column = data.draw(some.sampled_from(KEPT[table]))
            old = connection.execute(f"SELECT {column} FROM {table} WHERE {named}", key).fetchone()[0]
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {named}", [wrong(data, column, old), *key])
    damaged = everything(path)
    kept, found = inside_snapshot(path, NOON + timedelta(days=30))
    assume(damaged != before)
    assert (kept.well, found.well) == (False, True), (table, key)
    assert "kept rows are not what they are counted to be" in kept.text
    assert kept.advice.startswith("aexdash repair")
    repaired = mend(path)
    assert any(each.kept.table == table for each in repaired.counted)
    after = everything(path)
    assert {one: rows for one, rows in after.items() if rows != before[one]} == {}
    assert everything(repaired.copy) == damaged
    assert mend(path, NOON + timedelta(days=31)).copy is None


def wrong(data, column, old):
    if column == "listed":
        return 0
    if isinstance(old, int | float) and not isinstance(old, bool):
        return old + data.draw(some.integers(1, 9))
    return {"held_since": "2020-01-01T00:00:00.000Z", "begun_at": "2020-01-01T00:00:00.000Z"}.get(
        column, f"{old or ''}x"
    )


def test_a_false_zero_is_named_before_and_after(lived, tmp_path):
    path = copied(lived, tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE status_count SET listings = 0 WHERE status = 'rejected'")
        (held,) = connection.execute(
            "SELECT count(*) FROM status_period WHERE ended_at IS NULL AND status = 'rejected'"
        )
    line = f"listings in a status (store_id 1, status rejected): listings 0 → listings {held[0]}"
    assert inside_snapshot(path, NOON + timedelta(days=30))[0].text == (
        f"1 kept rows are not what they are counted to be: {line}."
    )
    repaired = mend(path)
    assert list(repaired.lines()) == [line]
    assert repaired.copy == tmp_path / "snapshot.before-repair.20260408T120000Z.db"


def test_the_cards_that_are_counted_again_are_cards():
    assert COUNT_CARDS.keys() <= CARDS.keys()

"""Promise 14. A green light says only what it checked."""

from __future__ import annotations

import pytest

from aexdash.cards import CARDS, values
from aexdash.cli.cards import card_facts
from aexdash.clock import to_text
from aexdash.desk.bands import Sensitivity
from aexdash.doctor.inside_snapshot import COUNT_CARDS, inside_snapshot
from aexdash.model import Outcome
from aexdash.snapshot.recording.repair import repair
from tests.alerts.watched import home_of
from tests.snapshot.store import STALE_AFTER
from tests.support import LONG_SIGNED_IN, NO_EVIDENCE, Shop, ask_app, world_of

HERO = "aex_rejected_auditing_listings"
DAMAGE = [
    "UPDATE status_count SET listings = 0 WHERE status = 'rejected'",
    "UPDATE status_count SET listings = 7 WHERE status = 'auditing'",
    "DELETE FROM status_count",
    "DELETE FROM status_period WHERE status = 'rejected' AND ended_at IS NULL",
]


@pytest.fixture
def shop(open_shop) -> Shop:
    """A store with three listings held, read once."""
    shop = open_shop(world_of(rejected=2, auditing=1, active=2), store=LONG_SIGNED_IN)
    shop.sync("sweep", limits=NO_EVIDENCE)
    shop.clock.move(minutes=5)
    return shop


def state(shop: Shop) -> str:
    return shop.snapshot.freshness("main", shop.clock(), STALE_AFTER).state


def kept_counts_are_well(shop: Shop) -> bool:
    return inside_snapshot(shop.folder / "snapshot.db", shop.clock())[0].well


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_kept_count_that_is_not_the_number_of_rows_turns_doctor_and_sync_red(shop, damage):
    assert (kept_counts_are_well(shop), state(shop)) == (True, "fresh")
    with shop.db.conn:
        shop.db.execute("PRAGMA foreign_keys = OFF")
        shop.db.execute(damage)
    assert not kept_counts_are_well(shop)
    result = shop.sync("pulse", limits=NO_EVIDENCE)
    assert (result.outcome, result.error_kind) == (Outcome.FAILED, "counts")
    assert "do not agree" in result.message
    assert state(shop) == "failed"


def test_repair_counts_again_and_the_light_is_green_once_a_sync_has_agreed(shop):
    with shop.db.conn:
        shop.db.execute(DAMAGE[0])
    repair(shop.db, shop.clock(), COUNT_CARDS, future_moments=False)
    assert kept_counts_are_well(shop)
    result = shop.sync("pulse", limits=NO_EVIDENCE)
    assert (result.outcome, result.held, state(shop)) == (Outcome.COMPLETE, 3, "fresh")


def test_where_nothing_reads_any_more_scripts_and_probes_are_told_so(shop, monkeypatch):
    settings = home_of(shop.folder, "main")
    monkeypatch.setenv("AEXDASH_HOME", str(settings.home))
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(shop.folder / "clock"))

    def told() -> tuple[str, str, str, str]:
        (shop.folder / "clock").write_text(to_text(shop.clock()))
        said = values(shop.snapshot.measures(["main"]))
        standing = Sensitivity(settings.desk_path).standing(None, list(CARDS.values()))
        fresh = shop.snapshot.freshness("main", shop.clock(), settings.stale_after)
        card = card_facts(said, standing, shop.hero(), fresh)[HERO]
        return card["state"], card["sentiment"], card["statement"]["claim"], ask_app("/healthz").json()["reading"]

    shop.sync("pulse", limits=NO_EVIDENCE)
    assert told() == ("fresh", "Needs attention", "known", "fresh")
    shop.clock.move(days=3)  # the worker is dead, and nobody noticed
    assert told() == ("stale", "Not confirmed", "not read since", "stale")

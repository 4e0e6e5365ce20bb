"""Profiles: named sets of stores, and what every query makes of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from aexdash.cards import CARDS, Band, Direction
from aexdash.cli.main import main
from aexdash.desk.bands import Sensitivity
from aexdash.desk.profiles import Profile, ProfileError, Profiles, with_profile_stores
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.record import ensure_store
from aexdash.snapshot.tallies import Hero
from aexdash.view import View
from tests.snapshot.store import STALE_AFTER, entered_left
from tests.support import ask_app
from tests.ui.sample import JUMP, NOW, home, jumped, main_store, quiet, read

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
HERO = CARDS["aex_rejected_auditing_listings"]


@pytest.fixture
def profiles(tmp_path) -> Profiles:
    return Profiles(tmp_path / "desk.db")


@pytest.fixture
def three(tmp_path, monkeypatch) -> Snapshot:
    """A home with three stores, main and east with five held each, west with none, and a profile of main and west."""
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(home(tmp_path) / "clock.txt"))
    monkeypatch.setenv("AEXDASH_HOME", str(tmp_path))
    db = open_snapshot(tmp_path / "snapshot.db")
    stores = [main_store(db)]
    for key in ("east", "west"):
        stores.append(ensure_store(db, key=key, title=key.title(), model="overseas", now=JUMP - timedelta(days=20)))
    for store in stores:
        read(db, store, JUMP - timedelta(days=1), quiet())
        read(db, store, JUMP, quiet() if store == stores[2] else jumped())
    db.close()
    Profiles(tmp_path / "desk.db").make("West side", ["main", "west"], by="ann", now=NOON)
    return Snapshot(tmp_path / "snapshot.db", tmp_path / "desk.db", clock=lambda: NOW)


def asked(snapshot: Snapshot, **words: str) -> View:
    """A view with its profile's stores filled in."""
    known = [store.key for store in snapshot.stores()]
    return with_profile_stores(View.from_query(words), Profiles(snapshot.desk_path).all(), known)


def test_a_profile_is_made_renamed_given_other_stores_and_deleted(profiles):
    assert profiles.all() == ()
    made = profiles.make("  West   side ", ["main", "west", "main"], by="ann", now=NOON)
    assert made == Profile("west-side", "West side", ("main", "west"), NOON, "ann")
    profiles.change("west-side", "Far west", ["west"], by="bob", now=LATER)
    assert profiles.all() == (Profile("west-side", "Far west", ("west",), LATER, "bob"),)
    profiles.delete("west-side", by="bob", now=LATER)
    assert profiles.all() == ()


def test_names_for_addresses_are_letters_and_digits_and_never_the_same(profiles):
    titles = ["EU", "eu!", "Ost & West", "欧洲", "美国"]
    assert [profiles.make(title, [], by="ann", now=NOON).name for title in titles] == [
        "eu",
        "eu-2",
        "ost-west",
        "profile",
        "profile-2",
    ]


def test_a_profile_without_a_name_or_with_a_taken_one_is_refused(profiles):
    profiles.make("EU", ["main"], by="ann", now=NOON)
    profiles.make("US", ["main"], by="ann", now=NOON)
    with pytest.raises(ProfileError, match="A profile needs a name"):
        profiles.make(" ", ["main"], by="ann", now=NOON)
    with pytest.raises(ProfileError, match="There is a profile EU already; take another name"):
        profiles.make("eu", ["main"], by="ann", now=NOON)
    with pytest.raises(ProfileError, match="There is a profile US already; take another name"):
        profiles.change("eu", "us", ["main"], by="ann", now=NOON)
    with pytest.raises(ProfileError, match="There is no profile gone any more; somebody deleted it"):
        profiles.change("gone", "Gone", ["main"], by="ann", now=NOON)
    profiles.change("eu", "eu", ["west"], by="ann", now=NOON)
    assert [(one.title, one.stores) for one in profiles.all()] == [("US", ("main",)), ("eu", ("west",))]


def test_a_profile_of_a_deleted_ones_name_begins_without_its_bands(profiles):
    bands = Sensitivity(profiles.path)
    profiles.make("EU", ["main"], by="ann", now=NOON)
    bands.set_band("eu", HERO, Band(Direction.LOWER, 1, 3), by="ann", now=NOON)
    profiles.delete("eu", by="bob", now=LATER)
    profiles.make("EU", ["main"], by="ann", now=LATER)
    assert bands.band_for("eu", HERO) == HERO.band
    assert [(change.band, change.by) for change in bands.history("eu")] == [
        (None, "bob"),
        (Band(Direction.LOWER, 1, 3), "ann"),
    ]


def test_a_view_of_a_profile_is_its_word_in_the_address_and_its_stores_within():
    profile = Profile("eu", "EU", ("main", "west"), NOON, "ann")
    view = with_profile_stores(
        View.from_query({"profile": "eu", "reason": "image"}), [profile], ["main", "east", "west"]
    )
    assert (view.store_keys, view.to_query()) == (("main", "west"), {"profile": "eu", "reason": "image"})
    assert view.unfiltered() == View(profile="eu", stores=("main", "west"))
    one = with_profile_stores(View.from_query({"profile": "eu", "store": "west"}), [profile], ["main", "west"])
    assert (one.store_keys, one.to_query()) == (("west",), {"store": "west", "profile": "eu"})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"profile": "asia"}, "There is no profile asia; there is eu, empty, gone."),
        ({"profile": "empty"}, "Profile Empty has no stores; choose some on the Sensitivity page."),
        ({"profile": "gone"}, "Profile Gone names only stores that were never read: old."),
        ({"profile": "eu", "store": "east"}, "Store east is not in profile EU."),
    ],
)
def test_a_profile_that_cannot_be_looked_at_is_told_in_one_sentence(words, said):
    sets = {"eu": ("main", "old"), "empty": (), "gone": ("old",)}
    known = [
        Profile(name, name.title() if name != "eu" else "EU", stores, NOON, "ann") for name, stores in sets.items()
    ]
    with pytest.raises(ProfileError) as told:
        with_profile_stores(View.from_query(words), known, ["main", "east"])
    assert str(told.value) == said


def test_a_store_that_was_never_read_is_left_out_of_a_profile_and_named():
    profile = Profile("eu", "EU", ("main", "old"), NOON, "ann")
    view = with_profile_stores(View(profile="eu"), [profile], ["main"])
    assert view.store_keys == ("main",)
    assert view.notes == ("Profile EU names old, of which nothing was read; that is left out.",)


def test_every_query_looks_at_the_stores_of_the_profile_and_at_no_other(three):
    every, side = View(), asked(three, profile="west-side")
    midnight = NOW.replace(hour=0, minute=0)
    assert [three.hero(view).held for view in (every, side)] == [10, 5]
    assert [three.hero(view.replace(as_of=NOW)).total for view in (every, side)] == [120, 80]
    assert [three.count(view) for view in (every, side)] == [10, 5]
    assert [len(three.page(view, 100)) for view in (every, side)] == [10, 5]
    assert {row.store for row in three.rows(side)} == {"main"}
    assert [three.facets(view)["status"][0].listings for view in (every, side)] == [8, 4]
    assert [three.reason_counts(view)[0].listings for view in (every, side)] == [8, 4]
    assert [three.at_risk(view).of for view in (every, side)] == [107, 73]
    assert [three.days(view.store_keys, NOW.date(), 1)[0].rejected for view in (every, side)] == [8, 4]
    bridges = [three.past(view.store_keys).books(midnight, NOW) for view in (every, side)]
    assert [(bridge.opening, bridge.closing) for bridge in bridges] == [(0, 10), (0, 5)]
    assert [len(entered_left(three, view.store_keys, midnight, NOW)[0]) for view in (every, side)] == [10, 5]
    assert [len(three.health(NOW, STALE_AFTER, view.store_keys)) for view in (every, side)] == [3, 2]
    assert [len(three.runs(50, view.store_keys)) for view in (every, side)] == [6, 4]
    assert [three.measures(view.store_keys).counts().held for view in (every, side)] == [10, 5]
    assert three.freshness(side.store_keys, NOW, STALE_AFTER).state == "fresh"


def test_no_store_at_all_is_no_number_and_no_zero(three):
    assert three.hero(View(profile="nobody")) == Hero(None, None, None, None)
    assert three.freshness((), NOW, STALE_AFTER).state == "never"
    assert three.measures(()).counts().held is None


def test_downloads_hold_the_stores_of_the_profile(three):
    lines = ask_app("/export.csv?profile=west-side").text.splitlines()
    assert len(lines) == 6
    refused = ask_app("/export.csv?profile=asia")
    assert (refused.status_code, refused.text) == (404, "There is no profile asia; there is west-side.")
    assert "aexdash-west-side-" in ask_app("/export.csv?profile=west-side").headers["content-disposition"]


def test_the_command_line_takes_a_profile_and_refuses_one_it_does_not_know(three):
    home = ["--home", str(three.path.parent)]
    listed = CliRunner().invoke(main, ["worklist", *home, "--profile", "west-side", "--json"])
    assert (listed.exit_code, len(listed.stdout.splitlines())) == (0, 5)
    refused = CliRunner().invoke(main, ["cards", *home, "--profile", "asia"])
    assert refused.exit_code == 2
    assert "There is no profile asia; there is west-side." in refused.stderr

"""A store that somebody may not see is as one that there is not: in counts, lists, downloads, answers and refusals."""

from __future__ import annotations

import csv
import io

import pytest

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.assistants.scope import open_scope
from aexdash.config.settings import load_settings
from aexdash.desk.decisions.items import Seen, Take
from aexdash.desk.decisions.work import Desk
from aexdash.desk.profiles import Profiles, resolve_view
from aexdash.people import acting
from aexdash.people.acting import NotAllowed
from aexdash.people.names import Person
from aexdash.people.rights import ALL, NO_STORE, Grant, Rights, Role
from aexdash.reconcile.kept import Reconciliations
from aexdash.reconcile.model import Outcome, Reconciliation
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.snapshot.store import ACTIVE, NOON, REJECTED, Store
from tests.support import ask_app

ANA = Person("Ana")
OF_EU = Rights((Grant(Role.OPERATOR, frozenset(["eu"])),))
SETTINGS = '[store.eu]\nmodel = "overseas"\n[store.us]\nmodel = "overseas"\n'


@pytest.fixture
def stores(tmp_path):
    """Two stores: three listings are held in eu, two in us."""
    eu, us = Store(tmp_path, "eu"), Store(tmp_path, "us")
    eu.sweep({1: REJECTED, 2: REJECTED, 3: REJECTED, 4: ACTIVE})
    us.sweep({11: REJECTED, 12: REJECTED, 14: ACTIVE})
    (tmp_path / "aexdash.toml").write_text(SETTINGS)
    return eu


@pytest.fixture
def acts(monkeypatch):
    """Have somebody act with some rights."""
    return lambda rights: monkeypatch.setattr(acting, "_asked", lambda: rights)


def resolved(snapshot: Snapshot, desk: Desk, view: View):
    return resolve_view(view, snapshot.stores(), Profiles(desk.path).all())


def test_counts_lists_and_the_hero_are_of_the_stores_that_somebody_may_see(stores, acts):
    snapshot, desk = stores.snapshot, Desk(stores.desk_path)
    everything = resolved(snapshot, desk, View()).view
    assert (everything.store_keys, snapshot.count(everything)) == (None, 5)
    acts(OF_EU)
    view = resolved(snapshot, desk, View()).view
    assert view.store_keys == ("eu",)
    assert [store.key for store in snapshot.stores()] == ["eu"]
    assert snapshot.count(view) == 3
    assert {row.product_id for row in snapshot.page(view, 100)} == {1, 2, 3}
    assert snapshot.hero(view).held == 3
    assert "store" not in view.to_query()


@pytest.mark.parametrize("asked", [View(store="us"), View(store="no such store")], ids=["hidden", "missing"])
def test_a_hidden_store_is_refused_in_the_words_for_a_missing_one(stores, acts, asked):
    acts(OF_EU)
    found = resolved(stores.snapshot, Desk(stores.desk_path), asked)
    assert found.refused == f"There is no store {asked.store}; leave store out for every store."
    assert found.view.store_keys == ("eu",)


def test_what_asks_the_snapshot_past_the_view_finds_no_hidden_store_either(stores, acts):
    snapshot = stores.snapshot
    acts(OF_EU)
    assert snapshot.count(View()) == 3
    assert snapshot.count(View(store="us")) == 0
    assert snapshot.listing("us", 11) is None
    assert snapshot.rows_of([("us", 11), ("eu", 1)])[0].product_id == 1
    assert len(snapshot.rows_of([("us", 11), ("eu", 1)])) == 1
    assert {one.store for found in snapshot.known_ids([1, 11]).values() for one in found} == {"eu"}
    assert [run.store for run in snapshot.runs(10)] == ["eu"]
    assert snapshot.hero(View()).held == 3


def test_who_sees_no_store_sees_nothing_and_not_all(stores, acts):
    acts(Rights((Grant(Role.VIEWER, frozenset(["gone"])),)))
    view = resolved(stores.snapshot, Desk(stores.desk_path), View()).view
    assert view.store_keys == (NO_STORE,)
    assert stores.snapshot.count(view) == stores.snapshot.count(View()) == 0


def test_a_profile_is_of_its_stores_that_may_be_seen(stores, acts):
    profiles = Profiles(stores.desk_path)
    profiles.make("Both", ["eu", "us"], by="Ana", now=NOON)
    profiles.make("Far", ["us"], by="Ana", now=NOON)
    acts(OF_EU)
    assert resolved(stores.snapshot, Desk(stores.desk_path), View(profile="both")).view.store_keys == ("eu",)
    hidden, missing = (
        resolved(stores.snapshot, Desk(stores.desk_path), View(profile=name)).refused for name in ("far", "missing")
    )
    assert (hidden, missing) == tuple(f"There is no profile {one}; there is both." for one in ("far", "missing"))


def test_assistants_are_told_of_the_same_stores(stores, acts):
    acts(OF_EU)
    scope = open_scope(load_settings(stores.folder), lambda: NOON)
    assert (scope.keys, [store.key for store in scope.stores]) == (("eu",), ["eu"])


def test_listings_of_a_hidden_store_cannot_be_taken_nor_a_change_of_them_undone(stores, acts):
    desk = Desk(stores.desk_path)
    seen = [Seen.of(row) for row in stores.snapshot.rows_of([("us", 11), ("eu", 1)])]
    change = desk.act(Take(), seen, who=ANA, now=NOON, through="page").change
    acts(OF_EU)
    with pytest.raises(NotAllowed, match="There is no store us"):
        desk.act(Take(), seen, who=ANA, now=NOON, through="page")
    with pytest.raises(NotAllowed, match="There is no store us"):
        desk.undo(change, who=ANA, now=NOON)
    with pytest.raises(NotAllowed, match="There is no store us"):
        desk.ask_sync("us", "pulse", NOON)
    acts(Rights((Grant(Role.VIEWER),)))
    with pytest.raises(NotAllowed, match="needs the role operator"):
        desk.ask_sync("us", "pulse", NOON)
    acts(ALL)
    assert desk.undo(change, who=ANA, now=NOON).changed == 2


def test_the_worklist_as_csv_holds_what_somebody_may_see(stores, acts, monkeypatch):
    monkeypatch.setenv("AEXDASH_HOME", str(stores.folder))
    acts(OF_EU)
    rows = list(csv.DictReader(io.StringIO(ask_app("/export.csv").content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert ask_app("/export.csv?store=us").status_code == 404
    assert Episodes(stores.desk_path).open() == []


def test_a_comparison_of_a_hidden_store_is_as_one_that_there_is_not(stores, acts):
    kept = Reconciliations(stores.desk_path)
    scopes, facts = (("eu",), ("us",), ("eu", "us")), ("a list", False, (REJECTED,), (), Outcome.AGREES, ())
    made = {scope: Reconciliation(NOON, NOON, scope, *facts) for scope in scopes}
    numbers = {scope: kept.keep(one, by="Ana") for scope, one in made.items()}
    acts(OF_EU)
    assert {scope for scope, number in numbers.items() if kept.get(number)} == {("eu",)}
    assert [one.scope for one in kept.latest(10)] == [("eu",)]

"""Saved views: for the team or for one person; the address stays the truth."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.desk.saved_views import SavedView, SavedViews, Scope, ViewError, canonical, matching
from aexdash.people.names import Person
from tests.desk.deciding import ANN, BOB, NOON

PICTURES = "reason=image&status=rejected"
HOUR = timedelta(hours=1)


@pytest.fixture
def views(tmp_path: Path) -> SavedViews:
    return SavedViews(tmp_path / "desk.db")


def names(views: SavedViews, who: Person) -> list[str]:
    return [one.name for one in views.all(who)]


def test_a_desk_without_views_has_none(views):
    assert views.all(ANN) == []


def test_a_view_of_the_team_is_offered_to_everybody_and_a_private_one_to_her_alone(views):
    team = views.save(" Pictures  to fix ", PICTURES, Scope.TEAM, who=ANN, now=NOON)
    views.save("Mine", "owner=Ann", Scope.PRIVATE, who=ANN, now=NOON)
    assert team == SavedView(
        "pictures-to-fix", "Pictures to fix", Scope.TEAM, "Ann", "status=rejected&reason=image", NOON, "Ann"
    )
    assert (names(views, ANN), names(views, BOB)) == (["Pictures to fix", "Mine"], ["Pictures to fix"])
    assert names(views, Person("Ann", "https://accounts.example|7")) == ["Pictures to fix"]


def test_a_change_is_everybodys_and_the_last_one_counts(views):
    made = views.save("Pictures", PICTURES, Scope.TEAM, who=ANN, now=NOON)
    views.save("Pictures", "reason=price", Scope.TEAM, who=BOB, now=NOON + HOUR, key=made.key)
    [one] = views.all(ANN)
    assert (one.key, one.query, one.by, one.at) == (made.key, "reason=price", "Bob", NOON + HOUR)
    views.rename(made.key, "Prices", who=ANN, now=NOON)
    assert names(views, BOB) == ["Prices"]
    views.delete(made.key, who=BOB, now=NOON)
    assert views.all(ANN) == []
    with pytest.raises(ViewError, match="This view is gone; somebody deleted it"):
        views.rename(made.key, "Pictures", who=ANN, now=NOON)


def test_nobody_changes_what_is_private_to_somebody_else(views):
    made = views.save("Mine", "owner=Ann", Scope.PRIVATE, who=ANN, now=NOON)
    for change in (
        lambda: views.save("Mine", "", Scope.PRIVATE, who=BOB, now=NOON, key=made.key),
        lambda: views.rename(made.key, "His", who=BOB, now=NOON),
    ):
        with pytest.raises(ViewError, match="This view is gone"):
            change()
    views.delete(made.key, who=BOB, now=NOON)
    assert names(views, ANN) == ["Mine"]


def test_a_view_of_the_team_becomes_private_for_her_alone_who_made_it(views):
    made = views.save("Pictures", PICTURES, Scope.TEAM, who=ANN, now=NOON)
    with pytest.raises(ViewError, match="Pictures is the team's: save a private one under a name of its own"):
        views.save("Pictures", PICTURES, Scope.PRIVATE, who=BOB, now=NOON, key=made.key)
    assert (names(views, ANN), names(views, BOB)) == (["Pictures"], ["Pictures"])
    views.save("Pictures", PICTURES, Scope.PRIVATE, who=ANN, now=NOON, key=made.key)
    assert (names(views, ANN), names(views, BOB)) == (["Pictures"], [])


def test_a_name_is_taken_within_its_scope_alone(views):
    views.save("Pictures", PICTURES, Scope.TEAM, who=ANN, now=NOON)
    views.save("Pictures", PICTURES, Scope.PRIVATE, who=ANN, now=NOON)
    views.save("pictures", PICTURES, Scope.PRIVATE, who=BOB, now=NOON)
    for scope in Scope:
        with pytest.raises(ViewError, match="There is a view Pictures already; take another name"):
            views.save("PICTURES", "", scope, who=ANN, now=NOON)
    assert len({one.key for one in (*views.all(ANN), *views.all(BOB))}) == 3


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("  ", "A view needs a name."), ("a" * 61, "A name of a view has at most 60 characters; this one has 61.")],
)
def test_a_view_without_a_usable_name_is_refused(views, name, sentence):
    with pytest.raises(ViewError) as told:
        views.save(name, PICTURES, Scope.TEAM, who=ANN, now=NOON)
    assert str(told.value) == sentence


def test_the_saved_view_of_an_address_is_found_whatever_page_listing_and_moment_it_has(views):
    pictures = views.save("Pictures", "?" + PICTURES, Scope.TEAM, who=ANN, now=NOON)
    owned = views.save("Owned", {"owner": '"Smith, Jane",Olga', "page": "3"}, Scope.TEAM, who=ANN, now=NOON)
    known = views.all(ANN)
    assert (
        matching(known, "status=rejected&reason=image&page=2&listing=main%2F1&as_of=2026-03-09T12:00:00Z") == pictures
    )
    assert matching(known, {"owner": ['"Smith, Jane"', "Olga"]}) == owned
    assert matching(known, "reason=image") is None
    assert canonical(owned.query) == {"owner": '"Smith, Jane",Olga'}


@pytest.mark.parametrize("name", ["\u200b", "\u2800", "\u202e \u3164"])
def test_a_view_has_a_name_that_is_seen(views, name):
    made = views.save("Pic\u200btures", PICTURES, Scope.TEAM, who=ANN, now=NOON)
    assert made.name == "Pictures"
    with pytest.raises(ViewError, match="A view needs a name"):
        views.save(name, PICTURES, Scope.TEAM, who=ANN, now=NOON)
    with pytest.raises(ViewError, match="A view needs a name"):
        views.rename(made.key, name, who=ANN, now=NOON)

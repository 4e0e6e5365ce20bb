"""Saved views on the page: an address under a name, for me or the team, which the address stays the truth of."""

from __future__ import annotations

import pytest

from aexdash.desk.saved_views import SavedViews, Scope
from aexdash.people.names import Person
from tests.ui.reading import ids_of, list_of, opened
from tests.ui.sample import NOW, REJECTED, with_history
from tests.ui.worklist.acting import toasts

PICTURES = {"reason": "image", "lane": "todo"}


@pytest.fixture
def folder(tmp_path):
    return with_history(tmp_path)


def saved(folder, person: str = "Lead") -> dict[str, tuple[str, str]]:
    return {one.name: (one.query, one.scope) for one in SavedViews(folder / "desk.db").all(Person(person))}


def save(page, name: str, scope: Scope = Scope.PRIVATE):
    opened(page, "views").text_input(key="view-name").set_value(name)
    next(one for one in page.segmented_control if one.label == "For").set_value(scope)
    return page.button(key="save-view").click().run()


def popover(page) -> str:
    return next(label for label in labels_of_popovers(page) if label.startswith(("Views", "View:")))


def labels_of_popovers(page) -> list[str]:
    return [one.proto.popover.label.replace("\\", "") for one in page.get("popover")]


def test_a_view_of_mine_is_saved_chosen_and_named(open_page, folder):
    page = save(open_page(folder, "worklist", **PICTURES, page="1"), "Pictures to fix")
    assert toasts(page) == ["The view Pictures to fix is saved."]
    assert saved(folder) == {"Pictures to fix": ("reason=image&lane=todo", Scope.PRIVATE)}
    assert saved(folder, "Olga") == {}
    assert popover(page) == "View: Pictures to fix"
    other = open_page(folder, "worklist")
    assert popover(other) == "Views"
    opened(other, "views").button(key="view-pictures-to-fix").click().run()
    assert other.query_params == PICTURES
    assert set(ids_of(other)) == {str(one) for one in REJECTED}


@pytest.mark.slow
def test_a_view_of_the_team_is_offered_to_everybody_and_changed_for_everybody(open_page, folder):
    save(open_page(folder, "worklist", **PICTURES), "Pictures", Scope.TEAM)
    olga = open_page(folder, "worklist", person="Olga")
    opened(olga, "views").button(key="view-pictures").click().run()
    assert olga.query_params == PICTURES
    next(one for one in olga.selectbox if one.label == "Order").set_value("title").run()
    opened(olga, "views").button(key="save-view-changes").click().run()
    assert saved(folder) == {"Pictures": ("reason=image&lane=todo&order=title", Scope.TEAM)}


@pytest.mark.slow
def test_a_view_is_renamed_and_deleted(open_page, folder):
    page = save(open_page(folder, "worklist", **PICTURES), "Pictures")
    opened(page, "views").text_input(key="view-new-name-pictures-Pictures").set_value("Bad pictures")
    page.button(key="rename-view").click().run()
    assert popover(page) == "View: Bad pictures"
    opened(page, "views").button(key="delete-view").click().run()
    assert saved(folder) == {}
    assert popover(page) == "Views"


@pytest.mark.slow
def test_a_view_without_a_name_or_with_one_that_is_taken_is_refused_in_a_sentence(open_page, folder):
    page = save(open_page(folder, "worklist", **PICTURES), " ")
    assert toasts(page) == ["Nothing was saved: A view needs a name."]
    save(page, "Pictures")
    again = save(open_page(folder, "worklist", stage="new"), "pictures")
    assert toasts(again) == ["Nothing was saved: There is a view Pictures already; take another name."]
    assert list(saved(folder)) == ["Pictures"]


def test_choosing_a_view_stays_at_the_moment_that_is_shown(open_page, folder):
    SavedViews(folder / "desk.db").save("Pictures", PICTURES, Scope.TEAM, who=Person("Olga"), now=NOW)
    page = open_page(folder, "worklist", as_of="2026-03-09T12:00:20Z")
    opened(page, "views").button(key="view-pictures").click().run()
    assert page.query_params == {**PICTURES, "as_of": "2026-03-09T12:00:20.000Z"}


@pytest.mark.slow
def test_the_columns_behind_those_of_the_work_are_chosen_and_remembered_for_the_person(open_page, folder):
    page = opened(open_page(folder, "worklist"), "columns")
    assert "Measured" in columns(page)
    page.multiselect(key="columns-chosen").set_value(["price", "skus"]).run()
    assert columns(page) == [*WORK, "SKUs", "Price"]
    assert columns(open_page(folder, "worklist")) == [*WORK, "SKUs", "Price"]
    assert "Measured" in columns(open_page(folder, "worklist", person="Olga"))
    page.multiselect(key="columns-chosen").set_value([]).run()
    assert columns(open_page(folder, "worklist")) == WORK


def test_keys_of_one_letter_can_be_left_to_the_list_alone(open_page, folder):
    page = opened(open_page(folder, "worklist"), "columns")
    assert list_of(page)["singleKeys"] is True
    page.checkbox(key="single-keys").set_value(False).run()
    assert list_of(page)["singleKeys"] is False
    assert list_of(open_page(folder, "worklist"))["singleKeys"] is False


WORK = ["Listing", "Why", "What to do", "Owner · stage", "Held for", "Resubmit"]


def columns(page) -> list[str]:
    return [one["label"] for one in list_of(page)["columns"]]

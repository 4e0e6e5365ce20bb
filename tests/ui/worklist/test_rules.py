"""Rules and clocks on the page: whose a listing is when it arrives, and after how long work takes too long."""

from __future__ import annotations

from datetime import timedelta

import pytest
import streamlit as st

from aexdash.desk.decisions.assignment import AssignmentRules
from aexdash.desk.settings import WorkSettingsDesk
from aexdash.ui.worklist import rules
from tests.ui.reading import captions, read_aloud, said
from tests.ui.sample import with_history
from tests.ui.worklist.acting import toasts


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A home whose popover of rules is open: what is in it is drawn only then."""
    popover = st.popover

    def opened(label, **how):
        box = popover(label, **{name: value for name, value in how.items() if name != "on_change"})
        return box if label != "Rules" else _Open(box)

    monkeypatch.setattr(rules.st, "popover", opened)
    return with_history(tmp_path)


class _Open:
    open = True

    def __init__(self, box):
        self.box = box

    def __enter__(self):
        return self.box.__enter__()

    def __exit__(self, *error):
        return self.box.__exit__(*error)


def add(page, title: str, owner: str, reasons=(), categories: str = ""):
    page.text_input(key="rule-title").set_value(title)
    page.text_input(key="rule-owner").set_value(owner)
    page.multiselect(key="rule-reasons").set_value(list(reasons))
    page.text_input(key="rule-categories").set_value(categories)
    return page.button(key="add-rule").click().run()


def kept(folder) -> list[tuple[str, str, tuple[str, ...], tuple[int, ...]]]:
    return [(one.title, one.owner, one.reasons, one.categories) for one in AssignmentRules(folder / "desk.db").all()]


@pytest.mark.slow
def test_a_rule_is_added_told_moved_up_and_removed(open_page, folder):
    page = add(open_page(folder, "worklist"), "Pictures", "Olga", ["image"])
    page = add(page, "Lamps", "Ben", categories="200003482, 380230")
    assert kept(folder) == [("Pictures", "Olga", ("image",), ()), ("Lamps", "Ben", (), (200003482, 380230))]
    texts = [read_aloud(text) for text in said(page)]
    assert "Pictures: Image → Olga" in texts
    assert "Lamps: category 200003482 or category 380230 → Ben" in texts
    page.button(key="rule-up-lamps").click().run()
    assert [title for title, *_ in kept(folder)] == ["Lamps", "Pictures"]
    page.button(key="rule-remove-lamps").click().run()
    assert [title for title, *_ in kept(folder)] == ["Pictures"]


def test_a_rule_that_cannot_be_is_refused_in_a_sentence(open_page, folder):
    page = add(open_page(folder, "worklist"), "Pictures", " ")
    assert toasts(page) == ["Nothing was saved: A rule needs an owner, whose the listings are then."]
    page = add(page, "Pictures", "Olga", categories="lamps")
    assert toasts(page) == ["Category ids are numbers, with commas between them. Nothing was saved."]
    assert kept(folder) == []


def test_the_clocks_are_set_and_say_who_set_them(open_page, folder):
    page = open_page(folder, "worklist")
    assert "Waiting: as it came, nobody has set it" in map(read_aloud, captions(page))
    page.number_input(key="waiting_hours-72").set_value(48)
    page.button(key="set-clocks").click().run()
    settings = WorkSettingsDesk(folder / "desk.db").read()
    assert (settings.waiting, settings.untouched) == (timedelta(hours=48), timedelta(hours=24))
    assert "Waiting: set by Lead, 9 Mar 2026 12:01 UTC" in map(read_aloud, captions(page))
    assert page.number_input(key="waiting_hours-48").value == 48

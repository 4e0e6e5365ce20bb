"""Alert rules on Sensitivity: the list, switch, mute, the form with what speaks against a rule, two people at it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.alerts.conditions import Threshold
from aexdash.alerts.model import EVERY_STORE
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.alerts.rules.sentences import sentence
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.desk.profiles import Profiles
from aexdash.model import Severity
from tests.ui.alerts.alerted import kept, opened, over
from tests.ui.reading import alerts, captions, read_aloud, said
from tests.ui.sample import JUMP, NOW, with_history

HELD = DEFAULTS["held"]


@pytest.fixture
def folder(tmp_path):
    return with_history(tmp_path)


@pytest.fixture
def book(folder):
    return RuleStore(folder / "desk.db")


def rule_of(book, key: str = "held"):
    return {rule.key: rule for rule in book.rules()}[key]


def rows(page) -> list[str]:
    """The rows of rules, without what keeps Markdown from reading them."""
    return [read_aloud(text) for text in said(page) if "-badge[" in text and "\n:small[" in text]


def enter(page, label: str, value: object):
    return next(one for one in page.number_input if one.label == label).set_value(value).run()


def test_every_rule_is_a_plain_sentence_with_its_severity_and_what_came_of_it(open_page, folder):
    kept(folder, opened(), over(opened("stuck", 3, at=JUMP - timedelta(days=2)), JUMP - timedelta(days=1)))
    page = open_page(folder, "sensitivity", part="rules")
    assert len(rows(page)) == len(DEFAULTS)
    assert rows(page)[0] == (
        f":orange-badge[◆ medium] **Anything is held** · {sentence(HELD)}  \n"
        ":small[every store · **open now: My store since 11 min**]"
    )
    assert rows(page)[5].endswith(":small[every store · last alert 7 Mar 2026 12:00 UTC, My store, for 24 h]")
    assert rows(page)[1].endswith(":small[every store · no alert so far]")
    assert not page.exception


def test_a_rule_is_switched_off_and_on(open_page, folder, book):
    page = open_page(folder, "sensitivity", part="rules")
    page.toggle(key="switch-held").set_value(False).run()
    assert not rule_of(book).enabled
    assert ":small[every store · switched off" in rows(page)[0]
    page.toggle(key="switch-held").set_value(True).run()
    assert rule_of(book) == HELD


def test_a_muted_rule_says_until_when(open_page, folder, book):
    book.mute("held", NOW + timedelta(hours=8), by="ann", now=NOW)
    page = open_page(folder, "sensitivity", part="rules")
    assert ":small[every store · muted until 9 Mar 2026 20:01 UTC · no alert so far]" in rows(page)[0]
    book.mute("held", None, by="ann", now=NOW)
    assert "muted" not in rows(open_page(folder, "sensitivity", part="rules"))[0]


def test_a_rule_is_changed_on_its_form_and_the_log_tells_who_did(open_page, folder, book):
    page = open_page(folder, "sensitivity", part="rules", rule="held")
    assert page.button(key="save-rule").disabled
    enter(page, "Fires above (listings)", 3)
    assert any("Rejected / Auditing Listings above 3 for" in read_aloud(text) for text in said(page))
    assert rule_of(book) == HELD
    page.button(key="save-rule").click().run()
    assert rule_of(book).condition == Threshold(card=HELD.condition.card, limit=3, worse_at=20)
    log = page.dataframe[-1].value
    assert list(log["What"]) == [sentence(rule_of(book))]
    page.button(key="reset-rule").click().run()
    assert rule_of(book) == HELD
    assert not page.exception


@pytest.mark.parametrize(
    ("label", "value", "why"),
    [
        ("Well again at", 5, "It must recover at or below the limit of 0, where it no longer fires."),
        ("Fires above (listings)", 20, "The second limit must be above the first, 20."),
        ("Fires above (listings)", -1, "It could never recover: nothing is at or below -1."),
    ],
)
def test_what_speaks_against_a_rule_is_said_beside_its_fields_and_it_cannot_be_saved(
    open_page, folder, label, value, why
):
    page = enter(open_page(folder, "sensitivity", part="rules", rule="held"), label, value)
    assert [read_aloud(text) for kind, text in alerts(page) if kind == "error"] == [why]
    assert page.button(key="save-rule").disabled


@pytest.mark.slow
def test_a_new_rule_needs_a_name_and_is_there_once_it_is_saved(open_page, folder, book):
    page = open_page(folder, "sensitivity", part="rules")
    page.button(key="new-rule").click().run()
    assert page.query_params["rule"] == "new"
    assert not [text for kind, text in alerts(page) if kind == "error"]
    assert "Give it a name above, and it can be saved." in [one.value for one in page.caption]
    assert page.button(key="save-rule").disabled
    next(one for one in page.text_input if one.label == "Name").set_value("Held").run()
    enter(page, "Fires above (listings)", 40)
    page.button(key="save-rule").click().run()
    made = rule_of(book, "held-2")
    assert (made.title, made.severity, made.profile) == ("Held", Severity.MEDIUM, EVERY_STORE)
    assert made.condition == Threshold(card=HELD.condition.card, limit=40)
    assert page.query_params["rule"] == "held-2"
    assert [read_aloud(toast.value).split(":")[0] for toast in page.toast] == ["Saved. Held"]
    assert 'data-focus="st-key-edit-rule-held-2"' in "".join(block.proto.body for block in page.get("html"))
    page.run()
    assert "data-focus" not in "".join(block.proto.body for block in page.get("html"))
    page.button(key="delete-rule").click().run()
    assert [rule.key for rule in book.rules()] == list(DEFAULTS)
    assert "rule" not in page.query_params
    assert not page.exception


def test_what_somebody_else_saved_meanwhile_is_told_and_not_overwritten_by_chance(open_page, folder, book):
    page = enter(open_page(folder, "sensitivity", part="rules", rule="held"), "Fires above (listings)", 3)
    book.save(HELD.model_copy(update={"severity": Severity.LOW}), by="ann", now=NOW)
    page.button(key="save-rule").click().run()
    assert [read_aloud(toast.value) for toast in page.toast] == [
        "Nothing was saved: somebody changed this rule just now; look at what it says before you replace it."
    ]
    assert rule_of(book).severity is Severity.LOW
    (warning,) = [read_aloud(text) for kind, text in alerts(page) if kind == "warning"]
    assert warning.startswith("ann changed this rule 9 Mar 2026 12:01 UTC, after you opened it. It now says: ")
    page.button(key="show-saved").click().run()
    assert not [text for kind, text in alerts(page) if kind == "warning"]
    assert next(one for one in page.selectbox if one.label == "Severity").value == Severity.LOW
    assert next(one for one in page.number_input if one.label == "Fires above (listings)").value == 0


def test_a_switch_by_somebody_else_is_kept_by_a_save(open_page, folder, book):
    page = enter(open_page(folder, "sensitivity", part="rules", rule="held"), "Fires above (listings)", 3)
    book.switch("held", False, by="ann", now=NOW)
    page.button(key="save-rule").click().run()
    assert (rule_of(book).enabled, rule_of(book).condition.limit) == (False, 3)


def test_a_rule_of_a_profile_names_it_and_says_when_that_is_gone(open_page, folder, book):
    Profiles(folder / "desk.db").make("Ours", ["main"], by="ann", now=JUMP)
    book.save(HELD.model_copy(update={"profile": "ours"}), by="ann", now=JUMP)
    assert ":small[profile Ours · " in rows(open_page(folder, "sensitivity", part="rules"))[0]
    Profiles(folder / "desk.db").delete("ours", by="ann", now=JUMP)
    page = open_page(folder, "sensitivity", part="rules", rule="held")
    assert ":small[profile ours, which is gone: it watches nothing · " in rows(page)[0]
    assert not page.exception


def test_an_address_that_names_no_rule_or_no_part_says_so(open_page, folder):
    page = open_page(folder, "sensitivity", part="rules", rule="gone")
    assert ":orange-badge[Address] There is no rule gone\\." in captions(page)
    page = open_page(folder, "sensitivity", part="sound")
    assert any("There is no such part" in text for text in captions(page))

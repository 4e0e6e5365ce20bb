"""The fields of a rule's form: what goes in comes out, and each kind of condition has its own."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from aexdash.alerts.conditions import KINDS, Concentration, NewReason, NoData, Rise, SharedTrait, Silence, Threshold
from aexdash.alerts.limits import Way
from aexdash.alerts.rules.problems import problems
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.words.severity import badge

BEGIN_WITH = {kind: condition.first() for kind, condition in KINDS.items()}
KIND_WORDS = {kind: condition.words for kind, condition in KINDS.items()}
SPIKE = "aex_rejected_listings_24h"


FORM = """
import streamlit as st
from aexdash.ui.alerts import fields

st.session_state["asked"] = fields.edited_rule(fields.Form("mark"), st.session_state["rule"], ())
"""


@pytest.fixture
def fill():
    def fill_(rule) -> AppTest:
        app = AppTest.from_string(FORM, default_timeout=30)
        app.session_state["rule"] = rule
        return app.run()

    return fill_


def asked(app: AppTest):
    assert not app.exception
    return app.session_state["asked"]


def pick(app: AppTest, label: str, value: object) -> AppTest:
    return next(one for one in app.selectbox if one.label == label).set_value(value).run()


def enter(app: AppTest, label: str, value: float | None) -> AppTest:
    return next(one for one in app.number_input if one.label == label).set_value(value).run()


@pytest.mark.parametrize("key", DEFAULTS)
def test_a_rule_that_nobody_touches_comes_out_as_it_went_in(fill, key):
    assert asked(fill(DEFAULTS[key])) == DEFAULTS[key]


def test_every_kind_begins_with_a_condition_that_nothing_speaks_against(fill):
    assert list(BEGIN_WITH) == list(KIND_WORDS)
    for kind in KIND_WORDS:
        rule = asked(pick(fill(DEFAULTS["held"]), "Tell me when", kind))
        assert (rule.condition, problems(rule)) == (BEGIN_WITH[kind] if kind != "threshold" else rule.condition, [])


def test_the_fields_of_a_limit_say_its_unit_and_an_empty_one_is_none(fill):
    app = fill(DEFAULTS["held"])
    assert [one.label for one in app.number_input[:3]] == [
        "Fires above (listings)",
        "One severity worse from",
        "Well again at",
    ]
    enter(app, "Fires above (listings)", 9)
    enter(app, "One severity worse from", None)
    assert asked(enter(app, "Well again at", 4)).condition == Threshold(
        card="aex_rejected_auditing_listings", limit=9, recovers_at=4
    )


def test_how_much_lower_is_written_without_a_sign_and_kept_with_one(fill):
    app = pick(fill(DEFAULTS["held"]), "Tell me when", "rise")
    pick(app, "Number", "aex_active_listings")
    pick(app, "Is", Way.BELOW)
    pick(app, "By", True)
    rule = asked(enter(app, "By more than (percent)", 10))
    assert rule.condition == Rise(card="aex_active_listings", limit=-10, way=Way.BELOW, relative=True)
    assert problems(rule) == []


def test_no_data_looks_the_right_way_for_each_of_its_causes(fill):
    app = pick(fill(DEFAULTS["no-data"]), "Because", Silence.SIGN_IN)
    assert asked(app).condition == NoData(silence=Silence.SIGN_IN, limit=72, way=Way.BELOW)
    app = pick(app, "Because", Silence.PARTIAL)
    assert asked(app).condition == NoData(silence=Silence.PARTIAL, limit=2)


def test_quiet_hours_are_there_once_they_are_switched_on(fill):
    app = fill(DEFAULTS["held"])
    next(one for one in app.toggle if one.label == "Quiet hours").set_value(True).run()
    pick(app, "Time zone", "Europe/Berlin")
    quiet = asked(app).quiet
    assert (f"{quiet.start:%H:%M}", f"{quiet.end:%H:%M}", quiet.zone) == ("22:00", "07:00", "Europe/Berlin")
    next(one for one in app.toggle if one.label == "Quiet hours").set_value(False).run()
    assert asked(app).quiet is None


def test_a_card_of_another_version_stays_until_another_is_picked(fill):
    gone = DEFAULTS["held"].model_copy(update={"condition": Threshold(card="aex_of_tomorrow", limit=1)})
    app = fill(gone)
    assert asked(app) == gone
    assert problems(asked(app))[0].startswith("There is no card 'aex_of_tomorrow'")
    assert asked(pick(app, "Number", SPIKE)).condition == Threshold(card=SPIKE, limit=1)


def test_severities_have_a_sign_and_levels_a_unit():
    assert [badge(rule.severity) for rule in (DEFAULTS["share-of-catalogue"], DEFAULTS["stuck"])] == [
        ":red-badge[‼ critical]",
        ":gray-badge[● low]",
    ]
    conditions = (NewReason(), Concentration(shared=SharedTrait.CATEGORY), Rise(card=SPIKE, limit=1, relative=True))
    assert [one.unit for one in conditions] == ["listings", "percent", "percent"]

"""The fields of a rule's form: condition, limits, times, quiet hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from aexdash.alerts.conditions import KINDS, AnyCondition, Condition
from aexdash.alerts.conditions.form import ChoiceField, CountField, Field
from aexdash.alerts.limits import Way
from aexdash.alerts.model import QuietHours, Rule
from aexdash.alerts.rules.problems import LONGEST_TITLE
from aexdash.desk.profiles import Profile
from aexdash.model import Severity

WELL_HELP = "Between this and the limit an open alert stays open, so that it does not open and close by turns."

WIDE, FIELD, NARROW = 320, 240, 190
"""Pixels: fields stand side by side and go to the next line where the page is narrow."""


@dataclass(frozen=True, slots=True)
class Form:
    """Draws fields and returns their values. `mark` is part of their keys, so that each opening starts anew."""

    mark: str

    def choice(self, name: str, label: str, words: Mapping[Any, str], chosen: Any, width: int = FIELD) -> Any:
        """Draw a choice among `words`; a chosen value that is not offered any more stays until another is picked."""
        offered = list(words) if chosen in words else [chosen, *words]
        return st.selectbox(
            label,
            offered,
            index=offered.index(chosen),
            format_func=lambda one: words.get(one, f"{one} (gone)"),
            key=f"{name}-{self.mark}",
            width=width,
        )

    def count(self, name: str, label: str, value: int, least: int, most: int) -> int:
        """Draw a field for a whole number from `least` to `most`."""
        key = f"{name}-{self.mark}"
        return st.number_input(label, least, most, value, step=1, key=key, width=NARROW)

    def number(self, name: str, label: str, value: float) -> float:
        """Draw a field for any number."""
        return float(
            st.number_input(label, value=float(value), step=1.0, format="%g", key=f"{name}-{self.mark}", width=NARROW)
        )

    def number_or_none(self, name: str, label: str, value: float | None, empty: str, help_: str) -> float | None:
        """Draw a field for a number or nothing; `empty` is the text for nothing.

        The value is set through the session, because a Streamlit field with a default cannot be emptied.
        """
        key = f"{name}-{self.mark}"
        st.session_state.setdefault(key, value)
        return st.number_input(
            label, value=None, step=1.0, format="%g", placeholder=empty, help=help_, key=key, width=NARROW
        )

    def switch(self, name: str, label: str, on: bool, help_: str = "") -> bool:
        """Draw a switch for yes or no."""
        return st.toggle(label, on, key=f"{name}-{self.mark}", help=help_ or None)


def row(name: str) -> Any:
    """Return a container that puts fields side by side."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=name)


def edited_rule(form: Form, rule: Rule, profiles: Sequence[Profile], here: str = "UTC") -> Rule:
    """Draw the fields with the values of a rule; return the rule with the values entered.

    `here` is the name of the workspace's time zone, in which new quiet hours are.
    """
    changes = _naming(form, rule, profiles)
    condition = _condition(form, rule.condition)
    with st.expander("How long it must last, and when nobody is told", key=f"rule-times-{form.mark}"):
        changes |= _times(form, rule) | {"quiet": _quiet(form, rule.quiet, here)}
    return Rule.model_validate(rule.model_dump() | changes | {"condition": condition.model_dump()})


def _naming(form: Form, rule: Rule, profiles: Sequence[Profile]) -> dict[str, Any]:
    with row("rule-naming"):
        title = st.text_input("Name", rule.title, key=f"title-{form.mark}", max_chars=LONGEST_TITLE, width=FIELD)
        severities = {severity: severity.value for severity in Severity}
        severity = form.choice("severity", "Severity", severities, rule.severity)
        whose = {"": "Every store"} | {profile.name: profile.title for profile in profiles}
        profile = form.choice("profile", "Stores", whose, rule.profile)
    return {"title": " ".join(title.split()), "severity": severity, "profile": profile}


def _condition(form: Form, standing: AnyCondition) -> Condition:
    with row("rule-what"):
        words = {kind: condition.words for kind, condition in KINDS.items()}
        kind = form.choice("kind", "Tell me when", words, standing.kind, WIDE)
        chosen = Form(f"{kind}-{form.mark}")
        made = _what(chosen, standing if standing.kind == kind else KINDS[kind].first())
    with row("rule-limits"):
        return _limits(chosen, made)


def _what(form: Form, made: Condition) -> Condition:
    """Draw the fields that this kind of condition has; a choice in one may change those after it."""
    drawn: set[str] = set()
    while left := [field for field in made.fields() if field.name not in drawn]:
        made = made.changed(left[0].name, _field(form, left[0], getattr(made, left[0].name)))
        drawn.add(left[0].name)
    return made


def _field(form: Form, field: Field, value: Any) -> Any:
    match field:
        case ChoiceField():
            return form.choice(field.name, field.label, field.words, value)
        case CountField():
            name = f"{field.mark}-{field.name}" if field.mark else field.name
            return form.count(name, field.label, value, field.least, field.most)
        case _:
            return form.number(field.name, field.label, value)


def _limits(form: Form, made: Condition) -> Condition:
    """Draw the limits: where it fires, where it is worse, where it is well.

    For *lower by* people enter a positive number; the rule stores it with a minus sign.
    """
    sign = -1.0 if made.is_difference and made.way is Way.BELOW else 1.0
    fires = "By more than" if made.is_difference else f"Fires {made.way.value}"
    form = Form(f"{made.limit_mark}-{form.mark}") if made.limit_mark else form
    limits = {
        "limit": form.number("limit", f"{fires} ({made.unit})", _signed(made.limit, sign) or 0.0),
        "worse_at": form.number_or_none(
            "worse",
            "One severity worse from",
            _signed(made.worse_at, sign),
            "never",
            "Told once more when it gets there.",
        ),
        "recovers_at": form.number_or_none(
            "recovers", "Well again at", _signed(made.recovers_at, sign), "the limit", WELL_HELP
        ),
    }
    for name, limit in limits.items():
        made = made.changed(name, _signed(limit, sign))
    return made


def _signed(limit: float | None, sign: float) -> float | None:
    return None if limit is None else limit * sign


def _times(form: Form, rule: Rule) -> dict[str, Any]:
    with row("rule-times"):
        times: dict[str, Any] = {
            "hold_minutes": form.count("hold", "Must last (minutes)", rule.hold_minutes, 0, 10_080),
            "hold_observations": form.count("seen", "And be read (times)", rule.hold_observations, 1, 100),
            "keep_minutes": form.count("keep", "Closes when well for (minutes)", rule.keep_minutes, 0, 10_080),
            "change_minutes": form.count(
                "change", "Between two changes told (minutes)", rule.change_minutes, 0, 10_080
            ),
        }
    help_ = "While an alert without data is open for a store, this rule says nothing about it."
    return times | {"silenced": form.switch("silenced", "Silent while there is no data", rule.silenced, help_)}


def _quiet(form: Form, quiet: QuietHours | None, here: str) -> dict[str, Any] | None:
    help_ = "What would have been told then is told when they end, in one message. Critical is told at once."
    with row("rule-quiet"):
        if not form.switch("quiet", "Quiet hours", quiet is not None, help_):
            return None
        begun = quiet or QuietHours(start=time(22), end=time(7), zone=here)
        start = st.time_input("From", begun.start, key=f"quiet-start-{form.mark}", width=120)
        end = st.time_input("To", begun.end, key=f"quiet-end-{form.mark}", width=120)
        zones = dict.fromkeys(sorted(available_timezones()))
        zone = form.choice("zone", "Time zone", {name: name for name in zones}, begun.zone)
    return {"start": start, "end": end, "zone": zone}

"""The fields of a rule's form: what it watches, from where on it fires and is well, how long, and who is told when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from aexdash.alerts.model import (
    Anomaly,
    Concentration,
    Condition,
    NewReason,
    NoData,
    OneListing,
    Quiet,
    Rise,
    Rule,
    Severity,
    Shared,
    Silence,
    Subject,
    Threshold,
    Way,
)
from aexdash.cards import CARDS
from aexdash.desk.profiles import Profile
from aexdash.words.alerts import KIND_WORDS, SILENCE_WORDS, SUBJECT_WORDS, unit_of

HERO, SPIKE = "aex_rejected_auditing_listings", "aex_rejected_listings_24h"

BEGIN_WITH: Mapping[str, Condition] = {
    "threshold": Threshold(card=HERO, limit=0),
    "rise": Rise(card=SPIKE, limit=5),
    "anomaly": Anomaly(card=SPIKE),
    "new_reason": NewReason(),
    "concentration": Concentration(),
    "one_listing": OneListing(subject=Subject.STUCK),
    "no_data": NoData(limit=30),
}
"""What a form begins with when a kind of condition is picked."""

SILENCE_LIMITS: Mapping[Silence, float] = {
    Silence.WALK: 30,
    Silence.SIGN_IN: 72,
    Silence.BUDGET: 90,
    Silence.PARTIAL: 2,
}

WELL_HELP = "Between this and the limit an open episode stays open, so that it does not open and close by turns."

TITLE_LENGTH = 60
WIDE, FIELD, NARROW = 320, 240, 190
"""Pixels: fields stand side by side and go to the next line where the page is narrow."""


@dataclass(frozen=True, slots=True)
class Form:
    """Draws fields and answers what they say. `mark` keeps the fields of one opening of the form together."""

    mark: str

    def choice(self, name: str, label: str, words: Mapping[Any, str], chosen: Any, width: int = FIELD) -> Any:
        """One of several, by their words; one that is no longer offered stays until another is picked."""
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
        """A whole number within bounds."""
        key = f"{name}-{self.mark}"
        return st.number_input(label, least, most, value, step=1, key=key, width=NARROW)

    def number(self, name: str, label: str, value: float) -> float:
        """Any number."""
        return float(
            st.number_input(label, value=float(value), step=1.0, format="%g", key=f"{name}-{self.mark}", width=NARROW)
        )

    def number_or_none(self, name: str, label: str, value: float | None, empty: str, help_: str) -> float | None:
        """Any number, or none; `empty` says what none means.

        The number goes in through the session, because a field that begins with one cannot be emptied.
        """
        key = f"{name}-{self.mark}"
        st.session_state.setdefault(key, value)
        return st.number_input(
            label, value=None, step=1.0, format="%g", placeholder=empty, help=help_, key=key, width=NARROW
        )

    def switch(self, name: str, label: str, on: bool, help_: str = "") -> bool:
        """Yes or no."""
        return st.toggle(label, on, key=f"{name}-{self.mark}", help=help_ or None)


def row(name: str) -> Any:
    """Make a row of fields."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=name)


def asked(form: Form, rule: Rule, profiles: Sequence[Profile]) -> Rule:
    """Draw the fields of a rule as it stands, and answer the rule that they ask for."""
    said = _naming(form, rule, profiles)
    condition = _condition(form, rule.condition)
    with st.expander("How long it must last, and when nobody is told", key=f"rule-times-{form.mark}"):
        said |= _times(form, rule) | {"quiet": _quiet(form, rule.quiet)}
    return Rule.model_validate(rule.model_dump() | said | {"condition": condition.model_dump()})


def _naming(form: Form, rule: Rule, profiles: Sequence[Profile]) -> dict[str, Any]:
    with row("rule-naming"):
        title = st.text_input("Name", rule.title, key=f"title-{form.mark}", max_chars=TITLE_LENGTH, width=FIELD)
        severities = {severity: severity.value for severity in Severity}
        severity = form.choice("severity", "Severity", severities, rule.severity)
        whose = {"": "Every store"} | {profile.name: profile.title for profile in profiles}
        profile = form.choice("profile", "Stores", whose, rule.profile)
    return {"title": " ".join(title.split()), "severity": severity, "profile": profile}


def _condition(form: Form, standing: Condition) -> Condition:
    with row("rule-what"):
        kind = form.choice("kind", "Tell me when", KIND_WORDS, standing.kind, WIDE)
        begun = standing if standing.kind == kind else BEGIN_WITH[kind]
        chosen = Form(f"{kind}-{form.mark}")
        made = _with(begun, _what(chosen, begun))
    with row("rule-limits"):
        return _with(made, _limits(chosen, made))


def _with(condition: Condition, changes: Mapping[str, Any]) -> Condition:
    made: Condition = type(condition).model_validate({**condition.model_dump(), **changes})
    return made


def _what(form: Form, begun: Condition) -> dict[str, Any]:
    """The fields that a kind of condition has alone."""
    match begun:
        case Threshold() | Rise() | Anomaly():
            return _of_card(form, begun)
        case NewReason():
            return {"days": form.count("days", "Not seen for (days)", begun.days, 1, 365)}
        case Concentration():
            return _concentration(form, begun)
        case OneListing():
            return _one_listing(form, begun)
        case NoData():
            return _no_data(form, begun)


def _of_card(form: Form, begun: Threshold | Rise | Anomaly) -> dict[str, Any]:
    up, down = ("above", "below") if isinstance(begun, Threshold) else ("higher", "lower")
    said = {
        "card": form.choice("card", "Number", {key: card.title for key, card in CARDS.items()}, begun.card),
        "way": form.choice("way", "Is", {Way.ABOVE: up, Way.BELOW: down}, begun.way),
    }
    if isinstance(begun, Rise):
        return said | _rise(form, begun)
    return said if isinstance(begun, Threshold) else said | _anomaly(form, begun)


def _rise(form: Form, begun: Rise) -> dict[str, Any]:
    relative = form.choice("relative", "By", {False: "an amount", True: "a percentage"}, begun.relative)
    days = form.count("days", "Than on the days before (days)", begun.days, 1, 90)
    return {"relative": relative, "days": days}


def _anomaly(form: Form, begun: Anomaly) -> dict[str, Any]:
    unit = CARDS[begun.card].unit if begun.card in CARDS else "of the card"
    weeks = form.count("weeks", "Compared with (weeks)", begun.weeks, 2, 26)
    return {"weeks": weeks, "least": form.number("least", f"Least that matters ({unit})", begun.least)}


def _concentration(form: Form, begun: Concentration) -> dict[str, Any]:
    shared = form.choice("shared", "They share", {one: f"a {one.value}" for one in Shared}, begun.shared)
    hours = form.count("hours", "New in the last (hours)", begun.hours, 1, 24 * 30)
    return {"shared": shared, "hours": hours, "least": form.count("least", "From (new listings)", begun.least, 1, 9999)}


def _one_listing(form: Form, begun: OneListing) -> dict[str, Any]:
    subject = form.choice("subject", "A listing is", SUBJECT_WORDS, begun.subject)
    if subject is Subject.STUCK:
        return {"subject": subject}
    label = "Ends within (hours)" if subject is Subject.DEADLINE else "Told for (hours)"
    return {"subject": subject, "hours": form.count(f"{subject}-hours", label, begun.hours, 1, 24 * 30)}


def _no_data(form: Form, begun: NoData) -> dict[str, Any]:
    silence = form.choice("silence", "Because", SILENCE_WORDS, begun.silence)
    way = Way.BELOW if silence is Silence.SIGN_IN else Way.ABOVE
    if silence is begun.silence:
        return {"silence": silence, "way": way}
    return {"silence": silence, "way": way, "limit": SILENCE_LIMITS[silence], "recovers_at": None, "worse_at": None}


def _limits(form: Form, made: Condition) -> dict[str, Any]:
    """The fields of the level: where it fires, where it is worse, where it is well.

    How much lower something is, people write without a sign; the rule has it with one.
    """
    differs = isinstance(made, Rise | Anomaly)
    sign = -1.0 if differs and made.way is Way.BELOW else 1.0
    fires = "By more than" if differs else f"Fires {made.way.value}"
    form = Form(f"{made.silence}-{form.mark}") if isinstance(made, NoData) else form
    limits = {
        "limit": form.number("limit", f"{fires} ({unit_of(made)})", _signed(made.limit, sign) or 0.0),
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
    return {name: _signed(limit, sign) for name, limit in limits.items()}


def _signed(limit: float | None, sign: float) -> float | None:
    return None if limit is None else limit * sign


def _times(form: Form, rule: Rule) -> dict[str, Any]:
    with row("rule-times"):
        said: dict[str, Any] = {
            "hold_minutes": form.count("hold", "Must last (minutes)", rule.hold_minutes, 0, 10_080),
            "hold_observations": form.count("seen", "And be read (times)", rule.hold_observations, 1, 100),
            "keep_minutes": form.count("keep", "Closes when well for (minutes)", rule.keep_minutes, 0, 10_080),
            "change_minutes": form.count(
                "change", "Between two changes told (minutes)", rule.change_minutes, 0, 10_080
            ),
        }
    help_ = "While an episode without data is open for a store, this rule says nothing about it."
    return said | {"silenced": form.switch("silenced", "Silent while there is no data", rule.silenced, help_)}


def _quiet(form: Form, quiet: Quiet | None) -> dict[str, Any] | None:
    help_ = "What would have been told then is told when they end, in one message. Critical is told at once."
    with row("rule-quiet"):
        if not form.switch("quiet", "Quiet hours", quiet is not None, help_):
            return None
        begun = quiet or Quiet(start=time(22), end=time(7), zone="UTC")
        start = st.time_input("From", begun.start, key=f"quiet-start-{form.mark}", width=120)
        end = st.time_input("To", begun.end, key=f"quiet-end-{form.mark}", width=120)
        zones = dict.fromkeys(sorted(available_timezones()))
        zone = form.choice("zone", "Time zone", {name: name for name in zones}, begun.zone)
    return {"start": start, "end": end, "zone": zone}

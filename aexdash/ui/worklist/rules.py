"""Rules and clocks: whose a listing is when it arrives, and after how long work waits too long or is untouched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, tzinfo

import streamlit as st

from aexdash.desk.decisions.assignment import LONGEST_TITLE, AssignmentRule, AssignmentRules, RuleError
from aexdash.desk.settings import LONGEST as MOST_HOURS
from aexdash.desk.settings import Name, SettingChange, SettingError, WorkSettings, WorkSettingsDesk
from aexdash.model import UNKNOWN_REASON
from aexdash.people.names import LONGEST
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import notices, person
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import moment, plain

CLOCKS: dict[Name, tuple[str, str]] = {
    "waiting_hours": ("Back to do when AliExpress left it alone for so many hours", "waiting"),
    "untouched_hours": ("Marked when nobody took it for so many hours", "untouched"),
}
"""The label of each setting, and its field."""

_TITLE, _WHO, _REASONS, _STORES, _CATEGORIES = (
    "rule-title",
    "rule-owner",
    "rule-reasons",
    "rule-stores",
    "rule-categories",
)


def draw(visit: Visit) -> None:
    """Draw the popover; what is in it is read only while it is open."""
    box = st.popover("Rules", key="rules", on_change="rerun", help="Whose a listing is when it arrives, and clocks")
    if not box.open:
        return
    with box:
        try:
            _rules(visit)
            _clocks(visit)
        except StorageError as error:
            st.caption(plain(str(error)))


# ---------------------------------------------------------------------------------------------- rules


def _rules(visit: Visit) -> None:
    st.markdown("**Whose a listing is when it arrives**")
    rules = AssignmentRules(visit.settings.desk_path).all()
    for number, rule in enumerate(rules):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(plain(rule_words(visit, rule)), width="stretch")
            up = f"Move {plain(rule.title)} up"
            st.button("↑", key=f"rule-up-{rule.key}", help=up, on_click=_up, args=(visit, number), disabled=not number)
            remove = f"Remove {plain(rule.title)}"
            st.button("✕", key=f"rule-remove-{rule.key}", help=remove, on_click=_remove, args=(visit, rule))
    st.caption(
        "The first rule that fits gives a listing its owner, when it arrives and nobody has decided about it. "
        "It never takes a listing away from anybody."
    )
    _add(visit, rules)


def rule_words(visit: Visit, rule: AssignmentRule) -> str:
    """Say what a rule asks for and whose the listings are then: `Pictures: Image → Olga`."""
    asked = [
        " or ".join(map(visit.label, rule.reasons)),
        " or ".join(f"category {one}" for one in rule.categories),
        " or ".join(map(visit.title_of, rule.stores)),
    ]
    return f"{rule.title}: {' · '.join(filter(None, asked)) or 'every listing'} → {rule.owner}"


def _add(visit: Visit, rules: Sequence[AssignmentRule]) -> None:
    choices = [UNKNOWN_REASON, *visit.taxonomy.families, *visit.taxonomy.codes]
    with st.form("rule-form", border=False):
        st.text_input("Name of a new rule", key=_TITLE, max_chars=LONGEST_TITLE)
        st.text_input("Owner", key=_WHO, max_chars=LONGEST)
        st.multiselect("Reasons (none: every one)", dict.fromkeys(choices), format_func=visit.label, key=_REASONS)
        if len(visit.stores) > 1:
            keys = [store.key for store in visit.stores]
            st.multiselect("Stores (none: every one)", keys, format_func=visit.title_of, key=_STORES)
        st.text_input("Category ids (empty: every one)", key=_CATEGORIES, placeholder="200003482, 380230")
        st.form_submit_button("Add the rule", key="add-rule", on_click=_add_now, args=(visit, len(rules)))


def _add_now(visit: Visit, place: int) -> None:
    state = st.session_state
    words = str(state[_CATEGORIES]).replace(",", " ").split()
    if not all(word.isascii() and word.isdigit() and len(word) < 19 for word in words):
        notices.leave("Category ids are numbers, with commas between them. Nothing was saved.", trouble=True)
        return
    rule = AssignmentRule(
        "",
        str(state[_TITLE]),
        str(state[_WHO]),
        tuple(state.get(_STORES, ())),
        tuple(state[_REASONS]),
        tuple(map(int, words)),
    )
    _save(visit, [(rule, place)], f"The rule {rule.title.strip()} is saved. It is asked after each sync.")


@person.signed
def _save(visit: Visit, rules: Sequence[tuple[AssignmentRule, int]], done: str) -> None:
    desk, by, now = AssignmentRules(visit.settings.desk_path), person.my_name(), visit.now

    def save() -> None:
        for rule, place in rules:
            desk.save(rule, place, by=by, now=now)

    notices.write(save, done, RuleError)


def _up(visit: Visit, number: int) -> None:
    """Move a rule one place up; the places of both are written anew."""
    rules = AssignmentRules(visit.settings.desk_path).all()
    if 0 < number < len(rules):
        order = [*rules[: number - 1], rules[number], rules[number - 1], *rules[number + 1 :]]
        moved = [(rule, place) for place, rule in enumerate(order) if rule.place != place]
        _save(visit, moved, f"{rules[number].title} is asked earlier.")


@person.signed
def _remove(visit: Visit, rule: AssignmentRule) -> None:
    desk, by, now = AssignmentRules(visit.settings.desk_path), person.my_name(), visit.now
    notices.write(lambda: desk.remove(rule.key, by=by, now=now), f"The rule {rule.title} is removed.")


# ---------------------------------------------------------------------------------------------- clocks


def _clocks(visit: Visit) -> None:
    st.markdown("**Clocks**")
    desk = WorkSettingsDesk(visit.settings.desk_path)
    present, history = desk.read(), desk.history()
    with st.form("clocks-form", border=False):
        for name, (label, field) in CLOCKS.items():
            hours = _hours(present, field)
            st.number_input(
                label, 1, MOST_HOURS, hours, key=f"{name}-{hours}", help=plain(_set_words(name, history, visit.zone))
            )
        st.form_submit_button("Set the clocks", key="set-clocks", on_click=_set_now, args=(visit, present))
    for name in CLOCKS:
        st.caption(plain(_set_words(name, history, visit.zone)))


def _hours(settings: WorkSettings, field: str) -> int:
    length: timedelta = getattr(settings, field)
    return int(length.total_seconds() // 3600)


def _set_words(name: str, history: Sequence[SettingChange], zone: tzinfo) -> str:
    last = next((one for one in history if one.name == name), None)
    what = CLOCKS[name][1].capitalize()  # type: ignore[index]
    return f"{what}: set by {last.by}, {moment(last.at, zone)}" if last else f"{what}: as it came, nobody has set it"


def _set_now(visit: Visit, present: WorkSettings) -> None:
    wanted = {
        name: int(st.session_state[f"{name}-{_hours(present, field)}"])
        for name, (_, field) in CLOCKS.items()
        if int(st.session_state[f"{name}-{_hours(present, field)}"]) != _hours(present, field)
    }
    if wanted:
        _set(visit, wanted)


@person.signed
def _set(visit: Visit, wanted: dict[Name, int]) -> None:
    desk, by, now = WorkSettingsDesk(visit.settings.desk_path), person.my_name(), visit.now

    def write() -> None:
        for name, hours in wanted.items():
            desk.set(name, hours, by=by, now=now)

    notices.write(write, "The clocks are set.", SettingError)

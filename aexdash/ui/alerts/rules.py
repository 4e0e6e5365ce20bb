"""The alert rules: a sentence for each, with switch, mute and last episode, and the form of the one in the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.model import EVERY_STORE, Episode, Rule
from aexdash.alerts.rules.rule_store import RuleError, RuleStore
from aexdash.alerts.rules.sentences import beside_band, sentence
from aexdash.desk.bands import Sensitivity
from aexdash.people.acting import rights, why_not
from aexdash.people.rights import Role
from aexdash.ui.alerts import page, rule_editor
from aexdash.ui.frame import address, names, notices
from aexdash.ui.frame.person import my_name, signed
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import moment, plain, span
from aexdash.words.severity import badge

NEW = "new"
"""The word in the address while the form of a new rule is open."""

MUTES = {
    "1 hour": timedelta(hours=1),
    "8 hours": timedelta(hours=8),
    "1 day": timedelta(days=1),
    "7 days": timedelta(days=7),
}


def draw(visit: Visit) -> None:
    """Draw the rules, and below the one in the address its form."""
    book = RuleStore(visit.settings.desk_path).read()
    rules = [rule for rule in book.rules if _may_be_seen(visit, rule)]
    opened = st.query_params.get(page.RULE, "")
    _head(opened)
    if opened == NEW and not why_not(Role.OWNER):
        with st.container(border=True, key="rule-new"):
            rule_editor.draw(visit, rule_editor.blank(visit), is_new=True)
    for words in book.unreadable:
        st.warning(plain(words))
    for rule in rules:
        with st.container(border=True, gap="small", key=f"rule-{rule.key}"):
            _row(visit, rule, is_open=rule.key == opened)
            if rule.key == opened:
                rule_editor.draw(visit, rule)
            rule_editor.lead_to_new(rule)
    names.tell(_names(visit, rules, opened))
    if opened not in ("", NEW, *(rule.key for rule in rules)):
        st.caption(f":orange-badge[Address] {plain(f'There is no rule {opened}.')}")


def _may_be_seen(visit: Visit, rule: Rule) -> bool:
    """Whether a rule watches a store that may be seen; to whoever sees all, one of a profile that is gone is shown."""
    of_some = rule.profile != EVERY_STORE and rights().seen is not None
    return not of_some or any(one.name == rule.profile for one in visit.profiles)


def _names(visit: Visit, rules: Sequence[Rule], opened: str) -> dict[str, str]:
    named: dict[str, str] = {}
    for rule in rules:
        named[f"switch-{rule.key}"] = f"On: {rule.title}"
        named[f"mute-{rule.key}"] = f"{'Muted' if _is_muted(visit, rule) else 'Mute'} {rule.title}"
        named[f"edit-rule-{rule.key}"] = f"{'Close' if rule.key == opened else _look()} {rule.title}"
    return named


def _look() -> str:
    """What the button says that opens the form of a rule."""
    return "Try" if why_not(Role.OWNER) else "Edit"


def _head(opened: str) -> None:
    refused = why_not(Role.OWNER)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="rules-head"):
        st.caption(
            "A rule is asked of each of its stores after every sync. One message when an alert opens, one when it "
            "gets worse or is about something else, one when it closes.",
            width="stretch",
        )
        st.button(
            "Close" if opened == NEW else "New rule",
            key="new-rule",
            on_click=address.change,
            args=(page.RULE, "" if opened == NEW else NEW),
            disabled=bool(refused),
        )
    if refused:
        st.caption(f"Owners change rules; here is what they say, and each can be tried on the past. {plain(refused)}")


def _row(visit: Visit, rule: Rule, *, is_open: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"rule-row-{rule.key}"):
        says = f"{badge(rule.severity)} **{plain(rule.title)}** · {plain(sentence(rule))}"
        st.markdown(f"{says}  \n:small[{_standing(visit, rule)}]", width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            _switch(visit, rule)
            _mute(visit, rule)
            st.button(
                "Close" if is_open else _look(),
                key=f"edit-rule-{rule.key}",
                on_click=address.change,
                args=(page.RULE, "" if is_open else rule.key),
            )


def _standing(visit: Visit, rule: Rule) -> str:
    """Say which stores the rule watches, whether it is off or muted, and its last episode."""
    muted = rule.muted_until and rule.muted_until > visit.now
    parts = [
        plain(_whose(visit, rule)),
        plain(beside_band(rule, lambda card: Sensitivity(visit.settings.desk_path).band_for(rule.profile, card))),
        "switched off" if not rule.enabled else "",
        f"muted until {moment(rule.muted_until, visit.zone)}" if muted else "",
        _last(visit, Episodes(visit.settings.desk_path).of_rule(rule.key)),
    ]
    return " · ".join(part for part in parts if part)


def _whose(visit: Visit, rule: Rule) -> str:
    if rule.profile == EVERY_STORE:
        return "every store"
    profile = next((one for one in visit.profiles if one.name == rule.profile), None)
    return f"profile {profile.title}" if profile else f"profile {rule.profile}, which is gone: it watches nothing"


def _last(visit: Visit, episodes: Sequence[Episode]) -> str:
    if not episodes:
        return "no alert so far"
    still = [episode for episode in episodes if episode.closed_at is None]
    if still:
        where = ", ".join(f"{visit.title_of(one.store)} since {span(visit.now - one.since)}" for one in still[:3])
        more = f" and {len(still) - 3:,} more" if len(still) > 3 else ""
        return f"**open now: {plain(where)}{more}**"
    last = max(episodes, key=lambda episode: episode.opened_at)
    lasted = span((last.closed_at or visit.now) - last.opened_at)
    return plain(f"last alert {moment(last.opened_at, visit.zone)}, {visit.title_of(last.store)}, for {lasted}")


def _switch(visit: Visit, rule: Rule) -> None:
    key = f"switch-{rule.key}"
    st.session_state[key] = rule.enabled

    st.toggle(
        "On",
        key=key,
        on_change=lambda: _turn(visit, rule, on=st.session_state[key]),
        disabled=bool(why_not(Role.OWNER)),
    )


@signed
def _turn(visit: Visit, rule: Rule, *, on: bool) -> None:
    book, done = RuleStore(visit.settings.desk_path), f"{rule.title} is {'on' if on else 'off'}."
    notices.write(lambda: book.switch(rule.key, on, by=my_name(), now=visit.now), done, RuleError)


def _is_muted(visit: Visit, rule: Rule) -> bool:
    return rule.muted_until is not None and rule.muted_until > visit.now


def _mute(visit: Visit, rule: Rule) -> None:
    muted = _is_muted(visit, rule)
    refused = why_not(Role.OPERATOR)
    label = "Muted" if muted else "Mute"
    with st.popover(label, on_change="rerun", key=f"mute-{rule.key}", disabled=bool(refused)) as box:
        if not box.open:
            return
        st.markdown("Alerts go on and stand on the pages; nobody is told before the mute ends.")
        for words, length in MUTES.items():
            until = visit.now + length
            st.button(
                f"For {words}, until {moment(until, visit.zone)}",
                key=f"mute-{rule.key}-{words}",
                on_click=_set_mute,
                args=(visit, rule, words),
            )
        if muted:
            st.button("End the mute", key=f"unmute-{rule.key}", on_click=_set_mute, args=(visit, rule, ""))


@signed
def _set_mute(visit: Visit, rule: Rule, words: str) -> None:
    until = visit.now + MUTES[words] if words else None
    book = RuleStore(visit.settings.desk_path)
    done = (
        f"{rule.title} is muted until {moment(until, visit.zone)}." if until else f"{rule.title} is not muted any more."
    )
    notices.write(lambda: book.mute(rule.key, until, by=my_name(), now=visit.now), done, RuleError)

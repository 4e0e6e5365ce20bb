"""The form of a rule: fields, problems, back-test, save, delete, and the log of changes."""

from __future__ import annotations

import hashlib

import streamlit as st

from aexdash.alerts.conditions import Threshold
from aexdash.alerts.model import EVERY_STORE, Rule
from aexdash.alerts.rules.problems import NO_NAME, problems
from aexdash.alerts.rules.rule_store import RuleError, RuleStore
from aexdash.alerts.rules.sentences import sentence
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.desk.profiles import slug_of
from aexdash.model import Severity
from aexdash.people.acting import why_not
from aexdash.people.rights import Role
from aexdash.storage.errors import StorageError
from aexdash.ui.alerts import backtest_chart, fields, page
from aexdash.ui.alerts.fields import Form
from aexdash.ui.frame import address, notices, scripts
from aexdash.ui.frame.person import my_name, signed
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import moment, plain

_OPENED = "_rule_opened"
"""The session's key for the rule as it was when its form was opened."""

_MADE = "_rule_made"
"""The session's key for the key of a rule that was just made; its row comes into sight once."""


def blank(visit: Visit) -> Rule:
    """Return the rule that the form of a new rule starts with."""
    profile = visit.view.profile or EVERY_STORE
    return Rule(key="new", title="", condition=Threshold.first(), severity=Severity.MEDIUM, profile=profile)


def draw(visit: Visit, rule: Rule, *, is_new: bool = False) -> None:
    """Draw the form of a rule. If somebody else saves it meanwhile, a warning says so before it is overwritten."""
    opened = _opened(rule)
    edited = fields.edited_rule(Form(_digest(opened)), opened, visit.profiles, visit.settings.zone)
    changed = essence(edited) != essence(opened)
    if essence(opened) != essence(rule):
        _somebody_else(visit, rule, lost=changed)
    faults = problems(edited)
    is_nameless = is_new and NO_NAME in faults  # nobody has given it one yet: no error, and it can be tried
    faults = [one for one in faults if not (is_nameless and one == NO_NAME)]
    for problem in faults:
        st.error(plain(problem))
    if not faults:
        st.markdown(f"**{plain(sentence(edited))}**")
        backtest_chart.draw(visit, edited)
    if is_nameless:
        st.caption("Give it a name above, and it can be saved.")
    _buttons(visit, rule, edited, ready=(changed or is_new) and not faults and not is_nameless, is_new=is_new)
    if not is_new:
        _log(visit, rule)


def essence(rule: Rule) -> Rule:
    """Return a rule without switch and mute, which are not edited in the form; for comparing two versions."""
    return rule.model_copy(update={"enabled": True, "muted_until": None})


def _opened(rule: Rule) -> Rule:
    """Return the rule as it was when this session opened its form; kept until another rule's form is opened."""
    kept: Rule | None = st.session_state.get(_OPENED)
    if kept is None or kept.key != rule.key:
        kept = st.session_state[_OPENED] = rule
    return kept


def lead_to_new(rule: Rule) -> None:
    """Move the focus to the row of a rule that was just made: it stands below all others, out of sight."""
    if st.session_state.get(_MADE) == rule.key:
        del st.session_state[_MADE]
        scripts.focus(f"edit-rule-{rule.key}", scripts.turn())


def forget() -> None:
    """Forget the rule as opened: the next form starts with the rule as it is saved then."""
    st.session_state.pop(_OPENED, None)


def _digest(rule: Rule) -> str:
    return hashlib.sha256(essence(rule).model_dump_json().encode()).hexdigest()[:12]


def _somebody_else(visit: Visit, rule: Rule, *, lost: bool) -> None:
    """Draw the warning that the rule was changed since the form was opened; `lost`: the person has edited it too."""
    latest = next(iter(RuleStore(visit.settings.desk_path).history(rule.key)), None)
    who = f"{latest.by} changed this rule {moment(latest.at, visit.zone)}" if latest else "This rule was changed"
    keep = " What you have entered stays here; saving it replaces that." if lost else ""
    st.warning(plain(f"{who}, after you opened it. It now says: {sentence(rule)}{keep}"))
    st.button("Show what was saved", key="show-saved", on_click=forget)


def _buttons(visit: Visit, rule: Rule, edited: Rule, *, ready: bool, is_new: bool) -> None:
    refused = why_not(Role.OWNER)
    if refused:
        st.caption(f"What you enter here is tried on the past, and not saved. {plain(refused)}")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="rule-buttons"):
        st.button(
            "Save rule",
            type="primary",
            key="save-rule",
            on_click=_save,
            args=(visit, rule, edited),
            kwargs={"is_new": is_new},
            disabled=not ready,
        )
        if not is_new:
            _remove_button(visit, rule)


def _remove_button(visit: Visit, rule: Rule) -> None:
    ships = DEFAULTS.get(rule.key)
    if ships is None:
        with st.popover("Delete"):
            st.markdown("Its open alerts are closed and say why; the log of the rule stays.")
            st.button("Delete rule", type="primary", key="delete-rule", on_click=_remove, args=(visit, rule))
        return
    st.button(
        "Back to the one that ships",
        key="reset-rule",
        on_click=_remove,
        args=(visit, rule),
        disabled=rule == ships,
        help=plain(sentence(ships)),
    )


@signed
def _save(visit: Visit, drawn: Rule, edited: Rule, *, is_new: bool) -> None:
    """Save the edited rule, unless somebody saved the rule since the form was drawn."""
    book = RuleStore(visit.settings.desk_path)
    try:
        rules = {rule.key: rule for rule in book.rules()}
        if is_new:
            key = slug_of(edited.title, {*rules, *DEFAULTS, "new"}, instead="rule")
            saved = edited.model_copy(update={"key": key})
        else:
            saved = _over(rules.get(drawn.key), drawn, edited)
        book.save(saved, by=my_name(), now=visit.now)
    except (RuleError, StorageError) as error:
        notices.leave(f"Nothing was saved: {plain(str(error))}", trouble=True)
    else:
        forget()
        address.change(page.RULE, saved.key)
        if is_new:
            st.session_state[_MADE] = saved.key
        notices.leave(plain(f"Saved. {saved.title}: {sentence(saved)}"))


def _over(current: Rule | None, drawn: Rule, edited: Rule) -> Rule:
    """Return the edited rule with switch and mute of the current one.

    Raises:
        RuleError: the rule was deleted or changed since the form was drawn.
    """
    if current is None:
        raise RuleError(f"{drawn.title} was deleted meanwhile.")
    if essence(current) != essence(drawn):
        raise RuleError("somebody changed this rule just now; look at what it says before you replace it.")
    return edited.model_copy(update={"enabled": current.enabled, "muted_until": current.muted_until})


@signed
def _remove(visit: Visit, rule: Rule) -> None:
    try:
        RuleStore(visit.settings.desk_path).remove(rule.key, by=my_name(), now=visit.now)
    except (RuleError, StorageError) as error:
        notices.leave(f"Nothing was saved: {plain(str(error))}", trouble=True)
        return
    forget()
    ships = rule.key in DEFAULTS
    if not ships:
        address.change(page.RULE, "")
    notices.leave(plain(f"{rule.title} is {'as it ships again' if ships else 'deleted'}."))


def _log(visit: Visit, rule: Rule) -> None:
    changes = RuleStore(visit.settings.desk_path).history(rule.key)
    if not changes:
        st.caption("Nobody has changed this rule so far.")
        return
    st.caption("Who changed what, the latest first")
    rows = [
        {"When": moment(one.at, visit.zone), "Who": one.by, "What": sentence(one.rule) if one.rule else "taken back"}
        for one in changes
    ]
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt="Changes of this rule, the latest first")

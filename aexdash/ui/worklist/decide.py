"""Makes the decisions of list, bar and panel on the desk, and keeps what waits for an answer before it is made.

Three things wait: what is marked fixed although what was measured at its rejection still stands, and one listing that
is taken although it is somebody else's, both of which are asked once a session and measurement or change; and what
somebody else has changed since it was shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from aexdash.clock import start_of_day
from aexdash.desk.decisions.changes import Change, Conflict, Outcome
from aexdash.desk.decisions.items import Assign, Decision, Fix, Note, Seen, Snooze, Take, is_of_others, preview
from aexdash.desk.decisions.work import Desk, TooMany
from aexdash.model import Resubmit, SnoozeUntil
from aexdash.people.names import Person
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import address, notices, person, scripts
from aexdash.ui.frame.visit import Visit
from aexdash.ui.worklist import acts, shown, table
from aexdash.ui.worklist.shown import Key
from aexdash.view import View
from aexdash.words.common import plain, plural
from aexdash.words.listings.work import (
    conflict_words,
    outcome_words,
    owners_words,
    replaced_words,
    undo_words,
    whose_now_words,
    why_not_yet,
)

VERBS: Mapping[str, str] = {
    "take": "Take",
    "fix": "Mark fixed",
    "snooze": "Snooze",
    "note": "Save the note",
    "assign": "Set the owner",
    "back": "Set back to do",
}
"""What a button says that makes a decision, by its action."""

_ASKED_AT_THE_ROW: Mapping[str, str] = {"take": "T again takes it", "fix": "F again marks it fixed"}
_ASKED_ABOVE: Mapping[str, str] = {"take": "Take it", "fix": "Is it fixed"}
_ASKED_OF_SEVERAL: Mapping[str, str] = {"take": "are somebody else's", "fix": "still as they were measured"}

UNDONE_WITHIN = timedelta(days=1)
"""For so long the last decision of a person is offered to be undone."""

LISTED = 8
"""Questions and conflicts that are told one by one; of more, the number is said."""

BOXES: Mapping[str, str] = {"owner": "owner-choices", "note": "note-choices"}
"""The keys of the popovers of the bar where something is typed for the ticked listings, by what it is."""

_WAITING, _ASKED, _KEYS, _REDRAW, _EVERYTHING = "_waits", "_asked", "_keys-of-changes", "_redraw", "_everything"
_FIELD, _JUST = "_panel-field", "_just-asked"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A decision on one listing that was not made: `question` is what was asked first, or `conflict` who was faster.

    `alone`: no other listing waits for the same answer, so it is asked where she looks, at the row or in the panel;
    what waits together is asked above the list.
    """

    decision: Decision
    seen: Seen
    through: str
    question: str = ""
    conflict: Conflict | None = None
    alone: bool = True

    @property
    def again(self) -> Seen:
        """The listing as it was told to whoever answers."""
        return self.conflict.again if self.conflict else self.seen


# ---------------------------------------------------------------------------------------------- making


@person.signed
def make(
    visit: Visit,
    decision: Decision,
    seen: Sequence[Seen],
    *,
    through: str,
    request: str | None = None,
    answered: bool = False,
) -> None:
    """Make a decision on listings as they were seen, say what it did, and keep what waits for an answer.

    Where it is made through the panel, and whoever makes it has no more to do there, the next listing of the list is
    opened. `answered`: it was said whose they are, and that does not matter.
    """
    who = person.current()
    if who is None or visit.view.as_of:
        return
    forget(one.key for one in seen)
    questions = _questions(visit, decision, seen, answered=answered)
    free = [one for one in seen if one.key not in questions]
    outcome, stood_before = Outcome(None, 0, 0), ""
    try:
        if free:
            before = (
                visit.snapshot.rows_of([one.key for one in free]) if isinstance(decision, Take | Assign | Note) else []
            )
            outcome = Desk(visit.settings.desk_path).act(
                decision, free, who=who, now=visit.now, through=through, request=request
            )
            made_on = [row for row in before if shown.key_of(row) in outcome.items]
            if isinstance(decision, Note):
                stood_before = "" if through == "panel" else replaced_words(made_on, decision.text)
            else:
                stood_before = owners_words(preview(decision, made_on, who), taken=True)
    except (StorageError, TooMany) as error:
        notices.leave(f"Nothing was saved: {plain(str(error))}", trouble=True)
        return
    late = {(one.store, one.product_id): one for one in outcome.conflicts}
    told = [one for one in seen if one.key in questions or one.key in late]
    waiting = [
        Waiting(decision, one, through, questions.get(one.key, ""), late.get(one.key), len(told) == 1) for one in told
    ]
    _keep(visit, waiting, who.name)
    made = [one.key for one in free if one.key not in late]
    _remember(outcome.change, made)
    stays = through == "panel" and _is_work_begun(decision, who)
    if not stays:  # what is open keeps its place in the list, and with it the ways to those beside it
        shown.acted(made)
    _end_everything()
    if free and not (len(waiting) == len(free) == 1):  # of one it is said where it is asked
        words = outcome_words(decision.action, outcome, who.name, visit.now, zone=visit.zone)
        notices.leave(plain(" · ".join(filter(None, (words, stood_before)))), trouble=bool(late))
    if through == "panel" and not stays:
        _move_on(made)
    redraw()


def _questions(visit: Visit, decision: Decision, seen: Sequence[Seen], *, answered: bool) -> dict[Key, str]:
    """Return what is to be asked before listings are marked fixed, or one is taken; each is asked once.

    Of several listings to be taken, the bar has said before how many are somebody else's.
    """
    who = person.current()
    if isinstance(decision, Fix):
        rows = visit.snapshot.rows_of([one.key for one in seen])
        why = [
            (shown.key_of(row), why_not_yet(row, visit.taxonomy, visit.zone))
            for row in rows
            if row.resubmit is Resubmit.NOT_YET
        ]
    elif isinstance(decision, Take) and len(seen) == 1 and who and not answered:
        # What was changed after it was shown is a conflict, which says the same.
        rows = [row for row in visit.snapshot.rows_of([seen[0].key]) if row.version == seen[0].version]
        me, now = who.name, visit.now
        why = [(shown.key_of(row), whose_now_words(row, me, now, visit.zone)) for row in rows if is_of_others(row, who)]
    else:
        return {}
    asked: set[tuple[Key, str]] = st.session_state.setdefault(_ASKED, set())
    found = {}
    for key, words in why:
        if (key, words) not in asked:
            asked.add((key, words))
            found[key] = words
    return found


def _keep(visit: Visit, waiting: Sequence[Waiting], me: str) -> None:
    """Keep what waits, to be asked once: at the row, in the panel, or of several above the list."""
    st.session_state[_WAITING] = {**_waiting(), **{one.seen.key: one for one in waiting}}
    answers = {one.seen.key: (f"{VERBS[one.decision.action]} all the same", "Leave it") for one in waiting if one.alone}
    acts.refuse({one.seen.key: _at_the_row(visit, one, me) for one in waiting}, answers)
    if waiting:
        st.session_state[_JUST] = waiting[0].seen.key


def _at_the_row(visit: Visit, one: Waiting, me: str) -> str:
    if not one.alone:
        return "not done: asked above the list"
    if one.conflict:
        return conflict_words(one.conflict, me, visit.now, visit.zone)
    return f"{one.question} {_ASKED_AT_THE_ROW[one.decision.action]} all the same."


def _remember(change: int | None, keys: Sequence[Key]) -> None:
    """Remember which listings a change of this session was made on, so that its undo moves nothing else."""
    if change is not None:
        st.session_state[_KEYS] = {**st.session_state.get(_KEYS, {}), change: tuple(keys)}


def _is_work_begun(decision: Decision, who: Person) -> bool:
    """Whether somebody who decides so goes on to work on the listing: it is hers now, or she has noted something."""
    return isinstance(decision, Take | Note) or (isinstance(decision, Assign) and decision.owner == who.name)


def _move_on(made: Collection[Key]) -> None:
    opened = address.open_listing()
    if opened not in made or opened not in shown.order():
        return
    following = shown.beside(opened, 1, skip=made)
    if following:
        address.open_(*following)
    else:
        address.close()


def redraw() -> None:
    """Have the page behind an open panel drawn again after what was done in it."""
    st.session_state[_REDRAW] = True


def must_redraw() -> bool:
    """Whether something was done since the page was last drawn as a whole."""
    return bool(st.session_state.get(_REDRAW))


def is_redrawn() -> None:
    """Say that the page is drawn as a whole, with all that was done."""
    st.session_state.pop(_REDRAW, None)


def open_field(name: str) -> None:
    """Open a field of panel or bar, *snooze*, *owner* or *note*, or with an empty name none, when it is drawn next."""
    before, _ = field_to_open()
    if name != before:
        st.session_state[_FIELD] = (name, scripts.turn())


def field_to_open() -> tuple[str, int]:
    """Return which field of panel or bar is to be open, empty for none, and a number that grows with every one."""
    found: tuple[str, int] = st.session_state.get(_FIELD, ("", 0))
    return found


# ---------------------------------------------------------------------------------------------- undo


def last_change(visit: Visit) -> Change | None:
    """Return the last decision of who is at the page that can be undone."""
    who = person.current()
    if who is None or visit.view.as_of:
        return None
    try:
        return Desk(visit.settings.desk_path).last_of(who, visit.now - UNDONE_WITHIN)
    except StorageError:
        return None


def undo_label(visit: Visit, change: Change | None) -> str:
    """Say on the button what it would undo."""
    return f"Undo: {plain(undo_words(change, visit.now, visit.zone))}" if change else "Undo"


@person.signed
def undo(visit: Visit, change: int, *, through: str = "page") -> None:
    """Put back what stood before a change; what somebody changed since stays, and is named."""
    who = person.current()
    if who is None:
        return
    try:
        outcome = Desk(visit.settings.desk_path).undo(change, who=who, now=visit.now, through=through)
    except StorageError as error:
        notices.leave(f"Nothing was put back: {plain(str(error))}", trouble=True)
        return
    keys: tuple[Key, ...] = st.session_state.get(_KEYS, {}).get(change) or tuple(outcome.items)
    forget(keys)
    shown.acted(keys)
    if keys:
        table.lead_to(tuple(outcome.items) or keys)
    words = outcome_words("undo", outcome, who.name, visit.now, zone=visit.zone)
    notices.leave(plain(words), trouble=bool(outcome.conflicts))
    if len(keys) == 1 and address.open_listing():
        address.open_(*keys[0])
    redraw()


# ---------------------------------------------------------------------------------------------- snoozes


def snooze_of(visit: Visit, choice: str, more: int = 0) -> Snooze | None:
    """Return the snooze of a choice of `keys.SNOOZES`: so many days (`3d`), or an event; None for no choice of it.

    `more`: with *worse*, also so many more listings with the same reason.
    """
    if choice in tuple(SnoozeUntil):
        same = visit.snapshot.codes_held(None) if more else {}
        return Snooze(event=SnoozeUntil(choice), more=more, same=same)
    days = choice.removesuffix("d")
    if not (days.isascii() and days.isdigit() and len(days) < 4):
        return None
    return Snooze(until=midnight_in(visit, int(days)))


def midnight_in(visit: Visit, days: int) -> datetime:
    """Return the begin of the day so many days from today, where the workspace is."""
    return start_of_day(visit.today + timedelta(days=days), visit.zone)


# ---------------------------------------------------------------------------------------------- all that match


def set_everything(visit: Visit, *, on: bool) -> None:
    """Say whether acts are meant for all listings that match; it holds for this view alone."""
    st.session_state[_EVERYTHING] = _name(visit.view) if on else None


def is_everything(visit: Visit) -> bool:
    """Whether acts are meant for all listings that match the view."""
    return st.session_state.get(_EVERYTHING) == _name(visit.view)


def everything(visit: Visit, as_shown: Mapping[Key, Seen]) -> list[Seen]:
    """Return all listings that match the view as they are now; those on the page as they were shown."""
    return [as_shown.get(shown.key_of(row)) or Seen.of(row) for row in visit.snapshot.targets(visit.view)]


def _end_everything() -> None:
    if st.session_state.pop(_EVERYTHING, None):
        table.set_ticks(())


def _name(view: View) -> str:
    return repr(sorted(view.to_query().items()))


# ---------------------------------------------------------------------------------------------- what waits


def _waiting() -> dict[Key, Waiting]:
    found: dict[Key, Waiting] = st.session_state.get(_WAITING, {})
    return found


def forget(keys: Iterable[Key]) -> None:
    """Forget what waits on listings: it is done, or left as it is."""
    gone = set(keys)
    st.session_state[_WAITING] = {key: one for key, one in _waiting().items() if key not in gone}
    acts.admit(gone)


def waits_on(key: Key) -> Waiting | None:
    """Return what waits for an answer on a listing."""
    return _waiting().get(key)


def waiting() -> list[Waiting]:
    """Return what waits for an answer above the list: all that is not asked at its row."""
    at_rows = shown.order()
    return [one for key, one in _waiting().items() if not one.alone or key not in at_rows]


def draw(visit: Visit, every: Sequence[Waiting]) -> None:
    """Draw what waits for an answer, a line for the questions and one for the conflicts of each action."""
    for is_conflict in (False, True):
        for action in dict.fromkeys(one.decision.action for one in every):
            part = [one for one in every if one.decision.action == action and bool(one.conflict) == is_conflict]
            if part:
                _draw_part(visit, part, is_conflict=is_conflict)


def _draw_part(visit: Visit, part: Sequence[Waiting], *, is_conflict: bool) -> None:
    """Draw questions, or conflicts, of one action, with the two answers; of several, each is told behind a button."""
    action = part[0].decision.action
    key = f"{'conflict' if is_conflict else 'question'}-{action}-{part[0].seen.product_id}-{len(part)}"
    if st.session_state.get(_JUST) in [one.seen.key for one in part]:
        scripts.focus(f"{key}-yes", scripts.turn())
        del st.session_state[_JUST]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=key):
        if len(part) == 1:
            st.markdown(plain(_sentence(visit, part[0])), width="content")
        else:
            what = "changed since they were shown here" if is_conflict else _ASKED_OF_SEVERAL[action]
            st.markdown(f"**{plural(len(part), 'listing')} {what}**", width="content")
        these = f" {len(part):,}" if len(part) > 1 else ""
        label = f"{VERBS[action]}{these} all the same"
        st.button(label, key=f"{key}-yes", type="primary", on_click=all_the_same, args=(visit, tuple(part)))
        leave_it = "Leave it" if len(part) == 1 else "Leave them"
        st.button(leave_it, key=f"{key}-no", on_click=leave, args=(tuple(part),))
        if len(part) > 1:
            with st.popover("Which", key=f"{key}-which"):
                for one in part[:LISTED]:
                    st.markdown(f"{one.seen.product_id}: {plain(_sentence(visit, one))}")
                if len(part) > LISTED:
                    st.caption(f"and {len(part) - LISTED:,} more")


def _sentence(visit: Visit, one: Waiting) -> str:
    who = person.current()
    if one.conflict:
        return conflict_words(one.conflict, who.name if who else "", visit.now, visit.zone)
    return f"{one.question} {_ASKED_ABOVE[one.decision.action]} all the same?"


def all_the_same(visit: Visit, part: Sequence[Waiting]) -> None:
    """Make decisions that wait all the same, on the listings as they were told to whoever answers."""
    first = part[0]
    make(visit, first.decision, [one.again for one in part], through=first.through, answered=True)


def leave(part: Sequence[Waiting]) -> None:
    """Leave listings as they are that wait for an answer."""
    forget(one.seen.key for one in part)
    redraw()

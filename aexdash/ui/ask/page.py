"""The page *Ask*: the box, the answer with all that limits it, and what was asked before. The address holds both."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import parse_qsl

import streamlit as st

from aexdash.ask.answer import Answer, Choice, Refusal, Row
from aexdash.ask.answers.answering import answer
from aexdash.ask.question import Kind
from aexdash.ask.vocabulary import build
from aexdash.ask.workspace import Workspace, open_workspace
from aexdash.ui.ask import box
from aexdash.ui.ask.box import ASKED, THEN
from aexdash.ui.ask.chart import in_words, picture
from aexdash.ui.frame import address, nav, scripts
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.view import View
from aexdash.words.common import plain, plural

Chain = tuple[str, ...]
"""A question and its follow-ups, as they were typed."""

MOST_ASKED = 12
"""Questions that the list of what was asked before holds."""

_ASKED_BEFORE = "_asked"

SAME_NUMBER, BOOKS = "Open the page with this number ›", "Open the books of this span ›"
"""What leads to a page that has the number itself, and to one that has what entered and left in the same span: books
count a listing where it is first held, and a move to *rejected* may come from there."""

LEADING = {Kind.MOVES: BOOKS, Kind.ALERTS: "Open the alerts ›", Kind.READINGS: "Open Health ›"}
"""What leads on from an answer, where it is not a page with the same number."""

EXAMPLES = (
    "How many listings are held?",
    "How many were rejected last week, by reason",
    "Rejected listings by category",
    "How many came back on sale in the last 7 days compared with the previous period",
    "Why did it jump yesterday?",
)


def draw(visit: Visit) -> None:
    """Draw the page."""
    st.markdown("## Ask", anchors=False)
    if visit.view.as_of:
        st.info("Questions are answered as of now. Name a moment in the question itself: *at the end of last week*.")
        st.button("Back to now", key="ask-now", on_click=address.back_to_now)
        return
    chain = _asked()
    workspace = open_workspace(visit.settings, visit.clock, View(store=visit.view.store, profile=visit.view.profile))
    told = _answers(visit, workspace, chain)
    going_on = bool(told) and told[-1].refusal is None
    if typed := box.draw(box.GO_ON if going_on else box.HINT):
        _show((*chain, typed) if going_on and _goes_on(visit, workspace, typed, told[-1]) else (typed,))
    if not told:
        _examples(visit)
        return
    st.markdown(f"Asked: **{' → '.join(map(plain, chain))}**", anchors=False)
    _answer(visit, told[-1])
    _before(visit, chain)


def _asked() -> Chain:
    """Read the question of the address, and its follow-ups behind it."""
    first = st.query_params.get(ASKED, "")
    return (first, *st.query_params.get_all(THEN)) if first else ()


def _answers(visit: Visit, workspace: Workspace, chain: Chain) -> list[Answer]:
    """Answer a question and its follow-ups, each from the one before, up to the first refusal."""
    lexicon = build(workspace)
    told: list[Answer] = []
    for words in chain:
        if told and told[-1].refusal is not None:
            break
        told.append(answer(words, workspace, visit.now, after=told[-1].question if told else None, lexicon=lexicon))
    return told


def _goes_on(visit: Visit, workspace: Workspace, typed: str, last: Answer) -> bool:
    """Whether words change the last answer, or say nothing without it; else they are a new question."""
    following = answer(typed, workspace, visit.now, after=last.question)
    return bool(following.changed) or (following.refusal is not None and _refused_alone(visit, workspace, typed))


def _refused_alone(visit: Visit, workspace: Workspace, typed: str) -> bool:
    return answer(typed, workspace, visit.now).refusal is not None


def _show(chain: Chain) -> None:
    """Write a question and its follow-ups into the address, and draw the page again."""
    st.query_params.from_dict({**_place(), **_words(chain)})
    st.rerun()


def _words(chain: Chain) -> dict[str, str | list[str]]:
    first, *later = chain
    return {ASKED: first, THEN: later} if later else {ASKED: first}


def _place() -> dict[str, str]:
    return {name: st.query_params[name] for name in ("store", "profile") if name in st.query_params}


def _examples(visit: Visit) -> None:
    st.caption("In English, Chinese, Russian or Spanish. For example:")
    for words in EXAMPLES:
        nav.link("ask", f"{words} ›", {**visit.kept(), ASKED: words})


def _answer(visit: Visit, told: Answer) -> None:
    """Draw an answer, or why there is none and what to choose instead."""
    if told.refusal is not None:
        _refused(told.refusal, told.readings)
        return
    with st.container(border=True, key="answer"):
        st.markdown(f"### {plain(told.sentence)}", anchors=False)
        st.caption(plain(told.statement))
        _read_as(told)
        for changed in told.changed:
            st.markdown(f":gray-badge[{plain(changed)}]")
        _compared(told)
        for line in told.lines:
            st.markdown(plain(line))
        if len(told.points) > 1 and any(one.number is not None for one in told.points):
            st.image(picture(told.points, theme()), width="stretch", alt=in_words(told.points, told.unit))
        if told.link:  # two stores of three have no page of their own
            _link(told.link, LEADING.get(told.question.kind, SAME_NUMBER) if told.question else SAME_NUMBER)
    _rows(told)
    if told.command:
        scripts.to_copy(told.command, "command")


def _refused(refusal: Refusal, readings: tuple[Answer, ...]) -> None:
    """Say why there is no answer, and draw what to choose instead, with the number of each where it was asked for."""
    st.warning(plain(refusal.sentence), title="Not answered" if not refusal.choices else "Which one?")
    for number, choice in enumerate(refusal.choices):
        with st.container(gap="xxsmall", key=f"ask-reading-{number}"):
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                if readings:
                    words = readings[number].text or readings[number].sentence
                    st.markdown(f"### {plain(words)}", anchors=False, width="content")
                _choice(number, choice)
            if readings:
                st.caption(plain(readings[number].statement))
            if readings and _is_divided(readings[number]):
                _rows(readings[number], key=f"ask-reading-rows-{number}")


def _choice(number: int, choice: Choice) -> None:
    st.button(
        plain(choice.meaning or choice.words),
        key=f"ask-choice-{number}",
        on_click=_choose,
        args=(choice,),
        help=plain(choice.words),
    )


def _is_divided(told: Answer) -> bool:
    return told.question is not None and told.question.by is not None


def _choose(choice: Choice) -> None:
    st.query_params.from_dict({**_place(), ASKED: choice.words})


def _compared(told: Answer) -> None:
    other = told.compared
    if other is None:
        return
    change = f" · **{plain(other.change)}**" if other.change else ""
    note = f" · {plain(other.note)}" if other.note else ""
    st.markdown(f"{plain(other.text)} {plain(other.when)}{change}{note}")


def _rows(told: Answer, *, key: str = "answer-rows") -> None:
    """Draw the parts of a number, or the listings behind it, each with the way to exactly these."""
    if not told.rows:
        return
    with st.container(gap="xsmall", key=key):
        for group, rows in groupby(told.rows, key=lambda row: row.group):
            if group:
                _group(group, list(rows))
                continue
            for row in rows:
                _row(row)
    if told.more > 0:
        st.caption(f"and {told.more:,} more")
    if told.rows_note:
        st.caption(plain(told.rows_note))


def _row(row: Row) -> None:
    if row.link:
        _link(row.link, f"{_row_words(row)} ›")
    else:
        st.markdown(_row_words(row))


def _group(name: str, rows: list[Row]) -> None:
    """Draw the parts of a part in a line that is broken where it is too long."""
    st.markdown(f"**{plain(name)}**")
    with st.container(horizontal=True, gap="small"):
        for row in rows:
            _row(row)


def _row_words(row: Row) -> str:
    if row.title:
        return " · ".join([f"**{plain(row.title)}**", *(plain(one) for one in (row.name, row.text) if one)])
    return f"**{plain(row.text)}** {plain(row.name)}"


def _link(target: str, words: str) -> None:
    """Draw the way to a page whose path and query are known."""
    page, _, query = target.partition("?")
    nav.link(page, words, dict(parse_qsl(query)))


def _read_as(told: Answer) -> None:
    """Say right below the number what the words were taken for, and which were left out: a long list hides neither."""
    said = [f"*{plain(one.words)}* = {plain(one.meaning)}" for one in told.read]
    st.caption(f"Read as: {' · '.join([plain(told.meaning), *said])}")
    if told.ignored:
        st.caption(f"Ignored: {plain(', '.join(told.ignored))}")


def _before(visit: Visit, chain: Chain) -> None:
    """Draw what was asked before in this tab, each as a link to its answer as it is now."""
    kept: list[Chain] = st.session_state.setdefault(_ASKED_BEFORE, [])
    others = [one for one in kept if one != chain]
    st.session_state[_ASKED_BEFORE] = [chain, *others][:MOST_ASKED]
    if not others:
        return
    with st.expander(f"Asked before: {plural(len(others), 'question')}", key="asked-before"):
        for one in others:
            nav.link("ask", " → ".join(map(plain, one)), {**visit.kept(), **_words(one)})

"""Banners above a page: a past moment is shown, the data is stale or partial, or part of the address was ignored."""

from __future__ import annotations

import streamlit as st

from aexdash.desk.file import lost
from aexdash.ui.frame import time_machine
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import capital, plain, without_home
from aexdash.words.statements import copy_words, trouble_of

HERE = " See Health."
"""How a sentence ends that leads to that page; left out there."""


def draw(visit: Visit, page: str = "") -> None:
    """Draw the banners that apply above a page of this title; nothing when it shows fresh data of now."""
    settings(visit.problem)
    _desk(visit)
    leads = HERE if page != "Health" else ""
    _copy(visit, leads)
    if visit.view.as_of:
        time_machine.draw(visit)
    else:
        _freshness(visit, leads)
    for note in visit.view.notes:
        st.caption(f":orange-badge[Address] {plain(note)}")


def settings(problem: str) -> None:
    """Say that the files of the settings cannot be used and which line is wrong, where that is so."""
    if problem:
        said = f"{plain(without_home(problem))} Until that is mended, the settings read before stay in force."
        st.error(said, title="The settings cannot be used as they are written now")


def _desk(visit: Visit) -> None:
    """Say that what people decided is gone: no page may look as if nobody had decided anything."""
    if said := lost(visit.settings.desk_path):
        st.error(plain(without_home(said)), title="What people decided is gone")


def _copy(visit: Visit, leads: str) -> None:
    """Say that this machine shows copies and where things are changed; and where the copy is late, how late."""
    if not visit.settings.replica.follows:
        return
    where = plain(visit.settings.replica.writer)
    st.caption(f"This machine shows copies and writes nothing: notes, owners and settings are changed at {where}.")
    if visit.is_late and not visit.view.as_of:
        st.warning(
            f"What {where} has read or changed since is not here yet. Is `aexdash follow` running?{leads}",
            title=capital(copy_words(visit.reach())),
        )


def _freshness(visit: Visit, leads: str) -> None:
    """Say what is wrong with how current the page is; while a demo reads its past that is no trouble."""
    if words := visit.preparing:
        st.info(f"{plain(words)}. What you see is of the days read so far.")
        return
    freshness = visit.freshness()
    said = trouble_of(visit.reach(), freshness, visit.now, visit.zone)
    if said is None:
        return
    title, sentence = said
    if sentence.endswith(HERE):
        sentence = sentence.removesuffix(HERE) + leads
    if freshness.state in ("failed", "ahead"):
        st.error(sentence, title=title)
    elif freshness.state in ("stale", "partial"):
        st.warning(sentence, title=title)
    else:
        st.info(sentence, title=title)

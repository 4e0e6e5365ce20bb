"""The reason filter: a chip a family, and under the chosen ones a chip a code, each with its counts.

A family without any of its codes chosen means the whole family; so the address says `image`, or the codes themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.runtime.state import WidgetCallback

from aexdash.model import IN_REVIEW, UNKNOWN_REASON
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import ReasonCount
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview.why import blocks
from aexdash.view import ORDERS, View
from aexdash.words.common import plain

FAMILIES = "filter-family"
CODES = "filter-reason"
LABELS = {FAMILIES: "Family of reasons", CODES: "Reason"}

ONLY_THEMSELVES = (UNKNOWN_REASON, IN_REVIEW)
"""Families that are their own single code."""


def families_of(reasons: Sequence[str]) -> list[str]:
    """The families that codes and families belong to, each once."""
    return list(dict.fromkeys(reason.partition(".")[0] for reason in reasons))


def reasons_of(families: Sequence[str], codes: Sequence[str]) -> tuple[str, ...]:
    """What chosen chips ask for: the chosen codes of each chosen family, or the whole of it."""
    asked: list[str] = []
    for family in families:
        asked += [code for code in codes if code.partition(".")[0] == family] or [family]
    return tuple(dict.fromkeys(asked))


def chosen(reasons: Sequence[str]) -> tuple[list[str], list[str]]:
    """The families and the codes whose chips are on for what an address asks; a whole family leaves its codes off."""
    families = families_of(reasons)
    whole = [family for family in families if family in reasons]
    return families, [reason for reason in reasons if "." in reason and reason.partition(".")[0] not in whole]


def given(reasons: Sequence[str]) -> tuple[str, ...]:
    """The reasons that the widgets now say; those of the address where they are not drawn."""
    if FAMILIES not in st.session_state:
        return tuple(reasons)
    codes = st.session_state.get(CODES, chosen(reasons)[1])
    return reasons_of(st.session_state[FAMILIES], codes)


def draw(visit: Visit, changed: WidgetCallback) -> None:
    """Draw the chips; choosing one of a family brings up its codes under them."""
    families, codes = chosen(visit.view.reasons)
    counted = {count.code: count for count in family_counts(visit)}
    _pills(visit, FAMILIES, _with(counted, families), families, changed)
    if set(families) - set(ONLY_THEMSELVES):
        of_families = {
            count.code: count
            for count in reason_counts(visit)
            if count.code.partition(".")[0] in families and count.code not in ONLY_THEMSELVES
        }
        _pills(visit, CODES, _with(of_families, codes), codes, changed)
    else:
        st.session_state.pop(CODES, None)  # or codes of a family chosen earlier would come back with it


def family_counts(visit: Visit) -> list[ReasonCount]:
    """Count distinct listings by family of reasons, whatever reasons the view asks for; the most first."""
    return visit.ask(Snapshot.family_counts, _whatever_reason(visit.view))


def reason_counts(visit: Visit) -> list[ReasonCount]:
    """Count the same listings by code."""
    return visit.ask(Snapshot.reason_counts, _whatever_reason(visit.view))


def _whatever_reason(view: View) -> View:
    return view.replace(reasons=(), provenance=(), order=ORDERS[0])


def _with(counted: Mapping[str, ReasonCount], on: Sequence[str]) -> dict[str, ReasonCount]:
    """The counts by code; what is chosen and held by no listing stays, with a zero."""
    return {**counted, **{code: ReasonCount(code, 0, 0, ()) for code in on if code not in counted}}


def _pills(
    visit: Visit, key: str, counts: Mapping[str, ReasonCount], on: Sequence[str], changed: WidgetCallback
) -> None:
    st.session_state[key] = [code for code in counts if code in on]
    st.pills(
        LABELS[key],
        list(counts),
        selection_mode="multi",
        format_func=lambda code: _words(visit, counts[code]),
        key=key,
        on_change=changed,
        args=(visit.view,),
        label_visibility="collapsed",
        wrap=True,
    )


def _words(visit: Visit, count: ReasonCount) -> str:
    return chip(visit.label(count.code), count.listings, count.sole if blocks(count) else 0)


def chip(words: str, listings: int, sole: int = 0) -> str:
    """The words of a chip with its count, and with how many listings this alone blocks."""
    alone = f" · {sole:,} sole" if sole else ""
    return f"{plain(words)}  **{listings:,}**{alone}"

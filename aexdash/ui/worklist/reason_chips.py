"""The reason filter: a chip for each family, and for each code of the chosen families, with counts.

A chosen family without chosen codes means the whole family; the address has `image`, or the codes themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st
from streamlit.runtime.state import WidgetCallback

from aexdash.model import IN_REVIEW, NOTHING_FOUND, UNKNOWN_REASON
from aexdash.snapshot.tallies import ReasonCount
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview.why import blocks
from aexdash.ui.worklist import counted, tabs
from aexdash.words.common import plain
from aexdash.words.statements import least_words

FAMILIES = "filter-family"
CODES = "filter-reason"
LABELS = {FAMILIES: "Family of reasons", CODES: "Reason"}

LINE = 1140
"""Pixels of a line of chips on the narrowest desk, 1280 wide."""

AROUND, LETTER = 32, 4.75
"""Pixels of a chip beside its words, and of a letter in it on average; measured, to keep room for what comes late."""

ONLY_THEMSELVES = (UNKNOWN_REASON, IN_REVIEW, NOTHING_FOUND)
"""Families with one code of the same name."""


def families_of(reasons: Sequence[str]) -> list[str]:
    """Return the families of codes and families, each once."""
    return list(dict.fromkeys(reason.partition(".")[0] for reason in reasons))


def reasons_of(families: Sequence[str], codes: Sequence[str]) -> tuple[str, ...]:
    """Return the reasons that the chosen chips filter by: the chosen codes of each chosen family, else the family."""
    reasons: list[str] = []
    for family in families:
        reasons += [code for code in codes if code.partition(".")[0] == family] or [family]
    return tuple(dict.fromkeys(reasons))


def chosen(reasons: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the families and codes whose chips are on for the reasons of an address; whole families have no codes."""
    families = families_of(reasons)
    whole = [family for family in families if family in reasons]
    return families, [reason for reason in reasons if "." in reason and reason.partition(".")[0] not in whole]


def chosen_reasons(reasons: Sequence[str], key_of: Callable[[str], str]) -> tuple[str, ...]:
    """Return the reasons chosen in the widgets; while they are not drawn, those of the address."""
    if key_of(FAMILIES) not in st.session_state:
        return tuple(reasons)
    codes = st.session_state.get(key_of(CODES), chosen(reasons)[1])
    return reasons_of(st.session_state[key_of(FAMILIES)], codes)


def draw(visit: Visit, changed: WidgetCallback, key_of: Callable[[str], str]) -> None:
    """Draw the chips; choosing a family shows the chips of its codes below. `key_of` gives the keys of the two rows."""
    families, codes = chosen(visit.view.reasons)
    counted = {count.code: count for count in family_counts(visit)}
    draw_row = partial(_pills, visit, key_of=key_of, changed=changed)
    draw_row(FAMILIES, _with(counted, families), families)
    if set(families) - set(ONLY_THEMSELVES):
        of_families = {
            count.code: count
            for count in reason_counts(visit)
            if count.code.partition(".")[0] in families and count.code not in ONLY_THEMSELVES
        }
        draw_row(CODES, _with(of_families, codes), codes)
    else:
        st.session_state.pop(key_of(CODES), None)  # else codes chosen earlier would come back with their family


def lines(visit: Visit) -> int:
    """Return in about how many lines the chips of the families will stand on the narrowest desk."""
    needed, left = 1, float(LINE)
    for count in family_counts(visit):
        width = AROUND + LETTER * len(_words(visit, count))
        if width > left:
            needed, left = needed + 1, float(LINE)
        left -= width
    return needed


def family_counts(visit: Visit) -> Sequence[ReasonCount]:
    """Count distinct listings by family of reasons, the most first; the view's own reason filter is ignored."""
    return counted.families_and_reasons(visit, tabs.my_name())[0]


def reason_counts(visit: Visit) -> Sequence[ReasonCount]:
    """Count the same listings by reason code."""
    return counted.families_and_reasons(visit, tabs.my_name())[1]


def _with(counted: Mapping[str, ReasonCount], on: Sequence[str]) -> dict[str, ReasonCount]:
    """Return the counts by code; chosen codes without listings are added with zero."""
    return {**counted, **{code: ReasonCount(code, 0, 0, ()) for code in on if code not in counted}}


def _pills(
    visit: Visit,
    row: str,
    counts: Mapping[str, ReasonCount],
    on: Sequence[str],
    *,
    key_of: Callable[[str], str],
    changed: WidgetCallback,
) -> None:
    key = key_of(row)
    st.session_state[key] = [code for code in counts if code in on]
    st.pills(
        LABELS[row],
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


def chip(words: str, listings: int, sole: int = 0, *, is_least: bool = False) -> str:
    """Return the text of a chip: words, count, and of how many listings it is the sole blocker.

    `is_least`: there may be more, because not all listings were looked at.
    """
    alone = f" · {sole:,} alone" if sole else ""
    count = least_words(f"{listings:,}") if is_least else f"{listings:,}"
    return f"{plain(words)}  **{count}**{alone}"

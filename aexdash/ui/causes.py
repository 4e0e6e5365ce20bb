"""*Why? What goes with it*: a button beside a movement, what was found of it, and what can be done with that."""

from __future__ import annotations

import streamlit as st

from aexdash.causes.kept import Reports
from aexdash.causes.movement import Movement
from aexdash.causes.report import Report, examine, to_json
from aexdash.causes.watching import last_kept
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import notices, person
from aexdash.ui.frame.visit import Visit
from aexdash.words import causes as words
from aexdash.words.common import moment, plain

LABEL = "Why? What goes with it"

HELP = (
    "Compares what moved with all other listings: which property goes with it, of how many, and whether it is new. "
    "It takes some seconds in a large store, and never says why."
)


def ask(visit: Visit, movement: Movement, key: str) -> None:
    """Draw the button that examines a movement and keeps the report; pressed again it asks anew."""
    if visit.view.as_of is None or movement.end <= visit.view.as_of:
        st.button(LABEL, key=f"why-{key}", type="tertiary", help=HELP, on_click=_examine, args=(visit, movement))


@person.signed
def _examine(visit: Visit, movement: Movement) -> None:
    def keep() -> None:
        report = examine(visit.snapshot, movement, visit.now)
        by = person.my_name()
        Reports(visit.settings.desk_path).keep(movement.key, to_json(report), by=by, now=visit.now)

    notices.write(keep, "Examined; the report is kept.")


def answer(visit: Visit, movement: Movement, key: str) -> None:
    """Draw what the newest kept report says of a movement: its sentence, and the rest behind a click."""
    try:
        report = last_kept(Reports(visit.settings.desk_path), movement)
    except StorageError as error:
        st.caption(plain(str(error)))
        return
    if report is None:
        return
    with st.container(gap="xsmall", key=f"goes-with-{key}"):
        st.markdown(plain(_said(report)))
        with st.expander(f"With how much evidence, as examined {moment(report.made_at, visit.zone)}"):
            for line in words.report_lines(report, visit.zone):
                st.markdown(f"- {plain(line.strip())}" if line.startswith("  ") else plain(line))


def _said(report: Report) -> str:
    """Say in one sentence what goes with it, and how many on sale share it."""
    sentence = words.outcome_words(report)
    return f"{sentence} {words.on_sale_words(report.top)}." if report.top else sentence

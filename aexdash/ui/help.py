"""The page *How to read this*: one guide, the one of the page that somebody comes from, and the way to the others."""

from __future__ import annotations

import streamlit as st

from aexdash.ui.frame import nav, segments
from aexdash.ui.frame.nav import ABOUT
from aexdash.ui.frame.visit import Visit
from aexdash.words.guides import GUIDES, markdown


def draw(visit: Visit) -> None:
    """Draw the guide that the address names, and the choice of another."""
    names = [name for name in nav.HELP if name in GUIDES]
    asked = st.query_params.get(ABOUT, names[0])
    shown = asked if asked in names else names[0]
    st.markdown("## How to read this", anchors=False)
    segments.draw(ABOUT, "Which page", {name: name.title() for name in names}, shown, names[0])
    st.markdown(f"### {shown.title()}\n\n{markdown(GUIDES[shown])}", anchors=False)
    nav.link(shown, f"Open {shown.title()} ›", visit.kept())

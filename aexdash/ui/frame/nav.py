"""The pages of the app: their files, their names, and links to them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cache
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.navigation.page import Page
from streamlit.runtime.scriptrunner import get_script_run_ctx

PAGES_FOLDER = Path(__file__).resolve().parents[3] / "pages"

HELP = {
    "overview": "How many listings are held, why, since when, and whether that is current.",
    "ask": "A question in plain words, answered with the number, who read it and when.",
    "worklist": "The held listings one by one: filter, take, fix, export.",
    "reasons": "What Seller Center says, dropped in as a file; what was not recognised; what each reason means.",
    "feed": "What the validation of the feed rejected before AliExpress saw it, and the files it comes from.",
    "history": "The held count over time against its siblings, and every page as of any moment.",
    "sensitivity": "When a number is called good or bad, per profile, and what a change would have said.",
    "reconcile": "What Seller Center lists or counts beside what we had then, and why it differs; what left sale.",
    "health": "Whether what you see is true: what is not known, and how each store was read.",
    "settings": "Stores, channels, feeds, shops and the time zone: what is read, and who is told.",
    "connect": "A store is connected here by signing in to AliExpress.",
}

IN_BAR = tuple(name for name in HELP if name not in ("connect", "reconcile"))
"""The pages that the top bar links to. A store is connected from the settings, or where there is none yet; a comparison
with Seller Center begins beside the number that somebody doubts, and on Health."""

BESIDE = {
    "help": "What each page answers, how to act on it, and what it cannot know.",
    "causes": "What goes with a movement that somebody pointed at: how much evidence there is, and what shares it.",
}
"""The pages that the top bar does not link to: of help every page has a link at its foot, of causes each movement."""


NAMES = frozenset(HELP | BESIDE)
"""The names of all pages, as they stand in addresses."""


def pages() -> dict[str, Page]:
    """Return the pages of one run by the name in their address; the first is the front page."""
    return {name: copy(page) for name, page in _known().items()}


def _known() -> Mapping[str, Page]:
    """Return the pages to link to. To make one looks at its file, and a page of the app has up to sixty links."""
    return _made_once() if get_script_run_ctx(suppress_warning=True) else _made()


def _made() -> Mapping[str, Page]:
    """Make the pages; where no page runs, as in a test of one function, Streamlit leaves out what belongs to a run."""
    return {
        name: st.Page(PAGES_FOLDER / f"{name}.py", title=name.title(), help=text, default=name == "overview")
        for name, text in (HELP | BESIDE).items()
    }


_made_once = cache(_made)


LEAD_FILE = Path(__file__).with_name("lead.js")
"""The script that follows the link of `lead_to`."""

ABOUT = "about"
"""The parameter of the help page: the name of the page that it explains."""

FIRST_LOOK: Mapping[str, str] = {"lane": "todo", "order": "urgent"}
"""The filters of the link to the worklist in the top bar, before somebody has chosen others in this tab."""


def link(
    name: str,
    label: str,
    query: Mapping[str, str | list[str]],
    *,
    told: str | None = None,
    disabled: bool = False,
    width: int | Literal["content", "stretch"] = "content",
) -> None:
    """Draw a link to a page with the parameters of its address; `told` says more where the pointer rests on it.

    `width` is that of its place, in pixels where it is a number.
    """
    page = _known()[name]
    st.page_link(page, label=label, query_params=dict(query), help=told or page.help, disabled=disabled, width=width)


def lead_to(name: str, query: Mapping[str, str | list[str]]) -> None:
    """Have the browser go on to a page, as after a click on a link; the link stays where no script may run.

    `st.switch_page` would change the page on the server alone. What the browser then asks before it has heard of that
    still names the page before; answered, it left people with an empty window.
    """
    with st.container(key="leads-on"):
        link(name, "Go on ›", query)


def to_help(address: str) -> None:
    """Draw the link to the guide of a page, below all that is on it; `address` is empty for the front page."""
    if address not in BESIDE:
        kept = {word: st.query_params[word] for word in ("store", "profile") if word in st.query_params}
        link("help", "How to read this page ›", {**kept, ABOUT: address or next(iter(HELP))})

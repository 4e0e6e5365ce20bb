"""What a page asks for by itself: whether the server is there, how fresh the data is, and whether there is news.

The browser asks for one small answer every two seconds. Only where that tells of something that the page does not show
does it have the page drawn again: to run a page and to draw it costs both sides a hundred times as much. A page whose
server is gone must not look fresh: then the browser greys the numbers and says since when nobody answers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aexdash.clock import system_clock
from aexdash.config import editing
from aexdash.config.in_force import in_force
from aexdash.config.settings import ConfigError, Settings
from aexdash.desk.decisions.work import Desk
from aexdash.desk.profiles import Profiles, resolve_view
from aexdash.reasons.taxonomy import TaxonomyError
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageError
from aexdash.storage.one_state import one_state
from aexdash.ui.frame.visit import Visit
from aexdash.view import View
from aexdash.words.common import moment
from aexdash.words.statements import current_line

SCRIPT_FILE = Path(__file__).with_name("news.js")
"""The script that asks."""

ADDRESS = "/news.json"
"""Where the browser asks; the words of its address are those that the page keeps: store or profile, and moment."""

BUTTON = "show-news"
"""The key of the button that the browser presses where there is news; look.css keeps it out of sight."""


@dataclass(frozen=True)
class News:
    """What there is to know now: `mark` changes with whatever a page shows; `line` says how fresh the data is."""

    mark: str
    line: str


UNREADABLE = News("", "")
"""The news where a file cannot be read: no page shows that, so it is drawn again and says why."""


def news_of(visit: Visit) -> News:
    """Return what there is to know of the stores that a visit shows.

    The mark stands for data, freshness, settings, what a home is prepared with, open alerts and what people did.

    Raises:
        StorageError: the snapshot or the desk cannot be read.
    """
    freshness, home = visit.freshness(), visit.settings.home
    told = (
        visit.snapshot.version(),
        freshness.state,
        freshness.message,
        editing.mark(home),
        visit.preparing,
        visit.is_late,
        Desk(visit.settings.desk_path).mark(),
        [(one.id, one.at, one.acknowledged_at) for one in visit.open_episodes()],
    )
    mark = hashlib.blake2b(repr(told).encode(), digest_size=12).hexdigest()
    if visit.view.as_of:
        return News(mark, f"showing {moment(visit.view.as_of, visit.zone)}")
    return News(mark, visit.preparing or current_line(visit.reach(), freshness, visit.now, visit.zone))


def line(told: News, visit: Visit) -> None:
    """Draw how fresh the data is; the browser keeps it young, and asks for news of what the page shows.

    Of a page without this line it asks only whether the server is there.
    """
    of = escape(f"{ADDRESS}?{urlencode(visit.kept())}")
    words = escape(told.line)
    st.html(f'<p data-freshness data-news-mark="{told.mark}" data-news-of="{of}">{words}</p>', width="content")


def answer(request: Request) -> Response:
    """Send the news of the stores and the moment that an address names, as JSON."""
    try:
        with one_state():
            settings = in_force().settings
            snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=system_clock, zone=settings.tzinfo)
            told = news_of(_visit(request, settings, snapshot))
    except (ConfigError, TaxonomyError, StorageError):
        told = UNREADABLE
    return JSONResponse({"mark": told.mark, "line": told.line}, headers={"Cache-Control": "no-store"})


def _visit(request: Request, settings: Settings, snapshot: Snapshot) -> Visit:
    stores, profiles = tuple(snapshot.stores()), Profiles(settings.desk_path).all()
    words = {name: request.query_params.getlist(name) for name in request.query_params}
    view = resolve_view(View.from_query(words), stores, profiles, now=snapshot.now()).view
    return Visit(settings, snapshot, settings.taxonomy(), stores, view, system_clock, profiles)

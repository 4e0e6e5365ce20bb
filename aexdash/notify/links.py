"""The link in a message, to the page that shows what the event is about."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from aexdash.alerts.model import RecordedEvent
from aexdash.view import View


def link_to(recorded: RecordedEvent, address: str, *, past: bool) -> str:
    """Return the address of the page that an event is about; `past`: as of the opening, for a closed one."""
    path, query = recorded.page
    if past and path == "worklist":
        query = query | View(as_of=recorded.episode.opened_at).to_query()
    return f"{address}/{path}?{urlencode(query, quote_via=quote)}"


def report_link(number: int, address: str) -> str:
    """Return the address of the page of a kept report on a movement."""
    return f"{address}/causes?{urlencode({'report': number})}"

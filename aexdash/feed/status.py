"""When a feed last ran, by the one documented status call: `GET /accounts/{id}/status` (reference sources.md §1).

The names of its moments are published nowhere, so the newest moment of the past anywhere in the answer is taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from urllib.parse import quote

from aexdash.config.sections.feeds import FeedSettings
from aexdash.http.errors import HttpError
from aexdash.http.wire import Reply, Wire
from aexdash.sources.columns.dates import read_dates
from aexdash.sources.validation import FeedRun

TIMEOUT = 20.0
LONGEST = 300
DEEPEST = 8

REFUSALS = {
    401: "it refused the key: check api_key in secrets.toml and whether its access was granted",
    403: "it refused the key: check api_key in secrets.toml and whether its access was granted",
    404: "it knows no such account: check account in aexdash.toml",
    429: "it takes no more calls for now",
}


class NoStatus(Exception):
    """The feed's status is not known; the text says why and does not contain the key."""


def ask(feed: FeedSettings, now: datetime) -> FeedRun:
    """Ask when a feed last ran; on failure the note of the answer says why. Raises nothing."""
    key = feed.api_key.get_secret_value()
    headers = {"x-api-key": key, "Authorization": f"Bearer {key}"}
    try:
        with closing(Wire(feed.address, timeout=TIMEOUT)) as wire:
            reply = wire.get_json(f"/accounts/{quote(feed.account, safe='')}/status", headers)
            return _told(_accounts(reply, wire.host), key, now)
    except (HttpError, NoStatus) as error:
        return FeedRun(note=str(error))


def _accounts(reply: Reply, host: str) -> list[dict[str, object]]:
    if reply.status != 200:
        raise NoStatus(f"{host} did not tell: {REFUSALS.get(reply.status, f'it answered with {reply.status}')}.")
    try:
        content = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise NoStatus(f"{host} answered something else than the status.") from error
    if not isinstance(content, list):
        raise NoStatus(f"{host} answered in another form than is known.")
    return [entry for entry in content if isinstance(entry, dict)]


def _told(databases: list[dict[str, object]], key: str, now: datetime) -> FeedRun:
    words = "; ".join(_words(database) for database in databases).replace(key, "…")
    texts = [text for text in _texts(databases, DEEPEST) if _may_be_date(text)]
    ran = [moment for text in texts for moment in read_dates([text], now) if moment and moment <= now]
    note = "" if ran else "The answer names no moment at which the feed ran."
    return FeedRun(max(ran, default=None), words[:LONGEST], note)


def _words(database: dict[str, object]) -> str:
    name = " ".join(str(database.get("name") or database.get("id") or "feed").split())[:60]
    states = {word: database.get(f"{word}_status") for word in ("import", "export")}
    said = ", ".join(f"{word} {str(state)[:60]}" for word, state in states.items() if state not in (None, ""))
    return f"{name}: {said or 'no word'}"


def _texts(content: object, depth: int) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list) and depth:
        for inner in content.values() if isinstance(content, dict) else content:
            yield from _texts(inner, depth - 1)


def _may_be_date(text: str) -> bool:
    """An id of eight digits would read as one."""
    return 10 <= len(text) <= 40 and ("-" in text or "/" in text)

"""HTTP routes of alerts: the script that shows browser notifications, and the open alerts as JSON for it.

The server imports this module before Streamlit runs, so it must not import modules that create Streamlit caches.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.episodes.event_words import in_short
from aexdash.alerts.episodes.routing import due_at
from aexdash.alerts.model import RecordedEvent
from aexdash.alerts.rules.rule_store import RuleStore
from aexdash.clock import system_clock, to_text
from aexdash.config.in_force import in_force
from aexdash.config.settings import Settings
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageError
from aexdash.ui.alerts import page
from aexdash.ui.frame import scripts

SCRIPT_FILE = Path(__file__).with_name("watch.js")


def script(_request: Request) -> Response:
    """Send the script that shows browser notifications."""
    return scripts.send(SCRIPT_FILE)


def open_alerts(_request: Request) -> Response:
    """Send as JSON the open episodes that nobody has acknowledged, except muted ones and those in quiet hours."""
    settings = in_force().settings
    desk, now = Episodes(settings.desk_path), system_clock()
    rules = {rule.key: rule for rule in RuleStore(settings.desk_path).rules()}
    waiting = [episode for episode in desk.open(archived=_archived(settings)) if episode.acknowledged_at is None]
    latest = [event for episode in waiting for event in desk.events(episode.id)[-1:]]
    due = [one for one in latest if due_at(rules.get(one.rule.key, one.rule), one.event.severity, now) <= now]
    titles = {key: store.title or key for key, store in settings.stores.items()}
    return JSONResponse(
        {"open": [_alert(one, titles.get(one.episode.store, one.episode.store)) for one in due]},
        headers={"Cache-Control": "no-store"},
    )


def _archived(settings: Settings) -> frozenset[str]:
    with suppress(StorageError):  # without a snapshot no store was archived
        return Snapshot(settings.snapshot_path, settings.desk_path).archived()
    return frozenset()


def _alert(recorded: RecordedEvent, store: str) -> dict[str, str]:
    episode = recorded.episode
    return {
        "trace": episode.trace,
        "at": to_text(episode.at),
        "severity": episode.severity.value,
        "title": episode.title,
        "said": f"{store}: {in_short(recorded)}",
        "link": f"/sensitivity?{urlencode(page.episode_query(episode.id))}",
    }

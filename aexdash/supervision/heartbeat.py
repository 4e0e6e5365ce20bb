"""The heartbeat: once a minute an outside address is asked while everything is ready, so that silence tells of trouble.

What watches from inside dies with the machine; a service outside that waits for this request does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.http.errors import BrokenAnswer, HostUnreachable, InvalidAddress
from aexdash.http.wire import Wire
from aexdash.supervision.loop import Step
from aexdash.supervision.readiness import NotReady, not_ready

EVERY = timedelta(minutes=1)

PATIENCE = 10.0
"""Seconds."""


class NotSent(Exception):
    """The heartbeat did not arrive; the text names the host and no more of the address, which is a secret."""


Ready = Callable[[Settings, datetime], list[NotReady]]


class Heartbeat:
    """Asks the address of the settings. `step` does so when it is due and everything is ready, and returns."""

    def __init__(self, settings: Settings, *, clock: Clock, ready: Ready = not_ready) -> None:
        self._settings, self._clock, self._ready = settings, clock, ready
        self._url = settings.monitoring.heartbeat_url.get_secret_value()
        self._sent_at: datetime | None = None

    def step(self) -> bool:
        """Send it where it is due; return whether it was sent.

        Raises:
            NotSent: the address did not take it.
        """
        now = self._clock()
        if self._sent_at is not None and abs(now - self._sent_at) < EVERY:
            return False
        if self._ready(self._settings, now):
            return False
        send(self._url)
        self._sent_at = now
        return True


@contextmanager
def beating(settings: Settings, clock: Clock) -> Iterator[Step]:
    """Give the step that sends the heartbeat; it does nothing where no address is set."""
    yield Heartbeat(settings, clock=clock).step if host_of(settings) else lambda: None


def host_of(settings: Settings) -> str:
    """Return the host that the heartbeat goes to; empty where none is set."""
    return urlsplit(settings.monitoring.heartbeat_url.get_secret_value()).hostname or ""


def send(url: str) -> None:
    """Ask an address once, and follow no redirect.

    Raises:
        NotSent: it could not be reached, or answered with another status than 200 to 299.
    """
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        wire = Wire(f"{parts.scheme}://{parts.netloc}", timeout=PATIENCE)
        try:
            reply = wire.get_json(path or "/", {"Accept": "*/*"})
        finally:
            wire.close()
    except (HostUnreachable, BrokenAnswer, InvalidAddress) as error:
        raise NotSent(f"The heartbeat was not sent: {error}") from None
    if not 200 <= reply.status < 300:
        raise NotSent(f"The heartbeat was not taken: {parts.hostname} answered with status {reply.status}.")

"""A desk with events and channels, and webhook receivers on loopback, for tests of delivery."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aexdash.alerts.episodes import routing
from aexdash.alerts.episodes.records import write_reading
from aexdash.alerts.model import RecordedEvent
from aexdash.clock import to_text
from aexdash.config.sections.channels import Channel
from aexdash.config.settings import Settings
from aexdash.desk import file as desk_file
from aexdash.notify.errors import NotDelivered
from aexdash.notify.sending import Sender
from tests.notify.alerts import NINTH
from tests.support import MovedClock

EPISODE = """
INSERT INTO alert_episode
    (id, trace, rule_key, title, store_key, severity, since, opened_at, closed_at, at, reading, owner)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, closed_at = excluded.closed_at, at = excluded.at
"""

EVENT = "INSERT INTO alert_event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def keep(connection, told: RecordedEvent) -> None:
    """Keep an event with its episode, as the engine does."""
    one, event = told.episode, told.event
    text = [to_text(at) if at else None for at in (one.since, one.opened_at, one.closed_at, one.at)]
    reading = write_reading(one.reading)
    row = [one.id, one.trace, one.rule_key, one.title, one.store, one.severity.value, *text, reading, one.owner]
    connection.execute(EPISODE, row)
    connection.execute(
        EVENT,
        [
            told.id,
            one.id,
            event.kind.value,
            to_text(event.at),
            event.severity.value,
            to_text(event.since),
            write_reading(event.reading),
            told.rule.model_dump_json(),
            json.dumps(told.codes),
            json.dumps(told.codes_before),
            to_text(told.data_at) if told.data_at else None,
        ],
    )


class PostRoom:
    """A home with channels; `sent` are the messages that arrived, `broken` the channels that take none."""

    def __init__(self, home: Path, *channels: Channel, send=None) -> None:
        self.settings = Settings(home=home, channels={channel.name: channel for channel in channels})
        self.clock, self.said = MovedClock(NINTH), []
        self.sent: list[tuple[str, object]] = []
        self.broken: dict[str, str] = {}
        self._send = send or self._take
        self.restart()

    def restart(self) -> None:
        """Begin again as a new process would."""
        self.sender = Sender(self.settings, clock=self.clock, log=self.said.append, send=self._send)

    def _take(self, channel, message, _now) -> None:
        if channel.name in self.broken:
            raise NotDelivered(self.broken[channel.name])
        self.sent.append((channel.name, message))

    def lay(self, *events: RecordedEvent, now: datetime | None = None) -> None:
        """Keep events and lay them out for the channels, in one transaction."""
        with desk_file.writing(self.settings.desk_path) as connection:
            for told in events:
                keep(connection, told)
                routing.put(connection, told, self.settings.channels.values(), now or told.event.at)

    def step(self, **by: float) -> list[tuple[str, str]]:
        """Move the clock, send what is due; return what arrived by it, as channel and id."""
        before = len(self.sent)
        self.sender.step(self.clock.move(**by))
        assert self.sender.wait()
        return [(name, message.id) for name, message in self.sent[before:]]

    def deliveries(self) -> list[tuple]:
        """What the desk remembers of every delivery: event, channel, attempts, whether delivered, given up, error."""
        sql = """
            SELECT event_id, channel, attempts, delivered_at IS NOT NULL, given_up_at IS NOT NULL, error
            FROM alert_delivery ORDER BY id
        """
        return desk_file.rows(self.settings.desk_path, "alert_delivery", sql)


@dataclass
class Received:
    """One request that an endpoint took."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def facts(self) -> dict:
        return json.loads(self.body)


@dataclass
class Endpoint:
    """A webhook's receiver. `faults` are played one a request, in order; without one it answers 204.

    500: a status; "slow": it does not answer before `released`; "half": its answer breaks off; "dropped": it takes the
    body and ends the connection.
    """

    url: str = ""
    received: list[Received] = field(default_factory=list)
    faults: list[int | str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """Serve an endpoint on loopback for the length of a block."""
    state = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            state.received.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            fault = state.faults.pop(0) if state.faults else 204
            if fault == "slow":
                state.released.wait(30)
            elif fault == "half":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhal")
            elif fault != "dropped":
                self.send_response(fault)
                self.send_header("Content-Length", "0")
                self.end_headers()
            self.close_connection = True

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_port}/hook/tok3n"
        try:
            yield state
        finally:
            state.released.set()
            server.shutdown()
            thread.join()

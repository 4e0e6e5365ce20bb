"""Sends the due events of the outbox and marks them as sent: at least once, each channel in its own thread.

A slow or dead channel delays neither others nor a sync. Events of one episode that waited together become one message;
events that waited too long, or of too many episodes at once, become one summary.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from aexdash.clock import Clock, system_clock
from aexdash.config.sections.channels import Channel
from aexdash.config.settings import Settings
from aexdash.desk import channel_state, outbox
from aexdash.log import Line, Log
from aexdash.notify import channel_states, channels, digest
from aexdash.notify.channel_states import ChannelState
from aexdash.notify.errors import NotDelivered
from aexdash.notify.evidence import SnapshotLookup
from aexdash.notify.messages import Message
from aexdash.notify.pauses import failures_within, may_try
from aexdash.notify.waiting import Waiting, waiting
from aexdash.notify.writing import Writer
from aexdash.storage.errors import StorageError
from aexdash.supervision.loop import sentence_of, trace_of

LATE = timedelta(minutes=15)
"""Events of several episodes that waited for so long go into one summary."""

STORM = 5
"""Events of more episodes than this at once go into one summary."""

Send = Callable[[Channel, Message, datetime], None]


class Sender:
    """Sends what is due. `step` starts threads and returns at once; `wait` waits for them."""

    def __init__(
        self, settings: Settings, *, clock: Clock = system_clock, log: Log = print, send: Send = channels.send
    ) -> None:
        self._settings, self._clock, self._log, self._send = settings, clock, log, send
        self._desk, self._channels = settings.desk_path, settings.channels
        self._lookup = SnapshotLookup(settings.snapshot_path, settings.desk_path, clock, settings.tzinfo)
        titles = {key: store.title or key for key, store in settings.stores.items()}
        known = self._lookup.titles, self._lookup.reach, self._lookup.goes_with
        self._writer = Writer(settings.taxonomy(), titles, settings.address, *known, zone=settings.tzinfo)
        self._digester = digest.Digester(self._desk, self._lookup, self._writer)
        self._threads: dict[str, threading.Thread] = {}
        self._digest_tried: dict[str, datetime] = {}
        self._said: dict[str, str] = {}

    def step(self, now: datetime) -> None:
        """Start to send what is due over every channel that is neither busy nor pausing after a failure.

        Raises:
            StorageError: the desk cannot be read.
        """
        if not self._channels:
            return
        due = outbox.channels_due(self._desk, now)
        for state in channel_states.states(self._desk, self._channels):
            channel = self._channels[state.name]
            busy = self._threads.get(state.name)
            if (busy is None or not busy.is_alive()) and self._has_work(channel, state, state.name in due, now):
                work = threading.Thread(target=self._serve, args=(channel, state, now), daemon=True)
                self._threads[state.name] = work
                work.start()

    def wait(self, seconds: float = 60.0) -> bool:
        """Wait until everything begun has ended; return whether it did in time."""
        for thread in list(self._threads.values()):
            thread.join(seconds)
        return not any(thread.is_alive() for thread in self._threads.values())

    def test(self, channel: Channel, now: datetime) -> str:
        """Send a test now and record the result; return why it did not arrive, empty when it did."""
        error = self._try(channel, self._writer.test(channel.name, now), now)
        channel_state.record_test(self._desk, channel.name, error, now)
        return error

    def _has_work(self, channel: Channel, state: ChannelState, due: bool, now: datetime) -> bool:
        if state.test_asked_at:
            return True
        return (due or digest.is_due(channel, state.digest_at, now)) and self._may_try(state, now)

    def _may_try(self, state: ChannelState, now: datetime) -> bool:
        if state.failing_since is None:
            return True
        tries = [at for at in (state.tried_at, self._digest_tried.get(state.name)) if at]
        tried_at = max(tries, default=state.failing_since)
        return may_try(now, tried_at, failures_within(tried_at - state.failing_since))

    def _serve(self, channel: Channel, state: ChannelState, now: datetime) -> None:
        """Send everything that is due for one channel; stop at the first failure, then the rest waits too."""
        try:
            if state.test_asked_at:
                self.test(channel, now)
            elif self._digest(channel, state, now):
                for episodes in _batches(waiting(self._desk, channel.name, now), now):
                    if not self._deliver(channel, episodes, now):
                        break
        except StorageError as error:
            self._say(channel.name, str(error))
        except Exception as error:  # nobody else looks at this thread
            self._say(channel.name, sentence_of(error), trace_of(error))
            with suppress(StorageError):
                channel_state.record_failure(self._desk, channel.name, sentence_of(error), now)

    def _digest(self, channel: Channel, state: ChannelState, now: datetime) -> bool:
        """Send the digest if one is due; return False when that failed."""
        if not digest.is_due(channel, state.digest_at, now):
            return True
        end = digest.last_moment(channel, now)
        if state.digest_at is not None:
            self._digest_tried[channel.name] = now
            if self._tell(channel, self._digester.write(channel, (state.digest_at, end), now), now):
                return False
        channel_state.record_digest(self._desk, channel.name, end)
        return True

    def _deliver(self, channel: Channel, episodes: Sequence[Sequence[Waiting]], now: datetime) -> bool:
        """Send one message of one episode, or a summary of several; return whether it arrived."""
        ids = [one.id for events in episodes for one in events]
        again = any(one.attempts for events in episodes for one in events)
        recorded = [[one.event for one in events] for events in episodes]
        if len(recorded) == 1:
            message = self._writer.message(recorded[0], now, again=again)
        else:
            message = self._writer.summary(recorded, now, again=again)
        outbox.mark_attempt(self._desk, ids, now)
        if error := self._tell(channel, message, now):
            outbox.mark_failed(self._desk, ids, error, now)
        else:
            outbox.mark_delivered(self._desk, ids, self._clock())
        return not error

    def _tell(self, channel: Channel, message: Message, now: datetime) -> str:
        """Send, record the result, and return why it did not arrive; empty when it did."""
        error = self._try(channel, message, now)
        if error:
            channel_state.record_failure(self._desk, channel.name, error, now)
        else:
            channel_state.record_delivery(self._desk, channel.name, self._clock())
        return error

    def _try(self, channel: Channel, message: Message, now: datetime) -> str:
        """Send and return why it did not arrive; empty when it did."""
        try:
            self._send(channel, message, now)
        except NotDelivered as error:
            self._say(channel.name, str(error))
            return str(error)
        if self._said.pop(channel.name, None):
            self._log(f"Channel {channel.name} works again.")
        return ""

    def _say(self, name: str, problem: str, trace: str = "") -> None:
        if self._said.get(name) != problem:
            self._said[name] = problem
            self._log(Line(f"Channel {name}: {problem}", trace=trace, channel=name))


def _batches(left: Sequence[Sequence[Waiting]], now: datetime) -> list[list[Sequence[Waiting]]]:
    """Group episodes into messages: all together when there are many or they are late, else each by itself."""
    if len(left) > STORM:
        return [list(left)]
    late = [events for events in left if now - events[-1].event.event.at > LATE]
    if len(late) < 2:
        return [[events] for events in left]
    return [late, *([events] for events in left if events not in late)]

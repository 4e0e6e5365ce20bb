"""Whether what should go on goes on: readings of stores and shops, the worker's loops, and messages on their way."""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

from aexdash.clock import Clock
from aexdash.config.file import is_loopback
from aexdash.config.sections.channels import port_of_pages
from aexdash.config.settings import Settings
from aexdash.desk.outbox import oldest_due
from aexdash.doctor.finding import Finding, problem
from aexdash.snapshot.beacon import behind_of, is_late
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.worker_state import last_heartbeat
from aexdash.storage.errors import StorageError
from aexdash.supervision.states import worker_state
from aexdash.sync import lease
from aexdash.words.common import span
from aexdash.words.shops import is_stale

ADDRESS_VARIABLE = "STREAMLIT_SERVER_ADDRESS"

WAITS_TOO_LONG = timedelta(hours=1)

SERVED_WITHIN = timedelta(days=7)

PYTHON, SQLITE = (3, 11), (3, 37)

Version = tuple[int, ...]


def machine(python: Version = sys.version_info[:2], sqlite: Version = sqlite3.sqlite_version_info) -> Iterator[Finding]:
    """Look at what aexdash runs on."""
    if python < PYTHON:
        yield problem("python-too-old", "python", f"this is Python {_dotted(python)}.")
    if sqlite < SQLITE:
        yield problem("sqlite-too-old", "sqlite", f"this is SQLite {_dotted(sqlite)}.")


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


READ = {
    "never": ("store-never-read", "no complete reading of it has ended yet."),
    "stale": ("store-stale", "its last complete reading ended {age} ago."),
    "partial": ("store-partly-read", "its last reading is not complete. {message}"),
    "failed": ("store-reading-failed", "its last reading failed. {message}"),
}
"""What is wrong with the readings of a store, by the state of its freshness; `ahead` is told by *moments*."""


def readings(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Look at how current each watched store is, of a snapshot that can be read."""
    now = clock()
    snapshot = Snapshot(settings.snapshot_path, clock=clock, zone=settings.tzinfo)
    try:
        known = {store.key for store in snapshot.stores() if store.watched}
        for key in (key for key, store in settings.stores.items() if store.watched and key in known):
            fresh = snapshot.freshness(key, now, settings.stale_after)
            if fresh.state in READ:
                condition, text = READ[fresh.state]
                age = span(now - fresh.read_at) if fresh.read_at else ""
                yield problem(condition, f"readings of {key}", text.format(age=age, message=fresh.message).rstrip())
            elif fresh.read_at:
                yield Finding(f"readings of {key}", True, f"its last one ended {span(now - fresh.read_at)} ago.")
    except StorageError:
        return  # told by the line about the snapshot


def shop_readings(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Look at how current each watched shop is that was read before, of a snapshot that can be read."""
    now = clock()
    try:
        known = Snapshot(settings.snapshot_path, clock=clock, zone=settings.tzinfo).shops().shops()
    except StorageError:
        return  # told by the line about the snapshot
    for shop in known:
        if not shop.watched or shop.last is None or shop.key not in settings.shops:
            continue
        if shop.complete is None:
            text = "none of them was complete, so what is missing in it is not known."
            yield problem("shop-stale", f"readings of shop {shop.key}", text)
        elif shop.complete.ended_at <= now:  # one that lies ahead is told by *moments*
            text = f"its last complete one ended {span(now - shop.complete.ended_at)} ago."
            if is_stale(shop, now, settings.shop_stale_after(shop.key)):
                yield problem("shop-stale", f"readings of shop {shop.key}", text)
            else:
                yield Finding(f"readings of shop {shop.key}", True, text)


def worker(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look at what the worker says of itself; nothing where none runs, and none has ended without a word."""
    state = worker_state(settings.home)
    if state is None:
        return
    if state.is_silent(now):
        text = f"process {state.pid} was last heard of {span(abs(now - state.at))} ago."
        yield problem("worker-silent", "worker", text)
        return
    keeper = lease.holder(settings.worker_lease_path)
    if keeper and (keeper.pid != state.pid and keeper.command == "worker"):
        text = f"process {state.pid} says that it is the worker of this home, and so does {keeper}."
        yield problem("two-workers", "worker", text)
    unable = state.unable(now)
    for name, loop in unable.items():
        yield problem("loop-failing", "worker", f"{name} cannot run: {loop.error or 'a step of it hangs'}.")
    if not unable:
        yield Finding("worker", True, f"process {state.pid} runs, with {len(state.loops)} loops.")


def port(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look whether the pages could begin: nothing where they run, where their port is free, or where nobody serves.

    A home is served where a worker has kept it within a week: who reads a store by hand needs no port.
    """
    state = worker_state(settings.home)
    if (state is not None and not state.is_silent(now)) or not _is_served(settings, now):
        return
    number = port_of_pages()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            yield problem("port-in-use", "port", f"another program listens on port {number}, and nothing of this home.")


def _is_served(settings: Settings, now: datetime) -> bool:
    try:
        last = last_heartbeat(settings.snapshot_path)
    except StorageError:
        return False  # told by the line about the snapshot
    return last is not None and abs(now - last) <= SERVED_WITHIN


def reach(settings: Settings) -> Iterator[Finding]:
    """Look whether the environment has the pages listen beyond this machine while nobody is asked to sign in."""
    address = os.environ.get(ADDRESS_VARIABLE, "")
    if address and not is_loopback(address) and not (settings.login.is_on or settings.login.by_proxy):
        yield problem("open-to-the-network", "reach", f"{ADDRESS_VARIABLE} is {address}, and nobody has to sign in.")


def copies(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look at the copies of a home that follows another machine: whether they are kept up to date, and how old."""
    if not settings.replica.follows:
        return
    if worker_state(settings.home) is None:
        yield problem("follow-not-running", "copies", f"nothing follows {settings.replica.writer} here.")
    try:
        behind = behind_of(settings.snapshot_path, now)
    except StorageError as error:
        yield problem("replica-behind", "copies", str(error))
        return
    if behind is None or behind == timedelta.max:
        yield problem("replica-behind", "copies", "how old the copy of the snapshot is cannot be told.")
    elif is_late(behind):
        yield problem("replica-behind", "copies", f"the copy of the snapshot is {span(behind)} behind.")
    else:
        yield Finding("copies", True, f"that of the snapshot is {span(behind)} behind {settings.replica.writer}.")


def messages(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look whether a message has waited for long."""
    try:
        waiting = oldest_due(settings.desk_path, now)
    except StorageError:
        return  # told by the line about the desk
    for channel, due in waiting.items():
        if now - due > WAITS_TOO_LONG:
            yield problem("messages-waiting", f"messages over {channel}", f"one has been due for {span(now - due)}.")

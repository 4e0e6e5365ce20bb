"""Hands what a run of a page draws to the server in bundles instead of piece by piece.

Streamlit hands each element over by itself, which wakes the thread that serves every browser; that thread and the run
then wait for each other a hundred times in a run. Within `bundled()` a run hands over what it has drawn so far every
`SECONDS`, and the rest at its end. Order and content are the same, and a click ends a run where it did.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

SECONDS = 0.04
"""How long something drawn waits at the most for what is drawn after it."""

PATIENCE_SECONDS = 1.0
"""How long the end of a run waits for a server that may have ended meanwhile."""

_loops: list[asyncio.AbstractEventLoop] = []
"""The loop that serves the browsers, while the server stands."""


@contextmanager
def serving() -> Iterator[None]:
    """Let runs hand over bundles to the loop that this is called in, until the block ends."""
    _loops.append(asyncio.get_running_loop())
    try:
        yield
    finally:
        _loops.clear()


@contextmanager
def bundled() -> Iterator[None]:
    """Hand over in bundles what is drawn within the block; a block within a block is part of it.

    As a decorator it makes one block of each call. Where no server stands, as in a test of a page, nothing changes.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not _loops or isinstance(context._enqueue, Bundles):
        yield
        return
    one_by_one = context._enqueue
    bundles = Bundles(one_by_one, context.yield_check, _loops[0])
    context._enqueue = bundles
    try:
        yield
    finally:
        context._enqueue = one_by_one
        bundles.end()


class Bundles:
    """What a run has drawn and not yet handed over. The run adds; the loop of the server takes out."""

    def __init__(
        self, one_by_one: Callable[[ForwardMsg], None], look: Callable[[], None], loop: asyncio.AbstractEventLoop
    ) -> None:
        self._one_by_one, self._look, self._loop = one_by_one, look, loop
        self._drawn: deque[ForwardMsg] = deque()
        self._is_due = False

    def __call__(self, message: ForwardMsg) -> None:
        """Keep a message for the next bundle; this ends the run where it was asked to end, as Streamlit does here."""
        self._look()
        self._drawn.append(message)
        if not self._is_due:
            self._is_due = True
            self._in_loop(self._loop.call_later, SECONDS, self._hand_over)

    def end(self) -> None:
        """Hand over the rest and wait until the loop has it: what the run says next must come behind it."""
        done = threading.Event()
        if not (self._in_loop(self._hand_over, done) and done.wait(PATIENCE_SECONDS)):
            self._hand_over()

    def _hand_over(self, done: threading.Event | None = None) -> None:
        self._is_due = False
        while self._drawn:
            self._one_by_one(self._drawn.popleft())
        if done:
            done.set()

    def _in_loop(self, do: Callable[..., object], *about: object) -> bool:
        """Have the loop do something; return whether it still turns."""
        try:
            self._loop.call_soon_threadsafe(do, *about)
        except RuntimeError:
            return False
        return True

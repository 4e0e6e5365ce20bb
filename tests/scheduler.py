"""Which process of pytest-xdist runs what, and when: tests that wait for other programs run beside those that work.

A module is run by one process, because its tests share what is made once for it. The tests of copies on another machine
share nothing and wait long for Litestream, which does some things once a second and others twice a minute. So each of
them stands for itself: the first process runs them from the beginning on, and the others help with what is left of them
when all else is under way.
"""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

WAITING = "tests/replica/"
"""Where the tests are that wait for other programs and make nothing once for several."""

TOGETHER = {"tests/cli/test_causes.py": "tests/causes/test_stories.py"}
"""Modules that go with another one, because they share what takes each process five seconds to make."""

ROOMS = ("tests/ask/", "tests/assistants/")
"""Rooms whose modules go together: they share a home and words that take each process a second to make or import."""

AHEAD = 2
"""How many of those a process is given: the one that it runs, and the next, which it must know by then."""


class Scheduler(LoadFileScheduling):
    """Gives a process the next module, or the next test that waits."""

    def _split_scope(self, nodeid: str) -> str:
        """Return what one process runs without a break: a room, modules that go together, or a test that waits."""
        if nodeid.startswith(WAITING):
            return nodeid
        for room in ROOMS:
            if nodeid.startswith(room):
                return room
        module = super()._split_scope(nodeid)
        return TOGETHER.get(module, module)

    def _next(self, node: WorkerController) -> str:
        """Return what a process is given next: the first one what waits, the others what does not, while it lasts."""
        waits = node is self.nodes[0]
        return next((one for one in self.workqueue if one.startswith(WAITING) is waits), next(iter(self.workqueue)))

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(self._next(node), last=False)
        super()._assign_work_unit(node)

    def _reschedule(self, node: WorkerController) -> None:
        many = self._pending_of(self.assigned_work[node])
        if not (self.workqueue and self._next(node).startswith(WAITING) and many >= AHEAD):
            super()._reschedule(node)


def make(config: Any, log: Any) -> Scheduler | None:
    """Return ours for `--dist loadfile`; None for another word, which pytest-xdist then does itself."""
    return Scheduler(config, log) if config.getvalue("dist") == "loadfile" else None

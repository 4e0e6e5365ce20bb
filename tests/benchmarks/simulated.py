"""A simulated AliExpress in a process of its own: prints its address and a token, then serves until it is ended.

`python -m tests.benchmarks.simulated LISTINGS MOMENT`; its clock stands at the moment, so nothing changes meanwhile.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aexdash.clock import from_text, to_text
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.world import World
from tests.support import APP_KEY, APP_SECRET, LONG_SIGNED_IN


@dataclass(frozen=True)
class Simulated:
    """A running one: where it listens and what it let us in with."""

    url: str
    access_token: str
    refresh_token: str
    pid: int


@contextlib.contextmanager
def simulated(listings: int, at: datetime) -> Iterator[Simulated]:
    """Serve a store of so many listings, nearly all on sale, until it is no longer needed."""
    command = [sys.executable, "-m", "tests.benchmarks.simulated", str(listings), to_text(at)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield Simulated(**json.loads(process.stdout.readline()), pid=process.pid)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def main(listings: int, at: datetime) -> None:
    """Serve for ever."""
    world = World(listings=listings, active=listings, worked_example=False)
    store = SimulatedStore(APP_KEY, APP_SECRET, world, **LONG_SIGNED_IN)
    platform = SimulatedAliExpress({APP_KEY: store}, lambda: at)
    world.counts(at)
    with platform.serve() as served:
        tokens = platform.issue_tokens(APP_KEY)
        told = {"url": served.url, **{name: tokens[name] for name in ("access_token", "refresh_token")}}
        print(json.dumps(told), flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), from_text(sys.argv[2]))

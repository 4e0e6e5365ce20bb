"""Two machines in two homes of this one: a real worker that reads a simulated AliExpress, and one that follows it."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from aexdash.aliexpress.listings import sign_in
from aexdash.clock import system_clock
from aexdash.config.settings import load_settings
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.factory import make_facts
from aexdash.demo.world.listing import Edit, Listing, edited
from aexdash.model import Status
from aexdash.snapshot import beacon
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageError
from aexdash.view import View
from tests.browser import ready
from tests.demo.scripted import ScriptedWorld

KEY, SECRET = "123456", "a-secret"

LONGEST_WAIT = 60.0
"""Seconds in which what is waited for must come; all of it takes a few."""

WRITER = "https://desk.example.com"


def until(so: Callable[[], object], within: float = LONGEST_WAIT) -> float:
    """Wait until something is so; return how many seconds that took."""
    begun = time.monotonic()
    while not so():
        assert time.monotonic() - begun < within, "it did not come about"
        time.sleep(0.05)
    return time.monotonic() - begun


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has begun."""
    tasks = Path(f"/proc/{pid}/task")
    try:
        return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return []


def lives(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def words_of(pid: int) -> list[bytes]:
    """Return the command line of a process; empty where it ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):  # before the file was opened, or before it was read
        return []


def kill(pid: int) -> None:
    """Kill a process, which may have ended since somebody looked for it."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def stays(words: list[bytes]) -> bool:
    """Whether a command line is that of a Litestream that works until it is ended; others answer one question."""
    return any(b"litestream" in word for word in words) and (b"replicate" in words or b"-f" in words)


class Process:
    """A command of ours as a process of its own; what it says is kept in two files."""

    def __init__(self, home: Path, *words: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AEXDASH_")}
        said = [home.with_name(f"{home.name}-{words[0]}-{told}.txt") for told in ("stdout", "stderr")]
        self._process = ready.start_command((*words, "--home", str(home)), environment, said)
        self._is_there = True
        self.pid = self._process.pid

    @property
    def litestreams(self) -> list[int]:
        """The processes of Litestream that it has begun and that work until they are ended."""
        return [pid for pid in children_of(self.pid) if stays(words_of(pid))]

    def kill(self) -> None:
        if self._is_there:
            self._process.kill()
            self.wait()

    def end(self) -> int:
        self._process.terminate()
        return self.wait()

    def wait(self) -> int:
        code = self._process.wait(timeout=30)
        self._is_there = False
        return code


class Machines:
    """The home of the machine with the worker, that of one that follows it, and the folder of the replica."""

    def __init__(self, folder: Path, gateway: str) -> None:
        self.worker_home, self.home, self.replica = folder / "worker", folder / "follower", folder / "replica"
        self._running: list[Process] = []
        store = (
            f'[store.main]\ntitle = "My store"\nmodel = "overseas"\ngateway = "{gateway}"\napp_key = "{KEY}"\n'
            "calls_per_second = 0\npulse_seconds = 1\n"
        )
        for home, writer in ((self.worker_home, ""), (self.home, f'writer = "{WRITER}"\n')):
            home.mkdir(mode=0o700)
            replica = f'[replica]\naddress = "{self.replica}"\n{writer}'
            (home / "aexdash.toml").write_text(store + replica)
        secrets = self.worker_home / "secrets.toml"
        secrets.write_text(f'[store.main]\napp_secret = "{SECRET}"\n')
        secrets.chmod(0o600)

    def run(self, home: Path, *words: str) -> Process:
        self._running.append(Process(home, *words))
        return self._running[-1]

    def work(self) -> Process:
        """Begin the worker: the real one, which has Litestream replicate both files."""
        return self.run(self.worker_home, "sync", "--watch")

    def follow(self) -> Process:
        return self.run(self.home, "follow")

    @property
    def copy(self) -> Snapshot:
        return Snapshot(self.home / "snapshot.db", self.home / "desk.db")

    def held(self) -> int | None:
        """How many listings the copy says are rejected now; None where it cannot be read."""
        try:
            return self.copy.hero(View()).rejected
        except StorageError:
            return None

    def behind(self) -> timedelta | None:
        try:
            return beacon.behind_of(self.home / "snapshot.db", system_clock())
        except StorageError:
            return None

    def restarts(self, loop: str = "follow-snapshot") -> int:
        try:
            return int(json.loads((self.home / "worker.json").read_bytes())["loops"][loop]["restarts"])
        except (OSError, KeyError, ValueError):
            return -1

    def end(self) -> None:
        for process in self._running:
            for pid in process.litestreams:
                kill(pid)
            process.kill()


def listing(number: int, status: Status, now: datetime) -> Listing:
    """A listing of the simulated store."""
    return Listing(edited(make_facts(1, number), Edit()), status, now - timedelta(days=30), now)


@contextmanager
def machines(folder: Path, rejected: int = 3) -> Iterator[tuple[Machines, ScriptedWorld]]:
    """Give two homes before a simulated AliExpress with so many rejected listings, and its world; nothing runs yet."""
    now = system_clock()
    statuses = [Status.REJECTED] * rejected + [Status.ACTIVE] * 3
    world = ScriptedWorld([listing(number, status, now) for number, status in enumerate(statuses)])
    platform = SimulatedAliExpress({KEY: SimulatedStore(KEY, SECRET, world)}, system_clock)
    with platform.serve() as served:
        made = Machines(folder, served.url)
        sign_in(load_settings(made.worker_home).store("main").account(made.worker_home), platform.issue_code(KEY))
        try:
            yield made, world
        finally:
            made.end()

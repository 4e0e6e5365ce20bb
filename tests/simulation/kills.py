"""Kills a real worker with `kill -9`, again and again, while it reads over sockets: `python -m tests.simulation.kills`.

Three processes: AliExpress, whose listings move all the time; the worker, with all its threads; and this one, which
decides on listings as people do, kills the worker at a random moment, and looks at both files before the next begins.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from aexdash.aliexpress.listings import sign_in
from aexdash.cli.worker import run as run_worker
from aexdash.clock import system_clock
from aexdash.config.settings import Settings, load_settings
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.desk.decisions.work import Desk
from aexdash.model import Status
from aexdash.snapshot.query import Snapshot
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.simulation import promises
from tests.simulation.home import SECRET
from tests.simulation.promises import Broken, Promise, keep, read_only
from tests.simulation.steps import STATUSES
from tests.support import LONG_SIGNED_IN

KILLS = 500
FIRST, LISTINGS = 1005000000000001, 150
MOVES_EVERY = 0.02
"""Seconds."""

LONGEST_LIFE = 2.0
"""Seconds that a worker lives at the most; a new one has read the store after less than one."""

PATIENCE = 120
"""Seconds in which a worker that is left alone has read everything."""

UNDER_WAY = "SELECT working_on FROM store_state"


class Restless(ScriptedWorld):
    """A store in which a listing moves every moment; `had` are the places in which each was so far."""

    def __init__(self, seed: int) -> None:
        super().__init__(plain_listing(FIRST + number, STATUSES[number % 4]) for number in range(LISTINGS))
        self.had = {FIRST + number: {STATUSES[number % 4]} for number in range(LISTINGS)}
        self._chance, self.rests = Random(seed), threading.Event()

    def live(self) -> None:
        """Move listings until told to rest."""
        while not self.rests.wait(MOVES_EVERY):
            number, status = FIRST + self._chance.randrange(LISTINGS), self._chance.choice(STATUSES)
            self.had[number].add(status)
            self.move(number, status, "user_offline" if status is Status.OFFLINE else None, at=datetime.now(UTC))

    def truth(self) -> dict[int, Status]:
        return {number: self.listing(number, datetime.now(UTC)).status for number in self.had}


def be_aliexpress(pipe: Connection, seed: int) -> None:
    """Serve a restless store; tell its address and a code, then where listings were so far, or where they are."""
    world = Restless(seed)
    platform = SimulatedAliExpress({"main": SimulatedStore("main", SECRET, world, **LONG_SIGNED_IN)})
    with platform.serve() as served:
        living = threading.Thread(target=world.live, daemon=True)
        living.start()
        pipe.send((served.url, platform.issue_code("main")))
        while (asked := pipe.recv()) != "end":
            if asked == "rest":
                world.rests.set()
                living.join()
                pipe.send(world.truth())
            else:
                pipe.send({number: set(places) for number, places in list(world.had.items())})


@dataclass
class Killing:
    """A home whose worker is killed; `counts` says how often, and at what it was."""

    home: Path
    seed: int
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self.aliexpress = context.Process(target=be_aliexpress, args=(theirs, self.seed), daemon=True)
        self.aliexpress.start()
        url, code = self.pipe.recv()
        self.settings = _settings(self.home, url)
        sign_in(self.settings.stores["main"].account(self.home), code)
        self.desk = Desk(self.settings.desk_path)
        self.snapshot = Snapshot(self.settings.snapshot_path, self.settings.desk_path)
        self.notes: dict[int, str] = {}
        self.last_run = 0

    def once(self) -> None:
        """Let a worker live for a moment and kill it, while somebody decides; then look at both files."""
        worker = begin_worker(self.settings)
        try:
            time.sleep(self.chance.uniform(0, LONGEST_LIFE))
            self._note()
            time.sleep(self.chance.uniform(0, 0.1))
        finally:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
        self.counts["kills"] += 1
        self.look()

    def _note(self) -> None:
        number, text = FIRST + self.chance.randrange(LISTINGS), f"note {self.counts['kills']}"
        self.desk.set_note("main", [number], text, by="Ana", now=system_clock())
        self.notes[number] = text

    def look(self) -> None:
        """Hold both files to their promises."""
        promises.whole(self.settings.snapshot_path)
        promises.whole(self.settings.desk_path)
        with read_only(self.settings.desk_path) as connection:
            held = dict(connection.execute("SELECT product_id, note FROM work_item WHERE note <> ''"))
        keep(Promise.DECISIONS, held == self.notes, f"{dict(held.items() ^ self.notes.items())}")
        if not self.settings.snapshot_path.exists():
            return
        with suppress(promises.sqlite3.OperationalError), read_only(self.settings.snapshot_path) as connection:
            self._look(connection)

    def _look(self, connection: promises.sqlite3.Connection) -> None:
        runs = connection.execute("SELECT max(id) FROM sync_run").fetchone()[0] or 0
        keep(Promise.ALL_OR_NOTHING, runs >= self.last_run, f"run {self.last_run} is gone, the last is {runs}")
        self.counts["runs"] += runs - self.last_run
        self.last_run = runs
        at_work = connection.execute(UNDER_WAY).fetchone()
        self.counts["killed at a run"] += bool(at_work and at_work[0])
        self.pipe.send("had")
        had = self.pipe.recv()
        for number, status in promises.open_statuses(connection, 1).items():
            keep(Promise.GOES_WHERE_SAID, status in had[number], f"{number} said {status}, was {had[number]}")
        if runs:
            promises.recounted(self.settings.snapshot_path)

    def finish(self) -> None:
        """Let the store rest and one worker live, until everything is read and said as it is."""
        self.pipe.send("rest")
        truth = self.pipe.recv()
        worker, began = begin_worker(self.settings), time.monotonic()
        try:
            said: dict[int, Status] = {}
            while said != truth and time.monotonic() - began < PATIENCE:
                time.sleep(0.5)
                with read_only(self.settings.snapshot_path) as connection:
                    said = promises.open_statuses(connection, 1)
        finally:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
        keep(Promise.READS_ON, said == truth, f"{dict(said.items() ^ truth.items())}")
        self.look()

    def close(self) -> None:
        self.pipe.send("end")
        self.aliexpress.join(10)


def begin_worker(settings: Settings) -> int:
    """Begin a worker in a process of its own; return its id. It is this program again, with all modules loaded."""
    child = os.fork()
    if child:
        return child
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        run_worker(settings, threading.Event(), log=lambda _line: None)
    finally:
        os._exit(1)


def _settings(home: Path, url: str) -> Settings:
    (home / "aexdash.toml").write_text(
        f'[store.main]\nmodel = "overseas"\ngateway = "{url}"\napp_key = "main"\ncalls_per_second = 0\n'
        "pulse_seconds = 1\nsweep_seconds = 2\n",
        encoding="utf-8",
    )
    (home / "secrets.toml").write_text(f'[store.main]\napp_secret = "{SECRET}"\n', encoding="utf-8")
    (home / "secrets.toml").chmod(0o600)
    return load_settings(home)


def killed(kills: int, seed: int, home: Path) -> Counter[str]:
    """Kill a worker so many times; return what was counted.

    Raises:
        Broken: a promise was broken.
    """
    killing = Killing(home, seed)
    try:
        for _ in range(kills):
            killing.once()
        killing.finish()
    finally:
        killing.close()
    return killing.counts


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        try:
            counts = killed(asked.kills, asked.seed, Path(home))
        except Broken as broken:
            print(broken)
            return 1
    print(", ".join(f"{number:,} {what}" for what, number in counts.items()), f"in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())

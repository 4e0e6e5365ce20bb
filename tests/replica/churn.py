"""A snapshot that is written without a pause and replicated, and readers of its copy who look for torn reads.

Each transaction gives the same number to many listings, so a reader who finds two numbers has read half of two states.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aexdash.clock import system_clock, to_text
from aexdash.config.settings import load_settings
from aexdash.replica.replicating import replicating
from aexdash.snapshot import beacon
from aexdash.snapshot.file import open_snapshot, reading, transaction
from aexdash.storage.errors import StorageBusy, StorageError, StorageUnreadable
from tests.benchmarks.synthetic import FIRST_ID
from tests.replica.machines import Process, kill, until, words_of

WRITE = "UPDATE listing SET product_type = ? WHERE product_id < ?"

LOOK = "SELECT min(product_type), max(product_type) FROM listing WHERE product_id < ?"


def homes(folder: Path) -> tuple[Path, Path]:
    """Make the home of a machine that writes and that of one that follows it, with their settings."""
    writer, follower = folder / "writer", folder / "follower"
    for home, more in ((writer, ""), (follower, 'writer = "https://desk.example.com"\n')):
        home.mkdir(mode=0o700, parents=True)
        replica = f'[replica]\naddress = "{folder / "replica"}"\n{more}'
        (home / "aexdash.toml").write_text(f'[store.main]\nmodel = "overseas"\n{replica}')
    return writer, follower


@dataclass
class Churn:
    """Writes transactions of `rows` listings, one after another; `number` is that of the last that was committed."""

    path: Path
    rows: int
    number: int = 0
    committed_at: dict[int, float] = field(default_factory=dict)

    def write(self, *, with_beacon: bool = True) -> None:
        """Commit one transaction."""
        with closing(open_snapshot(self.path)) as db:
            with transaction(db) as connection:
                connection.execute(WRITE, [f"{self.number + 1:09}", FIRST_ID + self.rows])
                if with_beacon:
                    connection.execute(beacon.WRITE, [to_text(system_clock())])
            self.number += 1
            self.committed_at[self.number] = time.monotonic()


@contextmanager
def replicated(home: Path) -> Iterator[None]:
    """Have a home replicated, looked after twice a second, until the block ends."""
    settings, stop = load_settings(home), threading.Event()
    begun = threading.Event()

    def look_after() -> None:
        with replicating(settings, system_clock) as step:
            begun.set()
            while not stop.wait(0.5):
                step()

    thread = threading.Thread(target=look_after, daemon=True)
    thread.start()
    assert begun.wait(60)
    try:
        yield
    finally:
        stop.set()
        thread.join()


def seen(path: Path, rows: int) -> tuple[int, int]:
    """Return the least and the greatest number of the listings of a copy; they differ where the read was torn.

    Raises:
        StorageError: the copy cannot be read.
    """
    with reading(path) as connection:
        low, high = connection.execute(LOOK, [FIRST_ID + rows]).fetchone()
    return int(low or 0), int(high or 0)


def read_many(path: Path, rows: int, reads: int, outcomes: Counter[str], first: list[float]) -> None:
    """Read a copy so often, and count how each came out: whole, torn, refused, busy, or an error; `first` has when."""
    while outcomes["whole"] + outcomes["torn"] < reads:
        try:
            low, high = seen(path, rows)
            outcomes["whole" if low == high else "torn"] += 1
        except StorageUnreadable as error:
            outcomes["refused" if "half-written" in str(error) else "damaged"] += 1
            time.sleep(0.01)
        except StorageBusy:
            outcomes["busy"] += 1
        except (StorageError, sqlite3.Error):
            outcomes["missing"] += 1
            time.sleep(0.01)
        first.append(time.monotonic())


@dataclass
class Follower:
    """`aexdash follow` as a process, which can be killed with or without its Litestream."""

    home: Path
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.process = Process(self.home, "follow")

    @property
    def copy(self) -> Path:
        return self.home / "snapshot.db"

    def patching(self) -> list[int]:
        """The Litestreams that patch the copy of the snapshot."""
        return [pid for pid in self.process.litestreams if any(b"snapshot.db" in word for word in words_of(pid))]

    def kill_patching(self) -> bool:
        """Kill the Litestream that patches the copy, wherever it is; whether there was one."""
        found = self.patching()
        for pid in found:
            kill(pid)
        return bool(found)

    def kill(self) -> None:
        for pid in self.process.litestreams:
            kill(pid)
        self.process.kill()


@contextmanager
def following(home: Path) -> Iterator[Follower]:
    """Follow in a home until the block ends."""
    follower = Follower(home)
    try:
        yield follower
    finally:
        follower.kill()


def torn_reads(folder: Path, source: Path, *, rows: int, reads: int, kills: int, readers: int = 2) -> Counter[str]:
    """Count how `reads` of a copy come out while it is patched without a pause and its Litestream is killed so often.

    `source` is the snapshot that is written; it is moved into the home of the writer.
    """
    writer, home = homes(folder)
    source.replace(writer / "snapshot.db")
    churn, stop, chance = Churn(writer / "snapshot.db", rows), threading.Event(), random.Random(1)
    churn.write()
    outcomes: Counter[str] = Counter()
    with replicated(writer), following(home) as follower:
        until(lambda: readable(follower.copy, rows), within=600)

        def write() -> None:
            while not stop.is_set():
                churn.write()
                stop.wait(chance.uniform(0, 0.5))

        each = reads // readers
        counts = [Counter[str]() for _ in range(readers)]
        threads = [threading.Thread(target=write)]
        threads += [threading.Thread(target=read_many, args=(follower.copy, rows, each, one, [])) for one in counts]
        for thread in threads:
            thread.start()
        for number in range(kills):
            done = each * (number + 1) // (kills + 1)
            until(lambda done=done: counts[0]["whole"] + counts[0]["torn"] >= done, within=3600)
            until(follower.kill_patching, within=600)
            outcomes["kills"] += 1
        for thread in threads[1:]:
            thread.join()
        stop.set()
        threads[0].join()
    for one in counts:
        outcomes += one
    outcomes["transactions"] = churn.number
    return outcomes


def readable(copy: Path, rows: int) -> bool:
    """Whether a copy is there and can be read."""
    try:
        return seen(copy, rows)[1] > 0
    except StorageError:
        return False


def lags(churn: Churn, copy: Path, times: int) -> list[float]:
    """Return after how many seconds each of so many transactions is read on the copy, from its commit on."""
    found = []
    for _ in range(times):
        churn.write()
        number = churn.number
        until(lambda number=number: newest(copy, churn.rows) >= number, within=600)
        found.append(time.monotonic() - churn.committed_at[number])
    return found


def newest(copy: Path, rows: int) -> int:
    """Return the number of the newest transaction that a copy shows; 0 while it cannot be read."""
    try:
        with reading(copy) as connection:
            row = connection.execute("SELECT product_type FROM listing WHERE product_id = ?", [FIRST_ID]).fetchone()
        return int(row[0] or 0)
    except StorageError:
        return 0


def back_after_kill(follower: Follower, rows: int) -> float:
    """Kill a follower with its Litestream, start it again, and return the seconds until its copy is read again."""
    follower.kill()
    begun = time.monotonic()
    follower.start()
    until(lambda: readable(follower.copy, rows), within=1200)
    return time.monotonic() - begun

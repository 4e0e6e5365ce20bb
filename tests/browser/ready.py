"""A process that has loaded all that aexdash needs, and forks for each app and command of a test.

To load it takes an app some four seconds and a command two, and there are a hundred of them. What is forked is a
process like any other: it has its own home, port, caches and locks. Nothing has run before the fork but imports. That
one which has loaded nothing works too is what tests/browser/test_pages.py sees on its cold visits, and tests/cli and
tests/docs with commands. Linux alone is sure to fork well after such imports; elsewhere each begins the long way.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import importlib
import json
import logging
import os
import pkgutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aexdash
from aexdash.cli import serve

CAN_FORK = sys.platform == "linux"
MODULE = "tests.browser.ready"

LOADED_LATE = ("streamlit.web.bootstrap", "streamlit.web.cli")
"""What an app loads beside the modules of aexdash."""

SCRIPTS = ("aexdash.ui.frame.shell",)
"""What Streamlit runs: to import it would draw a page for nobody."""


@dataclass
class Forked:
    """A process that was forked, with what `serve.end` asks of one."""

    pid: int
    stdin: None = None

    def terminate(self) -> None:
        """Ask it to end."""
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended, so many seconds at most; return its exit code.

        Raises:
            subprocess.TimeoutExpired: it is still there.
        """
        code = _ask(wait=self.pid, seconds=10**6 if timeout is None else timeout)
        if code is None:
            raise subprocess.TimeoutExpired(MODULE, timeout or 0)
        return code


Process = Forked | subprocess.Popen[str]


def start_app(home: Path, port: int, environment: Mapping[str, str]) -> Process:
    """Start the app of a home on a port, as `serve.start_app` does; it sees just these variables."""
    flags = [f"--server.port={port}", f"--server.address={serve.HOST}", "--server.headless=true"]
    return start_server(serve.ROOT / "app.py", flags, {**environment, "AEXDASH_HOME": str(home.resolve())})


def start_server(app: Path, flags: Sequence[str], environment: Mapping[str, str], said: Sequence[Path] = ()) -> Process:
    """Start what `streamlit run` does of an app with some flags; it sees just these variables."""
    return _begin(["streamlit", "run", str(app), *flags], dict(environment), said)


def run_command(
    words: Sequence[str], environment: Mapping[str, str], folder: Path, seconds: int
) -> subprocess.CompletedProcess[str]:
    """Run an aexdash command, for so many seconds at most; what it says goes through files in a folder."""
    said = folder / "stdout", folder / "stderr"
    command = start_command(words, environment, said)
    try:
        code = command.wait(seconds)
    except subprocess.TimeoutExpired:
        command.kill()
        command.wait()
        raise
    return subprocess.CompletedProcess(words, code, *(path.read_text(encoding="utf-8") for path in said))


def start_command(words: Sequence[str], environment: Mapping[str, str], said: Sequence[Path]) -> Process:
    """Start an aexdash command; it sees just these variables, and what it says goes to two files."""
    return _begin(["aexdash", *words], environment, said)


def _begin(words: list[str], environment: Mapping[str, str], said: Sequence[Path]) -> Process:
    """Begin what `python -m` and these words begin; what it says is kept in files, or what it prints in none."""
    if CAN_FORK:
        return Forked(_ask(words=words, environment=dict(environment), said=[str(path) for path in said]))
    with contextlib.ExitStack() as files:
        out, err = (files.enter_context(path.open("w")) for path in said) if said else (subprocess.DEVNULL, None)
        command = [sys.executable, "-m", *words]
        return subprocess.Popen(command, cwd=serve.ROOT, env=environment, stdout=out, stderr=err, text=True)


def _ask(**request: Any) -> Any:
    """Ask the process that is ready, which is started for the first one who asks."""
    ready = _ready()
    assert ready.stdin
    assert ready.stdout
    ready.stdin.write(f"{json.dumps(request)}\n")
    ready.stdin.flush()
    return json.loads(ready.stdout.readline())


@functools.cache
def _ready() -> subprocess.Popen[str]:
    ready = subprocess.Popen(
        [sys.executable, "-m", MODULE],
        cwd=serve.ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # a process with one thread forks well
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(_leave, ready)
    return ready


def _leave(ready: subprocess.Popen[str]) -> None:
    """Let it go: it ends what is still running."""
    assert ready.stdin
    assert ready.stdout
    ready.stdin.close()
    ready.wait()
    ready.stdout.close()


class Ready:
    """The other side: the process itself. It speaks lines of JSON."""

    def __init__(self) -> None:
        self.running: set[int] = set()

    def answer_all(self) -> Callable[[], None] | None:
        """Answer until nobody asks any more; in a process that was forked, return what it has to do."""
        for line in iter(sys.stdin.readline, ""):
            request = json.loads(line)
            if "wait" in request:
                print(json.dumps(self._wait(request["wait"], request["seconds"])), flush=True)
                continue
            pid = os.fork()
            if not pid:
                return functools.partial(_become, **request)
            self.running.add(pid)
            print(pid, flush=True)
        for pid in self.running:
            os.kill(pid, signal.SIGKILL)
        return None

    def _wait(self, pid: int, seconds: float) -> int | None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self.running.discard(pid)
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        return None


def load() -> None:
    """Import every module of aexdash, and what it imports only when it is needed."""
    names = [module.name for module in pkgutil.walk_packages(aexdash.__path__, "aexdash.")]
    logging.disable(logging.WARNING)  # Streamlit says at each cache that no app is running yet
    for name in [*names, *LOADED_LATE]:
        if name not in SCRIPTS:
            importlib.import_module(name)
    logging.disable(logging.NOTSET)
    gc.collect()
    gc.freeze()  # what is forked does not walk over all this again, and so does not copy it


def _become(words: list[str], environment: dict[str, str], said: Sequence[str]) -> None:
    """Be the command or the app that these words begin."""
    os.environ.clear()
    os.environ.update(environment)
    for at, path in enumerate([os.devnull, *(said or [os.devnull])]):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), at)
    sys.argv = words
    program = "streamlit.web.cli" if words[0] == "streamlit" else "aexdash.__main__"
    importlib.import_module(program).main(prog_name=words[0])


if __name__ == "__main__":
    load()
    do = Ready().answer_all()
    if do:
        do()

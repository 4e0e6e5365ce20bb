"""`aexdash serve`: the sync worker in this process, the app in one of its own, both ended together.

In a home that follows another machine, following stands in the place of the worker.

The worker is imported when it begins, not with this module: it takes as long to load as the app, which is started
first and loads beside it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from aexdash.clock import system_clock
from aexdash.config.sections.channels import PORT_VARIABLE
from aexdash.config.settings import Settings
from aexdash.log import Line, Log
from aexdash.replica import tied
from aexdash.supervision.loop import sentence_of, trace_of

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds app.py and pages/: aexdash is run from its checkout."""

HOST = "127.0.0.1"
"""Where the app listens unless it is told otherwise: on this machine alone; docs/how-to/deploy.md says how others
reach it."""

ENDS_WITH_ITS_STARTER = "AEXDASH_ENDS_WITH_ITS_STARTER"
"""The environment variable by which the app looks whether we are still there (aexdash.ui.doors.parent)."""


WORKER_ENDS_WITHIN = 5.0
"""Seconds; with the time that the app has, less than ten."""

CANNOT_GO_ON = 1
"""The exit code where the worker could read nothing for long, or the app was killed."""


class PortInUse(Exception):
    """Another program listens on the port that the app should have."""


class AppMissing(Exception):
    """The checkout with app.py is not where the package is."""


@contextmanager
def pages_on(port: int) -> Iterator[None]:
    """Have the settings that are read in the block, here and in the app, know the port of the pages."""
    before = os.environ.get(PORT_VARIABLE)
    os.environ[PORT_VARIABLE] = str(port)
    try:
        yield
    finally:
        if before is None:
            del os.environ[PORT_VARIABLE]
        else:
            os.environ[PORT_VARIABLE] = before


def run_app(settings: Settings, port: int, log: Log, *, with_worker: bool = True, address: str = HOST) -> int:
    """Serve the pages and keep the snapshot current until interrupted; return the exit code of the app or the worker.

    `with_worker`: else the pages alone, beside a worker that another process runs. `address` is where the pages listen;
    they refuse another than this machine's own where nobody lets people in (aexdash.ui.doors.binding).

    Raises:
        PortInUse: `port` is taken.
        AppMissing: app.py is not beside the package.
    """
    beside = worker_beside if with_worker else nothing_beside
    with running_app(settings.home, port, address) as app, beside(settings, app, log) as worker:
        print(f"aexdash is on http://localhost:{port} – Ctrl-C ends it.", flush=True)
        return wait_for(app, worker)


@contextmanager
def running_app(home: Path, port: int, address: str = HOST) -> Iterator[subprocess.Popen[bytes]]:
    """Start the app of a home and end it with the block, also when this process is told to end.

    Raises:
        PortInUse: `port` is taken.
        AppMissing: app.py is not beside the package.
    """
    claim_port(port, address)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    app = start_app(home, port, address)
    try:
        yield app
    finally:
        end(app)


class Worker(threading.Thread):
    """The worker beside the app. Where it cannot go on, it ends the app too; `code` is then the exit code to end with.

    It waits for a store that can be read, as one may be connected on the pages.
    """

    def __init__(self, settings: Settings, app: subprocess.Popen[bytes], log: Log) -> None:
        super().__init__(name="worker", daemon=True)
        self._settings, self._app, self._log = settings, app, log
        self.stop, self.code = threading.Event(), 0

    def run(self) -> None:
        """Keep the snapshot current until told to stop."""
        try:
            self._keep_current()
        except Exception as error:
            if not self.stop.is_set():
                self._log(
                    Line(
                        f"The worker has ended, and the pages end with it: {sentence_of(error)}", trace=trace_of(error)
                    )
                )
        if not self.stop.is_set():
            self.code = CANNOT_GO_ON
            self._app.terminate()

    def _keep_current(self) -> None:
        if self._settings.replica.follows:
            from aexdash.replica import follow  # noqa: PLC0415 - as below

            follow.run(self._settings, self.stop, clock=system_clock, log=self._log)
        else:
            from aexdash.cli.worker import run  # noqa: PLC0415 - takes as long to load as the app does

            run(self._settings, self.stop, log=self._log, patient=True)


@contextmanager
def nothing_beside(settings: Settings, app: subprocess.Popen[bytes], log: Log) -> Iterator[Worker]:
    """Give a worker that is not begun, because another process has one."""
    yield Worker(settings, app, log)


@contextmanager
def worker_beside(settings: Settings, app: subprocess.Popen[bytes], log: Log) -> Iterator[Worker]:
    """Keep the snapshot current beside the app. At the end both are told to end, and the worker is waited for.

    A worker that has not ended after `WORKER_ENDS_WITHIN` waits for somebody else's server; it is left behind.
    """
    worker = Worker(settings, app, log)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop.set()
        app.terminate()  # it takes its time too
        worker.join(timeout=WORKER_ENDS_WITHIN)


def claim_port(port: int, address: str = HOST) -> None:
    """Make sure that nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise PortInUse(
                f"Port {port} is in use by another program; end it or name another port with --port."
            ) from error


def start_app(home: Path, port: int, address: str = HOST) -> subprocess.Popen[bytes]:
    """Start Streamlit's server on app.py as a process of its own, so that pages and sync share no lock and no heap.

    It ends with this process, also when that is killed: aexdash.ui.doors.parent sees the end of its standard input.
    """
    if not (ROOT / "app.py").is_file():
        raise AppMissing("app.py is not beside the aexdash package; run aexdash from its checkout (make run).")
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += [f"--server.port={port}", f"--server.address={address}", "--server.headless=true"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "AEXDASH_HOME": str(home.resolve()), ENDS_WITH_ITS_STARTER: "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        process_group=0,  # Ctrl-C is for us, who then end it: Streamlit would write *Aborted!* besides
    )


def wait_for(app: subprocess.Popen[bytes], worker: Worker) -> int:
    """Wait until the app ends or somebody interrupts; return the exit code, 0 for a polite ending."""
    try:
        code = app.wait()
    except KeyboardInterrupt:
        return 0
    _let_go(app)
    if code < 0 and not worker.code:
        print(f"Something ended the pages from outside (signal {-code}), so aexdash has ended too.", file=sys.stderr)
    return worker.code or code


def leave(code: int) -> NoReturn:
    """End the process at once: a thread that waits for somebody else's server would hold up an ordinary ending."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if code >= 0 else CANNOT_GO_ON)


def end(app: subprocess.Popen[bytes], within: float = 4.0) -> None:
    """Ask the app to end, and insist after so many seconds."""
    tied.end(app, within)
    _let_go(app)


def _let_go(app: subprocess.Popen[bytes]) -> None:
    """Close the pipe by whose end an app knows that its starter is gone."""
    if app.stdin:
        app.stdin.close()


def _interrupt(_signal: int, _frame: object) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # the ending has a limit of its own
    raise KeyboardInterrupt

"""`aexdash serve`: the sync worker in this process, the app in one of its own, both ended together.

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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aexdash.aliexpress.errors import PlatformError
from aexdash.config.settings import ConfigError, Settings
from aexdash.storage.errors import StorageError
from aexdash.sync.lease import LeaseError

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds app.py and pages/: aexdash is run from its checkout."""

HOST = "127.0.0.1"
"""The app listens on this machine alone; docs/how-to/deploy.md says how others reach it."""

ENDS_WITH_ITS_STARTER = "AEXDASH_ENDS_WITH_ITS_STARTER"
"""The environment variable by which the app looks whether we are still there (aexdash.ui.doors.parent)."""


class PortInUse(Exception):
    """Another program listens on the port that the app should have."""


class AppMissing(Exception):
    """The checkout with app.py is not where the package is."""


def run_app(settings: Settings, port: int) -> int:
    """Serve the pages and keep the snapshot current until interrupted; return the app's exit code.

    Raises:
        PortInUse: `port` is taken.
        AppMissing: app.py is not beside the package.
    """
    with running_app(settings.home, port) as app:
        stop = threading.Event()
        worker = threading.Thread(target=keep_syncing, args=(settings, stop, print), name="worker", daemon=True)
        worker.start()
        print(f"aexdash is on http://localhost:{port} – Ctrl-C ends it.")
        try:
            return wait_for(app)
        finally:
            stop.set()
            worker.join(timeout=10)


@contextmanager
def running_app(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start the app of a home and end it with the block, also when this process is told to end.

    Raises:
        PortInUse: `port` is taken.
        AppMissing: app.py is not beside the package.
    """
    claim_port(port)
    signal.signal(signal.SIGTERM, _interrupt)
    app = start_app(home, port)
    try:
        yield app
    finally:
        end(app)


def keep_syncing(settings: Settings, stop: threading.Event, log: Callable[[str], None]) -> None:
    """Run the worker beside the app; it waits for a store that can be read, as one may be connected on the pages.

    When it cannot run at all, the pages go on showing what was read, and the log says why.
    """
    from aexdash.cli.worker import run  # noqa: PLC0415 - takes as long to load as the app does

    try:
        run(settings, stop, log=log, patient=True)
    except (ConfigError, PlatformError, StorageError, LeaseError) as error:
        log(f"The sync has ended and the pages show what was read before: {error}")


def claim_port(port: int) -> None:
    """Make sure that nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortInUse(
                f"Port {port} is in use by another program; end it or name another port with --port."
            ) from error


def start_app(home: Path, port: int) -> subprocess.Popen[bytes]:
    """Start Streamlit's server on app.py as a process of its own, so that pages and sync share no lock and no heap.

    It ends with this process, also when that is killed: aexdash.ui.doors.parent sees the end of its standard input.
    """
    if not (ROOT / "app.py").is_file():
        raise AppMissing("app.py is not beside the aexdash package; run aexdash from its checkout (make run).")
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += [f"--server.port={port}", f"--server.address={HOST}", "--server.headless=true"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "AEXDASH_HOME": str(home.resolve()), ENDS_WITH_ITS_STARTER: "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )


def wait_for(app: subprocess.Popen[bytes]) -> int:
    """Wait until the app ends or somebody interrupts; a polite ending is exit code 0."""
    try:
        code = app.wait()
    except KeyboardInterrupt:
        return 0
    _let_go(app)
    return code


def end(app: subprocess.Popen[bytes]) -> None:
    """Ask the app to end, and insist after five seconds."""
    app.terminate()
    try:
        app.wait(timeout=5)
    except subprocess.TimeoutExpired:
        app.kill()
        app.wait()
    _let_go(app)


def _let_go(app: subprocess.Popen[bytes]) -> None:
    """Close the pipe by whose end an app knows that its starter is gone."""
    if app.stdin:
        app.stdin.close()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt

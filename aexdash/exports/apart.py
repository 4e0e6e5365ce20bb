"""Makes a file in a process of its own, so that who waits for it keeps nobody else waiting.

A workbook of 20,000 listings takes seconds of pure Python. Made in the process of the pages, that would be seconds in
which every click of everybody waits for its turn.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import BoundedSemaphore

from aexdash.exports.table import ExportError

AT_ONCE = 2
"""Files that are made at the same time; who asks for another one waits."""

GIVES_WAY = 5
"""How much less pressing than the pages the process is, as `nice` counts."""

_turn = BoundedSemaphore(AT_ONCE)


def made_apart(make: Callable[..., object], *about: object) -> None:
    """Call a function of a module in a process of its own, which ends with it, and wait for that.

    What `make` is given is copied to that process, and what it returns is lost.

    Raises:
        ExportError: the process ended before it was done.
        Exception: whatever `make` raises.
    """
    # Not by `multiprocessing`: its new process would begin with running the page that Streamlit has as `__main__`.
    asked = pickle.dumps((make, about))
    found = os.pathsep.join(sys.path)
    with _turn:
        made = subprocess.run(
            [sys.executable, "-m", __name__],
            input=asked,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": found},
            check=False,
        )
    if made.returncode:
        raise ExportError("The file was not made: its process was ended before it was done. Ask for it again.")
    failed = pickle.loads(made.stdout)  # noqa: S301 - of our own process
    if failed is not None:
        raise failed


def _make() -> None:
    """Make what is asked for on the standard input, and tell on the standard output how it ended."""
    with suppress(AttributeError, OSError):  # Windows has no such thing
        os.nice(GIVES_WAY)
    make, about = pickle.load(sys.stdin.buffer)  # noqa: S301 - of our own process
    failed = None
    try:
        make(*about)
    except Exception as error:  # it is raised again where it was waited for
        failed = error
    sys.stdout.buffer.write(pickle.dumps(failed))


if __name__ == "__main__":
    _make()

"""Starting a program that ends with the thread that started it, however that ends.

Linux sends the program a signal when its parent dies (`PR_SET_PDEATHSIG`, prctl(2)). The program has to ask for it
itself, between its beginning and its becoming Litestream, so this file is also run as a script of its own: Python's
`preexec_fn` does the same and is not safe where there are threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import IO

PR_SET_PDEATHSIG = 1

ENDS_WITHIN = 5.0
"""Seconds that a program has to end when it is asked to."""


FIRST_CLOSED = 3
"""The lowest file descriptor behind the three of every program. Where a program ends, however it does, Linux closes
what it has open from the lowest to the highest."""

NONE = "-"


def start(command: Sequence[str], *, errors: IO[bytes], holds: int | None = None) -> subprocess.Popen[bytes]:
    """Start a program whose errors go to a file.

    It keeps the file descriptor `holds` open as long as it lives, and of all that it opens gives up that one first.

    Raises:
        OSError: it cannot be started.
    """
    return subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, str(os.getpid()), NONE if holds is None else str(holds), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        pass_fds=() if holds is None else (holds,),
        process_group=0,  # Ctrl-C is for us, who then end it
    )


def end(program: subprocess.Popen[bytes], within: float = ENDS_WITHIN) -> int:
    """Ask a program to end, insist after so many seconds, and return its exit code."""
    program.terminate()
    try:
        return program.wait(timeout=within)
    except subprocess.TimeoutExpired:
        program.kill()
        return program.wait()


def _become(parent: int, holds: str, command: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if holds != NONE and int(holds) != FIRST_CLOSED:
        os.dup2(int(holds), FIRST_CLOSED)
        os.close(int(holds))
    if os.getppid() == parent:  # else it has died already, and nobody would tell
        os.execv(command[0], command)  # noqa: S606 - a program and its arguments, no shell


if __name__ == "__main__":
    _become(int(sys.argv[1]), sys.argv[2], sys.argv[3:])

"""Ends the server when the process that started it is gone, however that ended: pages that nothing feeds grow old.

`aexdash serve` and `aexdash demo` keep the other end of our standard input open and never write to it. The operating
system closes it with them, on `kill -9` too, and everywhere. `streamlit run app.py` by hand is not told to look.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import BinaryIO

VARIABLE = "AEXDASH_ENDS_WITH_ITS_STARTER"
"""The environment variable that tells the server to look; `aexdash.cli.serve` sets it."""

PATIENCE = 5.0
"""Seconds for a polite ending, as a browser may hold a connection."""


def watch() -> None:
    """Look for the end of whoever started this server, in a thread of its own, where it was told to."""
    if os.environ.get(VARIABLE) and sys.stdin is not None:
        threading.Thread(target=_end_with, args=(sys.stdin.buffer,), name="parent", daemon=True).start()


def _end_with(starter: BinaryIO) -> None:
    while starter.read(1):
        pass  # nobody writes there
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(PATIENCE)
    os._exit(1)

"""What a home is being prepared with, told in a small file: a demo that reads its past is no store that went silent.

Whoever prepares writes the file again and again; words that are old are nobody's any more, so a process that was
killed leaves nothing behind that lasts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from aexdash.clock import from_text_or_none, to_text

FILE = "preparing.txt"

LASTS = timedelta(minutes=5)
"""How long words stand; one reading of the past takes less."""


def tell(home: Path, words: str, now: datetime) -> None:
    """Tell what is being done; a file that cannot be written is no reason to stop."""
    try:
        beside = home / f"{FILE}.part"
        beside.write_text(f"{to_text(now)}\n{words}\n", "utf-8")
        beside.replace(home / FILE)
    except OSError:
        return


def end(home: Path) -> None:
    """Tell that the home is ready."""
    (home / FILE).unlink(missing_ok=True)


def told(home: Path, now: datetime) -> str:
    """Return what the home is being prepared with, one sentence without its full stop; empty when it is ready."""
    try:
        stamp, _, words = (home / FILE).read_text("utf-8").partition("\n")
    except (OSError, ValueError):
        return ""
    at = from_text_or_none(stamp)
    return words.strip() if at is not None and abs(now - at) < LASTS else ""

"""Remembers which files of a store's SFTP folder were fetched, in a hidden file of its feed folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aexdash.clock import from_text_or_none, to_text
from aexdash.desk.feed_columns import PART, folder_of

NOTES = ".fetched.json"


@dataclass(frozen=True, slots=True)
class Fetched:
    """When the server's folder was last listed, what is wrong with it, and which files need not be fetched again.

    `known` has for each file's mark why it was refused, or an empty text when it was fetched; `latest` is the file
    fetched last.
    """

    looked_at: datetime | None = None
    trouble: str = ""
    latest: str = ""
    latest_at: datetime | None = None
    known: Mapping[str, str] = field(default_factory=dict)


def read_fetched(home: Path, store: str) -> Fetched:
    """Read the record of a store; an empty one when there is none or it cannot be read.

    Files are then fetched again but not counted twice, because a file is also known by its content.
    """
    try:
        kept = json.loads((folder_of(home, store) / NOTES).read_text(encoding="utf-8"))
        return Fetched(
            looked_at=from_text_or_none(kept["looked_at"]),
            trouble=str(kept["trouble"]),
            latest=str(kept["latest"]),
            latest_at=from_text_or_none(kept["latest_at"]),
            known={str(mark): str(why) for mark, why in kept["known"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Fetched()


def write_fetched(home: Path, store: str, fetched: Fetched) -> None:
    """Write the record of a store, whole or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    kept = {
        "looked_at": fetched.looked_at and to_text(fetched.looked_at),
        "trouble": fetched.trouble,
        "latest": fetched.latest,
        "latest_at": fetched.latest_at and to_text(fetched.latest_at),
        "known": dict(fetched.known),
    }
    folder = folder_of(home, store)
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{NOTES}{PART}"
    beside.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    beside.replace(folder / NOTES)

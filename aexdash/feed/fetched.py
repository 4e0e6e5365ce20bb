"""What was fetched of a store's SFTP folder, kept in a hidden file of its feed folder, so that each comes once."""

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
    """When the folder of the server was last looked into, what is wrong with it, and which files need not come again.

    `known` holds, by a file's mark, why it was refused; an empty text where it came. `latest` is the newest that came.
    """

    looked_at: datetime | None = None
    trouble: str = ""
    latest: str = ""
    latest_at: datetime | None = None
    known: Mapping[str, str] = field(default_factory=dict)


def read_fetched(home: Path, store: str) -> Fetched:
    """Read what is kept of a store; nothing where nothing is kept, or where it cannot be read.

    Then files come once more, and are not read twice: a file is known by its content as well.
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
    """Keep it, whole or not at all.

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

"""What each person chose on the pages, such as their role, by name. Stored in the desk."""

from __future__ import annotations

from pathlib import Path

from aexdash.desk import file as desk_file
from aexdash.storage.text import storable

READ = "SELECT value FROM preference WHERE who = ? AND name = ?"

KEEP = """
INSERT INTO preference (who, name, value) VALUES (?, ?, ?)
ON CONFLICT (who, name) DO UPDATE SET value = excluded.value
"""


class Preferences:
    """Reads and writes preferences. Every call opens the desk by itself, so any thread may call.

    Every method raises StorageError when the file cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def read(self, who: str, name: str) -> str:
        """Return what a person chose last for a name; empty where nothing was chosen."""
        rows = desk_file.rows(self.path, "preference", READ, [storable(who), name])
        return str(rows[0][0]) if rows else ""

    def keep(self, who: str, name: str, value: str) -> None:
        """Remember what a person chose; an empty text forgets it."""
        with desk_file.writing(self.path) as connection:
            connection.execute(KEEP, [storable(who), name, storable(value)])

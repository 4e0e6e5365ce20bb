"""Sessions of people who signed in: begun at the sign-in, ended by the log-out, by an owner, or by their age.

The browser keeps a random text and the desk only its hash, so neither a copy of the desk nor a look at it lets anybody
in. What has ended stays ended: a copied cookie is of no use from that moment on.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.people.acting import needs
from aexdash.people.identity import Identity
from aexdash.people.rights import Role
from aexdash.storage.text import storable, texts_from

COLUMNS = "id, person, name, groups, started_at, seen_at"

OPEN = f"""
SELECT {COLUMNS} FROM session WHERE secret = ? AND ended_at IS NULL AND started_at > ? AND started_at <= ?
"""  # noqa: S608

ALL_OPEN = f"""
SELECT {COLUMNS} FROM session WHERE ended_at IS NULL AND started_at > ? ORDER BY name, started_at
"""  # noqa: S608

START = """
INSERT INTO session (secret, person, name, groups, started_at, seen_at)
VALUES (:secret, :person, :name, :groups, :now, :now)
"""

END = "UPDATE session SET ended_at = ?, ended_by = ? WHERE secret = ? AND ended_at IS NULL"

END_ALL = "UPDATE session SET ended_at = ?, ended_by = ? WHERE (person = ? OR name = ?) AND ended_at IS NULL"

SEEN = "UPDATE session SET seen_at = ? WHERE id = ? AND ended_at IS NULL"

FORGET = "DELETE FROM session WHERE started_at < ?"

SECRET_BYTES = 32

AHEAD = timedelta(minutes=5)
"""A session that began later than now, by the clock that is now, is one of a clock that was put back; so much is let
pass for clocks of several machines."""

KEPT = timedelta(days=400)
"""How long a session that has ended is kept, to say who was in."""

NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in: who, since when, and when a page was drawn last, to five minutes."""

    id: int
    identity: Identity
    started_at: datetime
    seen_at: datetime


class Sessions:
    """The sessions of a desk. Every call opens the desk by itself, so any thread may call.

    Every method raises StorageError when the desk cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def start(self, identity: Identity, now: datetime) -> str:
        """Begin a session; return the text that the browser keeps for it."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        row = {
            "secret": _hash(secret),
            "person": storable(identity.key),
            "name": storable(identity.name),
            "groups": json.dumps([storable(group) for group in identity.groups]),
            "now": to_text(now),
        }
        with desk_file.writing(self.path) as connection:
            connection.execute(FORGET, [to_text(now - KEPT)])
            connection.execute(START, row)
        return secret

    def find(self, secret: str, now: datetime, max_age: timedelta) -> Session | None:
        """Return the session of what a browser keeps; None where there is none, or it has ended or is too old."""
        if not secret:
            return None
        bound = [_hash(secret), to_text(now - max_age), to_text(now + AHEAD)]
        found = desk_file.read(self.path, "session", OPEN, session_of, bound)
        return found[0] if found else None

    def open(self, now: datetime, max_age: timedelta) -> list[Session]:
        """List the sessions that have not ended, by the name of the person."""
        return desk_file.read(self.path, "session", ALL_OPEN, session_of, [to_text(now - max_age)])

    def note(self, session: Session, now: datetime) -> None:
        """Write down that a page was drawn, where the last note of it is older than five minutes."""
        if now - session.seen_at > NOTED_EVERY:
            with desk_file.writing(self.path) as connection:
                connection.execute(SEEN, [to_text(now), session.id])

    def end(self, secret: str, *, by: str, now: datetime) -> None:
        """End the session of what a browser keeps; one that has ended, or is none, is left."""
        with desk_file.writing(self.path) as connection:
            connection.execute(END, [to_text(now), storable(by), _hash(secret)])

    @needs(Role.OWNER)
    def end_all(self, who: str, *, by: str, now: datetime) -> int:
        """End all sessions of a person, by her name or by 'issuer|subject'; return how many those were."""
        with desk_file.writing(self.path) as connection:
            return connection.execute(END_ALL, [to_text(now), storable(by), storable(who), storable(who)]).rowcount


def _hash(secret: str) -> str:
    """Return what the desk keeps of a secret; it is random and long, so no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def session_of(row: Sequence[Any]) -> Session:
    """Read the row of a session; a damaged one raises what `sound` takes."""
    number, person, name, groups, started_at, seen_at = row
    identity = Identity(person, name, tuple(texts_from(groups)))
    return Session(number, identity, from_text(started_at), from_text(seen_at))

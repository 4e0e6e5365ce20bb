"""People: the names under which decisions are made. A name is a text that somebody typed, and no proof."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

RULE = "rule"
"""Who decides where an assignment rule does; the log names the rule beside it."""

COMMAND = "command line"
"""Who decides where a command names nobody."""

LONGEST = 60
"""Characters of a name at most."""

_JOINERS = "\u200c\u200d"
"""Written inside names of some languages; every other character that cannot be seen is refused."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts. `name` is shown and is what owners and logs carry.

    `key` is `issuer|subject` once people sign in, else empty.
    """

    name: str
    key: str = ""

    @property
    def id(self) -> str:
        """What private views and preferences are kept under: the key, else the name."""
        return self.key or self.name


class NoName(ValueError):
    """A name that cannot be used; the text is one sentence."""


def named(text: str) -> Person:
    """Read a name that somebody typed: in the composed form of Unicode (NFC), on one line, spaces of one width.

    Raises:
        NoName: it is longer than 60 characters, holds no letter or digit, or a character that nobody can see.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(character.isalnum() for character in name):
        raise NoName("A name has at least one letter or digit.")
    if len(name) > LONGEST:
        raise NoName(f"A name has at most {LONGEST} characters; this one has {len(name)}.")
    unseen = next((one for one in name if not one.isprintable() and one not in _JOINERS), "")
    if unseen:
        raise NoName(f"A name holds no character that nobody can see; this one holds U+{ord(unseen):04X}.")
    return Person(name)

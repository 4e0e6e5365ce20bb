"""Who acts: a name that people read, with room for the identity of a sign-in; and how a typed name is read."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from aexdash.storage.text import storable

RULE = "rule"
"""Who has made a change that an assignment rule made; the rule stands in `through`."""

COMMAND = "command line"
"""Who has made a change by a command that was given no name, in logs of earlier versions."""

LONGEST = 60
"""Characters of the longest name."""

JOINERS = "\u200c\u200d"
"""Characters without a shape of their own that change the shape of those beside them, in Persian for one."""

BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Characters that count as letters or signs and show nothing: fillers of Korean, and Braille without a dot."""

OURS = frozenset(("nobody", RULE, COMMAND, "aliexpress"))
"""What pages, logs and files write where no person is meant, in lower case: no person may be called so."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts.

    `name` is shown and is what owners and logs carry; `key` is 'issuer|subject' once people sign in, else empty.
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
    """Read a name that somebody typed: NFC, one line, at most 60 characters, with a letter or a digit in it.

    Characters that nobody sees are left out, so that two names that look the same are the same.

    Raises:
        NoName: it is not usable, or stands for no person in what we write.
    """
    name = legible(text)
    if not any(letter.isalnum() for letter in name):
        raise NoName("A name needs a letter or a digit in it.")
    if len(name) > LONGEST:
        raise NoName(f"A name has at most {LONGEST} characters; this one has {len(name)}.")
    if is_ours(name):
        raise NoName(f"{name} stands for no person in lists and logs of aexdash; write another name.")
    return Person(name)


def owner_named(text: str) -> str:
    """Read the owner that somebody typed; an empty text is nobody.

    Raises:
        NoName: it is no name that can be used.
    """
    return named(text).name if text.strip() else ""


def is_ours(name: str) -> bool:
    """Whether a name is one by which we mean no person; such names may stand in a desk of earlier versions."""
    return name.casefold() in OURS


def legible(text: str) -> str:
    """Return a text on one line, without what nobody sees; empty where nothing in it is seen."""
    seen = "".join(letter for letter in storable(text) if letter.isspace() or _is_seen(letter))
    line = " ".join(unicodedata.normalize("NFC", seen).split())
    return line if any(unicodedata.category(letter)[0] in "LNPS" for letter in line) else ""


def _is_seen(letter: str) -> bool:
    return letter in JOINERS or (letter not in BLANKS and unicodedata.category(letter) not in ("Cc", "Cf"))

"""How long something has lasted: *in audit for more than a week* is of the status, *held for more than a week* is not."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.meaning.asker import Asker, listings_of
from aexdash.ask.question import Question, Read
from aexdash.words.common import age_words

_OLDER = re.compile(r"\b(?:older|younger|старше|младше|mas (?:viej|antigu|nuev)\w+|antiguedad|age)\b|\b\d+\+? \w+ old\b")
"""*Rejected and older than 3 days*: how old a listing is, is how long it is held, and may be meant of its status."""

Where = Mapping[str, tuple[str, ...]]

OF_STATUS = ("rejected", "auditing")
"""The statuses that a listing is held in, which a resubmission or a verdict changes while it stays held."""

HELD_BEFORE = re.compile(
    r"\b(?:held|on hold|retenid\w+|удерж\w+|задерж\w+)(?: (?:back|up|for|already|desde|hace|por|уже|there))* *$"
    r"|(?:被扣|扣住|扣留|扣着|受阻|未过审)了?(?:的?时间)?,?$"
)
"""What says right before an age that it is one of being held, also where a status stands beside it."""


def in_status(where: Where, state: str, pieces: Pieces, asker: Asker) -> dict[str, tuple[str, ...]]:
    """Return the filters with an age taken for how long listings have the status that is named beside it.

    Raises:
        Refused: *held* is named too, or what lasts is something of which nobody knows since when.
    """
    found = dict(where)
    if "age" not in found or "held_for" in pieces.plain:
        return found
    of_status = {name: values for name, values in found.items() if name != "age"} | {"in_status": found["age"]}
    if state == "stuck":
        offered = [listings_of(of_status, one, asker) for one in ("auditing", "stuck")]
        raise asker.ask("In audit for so long, or also stuck there by what is usual in its store? Choose.", offered)
    if state in ("active", "at_risk"):
        offered = [listings_of(of_status, "at_risk", asker)]
        raise asker.ask("How long a listing is at risk is not known, only how long it is on sale: choose.", offered)
    if state in OF_STATUS and ("held" in pieces.states or _OLDER.search(fold(pieces.text))):
        offered = [listings_of(one, state, asker) for one in (of_status, where)]
        raise asker.ask("In this status for so long, or held without a break for so long? Choose.", offered)
    if state in OF_STATUS and not _is_of_work(found, pieces):
        say_in_status(pieces)
        return of_status
    if {*found} & {"stage", "mark"} or found.get("lane") == ("snoozed",):
        known = [of_status, found] if state in OF_STATUS else [found]
        offered = [listings_of(one, state or "held", asker) for one in known]
        raise asker.ask("How long a listing is held is known, not how long it is so: choose.", offered)
    return found


def _is_of_work(where: Where, pieces: Pieces) -> bool:
    """Whether an age may be of what people did: *fixed for 3 days and rejected*, *rejected, nobody took it for 3 days*."""
    if where.get("mark") or set(where.get("stage", ())) - {"new"}:
        return True
    ages = "|".join(re.escape(fold(one.words)) for one in pieces.read if one.meaning.startswith("held "))
    said = "|".join(re.escape(fold(words)) for name, _, words in pieces.named if name in ("stage", "owner"))
    return bool(ages and said and re.search(rf"(?:{said})\W{{0,2}}(?:for |since |уже |desde hace |hace )?(?:{ages})", fold(pieces.text)))


def narrowed_by_age(where: Where, question: Question, pieces: Pieces) -> dict[str, tuple[str, ...]]:
    """Return the filters of a follow-up: *for more than a week* behind *in audit* is of that status."""
    found = dict(where)
    statuses = question.filters.get("status", ())
    if "age" not in found or "held_for" in pieces.plain or len(statuses) != 1 or statuses[0] not in OF_STATUS:
        return found
    say_in_status(pieces)
    return {name: values for name, values in found.items() if name != "age"} | {"in_status": found["age"]}


def say_in_status(pieces: Pieces) -> None:
    """Say of an age that it was read as one of the status."""
    told = {f"held {age_words(word)}": f"in this status {age_words(word)}" for word in pieces.ages}
    pieces.read[:] = [Read(one.words, told.get(one.meaning, one.meaning)) for one in pieces.read]

"""How long something has lasted: *in audit for more than a week* is of the status, *held for more than a week* is not."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aexdash.ask.language.pieces import Pieces
from aexdash.ask.meaning.asker import Asker, listings_of
from aexdash.ask.question import Question, Read
from aexdash.words.common import age_words

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
    if state in OF_STATUS and "held" in pieces.states:
        offered = [listings_of(one, state, asker) for one in (of_status, where)]
        raise asker.ask("In this status for so long, or held without a break for so long? Choose.", offered)
    if state in OF_STATUS:
        say_in_status(pieces)
        return of_status
    if {*found} & {"stage", "mark"} or found.get("lane") == ("snoozed",):
        offered = [listings_of(found, state or "held", asker)]
        raise asker.ask("How long a listing is held is known, not how long it is so: choose.", offered)
    return found


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

"""How long something has lasted: *in audit for a week* is of the status, *held for a week* is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from aexdash.address_words import read_age
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.language.times.periods import find
from aexdash.ask.meaning.asker import HERO, Asker, base, listings_of
from aexdash.ask.question import PLACES, By, Kind, Period, Question, Read
from aexdash.clock import HOUR
from aexdash.words.common import age_words

_OLDER = re.compile(
    r"\b(?:older|younger|старше|младше|mas (?:viej|antigu|nuev)\w+|antiguedad|age)\b|\b\d+\+? \w+ old\b"
)
"""*Rejected and older than 3 days*: how old a listing is, is how long it is held, and may be meant of its status."""

_IN_A_SPAN = re.compile(
    r"\b(?:rejections|rejects|refusals|audits)\b|\b(?:were|was|got|get|gets) (?:\S+ )?rejected over\b"
    r"|\bотклонени[йяе]|\bотказ(?:ов|ы|а)?\b"
    r"|\brechazos\b"
)
"""*Rejections over 5 days* may be those of five days."""

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
    text = fold(pieces.text)
    if state in OF_STATUS and ("held" in pieces.states or _OLDER.search(text) or _IN_A_SPAN.search(text)):
        offered = [listings_of(one, state, asker) for one in (of_status, where)]
        offered += _in_last(where, state, asker) if _IN_A_SPAN.search(text) else []
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
    """Whether an age may be of what people did: *fixed for 3 days and rejected*, *nobody took it for 3 days*."""
    if where.get("mark") or set(where.get("stage", ())) - {"new"}:
        return True
    ages = "|".join(re.escape(fold(one.words)) for one in pieces.read if one.meaning.startswith("held "))
    said = "|".join(re.escape(fold(words)) for name, _, words in pieces.named if name in ("stage", "owner"))
    return bool(
        ages
        and said
        and re.search(rf"(?:{said})\W{{0,2}}(?:for |since |уже |desde hace |hace )?(?:{ages})", fold(pieces.text))
    )


def _in_last(where: Where, state: str, asker: Asker) -> list[Question]:
    """Return how many moved in the last so many days, where an age may be that span."""
    least, _, below = where["age"][0].partition("-")
    if below or not least:
        return []
    words = f"last {int(least[:-1])} {'hours' if least.endswith('h') else 'days'}"
    [said] = find(words, asker.now, asker.workspace.zone)
    kept = {name: values for name, values in where.items() if name in (*PLACES, "reason", "category")}
    return [base(Kind.MOVES, state, kept, asker, period=said.readings[0])]


_A_WEEK = {"a day": "1d", "a week": "7d", "a month": "30d", "an hour": "1h"}


def ask_a_week(question: Question, state: str, pieces: Pieces, asker: Asker) -> None:
    """Ask what *in audit a week* means: for so long, or how many each week.

    Raises:
        Refused: that was asked.
    """
    told = [one.words for one in pieces.read if one.meaning.startswith("divided by") and one.words.lower() in _A_WEEK]
    if not told or not pieces.by or pieces.ages or state not in ("held", *OF_STATUS):
        return
    lasting = "in_status" if state in OF_STATUS else "age"
    so_long = question.with_where(**{lasting: (_A_WEEK[told[0].lower()],)})
    plainly = replace(asker, finish=None)
    raise plainly.ask(f"For {told[0]}, or how many each? Choose.", [so_long, replace(question, by=By(pieces.by[0]))])


MOST_HOURS = 10_000
"""An age has at most four digits."""

_SINCE = re.compile(r"^(?:since|с|со|desde|自|从|自从)(?![a-zа-я])|(?:以来|至今|起)$")


def since_then(question: Question, period: Period, asker: Asker) -> list[Question]:
    """Return what *in audit since Monday* may ask of what is so now: so since before that, or since then; else nothing.

    Ages are whole hours, so a beginning within an hour of the time that was named may fall on either side.
    """
    statuses = question.filters.get("status", ())
    hours = int((asker.now - period.start) / HOUR)
    until_now = period.end > asker.now - HOUR
    if not (_SINCE.search(fold(period.label).strip()) and until_now and 0 < hours < MOST_HOURS):
        return []
    lasting = "in_status" if len(statuses) == 1 and statuses[0] in OF_STATUS else "age"
    if question.kind is Kind.CARD and question.name != HERO:
        return []
    now = replace(question, kind=Kind.LISTINGS, name="", at=None, period=None)
    return [now.with_where(**{lasting: (word,)}) for word in (read_age(f"-{hours}h"), read_age(f"{hours}h"))]


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

"""Two questions in one line, each with its own question mark: *is the brand still missing? and how many has Ana*."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from aexdash.ask.language.lexicon import Lexicon
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import tidy
from aexdash.ask.meaning.cutting import cut

_MARK = re.compile(r"\?+")
_ASKS = {"count", "list", "superlative", "newly", "duration", "usual_duration", "share", "trend"}


def questions_in(text: str, lexicon: Lexicon, now: datetime, zone: tzinfo) -> list[str]:
    """Return the questions of a line, parted by question marks; one where the parts are a question together.

    *Hi? how many are held? thanks* is one, and so are *rejected? last week I mean* and *Madrid? how many rejected*.
    """
    *marked, last = _MARK.split(tidy(text))
    parts = [*(part.strip() for part in marked), last.strip()]
    parts = [part for part in parts if any(letter.isalnum() for letter in part)]
    if len(parts) < 2 or re.search(r'["„“«「]|\w:\w', text):
        return [text]
    told = {part: cut(part, lexicon, now, zone) for part in parts}
    asked = [part for part in parts if _is_question(told[part])]
    if asked[-1:] == [last.strip()] and _names_card_alone(told[asked[-1]]):
        return [text]
    return asked if len(asked) > 1 else [text]


def _names_card_alone(pieces: Pieces) -> bool:
    """Whether words without a mark of their own only say which number was meant: *how long do they take? median*."""
    others = pieces.states or pieces.moves or pieces.plain & _ASKS or pieces.begins_with_follow
    return bool(pieces.cards or pieces.doubts) and not others


def _is_question(pieces: Pieces) -> bool:
    """Whether words ask something by themselves: they name what to count, or go on from the question before."""
    if pieces.is_empty and not pieces.unknown:
        return False
    if pieces.subject or pieces.where.get("reason"):
        return True
    told = any(pieces.where.values()) or pieces.by or pieces.dimensions or pieces.periods or pieces.unknown
    goes_on = pieces.begins_with_follow and not pieces.is_empty and "why" not in pieces.plain
    return bool(goes_on or (told and pieces.plain & _ASKS))

"""*Where* and *on our side*: the first asks for stores, or only joins a clause; the second says who fixed something."""

from __future__ import annotations

import re
from dataclasses import replace

from aexdash.ask.answer import Why
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.meaning.asker import Asker
from aexdash.ask.question import Read
from aexdash.ask.typed import refuse
from aexdash.model import Lane, Stage

_WHERE = re.compile(
    r"\b(?:where|donde|где)(?: (?:are|is|were) (?:they|those|these|it|that)| (?:estan|esta|они|это))?\W*$"
    r"|\b(?:where|donde|где),? (?:and|y|и) (?:how|cuant|сколько)"
    r"|^\W*(?:and |so )?where (?:are|is|were) (?!we\b|i\b)"
    r"|^\W*where do we (?:have|see|get|lose)\b"
    r"|^\W*(?:y |en )*donde (?:esta|estan|hay|tenemos|se)\b"
    r"|^\W*(?:а |и )?где\b|哪里|哪儿|在哪"
)
"""*Where* that asks: at the end, beside how many, or at the beginning. *Rejected where the title is long* does not."""


def where_they_are(pieces: Pieces, asker: Asker) -> Pieces:
    """Take *how many and where* for a division by store; of one store there is none, so what is left is offered.

    Raises:
        Refused: *and where* begins a clause, which may be a question of its own, or *why* is asked too.
    """
    if "where" not in pieces.plain:
        return pieces
    text = fold(pieces.text)
    for said in (*pieces.periods, *pieces.compared):
        text = text[: said.start] + " " * (said.stop - said.start) + text[said.stop :]
    if not _WHERE.search(text):
        if _AND_WHERE.search(text):
            raise refuse(
                Why.NOT_TOGETHER, "What stands behind *and where* is a question of its own: ask one at a time."
            )
        return replace(pieces, plain=pieces.plain - {"where"})
    if len(pieces.where.get("store", ())) == 1 or "store" in pieces.by:
        return pieces
    if "why" in pieces.plain:
        raise refuse(Why.NOT_TOGETHER, "Why, and where? Ask one at a time, or write *by reason* or *by store*.")
    told = [said for value, said in pieces.shaped if value == "where"]
    read = [*pieces.read, *(Read(one, "divided by store") for one in told)]
    return replace(pieces, by=[*pieces.by, "store"], plain=pieces.plain - {"where"}, read=read)


_AND_WHERE = re.compile(r"(?:[&+]|\b(?:and|y|и|а)) (?:in |en |в )?(?:where|donde|где)\b")

_OUR_SIDE = ("on our side", "на нашей стороне")


def on_our_side(pieces: Pieces, _asker: Asker) -> Pieces:
    """Take *fixed on our side* for what is marked fixed: right beside it, it says who did, and not whose move it is."""
    fixed = [words for name, value, words in pieces.named if (name, value) == ("stage", Stage.FIXED.value)]
    ours = [one for one in pieces.named if one[1] == Lane.TODO.value and fold(one[2]) in _OUR_SIDE]
    beside = [f"{fold(one)} {fold(our[2])}" for one in fixed for our in ours]
    beside += [f"{fold(our[2])} {fold(one)}" for one in fixed for our in ours]
    said = [words for value, words in pieces.shaped if value == "our_side"]
    if any(one in fold(pieces.text) for one in beside):
        where = pieces.where.copy()
        named = [one for one in pieces.named if one not in ours]
        where["lane"] = [value for name, value, _ in named if name == "lane"]
        pieces = replace(pieces, where=where, named=named)
        said += [one[2] for one in ours]
    if not said:
        return pieces
    return replace(pieces, read=[*pieces.read, *(Read(one, "by us, as what is marked fixed is") for one in said)])

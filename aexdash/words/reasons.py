"""The words for the reasons of many listings: who says them, and how sure that is. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from aexdash.model import IN_REVIEW, SILENT
from aexdash.snapshot.tallies import ReasonCount
from aexdash.words.common import NOBODY, PROVENANCE_WORDS, doubt_of


def commonest(counts: Sequence[ReasonCount], most: int) -> list[ReasonCount]:
    """Return the commonest reasons, and those of whom nobody has said why: they are often the most, but stand last."""
    silent = [reason for reason in counts if reason.code in SILENT]
    said = [reason for reason in counts if reason.code not in SILENT]
    return said[: most - len(silent)] + silent


def says_words(reason: ReasonCount) -> str:
    """Say who states a reason, and where it is none of the platform how sure it is: `measured: likely, …`."""
    if not reason.provenance:
        return "nothing refused so far" if reason.code == IN_REVIEW else NOBODY
    who = ", ".join(PROVENANCE_WORDS[who] for who in reason.provenance)
    doubt = doubt_of(reason.provenance)
    return f"{who}: {doubt}" if doubt else who

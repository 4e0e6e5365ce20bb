"""What the list sends: acts on listings as they were shown, numbered, each taken once however often it arrives.

The browser sends every act that it has not yet been told is done, because of two quick messages Streamlit keeps the
later one alone. So an act comes again, until its number comes back to the list with the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import streamlit as st

from aexdash.clock import from_text, to_text
from aexdash.desk.decisions.items import Seen
from aexdash.model import Stage
from aexdash.snapshot.readmodels import WorkRow
from aexdash.ui.frame.visit import Visit

DECISIONS = ("take", "fix", "snooze", "back")
"""Acts that change listings at once; *owner* and *note* open the field where the name or the text is typed."""

TICKED = "ticked"
"""What *owner* and *note* say more (`Act.more`) where they are for the ticked listings: the bar has their field."""

ANSWERS = ("yes", "no")
"""Answers to what is asked at the row of a listing: do it all the same, or leave it."""

KNOWN = (*DECISIONS, *ANSWERS, "owner", "note", "all", "none", "open", "show")
"""All that the list asks for. *all* and *none*: whether the acts are meant for all listings that match the view."""

OF_THE_LIST = ("open", "show")
"""Acts that change only what is shown: the list's own module answers them."""

MOST_LISTINGS = 1_000
_WAITING, _DONE = "_acts-waiting", "_acts-done"
_REFUSED, _ANSWERS = "_acts-refused", "_acts-answers"

ListingKey = tuple[str, int]
"""Store key and product id."""


@dataclass(frozen=True, slots=True)
class Act:
    """One press in the list: what to do, the listings as they were shown, and for a snooze how long (`keys.SNOOZES`).

    `request` names it among all acts of all browsers, so that it is written once.
    """

    do: str
    seen: tuple[Seen, ...]
    more: str = ""
    request: str = ""

    @property
    def keys(self) -> list[ListingKey]:
        """The listings, by store key and product id."""
        return [one.key for one in self.seen]


def id_of(store: str, product_id: int) -> str:
    """Name a listing for the list component."""
    return f"{store}/{product_id}"


def key_of(text: object) -> ListingKey | None:
    """Read the name of a listing; None for what is none."""
    store, _, number = text.rpartition("/") if isinstance(text, str) else ("", "", "")
    if store and number.isascii() and number.isdigit() and len(number) < 19:
        return store, int(number)
    return None


def shown_as(row: WorkRow) -> str:
    """Write what a row shows of its listing into one word, which the list sends back with every act on it."""
    seen = Seen.of(row)
    period, codes = to_text(seen.period), ",".join(seen.codes)
    return "|".join((str(seen.version), period, str(seen.attempt), codes, seen.stage or ""))


def _seen(name: object, shown: object) -> Seen | None:
    key = key_of(name)
    words = shown.split("|") if isinstance(shown, str) else []
    if key is None or len(words) != 5:
        return None
    version, period, attempt, codes, stage = words
    standing = tuple(filter(None, codes.split(",")))
    try:
        return Seen(*key, int(version), from_text(period), int(attempt), standing, Stage(stage) if stage else None)
    except ValueError:
        return None


def read(message: object, done: Mapping[str, int]) -> tuple[list[Act], dict[str, int]]:
    """Read a message of the list, given the last number done of each list.

    Returns:
        The acts that are new, in their order, and the last numbers after them. What is no act is left out.
    """
    if not isinstance(message, dict):
        return [], dict(done)
    token, sent = message.get("list"), message.get("acts")
    if not isinstance(token, str) or not token.isalnum() or len(token) > 40 or not isinstance(sent, list):
        return [], dict(done)
    last, acts = done.get(token, 0), []
    for one in sent:
        number = one.get("n") if isinstance(one, dict) else None
        if isinstance(number, int) and number > last:
            last = number
            acts += _act(one, f"{token}-{number}")
    return acts, {**done, token: last}


def _act(told: Mapping[str, object], request: str) -> list[Act]:
    do, rows, more = told.get("do"), told.get("rows"), told.get("more", "")
    if do not in KNOWN or not isinstance(rows, list) or len(rows) > MOST_LISTINGS or not isinstance(more, str):
        return []
    pairs = [row for row in rows if isinstance(row, list) and len(row) == 2]
    seen = tuple(found for name, shown in pairs if (found := _seen(name, shown)))
    return [Act(str(do), seen, more, request)] if seen or not rows else []


def receive(message: object) -> list[Act]:
    """Keep the new acts of a message for `take`, and remember their numbers; return the new ones."""
    new, st.session_state[_DONE] = read(message, done())
    waiting = [act for act in new if act.do not in OF_THE_LIST]
    st.session_state[_WAITING] = [*st.session_state.get(_WAITING, []), *waiting]
    for act in new:
        if act.do in DECISIONS:
            admit(act.keys)
    return new


def take(_visit: Visit) -> list[Act]:
    """Return the acts that came in since this was last asked, in their order; each is returned once."""
    waiting: list[Act] = st.session_state.get(_WAITING, [])
    st.session_state[_WAITING] = []
    return waiting


def done() -> dict[str, int]:
    """The last number done, by the list of this session that sent it."""
    known: dict[str, int] = st.session_state.get(_DONE, {})
    return known


def refuse(sentences: Mapping[ListingKey, str], answers: Mapping[ListingKey, tuple[str, str]] | None = None) -> None:
    """Say at the rows of listings why an act on them was not done; it stands until somebody acts on them again.

    `answers` are the words of the two `ANSWERS` for those that are asked about at their row.
    """
    st.session_state[_REFUSED] = {**refused(), **sentences}
    st.session_state[_ANSWERS] = {**answers_at_rows(), **(answers or {})}


def admit(keys: Iterable[ListingKey]) -> None:
    """Take back what `refuse` said of listings."""
    gone = set(keys)
    st.session_state[_ANSWERS] = {key: words for key, words in answers_at_rows().items() if key not in gone}
    st.session_state[_REFUSED] = {key: said for key, said in refused().items() if key not in gone}


def refused() -> dict[ListingKey, str]:
    """Why the last act on listings was not done, in the words of `refuse`."""
    said: dict[ListingKey, str] = st.session_state.get(_REFUSED, {})
    return said


def answers_at_rows() -> dict[ListingKey, tuple[str, str]]:
    """The words of the answers to what is asked at rows, by listing."""
    words: dict[ListingKey, tuple[str, str]] = st.session_state.get(_ANSWERS, {})
    return words

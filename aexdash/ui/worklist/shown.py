"""Which listings the list shows, and in which order: nothing moves by itself.

The listings of a view are kept while it is looked at. What enters is counted, what leaves stays where it is and says
so, until *show* is pressed; what I acted on myself leaves at once, or comes back to where it stood. What I take
in its panel stays too, as I go on to work on it there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import streamlit as st

from aexdash.snapshot.readmodels import WorkRow
from aexdash.ui.frame.visit import PAGE_ROWS, Visit

Key = tuple[str, int]
"""Store key and product id."""

_KEPT, _ACTED = "_rows-kept", "_rows-acted"


class Settled(NamedTuple):
    """The listings to show in their order, and those that entered or left the view without being moved for it."""

    ids: list[Key]
    entered: list[Key]
    left: list[Key]


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of the list in their order; how many entered the view since, and which of the rows have left it.

    `total` is the number of listings of the view, on all its pages. `left_are_read`: the rows that left say what they
    are now; otherwise what they were when they were last in the view.
    """

    rows: tuple[WorkRow, ...]
    entered: int = 0
    left: frozenset[Key] = frozenset()
    total: int = 0
    left_are_read: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    view: str
    rows: Mapping[Key, WorkRow]
    left: frozenset[Key] = frozenset()
    before: int = 0
    places: tuple[Key, ...] = ()
    """The rows in their order, and between them those that I acted on and that left: where they come back to."""


def key_of(row: WorkRow) -> Key:
    """The listing of a row."""
    return row.store, row.product_id


def settled(
    kept: Sequence[Key],
    fresh: Sequence[Key],
    acted: Collection[Key],
    places: Sequence[Key] = (),
    most: int = PAGE_ROWS,
) -> Settled:
    """Decide what is shown: `kept` is what was, `fresh` what the view holds now, `acted` what I have just acted on.

    Listings that I acted on leave at once, or come in: where they stood among `places`, which are those kept and those
    that left before; and where they stood nowhere, as the view has them. So that a page of many does not empty under
    my hands, those that the view has behind the last one shown fill it up at its end again, where nothing moves for
    it. Everything else stays where it is until it is asked for.
    """
    if not kept:
        worked_to_zero = set(fresh) <= set(places)
        return Settled(sorted(fresh, key=places.index) if worked_to_zero else list(fresh), [], [])
    now, mine = set(fresh), set(acted)
    stay = [key for key in kept if key in now or key not in mine]
    ids = _with_mine(_back_in_place(stay, mine & now, places), fresh, mine)
    room = max(min(len(kept), most) - len(ids), 0)
    ids += _behind(ids, fresh)[:room]
    shown = set(ids)
    return Settled(ids, [key for key in fresh if key not in shown], [key for key in ids if key not in now])


def _back_in_place(ids: list[Key], mine: Collection[Key], places: Sequence[Key]) -> list[Key]:
    """Put what comes back where it stood. What I decided meanwhile may have moved others in the view, but not here."""
    shown = set(ids)
    back = [key for key in places if key in mine and key not in shown]
    return [key for key in places if key in shown or key in back] if back else ids


def _places(before: Sequence[Key], ids: Sequence[Key]) -> tuple[Key, ...]:
    """Return the places of all that was shown, with those that are new each behind the one that it is shown behind."""
    places, known = list(before), set(before)
    for number, key in enumerate(ids):
        if key not in known:
            places.insert(places.index(ids[number - 1]) + 1 if number else 0, key)
    return tuple(places)


def _with_mine(ids: list[Key], fresh: Sequence[Key], mine: Collection[Key]) -> list[Key]:
    """Put in what I acted on and is not shown: each behind the listing shown that the view has before it."""
    place = {key: number for number, key in enumerate(ids)}
    at, come_in = 0, []
    for key in fresh:
        if key in place:
            at = place[key] + 1
        elif key in mine:
            come_in.append((at, key))
    for at, key in reversed(come_in):
        ids.insert(at, key)
    return ids


def _behind(ids: Sequence[Key], fresh: Sequence[Key]) -> list[Key]:
    """Return the listings that the view has behind all those shown."""
    shown = set(ids)
    last = max((number for number, key in enumerate(fresh) if key in shown), default=-1)
    return list(fresh[last + 1 :])


def of_page(
    visit: Visit,
    rows: Sequence[WorkRow],
    total: int,
    *,
    page: int = 1,
    anew: bool = False,
    read_again: Callable[[Sequence[Key]], Sequence[WorkRow]] | None = None,
) -> Shown:
    """Settle a page of rows with what this session was shown of the same view and page.

    `anew` begins anew, as *show* does. `read_again` reads listings that left the view; without it they are shown as
    they were last read.
    """
    view = f"{sorted(visit.view.to_query().items())} {page}"
    kept: _Kept | None = st.session_state.get(_KEPT)
    acted_on: set[Key] = st.session_state.pop(_ACTED, set())
    # An empty list is not on the page either: what an undo puts back there is where it stood, nothing begins anew.
    if kept is None or kept.view != view or (anew and not (acted_on and not kept.rows)):
        kept = _Kept(view, {})
    before = dict(kept.rows)
    known = before | {key_of(row): row for row in rows}
    found = settled(list(before), [key_of(row) for row in rows], acted_on, kept.places)
    if found.left and read_again:
        known |= {key_of(row): row for row in read_again(found.left)}
    left, before_it = frozenset(found.left), (page - 1) * PAGE_ROWS
    shown, places = {key: known[key] for key in found.ids}, _places(kept.places, found.ids)
    st.session_state[_KEPT] = _Kept(view, shown, left, before_it, places)
    rows = tuple(known[key] for key in found.ids)
    return Shown(rows, len(found.entered), left, total, read_again is not None)


def acted(keys: Iterable[Key]) -> None:
    """Remember which listings I have acted on, so that they leave or come back when the page is drawn next."""
    st.session_state[_ACTED] = {*st.session_state.get(_ACTED, ()), *keys}


def forget() -> None:
    """Show the view as it is now when the page is drawn next."""
    st.session_state.pop(_KEPT, None)


def order() -> list[Key]:
    """The listings that are shown, in their order."""
    kept: _Kept | None = st.session_state.get(_KEPT)
    return list(kept.rows) if kept else []


def beside(key: Key, step: int, skip: Collection[Key] = ()) -> Key | None:
    """Return the listing shown next after one, or with `step` -1 before it, that is still in the view.

    None where there is none, or where the listing itself is not shown.
    """
    kept: _Kept | None = st.session_state.get(_KEPT)
    places = order()
    if kept is None or key not in places:
        return None
    at = places.index(key)
    way = places[at + 1 :] if step > 0 else places[:at][::-1]
    return next((one for one in way if one not in kept.left and one not in skip), None)


def place(key: Key) -> int | None:
    """Return the place of a listing among those shown, from 1, those on the pages before counted; None if it is not."""
    kept: _Kept | None = st.session_state.get(_KEPT)
    places = order()
    return kept.before + places.index(key) + 1 if kept and key in places else None

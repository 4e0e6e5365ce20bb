"""The books of a span as a waterfall chart, and the listings behind each bar.

Opening + first seen + entered - left = closing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from aexdash.causes.movement import Movement
from aexdash.clock import to_text
from aexdash.snapshot.compared.listings import What
from aexdash.snapshot.history.facts import Between, Books, Flow, Moved
from aexdash.snapshot.history.span import Past
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.stores import Stores
from aexdash.statement import Reach
from aexdash.ui.causes import ways
from aexdash.ui.frame import address, nav
from aexdash.ui.frame.charts import plot, plot_config
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import PAGE_ROWS, Visit
from aexdash.ui.history.moves import (
    CLOSING,
    FLOW_WORDS,
    OPENING,
    PAGE,
    SHOWN,
    BooksSpan,
    balance,
    listings,
    read,
)
from aexdash.ui.history.waterfall import bars, bridge_figure, bridge_words, change_words, end_words
from aexdash.words import statements
from aexdash.words.common import STATUS_WORDS, moment, place, plain, plural

if TYPE_CHECKING:
    import pandas as pd


_CHART, _PICKED = "bridge", "moves-picked"
ASKED = {Flow.REJECTED: What.STRAIGHT, Flow.AUDITING: What.AUDITING, Between.CAME: What.HELD}
"""The lists of which it can be asked what goes with them, with the moves that each is of."""

COPIED_AT_ONCE = 1_000
"""Ids that *Copy ids* shows at most."""


def draw(visit: Visit, default: tuple[datetime, datetime]) -> None:
    """Draw the books between the two moments of the address (`default` when it names none) and one list of listings."""
    st.markdown("### The books", anchors=False)
    query = {name: st.query_params.get(name, "") for name in (OPENING, CLOSING, SHOWN)}
    span = read(query, default, visit.known_until)
    _pick_moments(span, visit.zone)
    for note in span.notes:
        st.warning(plain(note))
    past = visit.snapshot.past(visit.view.store_keys)
    books = visit.ask(balance, visit.view.store_keys, span.start, span.end)
    _say(visit, books)
    _chart(books, visit.zone)
    # Up to the last reading instead of up to now: it is the same, and the same question again in the next run.
    end = min(span.end, max(past.last_recorded() or span.end, span.start))
    between = visit.ask(_between, visit.view.store_keys, span.start, end)
    counts = _counts(books, between)
    _pick_list(span, books, counts)
    _ends(visit, books)
    if span.shown:
        _list(visit, span, counts[span.shown])
        if what := ASKED.get(span.shown):
            movement = Movement(what, span.start, span.end, visit.view.store_keys, about="bridge")
            if span.start < span.end:
                ways.line(visit, movement)
    _table(books)


def _between(snapshot: Snapshot, stores: Stores, start: datetime, end: datetime) -> dict[Between, int]:
    return snapshot.past(stores).between(start, end)


def _pick_moments(span: BooksSpan, zone: tzinfo) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="two-moments"):
        _pick_moment(OPENING, f"From ({place(zone)})", span.start, zone)
        _pick_moment(CLOSING, f"To ({place(zone)})", span.end, zone)


def _pick_moment(name: str, label: str, at: datetime, zone: tzinfo) -> None:
    # A field for each moment, which knows what it was drawn with: a page that asks for news before it has seen a new
    # moment still sends the old one, and that must not be written to the address as if a person had picked it.
    key = f"{name}-moment-{to_text(at)}"
    shown = at.astimezone(zone).replace(tzinfo=None)
    drawn = shown.replace(second=0, microsecond=0)

    def write() -> None:
        picked: datetime | None = st.session_state[key]
        if picked and picked.replace(second=0, microsecond=0) != drawn:
            _change({name: to_text(picked.replace(tzinfo=zone).astimezone(UTC)), PAGE: ""})

    st.session_state[key] = shown
    st.datetime_input(label, key=key, on_change=write, width=220)


def _change(parameters: dict[str, str]) -> None:
    for name, value in parameters.items():
        address.change(name, value)


def _say(visit: Visit, books: Books) -> None:
    if not books.first_read:
        st.markdown(f"{statements.NOT_READ_YET.capitalize()}: no store here was completely read so far.")
        return
    st.markdown(f"{_sum(books, visit.zone)}{_doubt(visit, books)}")
    for sentence in _beside(visit, books):
        st.caption(plain(sentence))


def _doubt(visit: Visit, books: Books) -> str:
    """Say what the sum knows nothing of where it ends now, and not all stores are current; else nothing."""
    if visit.view.as_of or books.end < visit.up_to:
        return ""
    reach = visit.ask(Snapshot.hero, visit.view.unfiltered()).reach
    words = statements.claim_words(reach, zone=visit.zone, listed=True)  # the books have a part of a store as well
    return f" · {plain(words)}" if words else ""


def _sum(books: Books, zone: tzinfo) -> str:
    """Write the books as a sum; a moment that was not read has no number but the one that was last read."""
    terms = [_stock(books.opening, books.opening_reach, books.start, zone)] if books.begun else []
    if books.first_seen or not books.begun:
        terms.append(f"**{books.first_seen:,}** {'in stores connected' if books.begun else 'there when first read'}")
    entered, left = statements.entered_and_left(books.entered, books.left, books.closing_reach, bold=True)
    return f"{' + '.join(terms)} + {entered} − {left} = {_stock(books.closing, books.closing_reach, books.end, zone)}"


def _stock(held: int, reach: Reach, at: datetime, zone: tzinfo) -> str:
    if not reach.read:
        return f"{moment(at, zone)} {plain(statements.not_read_words(reach, zone=zone))} (was **{held:,}**)"
    return f"**{held:,}** at {moment(at, zone)}{plain(statements.as_last_read_words(reach, zone))}"


def _beside(visit: Visit, books: Books) -> list[str]:
    """Return notes on the sum: moves between held statuses, stores first read within the span, what was not read."""
    sentences = []
    if books.flows[Flow.STAYED]:
        moves = plural(books.flows[Flow.STAYED], "move")
        sentences.append(f"{moves} between rejected and in audit: held before and after, so in no sum.")
    for key, at in books.connected.items():
        store = visit.store_of(key)
        past = visit.snapshot.past((key,)).books(books.start, books.end)
        words = statements.first_read_words(past.first_seen, at, visit.zone)
        sentences.append(f"{store.title if store else key}: {words}.")
    if words := statements.unread_words(books.closing_reach):
        sentences.append(f"{words}: listings may have come and gone unseen.")
    return sentences


def _chart(books: Books, zone: tzinfo) -> None:
    flows = bars(books)

    def pick() -> None:
        points = st.session_state[_CHART]["selection"]["points"]
        index = points[0]["point_index"] - 1 if points else -1
        if 0 <= index < len(flows):
            _change({SHOWN: flows[index].value, PAGE: ""})

    plot(
        bridge_figure(books, theme()),
        key=_CHART,
        on_select=pick,
        selection_mode="points",
        alt=bridge_words(books, zone),
        config=plot_config(f"aexdash-bridge-{books.start:%Y%m%d}-{books.end:%Y%m%d}"),
    )


def _counts(books: Books, between: dict[Between, int]) -> dict[Flow | Between, int]:
    counts: dict[Flow | Between, int] = {flow: books.flows[flow] for flow in (*bars(books), Flow.STAYED)}
    return counts | dict(between)


def _pick_list(span: BooksSpan, books: Books, counts: dict[Flow | Between, int]) -> None:
    """Draw a button for each bar, for keyboard and touch, and two that compare the two moments."""

    def write() -> None:
        _change({SHOWN: st.session_state[_PICKED] or "", PAGE: ""})

    choices = [word.value for word, listings in counts.items() if listings or word is span.shown]
    if not choices:
        st.caption(_nothing_moved(books))
        return
    st.session_state[_PICKED] = span.shown.value if span.shown else None
    by_word = {word.value: number for word, number in counts.items()}
    st.pills(
        "Listings behind a bar",
        choices,
        format_func=lambda word: f"{FLOW_WORDS[word]} {by_word[word]:,}",
        key=_PICKED,
        on_change=write,
        help="Or click a bar. The last two compare the two moments, whatever happened in the meantime.",
    )


def _nothing_moved(books: Books) -> str:
    """Say that nothing moved; of a span that was not wholly read, only that nothing was seen to."""
    if not books.begun and not books.connected:
        return "Nothing of this span was read."
    if books.closing_reach.is_window_unread:
        return "Nothing of this span was read."
    seen = "entered and nothing left" if books.closing_reach.is_window_read else "was seen to enter or to leave"
    return f"Nothing {seen} in this span."


def _ends(visit: Visit, books: Books) -> None:
    with st.container(horizontal=True, key="books-ends"):
        for words, at, held, reach in (
            ("start", books.start, books.opening, books.opening_reach),
            ("end", books.end, books.closing, books.closing_reach),
        ):
            if any(one.read_at for one in reach.readings):
                is_now = visit.view.as_of is None and at >= visit.known_until
                query = (visit.view if is_now else visit.view.replace(as_of=at)).unfiltered().to_query()
                shown = f"held at the {words}" if reach.read else f"held when last read before the {words}"
                nav.link("worklist", f"The {held:,} {shown}", query)


def _list(visit: Visit, span: BooksSpan, count: int) -> None:
    pages = max(1, -(-count // PAGE_ROWS))
    number = address.page_number(pages, PAGE)
    past = visit.snapshot.past(visit.view.store_keys)
    moves = listings(past, span, PAGE_ROWS, (number - 1) * PAGE_ROWS)
    _list_head(visit, span, count, moves)
    if isinstance(span.shown, Between):
        _say_ends_not_read(past, span, visit.zone)
    if moves:
        st.dataframe(
            _frame(visit, moves),
            hide_index=True,
            column_config={"Open": st.column_config.LinkColumn("As it was", display_text="Open ›", width=80)},
            alt=f"Listings {FLOW_WORDS[span.shown or '']}, the latest first",
        )
    if pages > 1:
        key = f"moves-page-{number}"
        st.pagination(pages, default=number, key=key, on_change=_turn, args=(key,))


def _say_ends_not_read(past: Past, span: BooksSpan, zone: tzinfo) -> None:
    """Say of two moments that are compared which of them was not read: its listings are those of the last reading."""
    for at in (span.start, span.end):
        reach = past.reach(at, at)
        if not reach.read:
            words = statements.not_read_words(reach, zone=zone)
            st.caption(plain(f"{moment(at, zone)}: {words}. Its listings are those that were held when last read."))


def _turn(key: str) -> None:
    address.change(PAGE, str(st.session_state[key]))


def _list_head(visit: Visit, span: BooksSpan, count: int, moves: Sequence[Moved]) -> None:
    if span.shown is None:
        return
    words = FLOW_WORDS[span.shown]
    with st.container(horizontal=True, vertical_alignment="center", key="moves-head"):
        st.markdown(f"**{plural(count, 'listing')} {words}**", width="content")
        query = visit.view.unfiltered().to_query()
        query |= {OPENING: to_text(span.start), CLOSING: to_text(span.end), SHOWN: span.shown.value}
        st.link_button("CSV", f"/moves.csv?{urlencode(query)}", disabled=not count)
        with st.popover("Copy ids", disabled=not count, on_change="rerun", key="copy-ids") as ids:
            if ids.open:
                _ids(visit, span, count, moves)


def _ids(visit: Visit, span: BooksSpan, count: int, moves: Sequence[Moved]) -> None:
    found = (
        moves if count <= len(moves) else listings(visit.snapshot.past(visit.view.store_keys), span, COPIED_AT_ONCE, 0)
    )
    st.code("\n".join(dict.fromkeys(str(move.product_id) for move in found)), language=None, height=240)
    if count > COPIED_AT_ONCE:
        st.caption(f"The latest {COPIED_AT_ONCE:,}; the CSV has all {count:,}.")


def _frame(visit: Visit, moves: Sequence[Moved]) -> pd.DataFrame:
    several = len(visit.stores) > 1
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    return pd.DataFrame([_row(visit, move, several) for move in moves])


def _row(visit: Visit, move: Moved, several: bool) -> dict[str, str | int]:
    query = visit.view.unfiltered().replace(as_of=move.held_at).to_query() | {
        "listing": f"{move.store}/{move.product_id}"
    }
    return {
        "When": moment(move.at, visit.zone),
        **({"Store": move.store} if several else {}),
        "Product id": str(move.product_id),
        "Title": move.title or "(no title)",
        "From": STATUS_WORDS[move.status_from] if move.status_from else "first seen",
        "To": STATUS_WORDS[move.status_to] if move.status_to else "",
        "Why": " · ".join(visit.label(code) for code in move.codes),
        "Rejections seen": move.attempt,
        "Open": f"/worklist?{urlencode(query)}",
    }


def _table(books: Books) -> None:
    behind = st.expander("The table behind the bridge", on_change="rerun", key="bridge-table")
    if not behind.open:
        return
    rows = [(end_words("start", books.opening_reach).capitalize(), f"{books.opening:,}")]
    rows += [(FLOW_WORDS[flow].capitalize(), change_words(books, flow)) for flow in bars(books)]
    rows += [(end_words("end", books.closing_reach).capitalize(), f"{books.closing:,}")]
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    frame = pd.DataFrame(rows, columns=["", "Listings"])
    behind.dataframe(frame, hide_index=True, width=420, height="content", alt="The books of the span")

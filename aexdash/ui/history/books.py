"""The books of a span: opening + what entered - what left = closing, and the listings behind every bar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from aexdash.clock import to_text
from aexdash.snapshot.history.facts import Between, Books, Flow, Moved
from aexdash.ui.frame import address, nav
from aexdash.ui.frame.charts import plot_config
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import PAGE_ROWS, Visit
from aexdash.ui.history.moves import (
    CLOSING,
    FLOW_WORDS,
    OPENING,
    PAGE,
    SHOWN,
    Span,
    listings,
    read,
)
from aexdash.ui.history.waterfall import bars, bridge_figure, bridge_words, signed
from aexdash.words.common import STATUS_WORDS, moment, plain, plural

_CHART, _PICKED = "bridge", "moves-picked"
COPIED_AT_ONCE = 1_000


def draw(visit: Visit, usual: tuple[datetime, datetime]) -> None:
    """Draw the books between two moments of the address, `usual` where it names none, and one list behind them."""
    st.markdown("### The books", anchors=False)
    query = {name: st.query_params.get(name, "") for name in (OPENING, CLOSING, SHOWN)}
    span = read(query, usual, visit.moment)
    _pick_moments(span)
    for note in span.notes:
        st.warning(plain(note))
    past = visit.snapshot.past(visit.view.store_keys)
    books = past.books(span.start, span.end)
    _say(visit, books)
    _chart(books)
    counts = _counts(books, past.between(span.start, span.end))
    _pick_list(span, counts)
    _ends(visit, books)
    if span.shown:
        _list(visit, span, counts[span.shown])
    _table(books)


def _pick_moments(span: Span) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="two-moments"):
        _pick_moment(OPENING, "From (UTC)", span.start)
        _pick_moment(CLOSING, "To (UTC)", span.end)


def _pick_moment(name: str, label: str, at: datetime) -> None:
    def write() -> None:
        picked: datetime | None = st.session_state[f"{name}-moment"]
        if picked:
            _change({name: to_text(picked.replace(tzinfo=UTC)), PAGE: ""})

    st.session_state[f"{name}-moment"] = at.replace(tzinfo=None)
    st.datetime_input(label, key=f"{name}-moment", on_change=write, width=220)


def _change(parameters: dict[str, str]) -> None:
    for name, value in parameters.items():
        address.change(name, value)


def _say(visit: Visit, books: Books) -> None:
    st.markdown(
        f"**{books.opening:,}** at {moment(books.start)} + **{books.entered:,}** entered − **{books.left:,}** left "
        f"= **{books.closing:,}** at {moment(books.end)}"
    )
    for sentence in _beside(visit, books):
        st.caption(sentence)


def _beside(visit: Visit, books: Books) -> list[str]:
    """What the sum does not say: moves that stay inside, and what nobody knows."""
    sentences = []
    if books.flows[Flow.STAYED]:
        moves = plural(books.flows[Flow.STAYED], "move")
        sentences.append(f"{moves} between rejected and in audit: held before and after, so in neither sum.")
    if books.flows[Flow.FIRST_SEEN]:
        were = plural(books.flows[Flow.FIRST_SEEN], "listing")
        sentences.append(f"{were} of those entered were held when we first looked: nobody saw them move.")
    for key, since in books.first_read.items():
        if since > books.start:
            store = visit.store_of(key)
            sentences.append(f"{plain(store.title if store else key)} was first read {moment(since)}.")
    if not books.first_read:
        sentences.append("No store here was completely read yet: nothing is known, and these zeros say nothing.")
    return sentences


def _chart(books: Books) -> None:
    flows = bars(books)

    def pick() -> None:
        points = st.session_state[_CHART]["selection"]["points"]
        index = points[0]["point_index"] - 1 if points else -1
        if 0 <= index < len(flows):
            _change({SHOWN: flows[index].value, PAGE: ""})

    st.plotly_chart(
        bridge_figure(books, theme()),
        theme=None,
        key=_CHART,
        on_select=pick,
        selection_mode="points",
        alt=bridge_words(books),
        config=plot_config(f"aexdash-bridge-{books.start:%Y%m%d}-{books.end:%Y%m%d}"),
    )


def _counts(books: Books, between: dict[Between, int]) -> dict[Flow | Between, int]:
    counts: dict[Flow | Between, int] = {flow: books.flows[flow] for flow in (*bars(books), Flow.STAYED)}
    return counts | dict(between)


def _pick_list(span: Span, counts: dict[Flow | Between, int]) -> None:
    """Draw a button a bar, for the keyboard and for fingers; the lists of two moments beside them."""

    def write() -> None:
        _change({SHOWN: st.session_state[_PICKED] or "", PAGE: ""})

    choices = [word.value for word, listings in counts.items() if listings or word is span.shown]
    if not choices:
        st.caption("Nothing entered and nothing left in this span.")
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


def _ends(visit: Visit, books: Books) -> None:
    with st.container(horizontal=True, key="books-ends"):
        for words, at, held in (("start", books.start, books.opening), ("end", books.end, books.closing)):
            query = visit.view.unfiltered().replace(as_of=at).to_query()
            nav.link("worklist", f"The {held:,} held at the {words}", query)


def _list(visit: Visit, span: Span, count: int) -> None:
    pages = max(1, -(-count // PAGE_ROWS))
    given = st.query_params.get(PAGE, "1")
    number = min(int(given), pages) if given.isascii() and given.isdigit() and 0 < len(given) < 7 else 1
    past = visit.snapshot.past(visit.view.store_keys)
    moves = listings(past, span, PAGE_ROWS, (max(number, 1) - 1) * PAGE_ROWS)
    _list_head(visit, span, count, moves)
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


def _turn(key: str) -> None:
    address.change(PAGE, str(st.session_state[key]))


def _list_head(visit: Visit, span: Span, count: int, moves: Sequence[Moved]) -> None:
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


def _ids(visit: Visit, span: Span, count: int, moves: Sequence[Moved]) -> None:
    found = (
        moves if count <= len(moves) else listings(visit.snapshot.past(visit.view.store_keys), span, COPIED_AT_ONCE, 0)
    )
    st.code("\n".join(dict.fromkeys(str(move.product_id) for move in found)), language=None, height=240)
    if count > COPIED_AT_ONCE:
        st.caption(f"The latest {COPIED_AT_ONCE:,}; the CSV has all {count:,}.")


def _frame(visit: Visit, moves: Sequence[Moved]) -> pd.DataFrame:
    several = len(visit.stores) > 1
    return pd.DataFrame([_row(visit, move, several) for move in moves])


def _row(visit: Visit, move: Moved, several: bool) -> dict[str, str | int]:
    query = visit.view.unfiltered().replace(as_of=move.held_at).to_query() | {
        "listing": f"{move.store}/{move.product_id}"
    }
    return {
        "When": moment(move.at),
        **({"Store": move.store} if several else {}),
        "Product id": str(move.product_id),
        "Title": move.title or "(no title)",
        "From": STATUS_WORDS[move.status_from] if move.status_from else "first seen",
        "To": STATUS_WORDS[move.status_to] if move.status_to else "",
        "Why": " · ".join(visit.label(code) for code in move.codes),
        "Rejections": move.attempt,
        "Open": f"/worklist?{urlencode(query)}",
    }


def _table(books: Books) -> None:
    behind = st.expander("The table behind the bridge", on_change="rerun", key="bridge-table")
    if not behind.open:
        return
    rows = [("Held at the start", books.opening)]
    rows += [(FLOW_WORDS[flow].capitalize(), signed(books, flow)) for flow in bars(books)]
    rows += [("Held at the end", books.closing)]
    frame = pd.DataFrame(rows, columns=["", "Listings"])
    behind.dataframe(frame, hide_index=True, width=420, height="content", alt="The books of the span")

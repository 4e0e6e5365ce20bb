"""The rows of the worklist: what each says, for the list component that draws them (component/list.js).

The component puts platform texts on the page as plain text: no Markdown, HTML or links in them work.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from aexdash.desk.decisions.items import is_of_others
from aexdash.desk.settings import Preferences
from aexdash.model import HELD, Resubmit, SourceWord, Stage, Status
from aexdash.people.names import Person
from aexdash.reasons.remedies import distinct_reasons, figures, what_to_do
from aexdash.snapshot.readmodels import WorkRow
from aexdash.snapshot.store_rows import StoreRow
from aexdash.storage.errors import StorageError
from aexdash.storage.text import visible
from aexdash.ui.frame import address, notices, person
from aexdash.ui.frame.visit import Visit, made_of
from aexdash.ui.worklist import acts, keys, shown
from aexdash.ui.worklist.shown import Shown
from aexdash.words.common import AUDIT_WORDS, RESUBMIT_WORDS, STAGE_WORDS
from aexdash.words.listings.listing import held_back, held_for, in_status_since, link, price, says_who, status_words
from aexdash.words.listings.work import clock_words, mark_words, stage_words
from aexdash.words.reasons import taken_down_words
from aexdash.words.reconcile import source

KEY = "rows"
"""The key of the list; it stays mounted while its rows change, so that scroll, focus and ticks stay too."""

SEARCH = "search-and-order"
"""The key of the box whose first field is the search, which the list moves the focus to."""

CHOOSER = "columns"
"""The key of the popover that chooses columns."""

_TICKS, _TICKS_NEW, _LED = "_ticks-set", "_ticks-are-new", "_led-to"
_CHOICE, _COLUMNS, _SINGLE = "worklist-columns", "columns-chosen", "single-keys"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list; `kind` says how its cells are laid out: text, number or link."""

    key: str
    label: str
    kind: str = "text"
    help: str = ""


MONEY = Column(
    "money",
    "Held back a day",
    "number",
    "Paid orders of the 30 days before it was held, units × unit price: from the mean of all 30 days to that of the "
    "last 7, the lower first",
)

FIRST = (
    Column("listing", "Listing"),
    Column("why", "Why"),
    Column("do", "What to do"),
    Column("stage", "Owner · stage"),
    Column(
        "held",
        "Held for",
        help="Rejected or in audit without a break, from the first reading that showed it so up to the last one; "
        "resubmitting does not end it. ≥ when it was held already when we first looked",
    ),
    Column("resubmit", "Resubmit", help="Whether what we measured at the rejection still stands"),
)
"""In the order of the work."""

OF_HELD = ("held", "resubmit")
"""The keys of those that have nothing to say of listings on sale."""

STORE = Column("store", "Store")

SOURCE = Column(
    "source",
    "Source",
    help="What it is beside the shop it comes from, when both were last compared; shown where its store has a shop",
)

REST = (
    Column("measured", "Measured"),
    MONEY,
    Column(
        "in_status",
        "In this status since",
        help="The first reading that showed it in this status; a resubmission or a verdict begins anew",
    ),
    Column("attempt", "Rejections seen", "number", "How often it was seen rejected since its store was first read"),
    Column("audit", "Audit"),
    Column("skus", "SKUs"),
    Column("category", "Category"),
    Column("price", "Price", "number"),
    Column("edit", "Edit", "link"),
    Column("public", "Public page", "link"),
)
"""The columns that may be left out, by their keys."""

_TONES = {Resubmit.NOT_YET: "orange", Resubmit.READY: "green"}


def draw(
    visit: Visit,
    rows: Shown | Sequence[WorkRow],
    *,
    columns: Collection[str] | None = None,
    everything: bool = False,
    on_acts: Callable[[], None] | None = None,
    single_keys: bool = True,
) -> list[WorkRow]:
    """Draw the list; return the rows that are ticked.

    Ticks belong to listings, not to positions. `columns` are the keys of those of `REST` to show; None shows all.
    `everything` says that the acts are meant for all listings that match. `on_acts` is called before the next run of
    the page when acts came in: the place to `acts.take` them, so that the page shows at once what they changed.
    `single_keys` off: single keys work only while the focus is in the list.
    """
    listed = rows if isinstance(rows, Shown) else Shown(tuple(rows), total=len(rows))
    told = _component()(
        key=KEY,
        # In a list: of a mapping Streamlit looks whether any value is a frame, for which it loads pandas and pyarrow.
        data=[
            data(visit, listed, columns) | {"everything": everything, "singleKeys": single_keys},
            rows_as_json(visit, listed),
        ],
        on_acts_change=lambda: _received(on_acts),
        on_ticked_change=lambda: None,
    )
    # What was set here the list has not told back yet.
    names = st.session_state[_TICKS][1] if st.session_state.pop(_TICKS_NEW, False) else told.get("ticked")
    ticked = {acts.key_of(name) for name in names or ()}
    return [row for row in listed.rows if shown.key_of(row) in ticked]


@cache
def _component() -> ComponentRenderer:
    """Register the component when it is first drawn: before that no app runs that knows where its files are."""
    return st.components.v2.component("aexdash.worklist", js="list.js", css="list.css")


def is_drawn() -> bool:
    """Whether the list was on the page in the last run of this session."""
    return KEY in st.session_state


def set_ticks(ticked: Collection[shown.Key]) -> None:
    """Tick these listings, and no others, when the list is drawn next."""
    number, _ = st.session_state.get(_TICKS, (0, []))
    st.session_state[_TICKS] = (number + 1, [acts.id_of(*key) for key in ticked])
    st.session_state[_TICKS_NEW] = True


def lead_to(listings: Collection[shown.Key] = ()) -> None:
    """Put cursor and focus on the first of these listings, or of all, and the list in sight, when it is drawn next."""
    number, _ = st.session_state.get(_LED, (0, []))
    st.session_state[_LED] = (number + 1, [acts.id_of(*key) for key in listings])


def _received(on_acts: Callable[[], None] | None) -> None:
    new = acts.receive(st.session_state[KEY].get("acts"))
    for act in new:
        if act.do == "show":
            shown.forget()
        elif act.do in ("open", "owner", "note") and act.seen and act.more != acts.TICKED:
            address.open_(*act.keys[0])
    if on_acts and new:
        on_acts()


def data(visit: Visit, listed: Shown, columns: Collection[str] | None = None) -> dict[str, Any]:
    """Return all that the component is given beside the rows: columns, links, keys, and what was done of what it sent.

    Links stand once a store, without the product id.
    """
    chosen = [one for one in REST if columns is None or one.key in columns]
    opened = address.open_listing()
    return {
        "columns": [_column(one) for one in _in_order(visit, chosen, listed.rows)],
        "stores": {store.key: _store(store) for store in visit.stores},
        "total": listed.total,
        "entered": listed.entered,
        "left": len(listed.left),
        "opened": acts.id_of(*opened) if opened else "",
        "locked": locked(visit),
        "keys": keys.for_the_list(),
        "keysFor": keys.for_which(),
        "snoozes": [[key, more, words] for key, (more, words) in keys.SNOOZES.items()],
        "search": SEARCH,
        "done": acts.done(),
        # What is asked about the open listing is asked in its panel.
        "refused": {acts.id_of(*key): said for key, said in acts.refused().items() if key != opened},
        "answers": {acts.id_of(*key): words for key, words in acts.answers_at_rows().items() if key != opened},
        "ticks": st.session_state.get(_TICKS, (0, [])),
        "led": st.session_state.get(_LED, (0, [])),
    }


def rows_as_json(visit: Visit, listed: Shown) -> str:
    """Return the rows as the component reads them: `{"rows": […], "texts": […]}`.

    Texts that many rows share are sent once, in `texts`, and stand in the rows by their place there. A page that is
    handed out again says the same again, and is not written anew, as Streamlit would twice in each run; of what has
    left the view is said what came of it, by now.
    """
    titles, who, texts = shop_titles(visit, listed.rows), person.current(), _Texts()

    def tell() -> str:
        moment = visit.moment
        rows = [
            _row(visit, row, moment, texts)
            | _source(visit, row, titles, moment, texts)
            | {"asks": _asks(row, who), "state": _left_words(visit, row, listed)}
            for row in listed.rows
        ]
        return json.dumps({"rows": rows, "texts": texts.all}, separators=(",", ":"))

    about = ("rows in words", who, visit.stores, visit.zone, tuple(titles.items()))
    return tell() if listed.left else made_of([*listed.rows, visit.taxonomy], about, tell)


class _Texts:
    """Texts that are sent once, and their places."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._put: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        if text not in self._put:
            self._put[text] = self._places.setdefault(visible(text), len(self._places))
        return self._put[text]

    @property
    def all(self) -> list[str]:
        return list(self._places)


def _store(store: StoreRow) -> dict[str, str]:
    """Return the title of a store, and those of its link patterns that make http(s) links with the id in them."""
    links = {"edit": store.edit_url, "public": store.item_url}
    return {"title": store.title} | {name: pattern for name, pattern in links.items() if link(pattern, 0)}


def locked(visit: Visit) -> str:
    """Say why nothing can be done to these listings; empty while something can."""
    return "This is the worklist of a moment of the past. Go back to now to act." if visit.view.as_of else ""


def _in_order(visit: Visit, chosen: Sequence[Column], rows: Sequence[WorkRow]) -> list[Column]:
    """Return the columns in order; when rows are sorted by money, that column moves to where it can be seen."""
    first = [*FIRST, STORE] if len(visit.looked_at) > 1 else list(FIRST)
    if visit.view.statuses == (Status.ACTIVE,):
        first = [one for one in first if one.key not in OF_HELD]
    if any(row.source_words for row in rows):
        first.append(SOURCE)
    if visit.view.order == "money":
        first.insert(1, MONEY)
    return [*first, *(one for one in chosen if one not in first)]


def _column(column: Column) -> dict[str, str]:
    return {"key": column.key, "label": column.label, "kind": column.kind, "help": column.help}


def _row(visit: Visit, row: WorkRow, moment: datetime, put: _Texts) -> dict[str, Any]:
    appeal = taken_down_words(row, visit.taxonomy.appeal_days, moment, visit.zone)
    return {
        "id": acts.id_of(row.store, row.product_id),
        "v": acts.shown_as(row),
        "title": visible(row.title) or "(no title)",
        "picture": f"/pictures/{row.thumbnail}" if row.thumbnail else "",
        "why": [put(visit.label(reason.code)) for reason in distinct_reasons(row)],
        "who": put(says_who(row, visit.store_of(row.store))),
        "do": put(" · ".join(filter(None, (appeal, *what_to_do(row, visit.taxonomy))))),
        "note": visible(row.note),
        "owner": row.owner,
        "stage": put(stage_words(row, moment, visit.zone)),
        "marks": [put(mark_words(mark, row)) for mark in row.marks],
        "held": put(held_for(row)),
        "status": put(status_words(row)),
        "resubmit": [put(RESUBMIT_WORDS[row.resubmit]), put(_TONES[row.resubmit])] if row.resubmit else [],
        "more": {key: put(text) for key, text in _more(visit, row).items() if text},
    }


def shop_titles(visit: Visit, rows: Sequence[WorkRow]) -> dict[str, str]:
    """Return the titles of the shops by their keys; none where no row was compared with one."""
    if not any(row.source_words for row in rows):
        return {}
    return visit.snapshot.beside_shops().titles()


def _source(visit: Visit, row: WorkRow, titles: dict[str, str], moment: datetime, put: _Texts) -> dict[str, Any]:
    chips = source.chips(row, titles, moment, visit.zone)
    tone = "green" if SourceWord.FIXED in row.source_words else "orange" if row.source else ""
    return {"source": [put(words) for words in chips], "sourceTone": tone}


def _asks(row: WorkRow, who: Person | None) -> list[str]:
    """Return the acts before which the page may ask `who`, so that the cursor waits for the answer."""
    fix = ["fix"] if row.resubmit is Resubmit.NOT_YET else []
    return [*fix, *(["take"] if who and is_of_others(row, who) else [])]


def _left_words(visit: Visit, row: WorkRow, listed: Shown) -> str:
    """Say why a row is still shown that has left the view: what AliExpress or somebody did, where that was read."""
    if shown.key_of(row) not in listed.left:
        return ""
    if not listed.left_are_read:
        return "no longer in this view"
    if row.status not in HELD:
        return f"{status_words(row)} since {in_status_since(row, visit.zone)}"
    if row.changed_at is None:
        return "no longer in this view"
    # Of a fixed listing the row says by itself what AliExpress did since.
    stage = STAGE_WORDS[row.stage] if row.stage is Stage.FIXED else stage_words(row, visit.moment, visit.zone)
    return f"{stage} · {row.changed_by} {clock_words(row.changed_at, visit.now, visit.zone)}"


def _more(visit: Visit, row: WorkRow) -> dict[str, str]:
    """Return the cells of the columns that may be left out, but for the links."""
    return {
        "measured": " · ".join(figures(row, visit.taxonomy)),
        "money": held_back(row),
        "in_status": in_status_since(row, visit.zone),
        "attempt": str(row.attempt),
        "audit": AUDIT_WORDS.get(row.audit_kind or "", row.audit_kind or ""),
        "skus": ", ".join(row.sku_codes),
        "category": row.category or (str(row.category_id) if row.category_id else ""),
        "price": price(row.price_min, row.price_max, row.currency),
    }


# ---------------------------------------------------------------------------------------------- what each person chose


def chooser(visit: Visit) -> None:
    """Draw the popover that chooses the columns behind those of the work, and how single keys are answered.

    What is in it is drawn only while it is open.
    """
    box = st.popover("Columns", key=CHOOSER, on_change="rerun")
    if not box.open:
        return
    columns, single_keys = chosen(visit)
    keys_of_all = [one.key for one in REST]
    labels = {one.key: one.label for one in REST}
    st.session_state[_COLUMNS] = [key for key in keys_of_all if columns is None or key in columns]
    st.session_state[_SINGLE] = single_keys
    with box:
        st.multiselect(
            "Columns behind those of the work",
            keys_of_all,
            format_func=labels.__getitem__,
            key=_COLUMNS,
            on_change=_choose,
            args=(visit,),
        )
        st.checkbox("Keys of one letter work everywhere on this page", key=_SINGLE, on_change=_choose, args=(visit,))
        if person.current() is None:
            st.caption("Kept for this tab; under a name it is kept for you.")


def chosen(visit: Visit) -> tuple[tuple[str, ...] | None, bool]:
    """Return the columns that this person chose, None for all, and whether single keys work everywhere on the page."""
    who = person.current()
    kept: tuple[str, str] | None = st.session_state.get(_CHOICE)
    name = who.id if who else ""
    if kept is None or kept[0] != name:
        kept = (name, _remembered(visit, name))
        st.session_state[_CHOICE] = kept
    columns, _, single = kept[1].partition("|")
    return (tuple(columns.split(",")) if kept[1] else None), single != "off"


def _remembered(visit: Visit, name: str) -> str:
    try:
        return Preferences(visit.settings.desk_path).read(name, _CHOICE) if name else ""
    except StorageError:
        return ""


def _choose(visit: Visit) -> None:
    words = f"{','.join(st.session_state[_COLUMNS])}|{'' if st.session_state[_SINGLE] else 'off'}"
    who = person.current()
    st.session_state[_CHOICE] = (who.id if who else "", words)
    if who:
        desk = Preferences(visit.settings.desk_path)
        notices.write(lambda: desk.keep(who.id, _CHOICE, words), "Kept for you.")

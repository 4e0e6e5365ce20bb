"""How far each SKU of the shop gets, and what AliExpress has that the shop does not know: a chart, its table, ids."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from aexdash.exports.funnel import OPEN, classes
from aexdash.reconcile.funnel import AT, Bound, Funnel, FunnelStep, of_stores
from aexdash.snapshot.matched.units import TheirUnit, Unit
from aexdash.ui import shop_lines
from aexdash.ui.frame.charts import COLOURS, table
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.ui.reconcile import unmatched
from aexdash.ui.reconcile.gone import MOST_ROWS, address, link_column
from aexdash.words.common import STATUS_WORDS, capital, plain, plural
from aexdash.words.reconcile.funnel import (
    FATE_WORDS,
    LOST_WORDS,
    UNITS,
    line_words,
    reverse_rows,
    reverse_words,
    rows,
    scope_words,
    step_words,
    unread_words,
)

NO_SHOP = (
    "No store that is looked at has a shop. Add the shop that listings come from on Settings › Shops, as Shopify, "
    "BigCommerce or a table; then it stands here how far each SKU gets, and what differs between the two."
)

NOT_READ = "The shop of these stores was not read yet: aexdash serve reads it, and aexdash shops read does so now."
"""Where the settings name a shop, and the snapshot knows none."""


def draw(visit: Visit) -> None:
    """Draw both directions of now; of a past moment nothing, because orders and feed of then are not kept."""
    if visit.view.as_of:
        return
    st.markdown("### From the shop to the sale", anchors=False)
    found = visit.ask(of_stores, visit.view.store_keys)
    if not found.stores:
        st.caption(NOT_READ if _is_named(visit) else NO_SHOP)
        return
    st.caption(f"{plain(scope_words(found, visit.titles))} {UNITS}")
    shop_lines.draw(visit)
    _chart(visit, found)
    steps = [
        {
            "Step": f"    {row.what}" if row.is_loss else capital(row.what),
            "SKUs": row.number,
            "Read": row.read,
            "What to do": row.to_do,
            "Ids": _opens(visit, row.opens),
        }
        for row in rows(found, visit.zone)
    ]
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    table(
        "funnel",
        pd.DataFrame(steps),
        most_rows=24,
        alt="Each step: what was lost, what passed, when read",
        column_config=_ids(),
    )
    if unread := unread_words(found):
        st.caption(unread)
    st.markdown(plain(reverse_words(found, visit.zone)))
    told = [
        {"Listings": what, "How many": many, "Ids": _opens(visit, opens)} for what, many, opens in reverse_rows(found)
    ]
    if told:
        table(
            "funnel-there", pd.DataFrame(told), alt="What AliExpress has, by what the shop knows", column_config=_ids()
        )
    st.link_button("CSV", f"/funnel.csv?{urlencode(visit.kept())}", key="funnel-csv")
    unmatched.draw(visit, found)


def _is_named(visit: Visit) -> bool:
    """Whether the settings name a shop of a store that is looked at."""
    looked_at = {store.key for store in visit.looked_at}
    shops = [one for one in visit.settings.shops.values() if one.watched]
    return any(not one.stores or looked_at & set(one.stores) for one in shops)


def _ids() -> dict[str, object]:
    widths = {"Step": 190, "SKUs": 180, "Read": 310, "What to do": 370}
    return {
        "Ids": st.column_config.LinkColumn(display_text="ids ›", width="small"),
        **{name: st.column_config.TextColumn(width=width) for name, width in widths.items()},
    }


def _opens(visit: Visit, word: str) -> str:
    return f"/reconcile?{urlencode({**visit.kept(), OPEN: word})}"


def _chart(visit: Visit, found: Funnel) -> None:
    """Draw a bar a step: what passed, and beside it what was lost there; a step that is not known has none."""
    colours = COLOURS[theme()]
    bars = [_bar(one, found.days) for one in found.steps]
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.bar_chart(
        pd.DataFrame(bars),
        x="Step",
        y=["passed", "lost here"],
        x_label="",
        y_label="",
        color=[colours["active"], colours["line"]],
        horizontal=True,
        sort=False,
        height=260,
        alt=f"From the shop to the sale: {line_words(found)}",
    )


def _bar(one: FunnelStep, days: int) -> dict[str, object]:
    known = one.passed.bound is not Bound.NOT_KNOWN
    return {
        "Step": capital(step_words(one.step, days)) + ("" if known else " ?"),
        "passed": len(one.passed.units) if known else 0,
        "lost here": sum(len(lost.units) for lost in one.lost.values()) if known else 0,
    }


def draw_opened(visit: Visit) -> None:
    """Draw the ids of the number that the address names; of a past moment none, as `draw`."""
    word = st.query_params.get(OPEN, "")
    if not word or visit.view.as_of:
        return
    found = visit.ask(of_stores, visit.view.store_keys)
    told = classes(found).get(word)
    if told is None:
        st.caption(":orange-badge[Address] That is no number of this funnel, or none is lost there now.")
        return
    st.markdown(f"#### {plain(capital(_name(word, found)))}: {plural(len(told), 'row')}", anchors=False)
    if told:
        import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

        shown = pd.DataFrame([_row(visit, one) for one in told[:MOST_ROWS]])
        table("funnel-ids", shown, alt="The ids of that number", column_config=link_column())
        st.link_button("CSV", f"/funnel.csv?{urlencode({**visit.kept(), OPEN: word})}", key="funnel-ids-csv")


def _name(word: str, found: Funnel) -> str:
    names = {why.value: LOST_WORDS[why] for why in AT}
    names |= {one.step.value: step_words(one.step, found.days) for one in found.steps}
    return (names | {f"there-{fate.value}": words for fate, words in FATE_WORDS.items()})[word]


def _row(visit: Visit, one: Unit | TheirUnit) -> dict[str, str]:
    if isinstance(one, TheirUnit):
        facts = {"Product id": str(one.product_id), "Title": one.title, "Status": STATUS_WORDS[one.status]}
        listing = address(one.store, one.product_id)
    else:
        status = STATUS_WORDS[one.status] if one.status else "–"
        facts = {"SKU": one.sku or "–", "Title": one.title, "In the shop": one.state.value, "Status": status}
        listing = address(one.store, one.listing) if one.listing else ""
    return {**facts, "Listing": listing, "Store": visit.title_of(one.store)}

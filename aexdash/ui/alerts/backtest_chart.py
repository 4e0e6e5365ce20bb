"""The back-test of a rule: when it would have fired in the last 90 days, as a sentence, a chart and a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta, tzinfo
from typing import TYPE_CHECKING

import streamlit as st

from aexdash.alerts.backtest import Backtest, PastEpisode, backtest
from aexdash.alerts.conditions import Condition
from aexdash.alerts.limits import recovery
from aexdash.alerts.model import EVERY_STORE, Rule
from aexdash.alerts.rules.shipped import notes
from aexdash.clock import day_of
from aexdash.snapshot.history.card_values import Point
from aexdash.snapshot.store_rows import StoreRow
from aexdash.ui.frame.charts import COLOURS, plot_layout, steps
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import moment, plain, plural, span
from aexdash.words.severity import SIGNS

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

DAYS = 90

HEIGHT = 260

WELL_AGAIN = "well again"
"""The label of the limit at which an episode closes."""


def draw(visit: Visit, rule: Rule) -> None:
    """Draw the back-test of a rule for one of its stores; a person picks the store when there are several."""
    st.markdown("**Tried on history, before it is saved**")
    stores = watched_by(visit, rule)
    if not stores:
        st.caption("It watches no store that was ever read.")
        return
    store = stores[0] if len(stores) == 1 else _picked(stores)
    appeals = visit.taxonomy.appeal_days
    with st.spinner("Trying it …"):
        tried = _tried(_mark(visit), rule.model_dump_json(), store.key, visit, appeals)
    name = f"{store.title}: " if len(stores) > 1 else ""
    here = " Here:" if tried.times else ""
    st.markdown(plain(f"{name}{tried.sentence(DAYS)}{here}"))
    days = judged_days(tried, visit.zone)
    if 0 < days < DAYS:
        st.caption(f"It could be judged on {plural(days, 'day')} of these; of the others too little is kept.")
    for note in notes(rule, {store.title: visit.snapshot.alert_facts(store.key, appeals)}, visit.now):
        st.caption(plain(note))
    if tried.known:
        _chart(rule, tried, visit.zone)


def watched_by(visit: Visit, rule: Rule) -> list[StoreRow]:
    """Return the stores that a rule watches and that were read; those shown on the page come first."""
    profile = next((one for one in visit.profiles if one.name == rule.profile), None)
    keys = None if rule.profile == EVERY_STORE else profile.stores if profile else ()
    mine = [store for store in visit.stores if store.watched and (keys is None or store.key in keys)]
    return sorted(mine, key=lambda store: store not in visit.looked_at)


def _picked(stores: list[StoreRow]) -> StoreRow:
    keys = {store.key: store for store in stores}
    key = st.selectbox("Tried on", keys, format_func=lambda one: keys[one].title, key="tried-on", width=240)
    return keys[key]


def _mark(visit: Visit) -> str:
    """Return the cache key of a back-test: the snapshot's version and the hour, as the 90 days move on."""
    return f"{visit.settings.snapshot_path}|{visit.snapshot.version()}|{visit.now:%Y-%m-%d %H}"


@st.cache_data(max_entries=64, show_spinner=False)
def _tried(mark: str, rule: str, store: str, _visit: Visit, _appeals: Mapping[str, int]) -> Backtest:
    return backtest(
        Rule.model_validate_json(rule),
        _visit.snapshot.alert_facts(store, _appeals),
        _visit.now - timedelta(days=DAYS),
        _visit.now,
    )


def judged_days(tried: Backtest, zone: tzinfo = UTC) -> int:
    """Count the days with at least one known level."""
    return min(DAYS, len({day_of(one.at, zone) for one in tried.levels if one.level is not None}))


def _chart(rule: Rule, tried: Backtest, zone: tzinfo) -> None:
    st.plotly_chart(
        figure(rule.condition, tried, theme()),
        theme=None,
        key="backtest-chart",
        alt=in_words(rule.condition, tried),
        config={"displayModeBar": False},
    )
    if tried.episodes:
        table = st.expander(f"The table behind the chart ({plural(tried.times, 'alert')})")
        rows = [_row(one, tried, zone) for one in reversed(tried.episodes)]
        import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

        table.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt="Alerts, the latest first")


def in_words(condition: Condition, tried: Backtest) -> str:
    """Describe the chart in words, as its alternative text."""
    known = [one.level for one in tried.levels if one.level is not None]
    ends = f"lowest {min(known):,.4g}, highest {max(known):,.4g}, last {known[-1]:,.4g} {condition.unit}"
    return f"The level of the rule over {DAYS} days: {ends}. {tried.sentence(DAYS)}"


def _row(one: PastEpisode, tried: Backtest, zone: tzinfo) -> dict[str, str]:
    return {
        "From": moment(one.opened_at, zone),
        "To": moment(one.closed_at, zone) if one.closed_at else "open now",
        "For": span((one.closed_at or tried.end) - one.opened_at),
        "Severity": f"{SIGNS[one.severity]} {one.severity.value}",
    }


def figure(condition: Condition, tried: Backtest, shown: str) -> Figure:
    """Draw the level as a step line with its limits, and a numbered band for each episode; `shown` is the theme."""
    from plotly.graph_objects import Figure, Scatter  # noqa: PLC0415 - a second of loading that an open form alone pays

    colours = COLOURS[shown]
    drawing = Figure(layout=plot_layout(shown) | {"height": HEIGHT, "showlegend": False})
    x, y = steps([Point(one.at, one.level) for one in tried.levels], tried.end)
    line = {"color": colours["other"], "width": 1.5}
    drawing.add_trace(Scatter(x=x, y=y, mode="lines", line=line, connectgaps=False, name=condition.unit))
    for words, level in limits(condition):
        drawing.add_hline(
            level,
            line_dash="dot",
            line_color=colours["plain"],
            annotation_text=words,
            annotation_position="bottom left" if words == WELL_AGAIN else "top left",
        )
    for number, one in enumerate(tried.episodes, 1):
        drawing.add_vrect(
            x0=one.opened_at,
            x1=one.closed_at or tried.end,
            fillcolor=colours["rejected"],
            opacity=0.2,
            line={"width": 1, "color": colours["rejected"]},
            annotation_text=str(number),
            annotation_position="top left",
        )
    drawing.update_xaxes(range=[tried.start, tried.end])
    drawing.update_yaxes(title=condition.unit, rangemode="tozero")
    return drawing


def limits(condition: Condition) -> list[tuple[str, float]]:
    """Return the limits with their labels, in the order in which a worsening level crosses them."""
    well = [(WELL_AGAIN, recovery(condition))] if recovery(condition) != condition.limit else []
    worse = [("worse", condition.worse_at)] if condition.worse_at is not None else []
    return [*well, ("fires", condition.limit), *worse]

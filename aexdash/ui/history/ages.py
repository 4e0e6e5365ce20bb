"""The section *How long*: ages of held listings, times to clear by reason, and listings rejected again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from aexdash.snapshot.history.facts import AgeBand, Regression, TimeToClear
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.stores import Stores
from aexdash.ui.frame import address, segments
from aexdash.ui.frame.charts import plot, plot_config
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import PAGE_ROWS, Visit
from aexdash.ui.history.waterfall import ages_figure, ages_words, band_words
from aexdash.words.common import AUDIT_WORDS, STATUS_WORDS, day, moment, plain, plural, span
from aexdash.words.statements import claim_words, not_read_words, unread_words

if TYPE_CHECKING:
    import pandas as pd


PART, DAYS, PAGE = "part", "clear_days", "again_page"
"""The parameters of the address."""

PARTS: Mapping[str, str] = {"ages": "Ages", "clear": "Time to clear", "again": "Rejected again"}
SPANS: Mapping[str, str] = {"30": "30 days", "90": "90 days"}


def draw(visit: Visit) -> None:
    """Draw the part that the address names; only its data is read."""
    st.markdown("### How long", anchors=False)
    part = _choice(PART, "What to show", PARTS)
    parts: Mapping[str, Callable[[Visit], None]] = {"ages": _ages, "clear": _clear, "again": _again}
    parts[part](visit)


def _choice(name: str, label: str, words: Mapping[str, str]) -> str:
    """Draw a choice kept in the address and return its value; the first is the default."""
    default = next(iter(words))
    wanted = st.query_params.get(name, default)
    picked = wanted if wanted in words else default
    segments.draw(name, label, words, picked, default)
    return picked


def _ages(visit: Visit) -> None:
    bands = visit.ask(_bands, visit.view.store_keys, visit.view.as_of)
    hero = visit.ask(Snapshot.hero, visit.view.unfiltered())
    if claim := claim_words(
        hero.reach, was="" if hero.reach.was is None else f"{hero.reach.was:,.0f}", zone=visit.zone
    ):
        st.caption(plain(f"{moment(visit.moment, visit.zone)}: {claim}."))
    if not any(band.rejected or band.auditing for band in bands):
        if any(one.read_at for one in hero.reach.readings):
            st.caption(f"Nothing was held when last read ({moment(_last_read(visit), visit.zone)}).")
        return
    plot(
        ages_figure(bands, theme()),
        key="ages-chart",
        alt=ages_words(bands),
        config=plot_config(f"aexdash-ages-{visit.moment:%Y%m%d}"),
    )
    st.caption(
        f"Days held without a break, rejected or in audit, when last read ({moment(_last_read(visit), visit.zone)})."
        f"{_may_be_older(bands)}"
    )
    behind = st.expander("The table behind the ages", on_change="rerun", key="ages-table")
    if behind.open:
        behind.dataframe(_ages_table(bands), hide_index=True, height="content", alt="What is held by age")


def _bands(snapshot: Snapshot, stores: Stores, at: datetime | None) -> list[AgeBand]:
    return snapshot.past(stores).ages(at)


def _last_read(visit: Visit) -> datetime:
    """Return when the shown stores were last completely read, at or before the moment: there ages end."""
    hero = visit.ask(Snapshot.hero, visit.view.unfiltered())
    last = max((one.read_at for one in hero.reach.readings if one.read_at), default=visit.moment)
    return hero.as_of or last


def _may_be_older(bands: Sequence[AgeBand]) -> str:
    unseen = sum(band.at_least for band in bands)
    return (
        f" {plural(unseen, 'listing')} stood so when we first looked and may have been held for longer."
        if unseen
        else ""
    )


def _ages_table(bands: Sequence[AgeBand]) -> pd.DataFrame:
    rows = [
        {
            "Days": band_words(band),
            "Rejected": band.rejected,
            "In audit": band.auditing,
            "Of them maybe older": band.at_least,
        }
        for band in bands
    ]
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    return pd.DataFrame(rows)


def _clear(visit: Visit) -> None:
    days = int(_choice(DAYS, "Of how many days", SPANS))
    told = _told(visit, days)
    until, times = told.until, visit.snapshot.past(told.stores).times_to_clear(told.start, told.until)
    if not times:
        st.caption(
            f"No listing that was seen to come and to go became active in the {days} days up to "
            f"{moment(until, visit.zone)}{told.words}."
        )
        return
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(
        pd.DataFrame([_time(visit, time) for time in times]),
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format="%.1f", help=text)
            for name, text in (
                ("Median days", "Half of them were free sooner"),
                ("90 in 100 within days", "The 90th percentile"),
            )
        },
        alt="Days from entering rejected or audit to becoming active, by reason",
    )
    st.caption(
        f"From entering rejected or audit to becoming active, of those that became active in the {days} days up to "
        f"{moment(until, visit.zone)}{told.words}. "
        "A listing with several reasons counts for each of them; those that nobody saw come or go are left out."
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """The stores that some last days can be told of, as the cards do, and in words what is not told of these days."""

    stores: tuple[str, ...]
    start: datetime
    until: datetime
    words: str


def _told(visit: Visit, days: int) -> _Told:
    """Leave out the stores that joined within the days, and say so; of the others how much of the days was read."""
    measures = visit.snapshot.measures(visit.view.store_keys, visit.view.as_of)
    until = measures.until
    start = until - timedelta(days=days)
    joined = measures.joined(lambda _: (start, until))
    stores = tuple(one.key for one in visit.looked_at if one.key not in joined)
    reach = visit.snapshot.past(stores).reach(start, until)
    read = unread_words(reach) if reach.read else not_read_words(reach, zone=visit.zone)
    left = [f"{visit.title_of(key)}, first read {day(at, visit.zone)}" for key, at in joined.items()]
    words = "; ".join(filter(None, (read, f"without {'; '.join(left)}" if left else "")))
    return _Told(stores, start, until, f" ({plain(words)})" if words else "")


def _time(visit: Visit, time: TimeToClear) -> dict[str, str | int | float]:
    return {
        "Reason": visit.label(time.code) if time.code else "All listings",
        "Median days": time.median / 86_400,
        "90 in 100 within days": time.p90 / 86_400,
        "Listings cleared": time.spells,
    }


def _again(visit: Visit) -> None:
    days = int(_choice(DAYS, "Of how many days", SPANS))
    told = _told(visit, days)
    start, until = told.start, told.until
    counted = visit.snapshot.measures(told.stores, visit.view.as_of).rejections(lambda _: (start, until))
    if counted is None or not counted.again:
        st.caption(
            f"No listing was seen to be rejected again in the {days} days up to {moment(until, visit.zone)}"
            f"{told.words}."
        )
        return
    share = counted.again / counted.all
    st.markdown(
        f"**{plural(counted.again, 'rejection')}** of {counted.all:,} ({share:.0%}) came after an earlier one of the "
        f"same listing{told.words}.",
    )
    pages = -(-counted.again // PAGE_ROWS)
    number = address.page_number(pages, PAGE)
    found = visit.snapshot.past(told.stores).regressions(start, until, PAGE_ROWS, (number - 1) * PAGE_ROWS)
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(
        pd.DataFrame([_regression(visit, one, _last_read(visit)) for one in found]),
        hide_index=True,
        column_config={"Open": st.column_config.LinkColumn("As it was", display_text="Open ›", width=80)},
        alt="Listings that were rejected again, the latest first",
    )
    if pages > 1:
        key = f"again-page-{number}"
        st.pagination(pages, default=number, key=key, on_change=_turn, args=(key,))


def _turn(key: str) -> None:
    address.change(PAGE, str(st.session_state[key]))


def _regression(visit: Visit, one: Regression, read_at: datetime) -> dict[str, str | int]:
    query = visit.view.unfiltered().replace(as_of=one.at).to_query() | {"listing": f"{one.store}/{one.product_id}"}
    return {
        "Rejected again": moment(one.at, visit.zone),
        **({"Store": one.store} if len(visit.stores) > 1 else {}),
        "Product id": str(one.product_id),
        "Title": one.title or "(no title)",
        "After": AUDIT_WORDS.get(one.after) or STATUS_WORDS.get(one.after, ""),
        "Rejections seen": one.attempt,
        "Why": " · ".join(visit.label(code) for code in one.codes),
        "Still rejected": f"yes, {span(read_at - one.at)}" if one.still else "no",
        "Open": f"/worklist?{urlencode(query)}",
    }

"""The panel of one listing: what can be decided, why it is held, what was changed, and all that is known of it.

Platform texts are shown as plain text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from aexdash.checks.quality import PARTS
from aexdash.desk.decisions.changes import LogEntry
from aexdash.desk.decisions.work import Desk
from aexdash.model import HELD, ListingQuality
from aexdash.people.acting import rights
from aexdash.people.rights import Role
from aexdash.platform_data import CategoryRules, PictureFacts
from aexdash.snapshot.readmodels import ListingCard, PeriodRow, WorkRow
from aexdash.storage.errors import StorageError
from aexdash.storage.one_state import one_state
from aexdash.ui import beside_shop
from aexdash.ui.frame import address, notices, person, scripts
from aexdash.ui.frame.again import closed, draw_again
from aexdash.ui.frame.charts import in_sight
from aexdash.ui.frame.thumbnail_names import is_thumbnail_name
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview import held_back
from aexdash.ui.reasons import seller_center_box
from aexdash.ui.worklist import (
    attempts,
    bring_back,
    decide,
    listing_reasons,
    panel_actions,
)
from aexdash.view import View
from aexdash.words.common import AUDIT_WORDS, STATUS_WORDS, moment, period_range, plain, span, when_last_read
from aexdash.words.listings.listing import link, price, status_words
from aexdash.words.listings.past import Line, history
from aexdash.words.listings.work import mark_words, stage_words

_CLOSED = "_times-panel-closed"
PACK = "One file for an appeal: what stood when, what was said, measured and changed. Nothing that people wrote."

NOT_SCORED = "Scored once its detail, and what its category asks for, are known."


def show(visit: Visit, count: int) -> None:
    """Open the panel of the listing in the address, of `count` in the view; closing it takes the listing out there."""
    if person.is_asked() or not address.open_listing():
        decide.open_field("")
        return
    # One title for all listings: with another one the panel would close and another open at every step.
    close = partial(_close, st.session_state.get(_CLOSED, 0))
    st.dialog("Listing", width=760, position="right", on_dismiss=close)(_panel)(visit, count)


def _close(closed_before: int) -> None:
    """Close the panel that was drawn after so many closings.

    Streamlit tells a closing once more with a key that is pressed while it answers the first: that key may have opened
    the panel again.
    """
    if st.session_state.get(_CLOSED, 0) == closed_before:
        st.session_state[_CLOSED] = closed_before + 1
        address.close()
        closed()


@one_state()
def _panel(visit: Visit, count: int) -> None:
    """Draw the listing in the address. After something was done, the page behind is drawn again, with the panel."""
    if decide.must_redraw() or person.is_asked():
        draw_again()
    opened = address.open_listing()
    if opened is None:
        draw_again()
    visit = visit.with_view(visit.view)  # of this run: the desk may have changed since the page was drawn
    notices.show()
    card = visit.snapshot.listing(*opened, visit.view.as_of)
    if card is None:
        st.info(
            "No reading has shown this listing so far, or none had at that moment. "
            "Search for its title or SKU on the worklist."
        )
        return
    _head(visit, card, count)
    if rights().may(Role.OPERATOR, [card.row.store]):
        panel_actions.draw(visit, card.row)
    listing_reasons.draw(visit, card)
    seller_center_box.draw(visit, card)
    bring_back.proposed(visit, card.row)
    attempts.draw(visit, card)
    _log(visit, card)
    beside_shop.draw(visit, card)
    held_back.draw(card, visit.zone)
    _facts(card, visit.zone)
    _quality(card)
    _timeline(visit, card)
    _pictures(visit, card)
    _attributes(card, visit.zone)
    _skus(card)
    _titles(card)
    _rest(card)


def _head(visit: Visit, card: ListingCard, count: int) -> None:
    row, store = card.row, visit.store_of(card.row.store)
    audit = f" · {AUDIT_WORDS.get(row.audit_kind, row.audit_kind)}" if row.audit_kind else ""
    with st.container(gap="xsmall", key="panel-head"):
        st.text(row.title or "(no title)")
        st.markdown(f"**{plain(status_words(row))}**{audit} · {_ages(visit, row)} · seen rejected {row.attempt} ×")
        _people(visit, row)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="panel-id"):
            panel_actions.draw_ways(row, count)
            scripts.to_copy(str(row.product_id), "product id")
            if len(visit.stores) > 1:
                st.caption(plain(visit.title_of(row.store)), width="content")
            target = link(store.item_url, row.product_id) if store else None
            if target:
                st.link_button("Public page ↗", target, type="tertiary")
            about = urlencode({"listing": f"{row.store}/{row.product_id}", **View(as_of=visit.view.as_of).to_query()})
            st.link_button("Evidence pack", f"/evidence.html?{about}", type="tertiary", help=PACK)


def _ages(visit: Visit, row: WorkRow) -> str:
    """Say how long the listing has been held without a break, and how long of that in its present status."""
    late = when_last_read(row.seen_at, visit.moment, visit.settings.stale_after(row.store), visit.zone)
    in_status = f"in this status for {'at least ' if row.in_status_at_least else ''}{span(row.in_status)}"
    if row.status not in HELD:
        return f"{in_status}{late}"
    held = f"held for {'at least ' if row.at_least else ''}{span(row.age)}"
    return f"{held}{late}" if row.held_since == row.started_at else f"{held}{late} · {in_status}"


def _facts(card: ListingCard, zone: tzinfo) -> None:
    row = card.row
    facts = {
        "Product id": str(row.product_id),
        "AliExpress calls it": row.platform_status,
        "Held since": period_range(row.held_after, row.held_since, zone, at_start=True) if row.status in HELD else "",
        "In this status since": period_range(row.started_after, row.started_at, zone, at_start=True),
        "Category": row.category or str(row.category_id or ""),
        "Price": price(row.price_min, row.price_max, row.currency),
        "SKUs": ", ".join(row.sku_codes),
        "Created": f"{moment(card.created_at, zone)}  ({card.created_raw})" if card.created_raw else "",
        "Changed": f"{moment(row.modified_at, zone)}  ({row.modified_raw})" if row.modified_raw else "",
        "First seen by us": moment(card.first_seen_at, zone),
    }
    st.markdown("## Facts", anchors=False)
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(
        in_sight(pd.DataFrame([(label, value) for label, value in facts.items() if value], columns=["", "Value"])),
        hide_index=True,
        height="content",
        row_height=30,
        column_config={"": st.column_config.TextColumn(width=140), "Value": st.column_config.TextColumn(width=520)},
        alt="Facts of the listing",
    )


def _timeline(visit: Visit, card: ListingCard) -> None:
    st.markdown("## Timeline", anchors=False)
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(
        in_sight(pd.DataFrame([_period(visit, period) for period in reversed(card.periods)])),
        hide_index=True,
        height="content",
        alt="Status periods of this listing, the latest first",
    )
    for period in reversed(card.periods):
        if period.note:
            status = STATUS_WORDS.get(period.status, period.status)
            st.caption(plain(f"{status.capitalize()} from {moment(period.started_at, visit.zone)}: {period.note}"))


def _period(visit: Visit, period: PeriodRow) -> dict[str, str]:
    status = STATUS_WORDS.get(period.status, period.status)
    kind = AUDIT_WORDS.get(period.audit_kind or "", "")
    return {
        "Status": f"{status} ({kind})" if kind else status,
        "Began": period_range(period.started_after, period.started_at, visit.zone, at_start=True),
        "Ended": period_range(period.ended_after, period.ended_at, visit.zone, at_start=False),
        "AliExpress calls it": " ".join(filter(None, (period.platform_status, period.cause))),
        "Why": " · ".join(dict.fromkeys(visit.label(reason.code) for reason in period.reasons)),
    }


def _pictures(visit: Visit, card: ListingCard) -> None:
    st.markdown("## Pictures", anchors=False)
    if not card.pictures:
        st.caption("None known.")
        return
    with st.grid(4, min_column_width=130, gap="small"):
        for number, picture in enumerate(card.pictures, start=1):
            with st.container(gap="xxsmall"):
                _picture(visit, picture, "Main" if number == 1 else f"No. {number}")


def _picture(visit: Visit, picture: PictureFacts, name: str) -> None:
    file = visit.settings.pictures_dir / (picture.thumbnail or "-")
    if picture.thumbnail and is_thumbnail_name(picture.thumbnail) and file.is_file():
        st.image(str(file), width=130, alt=f"{name} picture")
    size = f"{picture.width} × {picture.height} px" if picture.width else picture.state.replace("_", " ")
    kind = f" {picture.format}" if picture.format else ""
    weight = f", {picture.size_bytes / 1000:,.0f} kB" if picture.size_bytes else ""
    st.caption(plain(f"{name}: {size}{kind}{weight}"))


def _attributes(card: ListingCard, zone: tzinfo) -> None:
    present = {attribute.name_id: attribute for attribute in card.attributes if attribute.name_id is not None}
    required = {rule.attribute_id for rule in card.rules if rule.required}
    missing = [rule for rule in card.rules if rule.required and rule.attribute_id not in present]
    st.markdown("## Attributes", anchors=False)
    if card.detail_read_at is None:
        st.caption("The detail of this listing has not been read yet.")
        return
    rows = [{"Attribute": rule.name, "Value": "MISSING", "Required": "required"} for rule in missing]
    rows += [
        {
            "Attribute": attribute.name or str(attribute.name_id or ""),
            "Value": attribute.value,
            "Required": "required" if attribute.name_id in required else "",
        }
        for attribute in card.attributes
    ]
    _table(rows, "Attributes, the missing required ones first")
    if card.category and (documents := _documents(card.category)):
        st.text(f"The category asks for: {documents}")
    required_words = (
        f"{len(required)} required by the category" if card.rules else "what the category requires is not known yet"
    )
    st.caption(f"{len(missing)} missing · {required_words} · detail read {moment(card.detail_read_at, zone)}")


def _documents(category: CategoryRules) -> str:
    """Return which documents the category requires beside attributes; empty when none are known."""
    wanted = [rule.label for rule in category.qualifications or () if rule.required]
    return ", ".join([*wanted, *(["an EU responsible person"] if category.eu_person_needed else [])])


def _skus(card: ListingCard) -> None:
    rows = [
        {
            "SKU": sku.code or sku.sku_id,
            "Price": price(sku.price, None, sku.currency),
            "Stock": "not told" if sku.stock is None else f"{sku.stock:,}",
        }
        for sku in card.skus
    ]
    if rows:
        st.markdown("## SKUs", anchors=False)
        _table(rows, "SKUs with price and stock")


def _titles(card: ListingCard) -> None:
    if card.titles:
        st.markdown("## Titles by language", anchors=False)
        _table([{"Language": locale, "Title": title} for locale, title in card.titles.items()], "Titles by language")


def _people(visit: Visit, row: WorkRow) -> None:
    """Say how far people are with it: stage, owner, marks, note."""
    marks = [mark_words(mark, row) for mark in row.marks]
    owner = f"owner {row.owner}" if row.owner else "nobody's"
    st.text(" · ".join([stage_words(row, visit.moment, visit.zone), owner, *marks]))
    if row.note:
        st.text(f"Note: {row.note}")


def _log(visit: Visit, card: ListingCard) -> None:
    """List what people and AliExpress did, the latest first; of the past only what was so by then."""
    st.markdown("## What happened", anchors=False)
    log: list[LogEntry] = []
    try:
        if visit.settings.desk_path.exists():
            log = Desk(visit.settings.desk_path).log(card.row.store, card.row.product_id)
    except StorageError as error:
        st.caption(plain(str(error)))
    known = [entry for entry in log if entry.at <= visit.moment]
    lines = history(known, card.periods, visit.taxonomy, visit.zone)
    _table(
        [_line(line, visit.zone) for line in lines],
        "What people and AliExpress did with this listing, the latest first",
    )


def _line(line: Line, zone: tzinfo) -> dict[str, str]:
    change = "" if line.change is None else f"[{line.change}]"
    return {
        "When": moment(line.at, zone),
        "Who": line.who,
        "What": line.what,
        "Through": line.through,
        "Change": change,
    }


def _rest(card: ListingCard) -> None:
    if card.extra and card.extra != "{}":
        with st.expander("Fields we have no name for"):
            st.text(card.extra)


def _table(rows: Sequence[dict[str, str]], name: str) -> None:
    if rows:
        import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

        st.dataframe(in_sight(pd.DataFrame(list(rows))), hide_index=True, height="content", row_height=30, alt=name)


def _quality(card: ListingCard) -> None:
    """Draw the quality score: its parts, what gives full marks, and what would raise it most."""
    if card.quality is None:
        st.markdown("## Quality", anchors=False)
        st.caption(NOT_SCORED)
        return
    st.markdown(f"## Quality {card.quality.score:.0f} of 100", anchors=False)
    if card.quality.worst:
        st.text(f"What would raise it most. {card.quality.worst}")
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(
        in_sight(pd.DataFrame(quality_rows(card.quality))),
        hide_index=True,
        height="content",
        row_height=30,
        alt="Parts of the quality score, with their weights and what gives full marks",
    )


def quality_rows(quality: ListingQuality) -> list[dict[str, str]]:
    """Return a row for each part of the quality score: its score, weight, and what gives full marks."""
    return [
        {
            "Part": part.name,
            "Score": "not known" if (value := quality.parts[part.key]) is None else f"{value:.0f}",
            "Weight": f"{part.weight} %",
            "Full marks": part.full,
        }
        for part in PARTS
    ]

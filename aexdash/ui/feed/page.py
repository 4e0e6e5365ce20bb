"""The feed page: which rows the feed's validation rejected, why, and which listings they concern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urlencode

import streamlit as st

from aexdash.cards import Window
from aexdash.cards.window import bounds
from aexdash.config.sections.feeds import ADDRESS
from aexdash.config.sections.sftp import SftpFolder
from aexdash.desk.feed_columns import FOLDER
from aexdash.exports.feed_rows import Known, listing_of
from aexdash.feed.fetched import read_fetched
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.trade.feed_report import FeedFile, FeedGroup, FeedReport, RejectedRow
from aexdash.sources.feedonomics import MOST_LINES
from aexdash.ui.frame.charts import table
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview import card_tiles
from aexdash.words.common import STATUS_WORDS, dated_words, day, moment, place, plain, plural, without_home

CARD = "aex_listings_failing_feedonomics_validation"

GROUPS = 200
"""Groups sent to the browser at most, the commonest first."""

ROWS = 300
"""Rows sent to the browser at most; the CSV has all."""

CONNECT = """
Files need no connection. Export the validation (the rejected rows **and** the accepted ones, so that the share means
something) as CSV, TSV or XLSX, and

- drop it here, or
- let it be delivered into the folder **{folder}** of the home directory, by cron, by hand or by the SFTP server of
  this machine; a worker looks there once a minute and reads each file once, or
- let the worker fetch it from a folder of another SFTP server, every 15 minutes and each file once.

Fetching needs one more package, `pip install 'asyncssh>=2.24,<3'`, and the lines with sftp below. The host key of the
server must be known: from sftp_host_key, or from the known_hosts of whoever runs the worker. Where it is not, this
page shows the key to confirm. `aexdash doctor` tries the connection at once.

To see also when the feed last ran, ask Feedonomics for access to its API and write the lines with account and api_key.
"""

SETTINGS = """\
# aexdash.toml
[feed.{store}]
account = "…"        # the id of the account
sftp = "sftp://user@sftp.example.com/outgoing"
sftp_host_key = "SHA256:…"

# secrets.toml
[feed.{store}]
api_key = "…"
sftp_password = "…"  # or sftp_key_file = "…", the path of a private key without a passphrase
"""


def window(visit: Visit) -> tuple[datetime, datetime]:
    """Return start and end of the listed files: the card's seven whole days, and today up to the moment."""
    return bounds(Window.D7, visit.moment, visit.zone)[0], visit.moment


def head(visit: Visit) -> None:
    """Draw the card of the feed, when the feed last ran, and how to connect one."""
    st.markdown("## Feed validation", anchors=False)
    with st.container(width=460, key="feed-card"):
        tile = card_tiles.tiles_of(visit)[CARD]
        card_tiles.draw(visit, [tile], "feed")
    if tile.current.denominator:
        st.caption(
            f"{tile.current.numerator:,.0f} rejected of {plural(int(tile.current.denominator), 'SKU')} in the files of "
            f"{_counted_days(visit)}."
        )
    runs(visit)
    with st.expander("How to connect a feed", expanded=False):
        _how(visit)


def _counted_days(visit: Visit) -> str:
    """Name the days of the files that the card counts; the list below them has today's files too."""
    zone = visit.zone
    start, end = bounds(Window.D7, visit.moment, zone)
    last = end - timedelta(seconds=1)
    left_out = "those of" if visit.view.as_of else "today,"
    return f"{day(start, zone)} to {day(last, zone)} ({place(zone)}), without {left_out} {day(end, zone)}"


def _how(visit: Visit) -> None:
    store = visit.store.key if visit.store else visit.stores[0].key
    st.markdown(CONNECT.format(folder=plain(f"{FOLDER}/{store}/")))
    st.code(SETTINGS.format(store=store), language="toml")
    st.caption(f"The status is then asked for once an hour at {plain(ADDRESS)}. What is secret shows nowhere.")


def runs(visit: Visit) -> None:
    """Draw for each store when its feed last ran (by the status call) and what was fetched by SFTP, or why not."""
    for status in visit.snapshot.feed(visit.view.store_keys).statuses():
        ran = f"last ran {moment(status.ran_at, visit.zone)}" if status.ran_at else "does not tell when it last ran"
        said = " · ".join(plain(text) for text in (status.status, status.note) if text)
        title = plain(visit.title_of(status.store))
        st.markdown(f"**{title}**: the feed {ran} :gray[:small[(asked {moment(status.asked_at, visit.zone)}) {said}]]")
    for store in visit.looked_at:
        feed = visit.settings.feeds.get(store.key)
        if feed and feed.sftp:
            _fetched(visit, feed.sftp)


def _fetched(visit: Visit, place: SftpFolder) -> None:
    """Draw when the server's folder was last listed, which file came last, and what is wrong."""
    fetched = read_fetched(visit.settings.home, place.store)
    looked = (
        f"looked into {moment(fetched.looked_at, visit.zone)}"
        if fetched.looked_at
        else "not looked into yet: a worker does that"
    )
    latest = (
        f"last fetched {plain(fetched.latest)}, {moment(fetched.latest_at, visit.zone)}"
        if fetched.latest_at
        else "nothing fetched yet"
    )
    where, title = plain(f"{place.server}, {place.folder}"), plain(visit.title_of(place.store))
    st.markdown(f"**{title}**: SFTP folder {where} :gray[:small[({looked}; {latest})]]")
    if fetched.trouble:
        st.text(without_home(fetched.trouble))  # not escaped: people copy a fingerprint out of it


def troubles(visit: Visit) -> None:
    """Draw which files of the feed folders cannot be read, and why; nothing when all can."""
    found = visit.snapshot.feed(visit.view.store_keys).unreadable()
    if not found:
        return
    st.markdown("### Feed files that cannot be read", anchors=False)
    st.warning("  \n".join(f"{plain(visit.title_of(key))}: {plain(sentence)}" for key, sentence in found))
    st.caption("Each is read again as soon as it changes, or when somebody says anew what its columns hold.")


def rejected(visit: Visit) -> None:
    """Draw the files of the last days, groups of rejected rows, and the rows with their listings."""
    report = visit.snapshot.feed(visit.view.store_keys)
    start, end = window(visit)
    files = [file for file in report.files(start, end) if not file.unreadable]
    st.markdown("## Files of the last days", anchors=False)
    if not files:
        st.caption(
            f"None since {day(start, visit.zone)} ({place(visit.zone)}). "
            "A file that is dropped here, or put into the feed folder, stands here once it is read."
        )
        return
    _files(visit, files)
    if any(file.rejected for file in files):
        picked = _groups(_kept_groups(_mark(visit), start, end, report))
        _rows(visit, report, picked)


def _files(visit: Visit, files: Sequence[FeedFile]) -> None:
    rows = [
        {
            "File": file.name,
            "Store": visit.title_of(file.store),
            "Dated": dated_words(file.dated_at, visit.zone) if file.dated_at else "not dated",
            "Read": moment(file.read_at, visit.zone),
            "SKUs": file.rows,
            "Rejected": file.rejected,
            "Share": f"{file.rejected / file.rows:.1%}" if file.rows else "–",
            "Note": file.note,
        }
        for file in files
    ]
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    table(
        "files",
        pd.DataFrame(rows),
        row_height=30,
        alt="Validation files of the last days, the newest first",
    )
    st.caption(f"The card counts seven whole days ({place(visit.zone)}), so a file of today counts from tomorrow on.")


def _groups(groups: Sequence[FeedGroup]) -> FeedGroup | None:
    st.markdown("## What was rejected", anchors=False)
    st.caption(
        "Tick a line to see its rows alone. A SKU can stand in several lines, so they can add up to more. "
        f"Of each file the text of at most {MOST_LINES:,} rows is kept."
    )
    rows = [
        {
            "Code": group.code,
            "Message": group.message,
            "Attribute": group.attribute,
            "Rejected SKUs": group.rejected,
            "SKUs named": group.skus,
        }
        for group in groups
    ]
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    event = table(
        "groups",
        pd.DataFrame(rows),
        key="feed-groups",
        row_height=30,
        on_select="rerun",
        selection_mode="single-row",
        column_config={"Message": st.column_config.TextColumn(width=360)},
        alt="What the rows say, the commonest first",
    )
    ticked = event.selection.rows
    return groups[ticked[0]] if ticked and ticked[0] < len(groups) else None


def _rows(visit: Visit, report: FeedReport, group: FeedGroup | None) -> None:
    start, end = window(visit)
    shown = list(islice(report.rejected_rows(start, end, group), ROWS + 1))
    known = _kept_known(_mark(visit), sorted({row.sku for row in shown}), visit.snapshot)
    with st.container(horizontal=True, vertical_alignment="center", key="feed-rows-head"):
        about = f" :gray[:small[{plain(group.code or group.message)}]]" if group else ""
        st.markdown(f"### Rejected rows{about}", anchors=False, width="stretch")
        st.link_button("CSV", f"/feed.csv?{urlencode(visit.kept())}", key="feed-csv", help="All of them")
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    table(
        "rejected-rows",
        pd.DataFrame([_row(row, known) for row in shown[:ROWS]]),
        row_height=30,
        column_config={
            "Message": st.column_config.TextColumn(width=280),
            "Listing": st.column_config.TextColumn(width=220),
            "Open": st.column_config.LinkColumn("Open", display_text="Worklist ›", width=90),
        },
        alt="Rejected rows with the listings that carry their SKU",
    )
    if len(shown) > ROWS:
        st.caption(f"The newest {plural(ROWS, 'row')} are shown; the CSV has all.")


def _row(row: RejectedRow, known: Known) -> Mapping[str, str | int | None]:
    listing = listing_of(row, known)
    several = len([one for one in known.get(row.sku, ()) if one.store == row.store]) > 1
    where = {"store": row.store, "listing": f"{row.store}/{listing.product_id}"} if listing else {}
    return {
        "SKU": row.sku,
        "Listing": listing.title if listing else "several listings" if several else "no listing has it",
        "Open": f"/worklist?{urlencode(where)}" if where else "",
        "Status": STATUS_WORDS.get(listing.status, listing.status) if listing else "",
        "Message": row.message,
        "Code": row.code,
        "Attribute": row.attribute,
        "Severity": row.severity,
        "File": row.file,
        "Row": row.row,
    }


def _mark(visit: Visit) -> str:
    return f"{visit.settings.snapshot_path}|{visit.snapshot.version()}|{visit.view.store_keys}"


@st.cache_data(max_entries=16, ttl=600, show_spinner=False)
def _kept_groups(mark: str, start: datetime, _end: datetime, _report: FeedReport) -> list[FeedGroup]:
    return _report.groups(start, _end, GROUPS)


@st.cache_data(max_entries=16, ttl=600, show_spinner="Looking the listings up …")
def _kept_known(mark: str, skus: Sequence[str], _snapshot: Snapshot) -> Known:
    return _snapshot.known_skus(skus)

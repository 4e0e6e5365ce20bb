"""The guard, the first line of every page: lets the page be drawn, or says in a sentence why not and what to do."""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn

import streamlit as st

from aexdash.causes.kept import Slices
from aexdash.clock import Clock
from aexdash.config.in_force import InForce, in_force
from aexdash.config.settings import ConfigError, Settings
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.profiles import Profile, Profiles, Resolved
from aexdash.doctor.finding import CONDITIONS
from aexdash.reasons.taxonomy import Taxonomy, TaxonomyError
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.store_rows import StoreRow
from aexdash.storage.errors import (
    StorageBusy,
    StorageDamaged,
    StorageError,
    StorageMissing,
    StorageTooNew,
)
from aexdash.ui.frame import address, badge, banners, nav, notices, person, topbar
from aexdash.ui.frame.again import draw_again
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import no_such_reason, plain, without_home

RETRY_SECONDS = 3

UNMATCHED = ("only", "without", "both", "campaign", "shares")
"""Words of an address that name what there may not be; pages offer to leave them out."""

FIRST_STEP = "Run `aexdash sync` to read the store now, or `aexdash serve` to keep reading it."


def enter(
    title: str,
    clock: Clock,
    *,
    has_downloads: bool = False,
    beside_filters: Collection[str] | None = None,
    may_be_new: bool = False,
) -> Visit:
    """Begin a page: read the settings, open the snapshot, draw top bar and banners; return what the page works with.

    When something is missing or unreadable, the page stops here with a sentence and retries every few seconds.
    `has_downloads`: the page offers downloads with the same address. A download is refused for a store, profile, code
    of *only*, campaign or report that there is not, so such a page then lists nothing either. `beside_filters`: the
    page lists what all filters of its address ask for, and reads these words beside them; it says of every other that
    it was left out. `may_be_new`: the store of the address may be one that was never read; that is not called a slip.
    """
    st.set_page_config(page_title=badge.title(title), page_icon="🧭", layout="wide")
    address.enter(title.lower())
    found = _settings()
    settings = found.settings
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=clock, zone=settings.tzinfo)
    stores = _stores(snapshot, settings)
    profiles = _profiles(settings)
    taxonomy = _taxonomy(settings)
    resolved = address.resolved(
        stores, profiles, taxonomy.codes, _campaigns(settings), Slices(settings.desk_path), now=clock()
    )
    view = resolved.view.replace(notes=()) if may_be_new else resolved.view
    if unknown := taxonomy.unknown(view.reasons):
        view = view.replace(notes=(*view.notes, no_such_reason(unknown)))
    if beside_filters is not None:
        view = view.replace(notes=(*view.notes, *address.unknown(st.query_params, beside_filters)))
    visit = Visit(settings, snapshot, taxonomy, stores, view, clock, profiles, found.problem)
    topbar.draw(visit)
    notices.show()
    if has_downloads:
        _refuse_address(resolved)
    banners.draw(visit, title)
    badge.draw(visit, title)
    person.ask()
    return visit


def enter_anyway(title: str, clock: Clock, *, may_be_new: bool = False) -> tuple[Settings, Visit | None]:
    """Begin a page that works without data too; the visit is None where nothing was ever read."""
    if not _has_data():
        return enter_without_data(title), None
    visit = enter(title, clock, may_be_new=may_be_new)
    return visit.settings, visit


def _has_data() -> bool:
    try:
        settings = in_force().settings
        return bool(Snapshot(settings.snapshot_path, settings.desk_path).stores())
    except (ConfigError, StorageError):
        return False


def enter_without_data(title: str) -> Settings:
    """Begin a page that works before anything was read; return the settings in force."""
    st.set_page_config(page_title=badge.title(title), page_icon="🧭", layout="wide")
    address.enter(title.lower())
    found = _settings()
    if found.settings.stores:
        with st.container(horizontal=True, gap="small", key="pages"):
            for name in nav.IN_BAR:
                nav.link(name, name.title(), {})
    banners.settings(found.problem)
    return found.settings


def _settings() -> InForce:
    try:
        return in_force()
    except ConfigError as error:
        _stop("The configuration cannot be used", plain(without_home(str(error))))


def _taxonomy(settings: Settings) -> Taxonomy:
    try:
        return settings.taxonomy()
    except (ConfigError, TaxonomyError) as error:
        _stop("The reasons cannot be read", plain(without_home(str(error))))


def _stores(snapshot: Snapshot, settings: Settings) -> tuple[StoreRow, ...]:
    try:
        stores = tuple(snapshot.stores())
    except StorageMissing:
        if settings.replica.follows:
            where = plain(settings.replica.writer)
            _stop("No copy yet", f"Nothing of {where} has arrived here so far. Run `aexdash follow` on this machine.")
        _connect_first(settings)
        _stop("No data yet", f"There is no snapshot so far. {FIRST_STEP}")
    except StorageTooNew as error:
        _stop("The snapshot is from a newer aexdash", plain(without_home(str(error))))
    except StorageBusy as error:
        _stop("The snapshot is locked", plain(without_home(str(error))))
    except StorageError as error:
        _cannot_be_read("snapshot", error)
    if not stores:
        _connect_first(settings)
        _stop("No data yet", f"No store has been read so far. {FIRST_STEP}")
    return stores


def _campaigns(settings: Settings) -> Collection[str]:
    try:
        return Campaigns(settings.desk_path).keys()
    except StorageError as error:
        _cannot_be_read("desk", error)


def _profiles(settings: Settings) -> tuple[Profile, ...]:
    try:
        return Profiles(settings.desk_path).all()
    except StorageError as error:
        _cannot_be_read("desk", error)


def _cannot_be_read(what: str, error: StorageError) -> NoReturn:
    """Say why one of the two files cannot be read; of a damaged one also which commands bring it back."""
    remedy = CONDITIONS[f"{what}-damaged"].remedy if isinstance(error, StorageDamaged) else ""
    _stop(f"The {what} cannot be read", f"{plain(without_home(str(error)))} {remedy}".rstrip())


def _connect_first(settings: Settings) -> None:
    """Lead to the page where a store is connected where there is none, else to that of its first reading."""
    if not settings.stores:
        st.switch_page(nav.pages()["connect"])
    nav.link("connect", "Follow the first reading ›", {"store": next(iter(settings.stores))})


def _refuse_address(resolved: Resolved) -> None:
    """Stop where the address names what there is not, with the way to one that can be shown."""
    sentence = resolved.refused or resolved.unmatched
    if not sentence:
        return
    st.warning(f"{plain(sentence)} So no listing is shown.", title="This address cannot be shown")
    if resolved.refused:
        st.button("Show every store", key="every-store", on_click=address.pick)
    else:
        st.button("Leave that out", key="without", on_click=address.leave_out, args=(UNMATCHED,))
    st.stop()


def _stop(title: str, sentence: str) -> NoReturn:
    st.warning(sentence, title=title)
    st.session_state["_just_stopped"] = True
    _look_again()
    st.stop()


@st.fragment(run_every=RETRY_SECONDS)
def _look_again() -> None:
    st.caption("This page looks again every few seconds.")
    if not st.session_state.pop("_just_stopped", False):
        draw_again()

"""The parts of the Settings page: stores, channels, feeds, shops, workspace; the address names the one shown."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from aexdash.clock import Clock
from aexdash.config.file import ConfigError
from aexdash.config.settings import Settings
from aexdash.people.acting import rights
from aexdash.people.rights import Role
from aexdash.ui.frame import notices, segments
from aexdash.ui.frame.visit import Visit
from aexdash.ui.settings import channels, feeds, files, people, saving, shops, stores, workspace

PART = "part"
STORES, CHANNELS, FEEDS, SHOPS, WORKSPACE, PEOPLE = "stores", "channels", "feeds", "shops", "workspace", "people"
PART_WORDS: Mapping[str, str] = {
    STORES: "Stores",
    CHANNELS: "Channels",
    FEEDS: "Feeds",
    SHOPS: "Shops",
    WORKSPACE: "Workspace",
}


def draw(settings: Settings, visit: Visit | None, clock: Clock) -> None:
    """Draw the part that the address names; `visit` is None before anything was read."""
    notices.show()
    if not rights().may(Role.OWNER):
        st.markdown("## Settings", anchors=False)
        st.info("Stores, channels, feeds and people are for owners to see and to change; your role here is another.")
        return
    parts = {**PART_WORDS, PEOPLE: "People"} if settings.login.is_on else PART_WORDS
    part = segments.heading("Settings", PART, parts, STORES)
    saving.show_fault()
    try:
        read = files.read(settings)
    except ConfigError:
        st.info("A file is written so that it cannot be read; mend it, then the settings can be edited here again.")
        return
    if part == STORES:
        stores.draw(read, clock)
    elif part == FEEDS:
        feeds.draw(read)
    elif part == PEOPLE:
        people.draw(settings, clock)
    elif part == SHOPS:
        shops.draw(read, clock)
    elif part == WORKSPACE:
        workspace.draw(read)
    elif visit:
        channels.draw(visit, read)
    else:
        st.info("Channels can be added once a store has been read: before that there is nothing to tell of.")

"""Campaigns on the worklist: choosing one, freezing the listings of a view as one, and how far the shown one is."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import streamlit as st

from aexdash.desk.campaigns import LONGEST, MOST_LISTINGS, Campaign, CampaignError, Campaigns
from aexdash.people.names import LONGEST as LONGEST_PERSON
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import address, notices, person
from aexdash.ui.frame.visit import Visit
from aexdash.ui.worklist import shown
from aexdash.words.common import plain, plural
from aexdash.words.listings.work import progress_words

_BOX = "campaigns"
_NAME, _DUE, _WHO = "campaign-name", "campaign-due", "campaign-who"


def draw(visit: Visit, count: int) -> None:
    """Draw the popover of campaigns: those that are open, and the form that freezes the `count` listings shown.

    What is in it is drawn only while it is open.
    """
    running = _open(visit)
    box = st.popover(f"Campaigns {len(running)}" if running else "Campaigns", key=_BOX, on_change="rerun")
    if not box.open:
        return
    with box:
        for one in running:
            st.button(
                plain(f"{one.name} · {plural(one.listings, 'listing')}"),
                key=f"campaign-{one.key}",
                on_click=_choose,
                args=(visit, one),
                type="primary" if one.key == visit.view.campaign else "secondary",
                width="stretch",
            )
        if not running:
            st.caption("A campaign is a set of listings, frozen as it is, with a name, a due date and its progress.")
        _freeze(visit, count)


def _open(visit: Visit) -> list[Campaign]:
    try:
        return Campaigns(visit.settings.desk_path).open()
    except StorageError as error:
        st.caption(plain(str(error)))
        return []


def _choose(visit: Visit, one: Campaign) -> None:
    _close_box()
    address.show(visit.view.of_campaign(one.key, one.query))


def _close_box() -> None:
    """Close the popover: what it was opened for is done, and lies under it."""
    st.session_state[_BOX] = False


def _freeze(visit: Visit, count: int) -> None:
    if visit.view.as_of:
        st.caption("Leave the past to freeze listings as a campaign.")
        return
    if not 0 < count <= MOST_LISTINGS:
        st.caption(f"A campaign is made of one listing at least and of {MOST_LISTINGS:,} at most.")
        return
    with st.form("campaign-form", border=False):
        st.text_input("Name", key=_NAME, max_chars=LONGEST)
        st.date_input("Due", value=None, key=_DUE)
        st.text_input("Responsible", key=_WHO, max_chars=LONGEST_PERSON)
        label = f"Freeze {'this' if count == 1 else 'these'} {plural(count, 'listing')} as a campaign"
        st.form_submit_button(label, key="freeze", on_click=_freeze_now, args=(visit,))


def _freeze_now(visit: Visit) -> None:
    state = st.session_state
    _make(visit, str(state[_NAME]), state[_DUE], str(state[_WHO]))


@person.signed
def _make(visit: Visit, name: str, due: date | None, responsible: str) -> None:
    who = person.current()
    assert who is not None

    def make() -> None:
        keys = [shown.key_of(row) for row in visit.snapshot.targets(visit.view, MOST_LISTINGS + 1)]
        query = urlencode(visit.view.to_query())
        made = Campaigns(visit.settings.desk_path).make(
            name, query, keys, due_on=due, responsible=responsible, who=who, now=visit.now
        )
        for field, empty in ((_NAME, ""), (_DUE, None), (_WHO, "")):
            st.session_state[field] = empty
        _close_box()
        address.show(visit.view.of_campaign(made.key, made.query))

    notices.write(make, f"The campaign {name.strip()} is made. Its listings do not change any more.", CampaignError)


def head(visit: Visit) -> None:
    """Draw the line of the campaign that the view is of: its name, how far it is, and what can be changed of it."""
    key = visit.view.campaign
    if not key:
        return
    try:
        campaign = Campaigns(visit.settings.desk_path).get(key)
    except StorageError as error:
        st.caption(plain(str(error)))
        return
    if campaign is None:  # the page has refused the address before this
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="campaign-head"):
        st.markdown(f"**{plain(campaign.name)}** · {plain(progress(visit, campaign))}", width="content")
        if not visit.view.as_of and not campaign.closed:
            _edit(visit, campaign)


def progress(visit: Visit, campaign: Campaign) -> str:
    """Say how far a campaign is, as far as its stores were read, and whether it is closed."""
    if visit.view.as_of:
        return "how far it is, is told of now alone"
    found = visit.ask(Snapshot.campaign, campaign.key, None, campaign.made_at)
    words = progress_words(found, campaign.due_on, campaign.responsible, visit.today, visit.zone)
    return f"{words} · closed" if campaign.closed else words


def _edit(visit: Visit, one: Campaign) -> None:
    stem = f"campaign-{one.key}-{one.at.isoformat()}"
    with st.popover("Change", key="campaign-change"), st.form("campaign-change-form", border=False):
        st.text_input("Name of the campaign", value=one.name, key=f"{stem}-name", max_chars=LONGEST)
        st.date_input("Due", value=one.due_on, key=f"{stem}-due")
        st.text_input("Responsible", value=one.responsible, key=f"{stem}-who", max_chars=LONGEST_PERSON)
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button("Save", key="save-campaign", on_click=_change_now, args=(visit, one.key, stem))
            st.form_submit_button("Close this campaign", key="close-campaign", on_click=_close, args=(visit, one.key))


def _change_now(visit: Visit, key: str, stem: str) -> None:
    state = st.session_state
    _change(visit, key, str(state[f"{stem}-name"]), state[f"{stem}-due"], str(state[f"{stem}-who"]))


@person.signed
def _change(visit: Visit, key: str, name: str, due: date | None, responsible: str) -> None:
    who = person.current()
    assert who is not None
    desk = Campaigns(visit.settings.desk_path)
    notices.write(
        lambda: desk.change(key, name=name, due_on=due, responsible=responsible, who=who, now=visit.now),
        "The campaign is changed.",
        CampaignError,
    )


@person.signed
def _close(visit: Visit, key: str) -> None:
    who = person.current()
    assert who is not None
    desk = Campaigns(visit.settings.desk_path)
    notices.write(
        lambda: desk.close(key, who=who, now=visit.now), "The campaign is closed; its address stays.", CampaignError
    )

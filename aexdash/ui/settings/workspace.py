"""What holds for all stores: where a day begins, the address of the pages, and what assistants may do."""

from __future__ import annotations

from zoneinfo import available_timezones

import streamlit as st

from aexdash.config.editing import Edit
from aexdash.config.sections.assistants import ASSISTANTS
from aexdash.config.sections.channels import local_address
from aexdash.desk.profiles import Profiles
from aexdash.storage.errors import StorageError
from aexdash.ui.settings import fields, saving
from aexdash.ui.settings.fields import Field, Kind
from aexdash.ui.settings.files import Files

_ZONE = Field(
    "zone",
    "Time zone",
    Kind.CHOICE,
    "Where a day begins. Changing it cuts the days of the past anew.",
    "UTC",
    {name: name for name in ("UTC", *sorted(available_timezones() - {"UTC", "localtime"}))},
)
_ADDRESS = Field("address", "Address of these pages", Kind.TEXT, "Links of messages begin with it.", local_address())

_HTTP = Field(
    "http",
    "Answer assistants at /mcp",
    Kind.SWITCH,
    "On the port of the pages, to whoever reaches it: nobody is asked who they are. What an assistant is told may "
    "leave this machine. `aexdash mcp` needs no setting.",
    default=False,
)


def _profile(files: Files) -> Field:
    """Return the field of the stores that assistants are told of; a profile that is gone stays until another is chosen.

    Where the profiles cannot be read, only what is set can be kept.
    """
    try:
        known = {one.name: one.title for one in Profiles(files.settings.desk_path).all()}
    except StorageError:
        known = {}
    told = "Assistants are told of the stores of this profile alone, also by `aexdash mcp`."
    return Field("profile", "Stores assistants are told of", Kind.CHOICE, told, "", {"": "Every store", **known})


def draw(files: Files) -> None:
    """Draw the form of the workspace, and below it that of assistants."""
    where = files.key("workspace")
    with st.form("workspace-form"):
        fields.draw([_ZONE], files.said("workspace"), {}, where)
        fields.draw([_ADDRESS], files.said("alerts"), {}, where)
        st.form_submit_button(
            "Save workspace", type="primary", key="save-workspace", on_click=_save, args=(files, where)
        )
    _draw_assistants(files)


def _draw_assistants(files: Files) -> None:
    st.markdown("#### Assistants", anchors=False)
    where, profile = files.key(ASSISTANTS), _profile(files)
    with st.form("assistants-form"):
        fields.draw([_HTTP, profile], files.said(ASSISTANTS), {}, where)
        st.form_submit_button(
            "Save assistants", type="primary", key="save-assistants", on_click=_save_assistants, args=(files, where)
        )


def _save_assistants(files: Files, where: str) -> None:
    edit = fields.edit_of([_HTTP, _profile(files)], (ASSISTANTS,), files.said(ASSISTANTS), where)
    saving.save(files.settings, edit, files.mark, "Saved; in force within seconds.")


def _save(files: Files, where: str) -> None:
    zone = fields.edit_of([_ZONE], ("workspace",), files.said("workspace"), where)
    address = fields.edit_of([_ADDRESS], ("alerts",), files.said("alerts"), where)
    both = Edit({**zone.public, **address.public})
    saving.save(files.settings, both, files.mark, "Saved; in force within seconds.")

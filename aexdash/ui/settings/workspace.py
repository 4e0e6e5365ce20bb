"""What holds for all stores: where a day begins, and under which address people open the pages."""

from __future__ import annotations

from zoneinfo import available_timezones

import streamlit as st

from aexdash.config.channels import ADDRESS
from aexdash.config.editing import Edit
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
_ADDRESS = Field("address", "Address of these pages", Kind.TEXT, "Links of messages begin with it.", ADDRESS)


def draw(files: Files) -> None:
    """Draw the form of the workspace."""
    where = files.key("workspace")
    with st.form("workspace-form"):
        fields.draw([_ZONE], files.said("workspace"), {}, where)
        fields.draw([_ADDRESS], files.said("alerts"), {}, where)
        st.form_submit_button(
            "Save workspace", type="primary", key="save-workspace", on_click=_save, args=(files, where)
        )


def _save(files: Files, where: str) -> None:
    zone = fields.edit_of([_ZONE], ("workspace",), files.said("workspace"), where)
    address = fields.edit_of([_ADDRESS], ("alerts",), files.said("alerts"), where)
    both = Edit({**zone.public, **address.public})
    saving.save(files.settings, both, files.mark, "Saved; in force within seconds.")

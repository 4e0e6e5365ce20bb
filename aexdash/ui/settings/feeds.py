"""The feed of each store: whose status is asked for, and the folder its validation files are fetched from."""

from __future__ import annotations

import streamlit as st

from aexdash.config.sections.feeds import ADDRESS
from aexdash.ui.settings import fields, saving
from aexdash.ui.settings.fields import Field, Kind
from aexdash.ui.settings.files import Files
from aexdash.words.common import plain

FIELDS = (
    Field("account", "Account", help="Id of the account whose status is asked for.", default=""),
    Field("api_key", "API key of that account", Kind.SECRET),
    Field("address", "Where the status call is answered", default=ADDRESS),
    Field("sftp", "SFTP folder", help="As sftp://user@sftp.example.com:22/outgoing.", default=""),
    Field("sftp_host_key", "Fingerprint of that server", help="As ssh-keygen -l prints it: SHA256:…", default=""),
    Field("sftp_password", "Password of that user", Kind.SECRET),
    Field("sftp_key_file", "Or a private key file", Kind.SECRET, "Without a passphrase; a path relative to the home."),
)


def draw(files: Files) -> None:
    """Draw a form for the feed of each store."""
    st.caption("Files need no setting: they are dropped on the page Feed or put into the feed folder of a store.")
    stores = files.settings.stores
    for key, store in stores.items():
        where = files.key("feed", key)
        opened = st.expander(f"Feed of {plain(store.title or key)}", expanded=len(stores) == 1, key=f"feed-{key}")
        with opened, st.form(f"feed-form-{key}", border=False):
            fields.draw(FIELDS, files.said("feed", key), files.hidden("feed", key), where)
            st.form_submit_button(
                "Save feed", type="primary", key=f"save-feed-{key}", on_click=_save, args=(files, key, where)
            )


def _save(files: Files, key: str, where: str) -> None:
    edit = fields.edit_of(FIELDS, ("feed", key), files.said("feed", key), where)
    if saving.save(files.settings, edit, files.mark, "Saved; in force within seconds."):
        fields.forget_secrets(FIELDS, where)

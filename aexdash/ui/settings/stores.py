"""The stores: what each is called, how it is read and by which app; signing in again, and a further one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from aexdash.clock import Clock
from aexdash.config.sections.stores import StoreSettings
from aexdash.ui.connect import page as connect
from aexdash.ui.frame import nav
from aexdash.ui.settings import fields, saving
from aexdash.ui.settings.fields import Field, Kind
from aexdash.ui.settings.files import Files
from aexdash.words.common import plain
from aexdash.words.connecting import MODEL_WORDS

_LABELS: tuple[tuple[str, str, Kind], ...] = (
    ("title", "Name", Kind.TEXT),
    ("watched", "Read this store", Kind.SWITCH),
    ("model", "Business model", Kind.CHOICE),
    ("app_key", "App Key", Kind.TEXT),
    ("app_secret", "App Secret", Kind.SECRET),
    ("pulse_seconds", "Seconds between two readings of what is held", Kind.WHOLE),
    ("sweep_seconds", "Seconds between two readings of every status", Kind.WHOLE),
    ("stale_after_seconds", "Seconds after which a reading is called stale", Kind.WHOLE),
    ("calls_per_second", "Most calls a second", Kind.NUMBER),
    ("calls_per_hour", "Most calls an hour", Kind.WHOLE),
    ("gateway", "Gateway", Kind.TEXT),
    ("edit_url", "Where a listing is edited", Kind.TEXT),
    ("item_url", "Where buyers see a listing", Kind.TEXT),
)


def _field(name: str, label: str, kind: Kind) -> Field:
    told = StoreSettings.model_fields[name]
    default: Any = None if told.is_required() or kind is Kind.SECRET else told.default
    choices = {str(model): words[0] for model, words in MODEL_WORDS.items()} if name == "model" else None
    return Field(name, label, kind, told.description or "", default, choices)


FIELDS = tuple(_field(*one) for one in _LABELS)


def draw(files: Files, clock: Clock) -> None:
    """Draw a form for each store, and the way to a further one."""
    stores = files.settings.stores
    for key, store in stores.items():
        archived = "" if store.watched else " (archived)"
        with st.expander(f"{plain(store.title or key)}{archived}", expanded=len(stores) == 1, key=f"store-{key}"):
            _form(files, key, clock)
    if not stores:
        st.info("No store so far.")
    nav.link("connect", "Connect a store ›", {})


def _form(files: Files, key: str, clock: Clock) -> None:
    where = files.key("store-field", key)
    st.caption(f"Its key in files, addresses and commands is {plain(key)}.")
    with st.form(f"store-form-{key}", border=False):
        fields.draw(FIELDS, files.said("store", key), files.hidden("store", key), where, key)
        st.form_submit_button(
            "Save store", type="primary", key=f"save-store-{key}", on_click=_save, args=(files, key, where)
        )
    if st.button("Sign in again", key=f"sign-in-{key}", help="Leads to AliExpress and back; the store stays the same."):
        connect.sign_in_again(files.settings, key, clock)
        nav.lead_to("connect", {})


def _save(files: Files, key: str, where: str) -> None:
    edit = fields.edit_of(FIELDS, ("store", key), files.said("store", key), where)
    if saving.save(files.settings, edit, files.mark, "Saved; in force within seconds."):
        fields.forget_secrets(FIELDS, where)

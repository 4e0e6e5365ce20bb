"""The seller's own shops: where each answers, what its variants are matched by, trying it, and a further one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from aexdash.clock import Clock
from aexdash.config.editing import Edit, Place, Value
from aexdash.config.sections.shops import SHOP, ShopSettings
from aexdash.connect.trying import Tried, try_shop
from aexdash.people.acting import rights
from aexdash.people.rights import Role
from aexdash.shops.account import ShopKind
from aexdash.ui.settings import fields, saving
from aexdash.ui.settings.fields import Field, Kind
from aexdash.ui.settings.files import Files
from aexdash.words.common import plain, without_home
from aexdash.words.shops import KINDS

KIND, NAME = "new-shop-kind", "new-shop-key"
_TRIED = "_shops-tried"

MATCHES = {"sku": "its SKU", "field": "a field of the shop", "mapping": "a file of yours"}

_LABELS: dict[str, tuple[str, Kind]] = {
    "title": ("Name", Kind.TEXT),
    "address": ("Address", Kind.TEXT),
    "file": ("Table", Kind.TEXT),
    "client_id": ("Client ID", Kind.TEXT),
    "client_secret": ("Client secret", Kind.SECRET),
    "token": ("Token", Kind.SECRET),
    "stores": ("Only of these stores", Kind.MANY),
    "match": ("A variant is matched by", Kind.CHOICE),
    "field": ("That field", Kind.TEXT),
    "mapping": ("That file", Kind.TEXT),
    "currency": ("Currency of its prices", Kind.TEXT),
    "read_seconds": ("Seconds between two readings", Kind.WHOLE),
    "stale_after_seconds": ("Seconds after which it is called stale", Kind.WHOLE),
    "watched": ("Read this shop", Kind.SWITCH),
}

OF_KIND = {
    ShopKind.SHOPIFY: ("address", "client_id", "client_secret", "token"),
    ShopKind.BIGCOMMERCE: ("address", "token"),
    ShopKind.CSV: ("file",),
}
"""What a shop of a kind is reached by, beside what all have."""

OF_ALL = ("stores", "match", "field", "mapping", "currency", "read_seconds", "stale_after_seconds", "watched")

HELPS = {
    "client_secret": "Of the app with that client ID: tokens of a day are got with it.",
    "token": "A permanent one; a shop with a client ID needs none. Read-only scopes are enough.",
    "stores": "Empty: of every store.",
}


def fields_of(kind: ShopKind, files: Files) -> tuple[Field, ...]:
    """Return the fields of a shop of this kind, in order."""
    titles = {key: store.title or key for key, store in files.settings.stores.items()}
    choices = {"match": MATCHES, "stores": titles}
    return tuple(_field(name, choices.get(name)) for name in ("title", *OF_KIND[kind], *OF_ALL))


def _field(name: str, choices: dict[str, str] | None) -> Field:
    label, kind = _LABELS[name]
    told = ShopSettings.model_fields[name]
    default: Any = None if kind is Kind.SECRET else list(told.default) if kind is Kind.MANY else told.default
    return Field(name, label, kind, HELPS.get(name) or told.description or "", default, choices)


def draw(files: Files, clock: Clock) -> None:
    """Draw a form for each shop with a way to try it, and one for a further one."""
    st.caption("A shop is where listings come from. It is only ever read: scopes that let it write are never needed.")
    shops = files.settings.shops
    for key, shop in shops.items():
        archived = "" if shop.watched else " (not read)"
        with st.expander(f"{plain(shop.title or key)}{archived}", expanded=len(shops) == 1, key=f"shop-{key}"):
            _form(files, shop, clock)
    with st.container(border=True, key="new-shop"):
        st.markdown("### A further shop", anchors=False)
        _add(files)


def _form(files: Files, shop: ShopSettings, clock: Clock) -> None:
    key = shop.key
    asked, where = fields_of(shop.kind, files), files.key("shop-field", key)
    st.caption(f"{KINDS[shop.kind].capitalize()}; its key in files and commands is {plain(key)}.")
    with st.form(f"shop-form-{key}", border=False):
        fields.draw(asked, files.said(SHOP, key), files.hidden(SHOP, key), where, f"{SHOP}-{key}")
        args = (files, key, asked, where)
        st.form_submit_button("Save shop", type="primary", key=f"save-shop-{key}", on_click=_save, args=args)
    with st.container(horizontal=True, vertical_alignment="center", key=f"shop-acts-{key}"):
        told = "Asks it who it is, what its token may read, and for one page of products. Nothing is recorded."
        tries = st.button("Try it", key=f"try-shop-{key}", help=told)
        with st.popover("Remove", key=f"drop-shop-{key}"):
            st.markdown("It is no longer read. What was read of it stays, for its history.")
            st.button("Remove shop", type="primary", key=f"remove-shop-{key}", on_click=_remove, args=(files, key))
    if tries:
        _try(files, shop, clock)
    _say_tried(files, key)


def _save(files: Files, key: str, asked: tuple[Field, ...], where: str) -> None:
    edit = fields.edit_of(asked, (SHOP, key), files.said(SHOP, key), where)
    if saving.save(files.settings, edit, files.mark, "Saved; in force within seconds."):
        fields.forget_secrets(asked, where)


def _remove(files: Files, key: str) -> None:
    gone: dict[Place, Value | None] = {(SHOP, key): None}
    hidden = gone if files.hidden(SHOP, key) else {}
    saving.save(files.settings, Edit(gone, hidden), files.mark, f"Shop {plain(key)} is removed.")


def _try(files: Files, shop: ShopSettings, clock: Clock) -> None:
    """Try it with what is saved: a token is sent to the address that the file has, so only who may change that may."""
    if not rights().may(Role.OWNER):
        st.error("Only who may change the settings can try a shop.")
        return
    with st.spinner("Asking the shop …"):
        tried = try_shop(shop, files.settings.home, clock)
    st.session_state[_TRIED] = (shop.key, files.mark, tried)


def _say_tried(files: Files, key: str) -> None:
    """Say what came of the last trial, as long as the files are those that it was made with."""
    tried_key, mark, tried = st.session_state.get(_TRIED, ("", "", None))
    if not isinstance(tried, Tried) or (tried_key, mark) != (key, files.mark):
        return
    judged = tried.judged
    said = " ".join(filter(None, (judged.says, judged.to_do, tried.seen)))
    box = st.success if judged.is_fine else st.warning if tried.works else st.error
    title = "It works" if judged.is_fine else "It works, but not wholly" if tried.works else "It does not work"
    box(plain(without_home(said)), title=title)


def _add(files: Files) -> None:
    picked = st.segmented_control(
        "Kind of shop",
        [one.value for one in ShopKind],
        format_func=lambda kind: KINDS[kind].capitalize() if kind == "csv" else KINDS[kind],
        default=ShopKind.SHOPIFY.value,
        required=True,
        key=KIND,
    )
    kind = ShopKind(picked or ShopKind.SHOPIFY)
    asked = [_field(name, None) for name in ("title", *OF_KIND[kind])]
    where = files.key("new-shop", kind.value)
    with st.form(f"new-shop-form-{kind.value}", border=False):
        st.text_input(
            "Key of the shop", key=f"{where}-key", max_chars=40, placeholder="front", help="Of a-z, 0-9, _, -."
        )
        fields.draw(asked, {}, {}, where)
        st.caption("What variants are matched by, its stores and how often it is read can be set once it is added.")
        args = (files, kind, tuple(asked), where)
        st.form_submit_button("Add shop", type="primary", key="add-shop", on_click=_take, args=args)


def _take(files: Files, kind: ShopKind, asked: tuple[Field, ...], where: str) -> None:
    """Add the shop of what was filled in; what cannot be one is refused with its sentence, and nothing is saved."""
    key = str(st.session_state[f"{where}-key"]).strip()
    if not key or key in files.settings.shops:
        saving.refuse("Give the shop a key that no other has, as front.")
        return
    edit = fields.edit_of(asked, (SHOP, key), {}, where)
    new = Edit({(SHOP, key, "kind"): kind.value, **edit.public}, edit.secret)
    if saving.save(files.settings, new, files.mark, "Added. Try it to see whether it answers."):
        fields.forget_secrets(asked, where)

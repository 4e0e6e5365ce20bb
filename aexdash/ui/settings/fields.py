"""A form of settings: fields that show what the files say, and the edit that comes of what somebody changed in them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import streamlit as st

from aexdash.config.editing import Edit, Place, Value
from aexdash.config.file import variable_of

TABLE = Mapping[str, object]


class Kind(StrEnum):
    """How a value is entered."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    MANY = "many"
    SECRET = "secret"  # noqa: S105 - a kind of field


@dataclass(frozen=True, slots=True)
class Field:
    """One setting: its name in the file, what stands beside it, and what counts without it.

    A secret is written into secrets.toml and never shown; an empty field keeps it. `choices` are values with words.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    help: str = ""
    default: Value | None = None
    choices: Mapping[str, str] | None = None


def draw(fields: Sequence[Field], public: TABLE, secret: TABLE, key: str, store: str = "") -> None:
    """Draw fields with what the two files say. What the environment says of a store counts before, and is locked."""
    for field in fields:
        variable = variable_of(store, field.name) if store else ""
        _one(field, public, secret, f"{key}-{field.name}", variable if variable in os.environ else "")


def edit_of(fields: Sequence[Field], where: Place, public: TABLE, key: str) -> Edit:
    """Return the edit that somebody made in fields: what differs from the files; a default is left out of them."""
    changed: dict[Place, Value | None] = {}
    secrets: dict[Place, Value | None] = {}
    for field in fields:
        said = st.session_state.get(f"{key}-{field.name}")
        if field.kind is Kind.SECRET:
            if said:
                secrets[(*where, field.name)] = str(said).strip()
            continue
        value = _value(field, said)
        if value != _shown(field, public):
            changed[(*where, field.name)] = None if value == field.default else value
    return Edit(changed, secrets)


def forget_secrets(fields: Sequence[Field], key: str) -> None:
    """Empty the fields of secrets, in a callback, so that they leave the session of the tab."""
    for field in fields:
        if field.kind is Kind.SECRET:
            st.session_state[f"{key}-{field.name}"] = ""


def _shown(field: Field, public: TABLE) -> Value | None:
    """What the file says, as the field shows it."""
    found = public.get(field.name, field.default)
    if field.kind is Kind.MANY:
        return [str(one) for one in found] if isinstance(found, (list, tuple)) else []
    if field.kind is Kind.NUMBER and isinstance(found, int):
        return float(found)
    return found if isinstance(found, (str, int, float, bool)) else field.default


def _value(field: Field, said: object) -> Value | None:
    if field.kind is Kind.TEXT:
        return str(said or "").strip() or field.default
    if field.kind is Kind.MANY:
        return [str(one) for one in said] if isinstance(said, (list, tuple)) else []
    return said if isinstance(said, (str, int, float, bool)) else None


def _one(field: Field, public: TABLE, secret: TABLE, key: str, variable: str) -> None:
    told = f"{variable} in the environment counts before what is saved here." if variable else field.help
    shown, off = _shown(field, public), bool(variable)
    if field.kind is Kind.SECRET:
        kept = "kept; type to replace it" if secret.get(field.name) else "none yet"
        st.text_input(
            field.label, key=key, type="password", placeholder=kept, help=told, disabled=off, autocomplete="off"
        )
    elif field.kind is Kind.SWITCH:
        st.toggle(field.label, value=bool(shown), key=key, help=told, disabled=off)
    elif field.kind is Kind.WHOLE:
        whole = int(shown) if isinstance(shown, int) else None
        st.number_input(field.label, value=whole, min_value=1, step=1, key=key, help=told, disabled=off)
    elif field.kind is Kind.NUMBER:
        number = float(shown) if isinstance(shown, (int, float)) else None
        st.number_input(field.label, value=number, min_value=0.0, step=1.0, key=key, help=told, disabled=off)
    elif field.kind is Kind.CHOICE:
        words = dict(field.choices or {})
        words.setdefault(str(shown), str(shown))
        names = list(words)
        st.selectbox(
            field.label,
            names,
            index=names.index(str(shown)),
            format_func=words.__getitem__,
            key=key,
            help=told,
            disabled=off,
        )
    elif field.kind is Kind.MANY:
        words, chosen = dict(field.choices or {}), shown if isinstance(shown, list) else []
        words |= {one: one for one in chosen if one not in words}
        st.multiselect(
            field.label,
            list(words),
            default=chosen,
            format_func=lambda one: words.get(one, one),
            key=key,
            help=told,
            accept_new_options=field.name == "owners",
            disabled=off,
        )
    else:
        text = "" if shown is None else str(shown)
        st.text_input(field.label, value=text, key=key, help=told, disabled=off)

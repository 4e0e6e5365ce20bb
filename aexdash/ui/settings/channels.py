"""The channels: what each is told of, a test of each, and a further one by picking a service and filling in fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st
from pydantic import SecretStr

from aexdash.config.editing import Edit, Place, Value
from aexdash.config.file import STORE_KEY
from aexdash.config.sections.channels import CHANNEL, Channel
from aexdash.config.sections.channels import Kind as ChannelKind
from aexdash.desk.decisions.work import Desk
from aexdash.model import Severity
from aexdash.notify import channels as sending
from aexdash.notify.services import SERVICES, Asked, NoAddress, Service
from aexdash.ui.alerts import channels as shown
from aexdash.ui.frame.visit import Visit
from aexdash.ui.settings import fields, saving
from aexdash.ui.settings.fields import Field, Kind
from aexdash.ui.settings.files import Files
from aexdash.words.common import plain

NAME = "new-channel-name"
SERVICE = "new-channel-service"


def draw(visit: Visit, files: Files) -> None:
    """Draw the channels with their last delivery and a test, a form for each, and one for a further one."""
    shown.rows(visit)
    told = _told(visit)
    for name, channel in files.settings.channels.items():
        with st.expander(f"Change {plain(name)}", key=f"channel-edit-{name}"):
            _change(files, channel, told)
    with st.container(border=True, key="new-channel"):
        st.markdown("### A further channel", anchors=False)
        _add(files, told)


def _told(visit: Visit) -> tuple[Field, ...]:
    """The fields that say what a channel is told of, and when."""
    taxonomy = visit.taxonomy
    reasons = {code: visit.label(code) for code in taxonomy.codes} | {
        name: f"{name} (all)" for name in taxonomy.families
    }
    severities = {one.value: "everything" if one is Severity.INFO else f"{one.value} and worse" for one in Severity}
    titles = {key: store.title or key for key, store in visit.settings.stores.items()}
    owners = {name: name for name in Desk(visit.settings.desk_path).owners()}
    return (
        Field("severity", "Told of alerts", Kind.CHOICE, "", Severity.INFO.value, severities),
        Field("stores", "Only of these stores", Kind.MANY, "Empty: every store.", [], titles),
        Field("reasons", "Only of these reasons", Kind.MANY, "Empty: whatever the reason.", [], reasons),
        Field("owners", "Only where these own it", Kind.MANY, "Empty: whoever owns it.", [], owners),
        Field("digest", "Digest", help='"daily 18:00" or "weekly monday 08:00"; then no single messages.', default=""),
        Field("zone", "Time zone of the digest", help="Empty: that of the workspace.", default=""),
    )


def _change(files: Files, channel: Channel, told: tuple[Field, ...]) -> None:
    where, name = files.key("channel", channel.name), channel.name
    hidden = [Field("url", _label("address", channel.url), Kind.SECRET, "Of apprise, or of the webhook.")]
    if channel.kind is ChannelKind.WEBHOOK:
        hidden.append(Field("key", _label("key", channel.key), Kind.SECRET, "It signs each message."))
    with st.form(f"channel-form-{name}", border=False):
        fields.draw(told, files.said(CHANNEL, name), {}, where)
        fields.draw(hidden, {}, files.hidden(CHANNEL, name), where, f"{CHANNEL}-{name}")
        args = (files, name, (*told, *hidden), where)
        st.form_submit_button("Save channel", type="primary", key=f"save-channel-{name}", on_click=_save, args=args)
    with st.popover("Remove", key=f"drop-channel-{name}"):
        st.markdown("Nobody is told over it any more. What it has delivered stays in the log of alerts.")
        st.button("Remove channel", type="primary", key=f"remove-channel-{name}", on_click=_remove, args=(files, name))


def _label(word: str, there: SecretStr) -> str:
    return f"Another {word}" if there.get_secret_value() else word.capitalize()


def _save(files: Files, name: str, asked: tuple[Field, ...], where: str) -> None:
    edit = fields.edit_of(asked, (CHANNEL, name), files.said(CHANNEL, name), where)
    address = edit.secret.get((CHANNEL, name, "url"))
    channel = files.settings.channels[name]
    becomes = channel.model_copy(update={"url": SecretStr(str(address)), "lacking": ""}) if address else channel
    done = f"Saved; in force within seconds. {plain(sending.in_the_clear(becomes))}".rstrip()
    if saving.save(files.settings, edit, files.mark, done):
        fields.forget_secrets(asked, where)


def _remove(files: Files, name: str) -> None:
    gone: dict[Place, Value | None] = {(CHANNEL, name): None}
    hidden = gone if files.hidden(CHANNEL, name) else {}
    saving.save(files.settings, Edit(gone, hidden), files.mark, f"Channel {plain(name)} is removed.")


def _add(files: Files, told: tuple[Field, ...]) -> None:
    labels = {name: service.label for name, service in SERVICES.items()}
    picked = st.segmented_control(
        "Service", list(labels), format_func=labels.__getitem__, default="mail", required=True, key=SERVICE
    )
    service = SERVICES[picked or "mail"]
    where = files.key("new-channel", service.name)
    with st.form(f"new-channel-form-{service.name}", border=False):
        st.text_input("Name of the channel", key=f"{where}-name", max_chars=40, placeholder="team")
        for asked in service.asked:
            _ask(asked, f"{where}-{asked.name}")
        fields.draw(told[:1], {}, {}, where)
        st.caption("Stores, reasons, owners and a digest can be chosen once it is added.")
        st.form_submit_button(
            "Add channel", type="primary", key="add-channel", on_click=_take, args=(files, service, told[:1], where)
        )


def _ask(asked: Asked, key: str) -> None:
    if asked.choices:
        names = list(asked.choices)
        index = names.index(asked.default)
        st.selectbox(asked.label, names, index=index, format_func=asked.choices.__getitem__, key=key)
    else:
        kind: Literal["password", "default"] = "password" if asked.secret else "default"
        st.text_input(asked.label, value=asked.default, key=key, type=kind, help=asked.help or None)


def _take(files: Files, service: Service, told: tuple[Field, ...], where: str) -> None:
    """Make the channel of what was filled in; an address that no service can use is refused before it is saved."""
    said = {asked.name: str(st.session_state[f"{where}-{asked.name}"]) for asked in service.asked}
    name = str(st.session_state[f"{where}-name"]).strip()
    if fault := _name_fault(name, files):
        saving.refuse(fault)
        return
    try:
        address = service.address(said)
    except NoAddress as error:
        saving.refuse(str(error))
        return
    if fault := _fault(name, service, address):
        saving.refuse(fault)
        return
    edit = fields.edit_of(told, (CHANNEL, name), {}, where)
    public = {**edit.public, (CHANNEL, name, "severity"): str(st.session_state[f"{where}-severity"])}
    if service.kind is ChannelKind.WEBHOOK:
        public[(CHANNEL, name, "kind")] = service.kind.value
    new = Edit(public, _hidden(name, address, said))
    channel = Channel(name=name, kind=service.kind, url=SecretStr(address))
    done = f"Added. Send a test to see it arrive. {plain(sending.in_the_clear(channel))}".rstrip()
    if saving.save(files.settings, new, files.mark, done):
        for asked in service.asked:
            st.session_state[f"{where}-{asked.name}"] = asked.default


def _name_fault(name: str, files: Files) -> str:
    if not name or name in files.settings.channels:
        return "Name of the channel: give it one that no other has, as team."
    if not STORE_KEY.fullmatch(name):
        return f"Name of the channel: {name!r} must be of a-z, 0-9, _ and - only, as team."
    return ""


def _hidden(name: str, address: str, said: Mapping[str, str]) -> dict[Place, Value | None]:
    hidden: dict[Place, Value | None] = {(CHANNEL, name, "url"): address}
    if said.get("key"):
        hidden[(CHANNEL, name, "key")] = said["key"].strip()
    return hidden


def _fault(name: str, service: Service, address: str) -> str:
    if service.kind is ChannelKind.WEBHOOK:
        return ""
    return sending.check(Channel(name=name, url=SecretStr(address)))

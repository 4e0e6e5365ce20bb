"""The page Connect, step by step: what is needed, the sign-in, who the seller is, the first reading."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from html import escape
from urllib.parse import urlencode, urlsplit

import streamlit as st

from aexdash.clock import Clock
from aexdash.config.sections.stores import StoreSettings
from aexdash.config.settings import ConfigError, Settings
from aexdash.connect import signing
from aexdash.connect.attempts import ATTEMPTS, Attempt, Refusal, Wanted
from aexdash.connect.reading import Progress, first_reading
from aexdash.model import BusinessModel
from aexdash.people.acting import rights
from aexdash.people.rights import Role
from aexdash.storage.errors import StorageError
from aexdash.storage.one_state import one_state
from aexdash.ui.connect import routes
from aexdash.ui.frame import address, names, nav, notices
from aexdash.words.common import plain, without_home
from aexdash.words.connecting import (
    ADVICE,
    MODEL_WORDS,
    NOT_SURE,
    NOT_SURE_WORDS,
    SENTENCES,
    Trouble,
    business_words,
    refused_model_words,
)

STORE = "store"
"""The parameter of the address: the store whose first reading is shown."""

LOOK_SECONDS = 1

_LINK, _FAULT = "_sign-in", "_sign-in-fault"
_SELLER_TITLE, _SELLER_MODEL = "seller-title", "seller-model"
_TITLE, _KEY, _SECRET, _MODEL, _GATEWAY = (f"connect-{name}" for name in ("title", "key", "secret", "model", "gateway"))

NOT_YOU = "Only who may change the settings can connect a store."

NEEDED = """
In the AliExpress app console create an app for sellers, or open the one you have.
You need three things of it:

1. Its **App Key** and **App Secret**.
2. The permission to read products; where the console offers it, to read orders and the merchant's profile too.
3. Its **callback address**. It must be this one, letter by letter:
"""

OTHER_CALLBACK = """
Where the console takes no such address, register one of your own; then name the store in `aexdash.toml` and sign in
with `aexdash authorize`, which takes the address that the sign-in ended at.
"""

GO_STYLE = """
<style>a.aexdash-go { display: inline-block; padding: 0.4rem 0.9rem; border-radius: 4px; font-weight: 600;
background: #1F5FA8; color: #fff; text-decoration: none } a.aexdash-go:focus-visible { outline: 2px solid currentcolor;
outline-offset: 2px }</style>
"""


def draw(settings: Settings, clock: Clock) -> None:
    """Draw the step that is next."""
    notices.show()
    st.markdown("## Connect a store", anchors=False)
    key = st.query_params.get(STORE, "")
    if key in settings.stores:
        st.markdown(f"### {plain(settings.stores[key].title or key)} is connected", anchors=False)
        _first_reading(settings, key, clock)
        return
    if not rights().may(Role.OWNER):
        st.warning(NOT_YOU)
        return
    _lost()
    attempt = _attempt(settings, clock)
    if attempt is None:
        _form(settings, clock)
    elif attempt.refusal:
        _refused(attempt, attempt.refusal, clock)
    elif attempt.introduced:
        _seller(attempt, clock)
    else:
        _go(attempt)


def callback(settings: Settings) -> str:
    """Return the address that AliExpress sends the browser back to: where this page is open, and our own route."""
    parts = urlsplit(st.context.url or "")
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else settings.address
    return f"{origin}{routes.CALLBACK}"


def sign_in_again(settings: Settings, key: str, clock: Clock) -> None:
    """Begin a new sign-in of a store that is there; the page Connect shows it from then on."""
    store = settings.stores[key].model_copy(update={"redirect_uri": callback(settings)})
    _begin(settings, Wanted(store, is_new=False), clock)


def _attempt(settings: Settings, clock: Clock) -> Attempt | None:
    """The sign-in of this tab, else the one with which this browser has come back."""
    begun = ATTEMPTS.of_link(st.session_state.get(_LINK, ""), clock())
    if begun is not None:
        return begun
    browser = str(st.context.cookies.get(routes.COOKIE, ""))
    return ATTEMPTS.of_browser(browser, settings.home, clock()) if browser else None


def _lost() -> None:
    """Say why the browser came back to nothing, where it did."""
    with suppress(ValueError):
        trouble = Trouble(st.query_params.get(routes.TROUBLE, ""))
        if trouble in SENTENCES:
            st.error(f"{SENTENCES[trouble]} {ADVICE[trouble]}", title="The sign-in did not work")


def _form(settings: Settings, clock: Clock) -> None:
    st.markdown(NEEDED)
    with st.container(key="callback"):
        st.code(callback(settings), language=None)
    names.tell({"callback": "Copy the callback address"})
    st.markdown(OTHER_CALLBACK)
    if fault := st.session_state.pop(_FAULT, ""):
        st.error(plain(without_home(fault)), title="This cannot be used")
    with st.form("connect-form", border=True):
        st.text_input("Name of the store", key=_TITLE, max_chars=60, placeholder="As your team calls it")
        st.text_input("App Key", key=_KEY, max_chars=40)
        st.text_input(
            "App Secret",
            key=_SECRET,
            type="password",
            max_chars=200,
            help="Kept in secrets.toml, for its owner alone to read. No page shows it again.",
        )
        st.radio(
            "How do you work with AliExpress?",
            [NOT_SURE, *MODEL_WORDS],
            format_func=lambda model: NOT_SURE if model == NOT_SURE else MODEL_WORDS[model][0],
            captions=[NOT_SURE_WORDS, *(words[1] for words in MODEL_WORDS.values())],
            key=_MODEL,
        )
        with st.expander("Another gateway"):
            st.session_state.setdefault(_GATEWAY, StoreSettings.model_fields["gateway"].default)
            st.text_input("Gateway", key=_GATEWAY)
        st.form_submit_button(
            "Go on",
            type="primary",
            key="connect-go-on",
            on_click=_take_form,
            args=(settings, callback(settings), clock),
        )


def _take_form(settings: Settings, redirect_uri: str, clock: Clock) -> None:
    """Begin the sign-in that the form describes; the secret leaves the tab's session at once."""
    said = {name: str(st.session_state[name]) for name in (_TITLE, _KEY, _SECRET, _GATEWAY)}
    model = st.session_state[_MODEL]
    st.session_state[_SECRET] = ""
    try:
        store = signing.store_of(
            signing.key_for(said[_TITLE], signing.keys_taken(settings)),
            said[_TITLE],
            "overseas" if model == NOT_SURE else model,
            app_key=said[_KEY],
            app_secret=said[_SECRET],
            gateway=said[_GATEWAY],
            redirect_uri=redirect_uri,
        )
    except (ConfigError, StorageError) as error:
        st.session_state[_FAULT] = str(error)
        return
    _begin(settings, Wanted(store, model_known=model != NOT_SURE), clock)


def _begin(settings: Settings, wanted: Wanted, clock: Clock) -> None:
    address.clear()
    if not rights().may(Role.OWNER):
        return  # the page says so
    try:
        signing.require_gateway(wanted.store, settings.home)
        st.session_state[_LINK] = signing.begin(settings, wanted, clock()).link
    except (ConfigError, StorageError) as error:
        st.session_state[_FAULT] = str(error)


def _go(attempt: Attempt) -> None:
    st.markdown(
        "The next page is AliExpress' own. Sign in there **with the main account of the seller** and allow the access; "
        "then it leads back here."
    )
    href = escape(f"{routes.LEAVE}?{urlencode({routes.LINK: attempt.link})}", quote=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(
            f'{GO_STYLE}<a class="aexdash-go" href="{href}" target="_self">Sign in at AliExpress</a>', width="content"
        )
        st.button("Change what I entered", key="connect-back", on_click=_drop, args=(attempt,))


def _refused(attempt: Attempt, refusal: Refusal, clock: Clock) -> None:
    said = without_home(f"{refusal.sentence} {refusal.advice}".strip())
    st.error(plain(said), title="The sign-in did not work")
    with st.container(horizontal=True):
        st.button("Sign in again", type="primary", key="connect-again", on_click=_again, args=(attempt, clock))
        st.button("Enter something else", key="connect-back", on_click=_drop, args=(attempt,))


def _again(attempt: Attempt, clock: Clock) -> None:
    st.session_state[_LINK] = signing.again(attempt, clock()).link
    address.clear()


def _drop(attempt: Attempt) -> None:
    """End a sign-in; the form has what was entered for it again, but for the secret."""
    ATTEMPTS.end(attempt)
    store = attempt.wanted.store
    if attempt.wanted.is_new:
        model = store.model if attempt.wanted.model_known else NOT_SURE
        st.session_state.update(
            {_TITLE: store.title, _KEY: store.app_key, _GATEWAY: store.gateway, _MODEL: model, _SECRET: ""}
        )
    st.session_state.pop(_LINK, None)
    address.clear()


def _seller(attempt: Attempt, clock: Clock) -> None:
    """Name the seller and let a person confirm her, with the business model that AliExpress speaks for."""
    introduced, wanted = attempt.introduced, attempt.wanted
    if introduced is None:
        return
    if fault := st.session_state.pop(_FAULT, ""):
        st.error(plain(without_home(fault)), title="The store was not connected")
    name = introduced.name or "a seller whose name AliExpress did not tell"
    number = f" (seller {plain(introduced.seller_id)})" if introduced.seller_id else ""
    st.markdown(f"You signed in as **{plain(name)}**{number}.")
    if not wanted.is_new:
        whose = plain(wanted.store.title or wanted.store.key)
        args = (attempt, wanted.store.model, wanted.store.title, clock)
        st.button(f"This is {whose}: go on", type="primary", key="connect-keep", on_click=_keep, args=args)
        st.button("This is another seller", key="connect-back", on_click=_drop, args=(attempt,))
        return
    st.caption(plain(business_words(introduced.named, introduced.answering, introduced.doubt)))
    models: list[BusinessModel] = list(MODEL_WORDS)
    proposal = signing.proposed(attempt)
    with st.form("seller-form", border=True):
        st.text_input("Name of the store", value=wanted.store.title or introduced.name, key=_SELLER_TITLE, max_chars=60)
        st.radio(
            "Business model",
            models,
            index=models.index(proposal) if proposal in models else None,
            format_func=lambda model: MODEL_WORDS[model][0],
            captions=[MODEL_WORDS[model][1] for model in models],
            key=_SELLER_MODEL,
        )
        st.form_submit_button(
            "This is my store: read it", type="primary", key="connect-confirm", on_click=_confirm, args=(attempt, clock)
        )
    st.button("This is another seller", key="connect-back", on_click=_drop, args=(attempt,))


def _confirm(attempt: Attempt, clock: Clock) -> None:
    model, title = st.session_state[_SELLER_MODEL], str(st.session_state[_SELLER_TITLE]).strip()
    if model is None or attempt.introduced is None:
        st.session_state[_FAULT] = "Choose how you work with AliExpress: nothing says it for you."
        return
    if signing.contradicted(attempt.introduced, model):
        st.session_state[_FAULT] = refused_model_words(model, attempt.introduced.answering)
        return
    _keep(attempt, model, title, clock)


def _keep(attempt: Attempt, model: BusinessModel, title: str, clock: Clock) -> None:
    if not rights().may(Role.OWNER):
        return  # the page says so
    try:
        signing.confirm(attempt, model, title, clock())
    except (ConfigError, StorageError) as error:
        st.session_state[_FAULT] = str(error)
        return
    st.session_state.pop(_LINK, None)
    address.change(STORE, attempt.wanted.store.key)


PROGRESS_WORDS: Mapping[Progress, str] = {
    Progress.NOBODY_READS: "Nothing reads stores now: start `aexdash serve`, or run `aexdash sync` once. "
    "This page goes on by itself.",
    Progress.WAITING: "The worker takes the store up within seconds.",
}


@st.fragment(run_every=LOOK_SECONDS)
@one_state()
def _first_reading(settings: Settings, key: str, clock: Clock) -> None:
    """Draw how far the first reading is; the fragment looks again every second."""
    try:
        told = first_reading(settings, key, clock())
    except StorageError as error:
        st.warning(plain(without_home(str(error))), title="The snapshot cannot be read")
        return
    if told.progress is Progress.READ:
        st.success("It has been read once, and is read again all the time from now on.")
        nav.link("overview", "Open the overview ›", {"store": key} if len(settings.stores) > 1 else {})
    elif told.progress in (Progress.FAILED, Progress.PARTIAL):
        what = "failed" if told.progress is Progress.FAILED else "read only a part"
        st.error(f"{plain(without_home(told.words))} It is tried again by itself.", title=f"The first reading {what}")
        nav.link("settings", "Settings of the store ›", {})
    elif told.progress is Progress.READING:
        far = f": {plain(told.words)}" if told.words else ""
        st.info(f"The first reading is under way{far}. A large store takes minutes.")
    else:
        st.info(PROGRESS_WORDS[told.progress])

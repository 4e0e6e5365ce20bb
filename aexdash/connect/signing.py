"""The steps of a sign-in: what is wanted is checked, the browser comes back with a code, the seller is confirmed."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Collection
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr, ValidationError

from aexdash.aliexpress.errors import (
    AddressNotListed,
    AnotherSeller,
    AuthenticationError,
    ClockError,
    GatewayGone,
    InvalidRequest,
    PermissionDenied,
    PlatformError,
    Throttled,
    Unreachable,
)
from aexdash.aliexpress.identity import require_seller
from aexdash.aliexpress.listings import Introduced, introduce, keep_token, open_wire
from aexdash.aliexpress.protocol.failures import APP_KEY_CODES, SIGN_IN_CODES, SIGNATURE_CODES
from aexdash.aliexpress.protocol.gateway import NOTHING_THERE
from aexdash.aliexpress.protocol.tokens import TokenFile, authorize_url
from aexdash.clock import Clock, system_clock
from aexdash.config.editing import Edit, Value, checked, save
from aexdash.config.file import variable_of
from aexdash.config.sections.section import first_wrong
from aexdash.config.sections.stores import StoreSettings
from aexdash.config.settings import ConfigError, Settings, load_settings
from aexdash.connect.attempts import ATTEMPTS, Attempt, Refusal, Wanted
from aexdash.desk.decisions.work import Desk
from aexdash.http.wire import Respond
from aexdash.model import BusinessModel
from aexdash.people.acting import needs
from aexdash.people.rights import Role
from aexdash.snapshot.file import reading
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.stores import id_of, key_of_seller, seller_of
from aexdash.storage.errors import StorageError, StorageMissing
from aexdash.words import connecting
from aexdash.words.connecting import Trouble

GATEWAY_PATIENCE = 10.0
"""Seconds a gateway has to answer while a person waits."""

_NO_KEY = re.compile(r"[^a-z0-9]+")
_APP_KEY = re.compile(r"[0-9]+")
"""Each app key of the platform's own examples is a number (reference §1.3)."""

_confirming = threading.Lock()
"""Two people may confirm at the same moment; the second one sees what the first has written."""


def key_for(title: str, taken: Collection[str]) -> str:
    """Return a key for a new store: `main` for the first, else made of its title, and taken by no other."""
    base = (_NO_KEY.sub("-", title.lower()).strip("-")[:40] or "store") if taken else "main"
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 2)))
    variables = {variable_of(name) for name in taken}  # of a-b and a_b they would be the same
    return next(name for name in names if variable_of(name) not in variables)


def keys_taken(settings: Settings) -> set[str]:
    """Return the keys that no new store may have: those of the settings, and those that the snapshot holds.

    Raises:
        StorageError: the snapshot is there and cannot be read.
    """
    known = set(settings.stores)
    with suppress(StorageMissing):
        known |= {store.key for store in Snapshot(settings.snapshot_path, settings.desk_path).stores()}
    return known


@needs(Role.OWNER, refused=ConfigError)
def begin(settings: Settings, wanted: Wanted, now: datetime) -> Attempt:
    """Begin the sign-in of a store whose settings could be saved.

    Raises:
        ConfigError: they could not, or the app key or secret of a store that is there is missing.
    """
    wanted.store.account(settings.home)  # says what is missing
    checked(settings.home, _edit(wanted, wanted.store))
    return ATTEMPTS.begin(settings.home, wanted, now)


def require_gateway(store: StoreSettings, home: Path, *, respond: Respond | None = None) -> None:
    """Make sure that a gateway answers at the address of a store, before a browser is sent there.

    What it answers to a call without a signature does not matter.

    Raises:
        ConfigError: nothing answers there within ten seconds, what answers is no gateway, or the address is unusable.
    """
    account = replace(store.account(home), timeout=GATEWAY_PATIENCE)
    try:
        with closing(open_wire(account, respond)) as wire:
            status = wire.post_form("/sync", {"app_key": store.app_key}).status
    except Unreachable as error:
        raise ConfigError(f"Nothing answers at the gateway {store.gateway}: {connecting.CHECK_GATEWAY}") from error
    except InvalidRequest as error:
        raise ConfigError(str(error)) from error
    except PlatformError:
        return  # something is there; what is wrong with it is said when it is asked in earnest
    if status in NOTHING_THERE:
        raise ConfigError(f"What answers at {store.gateway} is no gateway: {connecting.CHECK_GATEWAY}")


@needs(Role.OWNER, refused=ConfigError)
def again(attempt: Attempt, now: datetime) -> Attempt:
    """Begin a sign-in anew with what was given for it."""
    ATTEMPTS.end(attempt)
    return ATTEMPTS.begin(attempt.home, attempt.wanted, now)


def address_of(attempt: Attempt) -> str:
    """Return the page of AliExpress where the seller signs in."""
    store = attempt.wanted.store
    return authorize_url(store.gateway, store.app_key, store.redirect_uri, attempt.state)


def come_back(
    attempt: Attempt,
    code: str,
    *,
    clock: Clock = system_clock,
    sleep: Callable[[float], None] = time.sleep,
    respond: Respond | None = None,
) -> None:
    """Take the code that the browser brought, empty where AliExpress gave none; afterwards the attempt knows who it is.

    Whatever goes wrong is kept as its refusal. `sleep` takes seconds and serves the pauses between attempts.
    """
    if not code:
        attempt.refusal = refused(Trouble.NOT_ALLOWED)
        return
    store = attempt.wanted.store
    try:
        introduced = introduce(store.account(attempt.home), code, clock=clock, sleep=sleep, respond=respond)
        _require_ours(attempt, introduced)
    except PlatformError as error:
        attempt.refusal = refusal_of(error, store)
    except (ConfigError, StorageError) as error:
        attempt.refusal = Refusal(Trouble.HOME, str(error), "")
    else:
        attempt.introduced = introduced
        attempt.refusal = _other_store(attempt, introduced)


def proposed(attempt: Attempt) -> BusinessModel | None:
    """Return the business model to propose: the one that was chosen, else the first that answers, if any does."""
    wanted, introduced = attempt.wanted, attempt.introduced
    if wanted.model_known:
        return wanted.store.model
    return next(iter(introduced.answering), None) if introduced else None


def contradicted(introduced: Introduced, model: BusinessModel) -> bool:
    """Whether AliExpress answered for other business models and refused this one."""
    return model not in introduced.answering and not introduced.doubt


@needs(Role.OWNER, refused=ConfigError)
def confirm(attempt: Attempt, model: BusinessModel, title: str, now: datetime) -> Settings:
    """Keep the token and the settings of a store whose seller a person has recognised, and ask for its first reading.

    Where somebody else has connected a store under its key meanwhile, it gets another one.

    Raises:
        ConfigError: the seller is another store here by now, the store that signed in again was removed meanwhile, or
            the settings or the token cannot be written; of a new store nothing is kept then.
        StorageError: the snapshot cannot be read.
    """
    with _confirming:
        return _confirm(attempt, model, title, now)


def _confirm(attempt: Attempt, model: BusinessModel, title: str, now: datetime) -> Settings:
    if attempt.introduced is None:
        raise ConfigError("This sign-in has not come back from AliExpress: begin it again.")
    if other := _other_store(attempt, attempt.introduced):
        raise ConfigError(f"{other.sentence} {other.advice}")
    store = attempt.wanted.store.model_copy(update={"model": model, "title": title})
    if attempt.wanted.is_new:
        taken = keys_taken(load_settings(attempt.home))
        if store.key in taken:
            store = store.model_copy(update={"key": key_for(title or store.title, taken)})
    elif store.key not in load_settings(attempt.home).stores:
        raise ConfigError(connecting.REMOVED.format(store=store.title or store.key))
    attempt.wanted = replace(attempt.wanted, store=store)
    checked(attempt.home, _edit(attempt.wanted, store))  # what would be refused below leaves no token either
    account = store.account(attempt.home)
    try:
        keep_token(account, attempt.introduced.token)
        settings = save(attempt.home, _edit(attempt.wanted, store))
    except PlatformError as error:
        raise ConfigError(f"{error} {error.advice}") from None
    except ConfigError:
        if attempt.wanted.is_new:
            account.token_file.unlink(missing_ok=True)
        raise
    ATTEMPTS.end(attempt)
    with suppress(StorageError):  # the worker finds a new store by itself, and reads another one within minutes
        Desk(settings.desk_path).ask_sync(store.key, "sweep", now)
    return settings


def store_of(
    key: str, title: str, model: BusinessModel, *, app_key: str, app_secret: str, gateway: str, redirect_uri: str
) -> StoreSettings:
    """Return a store as somebody described it.

    Raises:
        ConfigError: a value is missing or cannot be used; the secret is not repeated.
    """
    app_key, app_secret = app_key.strip(), app_secret.strip()
    empty = [name for name, given in (("App Key", app_key), ("App Secret", app_secret)) if not given]
    if empty:
        raise ConfigError(" ".join(f"Fill in the {name}." for name in empty))
    if not _APP_KEY.fullmatch(app_key):
        raise ConfigError(connecting.NO_APP_KEY)
    try:
        return StoreSettings(
            key=key,
            title=title.strip(),
            model=model,
            app_key=app_key,
            app_secret=SecretStr(app_secret),
            gateway=gateway.strip(),
            redirect_uri=redirect_uri,
        )
    except ValidationError as error:
        name, wrong = first_wrong(error)
        raise ConfigError(f"{name}: {wrong}.") from None


def refusal_of(error: PlatformError, store: StoreSettings) -> Refusal:
    """Return the refusal that an error of the platform means; it calls the store by its title, as its person does."""
    trouble = _trouble(error)
    sentence = str(error)
    if store.title:
        sentence = re.sub(rf"\bstore {re.escape(store.key)}(?![\w-])", lambda _: f"store {store.title}", sentence)
    return Refusal(trouble, sentence, connecting.ADVICE.get(trouble) or error.advice)


def refused(trouble: Trouble) -> Refusal:
    """Return the refusal of a trouble that is no error of a call."""
    return Refusal(trouble, connecting.SENTENCES[trouble], connecting.ADVICE[trouble])


_KINDS: tuple[tuple[type[PlatformError], Trouble], ...] = (
    (AnotherSeller, Trouble.OTHER_SELLER),
    (AddressNotListed, Trouble.ADDRESS),
    (AuthenticationError, Trouble.OTHER),
    (PermissionDenied, Trouble.PERMISSION),
    (Throttled, Trouble.BAN),
    (ClockError, Trouble.CLOCK),
    (Unreachable, Trouble.NETWORK),
    (GatewayGone, Trouble.GATEWAY),
    (InvalidRequest, Trouble.OTHER),
)


def _trouble(error: PlatformError) -> Trouble:
    for codes, trouble in (
        (SIGNATURE_CODES, Trouble.SECRET),
        (APP_KEY_CODES, Trouble.APP_KEY),
        (SIGN_IN_CODES, Trouble.CODE),
    ):
        if isinstance(error, AuthenticationError) and error.code in codes:
            return trouble
    return next((trouble for kind, trouble in _KINDS if isinstance(error, kind)), Trouble.OTHER)


def _require_ours(attempt: Attempt, introduced: Introduced) -> None:
    """Refuse another seller than the one whose listings the snapshot holds under the store's key."""
    key = attempt.wanted.store.key
    with suppress(StorageMissing), reading(Settings(home=attempt.home).snapshot_path) as connection:
        store = id_of(connection, key)
        known = seller_of(connection, store) if store is not None else None
        require_seller(known, (introduced.seller_id,), key)


def _other_store(attempt: Attempt, introduced: Introduced) -> Refusal | None:
    """Refuse a seller who is another store here already: one account would be read twice."""
    other = _store_of_seller(attempt, introduced.seller_id) if introduced.seller_id else None
    if other is None:
        return None
    told = refused(Trouble.TWO_STORES)
    known = load_settings(attempt.home).stores.get(other)
    name = (known.title if known else "") or other
    return replace(told, sentence=told.sentence.format(store=name, seller=introduced.seller_id))


def _store_of_seller(attempt: Attempt, seller_id: str) -> str | None:
    """The store that a seller is here, by the snapshot, else by the tokens of stores that were never read so far.

    The store that signs in again is none; a new one has no token yet, so one under its key is another's.
    """
    wanted = attempt.wanted
    with suppress(StorageMissing), reading(Settings(home=attempt.home).snapshot_path) as connection:
        other = key_of_seller(connection, seller_id)
        if other not in (None, wanted.store.key):
            return other
    for key in load_settings(attempt.home).stores:
        if key != wanted.store.key or wanted.is_new:
            with suppress(PlatformError):
                kept = TokenFile(attempt.home / "tokens" / f"{key}.json").load()
                if kept and kept[0].seller_id == seller_id:
                    return key
    return None


def _edit(wanted: Wanted, store: StoreSettings) -> Edit:
    """What the two files say of a store after its sign-in; what stays at its default is not written.

    Of a store that was there before they say it already, or the environment does.
    """
    where = ("store", store.key)
    if not wanted.is_new:
        return Edit({(*where, "redirect_uri"): store.redirect_uri})
    public: dict[tuple[str, ...], Value | None] = {
        (*where, "title"): store.title or None,
        (*where, "model"): store.model,
        (*where, "app_key"): store.app_key,
        (*where, "redirect_uri"): store.redirect_uri or None,
    }
    if store.gateway != StoreSettings.model_fields["gateway"].default:
        public[(*where, "gateway")] = store.gateway
    return Edit(public, {(*where, "app_secret"): store.app_secret.get_secret_value()})

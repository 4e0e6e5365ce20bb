"""What others say: AliExpress of each store, shops, feed servers, channels, the replica, and the heartbeat."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from aexdash.aliexpress.errors import PermissionDenied, PlatformError
from aexdash.aliexpress.identity import require_seller
from aexdash.aliexpress.listings import Seller, connect, open_wire
from aexdash.aliexpress.protocol.account import Account
from aexdash.clock import CLOCK_TOLERANCE, Clock
from aexdash.config.sections.sftp import SftpFolder
from aexdash.config.sections.shops import ShopSettings
from aexdash.config.sections.stores import StoreSettings
from aexdash.config.settings import ConfigError, Settings
from aexdash.connect.trying import facts_of, judge
from aexdash.doctor.finding import Finding, problem
from aexdash.feed.remote import NotFetched, VisitLimits
from aexdash.feed.servers import server_of
from aexdash.http.wire import Respond
from aexdash.model import Status
from aexdash.notify.channel_states import states
from aexdash.notify.channels import check, in_the_clear
from aexdash.replica import litestream
from aexdash.replica.gaps import first_gap, keeps_from_joining, kept_beside, names_of
from aexdash.shops.calling import Sleep
from aexdash.shops.errors import ShopError
from aexdash.snapshot.known_store import known_seller, running_ban
from aexdash.storage.errors import StorageError
from aexdash.supervision.heartbeat import host_of
from aexdash.supervision.readiness import not_ready

TOKEN_AHEAD = timedelta(days=2)

SIGN_IN_AHEAD = timedelta(days=1)
"""A worker renews a token, and with it how long it can be renewed, long before so little of that is left."""


def heartbeat(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Say whether the address of the heartbeat is asked now, and what is not ready where it is not."""
    if not (host := host_of(settings)):
        return
    if problems := not_ready(settings, now):
        told = "; ".join(f"{one.what}: {one.why.rstrip('.')}" for one in problems)
        text = f"{host} is not asked, because not everything is ready: {told}."
        advice = "Mend that; while aexdash serve runs it is then asked within a minute."
        yield Finding("heartbeat", False, text, advice, "heartbeat-silent")
    else:
        yield Finding("heartbeat", True, f"everything is ready, so {host} is asked once a minute.")


def replica(settings: Settings) -> Iterator[Finding]:
    """Look whether Litestream is there, and whether the replica has the snapshot."""
    if not settings.replica.is_on:
        return
    try:
        version = litestream.version()
        listed = litestream.changes(litestream.write_config(settings), settings.snapshot_path)
    except litestream.LitestreamMissing as error:
        yield problem("litestream-missing", "replica", str(error))
        return
    except litestream.ReplicaError as error:
        yield problem("replica-missing", "replica", str(error))
        return
    if gap := first_gap(listed):
        yield problem("replica-gap", "replica", f"it has no {gap} of the snapshot.")
    elif gap := keeps_from_joining(listed):
        (name, *_) = names_of(gap)
        text = f"it has no {gap} of the snapshot; copies are whole, but later changes cannot be joined and pile up."
        where = f"{kept_beside(settings.snapshot_path) / name} to {settings.replica.url_of('snapshot')}/{name}"
        more = "" if gap.first == gap.last else ", and so those after it"
        yield Finding("replica", False, text, f"On the machine with the worker copy {where}{more}.", "replica-gap")
    elif listed:
        untried = "" if version == litestream.TRIED else f"; {litestream.TRIED} is the version that was tried"
        yield Finding("replica", True, f"it has the snapshot, by Litestream {version}{untried}.")
    else:
        yield problem("replica-missing", "replica", "it has no snapshot yet.")


def channels(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look at how each channel is; nothing is sent."""
    try:
        known = states(settings.desk_path, settings.channels)
    except StorageError as error:
        yield Finding("channels", False, str(error), condition="channels-unknown")
        return
    for state in known:
        name, wrong = f"channel {state.name}", check(settings.channels[state.name])
        if wrong:
            yield Finding(name, False, wrong, condition="channel-unusable")
        elif state.failing_since and state.is_dead(now):
            text = f"nothing has gone through since {state.failing_since:%Y-%m-%d %H:%M} UTC: {state.error}"
            yield Finding(name, False, text, f"Try it with aexdash alerts test {state.name}.", "channel-failing")
        else:
            last = f"{state.delivered_at:%Y-%m-%d %H:%M} UTC" if state.delivered_at else "never"
            readable = in_the_clear(settings.channels[state.name])
            yield Finding(name, True, f"it is told of {state.told_of}; last told: {last}. {readable}".rstrip())


def sftp(place: SftpFolder) -> Finding:
    """Sign in at the server of a feed and list its folder, as the worker does every 15 minutes."""
    name = f"SFTP for {place.store}"
    try:
        files = server_of(place, VisitLimits()).list_files()
    except NotFetched as error:
        return Finding(name, False, str(error), condition="sftp-refused")
    return Finding(name, True, f"{place.server} lets {place.user} in; files in {place.folder}: {len(files)}.")


def shop(one: ShopSettings, home: Path, clock: Clock, sleep: Sleep, respond: Respond | None) -> Finding:
    """Ask a shop who it is and what may be read, as each reading does first."""
    name = f"shop {one.key}"
    if not one.watched:
        return Finding(name, True, "it is kept for its history and no longer read (watched = false).")
    try:
        told = judge(one, facts_of(one, home, clock, sleep=sleep, respond=respond))
    except ConfigError as error:
        return Finding(name, False, str(error), condition="shop-unusable")
    except ShopError as error:
        return Finding(name, False, str(error), error.advice, "shop-refuses")
    return Finding(name, told.is_fine, told.says, told.to_do, "" if told.is_fine else "shop-differs")


def store(
    one: StoreSettings, settings: Settings, clock: Clock, sleep: Sleep, respond: Respond | None
) -> Iterator[Finding]:
    """Ask AliExpress of a store what each sync asks first, and look at its token and at the clock of this machine."""
    try:
        account = one.account(settings.home)
        seller = connect(account, clock=clock, sleep=sleep, respond=respond)
    except ConfigError as error:
        yield Finding(f"store {one.key}", False, str(error), condition="store-unusable")
        return
    except PlatformError as error:
        yield Finding(f"store {one.key}", False, str(error), error.advice, "store-unusable")
        return
    try:
        yield _ban(settings, one.key, clock()) or _answer(one.key, seller, _seller_known(settings, one.key))
        yield _token(one.key, seller, clock())
        yield _clock(account, clock, respond)
    finally:
        seller.close()


def _ban(settings: Settings, key: str, now: datetime) -> Finding | None:
    """A ban that runs: nothing is asked meanwhile, because each call may lengthen it."""
    try:
        ban = running_ban(settings.snapshot_path, key, now)
    except StorageError:
        return None  # told by the line about the snapshot
    if ban is None:
        return None
    advice = f"If that cannot be true: aexdash lift-ban {key}."
    return Finding(
        f"AliExpress for {key}", False, f"a ban runs until {ban[0]:%Y-%m-%d %H:%M} UTC: {ban[1]}", advice, "ban"
    )


def _seller_known(settings: Settings, key: str) -> str | None:
    try:
        return known_seller(settings.snapshot_path, key)
    except StorageError:
        return None  # told by the line about the snapshot


def _answer(key: str, seller: Seller, known: str | None) -> Finding:
    """Ask whose token it is, then what every sync asks first: the list of what is rejected."""
    name = f"AliExpress for {key}"
    try:
        if known not in (None, seller.seller_id()):
            profile = seller.counts()
            require_seller(known, (seller.seller_id(), profile.seller_id if profile else None), key)
        rejected = seller.reported(Status.REJECTED)
        counts = seller.counts()
    except PlatformError as error:
        return Finding(name, False, str(error), error.advice, _refusal(error))
    if rejected is None:
        text = "its list of rejected listings names no total, so no count can be confirmed."
        return Finding(
            name, False, text, "Nothing to do here: the page Health shows whether it goes on.", "list-without-total"
        )
    told = {"listings on sale": counts.active, "in audit": counts.auditing} if counts else {}
    counted = [f"{count} {what}" for what, count in told.items() if count is not None]
    return Finding(name, True, f"it answers: {', '.join(counted) or f'listings rejected: {rejected}'}.")


def _refusal(error: PlatformError) -> str:
    """Return the condition that a refusal of AliExpress is."""
    return "permission-missing" if isinstance(error, PermissionDenied) else "platform-refuses"


def _token(key: str, seller: Seller, now: datetime) -> Finding:
    name = f"token of {key}"
    try:
        if not seller.signed_in():
            return Finding(
                name, False, "nobody has signed in to this store yet.", f"Run aexdash authorize {key}.", "not-signed-in"
            )
        ends = seller.token_expires_at()
    except PlatformError as error:
        return Finding(name, False, str(error), error.advice, "token-unreadable")
    if ends is None:
        return Finding(name, True, "nobody told when it ends; it is renewed when it is refused.")
    text = f"it {'ended' if ends <= now else 'ends'} on {ends:%Y-%m-%d %H:%M} UTC."
    if ends <= now:
        return Finding(name, False, text, f"Run aexdash authorize {key} to sign in again.", "token-ended")
    last = seller.sign_in_ends_at()
    if last is not None and last - now < SIGN_IN_AHEAD:
        return problem("token-ends-soon", name, f"it can be renewed until {last:%Y-%m-%d %H:%M} UTC and no longer.")
    return Finding(name, True, text + (" It is renewed before that." if ends - now < TOKEN_AHEAD else ""))


def _clock(account: Account, clock: Clock, respond: Respond | None) -> Finding:
    """Compare this machine's clock with the date that AliExpress' answer carries; its content does not matter."""
    name = f"clock for {account.key}"
    wire = open_wire(account, respond)
    try:
        told = wire.post_form("/sync", {"app_key": account.app_key}).headers.get("date", "")
        off = abs(clock() - parsedate_to_datetime(told))
    except PlatformError as error:
        return Finding(name, False, str(error), error.advice, "platform-refuses")
    except (ValueError, TypeError):
        return Finding(name, True, "AliExpress' answer tells no time to compare with.")
    finally:
        wire.close()
    minutes = f"{off.total_seconds() / 60:.0f} minutes"
    if off <= CLOCK_TOLERANCE:
        return Finding(name, True, "it agrees with AliExpress'.")
    return problem("clock-off", name, f"it is {minutes} off AliExpress'.")

"""What is wrong with an installation, and what to do about it: one finding a line."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from aexdash.aliexpress.errors import PermissionDenied, PlatformError
from aexdash.aliexpress.identity import require_seller
from aexdash.aliexpress.listings import Seller, connect, open_wire
from aexdash.aliexpress.protocol.account import Account
from aexdash.cli.actions import ban_known, seller_known
from aexdash.clock import CLOCK_TOLERANCE, Clock
from aexdash.config.settings import ConfigError, Settings, StoreSettings, load_settings
from aexdash.config.sftp import SftpFolder
from aexdash.config.shops import ShopSettings
from aexdash.connect.trying import facts_of, judge
from aexdash.doctor import files, going_on
from aexdash.doctor.finding import Finding, problem
from aexdash.doctor.inside_snapshot import inside_snapshot
from aexdash.feed.remote import NotFetched, VisitLimits
from aexdash.feed.servers import server_of
from aexdash.http.wire import Respond
from aexdash.model import Status
from aexdash.notify.channel_states import states
from aexdash.notify.channels import check, in_the_clear
from aexdash.reasons.taxonomy import TaxonomyError
from aexdash.replica import litestream
from aexdash.shops.errors import ShopError
from aexdash.snapshot.file import check_pages
from aexdash.storage.errors import StorageError, StorageMissing, StorageTooNew, StorageTooOld, StorageUnreadable
from aexdash.supervision.heartbeat import host_of
from aexdash.supervision.readiness import LEAST_FREE_BYTES, not_ready
from aexdash.sync import lease

TOKEN_AHEAD = timedelta(days=2)

SIGN_IN_AHEAD = timedelta(days=1)
"""A worker renews a token, and with it how long it can be renewed, long before so little of that is left."""

LOOKED_AT: Final = {
    "home": "The home can be written, or does not exist yet.",
    "disk": f"At least {LEAST_FREE_BYTES // 1024**2} MB are free: a full disk stops the sync.",
    "snapshot": "snapshot.db is whole and of this version of aexdash, or does not exist yet.",
    "kept counts": "Counted again from the status periods, reasons and scores, everything that is kept is the same.",
    "moments": "No moment of snapshot.db lies more than two minutes ahead of this machine's clock.",
    "desk": "desk.db is the one that was there, whole, of this version, and each row of it can be read.",
    "backup": "The newest backup of the desk is at most two days old and can be read to its last page.",
    "modes": "Nobody but the owner may look into the home; a line only where somebody may.",
    "wal": "No -wal file has outgrown its database; a line only where one has.",
    "pictures": "The thumbnails take at most 5 GB; a line only where they take more.",
    "feed of STORE": "The folder for its feed files can be listed; a line only where it cannot.",
    "readings of STORE": "Its last reading was complete, and is not older than its tolerance.",
    "readings of shop SHOP": "Its last complete reading is not older than its tolerance.",
    "worker": "It says that all its loops run; a line only where one runs, or has ended without a word.",
    "replica": "Where one is set, Litestream is there and the replica has the snapshot; a line only where one is set.",
    "copies": "Where this home follows another machine, its copies are at most 30 seconds behind; a line only there.",
    "port": "Where nothing of this home runs, the port of the pages is free; a line only where it is not.",
    "reach": "The environment has the pages listen on this machine, or somebody is asked to sign in; else a line.",
    "messages over CHANNEL": "None has been due for more than an hour; a line only where one has.",
    "python": "It is at least 3.11; a line only where it is older.",
    "sqlite": "It is at least 3.37; a line only where it is older.",
    "writer": "Who writes the snapshot now; never a problem.",
    "configuration": "aexdash.toml, secrets.toml and data/reasons.toml can be used, and a store is named.",
    "secrets": "secrets.toml is readable by its owner alone.",
    "heartbeat": "Where an address is set, everything is ready, so that it is asked each minute. Nothing is sent.",
    "channels": "desk.db can be read; a line only when it cannot.",
    "channel NAME": "It has its address, and messages go through. Nothing is sent.",
    "SFTP for STORE": "The server of the feed lets the worker in and lists the folder.",
    "shop SHOP": "It answers, its token may read all that is asked for and nothing more, and its prices are in the "
    "currency of its settings.",
    "store STORE": "It has app key, app secret and a sign-in. A line when it lacks one, or is kept for its history.",
    "AliExpress for STORE": "It answers the call that every sync makes, the list of rejected listings, for the seller "
    "whose listings the snapshot holds.",
    "token of STORE": "There is one, and it has not ended; else `aexdash authorize STORE` is needed.",
    "clock for STORE": "This machine's clock is within two minutes of AliExpress'.",
}
"""What each finding says when all is well, by its name, in the order in which it is looked at."""


def examine(
    home: Path,
    clock: Clock,
    *,
    respond: Respond | None = None,
    free_bytes: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
) -> Iterator[Finding]:
    """Examine everything and yield the findings; with `respond`, that function answers in place of AliExpress."""
    yield _home(home)
    yield _disk(home, free_bytes)
    yield from going_on.machine()
    yield from _snapshot(home / "snapshot.db", home / "desk.db", clock)
    yield from files.desk(home / "desk.db")
    try:
        settings = load_settings(home)
        settings.taxonomy()
    except (ConfigError, TaxonomyError) as error:
        yield Finding("configuration", False, str(error), condition="configuration-unusable")
        return
    yield _lease(settings.lease_path)
    yield from _configuration(settings)
    yield from _heartbeat(settings, clock())
    yield from replica(settings)
    if settings.replica.follows:  # what AliExpress, shops and channels say is asked by the machine with the worker
        yield from files.around(settings)
        yield from going_on.readings(settings, clock)
        yield from going_on.worker(settings, clock())
        yield from going_on.copies(settings, clock())
        return
    yield from files.backup(settings.home, settings.desk_path, clock())
    yield from files.around(settings)
    yield from going_on.readings(settings, clock)
    yield from going_on.shop_readings(settings, clock)
    yield from going_on.worker(settings, clock())
    yield from going_on.port(settings, clock())
    yield from going_on.reach(settings)
    yield from _channels(settings, clock())
    yield from going_on.messages(settings, clock())
    yield from (_sftp(feed.sftp) for feed in settings.feeds.values() if feed.sftp)
    yield from (_shop(shop, settings.home, clock, respond) for shop in settings.shops.values())
    for store in settings.stores.values():
        if store.watched:
            yield from _store(store, settings, clock, respond)
        else:
            yield Finding(
                f"store {store.key}", True, "it is kept for its history and no longer read (watched = false)."
            )


def _home(home: Path) -> Finding:
    if not home.exists():
        return Finding("home", True, f"{home} does not exist yet; the first sync makes it.")
    if home.is_dir() and os.access(home, os.W_OK | os.X_OK):
        return Finding("home", True, f"{home} can be written.")
    return problem("home-not-writable", "home", f"{home} cannot be written.")


def _disk(home: Path, free_bytes: Callable[[Path], int]) -> Finding:
    there = next(path for path in (home.absolute(), *home.absolute().parents) if path.exists())
    free = free_bytes(there)
    text = f"{free / 1024**3:.1f} GB free."
    advice = "" if free >= LEAST_FREE_BYTES else "Free some space: a full disk stops the sync."
    return Finding("disk", not advice, text, advice, "disk-nearly-full" if advice else "")


def _snapshot(path: Path, desk_path: Path, clock: Clock) -> Iterator[Finding]:
    """Look at the file, and only where it is whole at what is in it."""
    try:
        check_pages(path)
        kept, moments = inside_snapshot(path, clock(), desk_path)
    except StorageMissing:
        yield Finding("snapshot", True, "there is none yet; aexdash sync makes it.")
    except StorageTooOld as error:
        yield problem("snapshot-older", "snapshot", str(error))
    except StorageTooNew as error:
        yield Finding("snapshot", False, str(error), condition="snapshot-newer")
    except StorageUnreadable as error:
        yield problem("snapshot-damaged", "snapshot", str(error))
    except StorageError as error:
        yield Finding("snapshot", False, str(error), condition="snapshot-unusable")
    else:
        yield Finding("snapshot", True, f"{path} is whole ({path.stat().st_size / 1024**2:.1f} MB).")
        yield Finding("kept counts", *kept, condition="" if kept.well else "kept-counts-differ")
        yield Finding("moments", *moments, condition="" if moments.well else "moments-ahead")


def _lease(path: Path) -> Finding:
    if not lease.is_held(path):
        return Finding("writer", True, "nobody is writing the snapshot now.")
    return Finding("writer", True, f"the snapshot is written by {lease.holder(path) or 'another process'}.")


def _configuration(settings: Settings) -> Iterator[Finding]:
    if settings.stores:
        yield Finding("configuration", True, f"{settings.config_path} names {', '.join(settings.stores)}.")
    else:
        advice = "Add a [store.main] to it, or look around with aexdash demo."
        yield Finding("configuration", False, f"{settings.config_path} names no store.", advice, "no-store")
    for warning in settings.warnings:
        yield Finding("secrets", False, warning, condition="secrets-open")
    if settings.secrets_path.exists() and not settings.warnings:
        yield Finding("secrets", True, f"{settings.secrets_path} is readable by its owner alone.")


def _heartbeat(settings: Settings, now: datetime) -> Iterator[Finding]:
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
        is_there = litestream.is_there(litestream.write_config(settings), settings.snapshot_path)
    except litestream.LitestreamMissing as error:
        yield problem("litestream-missing", "replica", str(error))
        return
    except litestream.ReplicaError as error:
        yield problem("replica-missing", "replica", str(error))
        return
    if is_there:
        untried = "" if version == litestream.TRIED else f"; {litestream.TRIED} is the version that was tried"
        yield Finding("replica", True, f"it has the snapshot, by Litestream {version}{untried}.")
    else:
        yield problem("replica-missing", "replica", "it has no snapshot yet.")


def _channels(settings: Settings, now: datetime) -> Iterator[Finding]:
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


def _sftp(place: SftpFolder) -> Finding:
    """Sign in at the server of a feed and list its folder, as the worker does every 15 minutes."""
    name = f"SFTP for {place.store}"
    try:
        files = server_of(place, VisitLimits()).list_files()
    except NotFetched as error:
        return Finding(name, False, str(error), condition="sftp-refused")
    return Finding(name, True, f"{place.server} lets {place.user} in; files in {place.folder}: {len(files)}.")


def _shop(shop: ShopSettings, home: Path, clock: Clock, respond: Respond | None) -> Finding:
    """Ask a shop who it is and what may be read, as each reading does first."""
    name = f"shop {shop.key}"
    if not shop.watched:
        return Finding(name, True, "it is kept for its history and no longer read (watched = false).")
    try:
        told = judge(shop, facts_of(shop, home, clock, respond))
    except ConfigError as error:
        return Finding(name, False, str(error), condition="shop-unusable")
    except ShopError as error:
        return Finding(name, False, str(error), error.advice, "shop-refuses")
    return Finding(name, told.is_fine, told.says, told.to_do, "" if told.is_fine else "shop-differs")


def _store(store: StoreSettings, settings: Settings, clock: Clock, respond: Respond | None) -> Iterator[Finding]:
    try:
        account = store.account(settings.home)
        seller = connect(account, clock=clock, respond=respond)
    except ConfigError as error:
        yield Finding(f"store {store.key}", False, str(error), condition="store-unusable")
        return
    except PlatformError as error:
        yield Finding(f"store {store.key}", False, str(error), error.advice, "store-unusable")
        return
    try:
        yield _ban(settings, store.key) or _answer(store.key, seller, _seller_known(settings, store.key))
        yield _token(store.key, seller, clock())
        yield _clock(account, clock, respond)
    finally:
        seller.close()


def _ban(settings: Settings, key: str) -> Finding | None:
    """A ban that runs: nothing is asked meanwhile, because each call may lengthen it."""
    try:
        ban = ban_known(settings, key)
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
        return seller_known(settings, key)
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

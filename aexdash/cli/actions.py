"""What the commands do with a home directory: open its settings and snapshot, sync, sign in, move a damaged file aside.

HTTP and the database are imported where they are used: `--help` and a mistyped option are answered without them.
"""

from __future__ import annotations

import secrets
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import click

from aexdash.cli.errors import BadUse, Failed
from aexdash.cli.printing import Bar
from aexdash.clock import system_clock
from aexdash.config.sections.stores import StoreSettings
from aexdash.config.settings import ConfigError, Settings, load_settings
from aexdash.log import JSON, VERBOSE, Log, log_to, words_of_environment
from aexdash.people import acting
from aexdash.people.rights import ALL
from aexdash.storage.errors import StorageDamaged
from aexdash.sync import lease
from aexdash.view import View
from aexdash.words.common import ahead_words, capital
from aexdash.words.statements import claim_words, copy_words, is_copy_late

if TYPE_CHECKING:
    from aexdash.snapshot.query import Snapshot
    from aexdash.snapshot.store_rows import Freshness
    from aexdash.sync.run import SyncResult
    from aexdash.sync.schedule import RunKind

OF_A_HOME = ("aexdash.toml", "secrets.toml", "reasons.toml", "snapshot.db", "desk.db", "backups", "tokens")
"""Files and folders by one of which a home is known."""


def require_home(home: Path) -> None:
    """Refuse a folder that is no home, for commands that look after the files of one.

    Raises:
        BadUse: it does not exist, or holds no file of a home.
    """
    if not home.is_dir():
        raise BadUse(f"There is no folder {home}; name your home with --home.")
    if not any((home / name).exists() for name in OF_A_HOME):
        raise BadUse(f"{home} is no home of aexdash: it holds none of its files; name your home with --home.")


def may_begin_in(home: Path) -> None:
    """Refuse a folder in which no home can have been meant to begin; one that is not there yet is made, and that told.

    Raises:
        BadUse: it holds files of others and none of a home, or the folder above it does not exist either.
    """
    if not home.exists():
        if not home.absolute().parent.is_dir():
            raise BadUse(f"There is no folder {home}, nor the one above it; name your home with --home, or make it.")
        click.echo(f"There was no folder {home}: a new home begins there.", err=True)
    elif home.is_dir() and any(one.name != "lost+found" and one.name[0] != "." for one in home.iterdir()):
        require_home(home)


def settings_of(home: Path, *, writes_the_two_files: bool = True) -> Settings:
    """Return the settings of a home directory; their warnings go to standard error.

    In a home that follows another machine the command may only read from then on, unless it writes other files than
    the two that are copies there.

    Raises:
        ConfigError: they cannot be used.
    """
    settings = load_settings(home)
    if settings.replica.follows and writes_the_two_files:
        only_read = ALL.only_reading(settings.replica.writer)
        acting.ask(lambda: only_read)
    for warning in settings.warnings:
        click.echo(warning, err=True)
    return settings


def stores_to_sync(settings: Settings, key: str | None) -> list[StoreSettings]:
    """The store asked for, else all that are watched.

    Raises:
        ConfigError: there is none, or this home follows another machine, which reads them.
    """
    refuse_follower(settings)
    if key:
        return [settings.store(key)]
    watched = [store for store in settings.stores.values() if store.watched]
    if not watched:
        raise ConfigError(f"{settings.no_store}: write a [store.main] into it to have one read, or try aexdash demo.")
    return watched


def refuse_follower(settings: Settings) -> None:
    """Refuse to read stores where the files are copies of another machine's.

    Raises:
        ConfigError: they are.
    """
    if settings.replica.follows:
        raise ConfigError(
            f"{settings.home} follows {settings.replica.writer} ([replica] in {settings.config_path}): stores are read "
            "there; here run aexdash follow."
        )


def sync_one(settings: Settings, store: StoreSettings, kind: RunKind, bar: Bar) -> SyncResult:
    """Run one sync of a store, after waiting for any other process that writes the snapshot."""
    from aexdash.aliexpress.listings import connect  # noqa: PLC0415 - see above, here and below
    from aexdash.snapshot.file import open_snapshot  # noqa: PLC0415
    from aexdash.snapshot.known_store import last_ban  # noqa: PLC0415
    from aexdash.snapshot.matched.recording import refresh_sources  # noqa: PLC0415
    from aexdash.snapshot.recording import worker_state  # noqa: PLC0415
    from aexdash.sync.kit import AT_RISK, NO_EVIDENCE, kit_of  # noqa: PLC0415
    from aexdash.sync.run import sync_store  # noqa: PLC0415
    from aexdash.sync.worker.store_worker import enrol  # noqa: PLC0415

    account = store.account(settings.home)
    with (
        lease.hold(settings.lease_path, clock=system_clock, command="sync", wait=True, waiting=say_who_writes),
        closing(open_snapshot(settings.snapshot_path)) as db,
        closing(connect(account, clock=system_clock)) as seller,
    ):
        store_id = enrol(db, store.key, store, system_clock())
        if (ban := last_ban(db.conn, store_id)) and ban[0] > system_clock():
            seller.limiter.ban(*ban)  # met by an earlier process, and not over
        result = sync_store(
            seller,
            db,
            store_id,
            kind,
            kit_of(settings, at_risk=AT_RISK if kind == "sweep" else NO_EVIDENCE, orders=None),
            clock=system_clock,
            progress=bar,
        )
        if seller.limiter.banned_until is not None:
            limiter = seller.limiter
            worker_state.set_state(db, store_id, banned_until=limiter.banned_until, ban_text=limiter.ban_text)
        refresh_sources(db, store.key, system_clock(), settings.shop_stale_after)
        return result


def lift_ban(settings: Settings, key: str) -> str:
    """Forget the ban that is remembered for a store; return its text, empty when there is none.

    Raises:
        StorageError: the snapshot cannot be read or written.
    """
    from aexdash.snapshot.file import open_snapshot  # noqa: PLC0415 - see above
    from aexdash.snapshot.known_store import running_ban  # noqa: PLC0415
    from aexdash.snapshot.recording import worker_state  # noqa: PLC0415
    from aexdash.snapshot.stores import id_of  # noqa: PLC0415

    ban = running_ban(settings.snapshot_path, key, system_clock())
    if ban is None:
        return ""
    with (
        lease.hold(settings.lease_path, clock=system_clock, command="lift-ban", wait=True, waiting=say_who_writes),
        closing(open_snapshot(settings.snapshot_path)) as db,
    ):
        store_id = id_of(db.conn, key)
        if store_id is not None:
            worker_state.set_state(db, store_id, banned_until=None, ban_text="")
    return ban[1]


def say_who_writes(holder: lease.Holder | None) -> None:
    """Say on standard error whom a command waits for."""
    click.echo(f"Waiting: the snapshot is being written by {holder or 'another process'}.", err=True)


def log_wanted(*, verbose: bool) -> Log:
    """Return the log that goes to standard error, as the environment and the options of a command want it."""
    try:
        words = words_of_environment()
    except ValueError as error:
        raise BadUse(str(error)) from error
    return log_to(sys.stderr, verbose=verbose or VERBOSE in words, as_json=JSON in words)


def watch(settings: Settings, log: Log) -> None:
    """Keep every store current until interrupted."""
    from aexdash.cli import worker  # noqa: PLC0415 - see above
    from aexdash.sync.worker.supervisor import CannotGoOn  # noqa: PLC0415

    refuse_follower(settings)
    try:
        worker.run(settings, stopped_by_signals(), clock=system_clock, log=log)
    except CannotGoOn as error:
        raise Failed(str(error)) from error


def follow(settings: Settings, log: Log) -> None:
    """Keep the copies of another machine's files up to date until interrupted."""
    from aexdash.replica import follow as following  # noqa: PLC0415 - see above
    from aexdash.replica.litestream import ReplicaError  # noqa: PLC0415

    if not settings.replica.follows:
        raise ConfigError(
            f"{settings.config_path} does not say whom this home follows: add [replica] with address, where the "
            "replica is, and writer, the address of the machine that writes it."
        )
    try:
        following.run(settings, stopped_by_signals(), clock=system_clock, log=log)
    except ReplicaError as error:
        raise Failed(str(error)) from error


def stopped_by_signals() -> threading.Event:
    """Return an event that Ctrl-C and SIGTERM set."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def ask_for_code(settings: Settings, store: StoreSettings, redirect_uri: str) -> str:
    """Show where to sign in, and take the code or the whole address that the browser ended at."""
    from aexdash.aliexpress.protocol.tokens import authorize_url  # noqa: PLC0415 - see above

    if not redirect_uri:
        raise ConfigError(
            f"Store {store.key} has no redirect_uri: write the callback of the app console into {settings.config_path} "
            f"under [store.{store.key}], or give --redirect-uri."
        )
    state = secrets.token_urlsafe(12)
    click.echo("Open this page, sign in with the seller account and allow the access:")
    click.echo(authorize_url(store.gateway, store.app_key, redirect_uri, state))
    given = click.prompt("Then paste the address it leads to, or the code in it", err=True).strip()
    answered = parse_qs(urlsplit(given).query)
    if "code" not in answered:
        return str(given)
    if answered.get("state", [state]) != [state]:
        raise click.UsageError("That address belongs to another sign-in: open the page above and paste where it leads.")
    return answered["code"][0]


def change_account(settings: Settings, key: str) -> str:
    """Let a store be another seller account from the next sign-in on; return the key the old one is kept under.

    Raises:
        ConfigError: no reading has named its seller yet, so that nothing stands against another one.
        LeaseHeld: a worker or a sync is running.
    """
    from aexdash.desk.decisions.work import Desk  # noqa: PLC0415 - see above
    from aexdash.snapshot.file import open_snapshot, transaction  # noqa: PLC0415
    from aexdash.snapshot.known_store import known_seller  # noqa: PLC0415
    from aexdash.snapshot.stores import id_of, keep_under  # noqa: PLC0415
    from aexdash.snapshot.version import bump_version  # noqa: PLC0415

    seller = known_seller(settings.snapshot_path, key)
    if seller is None:
        raise ConfigError(f"The snapshot knows no seller of store {key} yet: run aexdash authorize {key}.")
    with (
        lease.hold(settings.worker_lease_path, clock=system_clock, command="change-account"),
        lease.hold(settings.lease_path, clock=system_clock, command="change-account"),
        closing(open_snapshot(settings.snapshot_path)) as db,
    ):
        kept = next(name for name in _names_for(key, seller) if id_of(db.conn, name) is None)
        # The desk first: when this is cut off between the two, doing it again goes on where it stopped.
        Desk(settings.desk_path).copy_to(key, kept)
        with transaction(db) as connection:
            keep_under(connection, key, kept)
            bump_version(connection)
    return kept


def _names_for(key: str, seller: str) -> Iterator[str]:
    yield f"{key}-{seller}"
    yield from (f"{key}-{seller}-{number}" for number in count(2))


def snapshot_of(settings: Settings, view: View) -> tuple[Snapshot, View]:
    """Return the snapshot of a home directory, and the view with its stores resolved."""
    from aexdash.causes.kept import Slices  # noqa: PLC0415
    from aexdash.desk.campaigns import Campaigns  # noqa: PLC0415
    from aexdash.desk.profiles import Profiles, resolve_view  # noqa: PLC0415
    from aexdash.snapshot.query import Snapshot  # noqa: PLC0415

    if not settings.home.is_dir():
        raise click.UsageError(f"There is no folder {settings.home}; name the home with --home.")
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, zone=settings.tzinfo)
    stores = snapshot.stores()
    desk, codes = settings.desk_path, settings.taxonomy().codes
    resolved = resolve_view(
        view,
        stores,
        Profiles(desk).all(),
        codes=codes,
        campaigns=Campaigns(desk).keys(),
        slices=Slices(desk),
        now=snapshot.now(),
    )
    if resolved.unknown_store:
        held = ", ".join(store.key for store in stores) or "none"
        raise click.UsageError(f"There is no store {resolved.unknown_store!r} in the snapshot; it holds {held}.")
    if refused := resolved.problem:
        raise click.UsageError(refused)
    view = resolved.view
    for note in view.notes:
        click.echo(note, err=True)
    return snapshot, view


NOT_READ = "Not read yet: nothing is known to be held, and nothing is known to be free."


def freshness_of(snapshot: Snapshot, view: View, settings: Settings) -> Freshness:
    """Return how fresh the data of the stores of a view is, by `stale_after_seconds` of the settings."""
    return snapshot.freshness(view.store_keys, system_clock(), settings.stale_after)


def how_current(snapshot: Snapshot, view: View, settings: Settings) -> str:
    """Say when the shown data was read, and whether that reading was old or partial."""
    reach = snapshot.hero(view).reach
    copied = "" if is_copy_late(reach) else copy_words(reach)  # what is late the claim says already
    claim = " · ".join(filter(None, (claim_words(reach), copied)))
    said = f" {capital(claim)}." if claim else ""
    if view.as_of:
        return f"As of {view.as_of:%Y-%m-%d %H:%M} UTC.{said}"
    freshness = freshness_of(snapshot, view, settings)
    if freshness.stamped:
        ahead = ahead_words(freshness.stamped, system_clock())
        return f"{ahead[0].upper()}{ahead[1:]}."
    if freshness.read_at is None:
        return said.lstrip() if reach.read else NOT_READ
    state = "" if freshness.state == "fresh" else f" ({freshness.state})"
    return f"Read at {freshness.read_at:%Y-%m-%d %H:%M:%S} UTC{state}.{said}"


def put_aside(home: Path) -> None:
    """Rename a snapshot that cannot be read; one that can is left alone."""
    from aexdash.snapshot.file import check_pages, move_aside  # noqa: PLC0415 - see above

    settings = Settings(home=home)
    path = settings.snapshot_path
    try:
        check_pages(path)
    except StorageDamaged:
        with lease.hold(settings.lease_path, clock=system_clock, command="doctor"):
            click.echo(f"The damaged snapshot is now {move_aside(path, system_clock())}.")
    else:
        raise click.UsageError(f"{path} is whole and stays where it is.")

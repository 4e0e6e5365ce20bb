"""What the commands do with a home directory: open its settings and snapshot, sync, sign in, move a damaged file aside.

HTTP and the database are imported where they are used: `--help` and a mistyped option are answered without them.
"""

from __future__ import annotations

import secrets
import signal
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import click

from aexdash.cli.printing import Bar
from aexdash.clock import system_clock
from aexdash.config.settings import ConfigError, Settings, StoreSettings, load_settings
from aexdash.storage.errors import StorageUnreadable
from aexdash.sync import lease
from aexdash.view import View
from aexdash.words.common import ahead_words

if TYPE_CHECKING:
    from aexdash.snapshot.query import Snapshot
    from aexdash.snapshot.readmodels import Freshness
    from aexdash.sync.run import SyncResult
    from aexdash.sync.schedule import RunKind


def settings_of(home: Path) -> Settings:
    """Return the settings of a home directory; their warnings go to standard error.

    Raises:
        ConfigError: they cannot be used.
    """
    settings = load_settings(home)
    for warning in settings.warnings:
        click.echo(warning, err=True)
    return settings


def stores_to_sync(settings: Settings, key: str | None) -> list[StoreSettings]:
    """The store asked for, else all that are watched.

    Raises:
        ConfigError: there is none.
    """
    if key:
        return [settings.store(key)]
    watched = [store for store in settings.stores.values() if store.watched]
    if not watched:
        raise ConfigError(
            f"{settings.config_path} names no store to read: add a [store.main] to it, or try aexdash demo."
        )
    return watched


def sync_one(settings: Settings, store: StoreSettings, kind: RunKind, bar: Bar) -> SyncResult:
    """Run one sync of a store, after waiting for any other process that writes the snapshot."""
    from aexdash.aliexpress.listings import connect  # noqa: PLC0415 - see above, here and below
    from aexdash.snapshot.file import open_snapshot  # noqa: PLC0415
    from aexdash.sync.kit import AT_RISK, NO_EVIDENCE, kit_of  # noqa: PLC0415
    from aexdash.sync.run import sync_store  # noqa: PLC0415
    from aexdash.sync.worker import enrol  # noqa: PLC0415

    account = store.account(settings.home)
    with (
        lease.hold(settings.lease_path, clock=system_clock, command="sync", wait=True, waiting=say_who_writes),
        closing(open_snapshot(settings.snapshot_path)) as db,
        closing(connect(account, clock=system_clock)) as seller,
    ):
        return sync_store(
            seller,
            db,
            enrol(db, store.key, store, system_clock()),
            kind,
            kit_of(settings, at_risk=AT_RISK if kind == "sweep" else NO_EVIDENCE, orders=None),
            clock=system_clock,
            progress=bar,
        )


def say_who_writes(holder: lease.Holder | None) -> None:
    """Say on standard error whom a command waits for."""
    click.echo(f"Waiting: the snapshot is being written by {holder or 'another process'}.", err=True)


def watch(settings: Settings) -> None:
    """Keep every store current until interrupted."""
    from aexdash.cli import worker  # noqa: PLC0415 - see above

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    worker.run(settings, stop, clock=system_clock, log=lambda line: click.echo(line, err=True))


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


def snapshot_of(settings: Settings, view: View) -> tuple[Snapshot, View]:
    """Return the snapshot of a home directory, and the view with its stores resolved."""
    from aexdash.desk.profiles import Profiles, resolve_view  # noqa: PLC0415
    from aexdash.snapshot.query import Snapshot  # noqa: PLC0415

    snapshot = Snapshot(settings.snapshot_path, settings.desk_path)
    stores = snapshot.stores()
    resolved = resolve_view(view, stores, Profiles(settings.desk_path).all())
    if resolved.unknown_store:
        held = ", ".join(store.key for store in stores) or "none"
        raise click.UsageError(f"There is no store {resolved.unknown_store!r} in the snapshot; it holds {held}.")
    if resolved.refused:
        raise click.UsageError(resolved.refused)
    view = resolved.view
    for note in view.notes:
        click.echo(note, err=True)
    return snapshot, view


def freshness_of(snapshot: Snapshot, view: View, settings: Settings) -> Freshness:
    """Return how fresh the data of the stores of a view is, by `stale_after_seconds` of the settings."""
    return snapshot.freshness(view.store_keys, system_clock(), settings.stale_after)


def how_current(snapshot: Snapshot, view: View, settings: Settings) -> str:
    """Say when the shown data was read, and whether that reading was old or partial."""
    if view.as_of:
        return f"As of {view.as_of:%Y-%m-%d %H:%M} UTC."
    freshness = freshness_of(snapshot, view, settings)
    if freshness.read_at is None:
        return "No complete sync yet: this is not the whole picture."
    if freshness.stamped:
        said = ahead_words(freshness.stamped, system_clock())
        return f"{said[0].upper()}{said[1:]}."
    state = "" if freshness.state == "fresh" else f" ({freshness.state})"
    return f"Read at {freshness.read_at:%Y-%m-%d %H:%M:%S} UTC{state}."


def put_aside(home: Path) -> None:
    """Rename a snapshot that cannot be read; one that can is left alone."""
    from aexdash.snapshot.file import check_pages, move_aside  # noqa: PLC0415 - see above

    settings = Settings(home=home)
    path = settings.snapshot_path
    try:
        check_pages(path)
    except StorageUnreadable:
        with lease.hold(settings.lease_path, clock=system_clock, command="doctor"):
            click.echo(f"The damaged snapshot is now {move_aside(path, system_clock())}.")
    else:
        raise click.UsageError(f"{path} is whole and stays where it is.")

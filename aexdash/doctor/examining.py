"""Everything that is looked at, in its order: what is wrong with an installation, and what to do about it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from aexdash.clock import Clock
from aexdash.config.settings import ConfigError, Settings, load_settings
from aexdash.doctor import files, going_on, outside
from aexdash.doctor.finding import Finding, problem
from aexdash.doctor.inside_snapshot import inside_snapshot
from aexdash.http.wire import Respond
from aexdash.reasons.taxonomy import TaxonomyError
from aexdash.shops.calling import Sleep
from aexdash.snapshot.file import check_pages
from aexdash.storage.errors import StorageDamaged, StorageError, StorageMissing, StorageTooNew, StorageTooOld
from aexdash.supervision.readiness import LEAST_FREE_BYTES
from aexdash.sync import lease

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
    "port": "The port of the pages is free where a worker kept this home within a week and none runs; a line only "
    "where it is not.",
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
    sleep: Sleep = time.sleep,
    respond: Respond | None = None,
    free_bytes: Callable[[Path], int] = files.free_bytes,
) -> Iterator[Finding]:
    """Examine everything and yield the findings; with `respond`, that function answers in place of AliExpress.

    `sleep` takes seconds and serves the pauses before somebody who could not answer is asked again.
    """
    yield _home(home)
    yield files.disk(home, free_bytes)
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
    yield from outside.heartbeat(settings, clock())
    yield from outside.replica(settings)
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
    yield from outside.channels(settings, clock())
    yield from going_on.messages(settings, clock())
    yield from (outside.sftp(feed.sftp) for feed in settings.feeds.values() if feed.sftp)
    yield from (outside.shop(shop, settings.home, clock, sleep, respond) for shop in settings.shops.values())
    for store in settings.stores.values():
        if store.watched:
            yield from outside.store(store, settings, clock, sleep, respond)
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
    except StorageDamaged as error:
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
        advice = "Write a [store.main] into it, or look around with aexdash demo."
        yield Finding("configuration", False, f"{settings.no_store}.", advice, "no-store")
    for warning in settings.warnings:
        yield Finding("secrets", False, warning, condition="secrets-open")
    if settings.secrets_path.exists() and not settings.warnings:
        yield Finding("secrets", True, f"{settings.secrets_path} is readable by its owner alone.")
